"""The lock brush: a stroke that begins on a free cell locks, one that begins on a locked cell unlocks."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from sni_desktop.activities.painting import EDGES, Painting, Settings
from sni_desktop.canvas import overlay
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.tools.strokes import Mode, Stroke, footprint, start_stroke
from sni_desktop.canvas.tools.tool import Point
from sni_desktop.document import Document
from sni_engine.api.cells import mirror


class LockBrush:
    """As wide as the brush, on both halves as that, never soft: a cell is locked or it is not."""

    name = "lock-brush"
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, document: Document, painting: Painting) -> None:
        self._document = document
        self._painting = painting
        self._stroke: Stroke | None = None

    def press(self, point: Point) -> None:
        """Begin; the cell under the pointer decides."""
        selection = self._document.snapshot.selection
        if selection is not None:
            frees = point.cell is not None and bool(selection.locked[point.cell])
            mode: Mode = "subtract" if frees else "add"
            self._stroke = start_stroke(selection.locked, mode, self._settings, point.row, point.column)
            self._document.set_locks(self._stroke.cells)

    def move(self, point: Point) -> None:
        """Draw the stroke on."""
        if self._stroke is not None:
            self._stroke = self._stroke.move(point.row, point.column)
            self._document.set_locks(self._stroke.cells)

    def release(self) -> None:
        """Keep the locks."""
        self._stroke = None

    def cancel(self) -> None:
        """Take the stroke back, unless the grid it was drawn on is gone."""
        stroke, self._stroke = self._stroke, None
        selection = self._document.snapshot.selection
        if stroke is not None and selection is not None and selection.cells.shape == stroke.before.shape:
            self._document.set_locks(stroke.before)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Outline the cells that a press would lock or unlock; dashed when it unlocks."""
        if scene.pointer is None or scene.gesture or scene.mesh is None or scene.snapshot.selection is None:
            return
        locked = scene.snapshot.selection.locked
        rows, columns = locked.shape
        covered = footprint(*scene.pointer, self._settings.size, rows, columns)
        if self._settings.mirrored:
            covered = np.maximum(covered, mirror(covered))
        row, column = (int(np.floor(place)) for place in scene.pointer)
        frees = 0 <= row < rows and 0 <= column < columns and bool(locked[row, column])
        overlay.paint_brush(painter, scene.mesh, covered, erases=frees)

    @property
    def _settings(self) -> Settings:
        return replace(self._painting.settings, edge=EDGES[0])
