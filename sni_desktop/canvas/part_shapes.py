"""The outlines of parts: smooth, without a gap between neighbours, in fractions of the picture; and where names fit."""

from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from sni_desktop.canvas.contour import trace_rings
from sni_engine.api.arrays import Array
from sni_engine.api.parts import Part, PartMap, PartSet

_SIDE_PX = 256  # at which lines are drawn: a map of fewer pixels gets smooth ones, of more pixels fewer points
_BLUR = 0.65  # of a pixel of the map: corners go, an eye of three pixels stays
_REACH_PX = 3  # of the map, that blurring looks at
_FLAT_PX, _PASSES, _FEW = 0.05, 3, 8  # of the enlarged map; how often, and from how many points on, a line is thinned
_ABOUT = 0.6  # as thick as elsewhere, or more

Place = tuple[float, float]


class PartShapes:
    """The shapes of one picture's parts. Each part is where it is stronger than all others, once they are blurred."""

    def __init__(self, map: PartMap, parts: PartSet) -> None:
        self.map: PartMap = map
        self.parts: PartSet = parts
        labels = map.label(parts)
        step = -(-max(labels.shape) // _SIDE_PX)
        self._labels = labels[::step, ::step]
        self._times = max(1, _SIDE_PX // max(self._labels.shape))
        self._fields = [_Field(self._labels == index, self._times) for index in range(len(parts.parts))]
        self._rank()
        self._paths: dict[str, QPainterPath] = {}
        self._rooms: dict[str, tuple[Place, Place]] = {}
        self._piece: tuple[Part, Array, QPainterPath] | None = None

    def outline(self, part: Part) -> QPainterPath:
        """Return the outline of all of a part."""
        if part.name not in self._paths:
            index = self.parts.parts.index(part)
            field = self._fields[index]
            path = self._trace(field, field.values - self._others(index, field))
            self._paths[part.name] = path if path.elementCount() else _box_pixels(self._labels == index)
        return self._paths[part.name]

    def outline_piece(self, part: Part, near: Place) -> QPainterPath:
        """Return the outline of the piece of a part that is at a place (y, x)."""
        known = self._piece
        if known is None or known[0] != part or not is_at(known[1], near):
            index = self.parts.parts.index(part)
            piece = self.map.pixels(part, near)
            field = _Field(piece, self._times)
            path = self._trace(field, field.values - self._others(index, field))  # other pieces lie beyond other parts
            self._piece = known = part, piece, path if path.elementCount() else _box_pixels(piece)
        return known[2]

    @cached_property
    def lines(self) -> list[QLineF]:
        """All lines around parts, piece by piece. Borders come twice, from either side."""
        rings = [ring for part in self.parts.parts for ring in self.outline(part).toSubpathPolygons()]
        return [QLineF(start, end) for ring in rings for start, end in pairwise(ring.toList())]

    def find_room(self, part: Part) -> tuple[Place, Place]:
        """Return where a name fits best into a part, (y, x), and how tall and wide the part is there, in fractions.

        That is in the row where it is thickest, in the middle if it is about as thick there. For a part that is there.
        """
        if part.name not in self._rooms:
            self._rooms[part.name] = self._measure_room(self._labels == self.parts.parts.index(part))
        return self._rooms[part.name]

    def _measure_room(self, mask: Array) -> tuple[Place, Place]:
        left = np.pad(mask, 1)
        while left.any():
            last, left = left, _shrink(left)
        row, start, end = _longest_run(last[1:-1, 1:-1])
        left_edge, right_edge = _run_around(mask[row], start)
        thickest, middle = (_run_around(mask[:, (a + b) // 2], row) for a, b in ((start, end), (left_edge, right_edge)))
        (top, bottom), x = middle, left_edge + right_edge
        if bottom - top < _ABOUT * (thickest[1] - thickest[0]):
            (top, bottom), x = thickest, start + end
        height, width = mask.shape
        is_wide = bottom - top < right_edge - left_edge  # else anything may come along the column
        y = (top + bottom) / 2 if is_wide else row + 0.5
        return (y / height, x / 2 / width), ((bottom - top) / height, (right_edge - left_edge) / width)

    def _rank(self) -> None:
        """Note, for each place, the two strongest parts: a border is where these are equally strong."""
        height, width = (side * self._times for side in self._labels.shape)
        self._best = np.zeros((height, width), np.float32)
        self._second = self._best.copy()
        self._owner = np.zeros((height, width), np.uint8)
        for index, field in enumerate(self._fields):
            best, second, owner = (_cut(array, field) for array in (self._best, self._second, self._owner))
            wins = field.values > best
            second[...] = np.where(wins, best, np.maximum(second, field.values))
            best[wins], owner[wins] = field.values[wins], index

    def _others(self, index: int, field: "_Field") -> Array:
        """Return how strong the strongest part but one is, where a field is."""
        best, second, owner = (_cut(array, field) for array in (self._best, self._second, self._owner))
        return np.where(owner == index, second, best)

    def _trace(self, field: "_Field", margin: Array) -> QPainterPath:
        path = QPainterPath()
        if not margin.size:
            return path
        height, width = self._best.shape
        scale, corner = np.array(margin.shape[::-1]), np.array([field.columns.start, field.rows.start])
        for ring in trace_rings(margin, 0.0):
            points = (_thin(ring * scale) + corner) / (width, height)
            path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
            path.closeSubpath()
        return path


class _Field:
    """A mask [H, W], enlarged and blurred, where it is not zero: rows and columns of the enlarged map, and values."""

    def __init__(self, mask: Array, times: int) -> None:
        sides = [np.flatnonzero(mask.any(axis)) for axis in (1, 0)]
        spans = [_span(found, side) for found, side in zip(sides, mask.shape, strict=True)]
        (top, bottom), (left, right) = spans
        self.rows, self.columns = slice(top * times, bottom * times), slice(left * times, right * times)
        down = _weigh(mask.shape[0], times)[self.rows, top:bottom]
        across = _weigh(mask.shape[1], times)[self.columns, left:right]
        self.values: Array = down @ mask[top:bottom, left:right].astype(np.float32) @ across.T


def is_at(mask: Array, place: Place) -> bool:
    """Say whether a place (y, x) of the picture is in a mask [H, W]."""
    row, column = (min(max(int(at * side), 0), side - 1) for at, side in zip(place, mask.shape, strict=True))
    return bool(mask[row, column])


def _span(found: Array, side: int) -> tuple[int, int]:
    """Return from where to where a mask is not empty, and a little around."""
    return (max(0, int(found[0]) - _REACH_PX), min(side, int(found[-1]) + 1 + _REACH_PX)) if len(found) else (0, 0)


def _cut(array: Array, field: _Field) -> Array:
    return array[field.rows, field.columns]


def _box_pixels(mask: Array) -> QPainterPath:
    """Return the pixels of a mask, in fractions of it: single ones are too weak for a blurred outline."""
    path, (height, width) = QPainterPath(), mask.shape
    for row, column in np.argwhere(mask).tolist():
        path.addRect(QRectF(column / width, row / height, 1 / width, 1 / height))
    return path.simplified()


def _thin(ring: Array) -> Array:
    """Return a closed line [N, 2] without points that are hardly off the straight way between their neighbours."""
    for _ in range(_PASSES):
        before, after = np.roll(ring, 1, 0), np.roll(ring, -1, 0)
        way, off = after - before, ring - before
        away = np.abs(way[:, 0] * off[:, 1] - way[:, 1] * off[:, 0]) / np.maximum(np.hypot(*way.T), 1e-9)
        stays = (away > _FLAT_PX) | (np.arange(len(ring)) % 2 == 0)  # never two neighbours at once
        ring = ring[stays] if len(ring) > _FEW else ring
    return ring


def _shrink(mask: Array) -> Array:
    """Return which pixels of a mask with an empty rim have all four neighbours."""
    inner = np.zeros_like(mask)
    inner[1:-1, 1:-1] = mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:] & mask[1:-1, 1:-1]
    return inner


def _longest_run(mask: Array) -> tuple[int, int, int]:
    """Return row, start and end of the longest run of a mask's pixels within a row."""
    steps = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    longest = int(np.argmax(ends - starts))
    return int(rows[longest]), int(starts[longest]), int(ends[longest])


def _run_around(line: Array, at: int) -> tuple[int, int]:
    """Return from where to where a line of a mask holds together around a pixel that is in it."""
    gaps = np.flatnonzero(~line)
    after = int(np.searchsorted(gaps, at))
    return int(gaps[after - 1]) + 1 if after else 0, int(gaps[after]) if after < len(gaps) else len(line)


@lru_cache(maxsize=4)
def _weigh(side: int, times: int) -> Array:
    """Return how much each pixel counts for each of an enlarged row: float32 [times * side, side], rows sum to 1."""
    places = (np.arange(times * side) + 0.5) / times
    away = (places[:, None] - (np.arange(side) + 0.5)[None, :]) / _BLUR
    weights = np.where(np.abs(away) * _BLUR <= _REACH_PX, np.exp(-(away**2) / 2), 0)
    scaled: Array = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    return scaled
