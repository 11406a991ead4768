"""What every method does: move chosen code entries toward a source. new = old + w (source - old)."""

from collections.abc import Callable, Iterator

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes, GridSpec, Level
from sni_engine.api.edits import Edit
from sni_engine.api.selection import Selection

Method = Callable[[Codes, Edit, GridSpec], Iterator[float | Codes]]
"""Yields how far it is, 0 to 1, any number of times, then the resulting codes. Closing it cancels."""


def level_weights(level: Level, selection: Selection, grid: GridSpec) -> Array:
    """Return how far each entry of a level may move, broadcastable to the level's shape.

    Local codes by their cell's weight, shared codes by their quadrant's greatest, global and style codes in full.
    """
    if level == "local":
        return selection.cells[:, :, None]
    if level == "shared":
        return grid.quadrants(selection.cells)[:, :, None]
    return np.ones(1, np.float32)


def blend(before: Codes, source: Codes, selection: Selection, amount: float, grid: GridSpec) -> Codes:
    """Return `before` moved toward `source` at the selected levels; exact at weights 0 and 1. The noise stays."""
    moved: dict[Level, Array] = {}
    for level in selection.levels:
        weight = level_weights(level, selection, grid) * np.float32(amount)
        moved[level] = (1 - weight) * before.level(level) + weight * source.level(level)
    return before.with_levels(moved)
