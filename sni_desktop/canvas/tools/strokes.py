"""Painting cells: brush footprints, strokes without gaps, and what a stroke does to the selection."""

import math
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
from PySide6.QtCore import Qt

from sni_desktop.activities.painting import Settings
from sni_engine.api.arrays import Array
from sni_engine.api.cells import combine

Mode = Literal["replace", "add", "subtract", "intersect"]
_SUBTRACT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
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
    settings: Settings
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
            covered = np.maximum(covered, footprint(y, x, self.settings.size, *covered.shape))
        return replace(self, covered=covered, at=(row, column))

    @property
    def cells(self) -> Array:
        """The selection [R, C] this stroke makes."""
        return combine(self.before, self.settings.shape(self.covered), self.mode)


def start_stroke(before: Array, mode: Mode, settings: Settings, row: float, column: float) -> Stroke:
    """Begin a stroke at a point given in cells."""
    return Stroke(before, mode, settings, footprint(row, column, settings.size, *before.shape), (row, column))


def stroke_mode(erases: bool, shift: bool, subtract: bool) -> Mode:
    """Return what a stroke does: Shift adds, Alt or Ctrl subtracts, both intersect; the eraser always subtracts."""
    if erases:
        return "subtract"
    if shift and subtract:
        return "intersect"
    if subtract:
        return "subtract"
    return "add" if shift else "replace"


def held_mode(erases: bool, keys: Qt.KeyboardModifier) -> Mode:
    """Return what a stroke does by the keys that are held."""
    return stroke_mode(erases, bool(keys & Qt.KeyboardModifier.ShiftModifier), bool(keys & _SUBTRACT))
