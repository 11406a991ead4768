"""What a layer of the canvas is: it is shown the scene and draws upon the picture."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from sni_desktop.canvas.overlay import Mesh
from sni_desktop.canvas.viewport import Viewport
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme

Veil = Literal["none", "light", "full"]
"""How much of what lies over the picture gives way to it. light: grid and tints, so that colours can be judged.
full: everything but what lies on top.
"""


class Place(IntEnum):
    """Where a layer lies; layers of one place are drawn in the order in which they were added."""

    OVER_PICTURE = 0
    OVER_SELECTION = 1  # above grid and selection, below the tool's outline
    ON_TOP = 2


@dataclass(frozen=True, eq=False)
class Scene:
    """What is painted now, in logical pixels of the widget.

    mesh: None while there is no grid. pointer: row and column in units of cells, perhaps outside the grid; None when
    the pointer is elsewhere. keys: the modifiers held. gesture: whether a button is down and a tool at work.
    veil: what gives way to the picture now. cursor: the cell that the keys are on, None while that is not shown.
    """

    snapshot: Snapshot
    mesh: Mesh | None
    viewport: Viewport
    pixel_ratio: float
    theme: Theme
    pointer: tuple[float, float] | None
    keys: Qt.KeyboardModifier
    gesture: bool
    veil: Veil = "none"
    cursor: tuple[int, int] | None = None

    @property
    def frame(self) -> QRectF:
        """The rectangle of the picture, on whole device pixels."""
        view, ratio = self.viewport, self.pixel_ratio
        left, top, side = (round(length * ratio) / ratio for length in (view.left, view.top, view.side))
        return QRectF(left, top, side, side)


class Layer(Protocol):
    """Something drawn over the picture. It is painted with the scene whenever the canvas is; for more, the signal that
    was given to `CanvasView.add_layer` asks for it.
    """

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw; the painter's state is restored afterwards."""


def grid_shape(now: Snapshot) -> tuple[int, int] | None:
    """Return rows and columns of the grid, None while there is none."""
    if now.selection is None:
        return None
    rows, columns = now.selection.cells.shape
    return rows, columns
