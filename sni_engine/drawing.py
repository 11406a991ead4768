"""From codes to pictures: the one place where tensors become bytes.

For one style the modulation is constant, so styles and demodulation fold into plain convolution weights (the same
function), kept for the styles seen last: painting cells never pays for them twice. What has nothing to fold (the adain
backbone) keeps w instead.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.api.arrays import Array, digest
from sni_engine.api.codes import Codes
from sni_engine.networks.generator import Generator
from sni_engine.networks.kernel import Kernel, make_kernel
from sni_engine.networks.layers import LEAK, upsample
from sni_engine.seeds import draw_noise

_STYLES_KEPT = 4
_NOISES_KEPT = 2  # as large as the picture's features
_MOST_AT_ONCE = 32
_NUMBERS_AT_ONCE = 2**24  # of the largest layer's features, in one batch on a CPU
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, eq=False)
class Folded:
    """Convolutions for one style: each layer's, and weights [3, I, 1, 1] of each RGB output."""

    layers: list[Kernel]
    to_rgb: list[Tensor]


@dataclass(frozen=True, eq=False)
class Batch:
    """Codes of N pictures side by side, and a noise map [N, 1, size, size] for each layer."""

    style: Tensor
    global_: Tensor
    shared: Tensor
    local: Tensor
    noise: list[Tensor]


class Painter:
    """Draws pictures from a generator; remembers folded weights, w and noise maps, and nothing else."""

    def __init__(self, generator: Generator, device: torch.device) -> None:
        self.generator = generator.to(device).eval().requires_grad_(False)
        self.device = device
        self._folded: OrderedDict[str, Folded] = OrderedDict()
        self._mapped: OrderedDict[str, Tensor] = OrderedDict()
        self._noise: OrderedDict[int, list[Tensor]] = OrderedDict()

    @torch.inference_mode()
    def draw(self, codes: Codes) -> Array:
        """Return the picture of `codes`, uint8 [H, W, 3]."""
        return to_picture(self.forward(codes)[0])

    @torch.inference_mode()
    def draw_many(self, codes: Sequence[Codes]) -> Array:
        """Return the pictures of `codes`, uint8 [N, H, W, 3], drawn in batches.

        Not the same bytes as `draw`: a batch keeps the modulation apart from the weights and its convolutions add up
        in another order, so that now and then a value rounds to its neighbour (on a CPU, never further than 1 of 255).
        """
        side = self.generator.config.resolution_px
        pictures = np.empty((len(codes), side, side, 3), np.uint8)
        for start, drawn in self.forward_many(codes):
            pictures[start : start + len(drawn)] = to_pictures(drawn)
        return pictures

    def forward_many(self, codes: Sequence[Codes]) -> Iterator[tuple[int, Tensor]]:
        """Yield, batch by batch, where it starts and its pictures as floats [N, 3, H, W], about -1 to 1."""
        numbers = _NUMBERS_AT_ONCE if self.device.type == "cpu" else 16 * _NUMBERS_AT_ONCE
        most = max(1, min(_MOST_AT_ONCE, numbers // self.generator.config.largest_layer))
        for start in range(0, len(codes), most):
            with torch.inference_mode():
                some = codes[start : start + most]
                can_fold = self._can_fold(some)
                drawn = self._forward_folded(some) if can_fold else self._forward_batch(self._stack(some))
            yield start, drawn

    @torch.inference_mode()
    def forward(self, codes: Codes) -> Tensor:
        """Return the picture of `codes` as floats [1, 3, H, W], about -1 to 1."""
        if self.generator.config.backbone == "modulated":
            return self._forward_folded([codes])
        levels = (self._tensor(level) for level in (codes.global_, codes.shared, codes.local))
        columns = self.generator.map_cells(*levels).contiguous(memory_format=torch.channels_last)
        return self.generator.from_map(columns, self._map(codes.style), self._noise_maps(codes.noise_seed))

    def _forward_folded(self, codes: Sequence[Codes]) -> Tensor:
        """Return the pictures [N, 3, H, W] of codes that share style and noise."""
        generator = self.generator
        folded, offsets = self._fold(codes[0].style), self._offsets(codes[0].noise_seed)
        levels = [self._stack_level([item.level(name) for item in codes]) for name in ("global", "shared", "local")]
        x = generator.map_cells(*levels).contiguous(memory_format=torch.channels_last)
        rgb = None
        for index, layer in enumerate(generator.synthesis()):
            x = folded.layers[index].convolve(x)
            if layer.doubles:
                x = upsample(x)
            x = F.leaky_relu_(x.add_(offsets[index]), LEAK)
            if not layer.doubles:
                part = F.conv2d(x, folded.to_rgb[index // 2], generator.rgb_bias[index // 2])
                rgb = part if rgb is None else upsample(rgb).add_(part)
        assert rgb is not None
        return rgb

    def _can_fold(self, codes: Sequence[Codes]) -> bool:
        """Say whether codes differ in their cells only, as the alternatives of an edit do: one style serves all."""
        if self.generator.config.backbone != "modulated" or len({digest(item.style) for item in codes}) != 1:
            return False
        return not self.generator.config.noise or len({item.noise_seed for item in codes}) == 1

    def _forward_batch(self, batch: Batch) -> Tensor:
        columns = self.generator.map_cells(batch.global_, batch.shared, batch.local)
        columns = columns.contiguous(memory_format=torch.channels_last)
        return self.generator.from_map(columns, self.generator.map_style(batch.style), batch.noise)

    def _stack(self, codes: Sequence[Codes]) -> Batch:
        stack = self._stack_level
        shapes = self.generator.noise_shapes()
        noise = zip(*(draw_noise(item.noise_seed, shapes) for item in codes), strict=True)
        return Batch(
            stack([item.style for item in codes]),
            stack([item.global_ for item in codes]),
            stack([item.shared for item in codes]),
            stack([item.local for item in codes]),
            [stack(maps) for maps in noise],
        )

    def _stack_level(self, arrays: Sequence[Array]) -> Tensor:
        return torch.from_numpy(np.stack(arrays)).to(self.device)

    def _tensor(self, values: Array) -> Tensor:
        return torch.tensor(values, device=self.device)[None]

    def _map(self, style: Array) -> Tensor:
        """Return w [1, D]."""
        key = digest(style)
        if key not in self._mapped:
            self._mapped[key] = self.generator.map_style(self._tensor(style))
        return _recall(self._mapped, key, _STYLES_KEPT)

    def _noise_maps(self, noise_seed: int) -> list[Tensor]:
        """Return the noise map of each layer [1, 1, size, size], as drawn; empty without noise."""
        if noise_seed not in self._noise:
            maps = draw_noise(noise_seed, self.generator.noise_shapes())
            self._noise[noise_seed] = [torch.from_numpy(noise).to(self.device)[None] for noise in maps]
        return _recall(self._noise, noise_seed, _NOISES_KEPT)

    def _fold(self, style: Array) -> Folded:
        key = digest(style)
        if key not in self._folded:
            generator = self.generator
            w = generator.map_style(self._tensor(style))
            self._folded[key] = Folded(
                [make_kernel(layer.fold(w), layer.size_px // (1 + layer.doubles)) for layer in generator.synthesis()],
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
    return np.ascontiguousarray(to_pictures(values[None])[0])


def to_pictures(values: Tensor) -> Array:
    """Return floats [N, 3, H, W], -1 to 1, as bytes uint8 [N, H, W, 3]; beyond the range is clipped."""
    scaled = values.float().clamp(-1, 1).add(1).mul(127.5).round()
    return scaled.to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
