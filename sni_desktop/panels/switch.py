"""A check box drawn as a switch: its state shows in place, shape and colour."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from sni_desktop.theme import Theme

_TRACK = QSize(30, 16)
_GAP_PX = 8


class Switch(QCheckBox):
    """Behaves as a check box in every respect, for keys and screen readers too."""

    def __init__(self, text: str, theme: Theme) -> None:
        super().__init__(text)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        theme.changed.connect(self.update)

    def share_room(self) -> "Switch":
        """Be as wide as its neighbours in a grid, whatever its text, so that columns stand under each other."""
        self.setMinimumWidth(self.sizeHint().width())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return self

    def sizeHint(self) -> QSize:
        """Return room for the switch, its text and the mark of focus."""
        metrics = self.fontMetrics()
        width = _TRACK.width() + _GAP_PX + metrics.horizontalAdvance(self.text()) + 8
        return QSize(width, max(metrics.height(), _TRACK.height()) + 10)

    def hitButton(self, pos: QPoint) -> bool:
        """The whole row can be pressed."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw track, knob and text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - _TRACK.height()) / 2
        track = QRectF(1, top + 1, _TRACK.width() - 2, _TRACK.height() - 2)
        self._paint_track(painter, track)
        painter.setPen(self._theme.colour("text" if self.isEnabled() else "faint"))
        text = QRectF(track.right() + _GAP_PX, 0, self.width() - track.right() - _GAP_PX, self.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())

    def _paint_track(self, painter: QPainter, track: QRectF) -> None:
        lively = self.isEnabled() and self.underMouse()
        on = self.isChecked()
        full = "accent" if self.isEnabled() else "line"
        rim = full if on else ("accent" if lively else "quiet" if self.isEnabled() else "line")
        focus = self.hasFocus()  # a strong rim, since the track may have the accent's colour already
        painter.setPen(QPen(self._theme.colour("text" if focus else rim), 2 if focus else 1))
        painter.setBrush(self._theme.colour(full if on else "panel"))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        knob = track.adjusted(3, 3, -3, -3)
        knob.setWidth(knob.height())
        if on:
            knob.moveRight(track.right() - 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("on_accent" if on and self.isEnabled() else rim))
        painter.drawEllipse(knob)
