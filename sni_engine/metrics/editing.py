"""How local edits of a model are, over many faces: colour inside and outside the cells, and labels that should stay."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from sni_engine.api.arrays import Array
from sni_engine.api.colour import to_lab
from sni_engine.api.selection import select_all
from sni_engine.checkpoints.yardstick import YardstickInfo
from sni_engine.metrics.eyes import Reading, YardstickEye
from sni_engine.metrics.faces import Faces, device_of, draw_faces, draw_noises, paint, quantise, split_seeds
from sni_engine.metrics.locality import spread_cells
from sni_engine.metrics.redraws import Redraw, list_places, redraw
from sni_engine.networks.generator import Generator

OTHER = 2**41  # added to a seed: where the new codes come from
LARGEST_TURN = 3.0  # degrees that a pose may move and count as kept
SURE = 0.8  # how likely the yardstick must find an option to be sure of it
_POSE = ("yaw", "pitch", "roll")
KEPT = {
    "mouth": ("yaw", "hair_style", "bg_kind"),
    "eyes": ("yaw", "hair_style", "bg_kind"),
    "hair": ("yaw", "bg_kind"),
    "style": _POSE,
    "noise": (*_POSE, "hair_style", "bg_kind"),
}
"""Labels that redrawing a part should leave; "noise" redraws no code, only the noise maps, and is the control."""


@dataclass(frozen=True)
class EditLocality:
    """How far an edit changed pictures inside and outside the cells it reaches, mean CIELAB difference per pixel.

    ratio: of the two means. mean_ratio, ratio_5: mean and 5 % quantile of the faces' own ratios.
    squared_ratio: of the mean squared errors, as Collins et al. 2020 measure them.
    kept: share of the faces whose label stayed, and under "all" the share where every one did. surely_kept: the same
    among faces whose options the yardstick was sure of to begin with; where it wavers, any change may tip it.
    sure: the share of faces that it was sure of. moved: mean absolute change of labels that are numbers, in their unit.
    """

    inside: float
    outside: float | None
    ratio: float | None
    mean_ratio: float | None
    ratio_5: float | None
    squared_ratio: float | None
    kept: dict[str, float] = field(default_factory=dict)
    surely_kept: dict[str, float] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict)
    moved: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Change:
    """Per face: differences and squared errors [4, N]; of each label whether it stayed and was sure [2, N], and of
    those that are numbers how far they moved [N].
    """

    numbers: Array
    labels: dict[str, Array]
    moves: dict[str, Array]


def measure_editing(
    generator: Generator, eye: YardstickEye | None, count: int, seed: int
) -> Iterator[int | dict[str, EditLocality]]:
    """Yield how many faces are done, and last what each edit did; labels are read only with a yardstick."""
    device, grid = device_of(generator), generator.config.grid
    changes: dict[str, list[_Change]] = {}
    for seeds in split_seeds(seed, count, device):
        faces = draw_faces(grid, seeds, device)
        sources = draw_faces(grid, [item + OTHER for item in seeds], device)
        noise = draw_noises(generator, seeds, device)
        others = draw_noises(generator, [item + OTHER for item in seeds], device)
        before = quantise(paint(generator, faces, noise))
        lab, reading = to_lab(to_bytes(before)), eye.read(before) if eye else None
        for name, cells, after in _redrawn(generator, faces, sources, noise, others):
            labels, moves = {}, {}
            if eye and reading and name in KEPT:
                now = eye.read(after)
                labels = _labels(name, reading, now, eye.yardstick.info)
                moves = _moves(name, reading, now, eye.yardstick.info)
            change = _Change(_differences(lab, to_lab(to_bytes(after)), cells), labels, moves)
            changes.setdefault(name, []).append(change)
        yield seeds.stop - seed
    yield {name: summarise(parts) for name, parts in changes.items()}


def _redrawn(
    generator: Generator, faces: Faces, sources: Faces, noise: list[Tensor], others: list[Tensor]
) -> Iterator[tuple[str, Array, Tensor]]:
    """Yield each edit's name, the cells it reaches, and its pictures."""
    grid = generator.config.grid
    changes = list_places(grid) if grid.size("local") else []
    for change in [*changes, Redraw("style", select_all(grid, ("style",)))]:
        after = paint(generator, redraw(faces, sources, change, grid), noise)
        yield change.name, change.selection.reach(grid) > 0, quantise(after)
    if noise:
        yield "noise", np.ones((grid.rows, grid.columns), bool), quantise(paint(generator, faces, others))


