"""Brush and eraser: strokes that choose cells, which reach the document as they are drawn."""

from typing import Literal

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from sni_desktop.activities.painting import Painting
from sni_desktop.canvas import overlay
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.tools.strokes import Mode, Stroke, footprint, held_mode, start_stroke
from sni_desktop.canvas.tools.tool import Point
from sni_desktop.document import Document
from sni_engine.api.cells import mirror


class Brush:
    """Chooses the cells under it; as an eraser it takes them away."""

    def __init__(self, name: Literal["brush", "eraser"], document: Document, painting: Painting) -> None:
        self.name = name
        self._document = document
        self._painting = painting
        self._stroke: Stroke | None = None

    @property
    def cursor(self) -> Qt.CursorShape:
        """A cross: the outline says the rest."""
        return Qt.CursorShape.CrossCursor

    def mode(self, keys: Qt.KeyboardModifier) -> Mode:
        """What a stroke does by the keys held; one under way goes on as it began."""
        return self._stroke.mode if self._stroke is not None else held_mode(self.name == "eraser", keys)

    def press(self, point: Point) -> None:
        """Begin a stroke."""
        selection = self._document.snapshot.selection
        if selection is not None:
            mode = held_mode(self.name == "eraser", point.keys)
            self._stroke = start_stroke(selection.cells, mode, self._painting.settings, point.row, point.column)
            self._document.set_cells(self._stroke.cells)

    def move(self, point: Point) -> None:
        """Draw the stroke on."""
        if self._stroke is not None:
            self._stroke = self._stroke.move(point.row, point.column)
            self._document.set_cells(self._stroke.cells)

    def release(self) -> None:
        """End the stroke."""
        self._stroke = None

    def cancel(self) -> None:
        """Take the stroke back, unless the grid it was drawn on is gone."""
        stroke, self._stroke = self._stroke, None
        selection = self._document.snapshot.selection
        if stroke is not None and selection is not None and selection.cells.shape == stroke.before.shape:
            self._document.set_cells(stroke.before)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Outline the cells that a press would take."""
        if scene.pointer is None or scene.gesture or scene.mesh is None:
            return
        rows, columns = len(scene.mesh.ys) - 1, len(scene.mesh.xs) - 1
        covered = footprint(*scene.pointer, self._painting.settings.size, rows, columns)
        if self._painting.settings.mirrored:
            covered = np.maximum(covered, mirror(covered))
        overlay.paint_brush(painter, scene.mesh, covered, erases=self.mode(scene.keys) in ("subtract", "intersect"))
