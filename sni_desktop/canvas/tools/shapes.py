"""Rectangle and lasso: shapes drawn over the picture that become a selection; both show what they take while drawn."""

from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from sni_desktop.activities.painting import Painting
from sni_desktop.canvas import overlay
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.tools.strokes import Mode, footprint, held_mode
from sni_desktop.canvas.tools.tool import Point
from sni_desktop.document import Document
from sni_engine.api.arrays import Array
from sni_engine.api.cells import combine, polygon, rectangle

_NEAR = 0.04  # of a cell: points closer than this add nothing to a line


class Shape:
    """Takes the cells a rectangle touches, or those whose middle a line goes around; a click takes the cell there."""

    def __init__(self, name: Literal["rectangle", "lasso"], document: Document, painting: Painting) -> None:
        self.name = name
        self._document = document
        self._painting = painting
        self._points: list[tuple[float, float]] = []
        self._before: Array | None = None
        self._mode: Mode = "replace"

    @property
    def cursor(self) -> Qt.CursorShape:
        """A cross: the outline says the rest."""
        return Qt.CursorShape.CrossCursor

    def mode(self, keys: Qt.KeyboardModifier) -> Mode:
        """What a shape does by the keys held; one under way goes on as it began."""
        return self._mode if self._before is not None else held_mode(False, keys)

    def press(self, point: Point) -> None:
        """Begin a shape."""
        selection = self._document.snapshot.selection
        if selection is not None:
            self._before, self._mode = selection.cells, held_mode(False, point.keys)
            self._points = [(point.row, point.column)]
            self._take()

    def move(self, point: Point) -> None:
        """Draw the shape on."""
        row, column = self._points[-1] if self._points else (point.row, point.column)
        if self._before is None or abs(point.row - row) + abs(point.column - column) < _NEAR:
            return
        place = (point.row, point.column)
        self._points = [self._points[0], place] if self.name == "rectangle" else [*self._points, place]
        self._take()

    def release(self) -> None:
        """The selection stays."""
        self._before, self._points = None, []

    def cancel(self) -> None:
        """Take the shape back, unless the grid it was drawn on is gone."""
        before, self._before, self._points = self._before, None, []
        selection = self._document.snapshot.selection
        if before is not None and selection is not None and selection.cells.shape == before.shape:
            self._document.set_cells(before)

    def _take(self) -> None:
        assert self._before is not None
        covered = self._cover(*self._before.shape)
        self._document.set_cells(combine(self._before, self._painting.settings.shape(covered), self._mode))

    def _cover(self, rows: int, columns: int) -> Array:
        if len(self._points) == 1:
            return footprint(*self._points[0], 1, rows, columns)
        if self.name == "rectangle":
            return rectangle(self._points[0], self._points[-1], rows, columns)
        return polygon(np.array(self._points), rows, columns, soft=self._painting.settings.edge > 0)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Outline the cell that a press would take, or draw the shape so far."""
        if scene.mesh is None:
            return
        if self._before is None:
            if scene.pointer is not None and not scene.gesture:
                covered = footprint(*scene.pointer, 1, len(scene.mesh.ys) - 1, len(scene.mesh.xs) - 1)
                taking = self.mode(scene.keys) in ("subtract", "intersect")
                overlay.paint_brush(painter, scene.mesh, covered, erases=taking)
            return
        self._paint_line(painter, scene, *self._before.shape)

    def _paint_line(self, painter: QPainter, scene: Scene, rows: int, columns: int) -> None:
        frame = scene.frame
        points = self._points
        if self.name == "rectangle":
            (top, left), (bottom, right) = points[0], points[-1]
            points = [(top, left), (top, right), (bottom, right), (bottom, left)]
        line = QPolygonF(
            [
                QPointF(frame.left() + column * frame.width() / columns, frame.top() + row * frame.height() / rows)
                for row, column in points
            ]
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 170), 3.0), (QColor(255, 255, 255), 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawPolygon(line)
