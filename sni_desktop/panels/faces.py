"""Small pictures to press."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from sni_desktop.canvas.imaging import square_pixmap
from sni_desktop.panels.plain import plain
from sni_desktop.theme import Theme
from sni_engine.api.arrays import Array

_ROUND = 0.07  # of the side


class FaceButton(QAbstractButton):
    """A square picture; the one in use has a frame in the accent's colour. An empty one shows what it waits for."""

    watched = Signal(bool)  # the button is held down, or let go

    def __init__(self, theme: Theme, side: int, empty: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._side = side
        self._empty = empty
        self._picture: Array | None = None
        self._pixmap: QPixmap | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.pressed.connect(lambda: self.watched.emit(True))
        self.released.connect(lambda: self.watched.emit(False))
        theme.changed.connect(self.update)

    def show_face(self, picture: Array | None, text: str, chosen: bool = False) -> None:
        """Show a picture uint8 [H, W, 3] and say what it is; chosen: it is the one in use."""
        if picture is not self._picture:
            self._picture, self._pixmap = picture, None
        self.setCheckable(chosen)
        self.setChecked(chosen)
        self.setToolTip(plain(text))
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the square's size."""
        return QSize(self._side, self._side)

    def minimumSizeHint(self) -> QSize:
        """A square is as small as it is large."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw picture and frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        radius = max(3.0, _ROUND * self._side)
        if self._picture is None:
            self._paint_empty(painter, frame, radius)
        else:
            self._paint_picture(painter, frame, radius)
        self._paint_frame(painter, frame, radius)

    def _paint_picture(self, painter: QPainter, frame: QRectF, radius: float) -> None:
        ratio = self.devicePixelRatioF()
        if self._pixmap is None or self._pixmap.devicePixelRatio() != ratio:
            assert self._picture is not None
            self._pixmap = square_pixmap(self._picture, self._side, ratio)
        path = QPainterPath()
        path.addRoundedRect(frame, radius, radius)
        painter.save()
        painter.setClipPath(path)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        painter.drawPixmap(self.rect(), self._pixmap)
        painter.restore()

    def _paint_empty(self, painter: QPainter, frame: QRectF, radius: float) -> None:
        painter.setBrush(self._theme.colour("raised", 120))
        painter.setPen(QPen(self._theme.colour("faint"), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, radius, radius)
        if self._empty:
            side = int(self._side * 0.4)
            icon = self._theme.icon(self._empty, "faint").pixmap(QSize(side, side), self.devicePixelRatioF())
            painter.drawPixmap(int((self.width() - side) / 2), int((self.height() - side) / 2), icon)

    def _paint_frame(self, painter: QPainter, frame: QRectF, radius: float) -> None:
        strong = self.hasFocus() or self.isChecked()
        colour = "text" if self.hasFocus() else "accent" if self.isChecked() or self.underMouse() else "line"
        if self._picture is None and colour == "line":
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.colour(colour), 3 if strong else 1))
        painter.drawRoundedRect(frame, radius, radius)
