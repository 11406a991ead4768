"""Make a yardstick: train an attribute network of its own on portraits, and find out how far it can be trusted.

Of its own, because a distance over the features that a generator was trained against flatters that generator.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from sni_engine.checkpoints.yardstick import ReadFactor, Yardstick, YardstickInfo, describe_crowd
from sni_engine.networks.features import AttributeNetwork, Attributes
from sni_engine.portraits import FACTORS, Factor
from sni_engine.train.attributes import (
    AttributeTraining,
    features_config,
    measure_factors,
    to_signed,
    train_attributes,
)
from sni_engine.train.dataset import PictureSet

WIDTHS = (16, 40, 80, 128, 160)
PLAN = AttributeTraining(images=60_000, batch=32, shift_px=2, seed=77)
"""Another seed, other widths and smaller moves than the network of the projected recipe has."""
KEPT = 2048  # portraits whose features go into the file, for precision and recall
_BATCH = 64


@dataclass(frozen=True, eq=False)
class _Answers:
    """Standardised targets [N, T] and options [N, K] as read."""

    targets: Tensor
    options: Tensor


def train_yardstick(
    data: PictureSet, plan: AttributeTraining = PLAN, widths: tuple[int, ...] = WIDTHS, device: str = "cpu"
) -> Iterator[tuple[int, dict[str, float]] | AttributeNetwork]:
    """Yield images seen and losses, and last the network, trained on labelled portraits."""
    torch.manual_seed(plan.seed)
    network = AttributeNetwork(features_config(data.pictures.shape[1], widths))
    yield from train_attributes(network, data, plan, device)
    yield network


def make_yardstick(
    network: AttributeNetwork, data: PictureSet, held_out: PictureSet, name: str, facts: dict[str, str]
) -> Yardstick:
    """Return the yardstick of a network trained on `data`, with its scores on portraits it has not seen."""
    assert held_out.factors is not None
    answers, (mean, deviation) = _read(network, held_out.pictures), measure_factors(data)
    numbers, choices = 0, 0
    factors = []
    for column, factor in enumerate(FACTORS):
        truth = held_out.factors[:, column]
        if factor.options:
            factors.append(_score_choice(factor, truth, answers.options[:, choices].numpy()))
            choices += 1
        else:
            read = answers.targets[:, numbers].numpy() * deviation[column] + mean[column]
            factors.append(_score_number(factor, float(mean[column]), float(deviation[column]), truth, read))
            numbers += 1
    info = YardstickInfo(name, "", network.config, tuple(factors), "Apache-2.0", facts)
    return Yardstick(network, info, describe_crowd(_pool(network, data.pictures), KEPT))


def _score_number(factor: Factor, mean: float, deviation: float, truth: np.ndarray, read: np.ndarray) -> ReadFactor:
    """Score a number by the variance it explains; mean and deviation are those it was trained with."""
    misses = read - truth
    explained = 1 - float(np.square(misses).mean() / max(truth.var(), 1e-12))
    return ReadFactor(
        factor.name,
        factor.unit,
        mean=mean,
        deviation=deviation,
        score=round(explained, 4),
        error=round(float(np.abs(misses).mean()), 4),
    )


def _score_choice(factor: Factor, truth: np.ndarray, answer: np.ndarray) -> ReadFactor:
    right = truth.round().astype(int)
    score = float((answer == right).mean())
    chance = float(np.bincount(right).max() / len(right))
    return ReadFactor(
        factor.name, options=factor.options, score=round(score, 4), chance=round(chance, 4), error=round(1 - score, 4)
    )


@torch.inference_mode()
def _read(network: AttributeNetwork, pictures: np.ndarray) -> _Answers:
    found: list[Attributes] = [network(batch) for batch in _batches(network, pictures)]
    options = [torch.stack([logits.argmax(1) for logits in item.logits], 1) for item in found]
    return _Answers(torch.cat([item.targets for item in found]).cpu(), torch.cat(options).cpu())


@torch.inference_mode()
def _pool(network: AttributeNetwork, pictures: np.ndarray) -> Tensor:
    return torch.cat([network.pool(batch).cpu() for batch in _batches(network, pictures)])


def _batches(network: AttributeNetwork, pictures: np.ndarray) -> Iterator[Tensor]:
    network.eval()
    device = next(network.parameters()).device
    for start in range(0, len(pictures), _BATCH):
        yield to_signed(torch.from_numpy(pictures[start : start + _BATCH]).to(device))
