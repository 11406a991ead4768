"""The SNI generator: a grid of codes in, a picture out (Alharbi & Wonka, CVPR 2020), and the baseline without cells.

    style code    -> mapping network -> w, which modulates the layers from `first_styled` on
    every cell    -> its own dense layer over [global, shared, local] -> its column of the input tensor
    input tensor  -> convolutions, doubling in size -> RGB

Two backbones: `modulated`, where no pixel beyond a cell's reach changes with it, and `adain`, as published. Two sources
of the input tensor: the cells, or the learned constant of a plain StyleGAN. docs/networks.md compares them.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.networks.adain import AdainLayer, instance_norm, make_last_output
from sni_engine.networks.cells import CellMapping, ConstantInput
from sni_engine.networks.layers import ModulatedConv, upsample
from sni_engine.networks.modulated import SynthesisLayer, make_output
from sni_engine.networks.styles import StyleMapping


class Generator(nn.Module):
    """From codes to pictures. `from_codes` is the whole way; `map_cells`, `map_style` and `from_map` are its parts."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        grid, published = config.grid, config.backbone == "adain"
        self.cells: CellMapping | ConstantInput
        if config.source == "constant":
            self.cells = ConstantInput(grid, config.widths[0])
        else:
            self.cells = CellMapping(grid, config.widths[0], not published, config.joint_norm)
        self.mapping = StyleMapping(grid.style, config.mapping_layers, published)
        self.layers = nn.ModuleList()
        self.to_rgb = nn.ModuleList()
        if published:
            self._add_adain()
        else:
            self._add_modulated()
        self.rgb_bias = nn.ParameterList(torch.zeros(3) for _ in self.rgb_layers())

    def _add_modulated(self) -> None:
        config = self.config
        for fan_in, fan_out, size_px, double in _list_convolutions(config):
            style = config.grid.style if len(self.layers) >= config.first_styled else 0
            self.layers.append(SynthesisLayer(fan_in, fan_out, style, size_px, double, config.noise))
            if not double:
                self.to_rgb.append(make_output(fan_out, config.grid.style))

    def _add_adain(self) -> None:
        config, style = self.config, self.config.grid.style
        if config.source == "constant":  # StyleGAN's first layer is an epilogue without a convolution
            width, side = config.widths[0], config.grid.rows
            styled = style if config.first_styled == 0 else 0
            self.layers.append(AdainLayer(width, width, styled, side, False, config.noise, convolves=False))
        for index, (fan_in, fan_out, size_px, double) in enumerate(_list_convolutions(config)):
            styled = style if index >= config.first_styled else 0
            self.layers.append(AdainLayer(fan_in, fan_out, styled, size_px, double, config.noise))
        self.to_rgb.append(make_last_output(config.widths[-1]))

    def noise_shapes(self) -> list[tuple[int, int, int]]:
        """Return the shape [1, size, size] of each layer's noise map, in order; empty without noise."""
        if not self.config.noise:
            return []
        sides = [layer.size_px for layer in self.layers if isinstance(layer, SynthesisLayer | AdainLayer)]
        return [(1, side, side) for side in sides]

    def synthesis(self) -> list[SynthesisLayer]:
        """Return the modulated layers, from coarse to fine."""
        return [layer for layer in self.layers if isinstance(layer, SynthesisLayer)]

    def rgb_layers(self) -> list[ModulatedConv]:
        """Return what turns modulated features into colour at each size, from coarse to fine."""
        return [layer for layer in self.to_rgb if isinstance(layer, ModulatedConv)]

    def style_layers(self) -> list[ModulatedConv | AdainLayer]:
        """Return the layers of style space, as GeneratorConfig.style_channels counts them."""
        found: list[ModulatedConv | AdainLayer] = []
        outputs = iter(self.rgb_layers())
        for layer in self.layers:
            inner = layer.conv if isinstance(layer, SynthesisLayer) else layer
            assert isinstance(inner, ModulatedConv | AdainLayer)
            found += [inner] if inner.affine is not None else []
            found += [next(outputs)] if isinstance(layer, SynthesisLayer) and not layer.doubles else []
        return found

    def read_styles(self, w: Tensor) -> list[Tensor]:
        """Return what w [N, D] becomes in each layer of style space, [N, C] each."""
        found = [layer.scales(w) for layer in self.style_layers()]
        return [scale for scale in found if scale is not None]

    def sort_offsets(self, offsets: Sequence[Tensor] | None) -> tuple[list[Tensor | None], list[Tensor | None]]:
        """Return what is added to the style of each layer, and of each output to colour; None where nothing is.

        offsets [N or 1, C]: of each layer of style space.
        """
        given = dict(zip(map(id, self.style_layers()), offsets or (), strict=offsets is not None))
        inner = [layer.conv if isinstance(layer, SynthesisLayer) else layer for layer in self.layers]
        return [given.get(id(each)) for each in inner], [given.get(id(each)) for each in self.to_rgb]

    def map_cells(self, global_: Tensor, shared: Tensor, local: Tensor) -> Tensor:
        """Return the input tensor [N, width, R, C]."""
        return self.cells(global_, shared, local)

    def map_style(self, style: Tensor) -> Tensor:
        """Return w [N, D]."""
        return self.mapping(style)

    def from_map(
        self, columns: Tensor, w: Tensor, noise: list[Tensor], offsets: Sequence[Tensor] | None = None
    ) -> Tensor:
        """Return pictures [N, 3, H, W], about -1 to 1, from columns, w [N, D] or [N, layers, D], and noise maps.

        offsets [N or 1, C]: what is added to each layer of style space; None for nothing.
        """
        if self.config.backbone == "adain":
            return self._from_map_adain(columns, w, noise, offsets)
        added, coloured = self.sort_offsets(offsets)
        x, rgb = columns, None
        for index, layer in enumerate(self.layers):
            x = layer(x, _pick(w, index), noise[index] if noise else None, added[index])
            if not layer.doubles:
                to_rgb, number = self.to_rgb[index // 2], index // 2
                part = to_rgb(x, _pick(w, index), self.rgb_bias[number], offset=coloured[number])
                rgb = part.float() if rgb is None else upsample(rgb) + part  # colours add up in float32
        assert rgb is not None
        return rgb

    def _from_map_adain(
        self, columns: Tensor, w: Tensor, noise: list[Tensor], offsets: Sequence[Tensor] | None
    ) -> Tensor:
        """The block at the grid's own size is an instance norm and nothing else; colour comes from the last size."""
        x = instance_norm(columns) if self.config.source == "cells" else columns
        added, _ = self.sort_offsets(offsets)
        for index, layer in enumerate(self.layers):
            x = layer(x, _pick(w, index), noise[index] if noise else None, added[index])
        return self.to_rgb[0](x).float()

    def features(
        self, columns: Tensor, w: Tensor, noise: list[Tensor], layer: int, offsets: Sequence[Tensor] | None = None
    ) -> Tensor:
        """Return the output of one layer [N, C, side, side], counted from 0, from coarse to fine."""
        starts_normal = self.config.backbone == "adain" and self.config.source == "cells"
        x = instance_norm(columns) if starts_normal else columns
        added, _ = self.sort_offsets(offsets)
        for index, each in enumerate(self.layers[: layer + 1]):
            x = each(x, _pick(w, index), noise[index] if noise else None, added[index])
        return x

    def from_codes(self, style: Tensor, global_: Tensor, shared: Tensor, local: Tensor, noise: list[Tensor]) -> Tensor:
        """Return pictures [N, 3, H, W] from codes [N, D], [N, g], [N, r, c, s], [N, R, C, l]."""
        return self.from_map(self.map_cells(global_, shared, local), self.map_style(style), noise)

    def forward(self, style: Tensor, global_: Tensor, shared: Tensor, local: Tensor, noise: list[Tensor]) -> Tensor:
        return self.from_codes(style, global_, shared, local, noise)


def _pick(w: Tensor, layer: int) -> Tensor:
    """Return the style of one layer [N, D]."""
    return w if w.ndim == 2 else w[:, layer]


def _list_convolutions(config: GeneratorConfig) -> list[tuple[int, int, int, bool]]:
    """Return fan in, fan out, size and whether it doubles, for each convolution from coarse to fine."""
    found = []
    for step in range(1, len(config.widths)):
        fan_in, fan_out, size_px = config.widths[step - 1], config.widths[step], config.grid.rows * 2**step
        found += [(fan_in, fan_out, size_px, True), (fan_out, fan_out, size_px, False)]
    return found
