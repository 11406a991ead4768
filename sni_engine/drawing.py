"""From codes to pictures: the one place where tensors become bytes.

For one style the modulation is constant, so styles and demodulation fold into plain convolution weights (the same
function), kept for the styles seen last: painting cells never pays for them twice. What has nothing to fold (the adain
backbone) keeps w instead. Held cells (`Codes.held`) are mixed in by sni_engine.holding, and kept as well.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.api.arrays import Array, digest
from sni_engine.api.codes import Codes
from sni_engine.holding import Held, Trace, make_held, name_holds, share_pixels
from sni_engine.networks.generator import Generator
from sni_engine.networks.kernel import Kernel, make_kernel
from sni_engine.networks.layers import LEAK, upsample
from sni_engine.seeds import draw_noise

_STYLES_KEPT = 4
_NOISES_KEPT = 2  # as large as the picture's features
_HELD_KEPT = 8
_TRACES_KEPT = 64
_HELD_BYTES = 2**28  # of each of the two kinds, the newest not counted
_MOST_AT_ONCE = 32
_NUMBERS_AT_ONCE = 2**24  # of the largest layer's features, in one batch on a CPU
_NUMBERS_IN_CACHE = 2**20  # the same where one style serves all: more pictures save nothing, and leave the cache
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
    """Draws pictures from a generator; remembers folded weights, w, noise maps and held features.

    largest_batch: what memory turned out to allow, None when it was not short yet. batch: how many pictures were drawn
    together last, or were to be when memory ran out.
    """

    def __init__(self, generator: Generator, device: torch.device) -> None:
        self.generator = generator.to(device).eval().requires_grad_(False)
        self.device = device
        self.largest_batch: int | None = None
        self.batch = 0
        self._folded: OrderedDict[str, Folded] = OrderedDict()
        self._mapped: OrderedDict[str, Tensor] = OrderedDict()
        self._noise: OrderedDict[int, list[Tensor]] = OrderedDict()
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._traces: OrderedDict[str, Trace] = OrderedDict()

    @property
    def most_at_once(self) -> int:
        """How many pictures are drawn in one batch."""
        numbers = _NUMBERS_AT_ONCE if self.device.type == "cpu" else 16 * _NUMBERS_AT_ONCE
        most = max(1, min(_MOST_AT_ONCE, numbers // self.generator.config.largest_layer))
        return min(most, self.largest_batch or most)

    def forget(self) -> bool:
        """Let go of everything remembered; False when there was nothing."""
        kept: tuple[OrderedDict[Any, Any], ...] = (self._folded, self._mapped, self._noise, self._held, self._traces)
        held = any(kept)
        for each in kept:
            each.clear()
        return held

    def move(self, device: torch.device) -> None:
        """Draw on another device from now on."""
        self.forget()
        self.generator, self.device = self.generator.to(device), device

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
        order = sorted(range(len(codes)), key=lambda index: name_holds(codes[index]))  # alike ones share a batch
        for start, drawn in self.forward_many([codes[index] for index in order]):
            pictures[order[start : start + len(drawn)]] = to_pictures(drawn)
        return pictures

    def forward_many(self, codes: Sequence[Codes]) -> Iterator[tuple[int, Tensor]]:
        """Yield, batch by batch, where it starts and its pictures as floats [N, 3, H, W], about -1 to 1.

        A batch holds codes that follow one another and share what they hold.
        """
        start = 0
        for _, group in groupby(codes, name_holds):
            alike = list(group)
            for part in self._split(alike):
                self.batch = len(part)
                with torch.inference_mode():
                    drawn = self._draw_alike(part)
                yield start, drawn
                start += len(drawn)

    @torch.inference_mode()
    def features(self, codes: Codes, layer: int) -> Tensor:
        """Return the output of one layer [1, C, side, side] on the way to a picture, held cells included."""
        if self.generator.config.backbone == "modulated":
            trace = Trace()
            self._forward([codes], trace)
            return trace.layers[layer]
        ((_, own),) = self.features_many([codes], layer)
        if not codes.held:
            return own
        side = own.shape[2] // self.generator.config.grid.rows
        shares = torch.from_numpy(share_pixels(np.stack([hold.cells for hold in codes.held]), side)).to(own)
        held = [share * self.features(hold.codes, layer) for hold, share in zip(codes.held, shares, strict=True)]
        return own * (1 - shares.sum(0)) + torch.stack(held).sum(0)  # this backbone mixes in the picture alone

    def features_many(self, codes: Sequence[Codes], layer: int) -> Iterator[tuple[int, Tensor]]:
        """Yield, batch by batch, where it starts and the output of one layer [N, C, side, side]; held cells aside."""
        generator, size = self.generator, self.most_at_once
        for start in range(0, len(codes), size):
            chosen = codes[start : start + size]
            with torch.inference_mode():
                part, offsets = self._stack(chosen), self._style_offsets(chosen)
                columns = generator.map_cells(part.global_, part.shared, part.local)
                found = generator.features(columns, generator.map_style(part.style), part.noise, layer, offsets)
            yield start, found

    def _split(self, codes: Sequence[Codes]) -> Iterator[Sequence[Codes]]:
        """Yield codes in as few batches as there is room for, all of about the same size."""
        most, start = self.most_at_once, 0
        if self.device.type == "cpu" and self._can_fold(codes):
            most = max(1, min(most, _NUMBERS_IN_CACHE // self.generator.config.largest_layer))
        while start < len(codes):
            left = len(codes) - start
            count = math.ceil(left / math.ceil(left / most))
            yield codes[start : start + count]
            start += count

    @torch.inference_mode()
    def forward(self, codes: Codes) -> Tensor:
        """Return the picture of `codes` as floats [1, 3, H, W], about -1 to 1."""
        self.batch = 1
        return self._draw_alike([codes])

    def _draw_alike(self, codes: Sequence[Codes]) -> Tensor:
        """Return the pictures [N, 3, H, W] of codes that share what they hold, in one go."""
        return self._forward(codes) if len(codes) == 1 or self._can_fold(codes) else self._forward_batch(codes)

    def _forward(self, codes: Sequence[Codes], trace: Trace | None = None) -> Tensor:
        """Return the pictures [N, 3, H, W] of codes that share style, noise and what they hold."""
        generator, held = self.generator, self._recall_held(codes[0])
        levels = [self._stack_level([item.level(name) for item in codes]) for name in ("global", "shared", "local")]
        columns = generator.map_cells(*levels).contiguous(memory_format=torch.channels_last)
        if generator.config.backbone == "adain":
            w, noise = self._map(codes[0].style), self._noise_maps(codes[0].noise_seed)
            rgb = generator.from_map(columns, w, noise, self._style_offsets(codes[:1]))
            return _mix_picture(rgb, held, trace)
        folded, offsets = self._fold(codes[0]), self._offsets(codes[0].noise_seed)
        layers = generator.synthesis()

        def transform(index: int, x: Tensor) -> Tensor:
            x = folded.layers[index].convolve(x)
            if layers[index].doubles:
                x = upsample(x)
            return F.leaky_relu_(x.add_(offsets[index]), LEAK)

        def colour(index: int, x: Tensor) -> Tensor:
            return F.conv2d(x, folded.to_rgb[index], generator.rgb_bias[index])

        return self._synthesise(columns, transform, colour, held, trace)

    def _can_fold(self, codes: Sequence[Codes]) -> bool:
        """Say whether codes differ in their cells only, as the alternatives of an edit do: one style serves all."""
        if self.generator.config.backbone != "modulated" or len({item.style_digest for item in codes}) != 1:
            return False
        return not self.generator.config.noise or len({item.noise_seed for item in codes}) == 1

    def _forward_batch(self, codes: Sequence[Codes]) -> Tensor:
        """Return the pictures of codes that share what they hold."""
        generator, batch, held = self.generator, self._stack(codes), self._recall_held(codes[0])
        columns = generator.map_cells(batch.global_, batch.shared, batch.local)
        columns = columns.contiguous(memory_format=torch.channels_last)
        w, noise, offsets = generator.map_style(batch.style), batch.noise, self._style_offsets(codes)
        if held is None or generator.config.backbone == "adain":
            return _mix_picture(generator.from_map(columns, w, noise, offsets), held, None)
        layers, outputs = generator.synthesis(), generator.rgb_layers()
        added, coloured = generator.sort_offsets(offsets)

        def transform(index: int, x: Tensor) -> Tensor:
            return layers[index](x, w, noise[index] if noise else None, added[index])

        def colour(index: int, x: Tensor) -> Tensor:
            return outputs[index](x, w, generator.rgb_bias[index], offset=coloured[index]).float()

        return self._synthesise(columns, transform, colour, held, None)

    def _synthesise(
        self,
        columns: Tensor,
        transform: Callable[[int, Tensor], Tensor],
        colour: Callable[[int, Tensor], Tensor],
        held: Held | None,
        trace: Trace | None,
    ) -> Tensor:
        """Go through the layers of the modulated backbone, mixing in what is held, and keeping a trace when asked."""
        x, rgb = columns, None
        if held is not None:
            x = x.clone()  # it may be the model's own constant
            held.columns[0].mix_into(x)
        if trace is not None:
            trace.columns.append(x)
        for index, layer in enumerate(self.generator.synthesis()):
            x = transform(index, x)
            if held is not None:
                held.layers[index].mix_into(x)
            if trace is not None:
                trace.layers.append(x)
            if not layer.doubles:
                part = colour(index // 2, x)
                rgb = _mix_picture(part if rgb is None else upsample(rgb).add_(part), held, trace, index // 2)
        assert rgb is not None
        return rgb

    def _recall_held(self, codes: Codes) -> Held | None:
        """Return what codes hold, ready to be mixed in; it stays the same while locks do."""
        if not codes.held:
            return None
        key = name_holds(codes)
        if key not in self._held:
            self._held[key] = make_held(codes, [self._trace(hold.codes) for hold in codes.held])
        held = _recall(self._held, key, _HELD_KEPT)
        _limit_bytes(self._held)
        return held

    def _trace(self, codes: Codes) -> Trace:
        """Draw codes and keep what the drawing passes through: the same codes often stand behind several holds."""
        if codes.digest not in self._traces:
            trace = Trace()
            self._forward([codes], trace)
            self._traces[codes.digest] = trace
        trace = _recall(self._traces, codes.digest, _TRACES_KEPT)
        _limit_bytes(self._traces)
        return trace

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

    @torch.inference_mode()
    def read_styles(self, codes: Codes) -> tuple[Array, ...]:
        """Return what codes are in style space: the number of each channel of each layer, [C] each."""
        styles = self.generator.read_styles(self._map(codes.style))
        offsets = self._style_offsets([codes]) or [torch.zeros_like(each) for each in styles]
        return tuple((style + offset)[0].cpu().numpy() for style, offset in zip(styles, offsets, strict=True))

    def _style_offsets(self, codes: Sequence[Codes]) -> list[Tensor] | None:
        """Return what codes add in style space, [N, C] for each layer; None when none of them adds anything."""
        if all(item.style_delta is None for item in codes):
            return None
        channels = self.generator.config.style_channels
        nothing = tuple(np.zeros(count, np.float32) for count in channels)
        spread = [nothing if item.style_delta is None else item.style_delta.spread(channels) for item in codes]
        return [self._stack_level(layer) for layer in zip(*spread, strict=True)]

    def _noise_maps(self, noise_seed: int) -> list[Tensor]:
        """Return the noise map of each layer [1, 1, size, size], as drawn; empty without noise."""
        if noise_seed not in self._noise:
            maps = draw_noise(noise_seed, self.generator.noise_shapes())
            self._noise[noise_seed] = [torch.from_numpy(noise).to(self.device)[None] for noise in maps]
        return _recall(self._noise, noise_seed, _NOISES_KEPT)

    def _fold(self, codes: Codes) -> Folded:
        """Return the weights that the style of codes, and what they add to it, amount to."""
        key = codes.style_digest
        if key not in self._folded:
            generator, w = self.generator, self._map(codes.style)
            added, coloured = generator.sort_offsets(self._style_offsets([codes]))
            layers = zip(generator.synthesis(), added, strict=True)
            outputs = zip(generator.rgb_layers(), coloured, strict=True)
            self._folded[key] = Folded(
                [make_kernel(layer.fold(w, offset), layer.size_px // (1 + layer.doubles)) for layer, offset in layers],
                [output.fold(w, offset).contiguous(memory_format=torch.channels_last) for output, offset in outputs],
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


def _mix_picture(rgb: Tensor, held: Held | None, trace: Trace | None, index: int = 0) -> Tensor:
    """Mix what is held into the colours of one size, and keep a trace of them when asked."""
    if held is not None:
        held.colours[index].mix_into(rgb)
    if trace is not None:
        trace.colours.append(rgb)
    return rgb


def _recall(kept: OrderedDict[K, V], key: K, most: int) -> V:
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
    return kept[key]


def _limit_bytes(kept: "OrderedDict[str, Held] | OrderedDict[str, Trace]") -> None:
    """Forget the oldest until the rest fits the room there is for it; the newest always stays."""
    while len(kept) > 1 and sum(each.bytes for each in kept.values()) > _HELD_BYTES:
        kept.popitem(last=False)


def to_picture(values: Tensor) -> Array:
    """Return floats [3, H, W], -1 to 1, as bytes uint8 [H, W, 3]; beyond the range is clipped."""
    return np.ascontiguousarray(to_pictures(values[None])[0])


def to_pictures(values: Tensor) -> Array:
    """Return floats [N, 3, H, W], -1 to 1, as bytes uint8 [N, H, W, 3]; beyond the range is clipped."""
    scaled = values.float().clamp(-1, 1).add(1).mul(127.5).round()
    return scaled.to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
