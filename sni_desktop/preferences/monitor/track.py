"""A slider over the moments of a run, spaced as they are in images; kept checkpoints and stars are marked on it."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip

from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.words import count
from sni_desktop.theme import Theme
from sni_desktop.words import fill

_EDGE_PX = 10
_HANDLE_PX = 7  # radius
_STAR_PX = 13


@dataclass(frozen=True)
class Moments:
    """Images at which there is something to see, in order, and which of them are kept or have a star."""

    images: tuple[int, ...] = ()
    kept: frozenset[int] = frozenset()
    starred: frozenset[int] = frozenset()


class Track(QSlider):
    """Its value is a place among the moments; `picked` comes only when a person moves it. Keys as on every slider."""

    picked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme = theme
        self._moments = Moments()
        self.setObjectName("time-track")
        self.setAccessibleName(tr("Moment of the training"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setPageStep(5)
        self.actionTriggered.connect(lambda: self._pick(self.sliderPosition()))
        theme.changed.connect(self.update)

    def show_moments(self, moments: Moments, place: int) -> None:
        """Show moments, with the handle at one of them."""
        if moments != self._moments:
            self._moments = moments
            self.setRange(0, max(0, len(moments.images) - 1))
            self.setEnabled(len(moments.images) > 1)
            self.update()
        self.setValue(place)
        self.setAccessibleDescription(self._describe(place))

    def sizeHint(self) -> QSize:
        """Room for the handle, with stars above and marks beneath."""
        return QSize(240, 34)

    def minimumSizeHint(self) -> QSize:
        """Ask for as much at least."""
        return self.sizeHint()

    # -- input -------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the moment nearest to the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._pick(self._find(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while the button is held."""
        if self.isSliderDown() and event.buttons() & Qt.MouseButton.LeftButton:
            self._pick(self._find(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stay."""
        self.setSliderDown(False)

    def event(self, event: QEvent) -> bool:
        """Say by a tool tip which moment lies under the pointer."""
        if isinstance(event, QHelpEvent) and self._moments.images:
            QToolTip.showText(event.globalPos(), self._describe(self._find(event.pos().x())), self)
            return True
        return super().event(event)

    def _pick(self, place: int) -> None:
        if self._moments.images and place != self.value():
            self.setValue(place)
            self.picked.emit(place)

    def _find(self, x: float) -> int:
        """Return the place of the moment nearest to a point."""
        return min(range(len(self._moments.images)), key=lambda place: abs(self._x(place) - x), default=0)

    def _describe(self, place: int) -> str:
        if place >= len(self._moments.images):
            return ""
        images = self._moments.images[place]
        parts = [fill(tr("{images} images"), images=count(images))]
        if images in self._moments.starred:
            parts.append(tr("starred"))
        if images in self._moments.kept:
            parts.append(tr("checkpoint kept"))
        return ", ".join(parts)

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _x(self, place: int) -> float:
        first, last = self._moments.images[0], self._moments.images[-1]
        share = (self._moments.images[place] - first) / max(1, last - first) if last > first else 1.0
        return _EDGE_PX + share * (self.width() - 2 * _EDGE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the way so far, its marks, and the handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2 + 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("line"))
        painter.drawRoundedRect(QRectF(_EDGE_PX, middle - 2, self.width() - 2 * _EDGE_PX, 4), 2, 2)
        if not self._moments.images:
            return
        handle = self._x(min(self.value(), len(self._moments.images) - 1))
        painter.setBrush(self._theme.colour("accent" if self.isEnabled() else "line"))
        painter.drawRoundedRect(QRectF(_EDGE_PX, middle - 2, handle - _EDGE_PX, 4), 2, 2)
        self._paint_marks(painter, middle)
        self._paint_handle(painter, QPointF(handle, middle))

    def _paint_marks(self, painter: QPainter, middle: float) -> None:
        star = self._theme.icon("star", "accent").pixmap(QSize(_STAR_PX, _STAR_PX), self.devicePixelRatioF())
        for place, images in enumerate(self._moments.images):
            x = self._x(place)
            if images in self._moments.kept:
                painter.setPen(QPen(self._theme.colour("quiet"), 1.5))
                painter.drawLine(QPointF(x, middle + 8), QPointF(x, middle + 13))
            if images in self._moments.starred:
                painter.drawPixmap(QPointF(x - _STAR_PX / 2, 0), star)

    def _paint_handle(self, painter: QPainter, at: QPointF) -> None:
        strong = self.hasFocus()
        rim = "accent" if strong or self.underMouse() else "quiet" if self.isEnabled() else "line"
        painter.setPen(QPen(self._theme.colour(rim), 2 if strong else 1))
        painter.setBrush(self._theme.colour("raised"))
        painter.drawEllipse(at, _HANDLE_PX, _HANDLE_PX)
