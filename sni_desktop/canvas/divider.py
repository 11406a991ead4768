"""The line between before and after: dragged to and fro."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from sni_desktop.activities.comparing import Comparing
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.tools.tool import Point

_NEAR_PX = 8
_GRIP_PX = 15  # radius of the disc in the middle
_CASING = QColor(0, 0, 0, 110)
_LINE = QColor(255, 255, 255)


class Divider:
    """A handle on the canvas while the split view is on."""

    name = "divider"
    cursor = Qt.CursorShape.SplitHCursor

    def __init__(self, comparing: Comparing) -> None:
        self._comparing = comparing
        self._whole = QRectF()  # where the picture is
        self._frame = QRectF()  # and the part of it that is in sight, from top to bottom
        self._before = 0.5
        self._offset = 0.0

    def takes(self, point: Point) -> bool:
        """Say whether a press there is on the line or on its grip."""
        if self._comparing.now.shown != "split" or not 0 <= point.y <= 1:
            return False
        away = point.place - self._grip()
        return abs(away.x()) <= _NEAR_PX or away.x() ** 2 + away.y() ** 2 <= _GRIP_PX**2

    def press(self, point: Point) -> None:
        """Take hold where it is, without a jump."""
        self._before = self._comparing.now.split
        self._offset = self._before - point.x

    def move(self, point: Point) -> None:
        """Follow the pointer."""
        self._comparing.move_split(point.x + self._offset)

    def release(self) -> None:
        """It stays where it was put."""

    def cancel(self) -> None:
        """Put it back."""
        self._comparing.move_split(self._before)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw the line, and the disc with two arrows on the part of it that is in sight."""
        if self._comparing.now.shown != "split":
            return
        self._frame = scene.frame.intersected(QRectF(-1e5, 0, 2e5, scene.viewport.height))
        self._whole = scene.frame
        grip = self._grip()
        x = round(grip.x() * scene.pixel_ratio) / scene.pixel_ratio
        top, height = self._frame.top(), self._frame.height()
        painter.fillRect(QRectF(x - 2, top, 4, height), _CASING)
        painter.fillRect(QRectF(x - 1, top, 2, height), _LINE)
        painter.setPen(QPen(_CASING, 1))
        painter.setBrush(_LINE)
        painter.drawEllipse(grip, _GRIP_PX - 2, _GRIP_PX - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(60, 60, 60))
        for way in (-1, 1):
            tip, back = grip + QPointF(way * 8.5, 0), grip + QPointF(way * 3.5, 0)
            painter.drawPolygon(QPolygonF([tip, back + QPointF(0, -4), back + QPointF(0, 4)]))

    def _grip(self) -> QPointF:
        whole = self._whole
        return QPointF(whole.left() + self._comparing.now.split * whole.width(), self._frame.center().y())
