"""A slider whose handle comes to the pointer, so that a drag may begin anywhere on it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

_COMPLEX = QStyle.ComplexControl.CC_Slider


class PointerSlider(QSlider):
    """Horizontal; a press beside the handle moves it there before the drag begins, instead of by a page."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle under the pointer if it is not there, then go on as every slider does."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(_COMPLEX, option, QStyle.SubControl.SC_SliderHandle, self)
        if event.button() == Qt.MouseButton.LeftButton and not handle.contains(event.position().toPoint()):
            groove = self.style().subControlRect(_COMPLEX, option, QStyle.SubControl.SC_SliderGroove, self)
            at = round(event.position().x() - groove.left() - handle.width() / 2)
            span = groove.width() - handle.width()
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, span))
        super().mousePressEvent(event)
