"""The line on which a map has a given value, by marching squares."""

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
    height, width = values.shape
    over = np.pad(values - level, 1, constant_values=min(-level, -1e-6))
    corners = over[:-1, :-1], over[:-1, 1:], over[1:, 1:], over[1:, :-1]  # clockwise from upper left
    ys, xs = np.mgrid[0 : height + 1, 0 : width + 1] - 0.5  # where the upper left corners sit, in pixels
    points = [_cross(corners[side], corners[(side + 1) % 4], xs, ys, side) for side in range(4)]
    index = sum((corner > 0).astype(int) << bit for bit, corner in enumerate(corners))
    found = []
    for case, sides in _SEGMENTS.items():
        here = index == case
        for first, second in sides:
            found.append(np.concatenate([points[first][here], points[second][here]], -1))
    return np.concatenate(found).clip(0, [width, height] * 2) / ([width, height] * 2)


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
    """Return where the level is crossed between two corners of every square [H + 1, W + 1, 2]."""
    gap = np.where(start == end, 1, start - end)
    part = np.clip(start / gap, 0, 1)
    x = xs + (part, np.ones_like(part), 1 - part, np.zeros_like(part))[side]
    y = ys + (np.zeros_like(part), part, np.ones_like(part), 1 - part)[side]
    return np.stack([x, y], -1)
