"""Discriminators: a residual one on pixels, and small heads on a feature trunk (Sauer et al. 2021)."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sni_engine.api.architecture import DiscriminatorConfig
from sni_engine.networks.features import Trunk
from sni_engine.networks.layers import EqualConv, EqualLinear, activate, add_deviation, measure_deviation


class ResidualBlock(nn.Module):
    """Two convolutions and a short cut, halving before the second convolution, where it costs a quarter."""

    def __init__(self, fan_in: int, fan_out: int) -> None:
        super().__init__()
        self.first = EqualConv(fan_in, fan_in)
        self.second = EqualConv(fan_in, fan_out)
        self.skip = EqualConv(fan_in, fan_out, kernel=1, bias=False, active=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.second(F.avg_pool2d(self.first(x), 2))
        return (y + self.skip(F.avg_pool2d(x, 2))) * 0.5**0.5


class ResidualDiscriminator(nn.Module):
    """Pictures [N, 3, H, W] to one logit each, with minibatch standard deviation (Karras et al. 2020, residual net)."""

    def __init__(self, config: DiscriminatorConfig, resolution_px: int) -> None:
        super().__init__()
        widths = config.widths
        self.from_rgb = EqualConv(3, widths[0], kernel=1)
        self.blocks = nn.ModuleList(ResidualBlock(a, b) for a, b in zip(widths, widths[1:], strict=False))
        side = resolution_px >> (len(widths) - 1)
        if side < 2:
            raise ValueError(f"{len(widths)} widths halve {resolution_px} px too often")
        self.last = EqualConv(widths[-1] + 1, widths[-1])
        self.dense = EqualLinear(widths[-1] * side * side, widths[-1])
        self.logit = EqualLinear(widths[-1], 1)

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.from_rgb(pictures)
        for block in self.blocks:
            x = block(x)
        x = self.last(add_deviation(x))
        return self.logit(activate(self.dense(x.flatten(1))))  # [N, 1]


class Head(nn.Module):
    """A small judge of one feature level: two convolutions, logits per place."""

    def __init__(self, fan_in: int, width: int, halve: bool) -> None:
        super().__init__()
        self.first = EqualConv(fan_in, width, stride=2 if halve else 1)
        self.deviation = nn.Parameter(torch.zeros(width))
        self.second = EqualConv(width, width)
        self.logit = EqualConv(width, 1, kernel=1, active=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        # the deviation enters as a bias: one more channel would cost a copy, an odd width and a fifth of the step
        x = x + (measure_deviation(x)[:, None] * self.deviation)[:, :, None, None]
        return self.logit(self.second(x)).flatten(1)  # [N, places]


class SharedBatchNorm(nn.BatchNorm2d):
    """Batch norm that measures the whole batch though this process holds a share of it; the state is the usual one.

    average: returns the mean of a tensor over all processes, and lets gradients pass.
    """

    def __init__(self, channels: int, average: Callable[[Tensor], Tensor]) -> None:
        super().__init__(channels)
        self._average = average

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        assert self.momentum == 0, "the statistics that were learnt stay as they are"
        assert self.num_batches_tracked is not None
        self.num_batches_tracked.add_(1)  # as the usual one does
        centred = x.float()
        centred = centred - self._average(centred.mean((0, 2, 3)))[:, None, None]
        variance = self._average(centred.square().mean((0, 2, 3)))
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return torch.addcmul(self.bias[:, None, None], centred, scale[:, None, None]).to(x.dtype)


class ProjectedDiscriminator(nn.Module):
    """A feature trunk and one head per level; logits of all places side by side, each level weighing the same.

    The last level is the picture itself, made small: deep features grow with contrast and take garish pictures for
    certain ones, plain colours do not. Levels are standardised per channel by fixed statistics of real pictures.
    """

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__()
        self.trunk = Trunk(config.widths)
        widths = (*config.widths, 3)
        self.heads = nn.ModuleList(
            Head(width, config.head_width, halve=index < len(config.widths) - 2) for index, width in enumerate(widths)
        )
        for index, width in enumerate(widths):
            self.register_buffer(f"mean_{index}", torch.zeros(width))
            self.register_buffer(f"scale_{index}", torch.ones(width))
        self.train()  # modules are born training; here that means inference mode, see below

    @torch.no_grad()
    def standardise(self, pictures: Tensor) -> None:
        """Take the features' mean and deviation from real pictures [N, 3, H, W]."""
        for index, level in enumerate(self.look(pictures)):
            self.get_buffer(f"mean_{index}").copy_(level.mean((0, 2, 3)))
            self.get_buffer(f"scale_{index}").copy_(1 / (level.std((0, 2, 3)) + 1e-4))

    def train(self, mode: bool = True) -> "ProjectedDiscriminator":
        """Stay in inference mode; `use_batch_statistics` alone decides about the trunk's batch norms."""
        return super().train(False)

    def use_batch_statistics(self, batch: bool) -> None:
        """Let the trunk's batch norms measure each batch, or use the statistics of the portraits it was trained on.

        Measured batches hide contrast and brightness: lenient, which a young generator needs to find heads at all
        (docs/measurements.md), and blind, which an older one exploits. The portraits' statistics are never changed.
        """
        for module in self.trunk.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.training = batch
                module.momentum = 0.0

    def share_statistics(self, average: Callable[[Tensor], Tensor]) -> None:
        """Let measured batches be measured over all processes; for a fresh discriminator, whose norms are untouched."""
        for module in list(self.trunk.modules()):
            for name, norm in list(module.named_children()):
                if isinstance(norm, nn.BatchNorm2d):
                    setattr(module, name, SharedBatchNorm(norm.num_features, average))
        self.use_batch_statistics(False)

    def look(self, pictures: Tensor) -> list[Tensor]:
        """Return the levels: the trunk's features from fine to coarse, then the picture made small."""
        return [*self.trunk(pictures), F.avg_pool2d(pictures, 4)]

    def judge(self, levels: list[Tensor]) -> Tensor:
        """Return logits [N, levels] from what `look` returned, the mean of each head's places."""
        parts = []
        for index, level in enumerate(levels):
            mean, scale = self.get_buffer(f"mean_{index}"), self.get_buffer(f"scale_{index}")
            standard = (level - mean[:, None, None]) * scale[:, None, None]
            parts.append(self.heads[index](standard).mean(1, keepdim=True))
        return torch.cat(parts, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.judge(self.look(pictures))
