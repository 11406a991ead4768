"""The grid of codes a picture is made from, in the words of Alharbi & Wonka (CVPR 2020)."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np

from sni_engine.api.arrays import Array, digest, freeze

Level = Literal["local", "shared", "global", "style"]
LEVELS: tuple[Level, ...] = ("local", "shared", "global", "style")
LARGEST_SEED = 2**63 - 1


def check_seed(seed: int) -> None:
    """Raise ValueError for a number that no random numbers can be drawn from."""
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"seeds go from 0 to {LARGEST_SEED}, not {seed}")


@dataclass(frozen=True)
class GridSpec:
    """How many codes there are and how long each is; the defaults are the paper's grid.

    A length of 0 means that the model has no codes of that level; style there is always.
    """

    rows: int = 8
    columns: int = 8
    shared_rows: int = 2
    shared_columns: int = 2
    style: int = 512
    global_: int = 1
    shared: int = 1
    local: int = 16

    def __post_init__(self) -> None:
        if min(self.rows, self.columns, self.shared_rows, self.shared_columns, self.style) < 1:
            raise ValueError("a grid needs at least one row, column, quadrant and style entry")
        if min(self.global_, self.shared, self.local) < 0:
            raise ValueError("code lengths cannot be negative")
        if self.rows % self.shared_rows or self.columns % self.shared_columns:
            raise ValueError("shared blocks must divide the grid evenly")

    def shape(self, level: Level) -> tuple[int, ...]:
        """Return the shape of one level's codes."""
        return {
            "style": (self.style,),
            "global": (self.global_,),
            "shared": (self.shared_rows, self.shared_columns, self.shared),
            "local": (self.rows, self.columns, self.local),
        }[level]

    def size(self, level: Level) -> int:
        """Return how many numbers one level holds."""
        return int(np.prod(self.shape(level)))

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that hold any codes, in the order of LEVELS."""
        return tuple(level for level in LEVELS if self.size(level))

    @property
    def cell_input(self) -> int:
        """Length of the vector each cell's own dense layer reads: global, shared, local."""
        return self.global_ + self.shared + self.local

    def quadrants(self, cells: Array) -> Array:
        """Return, for cell weights [R, C], the weight of each shared quadrant: its cells' greatest [r, c]."""
        block = (
            self.shared_rows,
            self.rows // self.shared_rows,
            self.shared_columns,
            self.columns // self.shared_columns,
        )
        return cells.reshape(block).max(axis=(1, 3))

    def cells_of(self, quadrants: Array) -> Array:
        """Return quadrant weights [r, c] spread over the cells they own [R, C]."""
        tall = quadrants.repeat(self.rows // self.shared_rows, axis=0)
        return tall.repeat(self.columns // self.shared_columns, axis=1)


@dataclass(frozen=True, eq=False)
class Codes:
    """Everything a picture depends on besides the model.

    style [D], global_ [g], shared [r, c, s], local [R, C, l]: float32, read-only.
    noise_seed fixes the per-pixel noise maps, so that an edit changes only what it means to.
    """

    style: Array
    global_: Array
    shared: Array
    local: Array
    noise_seed: int = 0

    def __post_init__(self) -> None:
        for name in ("style", "global_", "shared", "local"):
            object.__setattr__(self, name, freeze(getattr(self, name)))
        check_seed(self.noise_seed)

    def level(self, level: Level) -> Array:
        """Return the array of one level."""
        return self.global_ if level == "global" else getattr(self, level)

    def with_levels(self, values: dict[Level, Array]) -> Self:
        """Return these codes with some levels replaced."""
        fields: dict[str, Any] = {"global_" if name == "global" else name: array for name, array in values.items()}
        return replace(self, **fields)

    def fits(self, grid: GridSpec) -> bool:
        """Say whether every level has the shape `grid` asks for."""
        return all(self.level(name).shape == grid.shape(name) for name in LEVELS)

    @cached_property
    def digest(self) -> str:
        """32 hex digits that identify these codes."""
        return digest(*(self.level(name) for name in LEVELS), np.array([self.noise_seed], np.int64))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Codes) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)
