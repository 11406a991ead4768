"""Part style transfer in numbers: squared error in CIELAB inside the part and outside it (Editing in Style, section 4).

Over many pairs of a face and a reference, next to a swap of the whole style and to new codes in the cells of the part.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes, GridSpec
from sni_engine.api.colour import to_lab
from sni_engine.api.edits import Edit, Interpolate, Params, StyleTransfer
from sni_engine.api.generators import drain
from sni_engine.api.parts import PartMap, PartSet
from sni_engine.api.selection import Selection, select_all
from sni_engine.seeds import draw_codes

PARTS = ("eyes", "nose", "mouth", "hair")
EPSILONS = (0.02, 0.05, 0.1, 0.2, 0.4)
OTHER = 2**41  # added to a seed: where the references come from
SWAP, CELLS = "whole style", "cells"
_LAB = np.array([100, 255, 255], np.float32)  # as Collins et al. scale it: L to 0..1, a and b by 255
_BATCH = 20


class Scene(Protocol):
    """What is measured: an open model."""

    @property
    def grid(self) -> GridSpec:
        """The model's grid of codes."""

    def apply(self, before: Codes, edit: Edit) -> Generator[float, None, Codes]:
        """Yield how far it is and return the codes an edit makes."""

    def draw_many(self, codes: Sequence[Codes]) -> Array:
        """Return the pictures of codes, uint8 [N, H, W, 3]."""

    def read_parts(self) -> PartSet:
        """Return the model's parts."""

    def map_parts(self, codes: Codes) -> PartMap:
        """Return where the parts of the picture of codes are."""


@dataclass(frozen=True)
class TransferPlan:
    """What to measure: parts, pairs of faces, the first one's seed, and the query's settings, once for each epsilon."""

    parts: tuple[str, ...] = PARTS
    pairs: int = 500
    seed: int = 0
    epsilons: tuple[float, ...] = EPSILONS
    params: StyleTransfer = field(default_factory=StyleTransfer)

    def __post_init__(self) -> None:
        if not self.parts or not self.epsilons or self.pairs < 1:
            raise ValueError("a measurement needs a part, a budget and a pair of faces")
        if not 0 <= self.seed < 2**40:
            raise ValueError(f"seeds of measurements go from 0 to 2^40 - 1, not {self.seed}")
        for epsilon in self.epsilons:
            replace(self.params, epsilon=epsilon)


@dataclass(frozen=True)
class TransferError:
    """One edit of one part: mean squared errors over the pairs in which the part was there, and their ratio."""

    inside: float
    outside: float
    ratio: float | None
    pairs: int


def measure_transfer(scene: Scene, plan: TransferPlan) -> Iterator[int | dict[str, dict[str, TransferError]]]:
    """Yield how many pairs are done, and last, of each part, what each edit did: see `list_edits` for their names."""
    parts = {name: scene.read_parts().find(name) for name in plan.parts}
    errors: dict[str, dict[str, list[Array]]] = {name: {} for name in parts}
    for start in range(0, plan.pairs, _BATCH):
        seeds = range(plan.seed + start, plan.seed + min(start + _BATCH, plan.pairs))
        faces = [draw_codes(scene.grid, seed) for seed in seeds]
        references = [draw_codes(scene.grid, seed + OTHER) for seed in seeds]
        maps = [scene.map_parts(face) for face in faces]
        before = to_lab(scene.draw_many(faces))
        whole = Edit(Interpolate(1.0), select_all(scene.grid, ("style",)), reference=references[0])
        swapped = squared_error(before, _draw(scene, faces, [replace(whole, reference=each) for each in references]))
        for name, part in parts.items():
            inside = np.stack([each.pixels(part) for each in maps])
            cells = [each.cover(part, scene.grid.rows, scene.grid.columns) for each in maps]
            found = {SWAP: swapped}
            for kind, edits in list_edits(scene.grid, name, references, cells, plan).items():
                found[kind] = squared_error(before, _draw(scene, faces, edits))
            for kind, error in found.items():
                errors[name].setdefault(kind, []).append(split_error(error, inside))
        yield start + len(seeds)
    yield {
        name: {kind: summarise(np.concatenate(each, 1)) for kind, each in rows.items()} for name, rows in errors.items()
    }


def list_edits(
    grid: GridSpec, part: str, references: Sequence[Codes], cells: Sequence[Array], plan: TransferPlan
) -> dict[str, list[Edit]]:
    """Return the edits of one part by name: a transfer for each budget, and the reference's codes in its cells."""
    style = select_all(grid, ("style",))
    found: dict[str, list[Edit]] = {}
    for epsilon in plan.epsilons:
        params: Params = replace(plan.params, part=part, epsilon=epsilon)
        found[f"epsilon {epsilon:g}"] = [Edit(params, style, reference=each) for each in references]
    if grid.size("local"):
        pairs = zip(references, cells, strict=True)
        found[CELLS] = [Edit(Interpolate(1.0), Selection(weights), reference=each) for each, weights in pairs]
    return found


def _draw(scene: Scene, faces: Sequence[Codes], edits: Sequence[Edit]) -> Array:
    """Return CIELAB pictures [N, H, W, 3] of faces after an edit each."""
    after = [drain(scene.apply(face, edit), lambda done: None) for face, edit in zip(faces, edits, strict=True)]
    return to_lab(scene.draw_many(after))


def squared_error(before: Array, after: Array) -> Array:
    """Return the squared error of each pixel [N, H, W] of CIELAB pictures, as Collins et al. scale them."""
    error: Array = np.square((after - before) / _LAB).mean(-1)
    return error


def split_error(error: Array, inside: Array) -> Array:
    """Return the mean error of each picture inside and outside of a mask bool [N, H, W], and the mask's size [3, N].

    Without an inside or an outside, its mean is 0.
    """
    count = inside.sum((1, 2))
    rest = inside[0].size - count
    within = (error * inside).sum((1, 2), dtype=np.float64)
    beyond = (error * ~inside).sum((1, 2), dtype=np.float64)
    return np.stack([within / np.maximum(count, 1), beyond / np.maximum(rest, 1), count])


def summarise(errors: Array) -> TransferError:
    """Return the means of errors [3, N] over the pairs whose face has the part at all."""
    inside, outside, count = errors[:, errors[2] > 0]
    if not count.size:
        return TransferError(0.0, 0.0, None, 0)
    within, beyond = float(inside.mean()), float(outside.mean())
    return TransferError(within, beyond, within / beyond if beyond else None, len(count))
