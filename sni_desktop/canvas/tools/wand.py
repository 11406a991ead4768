"""The magic wand: takes the cells that the parts under it cover, softly; the outline shows what a press would take."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from sni_desktop.activities.painting import Painting
from sni_desktop.activities.parts import Parts, PartsState
from sni_desktop.canvas import overlay
from sni_desktop.canvas.kept import Kept
from sni_desktop.canvas.layers import Scene
from sni_desktop.canvas.part_layer import SeenParts, stroke
from sni_desktop.canvas.part_shapes import Place, is_at
from sni_desktop.canvas.tools.strokes import Mode, held_mode
from sni_desktop.canvas.tools.tool import Point
from sni_desktop.document import Document
from sni_desktop.words import fill, say_part
from sni_engine.api.arrays import Array
from sni_engine.api.cells import combine, mirror
from sni_engine.api.parts import Part

_CASING, _LINE = QColor(0, 0, 0, 170), QColor(255, 255, 255)
_BESIDE = QPointF(16, 18)  # of the pointer, for the name
_UNDER = QPointF(0, 6)  # of the cell
_FROM_EDGE_PX = 6
_FLIPPED = QTransform(-1, 0, 0, 1, 1, 0)  # left and right, in fractions of the picture


@dataclass(frozen=True, eq=False)
class _Taken:
    """A part a stroke has touched, with the cells it covers [R, C]. near, piece [H, W]: for one piece of it alone."""

    part: Part
    cells: Array
    near: Place | None
    piece: Array | None

    def holds(self, part: Part, place: Place) -> bool:
        return self.part == part and (self.piece is None or is_at(self.piece, place))


@dataclass(frozen=True)
class _Awaited:
    """A press that waits for the map of a step."""

    place: Place
    mode: Mode
    codes: str


class Wand:
    """Drawn on over other parts, it takes these too. A press before the map has come waits for it.

    told: hears in words what a stroke has done, for who cannot see it.
    """

    name = "wand"
    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self, document: Document, painting: Painting, parts: Parts, seen: SeenParts, told: Callable[[str], object]
    ) -> None:
        self._document = document
        self._painting = painting
        self._parts = parts
        self._seen = seen
        self._told = told
        self._before: Array | None = None
        self._mode: Mode = "replace"
        self._at: Place = (0.0, 0.0)
        self._taken: list[_Taken] = []
        self._is_down = False
        self._awaited: _Awaited | None = None
        self._kept = Kept()
        parts.changed.connect(self._go_on)

    def mode(self, keys: Qt.KeyboardModifier) -> Mode:
        """What a press does by the keys held; a stroke under way goes on as it began."""
        return self._mode if self._before is not None else held_mode(False, keys)

    def press(self, point: Point) -> None:
        """Take the part under the pointer, now or as soon as it is known."""
        self._is_down = True
        self._ask((point.y, point.x), held_mode(False, point.keys))

    def take_cell(self, cell: tuple[int, int]) -> bool:
        """Take the part in the middle of a cell, or leave it out if the cell is selected; says whether it is ours."""
        selection = self._document.snapshot.selection
        if selection is None or self._before is not None:
            return False
        self._ask(_find_middle(cell, selection.cells), "subtract" if selection.cells[cell] else "add")
        self.release()
        return True

    def name_cell(self, cell: tuple[int, int]) -> str:
        """Return what the part in the middle of a cell is called, "" while that is not known."""
        now = self._document.snapshot
        known = now.selection is not None and self._seen.is_step(now)
        part = self._parts.part_at(*_find_middle(cell, now.selection.cells)) if known and now.selection else None
        return "" if part is None else self._name(part)

    def _name(self, part: Part) -> str:
        """Return what a press would take, in words."""
        name = say_part(part.name)
        return fill(_tr("{part}, this piece"), part=name) if self._painting.settings.one_piece else name

    def move(self, point: Point) -> None:
        """Take the parts on the way, too."""
        map = self._parts.state.map
        if self._before is None or map is None:
            return
        (y, x), (height, width) = self._at, map.fine.shape
        steps = max(1, math.ceil(max(abs(point.y - y) * height, abs(point.x - x) * width)))
        shares = [step / steps for step in range(1, steps + 1)]
        touched = [self._touch((y + (point.y - y) * share, x + (point.x - x) * share)) for share in shares]
        self._at = (point.y, point.x)
        if any(touched):
            self._write()

    def release(self) -> None:
        """The selection stays; the part that was touched last is the one that is meant."""
        taken = self._taken
        self._before, self._taken, self._is_down = None, [], False
        if taken:
            self._parts.choose(taken[-1].part.name)
            self._told(_describe([each.part for each in taken], self._mode))

    def cancel(self) -> None:
        """Take the stroke back, unless the grid it was drawn on is gone."""
        before, selection = self._before, self._document.snapshot.selection
        self._before, self._taken, self._is_down = None, [], False
        self.forget()
        if before is not None and selection is not None and selection.cells.shape == before.shape:
            self._document.set_cells(before)

    def forget(self) -> None:
        """Wait for no map any longer."""
        self._awaited = None

    # -- taking ------------------------------------------------------------------------------------------------------

    def _ask(self, place: Place, mode: Mode) -> None:
        now = self._document.snapshot
        self.forget()
        if now.history is None or not self._seen.is_step(now):
            return  # what the pointer is on is not where the parts are
        if self._parts.state.map is not None:
            self._begin(place, mode)
            return
        self._awaited = _Awaited(place, mode, now.history.current.codes.digest)
        self._parts.tell_if_none()

    def _go_on(self, state: PartsState) -> None:
        """Do what was waited for, unless there is another picture by now."""
        awaited, history = self._awaited, self._document.snapshot.history
        if awaited is None or history is None:
            return
        if history.current.codes.digest != awaited.codes or (state.is_known and state.parts is None):
            self.forget()
        elif state.map is not None:
            self.forget()
            self._begin(awaited.place, awaited.mode)
            if not self._is_down:
                self.release()

    def _begin(self, place: Place, mode: Mode) -> None:
        selection = self._document.snapshot.selection
        if selection is not None:
            self._before, self._mode, self._at, self._taken = selection.cells, mode, place, []
            self._touch(place)
            self._write()

    def _touch(self, place: Place) -> bool:
        """Note the part at a place; says whether it is another than those before."""
        part, map = self._parts.part_at(*place), self._parts.state.map
        if part is None or map is None or any(taken.holds(part, place) for taken in self._taken):
            return False
        near = place if self._painting.settings.one_piece else None
        cells = self._parts.cells_of(part, near)
        if cells is None or self._before is None or cells.shape != self._before.shape:
            return False
        self._taken.append(_Taken(part, cells, near, None if near is None else map.pixels(part, near)))
        return True

    def _write(self) -> None:
        assert self._before is not None
        covered = np.max([np.zeros_like(self._before), *(taken.cells for taken in self._taken)], 0)
        if self._painting.settings.mirrored:
            covered = np.maximum(covered, mirror(covered))
        self._document.set_cells(combine(self._before, covered, self._mode))

    # -- drawing -----------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Outline the part that a press would take, or those that the stroke has taken so far."""
        if self._before is not None:
            self._outline(painter, scene, [(taken.part, taken.near) for taken in self._taken])
            return
        place = None if scene.gesture else self._place(scene)
        part = None if place is None else self._parts.part_at(*place)
        if place is not None and part is not None:
            near = place if self._painting.settings.one_piece else None
            # above the picture, and mostly on it, but for what is said of pieces
            is_named = self._parts.state.is_on and scene.cursor is None and near is None
            if self._outline(painter, scene, [(part, near)]) and not is_named:
                _write_name(painter, scene, self._beside(scene, place), self._name(part))

    def _place(self, scene: Scene) -> Place | None:
        """Return what is meant, (y, x): the middle of the cell that the keys are on, or else where the pointer is."""
        if scene.mesh is None:
            return None
        rows, columns = len(scene.mesh.ys) - 1, len(scene.mesh.xs) - 1
        if scene.cursor is not None:
            return (scene.cursor[0] + 0.5) / rows, (scene.cursor[1] + 0.5) / columns
        return None if scene.pointer is None else (scene.pointer[0] / rows, scene.pointer[1] / columns)

    def _beside(self, scene: Scene, place: Place) -> QPointF:
        """Return where a name goes: under the cell that the keys are on, or else beside the pointer."""
        if scene.cursor is not None and scene.mesh is not None:
            return scene.mesh.cell(*scene.cursor).bottomLeft() + _UNDER
        frame = scene.frame
        return frame.topLeft() + QPointF(place[1] * frame.width(), place[0] * frame.height()) + _BESIDE

    def _outline(self, painter: QPainter, scene: Scene, parts: list[tuple[Part, Place | None]]) -> bool:
        """Draw lines around parts or pieces; says whether that could be done."""
        shapes = self._seen.shapes(scene.snapshot)
        if shapes is None or not all(part in shapes.parts.parts for part, _ in parts):
            return False
        paths = [shapes.outline(part) if near is None else shapes.outline_piece(part, near) for part, near in parts]
        takes_away = self.mode(scene.keys) in ("subtract", "intersect")
        mirrored, frame = self._painting.settings.mirrored, scene.frame
        wanted = (*paths, mirrored, takes_away)

        def draw(inner: QPainter) -> None:
            for path in paths:
                _draw_line(inner, frame, path.united(_FLIPPED.map(path)) if mirrored else path, takes_away)

        self._kept.paint(painter, scene, frame, wanted, draw)
        return True


