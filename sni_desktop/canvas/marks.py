"""Grid, selection and locks, painted once and kept while only the picture below them changes."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.locks import LocksLayer
from sni_desktop.canvas.standard import GridLayer, SelectionLayer

_EDGE_PX = 4.0  # outlines reach beyond the picture's edge by less


class Marks:
    """What is the same over one picture and the next; its many lines take as long to draw as enlarging the picture."""

    def __init__(self, grid: GridLayer, selection: SelectionLayer, locks: LocksLayer) -> None:
        self._grid, self._selection, self._locks = grid, selection, locks
        self._kept_for: tuple[object, ...] = ()
        self._kept = QPixmap()
        self._corner = QPointF()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw what was painted last, if that is what the three would paint now."""
        if scene.mesh is None:
            return
        looks = (self._grid.visible, self._selection.look, self._locks.look)
        now = (*looks, scene.mesh, scene.viewport, scene.pixel_ratio, scene.gesture, scene.veil)
        wanted = (*now, scene.snapshot.draft, scene.snapshot.selection)
        if wanted != self._kept_for:
            self._keep(scene, scene.mesh.frame)
            self._kept_for = wanted
        if not self._kept.isNull():
            painter.drawPixmap(self._corner, self._kept)

    def _keep(self, scene: Scene, frame: QRectF) -> None:
        """Paint the part that is in sight into a pixmap of whole device pixels."""
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
        for layer in (self._grid, self._selection, self._locks):
            painter.save()
            layer.paint(painter, scene)
            painter.restore()
        painter.end()
