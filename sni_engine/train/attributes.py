"""Train the attribute network on labelled portraits: the discriminator's eyes, and later the metrics' yardstick."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.networks.features import AttributeNetwork, Attributes, FeaturesConfig
from sni_engine.portraits import FACTORS, PARTS
from sni_engine.train.dataset import LabelledPictures

_PATIENCE_S = 1.0  # somebody may want the training to pause or to end
_MEASURED = 65_536  # portraits whose factors are measured to be standardised


@dataclass(frozen=True)
class AttributeTraining:
    """How long and how fast to train. shift_px: pictures are moved by up to this much, so that features tolerate it."""

    images: int = 120_000
    batch: int = 64
    rate: float = 2e-3
    shift_px: int = 4
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Labels:
    """Standardised targets [N, T], option numbers [N, K], coarse parts [N, P, h, w], small pictures [N, 3, h, w]."""

    targets: Tensor
    options: Tensor
    parts: Tensor
    small: Tensor


def features_config(resolution_px: int, widths: tuple[int, ...]) -> FeaturesConfig:
    """Return the network for portraits of one size."""
    options = tuple(len(factor.options) for factor in FACTORS if factor.options)
    return FeaturesConfig(widths, resolution_px, len(FACTORS) - len(options), options, len(PARTS))


def train_attributes(
    network: AttributeNetwork, data: LabelledPictures, plan: AttributeTraining, device: str
) -> Iterator[tuple[int, dict[str, float]]]:
    """Train in place; yields images seen and losses every few steps, and where they are slow every second or so."""
    network.to(device).to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(network.parameters(), plan.rate, weight_decay=1e-4)
    continuous = [index for index, factor in enumerate(FACTORS) if not factor.options]
    choices = [index for index, factor in enumerate(FACTORS) if factor.options]
    mean, deviation = (values[continuous] for values in measure_factors(data))
    generator = np.random.default_rng(plan.seed)
    steps = plan.images // plan.batch
    coarse = 2 ** (len(network.config.widths) - 3)  # the size at which parts and small pictures are read
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=steps, pct_start=0.1)
    told_at = time.monotonic()
    for step in range(steps):
        some = data.read_labelled(_choose_rows(data.count, step, plan.batch, generator))
        pictures, masks = _shift(some.pictures, some.masks, plan.shift_px, generator)
        x = to_signed(torch.from_numpy(pictures).to(device))
        labels = Labels(
            torch.from_numpy((some.factors[:, continuous] - mean) / deviation).to(device),
            torch.from_numpy(some.factors[:, choices]).round().long().to(device),
            _coarse_parts(torch.from_numpy(masks).to(device), coarse),
            F.avg_pool2d(x, coarse),
        )
        losses = _losses(network(x), labels)
        optimiser.zero_grad(set_to_none=True)
        sum(losses.values()).backward()  # type: ignore[union-attr]
        optimiser.step()
        schedule.step()
        if step % 20 == 0 or step == steps - 1 or time.monotonic() - told_at > _PATIENCE_S:
            told_at = time.monotonic()
            yield (step + 1) * plan.batch, {name: loss.item() for name, loss in losses.items()}
    network.eval()


def _choose_rows(count: int | None, step: int, batch: int, generator: np.random.Generator) -> np.ndarray:
    """Return any rows of a stored set; of endless portraits the next ones, each seen once."""
    if count is None:
        return np.arange(step * batch, (step + 1) * batch)
    return np.sort(generator.choice(count, batch, replace=False))


def measure_factors(data: LabelledPictures) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and deviation of every factor [F], as the network's targets are standardised by."""
    factors = data.read_factors(np.arange(min(data.count or _MEASURED, _MEASURED)))
    return factors.mean(0), factors.std(0) + 1e-6


def to_signed(pictures: Tensor) -> Tensor:
    """Return uint8 pictures [N, H, W, 3] as floats -1..1 [N, 3, H, W], channels last in memory."""
    return pictures.permute(0, 3, 1, 2).float().div(127.5).sub(1)


def _shift(
    pictures: np.ndarray, masks: np.ndarray, most: int, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Move each picture and its mask together, edges repeated."""
    size = pictures.shape[1]
    padded = np.pad(pictures, ((0, 0), (most, most), (most, most), (0, 0)), "edge")
    padded_masks = np.pad(masks, ((0, 0), (most, most), (most, most)), "edge")
    starts = generator.integers(0, 2 * most + 1, (len(pictures), 2))
    moved = [padded[i, y : y + size, x : x + size] for i, (y, x) in enumerate(starts)]
    moved_masks = [padded_masks[i, y : y + size, x : x + size] for i, (y, x) in enumerate(starts)]
    return np.stack(moved), np.stack(moved_masks)


def _coarse_parts(masks: Tensor, factor: int) -> Tensor:
    return F.avg_pool2d(F.one_hot(masks.long(), len(PARTS)).permute(0, 3, 1, 2).float(), factor)


def _losses(read: Attributes, labels: Labels) -> dict[str, Tensor]:
    logs = F.log_softmax(read.parts, 1)
    options = [F.cross_entropy(logits, labels.options[:, index]) for index, logits in enumerate(read.logits)]
    return {
        "targets": F.smooth_l1_loss(read.targets, labels.targets) * 2,
        "options": torch.stack(options).mean() * 0.5,
        "parts": -(labels.parts * logs).sum(1).mean(),
        "small": F.mse_loss(read.small, labels.small) * 4,
    }
