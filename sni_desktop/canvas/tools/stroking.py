"""What the tools share that change cells by a stroke: how it goes on, ends, and is taken back."""

from abc import ABC, abstractmethod
from dataclasses import replace

from PySide6.QtCore import Qt

from sni_desktop.activities.painting import EDGES, Painting, Settings
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.tools.strokes import Mode, Stroke, footprint, start_stroke
from sni_desktop.canvas.tools.tool import Point
from sni_desktop.document import Document
from sni_engine.api.arrays import Array


class StrokeTool(ABC):
    """A tool whose strokes take effect as they are drawn. A cross for a pointer: the outline says the rest."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, document: Document, painting: Painting) -> None:
        self._document = document
        self._painting = painting
        self._stroke: Stroke | None = None

    @abstractmethod
    def _write(self, cells: Array) -> None:
        """Let cells [R, C] take effect."""

    def _begin(self, before: Array, mode: Mode, settings: Settings, point: Point) -> None:
        """Begin a stroke over cells as they were before it [R, C]."""
        self._stroke = start_stroke(before, mode, settings, point.row, point.column)
        self._write(self._stroke.cells)

    def move(self, point: Point) -> None:
        """Draw the stroke on."""
        if self._stroke is not None:
            self._stroke = self._stroke.move(point.row, point.column)
            self._write(self._stroke.cells)

    def release(self) -> None:
        """End the stroke; what it did stays."""
        self._stroke = None

    def cancel(self) -> None:
        """Take the stroke back, unless the grid it was drawn on is gone."""
        stroke, self._stroke = self._stroke, None
        selection = self._document.snapshot.selection
        if stroke is not None and selection is not None and selection.cells.shape == stroke.before.shape:
            self._write(stroke.before)

    @property
    def _hard(self) -> Settings:
        """How it paints, but for the soft edge."""
        return replace(self._painting.settings, edge=EDGES[0])

    def _cover(self, scene: Scene) -> Array | None:
        """Return the cells [R, C] that a press at the pointer would take; None where there is nothing to outline."""
        if scene.pointer is None or scene.gesture or scene.mesh is None:
            return None
        rows, columns = len(scene.mesh.ys) - 1, len(scene.mesh.xs) - 1
        return self._hard.shape(footprint(*scene.pointer, self._hard.size, rows, columns))
