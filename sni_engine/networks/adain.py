"""The `adain` backbone: instance norm and style modulation, as SNI was published (after Karras et al. 2019)."""

from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sni_engine.networks.layers import ACT_GAIN, LEAK, RGB_GAIN, EqualConv, EqualLinear, draw_weights


class AdainLayer(nn.Module):
    """A convolution, doubling when asked, then the epilogue: noise, bias, activation, instance norm, style.

    style: length of w, 0 for a layer that no style modulates. convolves: False leaves the epilogue alone, which is how
    a constant input begins.
    """

    def __init__(
        self, fan_in: int, fan_out: int, style: int, size_px: int, double: bool, noise: bool, convolves: bool = True
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(draw_weights(fan_out, fan_in, 3, 3)) if convolves else None
        self.gain = ACT_GAIN / sqrt(fan_in * 9)
        self.noise_strength = nn.Parameter(torch.zeros(fan_out)) if noise else None
        self.bias = nn.Parameter(torch.zeros(fan_out))
        self.affine = EqualLinear(style, 2 * fan_out) if style else None
        self.size_px = size_px
        self.doubles = double

    def forward(self, x: Tensor, w: Tensor, noise: Tensor | None, offset: Tensor | None = None) -> Tensor:
        """Return [N, O, size, size]; w [N, D], noise [1 or N, 1, size, size].

        offset [N or 1, O]: what an edit of style space adds to the scales; the shifts stay.
        """
        if self.weight is not None:
            weight = self.weight * self.gain
            x = blur(double(x, weight)) if self.doubles else F.conv2d(x, weight, padding=1)
        if self.noise_strength is not None and noise is not None:
            x = torch.addcmul(x, noise.to(x.dtype), self.noise_strength[:, None, None].to(x.dtype))
        x = instance_norm(F.leaky_relu(x + self.bias[:, None, None].to(x.dtype), LEAK))
        if self.affine is None:
            return x
        scale, shift = self.affine(w)[:, :, None, None].chunk(2, 1)  # [N, O, 1, 1] each
        scale = scale if offset is None else scale + offset[:, :, None, None]
        return torch.addcmul(shift.to(x.dtype), x, (scale + 1).to(x.dtype))

    def scales(self, w: Tensor) -> Tensor | None:
        """Return the style scale of each output channel, less 1 [N, O]; None for a layer without style."""
        return None if self.affine is None else self.affine(w).chunk(2, 1)[0]


def make_last_output(width: int) -> EqualConv:
    """Return the layer that turns the last features into colour, starting pale where the published one is garish."""
    to_rgb = EqualConv(width, 3, kernel=1, active=False)
    if not to_rgb.weight.is_meta:  # see draw_weights
        with torch.no_grad():
            to_rgb.weight.mul_(RGB_GAIN)
    return to_rgb


def double(x: Tensor, weight: Tensor) -> Tensor:
    """Double [N, I, H, W] by nearest neighbour, then convolve with `weight` [O, I, 3, 3], zeros around the edge.

    As one transposed convolution: the same function at under half the work, which StyleGAN calls fused.
    """
    wide = F.pad(weight.transpose(0, 1).flip(2, 3), (1, 1, 1, 1))
    wide = wide[..., 1:, 1:] + wide[..., :-1, 1:] + wide[..., 1:, :-1] + wide[..., :-1, :-1]  # [I, O, 4, 4]
    return F.conv_transpose2d(x, wide, stride=2, padding=1)


def blur(x: Tensor) -> Tensor:
    """Smooth every channel with [1, 2, 1] both ways, zeros around the edge."""
    line = torch.tensor([0.25, 0.5, 0.25], dtype=x.dtype, device=x.device)
    channels = x.shape[1]
    return F.conv2d(x, (line[:, None] * line).expand(channels, 1, 3, 3), padding=1, groups=channels)


def instance_norm(x: Tensor, eps: float = 1e-8) -> Tensor:
    """Bring every channel of every picture [N, C, H, W] to zero mean and unit variance over its pixels.

    Computed in float32.

    Over pixels laid out one after another, four times as fast on a CPU as torch's own for channels-last tensors.
    """
    rows = x.float().flatten(2).transpose(1, 2)  # [N, H·W, C]
    rows = rows - rows.mean(1, keepdim=True)
    rows = rows * torch.rsqrt(rows.square().mean(1, keepdim=True) + eps)
    return rows.transpose(1, 2).unflatten(2, x.shape[2:]).to(x.dtype)
