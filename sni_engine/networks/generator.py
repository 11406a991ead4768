"""The SNI generator: a grid of codes in, a picture out (Alharbi & Wonka, CVPR 2020; weights modulated as in StyleGAN2).

    style code    -> mapping network -> w, which modulates the layers from `first_styled` on
    every cell    -> its own dense layer over [global, shared, local] -> its column of the input tensor
    input tensor  -> convolutions, doubling in size, no constant input -> RGB

Beyond the paper, each column of the input tensor is normalised by itself, so that a cell's codes change its own column
and no other: pixels outside the column's receptive field do not change at all.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sni_engine.api.codes import GridSpec
from sni_engine.networks.layers import (
    ACT_GAIN,
    LEAK,
    EqualLinear,
    ModulatedConv,
    activate,
    check_shape,
    normalise,
    upsample,
)

RGB_GAIN = 0.2  # untrained pictures start within -1..1, where a feature network has seen pictures before


MOST_WIDTHS = 10
LARGEST_PX = 2048
LARGEST_LAYER = 2**26  # numbers: 64 channels at 1024 px


@dataclass(frozen=True)
class GeneratorConfig:
    """The shape of a generator.

    widths: channels at the grid's own size, then at each doubling; their count decides the resolution.
    first_styled: index of the first convolution that style modulates (paper: the second of the first doubling, 1).
    noise: whether per-pixel noise is added after each convolution.
    """

    grid: GridSpec = field(default_factory=GridSpec)
    widths: tuple[int, ...] = (128, 128, 80, 32)
    mapping_layers: int = 2
    first_styled: int = 1
    noise: bool = True
    backbone: str = "modulated"

    def __post_init__(self) -> None:
        if self.grid.rows != self.grid.columns:
            raise ValueError("the grid must be square")
        if len(self.widths) < 2 or min(self.widths) < 1 or self.mapping_layers < 1:
            raise ValueError("a generator needs two widths and one mapping layer at least")
        self._check_size()
        if self.backbone != "modulated":
            raise ValueError(f'backbone "{self.backbone}" is unknown to this version')

    def _check_size(self) -> None:
        """Refuse what would take the memory of a whole machine: descriptions come from strangers' files too."""
        sizes = (self.grid.style, self.grid.global_, self.grid.shared, self.grid.local, *self.widths)
        within = len(self.widths) <= MOST_WIDTHS and self.mapping_layers <= 32 and self.grid.rows <= 64
        if within and max(sizes) <= 8192 and self.resolution_px <= LARGEST_PX:
            sides = [self.grid.rows * 2**step for step in range(len(self.widths))]
            if max(width * side * side for width, side in zip(self.widths, sides, strict=True)) <= LARGEST_LAYER:
                return
        raise ValueError("a generator of this size is beyond what the program handles")

    @property
    def resolution_px(self) -> int:
        """Side of the pictures in pixels."""
        return self.grid.rows * 2 ** (len(self.widths) - 1)


