"""The cell cursor: who works by keys walks over the cells and selects them."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from sni_desktop.activities.painting import Painting
from sni_desktop.canvas import overlay
from sni_desktop.canvas.announce import announce_cell
from sni_desktop.canvas.layers import Scene
from sni_desktop.document import Document
from sni_engine.api.selection import Selection

_ARROWS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}


class CellCursor(QObject):
    """Arrows move it, Shift with an arrow adds on the way, X and Space toggle its cell."""

    moved = Signal(object)  # (row, column): it has moved or its cell has changed

    def __init__(self, document: Document, widget: QWidget, painting: Painting) -> None:
        super().__init__(widget)
        self._document = document
        self._widget = widget
        self._painting = painting
        self._cell = (0, 0)
        self.shown: bool = False
        self.taker: Callable[[tuple[int, int]], bool] = lambda cell: False  # takes more than the cell, by the tool
        self.namer: Callable[[tuple[int, int]], str] = lambda cell: ""  # what the tool would take there

    @property
    def cell(self) -> tuple[int, int]:
        """Row and column it is on."""
        return self._cell

    def keep_inside(self, rows: int, columns: int) -> None:
        """Stay on a grid that may be smaller than the last."""
        self._cell = (min(self._cell[0], rows - 1), min(self._cell[1], columns - 1))

    def take(self, event: QKeyEvent) -> bool:
        """Act on a key; says whether it was one of the cursor's."""
        selection = self._document.snapshot.selection
        key = Qt.Key(event.key())
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if selection is None or held or not (key in _ARROWS or key == Qt.Key.Key_X):
            return False
        if key == Qt.Key.Key_X:
            self.toggle()
        else:
            self._walk(selection, *_ARROWS[key], adds=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            self._tell()
        return True

    def toggle(self) -> None:
        """Select its cell, or what the tool in hand takes there, or leave it out."""
        selection = self._document.snapshot.selection
        if selection is not None:
            if not self.taker(self._cell):
                self._set_cells(selection, 0.0 if selection.cells[self._cell] else 1.0, self._cell)
            self._tell()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Mark the cell while the canvas has the keys."""
        if self.shown and self._widget.hasFocus() and scene.mesh is not None:
            overlay.paint_cursor(painter, scene.mesh, *self._cell)

    def _walk(self, selection: Selection, down: int, right: int, adds: bool) -> None:
        rows, columns = selection.cells.shape
        start = self._cell
        self._cell = ((start[0] + down) % rows, (start[1] + right) % columns)
        if adds:
            self._set_cells(selection, 1.0, start, self._cell)

    def _set_cells(self, selection: Selection, weight: float, *places: tuple[int, int]) -> None:
        """Give cells a weight, those of the other half too when both are painted."""
        cells = selection.cells.copy()
        for row, column in places:
            cells[row, column] = weight
            if self._painting.settings.mirrored:
                cells[row, -1 - column] = weight
        self._document.set_cells(cells)

    def _tell(self) -> None:
        """Show it, and say it to who cannot see."""
        selection = self._document.snapshot.selection
        assert selection is not None
        self.shown = True
        chosen, locked = bool(selection.cells[self._cell]), bool(selection.locked[self._cell])
        announce_cell(self._widget, *self._cell, chosen, locked, self.namer(self._cell))
        self.moved.emit(self._cell)