def to_bytes(pictures: Tensor) -> Array:
    """Return quantised pictures [N, 3, H, W] as uint8 [N, H, W, 3]."""
    return pictures.add(1).mul(127.5).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()


def _differences(before: Array, after: Array, cells: Array) -> Array:
    """Return difference inside and outside, squared error inside and outside [4, N]; nan outside of everything.

    The squared error is Collins et al.'s: L in 0..1, a and b by 255, mean over the three.
    """
    inside = spread_cells(cells, before.shape[1])
    steps = after - before
    plain = np.sqrt(np.square(steps).sum(-1))
    squared = np.square(steps / np.array([100, 255, 255], np.float32)).mean(-1)
    with np.errstate(invalid="ignore"):
        parts = [
            values[:, place].sum(1) / place.sum() for values in (plain, squared) for place in (inside, ~inside)
        ]  # a sum over nothing by nothing is nan, without a warning
    return np.stack(parts)


def _moves(name: str, before: Reading, after: Reading, info: YardstickInfo) -> dict[str, Array]:
    """Return how far each number that an edit should leave has moved [N]."""
    moved = (after.numbers - before.numbers).abs().cpu().numpy()
    return {item.name: moved[:, index] for index, item in enumerate(info.numbers) if item.name in KEPT[name]}


def _labels(name: str, before: Reading, after: Reading, info: YardstickInfo) -> dict[str, Array]:
    """Return, of each label that an edit should leave, whether it stayed and whether it was sure before [2, N]."""
    numbers = [item.name for item in info.numbers]
    choices = [item.name for item in info.choices]
    labels = {}
    for label in KEPT[name]:
        if label in numbers:
            stayed = (after.numbers - before.numbers)[:, numbers.index(label)].abs() <= LARGEST_TURN
            labels[label] = torch.stack([stayed, torch.ones_like(stayed)]).cpu().numpy()
        elif label in choices:
            index = choices.index(label)
            stayed = (after.options == before.options)[:, index]
            labels[label] = torch.stack([stayed, before.sure[:, index] >= SURE]).cpu().numpy()
    return labels


def _shares(labels: dict[str, Array], only_sure: bool) -> dict[str, float]:
    """Return the share of faces whose label stayed; a label that is never sure is left out."""
    rows = {name: stayed[sure | (not only_sure)] for name, (stayed, sure) in labels.items()}
    return {name: float(stayed.mean()) for name, stayed in rows.items() if len(stayed)}


def summarise(changes: list[_Change]) -> EditLocality:
    """Return the figures of one edit over all faces."""
    inside, outside, squared_in, squared_out = np.concatenate([change.numbers for change in changes], 1)
    names = changes[0].labels
    labels = {name: np.concatenate([change.labels[name] for change in changes], 1) for name in names}
    if labels:
        labels["all"] = np.logical_and.reduce(list(labels.values()))
    sure = {name: float(flags[1].mean()) for name, flags in labels.items()}
    moves = {name: np.concatenate([change.moves[name] for change in changes]) for name in changes[0].moves}
    moved = {name: float(each.mean()) for name, each in moves.items()}
    shares = (_shares(labels, False), _shares(labels, True), sure, moved)
    if np.isnan(outside).any() or not outside.any():
        return EditLocality(float(inside.mean()), _or_none(outside.mean()), None, None, None, None, *shares)
    ratios = inside / np.maximum(outside, 1e-6)
    return EditLocality(
        inside=float(inside.mean()),
        outside=float(outside.mean()),
        ratio=float(inside.mean() / outside.mean()),
        mean_ratio=float(ratios.mean()),
        ratio_5=float(np.quantile(ratios, 0.05)),
        squared_ratio=float(squared_in.mean() / squared_out.mean()),
        kept=shares[0],
        surely_kept=shares[1],
        sure=shares[2],
        moved=shares[3],
    )


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
