"""Train the segmenter on portraits, whose masks are exact; the yardstick below it stays as it is."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.networks.features import Trunk
from sni_engine.networks.segmenter import Segmenter
from sni_engine.portraits.masks import PARTS
from sni_engine.train.attributes import to_signed
from sni_engine.train.dataset import PictureSet


@dataclass(frozen=True)
class SegmenterTraining:
    """How to train: images seen in all, the rate at first, which falls to nothing over the second half."""

    images: int = 6400
    batch: int = 16
    rate: float = 3e-3
    seed: int = 5


def train_segmenter(
    trunk: Trunk, widths: tuple[int, ...], data: PictureSet, plan: SegmenterTraining
) -> Iterator[tuple[int, float] | Segmenter]:
    """Yield images seen and the loss, and last the network. data: labelled portraits of the trunk's size."""
    torch.manual_seed(plan.seed)
    dice = np.random.default_rng(plan.seed)
    network = Segmenter(widths, len(PARTS))
    optimiser = torch.optim.Adam(network.parameters(), plan.rate)
    for seen in range(0, plan.images, plan.batch):
        optimiser.param_groups[0]["lr"] = plan.rate * min(1.0, 2 * (1 - seen / plan.images))
        some = data.read_labelled(np.sort(dice.choice(len(data), plan.batch, replace=False)))
        pictures, masks = to_signed(torch.from_numpy(some.pictures)), torch.from_numpy(some.masks).long()
        if dice.random() < 0.5:
            pictures, masks = pictures.flip(3), masks.flip(2)
        loss = F.cross_entropy(network(pictures, look(trunk, pictures)), masks)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield seen + plan.batch, float(loss.detach())
    yield network.eval().requires_grad_(False)


def score_segmenter(trunk: Trunk, network: Segmenter, data: PictureSet) -> dict[str, float]:
    """Return the intersection over union of each part with the true masks of portraits."""
    both, either = np.zeros(len(PARTS)), np.zeros(len(PARTS))
    for rows in np.array_split(np.arange(len(data)), max(1, len(data) // 32)):
        some = data.read_labelled(rows)
        pictures = to_signed(torch.from_numpy(some.pictures))
        with torch.inference_mode():
            found = network(pictures, look(trunk, pictures)).argmax(1).numpy()
        for part in range(len(PARTS)):
            both[part] += ((found == part) & (some.masks == part)).sum()
            either[part] += ((found == part) | (some.masks == part)).sum()
    return {name: round(float(both[i] / either[i]), 3) for i, name in enumerate(PARTS) if either[i]}


@torch.no_grad()
def look(trunk: Trunk, pictures: Tensor) -> list[Tensor]:
    """Return the trunk's features of pictures, which learn nothing."""
    return trunk(pictures.contiguous(memory_format=torch.channels_last))
