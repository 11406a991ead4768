"""Locked cells on the canvas: a light hatching, an outline, and a padlock on each region."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.look import Look
from sni_desktop.canvas.overlay import Mesh, paint_hatch, region
from sni_engine.api.arrays import Array

_SHADE = QColor(0, 0, 0, 185)
_WHITE = QColor(255, 255, 255)
_FAINT = QColor(255, 255, 255, 130)
_FAINT_SHADE = QColor(0, 0, 0, 80)
_SMALLEST_PX, _LARGEST_PX = 13.0, 26.0


class LocksLayer:
    """What no edit changes; a draft is watched for its colours: no hatching then."""

    def __init__(self) -> None:
        self.look: Look = Look()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Mark the locked cells."""
        selection = scene.snapshot.selection
        if selection is None or scene.mesh is None or not selection.locked.any():
            return
        if self.look.visible or scene.gesture:
            area = region(scene.mesh, selection.locked)
            if not scene.snapshot.draft and scene.veil == "none":
                paint_hatch(painter, area, ((_FAINT_SHADE, 2.0), (_FAINT, 1.0)), rising=False)
            _paint_rim(painter, area)
            for place in padlock_places(scene.mesh, selection.locked):
                paint_padlock(painter, place, scene.pixel_ratio)


def _paint_rim(painter: QPainter, area: QPainterPath) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for colour, width in ((_SHADE, 3.0), (_WHITE, 1.0)):
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawPath(area)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def find_regions(cells: Array) -> list[list[tuple[int, int]]]:
    """Return the cells above zero as regions whose cells share edges."""
    left = {(int(row), int(column)) for row, column in np.argwhere(cells > 0)}
    regions = []
    while left:
        waiting, found = [min(left)], []
        while waiting:
            cell = waiting.pop()
            if cell in left:
                left.remove(cell)
                found.append(cell)
                row, column = cell
                waiting += [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]
        regions.append(found)
    return regions


def padlock_places(mesh: Mesh, locked: Array) -> list[QRectF]:
    """Return where padlocks go, one in each region: in its middle, or in the cell next to it when that is outside."""
    cell = mesh.cell(0, 0)
    side = min(max(cell.width() * 0.42, _SMALLEST_PX), _LARGEST_PX)
    places = []
    for cells in find_regions(locked):
        row, column = _middle(cells)
        x, y = mesh.frame.left() + (column + 0.5) * cell.width(), mesh.frame.top() + (row + 0.5) * cell.height()
        places.append(QRectF(x - side / 2, y - side / 2, side, side))
    return places


def _middle(cells: list[tuple[int, int]]) -> tuple[float, float]:
    row, column = np.mean(cells, 0)
    around = {(int(y), int(x)) for y in (np.floor(row), np.ceil(row)) for x in (np.floor(column), np.ceil(column))}
    if around <= set(cells):
        return float(row), float(column)
    return cells[int(np.argmin(np.hypot(*(np.array(cells) - (row, column)).T)))]


def paint_padlock(painter: QPainter, place: QRectF, pixel_ratio: float) -> None:
    """Draw a white padlock on a dark plate; its edges fall on whole device pixels."""

    def snap(length: float) -> float:
        return round(length * pixel_ratio) / pixel_ratio

    side = snap(place.width())
    plate = QRectF(snap(place.left()), snap(place.top()), side, side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_SHADE)
    painter.drawRoundedRect(plate, side * 0.24, side * 0.24)
    body = QRectF(plate.left() + snap(side * 0.26), plate.top() + snap(side * 0.46), 0, snap(side * 0.32))
    body.setRight(plate.right() - snap(side * 0.26))
    painter.setBrush(_WHITE)
    painter.drawRoundedRect(body, side * 0.06, side * 0.06)
    line = max(snap(side * 0.1), 1 / pixel_ratio)
    bow = QRectF(body.left() + side * 0.1, plate.top() + side * 0.2, body.width() - side * 0.2, side * 0.38)
    shackle = QPainterPath(QPointF(bow.left(), body.top()))
    shackle.lineTo(bow.left(), bow.center().y())
    shackle.arcTo(QRectF(bow.left(), bow.top(), bow.width(), bow.width()), 180, -180)
    shackle.lineTo(bow.right(), body.top())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_WHITE, line))
    painter.drawPath(shackle)
