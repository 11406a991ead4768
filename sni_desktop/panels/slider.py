"""A slider whose handle comes to the pointer, and which notices when the button was let go elsewhere."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

_COMPLEX = QStyle.ComplexControl.CC_Slider


class PointerSlider(QSlider):
    """Horizontal; a press beside the handle moves it there and begins the drag, instead of moving it by a page."""

    abandoned = Signal()  # the button was let go over something else, such as a dialog; sliderReleased follows

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setMouseTracking(True)  # else moves without a button are not heard of
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle under the pointer if it is not there, then go on as every slider does."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(_COMPLEX, option, QStyle.SubControl.SC_SliderHandle, self)
        if event.button() == Qt.MouseButton.LeftButton and not handle.contains(event.position().toPoint()):
            groove = self.style().subControlRect(_COMPLEX, option, QStyle.SubControl.SC_SliderGroove, self)
            at = round(event.position().x() - groove.left() - handle.width() / 2)
            span = groove.width() - handle.width()
            self.setSliderDown(True)
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, span))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag on while the button is held."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
        elif self.isSliderDown():
            self.abandoned.emit()
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only for who came here to turn: the wheel may be on its way past."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
