"""The parts over the picture: colours, the lines between them and their names; and when they can be shown at all."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from sni_desktop.activities.seeing import Seeing
from sni_desktop.canvas.kept import Kept
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.part_shapes import PartShapes
from sni_desktop.snapshot import Snapshot
from sni_desktop.words import say_part
from sni_engine.api.part_pictures import colour_parts
from sni_engine.api.parts import Part

_ALPHA, _STRONG, _PALE = 115, 165, 65  # of 255: all alike; the chosen one, and the others then
_CASING, _LINE, _OPACITY = QColor(20, 20, 20), QColor(255, 255, 255), 0.7
_INSIDE_PX = 2  # the picture's own edge is no border between parts
_HALO, _WORDS = QColor(0, 0, 0, 190), QColor(255, 255, 255)
_LEAST_TALL, _LEAST_WIDE = 0.95, 0.6  # of a name's box: it may reach beyond its part to left and right


class SeenParts:
    """The shapes of the parts of what is on screen, made once for each step."""

    def __init__(self, seeing: Seeing) -> None:
        self._seeing = seeing
        self._shapes: PartShapes | None = None

    def is_step(self, now: Snapshot) -> bool:
        """Say whether the canvas shows the current step, which is what part maps are of."""
        comparison, influence = self._seeing.comparing.now, self._seeing.influencing.now
        return not now.draft and comparison.shown == "after" and not influence.is_on

    def shapes(self, now: Snapshot) -> PartShapes | None:
        """Return the shapes; None where there is something else on screen, or while they are not known."""
        state, known = self._seeing.parts.state, self._shapes
        if state.map is None or state.parts is None or not self.is_step(now):
            return None
        if known is None or known.map is not state.map or known.parts is not state.parts:
            self._shapes = known = PartShapes(state.map, state.parts)
        return known


class PartsLayer:
    """All parts in their colours, while that is wanted; the chosen one stronger than the others."""

    def __init__(self, seeing: Seeing, seen: SeenParts) -> None:
        self._parts = seeing.parts
        self._seen = seen
        self._kept = Kept()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw colours, lines and names, if they are wanted."""
        state = self._parts.state
        shapes = self._seen.shapes(scene.snapshot) if state.is_on else None
        if shapes is not None:
            frame = scene.frame
            wanted = (shapes, state.chosen)
            self._kept.paint(painter, scene, frame, wanted, lambda inner: _draw(inner, frame, shapes, state.chosen))


class PointedLayer:
    """The part that is pointed at in the list."""

    def __init__(self, seeing: Seeing, seen: SeenParts) -> None:
        self._parts = seeing.parts
        self._seen = seen

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw its outline, and its colour where the others' are not shown."""
        state = self._parts.state
        shapes = self._seen.shapes(scene.snapshot) if state.from_list else None
        if shapes is None or state.pointed is None:
            return
        path = shapes.outline(state.pointed)
        if not state.is_on:
            there = shapes.parts.parts
            red, green, blue = colour_parts(there)[there.index(state.pointed)].tolist()
            painter.save()
            fit(painter, scene.frame)
            painter.fillPath(path, QColor(red, green, blue, _ALPHA))
            painter.restore()
        for colour, width in ((_CASING, 4.0), (_LINE, 2.0)):
            stroke(painter, scene.frame, path, QPen(colour, width))


