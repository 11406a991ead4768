"""Weights of cells [R, C], 0 to 1, as people shape them: grown, shrunk, softened, mirrored, drawn around."""

import numpy as np

from sni_engine.api.arrays import Array

_FINE = 4  # points per cell and axis when coverage is measured


def grow(cells: Array) -> Array:
    """Return cells with the eight around each taken in."""
    padded = np.pad(cells, 1)
    rows, columns = cells.shape
    shifted = [padded[down : down + rows, right : right + columns] for down in range(3) for right in range(3)]
    return np.max(shifted, 0)


def shrink(cells: Array) -> Array:
    """Return cells without their rim; what touches the edge of the picture is no rim."""
    return 1 - grow(1 - cells)


def soften(cells: Array, radius: float) -> Array:
    """Return cells blurred by a Gaussian of half the radius; beyond the edge everything is as at the edge."""
    if radius <= 0:
        return cells
    reach = int(np.ceil(radius)) + 1
    places = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (places / (radius / 2)) ** 2)
    kernel /= kernel.sum()
    blurred = np.pad(cells.astype(np.float64), reach, mode="edge")
    for axis in (0, 1):
        blurred = np.apply_along_axis(np.convolve, axis, blurred, kernel, "valid")
    return np.where(blurred < 0.02, 0, blurred).clip(0, 1).astype(np.float32)


def mirror(cells: Array) -> Array:
    """Return cells with left and right exchanged."""
    return np.ascontiguousarray(cells[:, ::-1])


def combine(before: Array, shape: Array, mode: str) -> Array:
    """Return what a shape makes of a selection: "replace", "add", "subtract" or "intersect".

    What a soft shape added to a cell that was free is taken away again by the same shape, without a rest.
    """
    if mode == "replace":
        return shape
    if mode == "add":
        return np.maximum(before, shape)
    return np.maximum(before - shape, 0) if mode == "subtract" else np.minimum(before, shape)


def rectangle(start: tuple[float, float], end: tuple[float, float], rows: int, columns: int) -> Array:
    """Return the cells that a rectangle touches; its corners are given in units of cells, row first."""
    cells = np.zeros((rows, columns), np.float32)
    (top, bottom), (left, right) = (sorted(pair) for pair in zip(start, end, strict=True))
    cells[_span(top, bottom, rows), _span(left, right, columns)] = 1
    return cells


def _span(low: float, high: float, count: int) -> slice:
    if high < 0 or low >= count:
        return slice(0, 0)
    return slice(max(0, int(np.floor(low))), min(count, int(np.floor(high)) + 1))


def polygon(points: Array, rows: int, columns: int, soft: bool = False) -> Array:
    """Return the cells inside a closed line through points [N, 2], row and column in units of cells.

    A cell counts when its middle is inside; soft: by how much of it is.
    """
    fine = _FINE if soft else 1
    y = (np.arange(rows * fine) + 0.5) / fine
    x = (np.arange(columns * fine) + 0.5) / fine
    inside = _is_inside(np.asarray(points, np.float64), y[:, None], x[None, :])
    return inside.reshape(rows, fine, columns, fine).mean((1, 3)).astype(np.float32)


def _is_inside(points: Array, y: Array, x: Array) -> Array:
    """Say which places a closed line goes around an odd number of times."""
    inside = np.zeros(np.broadcast_shapes(y.shape, x.shape), bool)
    for (y1, x1), (y2, x2) in zip(points, np.roll(points, -1, 0), strict=True):
        if y1 != y2:
            crosses = (y1 > y) != (y2 > y)
            inside ^= crosses & (x < x1 + (y - y1) / (y2 - y1) * (x2 - x1))
    return inside
