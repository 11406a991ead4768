"""The layers that the canvas always has: grid and selection."""

from PySide6.QtGui import QPainter

from sni_desktop.canvas import overlay
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.look import Look


class GridLayer:
    """Hairlines between the cells."""

    def __init__(self) -> None:
        self.visible = True

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw the grid, if it is wanted."""
        if self.visible and scene.mesh is not None and scene.veil == "none":
            overlay.paint_grid(painter, scene.mesh)


class SelectionLayer:
    """The selected cells; when they are hidden, they show while a tool is at work."""

    def __init__(self) -> None:
        self.look: Look = Look()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Tint and outline the selection; a draft is watched for its colours: outline only."""
        selection = scene.snapshot.selection
        if selection is None or scene.mesh is None or not selection.cells.any():
            return
        if self.look.visible or scene.gesture:
            plain = scene.veil == "none"
            tinted = plain and not scene.snapshot.draft
            overlay.paint_selection(painter, scene.mesh, selection, self.look, tinted, thin=not plain)
