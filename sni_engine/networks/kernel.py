"""A convolution 3x3 whose weights stay, in whichever form this machine computes it fastest."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.networks import winograd


@dataclass(frozen=True, eq=False)
class Kernel:
    """One layer's convolution for one style: weights [O, I, k, k], or [36, I, O] for `winograd`."""

    weight: Tensor
    is_winograd: bool

    def convolve(self, x: Tensor) -> Tensor:
        """Return the convolution of `x` [N, I, H, W], a new tensor."""
        return winograd.convolve(x, self.weight) if self.is_winograd else F.conv2d(x, self.weight, padding=1)


def make_kernel(weight: Tensor, side: int) -> Kernel:
    """Return the faster convolution with weights [O, I, k, k] of features `side` pixels large."""
    if winograd.pays(weight, side):
        return Kernel(winograd.transform_weights(weight), True)
    return Kernel(weight.contiguous(memory_format=torch.channels_last), False)
