"""The layers that the canvas always has: grid and selection."""

from PySide6.QtGui import QPainter

from sni_desktop.canvas import overlay
from sni_desktop.canvas.layers import Scene


class GridLayer:
    """Hairlines between the cells."""

    def __init__(self) -> None:
        self.visible = True

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw the grid, if it is wanted."""
        if self.visible and scene.mesh is not None and scene.veil == "none":
            overlay.paint_grid(painter, scene.mesh)


class SelectionLayer:
    """The selected cells."""

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Tint and outline the selection; a draft is watched for its colours: outline only."""
        selection = scene.snapshot.selection
        if selection is not None and scene.mesh is not None and selection.cells.any():
            plain = scene.veil == "none"
            tinted = plain and not scene.snapshot.draft
            overlay.paint_selection(painter, scene.mesh, selection.cells, tinted, thin=not plain)
