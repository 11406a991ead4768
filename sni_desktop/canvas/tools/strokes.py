"""Painting cells: brush footprints, strokes without gaps, and what a stroke does to the selection."""

import math
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np

from sni_engine.api.arrays import Array

Mode = Literal["replace", "add", "subtract"]
_STEP = 0.25  # cells between two dabs of a stroke


def footprint(row: float, column: float, size: int, rows: int, columns: int) -> Array:
    """Return the cells [R, C] a brush covers at a point given in cells: the one under it, and those whose middle is
    within half the size.
    """
    centres_y, centres_x = np.arange(rows)[:, None] + 0.5, np.arange(columns)[None, :] + 0.5
    covered = np.hypot(centres_y - row, centres_x - column) <= size / 2 if size > 1 else np.zeros((rows, columns), bool)
    if 0 <= row < rows and 0 <= column < columns:
        covered[int(row), int(column)] = True
    return covered.astype(np.float32)


@dataclass(frozen=True)
class Stroke:
    """A stroke under way: how it began decides what it does, whatever keys change later."""

    before: Array
    mode: Mode
    size: int
    covered: Array
    at: tuple[float, float]

    def move(self, row: float, column: float) -> Self:
        """Return the stroke drawn on to a point, no cell skipped on the way."""
        start_row, start_column = self.at
        steps = max(1, math.ceil(math.hypot(row - start_row, column - start_column) / _STEP))
        covered = self.covered
        for step in range(1, steps + 1):
            part = step / steps
            y, x = start_row + (row - start_row) * part, start_column + (column - start_column) * part
            covered = np.maximum(covered, footprint(y, x, self.size, *covered.shape))
        return replace(self, covered=covered, at=(row, column))

    @property
    def cells(self) -> Array:
        """The selection [R, C] this stroke makes."""
        if self.mode == "replace":
            return self.covered
        return np.maximum(self.before, self.covered) if self.mode == "add" else self.before * (1 - self.covered)


def start_stroke(before: Array, mode: Mode, size: int, row: float, column: float) -> Stroke:
    """Begin a stroke at a point given in cells."""
    return Stroke(before, mode, size, footprint(row, column, size, *before.shape), (row, column))


def stroke_mode(erases: bool, shift: bool, subtract: bool) -> Mode:
    """Return what a stroke does: Shift adds, Alt or Ctrl subtracts, the eraser always subtracts."""
    if erases or subtract:
        return "subtract"
    return "add" if shift else "replace"
