"""What stands in the strip of candidates, as one frozen value: the pictures, their marks, and a mix of two of them."""

from dataclasses import dataclass, replace

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes, GridSpec, Level
from sni_engine.api.edits import Edit, Interpolate
from sni_engine.api.history import Node
from sni_engine.api.messages import Finished, Locality
from sni_engine.api.selection import Selection


@dataclass(frozen=True, eq=False)
class Candidate:
    """An edit that is done but not kept: its codes and picture uint8 [H, W, 3].

    base: the step it starts from. kept_as: the number of the step it became, once accepted.
    """

    base: Node
    edit: Edit
    codes: Codes
    picture: Array
    locality: Locality | None = None
    starred: bool = False
    kept_as: int | None = None

    @property
    def done(self) -> Finished:
        """The candidate as the engine's answer to its edit."""
        return Finished(0, self.codes, self.picture, self.locality)

    @property
    def is_mix(self) -> bool:
        """True when it was crossed from two others."""
        return isinstance(self.edit.params, Interpolate)


@dataclass(frozen=True, eq=False)
class Mix:
    """Two candidates being crossed: `of` keeps its codes but where the selected cells are those of `other`.

    of, other: indices. levels: those that `other` gives. result: the cross as it is on screen, None until it is drawn.
    """

    of: int
    other: int
    levels: tuple[Level, ...]
    cells: Array
    result: Candidate | None = None


@dataclass(frozen=True, eq=False)
class Strip:
    """The candidates in order, and what is going on.

    base: the step they were asked for, None when nothing was asked for yet. here: whether that step is on screen.
    asking: how many are being drawn. count: how many are asked for at once. previewed: the one on the canvas.
    locked [R, C]: the cells that are locked now, 0 or 1.
    """

    count: int = 9
    base: Node | None = None
    items: tuple[Candidate, ...] = ()
    here: bool = True
    asking: int = 0
    previewed: int | None = None
    mix: Mix | None = None
    locked: Array | None = None

    def breaks_locks(self, item: Candidate) -> bool:
        """True for what was drawn before a cell was locked; as a step it is drawn anew around that cell."""
        before = item.edit.selection.locked
        return self.locked is not None and self.locked.shape == before.shape and bool((self.locked > before).any())

    def find(self, candidate: Candidate) -> int | None:
        """Return where a candidate stands, None when it is gone."""
        return next((index for index, other in enumerate(self.items) if other is candidate), None)

    def with_item(self, index: int, **changes: object) -> "Strip":
        """Return the strip with one candidate changed."""
        changed = replace(self.items[index], **changes)  # type: ignore[arg-type]
        return replace(self, items=(*self.items[:index], changed, *self.items[index + 1 :]))

    @property
    def can_accept(self) -> bool:
        """True when a candidate, or a cross of two, is on the canvas."""
        return self.previewed is not None or (self.mix is not None and self.mix.result is not None)

    @property
    def can_mix(self) -> bool:
        """True when there are two that start from the same step."""
        return any(self.partner(index) is not None for index in range(len(self.items)))

    def partner(self, index: int) -> int | None:
        """Return the next candidate that can be crossed with this one, None when there is none."""
        count = len(self.items)
        others = ((index + step) % count for step in range(1, count))
        return next((other for other in others if fit_together(self.items[index], self.items[other])), None)


def fit_together(one: Candidate, other: Candidate) -> bool:
    """Say whether two candidates can be crossed: they start from the same codes, with the same cells locked."""
    locks = np.array_equal(one.edit.selection.locked, other.edit.selection.locked)
    return one is not other and one.base.id == other.base.id and locks


def levels_of(one: Candidate, other: Candidate, grid: GridSpec) -> tuple[Level, ...]:
    """Return the levels at which two candidates can differ."""
    chosen = {*one.edit.selection.levels, *other.edit.selection.levels}
    return tuple(level for level in grid.levels if level in chosen)


def cross(one: Candidate, other: Candidate, cells: Array, levels: tuple[Level, ...], grid: GridSpec) -> Edit:
    """Return the edit of the base that gives `one`, with the codes of `other` in `cells` [R, C] at `levels`.

    Soft cells blend the two; the global and the style code belong to no cell and are taken whole.
    """
    weights: dict[Level, Array] = {"local": cells[:, :, None], "shared": grid.quadrants(cells)[:, :, None]}
    mixed = {}
    for level in levels:
        weight = weights.get(level, np.ones(1, np.float32))
        mixed[level] = (1 - weight) * one.codes.level(level) + weight * other.codes.level(level)
    goal = one.codes.with_levels(mixed)
    if "style" in levels:
        goal = replace(goal, style_delta=other.codes.style_delta)
    return Edit(Interpolate(1.0), _join(one, other, grid), reference=goal)


def _join(one: Candidate, other: Candidate, grid: GridSpec) -> Selection:
    """Return what the two changed together, in full: the reference holds the codes to arrive at."""
    cells = np.maximum(one.edit.selection.cells, other.edit.selection.cells) > 0
    return Selection(cells.astype(np.float32), levels_of(one, other, grid), one.edit.selection.locked)
