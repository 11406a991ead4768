"""A label whose text changes with every edit, without the window being laid out anew each time."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QStyle, QStyleOption, QStylePainter


class StillLabel(QLabel):
    """Keeps the room that its widest text so far has needed; a plain label asks for a new layout with every text."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = ""
        self._widest = ""

    def text(self) -> str:
        """Return what is shown."""
        return self._shown

    def setText(self, text: str) -> None:
        """Show a text on one line."""
        if text == self._shown:
            return
        self._shown = text
        if self._advance(text) > self._advance(self._widest):
            self._widest = text
            self.updateGeometry()
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the widest text so far."""
        margins = self.contentsMargins()
        height = self.fontMetrics().height() + margins.top() + margins.bottom()
        return QSize(self._advance(self._widest) + margins.left() + margins.right(), height)

    def minimumSizeHint(self) -> QSize:
        """Return the same: nothing is cut off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text as a label does, shortened where it has been given less than it asks for."""
        painter, option = QStylePainter(self), QStyleOption()
        option.initFrom(self)
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)  # type: ignore[attr-defined]
        place = self.contentsRect()
        text = self._shown  # that fits as a rule: shortening would take the fractions of a pixel for too much
        if self._advance(text) > place.width():
            text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawItemText(place, self.alignment(), self.palette(), enabled, text, self.foregroundRole())

    def _advance(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)
