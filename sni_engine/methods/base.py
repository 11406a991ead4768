"""What every method does: move chosen code entries toward a source. new = old + w (source - old)."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.codes import DEEPEST, Codes, GridSpec, Hold, Level
from sni_engine.api.edits import Edit
from sni_engine.api.selection import Selection
from sni_engine.api.style_delta import StyleDelta, mix_deltas


class Stage(Protocol):
    """What a method may ask of the open model."""

    @property
    def grid(self) -> GridSpec:
        """The model's grid of codes."""

    def read_styles(self, codes: Codes) -> tuple[Array, ...]:
        """Return what codes are in style space: the number of each channel of each layer, [C] each."""

    def weigh_part(self, name: str) -> Generator[float, None, tuple[Array, ...]]:
        """Yield how far it is, 0 to 1, and return what share of each channel's energy lies in a part, [C] of each
        layer of style space. Raises EngineError when the model has no such part.
        """


Method = Callable[[Codes, Edit, Stage], Iterator[float | Codes]]
"""Yields how far it is, 0 to 1, any number of times, then the resulting codes. Closing it cancels."""


_ROUNDING = 1e-6


def level_weights(level: Level, selection: Selection, grid: GridSpec) -> Array:
    """Return how far each entry of a level may move, broadcastable to the level's shape.

    Local codes by their cell's weight, shared codes by their quadrant's greatest, global and style codes in full;
    locked cells count for nothing.
    """
    if level == "local":
        return selection.free_cells[:, :, None]
    if level == "shared":
        return grid.quadrants(selection.free_cells)[:, :, None]
    return np.ones(1, np.float32)


def blend(
    before: Codes, source: Codes, selection: Selection, amounts: float | Mapping[Level, float], grid: GridSpec
) -> Codes:
    """Return `before` moved toward `source` at the selected levels, by one amount or by one for each level.

    Exact at weights 0 and 1. The noise stays. Locked cells are held: they go on showing the picture of `before`.
    What the source holds comes along when every level does, and its offset in style space with its style.
    """
    levels = {level: source.level(level) for level in selection.levels}
    return blend_levels(before, levels, selection, amounts, grid, source.held, source.style_delta)


def blend_levels(
    before: Codes,
    source: Mapping[Level, Array],
    selection: Selection,
    amounts: float | Mapping[Level, float],
    grid: GridSpec,
    held: Sequence[Hold] = (),
    style_delta: StyleDelta | None = None,
) -> Codes:
    """Do the same with just the selected levels of a source, what it holds, and its offset in style space."""
    by_level = {level: amounts if isinstance(amounts, float | int) else amounts[level] for level in selection.levels}
    moved: dict[Level, Array] = {}
    reaches = []
    for level, amount in by_level.items():
        weight = level_weights(level, selection, grid) * np.float32(amount)
        moved[level] = (1 - weight) * before.level(level) + weight * source[level]
        reach = selection.reach(grid) if len(by_level) == 1 else selection.with_levels([level]).reach(grid)
        reaches.append(reach * np.float32(amount))
    if not reaches:
        return before
    whole = set(grid.levels) <= set(by_level)
    coming = [Hold(hold.cells * np.min(reaches, 0), hold.codes) for hold in held] if whole else []
    after = before.with_levels(moved)
    if "style" in by_level:
        after = replace(after, style_delta=mix_deltas(before.style_delta, style_delta, by_level["style"]))
    return keep_held(before, after, selection.locked, np.max(reaches, 0), coming)


def keep_held(before: Codes, after: Codes, locks: Array, reached: Array, coming: Sequence[Hold] = ()) -> Codes:
    """Return `after` with its holds: what was held before fades where the edit reached, and locked cells are held.

    locks, reached [R, C]: 0 or 1, and how far the edit went in each cell. coming: holds that the edit brings along.
    An edit that changed nothing holds nothing.
    """
    coming = [hold for hold in coming if hold.cells.any()]
    if not (coming or before.held or locks.any()):  # most edits by far
        return before if not reached.any() or before.differs_only_in_holds(after) else after
    if not reached.any() or (before.differs_only_in_holds(after) and not coming and not before.held):
        return before
    # a locked cell that is held wholly goes on as it is; one held in part, or not at all, shows the picture of before,
    # in which whatever part there was is mixed in already
    loose = locks * (before.held_weight < 1 - _ROUNDING)
    staying = [Hold(hold.cells * (1 - reached) * (1 - loose), hold.codes) for hold in before.held]
    locking = [Hold(loose, limit_depth(before, DEEPEST - 1))] if loose.any() else []
    held = merge_holds([*staying, *coming, *locking])
    return replace(after, held=held) if held or after.held else after


def merge_holds(holds: Sequence[Hold]) -> tuple[Hold, ...]:
    """Return holds without those of no weight, those of the same codes as one."""
    merged: dict[str, Hold] = {}
    for hold in holds:
        if hold.cells.any():
            known = merged.get(hold.codes.digest)
            cells = hold.cells if known is None else np.minimum(known.cells + hold.cells, 1)
            merged[hold.codes.digest] = Hold(cells, hold.codes)
    return tuple(merged.values())


def limit_depth(codes: Codes, most: int, known: dict[tuple[str, int], Codes] | None = None) -> Codes:
    """Return codes whose holds are at most `most` drawings deep; what is deeper shows the codes around it.

    known: what was limited before, as the same codes stand behind many holds.
    """
    if codes.depth <= most:
        return codes
    known = {} if known is None else known
    key = (codes.digest, most)
    if key not in known:
        shallow = (Hold(hold.cells, limit_depth(hold.codes, most - 1, known)) for hold in codes.held if most)
        known[key] = replace(codes, held=tuple(shallow))
    return known[key]
