"""What an edit may touch: soft weights over the cells, the levels of code, and the cells that are locked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from sni_engine.api.arrays import Array, freeze
from sni_engine.api.codes import LEVELS, GridSpec, Level
from sni_engine.api.errors import EngineError

_RANGE = re.compile(r"\s*(\d+)(?::(\d+))?\s*,\s*(\d+)(?::(\d+))?\s*")


@dataclass(frozen=True, eq=False)
class Selection:
    """Cell weights [R, C] from 0 (kept) to 1 (fully edited), and the levels an edit works on.

    locks [R, C]: 1 for cells that no edit changes, at whatever level; none when not given.
    """

    cells: Array
    levels: tuple[Level, ...] = ("local",)
    locks: Array | None = None

    def __post_init__(self) -> None:
        cells = freeze(self.cells)
        if cells.ndim != 2 or cells.min() < 0 or cells.max() > 1:
            raise ValueError("cell weights must be a two-dimensional array of numbers from 0 to 1")
        locks = freeze(np.zeros_like(cells) if self.locks is None else self.locks)
        if locks.shape != cells.shape or not np.isin(locks, (0, 1)).all():
            raise ValueError("locks must be a 0 or a 1 for every cell")
        unknown = set(self.levels) - set(LEVELS)
        if unknown:
            raise ValueError(f"unknown levels {sorted(unknown)}")
        object.__setattr__(self, "cells", cells)
        object.__setattr__(self, "locks", locks)
        object.__setattr__(self, "levels", tuple(name for name in LEVELS if name in self.levels))

    def with_cells(self, cells: Array) -> Self:
        """Return this selection over other cells."""
        return replace(self, cells=cells)

    def everywhere(self, levels: Iterable[Level]) -> Self:
        """Return this selection over every cell, at these levels; what is locked stays locked."""
        return replace(self, cells=np.ones_like(self.cells), levels=tuple(levels))

    def with_levels(self, levels: Iterable[Level]) -> Self:
        """Return this selection at other levels."""
        return replace(self, levels=tuple(levels))

    def with_locks(self, locks: Array) -> Self:
        """Return this selection with other cells locked."""
        return replace(self, locks=locks)

    @property
    def locked(self) -> Array:
        """Which cells are locked, [R, C] of 0 and 1."""
        assert self.locks is not None
        return self.locks

    @cached_property
    def free_cells(self) -> Array:
        """The cell weights [R, C] with locked cells taken out, read-only."""
        return freeze(self.cells * (1 - self.locked))

    @cached_property
    def touches_nothing(self) -> bool:
        """True when no edit through this selection can change the picture."""
        if not self.levels or self.locked.all():
            return True
        whole = "global" in self.levels or "style" in self.levels
        return not whole and not self.free_cells.any()

    def reach(self, grid: GridSpec) -> Array:
        """Return the weight with which an edit reaches each cell [R, C].

        Local codes reach their own cell, shared codes the quadrants they own, global and style every cell; levels that
        the grid has no codes of reach nothing, and nothing reaches a locked cell.
        """
        levels = set(self.levels) & set(grid.levels)
        reach = np.zeros((grid.rows, grid.columns), np.float32)
        if "local" in levels:
            reach = np.maximum(reach, self.cells)
        if "shared" in levels:
            reach = np.maximum(reach, grid.cells_of(grid.quadrants(self.free_cells)))
        if "global" in levels or "style" in levels:
            reach = np.ones_like(reach)
        return reach * (1 - self.locked)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Selection):
            return NotImplemented
        same_cells = np.array_equal(self.cells, other.cells) and np.array_equal(self.locked, other.locked)
        return self.levels == other.levels and same_cells

    def __hash__(self) -> int:
        return hash((self.levels, self.cells.tobytes(), self.locked.tobytes()))


def select_none(grid: GridSpec, levels: Iterable[Level] | None = None) -> Selection:
    """Return a selection of no cell; without levels, at the finest one that the grid has codes of."""
    return Selection(np.zeros((grid.rows, grid.columns), np.float32), _choose_levels(grid, levels))


def select_all(grid: GridSpec, levels: Iterable[Level] | None = None) -> Selection:
    """Return a selection of every cell; without levels, at the finest one that the grid has codes of."""
    return Selection(np.ones((grid.rows, grid.columns), np.float32), _choose_levels(grid, levels))


def _choose_levels(grid: GridSpec, levels: Iterable[Level] | None) -> tuple[Level, ...]:
    return grid.levels[:1] if levels is None else tuple(levels)


def parse_cells(text: str, grid: GridSpec) -> Array:
    """Read "rows,columns" blocks such as "4:8,2:6", joined by ";", into cell weights [R, C].

    Ranges are half-open and start at 0; "all" and "none" are words. Raises EngineError for anything else.
    """
    cells = np.zeros((grid.rows, grid.columns), np.float32)
    if text.strip() == "none":
        return cells
    if text.strip() == "all":
        return cells + 1
    for block in text.split(";"):
        rows, columns = _parse_block(block, grid)
        cells[rows, columns] = 1
    return cells


def _parse_block(block: str, grid: GridSpec) -> tuple[slice, slice]:
    match = _RANGE.fullmatch(block)
    if not match:
        raise EngineError(f'"{block.strip()}" does not name cells.', 'Write rows,columns such as "4:8,2:6", or "all".')
    top, bottom, left, right = match.groups()
    rows = slice(int(top), int(bottom) if bottom else int(top) + 1)
    columns = slice(int(left), int(right) if right else int(left) + 1)
    if not (rows.start < rows.stop <= grid.rows and columns.start < columns.stop <= grid.columns):
        raise EngineError(
            f'"{block.strip()}" leaves the grid of {grid.rows} rows and {grid.columns} columns.',
            f"Rows go from 0 to {grid.rows} and columns from 0 to {grid.columns}, the end not included.",
        )
    return rows, columns


def parse_levels(text: str) -> tuple[Level, ...]:
    """Read comma-separated level names. Raises EngineError for an unknown or missing name."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    wrong = [name for name in names if name not in LEVELS]
    if wrong or not names:
        what = f'"{wrong[0]}" is not a level of code.' if wrong else "No level was named."
        raise EngineError(what, f"Levels are {', '.join(LEVELS)}.")
    return tuple(name for name in LEVELS if name in names)
