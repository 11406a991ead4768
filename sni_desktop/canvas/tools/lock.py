"""The lock brush: a stroke that begins on a free cell locks, one that begins on a locked cell unlocks."""

import numpy as np
from PySide6.QtGui import QPainter

from sni_desktop.canvas import overlay
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.tools.stroking import StrokeTool
from sni_desktop.canvas.tools.tool import Point
from sni_engine.api.arrays import Array


class LockBrush(StrokeTool):
    """As wide as the brush, on both halves as that, never soft: a cell is locked or it is not."""

    name = "lock-brush"

    def press(self, point: Point) -> None:
        """Begin; the cell under the pointer decides."""
        selection = self._document.snapshot.selection
        if selection is not None:
            frees = point.cell is not None and bool(selection.locked[point.cell])
            self._begin(selection.locked, "subtract" if frees else "add", self._hard, point)

    def _write(self, cells: Array) -> None:
        self._document.set_locks(cells)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Outline the cells that a press would lock or unlock; dashed when it unlocks."""
        covered, selection = self._cover(scene), scene.snapshot.selection
        if covered is None or selection is None or scene.pointer is None or scene.mesh is None:
            return
        rows, columns = selection.locked.shape
        row, column = (int(np.floor(place)) for place in scene.pointer)
        frees = 0 <= row < rows and 0 <= column < columns and bool(selection.locked[row, column])
        overlay.paint_brush(painter, scene.mesh, covered, erases=frees)
