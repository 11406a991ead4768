"""The clone brush: paints the reference's codes into the cells it covers; Alt-click takes the step on screen for it."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPainter

from sni_desktop.activities.clone import Clone
from sni_desktop.activities.painting import Painting, Settings
from sni_desktop.canvas import overlay
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.pictures import Part, PicturePainter
from sni_desktop.canvas.tools.strokes import footprint
from sni_desktop.canvas.tools.stroking import StrokeTool
from sni_desktop.canvas.tools.tool import Point
from sni_desktop.document import Document
from sni_desktop.snapshot import Notice
from sni_engine.api.arrays import Array

_PICK = Qt.KeyboardModifier.AltModifier
_GHOST = 0.7  # enough to recognise the reference, and to see that it is not painted yet


class CloneBrush(StrokeTool):
    """Before the press the reference shines through the brush, so that one sees what one will get, and where."""

    name = "clone"

    def __init__(self, document: Document, clone: Clone, painting: Painting) -> None:
        super().__init__(document, painting)
        self._clone = clone
        self._ghost = PicturePainter()

    def press(self, point: Point) -> None:
        """Begin a stroke; or, with Alt, copy from the step on screen from now on."""
        selection = self._document.snapshot.selection
        if point.keys & _PICK:
            self._clone.pick()
        elif not self._clone.can_paint:
            self._ask_for_source()
        elif selection is not None:
            self._begin(selection.cells * 0, "replace", self._settings, point)

    def _write(self, cells: Array) -> None:
        self._clone.paint(cells)

    def release(self) -> None:
        """Keep the stroke as one step."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self._clone.release(stroke.cells)

    def cancel(self) -> None:
        """Take the stroke back."""
        self._stroke = None
        self._clone.drop()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Show the reference through what a press would cover; the stroke so far gets an outline only."""
        if scene.mesh is None:
            return
        self._paint_source(painter, scene)
        rows, columns = len(scene.mesh.ys) - 1, len(scene.mesh.xs) - 1
        if self._stroke is not None:
            if self._stroke.cells.shape == (rows, columns):
                overlay.paint_brush(painter, scene.mesh, self._stroke.cells, erases=False)
        elif scene.pointer is not None and not scene.gesture:
            covered = self._settings.shape(footprint(*scene.pointer, self._settings.size, rows, columns))
            if not scene.keys & _PICK:
                self._paint_ghost(painter, scene, covered)
            overlay.paint_brush(painter, scene.mesh, covered, erases=False)

    @property
    def _settings(self) -> Settings:
        """Width and soft edge are the brush's; the other half's codes would be another part of the face."""
        return replace(self._painting.settings, mirrored=False)

    def _paint_ghost(self, painter: QPainter, scene: Scene, covered: Array) -> None:
        source, selection = self._clone.source, scene.snapshot.selection
        if source is None or source.picture is None or selection is None or scene.mesh is None:
            return
        weights = covered * (1 - selection.locked)
        for weight in sorted({float(weight) for weight in weights.flat} - {0.0}):  # a soft edge has a few
            painter.save()
            painter.setClipPath(overlay.region(scene.mesh, weights == weight))
            painter.setOpacity(_GHOST * weight)
            self._ghost.paint(painter, scene, (Part(source.picture),))
            painter.restore()

    def _paint_source(self, painter: QPainter, scene: Scene) -> None:
        """Say in the lower left corner where codes come from."""
        source = self._clone.source
        text = QCoreApplication.translate("Canvas", "Nothing to paint from: Alt-click takes this step")
        if source is not None:
            text = QCoreApplication.translate("Canvas", "Paints from {name}").replace("{name}", source.label)
        bottom = min(scene.frame.bottom(), scene.viewport.height)
        height = painter.fontMetrics().height() + 8
        overlay.paint_badge(painter, QPointF(max(scene.frame.left(), 0) + 10, bottom - height - 10), text)

    def _ask_for_source(self) -> None:
        title = QCoreApplication.translate("Canvas", "There is nothing to paint from yet.")
        hint = QCoreApplication.translate("Canvas", "Alt-click takes the step on screen; the Blend panel has more.")
        self._document.tell(Notice("info", title, hint))
