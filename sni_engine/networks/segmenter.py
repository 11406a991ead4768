"""A segmenter: from the yardstick's trunk, from coarse to fine, to the part of each pixel of a portrait."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sni_engine.networks.layers import LEAK, upsample


class Segmenter(nn.Module):
    """Reads the features of a trunk of five stages and the picture itself; after U-Net (Ronneberger et al. 2015)."""

    def __init__(self, widths: tuple[int, ...], parts: int, hidden: tuple[int, ...] = (64, 64, 48, 32)) -> None:
        super().__init__()
        beside = [*reversed(widths[:-1])]  # of the trunk, from coarse to fine
        beside[-1] += 3
        fans = (widths[-1], *hidden[:-1])
        self.steps = nn.ModuleList(
            nn.Conv2d(fan + side, out, 3 if index else 1, padding=1 if index else 0)
            for index, (fan, side, out) in enumerate(zip(fans, beside, hidden, strict=True))
        )
        self.last = nn.Conv2d(hidden[-1], parts, 1)

    def forward(self, pictures: Tensor, levels: list[Tensor]) -> Tensor:
        """Return logits [N, P, H, W] of pictures [N, 3, H, W] in -1..1 and their features, from fine to coarse."""
        beside = [*reversed(levels[1:-1]), torch.cat([levels[0], pictures], 1)]
        x = levels[-1]
        for step, side in zip(self.steps, beside, strict=True):
            x = F.leaky_relu(step(torch.cat([upsample(x), side], 1)), LEAK)
        found: Tensor = self.last(x)
        return found