class CellMapping(nn.Module):
    """One dense layer per cell, from [global, shared, local] to its column of the input tensor (section 3)."""

    def __init__(self, grid: GridSpec, width: int) -> None:
        super().__init__()
        self.grid = grid
        self.weight = nn.Parameter(torch.randn(grid.rows * grid.columns, grid.cell_input, width))
        self.bias = nn.Parameter(torch.zeros(width))  # one for all cells, as published
        self.gain = (2 / grid.cell_input) ** 0.5

    def gather(self, global_: Tensor, shared: Tensor, local: Tensor) -> Tensor:
        """Return the vector each cell reads [N, R·C, g + s + l]."""
        grid, n = self.grid, len(local)
        check_shape(local, "N R C l", R=grid.rows, C=grid.columns, l=grid.local)
        spread = shared.repeat_interleave(grid.rows // grid.shared_rows, 1)
        spread = spread.repeat_interleave(grid.columns // grid.shared_columns, 2)  # [N, R, C, s]
        tiled = global_[:, None, None, :].expand(n, grid.rows, grid.columns, grid.global_)
        return torch.cat([tiled, spread, local], 3).reshape(n, grid.rows * grid.columns, grid.cell_input)

    def forward(self, global_: Tensor, shared: Tensor, local: Tensor) -> Tensor:
        cells = self.gather(global_, shared, local)
        columns = torch.einsum("npi,pio->npo", cells, self.weight * self.gain) + self.bias  # [N, R·C, width]
        columns = normalise(activate(columns), dim=2)
        return columns.transpose(1, 2).unflatten(2, (self.grid.rows, self.grid.columns))  # [N, width, R, C]


class StyleMapping(nn.Module):
    """The style code's mapping network (Karras et al. 2019)."""

    def __init__(self, style: int, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(EqualLinear(style, style, lr_multiplier=0.01) for _ in range(layers))

    def forward(self, style: Tensor) -> Tensor:
        w = normalise(style)
        for layer in self.layers:
            w = activate(layer(w))
        return w  # [N, D]


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

    def forward(self, x: Tensor, w: Tensor, noise: Tensor | None) -> Tensor:
        """Return [N, O, size, size]; noise [1 or N, 1, size, size]."""
        x = self.conv(x, w, self.bias, ACT_GAIN)
        if self.doubles:
            x = upsample(x)
        if self.noise_strength is not None and noise is not None:
            x = torch.addcmul(x, noise, self.noise_strength[:, None, None] * ACT_GAIN)
        return F.leaky_relu(x, LEAK)

    def fold(self, w: Tensor) -> Tensor:
        """Return the convolution's weights for one style, the activation's gain included."""
        return self.conv.fold(w) * ACT_GAIN

    def offset(self, noise: Tensor | None) -> Tensor:
        """Return what is added before the activation for one noise map [1, size, size], the gain included."""
        bias = self.bias[:, None, None] * ACT_GAIN
        if self.noise_strength is None or noise is None:
            return bias
        return bias + noise * self.noise_strength[:, None, None] * ACT_GAIN


class Generator(nn.Module):
    """From codes to pictures. `from_codes` is the whole way; `map_cells`, `map_style` and `from_map` are its parts."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        grid, widths = config.grid, config.widths
        self.cells = CellMapping(grid, widths[0])
        self.mapping = StyleMapping(grid.style, config.mapping_layers)
        self.layers = nn.ModuleList()
        self.to_rgb = nn.ModuleList()
        for step in range(1, len(widths)):
            size_px = grid.rows * 2**step
            for fan_in, double in ((widths[step - 1], True), (widths[step], False)):
                style = grid.style if len(self.layers) >= config.first_styled else 0
                self.layers.append(SynthesisLayer(fan_in, widths[step], style, size_px, double, config.noise))
            to_rgb = ModulatedConv(widths[step], 3, grid.style, kernel=1, demodulate=False)
            to_rgb.gain *= RGB_GAIN
            self.to_rgb.append(to_rgb)
        self.rgb_bias = nn.ParameterList(torch.zeros(3) for _ in self.to_rgb)

    def noise_shapes(self) -> list[tuple[int, int, int]]:
        """Return the shape [1, size, size] of each layer's noise map, in order; empty without noise."""
        if not self.config.noise:
            return []
        sides = [layer.size_px for layer in self.synthesis()]
        return [(1, side, side) for side in sides]

    def synthesis(self) -> list[SynthesisLayer]:
        """Return the layers, from coarse to fine."""
        return [layer for layer in self.layers if isinstance(layer, SynthesisLayer)]

    def rgb_layers(self) -> list[ModulatedConv]:
        """Return what turns features into colour at each size, from coarse to fine."""
        return [layer for layer in self.to_rgb if isinstance(layer, ModulatedConv)]

    def map_cells(self, global_: Tensor, shared: Tensor, local: Tensor) -> Tensor:
        """Return the input tensor [N, width, R, C]."""
        return self.cells(global_, shared, local)

    def map_style(self, style: Tensor) -> Tensor:
        """Return w [N, D]."""
        return self.mapping(style)

    def from_map(self, columns: Tensor, w: Tensor, noise: list[Tensor]) -> Tensor:
        """Return pictures [N, 3, H, W], about -1 to 1, from the input tensor, w and noise maps."""
        x, rgb = columns, None
        for index, layer in enumerate(self.layers):
            x = layer(x, w, noise[index] if noise else None)
            if not layer.doubles:
                part = self.to_rgb[index // 2](x, w, self.rgb_bias[index // 2])
                rgb = part if rgb is None else upsample(rgb) + part
        assert rgb is not None
        return rgb

    def from_codes(self, style: Tensor, global_: Tensor, shared: Tensor, local: Tensor, noise: list[Tensor]) -> Tensor:
        """Return pictures [N, 3, H, W] from codes [N, D], [N, g], [N, r, c, s], [N, R, C, l]."""
        return self.from_map(self.map_cells(global_, shared, local), self.map_style(style), noise)

    def forward(self, style: Tensor, global_: Tensor, shared: Tensor, local: Tensor, noise: list[Tensor]) -> Tensor:
        return self.from_codes(style, global_, shared, local, noise)
