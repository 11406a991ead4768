"""Drawings kept as pixels while nothing about them changes: many lines take long, and the canvas is painted a lot."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from sni_desktop.canvas.layers import Scene

_EDGE_PX = 4.0  # outlines reach beyond the picture's edge by less


class Kept:
    """One drawing over the picture; the part of it that is in sight is kept."""

    def __init__(self) -> None:
        self._kept_for: tuple[object, ...] = ()
        self._kept = QPixmap()
        self._corner = QPointF()

    def paint(
        self,
        painter: QPainter,
        scene: Scene,
        frame: QRectF,
        wanted: tuple[object, ...],
        draw: Callable[[QPainter], None],
    ) -> None:
        """Show what was drawn last, or let it be drawn anew if something else is wanted or the picture has moved."""
        now = (*wanted, frame, scene.viewport, scene.pixel_ratio)
        if now != self._kept_for:
            self._keep(scene, frame, draw)
            self._kept_for = now
        if not self._kept.isNull():
            painter.drawPixmap(self._corner, self._kept)

    def _keep(self, scene: Scene, frame: QRectF, draw: Callable[[QPainter], None]) -> None:
        """Let it be drawn, where it is in sight, into a pixmap of whole device pixels."""
        view, ratio = scene.viewport, scene.pixel_ratio
        around = frame.adjusted(-_EDGE_PX, -_EDGE_PX, _EDGE_PX, _EDGE_PX)
        seen = around.intersected(QRectF(0, 0, view.width, view.height))
        pixels: QRect = QRectF(seen.topLeft() * ratio, seen.size() * ratio).toAlignedRect()
        self._corner, self._kept = QPointF(pixels.topLeft()) / ratio, QPixmap(pixels.size())
        if self._kept.isNull():
            return
        self._kept.fill(Qt.GlobalColor.transparent)
        self._kept.setDevicePixelRatio(ratio)
        painter = QPainter(self._kept)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-self._corner)
        draw(painter)
        painter.end()
