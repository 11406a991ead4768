"""The hand: moves the picture."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.tools.tool import Point


class Hand:
    """Also in hand while Space or the middle button is held."""

    name = "hand"

    def __init__(self, pan: Callable[[float, float], None]) -> None:
        self._pan = pan
        self._at: QPointF | None = None

    @property
    def cursor(self) -> Qt.CursorShape:
        """Closed while it holds the picture."""
        return Qt.CursorShape.OpenHandCursor if self._at is None else Qt.CursorShape.ClosedHandCursor

    def press(self, point: Point) -> None:
        """Take hold."""
        self._at = point.place

    def move(self, point: Point) -> None:
        """Move the picture with the pointer."""
        if self._at is not None:
            moved = point.place - self._at
            self._at = point.place
            self._pan(moved.x(), moved.y())

    def release(self) -> None:
        """Let go."""
        self._at = None

    def cancel(self) -> None:
        """Let go; the picture stays where it is, as nothing is lost by that."""
        self._at = None

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """The hand takes no cells."""
