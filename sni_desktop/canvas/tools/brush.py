"""Brush and eraser: strokes that choose cells, which reach the document as they are drawn."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from sni_desktop.activities.painting import Painting
from sni_desktop.canvas import overlay
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.tools.strokes import Mode, held_mode
from sni_desktop.canvas.tools.stroking import StrokeTool
from sni_desktop.canvas.tools.tool import Point
from sni_desktop.document import Document
from sni_engine.api.arrays import Array


class Brush(StrokeTool):
    """Chooses the cells under it; as an eraser it takes them away."""

    def __init__(self, name: Literal["brush", "eraser"], document: Document, painting: Painting) -> None:
        super().__init__(document, painting)
        self.name = name

    def mode(self, keys: Qt.KeyboardModifier) -> Mode:
        """What a stroke does by the keys held; one under way goes on as it began."""
        return self._stroke.mode if self._stroke is not None else held_mode(self.name == "eraser", keys)

    def press(self, point: Point) -> None:
        """Begin a stroke."""
        selection = self._document.snapshot.selection
        if selection is not None:
            self._begin(selection.cells, held_mode(self.name == "eraser", point.keys), self._painting.settings, point)

    def _write(self, cells: Array) -> None:
        self._document.set_cells(cells)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Outline the cells that a press would take."""
        covered = self._cover(scene)
        if covered is not None and scene.mesh is not None:
            erases = self.mode(scene.keys) in ("subtract", "intersect")
            overlay.paint_brush(painter, scene.mesh, covered, erases=erases)
