"""The level table: which factors of a face change when one level of its codes is drawn anew, and how far."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from sni_engine.metrics.editing import OTHER
from sni_engine.metrics.eyes import Reading, YardstickEye
from sni_engine.metrics.faces import device_of, draw_faces, draw_noises, paint, quantise, split_seeds
from sni_engine.metrics.redraws import list_levels, redraw
from sni_engine.metrics.separability import join_readings
from sni_engine.networks.generator import Generator

ANOTHER = "another face"


@dataclass(frozen=True)
class FactorRow:
    """How far one factor moved under each redrawing, and how well the yardstick reads it.

    A number: root mean square change by that between two different faces, so 0 is untouched and 1 is drawn wholly
    anew. A choice: share of the faces whose option changed; under "another face", the share among different faces.
    spread: standard deviation of a number over the faces, in its unit; None for a choice.
    """

    name: str
    kind: str
    unit: str
    skill: float
    spread: float | None
    changes: dict[str, float]


def measure_levels(generator: Generator, eye: YardstickEye, count: int, seed: int) -> Iterator[int | list[FactorRow]]:
    """Yield how many faces are done, and last a row for each factor. Noise maps stay as they are."""
    device, grid = device_of(generator), generator.config.grid
    readings: dict[str, list[Reading]] = {}
    for seeds in split_seeds(seed, count, device):
        faces = draw_faces(grid, seeds, device)
        sources = draw_faces(grid, [item + OTHER for item in seeds], device)
        noise = draw_noises(generator, seeds, device)
        readings.setdefault("", []).append(eye.read(quantise(paint(generator, faces, noise))))
        readings.setdefault(ANOTHER, []).append(eye.read(quantise(paint(generator, sources, noise))))
        for change in list_levels(grid):
            after = paint(generator, redraw(faces, sources, change, grid), noise)
            readings.setdefault(change.name, []).append(eye.read(quantise(after)))
        yield seeds.stop - seed
    yield tabulate(eye, {name: join_readings(parts) for name, parts in readings.items()})


def tabulate(eye: YardstickEye, readings: dict[str, Reading]) -> list[FactorRow]:
    """Return the rows from readings before ("") and after each redrawing."""
    info, before = eye.yardstick.info, readings.pop("")
    rows = {}
    for index, factor in enumerate(info.numbers):
        spread = torch.cat([before.numbers[:, index], readings[ANOTHER].numbers[:, index]]).std().item()
        changes = {name: _move(before, after, index, spread) for name, after in readings.items()}
        rows[factor.name] = FactorRow(factor.name, "number", factor.unit, factor.skill, spread, changes)
    for index, factor in enumerate(info.choices):
        changes = {name: _share(before.options, after.options, index) for name, after in readings.items()}
        rows[factor.name] = FactorRow(factor.name, "choice", "", factor.skill, None, changes)
    return [rows[factor.name] for factor in info.factors]


def _move(before: Reading, after: Reading, index: int, spread: float) -> float:
    moved = (after.numbers - before.numbers)[:, index].square().mean().sqrt().item()
    return moved / (2**0.5 * spread) if spread > 0 else 0.0


def _share(before: Tensor, after: Tensor, index: int) -> float:
    return (before[:, index] != after[:, index]).double().mean().item()
