"""What a tool is, and what it is told of the pointer."""

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from sni_desktop.canvas.layers import Scene


@dataclass(frozen=True)
class Point:
    """Where the pointer is. place: in the widget. x, y: from 0 to 1 over the picture, perhaps outside it.

    rows, columns: of the grid; 1 while there is none. keys: the modifiers held.
    """

    place: QPointF
    x: float
    y: float
    rows: int
    columns: int
    keys: Qt.KeyboardModifier

    @property
    def row(self) -> float:
        """Down, in units of cells."""
        return self.y * self.rows

    @property
    def column(self) -> float:
        """To the right, in units of cells."""
        return self.x * self.columns

    @property
    def cell(self) -> tuple[int, int] | None:
        """The cell under the pointer, None outside the picture."""
        inside = 0 <= self.x < 1 and 0 <= self.y < 1
        return (int(self.row), int(self.column)) if inside else None


class Tool(Protocol):
    """One tool; after `press` come any number of `move`, then `release` or `cancel`, and nothing else between.

    The grid never changes between them: a gesture that another model cuts off is cancelled.
    """

    @property
    def name(self) -> str:
        """What commands call it."""

    @property
    def cursor(self) -> Qt.CursorShape:
        """The pointer's shape."""

    def press(self, point: Point) -> None:
        """Begin; the keys held now decide what the gesture does."""

    def move(self, point: Point) -> None:
        """Go on with the button down."""

    def release(self) -> None:
        """End; what was done stays."""

    def cancel(self) -> None:
        """End, and take back what was done since the press."""

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw what a press would take, or what the gesture has taken so far."""


class Handle(Tool, Protocol):
    """A tool that is on the canvas rather than in hand, such as a line that can be dragged."""

    def takes(self, point: Point) -> bool:
        """Say whether a press there is for it."""
