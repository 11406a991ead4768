"""Grid, selection and locks, painted once and kept while only the picture below them changes."""

from PySide6.QtGui import QPainter

from sni_desktop.canvas.kept import Kept
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.locks import LocksLayer
from sni_desktop.canvas.standard import GridLayer, SelectionLayer


class Marks:
    """What is the same over one picture and the next; its many lines take as long to draw as enlarging the picture."""

    def __init__(self, grid: GridLayer, selection: SelectionLayer, locks: LocksLayer) -> None:
        self._grid, self._selection, self._locks = grid, selection, locks
        self._kept = Kept()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw what was painted last, if that is what the three would paint now."""
        if scene.mesh is None:
            return
        looks = (self._grid.visible, self._selection.look, self._locks.look)
        now = (*looks, scene.mesh, scene.gesture, scene.veil, scene.snapshot.draft, scene.snapshot.selection)
        self._kept.paint(painter, scene, scene.mesh.frame, now, lambda inner: self._draw(inner, scene))

    def _draw(self, painter: QPainter, scene: Scene) -> None:
        for layer in (self._grid, self._selection, self._locks):
            painter.save()
            layer.paint(painter, scene)
            painter.restore()
