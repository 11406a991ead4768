"""What the canvas shows while pictures are compared or a cell's influence is looked at, and the lines over it."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from sni_desktop.activities.comparing import Comparison
from sni_desktop.activities.influencing import EDGE, InfluenceShown
from sni_desktop.activities.seeing import Seeing
from sni_desktop.canvas import overlay
from sni_desktop.canvas.colourmap import lay_heat, map_colours
from sni_desktop.canvas.contour import smooth, trace_level
from sni_desktop.canvas.imaging import enlarge, enlarge_values
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.pictures import Part
from sni_desktop.snapshot import Snapshot
from sni_engine.api.arrays import Array

_HEAT_PX = 256  # heat is laid on at this size at least, so that it is smooth
_CASING = QColor(0, 0, 0, 150)
_LINE = QColor(255, 255, 255, 235)


class SeenPictures:
    """Chooses the pictures; makes a map's colours once, not with every painting."""

    def __init__(self, seeing: Seeing) -> None:
        self._seeing = seeing
        self._made_of: tuple[object, object] = (None, None)
        self._made: Array | None = None

    def __call__(self, now: Snapshot) -> tuple[Part, ...]:
        """Return what to show, in parts."""
        if now.picture is None:
            return ()
        comparison, influence = self._seeing.comparing.now, self._seeing.influencing.now
        shown = comparison.shown
        if shown == "before" and comparison.before is not None:
            return (Part(comparison.before),)
        if shown == "split" and comparison.before is not None:
            return Part(comparison.before, right=comparison.split), Part(now.picture, left=comparison.split)
        if shown == "difference":
            return (Part(self._map_difference(comparison), squares=True),)
        if influence.is_on:
            return (Part(self._map_influence(now.picture, influence)),)
        return (Part(now.picture),)

    def _map_difference(self, now: Comparison) -> Array:
        change, top = now.change, now.top
        assert change is not None
        return self._remember((change, now.fitted), lambda: map_colours(change, top))

    def _map_influence(self, picture: Array, now: InfluenceShown) -> Array:
        def make() -> Array:
            side = max(_HEAT_PX, picture.shape[0])
            large = enlarge(picture, side)
            change = np.zeros((side, side), np.float32) if now.change is None else enlarge_values(now.change, side)
            return lay_heat(large, change, max(now.strongest, 1e-6))

        return self._remember((picture, now.change), make)

    def _remember(self, of: tuple[object, object], make: Callable[[], Array]) -> Array:
        """Return what was made last, unless it was made of something else."""
        if self._made is None or any(a is not b for a, b in zip(of, self._made_of, strict=True)):
            self._made_of, self._made = of, make()
        return self._made


class OutlineLayer:
    """The region that an edit reaches, over the difference; the line around what a cell moves, over its influence."""

    def __init__(self, seeing: Seeing) -> None:
        self._seeing = seeing
        self._traced: tuple[Array, Array] | None = None

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw the line that belongs to what is shown."""
        comparison, influence = self._seeing.comparing.now, self._seeing.influencing.now
        if comparison.shown == "difference":
            if comparison.reach is not None and scene.mesh is not None and not comparison.reach.all():
                _paint_reach(painter, scene.mesh, comparison.reach)
        elif influence.is_on and comparison.shown == "after":
            if influence.cell is not None and scene.mesh is not None:
                _paint_cell(painter, scene.mesh.cell(*influence.cell))
            if influence.change is not None and influence.strongest > 0:
                self._paint_edge(painter, scene.frame, influence.change, influence.strongest)

    def _paint_edge(self, painter: QPainter, frame: QRectF, change: Array, strongest: float) -> None:
        if self._traced is None or self._traced[0] is not change:
            self._traced = change, trace_level(smooth(change), EDGE * strongest)
        corner, side = [frame.left(), frame.top()] * 2, frame.width()
        lines = [QLineF(*ends) for ends in (self._traced[1] * side + corner).tolist()]
        painter.setClipRect(frame)
        for colour, width in ((_CASING, 3.5), (_LINE, 1.5)):
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLines(lines)


def _paint_reach(painter: QPainter, mesh: overlay.Mesh, reach: Array) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    path = overlay.region(mesh, reach)
    for colour, width, style in ((_CASING, 4, Qt.PenStyle.SolidLine), (_LINE, 2, Qt.PenStyle.DashLine)):
        painter.setPen(QPen(colour, width, style))
        painter.drawPath(path)


def _paint_cell(painter: QPainter, rect: QRectF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((_CASING, 3), (_LINE, 1)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.DotLine if width == 1 else Qt.PenStyle.SolidLine))
        painter.drawRect(rect)
