"""The shapes of networks, as values: what a description in a file, a training run and a dialog say of them."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from sni_engine.api.codes import GridSpec
from sni_engine.api.plain import LATER

Backbone = Literal["modulated", "adain"]
Source = Literal["cells", "constant"]

MOST_WIDTHS = 10
LARGEST_PX = 2048
LARGEST_LAYER = 2**26  # numbers: 64 channels at 1024 px


@dataclass(frozen=True)
class GeneratorConfig:
    """The shape of a generator.

    widths: channels at the grid's own size, then at each doubling; their count decides the resolution.
    mapping_layers: dense layers of the style code's mapping network.
    first_styled: index of the first convolution that style modulates (paper: the second of the first doubling, 1; a
    plain StyleGAN: 0).
    noise: whether per-pixel noise is added after each convolution.
    backbone: "modulated" as in StyleGAN2, or "adain" as published.
    source: where the input tensor comes from, the "cells" or a learned "constant"; the latter has no codes but style.
    joint_norm: whether all spatial codes are divided by their common scale, as published; every cell then moves every
    other a little, so it is off unless asked for.
    """

    grid: GridSpec = field(default_factory=GridSpec)
    widths: tuple[int, ...] = (128, 128, 80, 32)
    mapping_layers: int = 2
    first_styled: int = 1
    noise: bool = True
    backbone: Backbone = "modulated"
    source: Source = field(default="cells", metadata=LATER)
    joint_norm: bool = field(default=False, metadata=LATER)

    def __post_init__(self) -> None:
        if self.grid.rows != self.grid.columns:
            raise ValueError("the grid must be square")
        if len(self.widths) < 2 or min(self.widths) < 1 or self.mapping_layers < 1:
            raise ValueError("a generator needs two widths and one mapping layer at least")
        self._check_size()
        self._check_kind()

    def _check_size(self) -> None:
        """Refuse what would take the memory of a whole machine: descriptions come from strangers' files too."""
        sizes = (self.grid.style, self.grid.global_, self.grid.shared, self.grid.local, *self.widths)
        within = len(self.widths) <= MOST_WIDTHS and self.mapping_layers <= 32 and self.grid.rows <= 64
        if within and max(sizes) <= 8192 and self.resolution_px <= LARGEST_PX and self.largest_layer <= LARGEST_LAYER:
            return
        raise ValueError("a generator of this size is beyond what the program handles")

    def _check_kind(self) -> None:
        if self.backbone not in get_args(Backbone):
            raise ValueError(f'backbone "{self.backbone}" is unknown to this version')
        if self.source not in get_args(Source):
            raise ValueError(f'source "{self.source}" is unknown to this version')
        if self.source == "cells" and not self.grid.cell_input:
            raise ValueError("cells need local, shared or global codes; without any, the source is a constant")
        if self.source == "constant" and (self.grid.cell_input or self.joint_norm):
            raise ValueError("a constant input reads no local, shared or global codes: their lengths must be 0")
        layers = 2 * (len(self.widths) - 1)
        if not 0 <= self.first_styled <= layers or (self.backbone == "adain" and self.first_styled == layers):
            raise ValueError(f"first_styled counts the {layers} convolutions from 0, not {self.first_styled}")

    @property
    def resolution_px(self) -> int:
        """Side of the pictures in pixels."""
        return self.grid.rows * 2 ** (len(self.widths) - 1)

    @property
    def style_channels(self) -> tuple[int, ...]:
        """How many channels each layer of style space has, as a picture passes through them, from coarse to fine.

        modulated: what enters each styled convolution, and after every second one what enters its output to colour.
        adain: what leaves each styled layer; only scales count, not shifts.
        """
        found: list[int] = []
        if self.backbone == "adain" and self.source == "constant" and self.first_styled == 0:
            found.append(self.widths[0])
        for step in range(1, len(self.widths)):
            before, after = self.widths[step - 1 : step + 1]
            enter = (after, after) if self.backbone == "adain" else (before, after)
            found += [count for index, count in enumerate(enter, 2 * step - 2) if index >= self.first_styled]
            found += [after] if self.backbone == "modulated" else []
        return tuple(found)

    @property
    def largest_layer(self) -> int:
        """How many numbers the features of one picture hold at their largest."""
        return max(width * (self.grid.rows * 2**step) ** 2 for step, width in enumerate(self.widths))


@dataclass(frozen=True)
class DiscriminatorConfig:
    """widths: channels of the network or the trunk, from full size down. head_width: of the heads on a trunk."""

    widths: tuple[int, ...] = (32, 64, 128, 128, 128)
    head_width: int = 64