class NamesLayer:
    """Their names; above the selection, so that its lines do not cross them out."""

    def __init__(self, seeing: Seeing, seen: SeenParts) -> None:
        self._parts = seeing.parts
        self._seen = seen
        self._kept = Kept()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Write the names, if they are wanted."""
        shapes = self._seen.shapes(scene.snapshot) if self._parts.state.is_on else None
        if shapes is not None:
            frame = scene.frame
            self._kept.paint(painter, scene, frame, (shapes,), lambda inner: _draw_names(inner, frame, shapes))


def _draw(painter: QPainter, frame: QRectF, shapes: PartShapes, chosen: Part | None) -> None:
    _draw_colours(painter, frame, shapes, chosen)
    painter.setClipRect(frame.adjusted(_INSIDE_PX, _INSIDE_PX, -_INSIDE_PX, -_INSIDE_PX))
    painter.setOpacity(_OPACITY)
    painter.drawPixmap(painter.transform().inverted()[0].map(QPointF()), _draw_lines(painter, frame, shapes))


def _draw_lines(painter: QPainter, frame: QRectF, shapes: PartShapes) -> QPixmap:
    """Return the lines on a sheet as large as the painter's. Qt draws many short opaque ones ten times as fast as paths
    that let something through.
    """
    device = painter.device()
    sheet = QPixmap(device.width(), device.height())
    sheet.setDevicePixelRatio(device.devicePixelRatio())
    sheet.fill(Qt.GlobalColor.transparent)
    inner = QPainter(sheet)
    inner.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner.setTransform(painter.transform())
    fit(inner, frame)
    for colour, width in ((_CASING, 2.6), (_LINE, 1.2)):
        pen = QPen(colour, width * device.devicePixelRatio(), Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap)
        pen.setCosmetic(True)  # as wide at every size, in pixels of the device
        inner.setPen(pen)
        inner.drawLines(shapes.lines)
    inner.end()
    return sheet


def _draw_colours(painter: QPainter, frame: QRectF, shapes: PartShapes, chosen: Part | None) -> None:
    parts = shapes.parts.parts
    painter.setPen(Qt.PenStyle.NoPen)
    for part, (red, green, blue) in zip(parts, colour_parts(parts).tolist(), strict=True):
        alpha = _ALPHA if chosen is None else _STRONG if part == chosen else _PALE
        painter.save()
        fit(painter, frame)
        painter.fillPath(shapes.outline(part), QColor(red, green, blue, alpha))
        painter.restore()


def fit(painter: QPainter, frame: QRectF) -> None:
    """Let a painter draw in fractions of the picture."""
    painter.translate(frame.topLeft())
    painter.scale(frame.width(), frame.height())


def stroke(painter: QPainter, frame: QRectF, path: QPainterPath, pen: QPen) -> None:
    """Draw a line along an outline in fractions of the picture, as wide at every size."""
    pen.setCosmetic(True)  # which counts pixels of the device
    pen.setWidthF(pen.widthF() * painter.device().devicePixelRatio())
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)  # rings have many points: rounding each leaves specks
    painter.save()
    fit(painter, frame)
    painter.strokePath(path, pen)
    painter.restore()


def _draw_names(painter: QPainter, frame: QRectF, shapes: PartShapes) -> None:
    """Write each name where its part is thickest, the roomiest first; what does not fit is named under the pointer."""
    font = QFont(painter.font())
    font.setPointSizeF(font.pointSizeF() * 0.95)
    font.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    there = [part for part in shapes.parts.parts if not shapes.outline(part).isEmpty()]
    places = [(*shapes.find_room(part), say_part(part.name)) for part in there]
    taken: list[QRectF] = []
    for (y, x), (tall, wide), name in sorted(places, key=lambda place: -min(place[1])):
        box = QRectF(0, 0, metrics.horizontalAdvance(name), metrics.height())
        box.moveCenter(QPointF(frame.left() + x * frame.width(), frame.top() + y * frame.height()))
        fits = tall * frame.height() >= _LEAST_TALL * box.height() and wide * frame.width() >= _LEAST_WIDE * box.width()
        if fits and frame.contains(box) and not any(box.intersects(other) for other in taken):
            taken.append(box.adjusted(-3, 0, 3, 0))
            _write(painter, QPointF(box.left(), box.top() + metrics.ascent()), font, name)


def _write(painter: QPainter, place: QPointF, font: QFont, text: str) -> None:
    letters = QPainterPath()
    letters.addText(place, font, text)
    painter.strokePath(letters, QPen(_HALO, 3.2, j=Qt.PenJoinStyle.RoundJoin))
    painter.fillPath(letters, _WORDS)
