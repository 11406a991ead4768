"""What is drawn over the picture: grid, selection, brush and cursor, readable on any colour."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from sni_desktop.canvas.viewport import Viewport
from sni_engine.api.arrays import Array

_DARK = QColor(0, 0, 0, 90)
_LIGHT = QColor(255, 255, 255, 90)
_FILL = QColor(255, 196, 0)  # amber keeps its distance from skin, and from blue, for every kind of colour vision
_FILL_ALPHA = 72


def cell_rect(view: Viewport, row: int, column: int, rows: int, columns: int) -> QRectF:
    """Return the square of one cell in the widget."""
    width, height = view.side / columns, view.side / rows
    return QRectF(view.left + column * width, view.top + row * height, width, height)


def paint_grid(painter: QPainter, view: Viewport, rows: int, columns: int) -> None:
    """Draw hairlines between cells, a dark one beside a light one."""
    for shift, colour in ((0.0, _DARK), (1.0, _LIGHT)):
        painter.setPen(QPen(colour, 1))
        lines = [_horizontal(view, index / rows, shift) for index in range(1, rows)]
        lines += [_vertical(view, index / columns, shift) for index in range(1, columns)]
        painter.drawLines(lines)


def _horizontal(view: Viewport, part: float, shift: float) -> QLineF:
    y = round(view.top + part * view.side) + shift - 0.5
    return QLineF(view.left, y, view.left + view.side, y)


def _vertical(view: Viewport, part: float, shift: float) -> QLineF:
    x = round(view.left + part * view.side) + shift - 0.5
    return QLineF(x, view.top, x, view.top + view.side)


def paint_selection(painter: QPainter, view: Viewport, cells: Array) -> None:
    """Tint the selected cells by weight and outline the region as a whole."""
    rows, columns = cells.shape
    for row in range(rows):
        for column in range(columns):
            if cells[row, column] > 0:
                tint = QColor(_FILL)
                tint.setAlphaF(float(cells[row, column]) * _FILL_ALPHA / 255)
                painter.fillRect(cell_rect(view, row, column, rows, columns), tint)
    paint_outline(painter, view, cells > 0, _FILL)


def paint_outline(painter: QPainter, view: Viewport, inside: Array, colour: QColor) -> None:
    """Draw the border between cells that are inside and those that are not."""
    lines = border_lines(view, inside)
    for pen in (QPen(QColor(0, 0, 0, 170), 4), QPen(colour, 2)):
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        painter.setPen(pen)
        painter.drawLines(lines)


def border_lines(view: Viewport, inside: Array) -> list[QLineF]:
    """Return one line per edge between an inside cell and an outside one, the picture's rim included."""
    rows, columns = inside.shape
    lines = []
    for row in range(rows):
        for column in range(columns):
            if not inside[row, column]:
                continue
            rect = cell_rect(view, row, column, rows, columns)
            if row == 0 or not inside[row - 1, column]:
                lines.append(QLineF(rect.topLeft(), rect.topRight()))
            if row == rows - 1 or not inside[row + 1, column]:
                lines.append(QLineF(rect.bottomLeft(), rect.bottomRight()))
            if column == 0 or not inside[row, column - 1]:
                lines.append(QLineF(rect.topLeft(), rect.bottomLeft()))
            if column == columns - 1 or not inside[row, column + 1]:
                lines.append(QLineF(rect.topRight(), rect.bottomRight()))
    return lines


def paint_brush(painter: QPainter, view: Viewport, covered: Array) -> None:
    """Outline the cells that a click would take."""
    lines = border_lines(view, covered > 0)
    for pen in (QPen(QColor(0, 0, 0, 150), 3), QPen(QColor(255, 255, 255, 230), 1)):
        painter.setPen(pen)
        painter.drawLines(lines)


def paint_cursor(painter: QPainter, view: Viewport, row: int, column: int, rows: int, columns: int) -> None:
    """Mark the cell the keyboard is on."""
    rect = cell_rect(view, row, column, rows, columns).adjusted(4, 4, -4, -4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(QColor(0, 0, 0, 200), 3), QPen(QColor(255, 255, 255), 1.5, Qt.PenStyle.DashLine)):
        painter.setPen(pen)
        painter.drawRoundedRect(rect, 3, 3)


def paint_badge(painter: QPainter, view: Viewport, text: str) -> None:
    """Write a word in the picture's upper corner."""
    metrics = painter.fontMetrics()
    width = metrics.horizontalAdvance(text) + 16
    rect = QRectF(QPointF(view.left + 10, view.top + 10), QPointF(view.left + 10 + width, view.top + 34))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(rect, 5, 5)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