def _find_middle(cell: tuple[int, int], cells: Array) -> Place:
    rows, columns = cells.shape
    return (cell[0] + 0.5) / rows, (cell[1] + 0.5) / columns


def _describe(parts: Sequence[Part], mode: Mode) -> str:
    """Return what a stroke has done, in words."""
    texts: dict[Mode, str] = {
        "replace": _tr("Selected: {parts}"),
        "add": _tr("Added to the selection: {parts}"),
        "subtract": _tr("Taken from the selection: {parts}"),
        "intersect": _tr("Of the selection stays: {parts}"),
    }
    return fill(texts[mode], parts=", ".join(dict.fromkeys(say_part(part.name) for part in parts)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Canvas", text)


def _draw_line(painter: QPainter, frame: QRectF, path: QPainterPath, dashed: bool) -> None:
    stroke(painter, frame, path, QPen(_CASING, 4.0))
    stroke(painter, frame, path, QPen(_LINE, 2.0, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))


def _write_name(painter: QPainter, scene: Scene, corner: QPointF, text: str) -> None:
    """Write a part's name on a badge with its upper left corner at a place, but inside the widget."""
    view, metrics = scene.viewport, painter.fontMetrics()
    widest, lowest = view.width - metrics.horizontalAdvance(text) - 16, view.height - metrics.height() - 8
    x, y = min(corner.x(), widest - _FROM_EDGE_PX), min(corner.y(), lowest - _FROM_EDGE_PX)
    overlay.paint_badge(painter, QPointF(x, y), text)
