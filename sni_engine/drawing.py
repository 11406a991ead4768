"""From codes to pictures: the one place where tensors become bytes.

For one style the modulation is constant, so styles and demodulation fold into plain convolution weights (the same
function), kept for the styles seen last: painting cells never pays for them twice.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.api.arrays import Array, digest
from sni_engine.api.codes import Codes
from sni_engine.networks.generator import Generator
from sni_engine.networks.layers import LEAK, upsample
from sni_engine.seeds import draw_noise

_STYLES_KEPT = 4
_NOISES_KEPT = 2  # as large as the picture's features
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, eq=False)
class Folded:
    """Convolution weights for one style: each layer's [O, I, 3, 3] and each RGB output's [3, I, 1, 1]."""

    layers: list[Tensor]
    to_rgb: list[Tensor]


class Painter:
    """Draws one picture at a time from a generator; remembers folded weights and noise maps, and nothing else."""

    def __init__(self, generator: Generator, device: torch.device) -> None:
        self.generator = generator.to(device).eval().requires_grad_(False)
        self.device = device
        self._folded: OrderedDict[str, Folded] = OrderedDict()
        self._noise: OrderedDict[int, list[Tensor]] = OrderedDict()

    @torch.inference_mode()
    def draw(self, codes: Codes) -> Array:
        """Return the picture of `codes`, uint8 [H, W, 3]."""
        return to_picture(self.forward(codes)[0])

    @torch.inference_mode()
    def forward(self, codes: Codes) -> Tensor:
        """Return the picture of `codes` as floats [1, 3, H, W], about -1 to 1."""
        generator = self.generator
        folded, offsets = self._fold(codes.style), self._offsets(codes.noise_seed)
        levels = (self._tensor(level) for level in (codes.global_, codes.shared, codes.local))
        x = generator.map_cells(*levels).contiguous(memory_format=torch.channels_last)
        rgb = None
        for index, layer in enumerate(generator.synthesis()):
            x = F.conv2d(x, folded.layers[index], padding=1)
            if layer.doubles:
                x = upsample(x)
            x = F.leaky_relu_(x + offsets[index], LEAK)
            if not layer.doubles:
                part = F.conv2d(x, folded.to_rgb[index // 2], generator.rgb_bias[index // 2])
                rgb = part if rgb is None else upsample(rgb) + part
        assert rgb is not None
        return rgb

    def _tensor(self, values: Array) -> Tensor:
        return torch.tensor(values, device=self.device)[None]

    def _fold(self, style: Array) -> Folded:
        key = digest(style)
        if key not in self._folded:
            generator = self.generator
            w = generator.map_style(self._tensor(style))
            self._folded[key] = Folded(
                [layer.fold(w).contiguous(memory_format=torch.channels_last) for layer in generator.synthesis()],
                [layer.fold(w).contiguous(memory_format=torch.channels_last) for layer in generator.rgb_layers()],
            )
        return _recall(self._folded, key, _STYLES_KEPT)

    def _offsets(self, noise_seed: int) -> list[Tensor]:
        """Return bias plus noise of each layer, [O, size, size], or [O, 1, 1] without noise."""
        if noise_seed not in self._noise:
            generator = self.generator
            maps = [
                torch.from_numpy(noise).to(self.device) for noise in draw_noise(noise_seed, generator.noise_shapes())
            ]
            offsets = [layer.offset(maps[index] if maps else None) for index, layer in enumerate(generator.synthesis())]
            self._noise[noise_seed] = [o[None].contiguous(memory_format=torch.channels_last) for o in offsets]
        return _recall(self._noise, noise_seed, _NOISES_KEPT)


def _recall(kept: OrderedDict[K, V], key: K, most: int) -> V:
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
    return kept[key]


def to_picture(values: Tensor) -> Array:
    """Return floats [3, H, W], -1 to 1, as bytes uint8 [H, W, 3]; beyond the range is clipped."""
    scaled = values.float().clamp(-1, 1).add(1).mul(127.5).round()
    return np.ascontiguousarray(scaled.to(torch.uint8).permute(1, 2, 0).cpu().numpy())
