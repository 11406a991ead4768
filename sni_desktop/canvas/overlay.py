"""What is drawn over the picture: grid, selection, brush and cursor, readable on any colour."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from sni_desktop.canvas.look import COLOURS, Look
from sni_desktop.canvas.viewport import Viewport
from sni_engine.api.arrays import Array
from sni_engine.api.selection import Selection

_DARK = QColor(0, 0, 0, 96)
_LIGHT = QColor(255, 255, 255, 96)
_SHADE = QColor(0, 0, 0, 170)  # no hue is far from every picture: dark edges on both sides of a line do the rest
_FAINT_SHADE = QColor(0, 0, 0, 90)
_HATCH_PX = 12.0
_WHITE = QColor(255, 255, 255)


@dataclass(frozen=True)
class Mesh:
    """Where the edges of the cells fall in the widget, each on a whole device pixel so that lines stay crisp."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    hair: float

    def cell(self, row: int, column: int) -> QRectF:
        """Return the rectangle of one cell."""
        return QRectF(QPointF(self.xs[column], self.ys[row]), QPointF(self.xs[column + 1], self.ys[row + 1]))

    @property
    def frame(self) -> QRectF:
        """The rectangle of the picture."""
        return QRectF(QPointF(self.xs[0], self.ys[0]), QPointF(self.xs[-1], self.ys[-1]))


@lru_cache(maxsize=8)
def make_mesh(view: Viewport, rows: int, columns: int, pixel_ratio: float) -> Mesh:
    """Return the mesh of a grid over the picture in `view`."""

    def edges(start: float, count: int) -> tuple[float, ...]:
        places = (start + view.side * index / count for index in range(count + 1))
        return tuple(round(place * pixel_ratio) / pixel_ratio for place in places)

    return Mesh(edges(view.left, columns), edges(view.top, rows), max(1, round(pixel_ratio / 1.5)) / pixel_ratio)


def paint_grid(painter: QPainter, mesh: Mesh) -> None:
    """Draw hairlines between cells, a dark one beside a light one. Filled: Qt draws thin translucent lines slowly."""
    frame, hair = mesh.frame, mesh.hair
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # all edges are on whole pixels: twice as fast
    for x in mesh.xs[1:-1]:
        painter.fillRect(QRectF(x - hair, frame.top(), hair, frame.height()), _DARK)
        painter.fillRect(QRectF(x, frame.top(), hair, frame.height()), _LIGHT)
    for y in mesh.ys[1:-1]:
        painter.fillRect(QRectF(frame.left(), y - hair, frame.width(), hair), _DARK)
        painter.fillRect(QRectF(frame.left(), y, frame.width(), hair), _LIGHT)
    painter.restore()


def paint_selection(
    painter: QPainter, mesh: Mesh, selection: Selection, look: Look, tinted: bool = True, thin: bool = False
) -> None:
    """Tint the selected cells by the root of their weight, so that faint ones show, but for locked ones; and outline
    the region: a firm line around what is selected by half or more, a thin dashed one around all that is touched.
    """
    colour, cells = QColor(COLOURS[look.colour]), selection.cells
    if tinted:
        _paint_tint(painter, mesh, selection.free_cells**0.5 * look.tint / 100, colour)
        if look.hatch:
            pale = QColor(colour)
            pale.setAlpha(150)
            paint_hatch(painter, region(mesh, selection.free_cells), ((_FAINT_SHADE, 2.0), (pale, 1.0)))
    firm = cells >= min(0.5, cells.max())
    if (firm != (cells > 0)).any():
        _paint_outline(painter, region(mesh, cells), ((_SHADE, 3), (colour, 1)), Qt.PenStyle.DashLine)
    _paint_outline(painter, region(mesh, firm), ((_SHADE, 3), (colour, 1)) if thin else ((_SHADE, 6), (colour, 4)))


def _paint_tint(painter: QPainter, mesh: Mesh, strengths: Array, colour: QColor) -> None:
    for row, column in zip(*strengths.nonzero(), strict=True):
        tint = QColor(colour)
        tint.setAlphaF(float(strengths[row, column]))
        painter.fillRect(mesh.cell(row, column), tint)


def paint_hatch(
    painter: QPainter, area: QPainterPath, pens: tuple[tuple[QColor, float], ...], rising: bool = True
) -> None:
    """Draw slanting lines over an area; they stand at the same places whatever the area is."""
    box, sign = area.boundingRect(), 1 if rising else -1
    ends = sorted((box.left() + sign * y, box.right() + sign * y) for y in (box.top(), box.bottom()))
    first, last = ends[0][0] // _HATCH_PX + 1, ends[-1][1] // _HATCH_PX
    offsets = [_HATCH_PX * number for number in range(int(first), int(last) + 1)]
    lines = [QLineF(x - sign * box.top(), box.top(), x - sign * box.bottom(), box.bottom()) for x in offsets]
    painter.save()
    painter.setClipPath(area, Qt.ClipOperation.IntersectClip)
    for colour, width in pens:
        painter.setPen(QPen(colour, width))
        painter.drawLines(lines)
    painter.restore()


def paint_brush(painter: QPainter, mesh: Mesh, covered: Array, erases: bool) -> None:
    """Outline the cells that a click would take, dashed when it takes them out of the selection."""
    style = Qt.PenStyle.DashLine if erases else Qt.PenStyle.SolidLine
    _paint_outline(painter, region(mesh, covered), ((_SHADE, 4), (_WHITE, 2)), style)


def region(mesh: Mesh, cells: Array) -> QPainterPath:
    """Return the outline of all cells with any weight as one path, without the edges between them."""
    path = QPainterPath()
    for row, column in zip(*cells.nonzero(), strict=True):
        path.addRect(mesh.cell(row, column))
    return path.simplified()


def _paint_outline(
    painter: QPainter,
    path: QPainterPath,
    pens: tuple[tuple[QColor, float], tuple[QColor, float]],
    upper_style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """Draw a path twice: a wide dark line, and a bright one upon it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # all edges are upright and on whole pixels
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for (colour, width), style in zip(pens, (Qt.PenStyle.SolidLine, upper_style), strict=True):
        pen = QPen(colour, width, style)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawPath(path)
    painter.restore()


def paint_cursor(painter: QPainter, mesh: Mesh, row: int, column: int) -> None:
    """Mark the cell the keyboard is on."""
    rect = mesh.cell(row, column).adjusted(5, 5, -5, -5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((_SHADE, 4), (_WHITE, 2)):
        painter.setPen(QPen(colour, width))
        painter.drawRoundedRect(rect, 3, 3)


def paint_badge(painter: QPainter, place: QPointF, text: str) -> None:
    """Write words on a dark plate over the picture, whose upper left corner is at `place`."""
    metrics = painter.fontMetrics()
    rect = QRectF(place.x(), place.y(), metrics.horizontalAdvance(text) + 16, metrics.height() + 8)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 180))
    painter.drawRoundedRect(rect, 5, 5)
    painter.setPen(_WHITE)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
