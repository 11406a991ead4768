"""Layers shared by generators and discriminators: equalised learning rate, modulation, minibatch deviation."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LEAK = 0.2
ACT_GAIN = math.sqrt(2)
RGB_GAIN = 0.2  # untrained pictures start within -1..1, where a feature network has seen pictures before


def check_shape(x: Tensor, names: str, **sizes: int) -> None:
    """Assert that `x` has one dimension per name in `names`, of the given size where one is given."""
    wanted = [sizes.get(name) for name in names.split()]
    fits = x.ndim == len(wanted) and all(w is None or w == got for w, got in zip(wanted, x.shape, strict=True))
    assert fits, f"expected [{names}] with {sizes}, got {tuple(x.shape)}"


def activate(x: Tensor) -> Tensor:
    """Leaky ReLU scaled so that the variance stays."""
    return F.leaky_relu(x, LEAK) * ACT_GAIN


def normalise(x: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """Divide by the root mean square along `dim` (pixel norm, Karras et al. 2018)."""
    return x * torch.rsqrt(x.square().mean(dim, keepdim=True) + eps)


def draw_weights(*shape: int, divisor: float = 1.0) -> Tensor:
    """Return normal numbers over `divisor` to start from; on the meta device a shape alone.

    There, drawing and dividing would import torch's compiler, which doubles the time to open a model.
    """
    blank = torch.empty(shape)
    return blank if blank.is_meta else torch.randn(shape).div_(divisor)


class EqualLinear(nn.Module):
    """Dense layer whose weights are scaled at run time (equalised learning rate, Karras et al. 2018)."""

    def __init__(
        self, fan_in: int, fan_out: int, bias_init: float = 0.0, lr_multiplier: float = 1.0, gain: float = 1.0
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(draw_weights(fan_out, fan_in, divisor=lr_multiplier))
        self.bias = nn.Parameter(torch.full((fan_out,), bias_init / lr_multiplier))
        self.gain = gain * lr_multiplier / math.sqrt(fan_in)
        self.lr_multiplier = lr_multiplier

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight * self.gain, self.bias * self.lr_multiplier)


class EqualConv(nn.Module):
    """Convolution whose weights are scaled at run time, halving the size at stride 2; `active` ends in `activate`.

    The activation's gain sits in the weights, where it costs nothing: leaky ReLU commutes with positive factors.
    """

    def __init__(
        self, fan_in: int, fan_out: int, kernel: int = 3, stride: int = 1, bias: bool = True, active: bool = True
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(draw_weights(fan_out, fan_in, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(fan_out)) if bias else None
        self.active = active
        self.gain = ACT_GAIN if active else 1.0
        self.scale = self.gain / math.sqrt(fan_in * kernel * kernel)
        self.stride = stride
        self.padding = kernel // 2

    def forward(self, x: Tensor) -> Tensor:
        bias = None if self.bias is None else self.bias * self.gain
        x = F.conv2d(x, self.weight * self.scale, bias, self.stride, self.padding)
        return F.leaky_relu(x, LEAK) if self.active else x


class ModulatedConv(nn.Module):
    """Convolution modulated by a style and demodulated (Karras et al. 2020, section 2.2).

    The style scales the activations instead of the weights, which is the same function and faster on a CPU; the
    demodulation depends on style and weights only, never on the picture, so what happens in one place stays there.
    """

    def __init__(self, fan_in: int, fan_out: int, style: int, kernel: int = 3, demodulate: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(draw_weights(fan_out, fan_in, kernel, kernel))
        self.affine = EqualLinear(style, fan_in, bias_init=1.0) if style else None
        self.gain = 1 / math.sqrt(fan_in * kernel * kernel)
        self.padding = kernel // 2
        self.demodulate = demodulate

    def forward(self, x: Tensor, w: Tensor, bias: Tensor, gain: float = 1.0, offset: Tensor | None = None) -> Tensor:
        """Return gain * (convolution of `x` [N, I, H, W] under styles `w` [N, D], plus bias [O]).

        offset: as in `scales`.
        """
        scale = self.scales(w, offset)
        if scale is not None:
            x = x * scale[:, :, None, None].to(x.dtype)
        out = F.conv2d(x, self.weight * self.gain, padding=self.padding)
        factor = self.demodulation(scale) * gain if self.demodulate else x.new_full((1, 1), gain)
        # one pass for both, in the type of the convolution, which autocast decides: float32 here would undo it
        return torch.addcmul((bias * gain)[:, None, None].to(out.dtype), out, factor[:, :, None, None].to(out.dtype))

    def scales(self, w: Tensor, offset: Tensor | None = None) -> Tensor | None:
        """Return the style scale of each input channel [N, I]; None for a layer without style.

        offset [N or 1, I]: what an edit of style space adds.
        """
        if self.affine is None:
            return None
        scale: Tensor = self.affine(w)
        return scale if offset is None else scale + offset

    def demodulation(self, scale: Tensor | None) -> Tensor:
        """Return what brings each output channel back to unit variance [N or 1, O] (equation 3)."""
        energy = (self.weight * self.gain).square().sum((2, 3))  # [O, I]
        total = energy.sum(1)[None] if scale is None else scale.square() @ energy.T
        return torch.rsqrt(total + 1e-8)

    def fold(self, w: Tensor, offset: Tensor | None = None) -> Tensor:
        """Return the plain convolution weights [O, I, k, k] that one style [1, D] amounts to, without bias and gain."""
        scale = self.scales(w, offset)  # [1, I]
        weight = self.weight * self.gain
        if scale is not None:
            weight = weight * scale[0][None, :, None, None]
        return weight * self.demodulation(scale)[0][:, None, None, None] if self.demodulate else weight


def upsample(x: Tensor) -> Tensor:
    """Double the size, bilinear."""
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def measure_deviation(x: Tensor, group: int = 4) -> Tensor:
    """Return the mean standard deviation over each picture's group of the batch [N] (Karras et al. 2018, section 3)."""
    n, c, h, w = x.shape
    size = math.gcd(n, group)
    spread = x.reshape(size, n // size, c, h, w)
    spread = (spread - spread.mean(0)).square().mean(0)  # Tensor.var over the first axis is ten times slower on a CPU
    return (spread + 1e-8).sqrt().mean((1, 2, 3)).repeat(size)


def add_deviation(x: Tensor) -> Tensor:
    """Append the minibatch standard deviation as one channel."""
    n, _, h, w = x.shape
    return torch.cat([x, measure_deviation(x)[:, None, None, None].expand(n, 1, h, w)], 1)
