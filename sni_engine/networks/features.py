"""An attribute network for portraits: factors, part masks and small pictures from one trunk.

Its trunk serves as the discriminator's eyes (Projected GANs, Sauer et al. 2021) and as the yardstick of the metrics.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class FeaturesConfig:
    """widths: channels at full size, then after each halving. targets: continuous factors. options: sizes of others."""

    widths: tuple[int, ...] = (32, 48, 80, 128, 160)
    resolution_px: int = 64
    targets: int = 0
    options: tuple[int, ...] = ()
    parts: int = 14


class Stage(nn.Module):
    """Halve (all but the first), then two convolutions with batch norm."""

    def __init__(self, fan_in: int, fan_out: int, halve: bool) -> None:
        super().__init__()
        self.halve = halve
        self.first = nn.Conv2d(fan_in, fan_out, 3, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(fan_out)
        self.second = nn.Conv2d(fan_out, fan_out, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(fan_out)

    def forward(self, x: Tensor) -> Tensor:
        if self.halve:
            x = F.avg_pool2d(x, 2)
        x = F.leaky_relu(self.first_norm(self.first(x)), 0.2)
        return F.leaky_relu(self.second_norm(self.second(x)), 0.2)


class Trunk(nn.Module):
    """Pictures [N, 3, H, W] in -1..1 to a list of features, from fine to coarse."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        fans = (3, *widths)
        self.stages = nn.ModuleList(
            Stage(fans[index], fans[index + 1], halve=index > 0) for index in range(len(widths))
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        levels = []
        for stage in self.stages:
            x = stage(x)
            levels.append(x)
        return levels


@dataclass
class Attributes:
    """What is read off pictures: targets [N, T], logits per option list, parts [N, P, h, w], small [N, 3, h, w]."""

    targets: Tensor
    logits: list[Tensor]
    parts: Tensor
    small: Tensor


class AttributeNetwork(nn.Module):
    """Trunk and heads; trained by `train.attributes`."""

    def __init__(self, config: FeaturesConfig) -> None:
        super().__init__()
        self.config = config
        self.trunk = Trunk(config.widths)
        side = config.resolution_px >> (len(config.widths) - 1)
        self.hidden = nn.Linear(config.widths[-1] * side * side, 256)
        self.targets = nn.Linear(256, config.targets)
        self.options = nn.Linear(256, sum(config.options))
        self.parts = nn.Conv2d(config.widths[-3], config.parts, 1)
        self.small = nn.Conv2d(config.widths[-2], 12, 1)

    def forward(self, pictures: Tensor) -> Attributes:
        levels = self.trunk(pictures)
        hidden = F.leaky_relu(self.hidden(levels[-1].flatten(1)), 0.2)
        logits = list(self.options(hidden).split(self.config.options, 1))
        small = F.pixel_shuffle(self.small(levels[-2]), 2)
        return Attributes(self.targets(hidden), logits, self.parts(levels[-3]), torch.tanh(small))

    def pool(self, pictures: Tensor) -> Tensor:
        """Return the coarsest features averaged over their places [N, D]: what Fréchet distances compare."""
        return self.trunk(pictures)[-1].mean((2, 3))
