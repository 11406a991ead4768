"""The line on which a map has a given value, by marching squares; in pieces, or as closed rings."""

import numpy as np

from sni_engine.api.arrays import Array


def smooth(values: Array) -> Array:
    """Return a map [H, W] without its finest grain, so that a line through it is one line and not a hundred."""
    for axis in (0, 1):
        rolled = np.pad(values, [(2, 2) if side == axis else (0, 0) for side in (0, 1)], mode="edge")
        length = values.shape[axis]
        taps = [rolled.take(range(start, start + length), axis) for start in range(5)]
        values = (taps[0] + taps[4] + 4 * (taps[1] + taps[3]) + 6 * taps[2]) / 16
    return values


def trace_level(values: Array, level: float) -> Array:
    """Return line segments x, y, x, y in fractions of the map [N, 4] around where values [H, W] exceed a level.

    Values sit in the middle of their pixels; beyond the map there is nothing, so that every line closes.
    """
    return _cut_squares(values, level)[0]


def trace_rings(values: Array, level: float) -> list[Array]:
    """Return the same as closed lines, each x, y in fractions of the map [N, 2]; the last point is not the first."""
    segments, edges = _cut_squares(values, level)
    begins = np.zeros(int(edges.max(initial=0)) + 1, np.int64)
    begins[edges[:, 0]] = np.arange(len(edges))
    following = begins[edges[:, 1]].tolist()  # each edge that is crossed ends one segment and begins another
    left, rings = [True] * len(following), []
    for start in range(len(following)):
        ring, at = [], start
        while left[at]:
            left[at] = False
            ring.append(at)
            at = following[at]
        if ring:
            rings.append(segments[ring, :2])
    return rings


def _cut_squares(values: Array, level: float) -> tuple[Array, Array]:
    """Return the segments [N, 4], and the numbers of the edges of squares on which they begin and end [N, 2]."""
    height, width = values.shape
    over = np.pad(values - level, 1, constant_values=min(-level, -1e-6))
    corners = over[:-1, :-1], over[:-1, 1:], over[1:, 1:], over[1:, :-1]  # clockwise from upper left
    index = np.packbits([corner > 0 for corner in corners], 0, bitorder="little")[0]
    rows, columns = np.nonzero((index > 0) & (index < 15))  # few: the others hold no line
    ends = [corner[rows, columns] for corner in corners]
    ys, xs = rows - 0.5, columns - 0.5  # where the upper left corners sit, in pixels
    points = [_cross(ends[side], ends[(side + 1) % 4], xs, ys, side) for side in range(4)]
    flat, upright = rows * (width + 2) + columns, (height + 2 + rows) * (width + 2) + columns
    edges = flat, upright + 1, flat + width + 2, upright
    index = index[rows, columns]
    found, numbers = [], []
    for case, sides in _SEGMENTS.items():
        here = index == case
        for first, second in sides:
            found.append(np.concatenate([points[first][here], points[second][here]], -1))
            numbers.append(np.stack([edges[first][here], edges[second][here]], -1))
    segments = np.concatenate(found).clip(0, [width, height] * 2) / ([width, height] * 2)
    return segments, np.concatenate(numbers)


# which sides of a square (0 upper, 1 right, 2 lower, 3 left) a line joins, by the corners that lie above the level
_SEGMENTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 0), (1, 2)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((2, 0),),
    10: ((0, 1), (2, 3)),
    11: ((2, 1),),
    12: ((1, 3),),
    13: ((1, 0),),
    14: ((0, 3),),
}


def _cross(start: Array, end: Array, xs: Array, ys: Array, side: int) -> Array:
    """Return where the level is crossed between two corners of squares [N, 2]."""
    gap = np.where(start == end, 1, start - end)
    part = np.clip(start / gap, 0, 1)
    x = xs + (part, np.ones_like(part), 1 - part, np.zeros_like(part))[side]
    y = ys + (np.zeros_like(part), part, np.ones_like(part), 1 - part)[side]
    return np.stack([x, y], -1)
