"""Which picture the canvas shows, whole or in parts, and painting it sharply."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from sni_desktop.canvas.imaging import Scaled, is_quick, paint_quickly, scale
from sni_desktop.canvas.layers import Scene
from sni_desktop.snapshot import Snapshot
from sni_engine.api.arrays import Array

_REMEMBERED = 3  # enough to look back and forth between two


@dataclass(frozen=True, eq=False)
class Part:
    """A picture uint8 [H, W, 3], shown where it lies between these edges, in fractions of the frame.

    squares: its pixels stay squares at every size, because each says something.
    """

    picture: Array
    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0
    squares: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it fills the frame."""
        return (self.left, self.top, self.right, self.bottom) == (0, 0, 1, 1)

    def area(self, frame: QRectF) -> QRectF:
        """Return the part of the frame that this is shown in."""
        corner = frame.topLeft() + QPointF(self.left * frame.width(), self.top * frame.height())
        opposite = frame.topLeft() + QPointF(self.right * frame.width(), self.bottom * frame.height())
        return QRectF(corner, opposite)


PictureSource = Callable[[Snapshot], Sequence[Part]]


def show_step(now: Snapshot) -> Sequence[Part]:
    """Return what is on screen ordinarily: the snapshot's picture, whole."""
    return () if now.picture is None else (Part(now.picture),)


class PicturePainter:
    """Pictures are scaled anew only when picture, size or screen change, or a pan goes far; one that is painted for the
    first time goes straight to the screen, as most drafts and steps are never painted again.
    """

    def __init__(self) -> None:
        self.scaled: list[Scaled] = []  # the one used last comes last
        self._met: list[Array] = []  # painted before, the newest last

    def paint(self, painter: QPainter, scene: Scene, parts: Sequence[Part]) -> None:
        """Draw the parts that are in sight."""
        for part in parts:
            painter.save()
            if not part.is_whole:
                painter.setClipRect(part.area(scene.frame))
            self._paint(painter, scene, part)
            painter.restore()

    def _paint(self, painter: QPainter, scene: Scene, part: Part) -> None:
        view, ratio = scene.viewport, scene.pixel_ratio
        left, top, side = (round(length * ratio) for length in (view.left, view.top, view.side))
        widget = QRect(-left, -top, round(view.width * ratio), round(view.height * ratio))
        sight = widget.intersected(QRect(0, 0, side, side))
        if sight.isEmpty():
            return
        corner = QPointF(left, top) / ratio
        if not any(one is part.picture for one in self._met) and is_quick(part.picture, side, part.squares):
            self._met = [*self._met, part.picture][-_REMEMBERED:]
            paint_quickly(painter, part.picture, side, sight, corner, ratio)
            return
        found = next((one for one in self.scaled if one.shows(part.picture, side, ratio, sight)), None)
        found = found or scale(part.picture, side, ratio, sight, part.squares)
        self.scaled = [*(one for one in self.scaled if one.picture is not part.picture), found][-_REMEMBERED:]
        painter.drawPixmap(corner + found.offset, found.pixmap)
