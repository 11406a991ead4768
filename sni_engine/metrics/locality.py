"""How local an edit was: the mean CIELAB difference inside and outside the cells it reaches, and how far it strays."""

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.codes import GridSpec
from sni_engine.api.colour import lab_difference, to_lab
from sni_engine.api.messages import Locality
from sni_engine.api.selection import Selection

SEEN = 1.0  # a difference that a careful eye just sees
_BLOCKS = 128  # along a side; distances in larger pictures are measured in blocks of pixels


def measure_locality(before: Array, after: Array, selection: Selection, grid: GridSpec) -> Locality:
    """Return how two pictures uint8 [H, W, 3] differ inside and outside the cells that the selection reaches."""
    return compare_labs(to_lab(before), to_lab(after), selection, grid)


def compare_labs(before: Array, after: Array, selection: Selection, grid: GridSpec) -> Locality:
    """Return the same of CIELAB values [H, W, 3]; nothing reached counts as 0."""
    return compare_where(before, after, selection.reach(grid) > 0)


def compare_where(before: Array, after: Array, reached: Array) -> Locality:
    """Return the same inside and outside of what was reached, bool [R, C] of a grid that divides pictures."""
    inside = spread_cells(reached, before.shape[0])
    difference = lab_difference(before, after)
    count, total = int(np.count_nonzero(inside)), float(difference.sum(dtype=np.float64))
    within = float(difference[inside].sum(dtype=np.float64))
    rest = difference.size - count
    seen = difference > SEEN
    strayed = seen & ~inside
    changed = int(np.count_nonzero(seen))
    return Locality(
        inside=within / count if count else 0.0,
        outside=(total - within) / rest if rest else None,
        halo_px=measure_halo(strayed, reached) if count else 0.0,
        strayed=int(np.count_nonzero(strayed)) / changed if changed and rest else 0.0,
    )


def measure_halo(strayed: Array, reached: Array) -> float:
    """Return how many pixels the farthest of `strayed` [H, W] lies outside the reached cells [R, C]; 0 for none."""
    if not strayed.any():
        return 0.0
    block = max(1, strayed.shape[0] // _BLOCKS)
    side = strayed.shape[0] // block
    blocks = strayed.reshape(side, block, side, block).any((1, 3))
    return float(_distance(reached, side)[blocks].max()) * block


def _distance(reached: Array, side: int) -> Array:
    """Return how far each pixel [side, side] lies outside the nearest reached cell; 1 for those that touch it."""
    rows, columns = reached.shape
    down, across = _distance_along(rows, side), _distance_along(columns, side)
    nearest = np.full((side, side), np.inf, np.float32)
    for row in np.flatnonzero(reached.any(1)):
        beside = across[reached[row]].min(0)
        np.minimum(nearest, np.square(down[row])[:, None] + np.square(beside)[None], out=nearest)
    return np.sqrt(nearest)


def _distance_along(count: int, side: int) -> Array:
    """Return how many pixels lie from each of `count` cells to each pixel along one axis [count, side], 0 within."""
    width, place = side // count, np.arange(side, dtype=np.float32)
    first = np.arange(count, dtype=np.float32)[:, None] * width
    return np.maximum(np.maximum(first - place, place - (first + width - 1)), 0)


def spread_cells(cells: Array, size_px: int) -> Array:
    """Return cell values [R, C] spread over the pixels they lie on [size, size]."""
    rows, columns = cells.shape
    return cells.repeat(size_px // rows, 0).repeat(size_px // columns, 1)
