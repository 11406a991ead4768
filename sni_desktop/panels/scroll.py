"""A frame that scrolls upwards and downwards, and never cuts off what is in it at the side."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

_LEAST_PX = 60  # of height


class Scroll(QScrollArea):
    """spare_px: room kept beside the panel for the scroll bar; 0 for a panel that makes that room itself."""

    def __init__(self, panel: QWidget, spare_px: int = 10) -> None:
        super().__init__()
        self._spare_px = spare_px
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(panel)

    def minimumSizeHint(self) -> QSize:
        """Ask for the panel's width, which grows with the language and the font."""
        panel = self.widget()
        if panel is None:
            return super().minimumSizeHint()
        return QSize(panel.minimumSizeHint().width() + self._spare_px, _LEAST_PX)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask anew when the panel's contents change."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self.updateGeometry()
        return super().eventFilter(watched, event)
