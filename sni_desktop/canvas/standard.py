"""The layers that the canvas always has: grid, selection, and the badge on what is no step yet."""

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QPainter

from sni_desktop.canvas import overlay
from sni_desktop.canvas.layers import Scene


class GridLayer:
    """Hairlines between the cells."""

    def __init__(self) -> None:
        self.visible = True

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw the grid, if it is wanted."""
        if self.visible and scene.mesh is not None:
            overlay.paint_grid(painter, scene.mesh)


class SelectionLayer:
    """The selected cells."""

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Tint and outline the selection; a draft is watched for its colours: outline only."""
        selection = scene.snapshot.selection
        if selection is not None and scene.mesh is not None and selection.cells.any():
            overlay.paint_selection(painter, scene.mesh, selection.cells, tinted=not scene.snapshot.draft)


class BadgeLayer:
    """A word on pictures that are no step of the history."""

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Write the preview's label, or that this is a draft."""
        if scene.snapshot.draft:
            corner = QPointF(max(scene.viewport.left, 0), max(scene.viewport.top, 0))
            text = scene.snapshot.preview or QCoreApplication.translate("Canvas", "Draft")
            overlay.paint_badge(painter, corner + QPointF(10, 10), text)
