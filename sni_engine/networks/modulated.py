"""The `modulated` backbone: weight demodulation and skip outputs (StyleGAN2, Karras et al. 2020)."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sni_engine.networks.layers import ACT_GAIN, LEAK, RGB_GAIN, ModulatedConv, upsample


class SynthesisLayer(nn.Module):
    """Modulated convolution, doubling when asked, noise, bias, activation.

    Doubling comes after the convolution: a quarter of the work of doubling first, and no blur is needed.
    """

    def __init__(self, fan_in: int, fan_out: int, style: int, size_px: int, double: bool, noise: bool) -> None:
        super().__init__()
        self.conv = ModulatedConv(fan_in, fan_out, style)
        self.bias = nn.Parameter(torch.zeros(fan_out))
        self.noise_strength = nn.Parameter(torch.zeros(fan_out)) if noise else None
        self.size_px = size_px
        self.doubles = double

    def forward(self, x: Tensor, w: Tensor, noise: Tensor | None, offset: Tensor | None = None) -> Tensor:
        """Return [N, O, size, size]; noise [1 or N, 1, size, size], offset [N or 1, I] as ModulatedConv takes it."""
        x = self.conv(x, w, self.bias, ACT_GAIN, offset)
        if self.doubles:
            x = upsample(x)
        if self.noise_strength is not None and noise is not None:
            strength = self.noise_strength[:, None, None] * ACT_GAIN
            x = torch.addcmul(x, noise.to(x.dtype), strength.to(x.dtype))
        return F.leaky_relu(x, LEAK)

    def fold(self, w: Tensor, offset: Tensor | None = None) -> Tensor:
        """Return the convolution's weights for one style, the activation's gain included."""
        return self.conv.fold(w, offset) * ACT_GAIN

    def offset(self, noise: Tensor | None) -> Tensor:
        """Return what is added before the activation for one noise map [1, size, size], the gain included."""
        bias = self.bias[:, None, None] * ACT_GAIN
        if self.noise_strength is None or noise is None:
            return bias
        return bias + noise * self.noise_strength[:, None, None] * ACT_GAIN


def make_output(width: int, style: int) -> ModulatedConv:
    """Return the layer that turns features of one size into colour."""
    to_rgb = ModulatedConv(width, 3, style, kernel=1, demodulate=False)
    to_rgb.gain *= RGB_GAIN
    return to_rgb
