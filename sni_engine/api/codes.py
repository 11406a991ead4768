"""The grid of codes a picture is made from, in the words of Alharbi & Wonka (CVPR 2020)."""

import math
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np

from sni_engine.api.arrays import Array, digest, freeze
from sni_engine.api.plain import LATER
from sni_engine.api.style_delta import StyleDelta

Level = Literal["local", "shared", "global", "style"]
LEVELS: tuple[Level, ...] = ("local", "shared", "global", "style")
LARGEST_SEED = 2**63 - 1
DEEPEST = 8  # drawings behind drawings: more would only matter at the rims of cells that were locked long ago


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

    @cached_property
    def _shapes(self) -> dict[Level, tuple[int, ...]]:
        return {
            "style": (self.style,),
            "global": (self.global_,),
            "shared": (self.shared_rows, self.shared_columns, self.shared),
            "local": (self.rows, self.columns, self.local),
        }

    def shape(self, level: Level) -> tuple[int, ...]:
        """Return the shape of one level's codes."""
        return self._shapes[level]

    def size(self, level: Level) -> int:
        """Return how many numbers one level holds."""
        return math.prod(self.shape(level))

    @cached_property
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
class Hold:
    """Cells that show the picture of other codes, whatever becomes of the style, global and shared code around them.

    cells [R, C]: weights from 0 to 1; where they are 1, the pixels are exactly those of `codes`.
    """

    cells: Array
    codes: "Codes"

    def __post_init__(self) -> None:
        cells = freeze(self.cells)
        if cells.shape != self.codes.local.shape[:2] or cells.min() < 0 or cells.max() > 1:
            raise ValueError("a hold needs a weight from 0 to 1 for every cell")
        object.__setattr__(self, "cells", cells)


@dataclass(frozen=True, eq=False)
class Codes:
    """Everything a picture depends on besides the model.

    style [D], global_ [g], shared [r, c, s], local [R, C, l]: float32, read-only.
    noise_seed fixes the per-pixel noise maps, so that an edit changes only what it means to.
    held: cells that were locked while the rest changed; their weights sum to at most 1 in every cell.
    style_delta: what an edit of single channels adds to what the style code gives them. It belongs to the level
    "style": whatever replaces or blends the style does so with both. What is held keeps an offset of its own.
    """

    style: Array
    global_: Array
    shared: Array
    local: Array
    noise_seed: int = 0
    held: tuple[Hold, ...] = ()
    style_delta: StyleDelta | None = field(default=None, metadata=LATER)

    def __post_init__(self) -> None:
        for name in ("style", "global_", "shared", "local"):
            object.__setattr__(self, name, freeze(getattr(self, name)))
        check_seed(self.noise_seed)
        for hold in self.held:
            if any(hold.codes.level(level).shape != self.level(level).shape for level in LEVELS):
                raise ValueError("held codes belong to the same grid")
        if self.held and self.held_weight.max() > 1 + 1e-5:
            raise ValueError("no cell can be held more than once")

    @property
    def held_weight(self) -> Array:
        """How much of each cell is held, [R, C] from 0 to 1."""
        return sum((hold.cells for hold in self.held), np.zeros(self.local.shape[:2], np.float32))

    @cached_property
    def depth(self) -> int:
        """How many drawings stand behind the deepest hold; 0 without holds."""
        return max((1 + hold.codes.depth for hold in self.held), default=0)

    def level(self, level: Level) -> Array:
        """Return the array of one level."""
        return self.global_ if level == "global" else getattr(self, level)

    def with_levels(self, values: dict[Level, Array]) -> Self:
        """Return these codes with some levels replaced; the style offset stays as it is."""
        fields: dict[str, Any] = {"global_" if name == "global" else name: array for name, array in values.items()}
        if self.held:
            return replace(self, **fields)
        made = object.__new__(type(self))  # what stays was checked when these codes were made
        stays = {item.name: vars(self)[item.name] for item in dataclass_fields(self)}
        vars(made).update({**stays, **{name: freeze(array) for name, array in fields.items()}})
        return made

    def fits(self, grid: GridSpec) -> bool:
        """Say whether every level has the shape `grid` asks for.

        Of layers and channels a grid knows nothing: whether a style offset fits a model, StyleDelta.fits says.
        """
        return all(self.level(name).shape == grid.shape(name) for name in LEVELS)

    def differs_only_in_holds(self, other: "Codes") -> bool:
        """Say whether every level, the style offset and the noise are the same."""
        same = self.noise_seed == other.noise_seed and self.style_delta == other.style_delta
        return same and all(
            self.level(name) is other.level(name) or np.array_equal(self.level(name), other.level(name))
            for name in LEVELS
        )

    @property
    def has_delta(self) -> bool:
        """Whether there is a style offset in these codes or behind them."""
        return self.style_delta is not None or any(hold.codes.has_delta for hold in self.held)

    @cached_property
    def style_digest(self) -> str:
        """32 hex digits that identify what all layers' styles follow from: the style code and its offset."""
        offset = () if self.style_delta is None else (self.style_delta.places, self.style_delta.values)
        return digest(self.style, *offset)

    @cached_property
    def digest(self) -> str:
        """32 hex digits that identify these codes."""
        own = digest(*(self.level(name) for name in LEVELS), np.array([self.noise_seed], np.int64))
        if not self.held and self.style_delta is None:
            return own
        parts = [own, *(f"{digest(hold.cells)}{hold.codes.digest}" for hold in self.held)]
        parts += [] if self.style_delta is None else [f"style {self.style_delta.digest}"]
        return digest(np.frombuffer("".join(parts).encode(), np.uint8))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Codes) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)
