"""Linear separability: whether one flat cut through the codes divides faces by an attribute (Karras et al. 2019, 4.2).

Attributes are what the yardstick reads well. For each, the faces it is surest of are kept, a linear support vector
machine learns from one half of them which side a code lies on, and is asked about the other half.
"""

import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.checkpoints.yardstick import YardstickInfo
from sni_engine.metrics.eyes import Reading, YardstickEye
from sni_engine.metrics.faces import device_of, draw_faces, draw_noises, quantise, split_seeds
from sni_engine.networks.generator import Generator

SKILL = 0.5  # of the yardstick in an attribute, at least
FEWEST = 0.05  # of the faces on the rarer side, at least


@dataclass(frozen=True, eq=False)
class Attribute:
    """A yes or no about some of the faces: rows [K] and what is true of them [K]."""

    name: str
    rows: Array
    labels: Array


@dataclass(frozen=True)
class Separability:
    """score: 2 to the sum of bits (1 is perfect), from faces the machine did not learn from.

    as_published: the same from the faces it learnt from, as StyleGAN's code does; close to 1 for any code that is
    longer than there are faces. failed: attributes for which nothing could be learnt; they count in full.
    """

    score: float
    bits_per_attribute: float
    as_published: float
    bits: dict[str, float]
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Labelled:
    """Codes of N faces, float32 [N, D], and what was read off their pictures.

    z: all codes. w: the mapped style, then the input tensor. style_length: how many numbers of w are the style.
    """

    z: Array
    w: Array
    reading: Reading
    style_length: int

    def spaces(self) -> dict[str, Array]:
        """Return the codes by the name of their space; the mapped style alone is what StyleGAN calls w."""
        return {"z": self.z, "w": self.w, "w_style": self.w[:, : self.style_length]}


def draw_labelled(generator: Generator, eye: YardstickEye, count: int, seed: int) -> Iterator[int | Labelled]:
    """Yield how many faces are drawn and read, and last all of them."""
    device, z, w, readings = device_of(generator), [], [], []
    for seeds in split_seeds(seed, count, device):
        faces = draw_faces(generator.config.grid, seeds, device)
        columns = generator.map_cells(faces.global_, faces.shared, faces.local)
        style = generator.map_style(faces.style)
        noise = draw_noises(generator, seeds, device)
        readings.append(eye.read(quantise(generator.from_map(columns, style, noise))))
        z.append(faces.flatten().cpu())
        w.append(torch.cat([style, columns.flatten(1)], 1).cpu())
        yield seeds.stop - seed
    length = generator.config.grid.style
    yield Labelled(torch.cat(z).numpy(), torch.cat(w).numpy(), join_readings(readings), length)


def join_readings(readings: list[Reading]) -> Reading:
    """Return one reading of all pictures, on the CPU."""
    return Reading(*(torch.cat([getattr(item, name) for item in readings]).cpu() for name in Reading.__annotations__))


def find_attributes(reading: Reading, info: YardstickInfo) -> list[Attribute]:
    """Return the attributes that the yardstick reads well, with the faces it is surest of.

    A number is cut at the median of these very faces, and the quarters at its two ends are kept; of a choice it is
    asked whether it is the usual option, and the surer half is kept. A choice with one side too rare is left out.
    """
    found = []
    for index, factor in enumerate(info.numbers):
        if factor.skill >= SKILL:
            found.append(_cut_number(factor.name, reading.numbers[:, index]))
    for index, factor in enumerate(info.choices):
        labels = reading.usual[:, index] > 0.5
        if factor.skill >= SKILL and FEWEST <= labels.float().mean() <= 1 - FEWEST:
            sure = (reading.usual[:, index] - 0.5).abs()
            rows = sure.argsort(descending=True, stable=True)[: len(sure) // 2].sort().values
            found.append(Attribute(factor.name, rows.numpy(), labels[rows].numpy()))
    return found


def _cut_number(name: str, values: Tensor) -> Attribute:
    order = values.argsort(stable=True)
    quarter = len(order) // 4
    low, high = order[:quarter], order[len(order) - quarter :]
    rows, place = torch.cat([low, high]).sort()
    return Attribute(name, rows.numpy(), (place >= quarter).numpy())


def separate(codes: Array, attributes: list[Attribute]) -> Iterator[int | Separability]:
    """Yield how many attributes are done, and last the separability of codes [N, D]. Raises EngineError."""
    machine = find_machine()
    length = np.sqrt(np.square(codes).sum(1).mean())
    codes = codes / max(length, 1e-12)  # so that the machine's own penalty means the same for long and short codes
    asked: dict[str, float] = {}
    learnt: dict[str, float] = {}
    failed: list[str] = []
    for index, attribute in enumerate(attributes):
        predicted = _predict(machine, codes[attribute.rows], attribute.labels)
        halves = (slice(1, None, 2), slice(0, None, 2))
        if predicted is None:
            failed.append(attribute.name)
            predicted = np.zeros(len(attribute.labels), bool)
        for half, bits in zip(halves, (asked, learnt)):
            bits[attribute.name] = conditional_entropy(attribute.labels[half], predicted[half])
        yield index + 1
    total = sum(asked.values())
    mean = total / max(len(asked), 1)
    yield Separability(2.0**total, mean, 2.0 ** sum(learnt.values()), asked, tuple(failed))


def find_machine() -> Any:
    """Return scikit-learn's LinearSVC. Raises EngineError where it is not installed."""
    try:
        from sklearn.svm import LinearSVC
    except ImportError as error:
        hint = 'Install it with: pip install "sni-desktop[metrics]", or leave separability out with --only.'
        raise EngineError("Separability needs scikit-learn, which is not installed.", hint) from error
    return LinearSVC


def _predict(machine: Any, codes: Array, labels: Array) -> Array | None:
    """Return what a machine that learnt from every other row says of all rows [K], None when it cannot learn."""
    known = labels[::2]
    if len(known) and known.all() == known.any():  # one side only: there is nothing to learn and nothing to ask
        return np.full(len(labels), known.all())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it stopped before it converged; what it says is measured anyway
        try:
            return np.asarray(machine(random_state=0).fit(codes[::2], known).predict(codes), bool)
        except (ValueError, FloatingPointError):  # codes that are not finite
            return None


def conditional_entropy(labels: Array, given: Array) -> float:
    """Return H(labels | given) in bits, from two rows of yes and no [K]."""
    table = np.array([[np.sum((labels == y) & (given == x)) for x in (0, 1)] for y in (0, 1)], np.float64)
    joint = table / max(len(labels), 1)
    bits = 0.0
    for y in (0, 1):
        for x in (0, 1):
            if joint[y, x] > 0:
                bits -= joint[y, x] * math.log2(joint[y, x] / joint[:, x].sum())
    return max(float(bits), 0.0)
