"""What a training run is: one flat, frozen record that is written beside the results."""

import hashlib
from dataclasses import dataclass, fields
from typing import Literal

from sni_engine.api.architecture import Backbone, DiscriminatorConfig, GeneratorConfig, Source
from sni_engine.api.codes import GridSpec
from sni_engine.api.train_problems import Problem, find_problems

Fit = Literal["crop", "pad"]
Recipe = Literal["plain", "projected"]
Augment = Literal["none", "shift", "full", "adaptive"]
Precision = Literal["auto", "fp32", "bf16"]
MAY_CHANGE = ("images", "device", "threads", "checkpoint_every", "keep", "score_pictures")
"""Settings of a run that may be others when it is resumed: they decide how long and where,
and what is kept.

With `settle`, `images` decides the learning rates too: a settled run that is made longer learns faster again.
"""
MAY_MEND = ("batch", "rate", "feature_rate")
"""Settings that may be others too, so that a run that ran out of memory or became unstable can go on."""


@dataclass(frozen=True)
class PortraitSpec:
    """Which procedural portraits to train on: `count` consecutive seeds from `seed` on; count 0 for endless ones.

    renderer: goes up when portraits come to look different, so that no run trains on a mixture.
    """

    count: int = 16384
    size_px: int = 64
    variety: float = 0.25
    seed: int = 0
    renderer: int = 3

    @property
    def name(self) -> str:
        """A folder name that changes with any of the numbers."""
        text = f"{self.count}-{self.size_px}-{self.variety}-{self.seed}-{self.renderer}"
        return f"portraits-{self.size_px}px-{hashlib.blake2b(text.encode(), digest_size=4).hexdigest()}"


@dataclass(frozen=True)
class TrainConfig:
    """Everything a run depends on besides its pictures. Counts are in images, so batch size may change freely."""

    data: str = ""
    """Folder or zip file of pictures to learn from; empty for our own portraits. Thousands serve best."""
    fit: Fit = "crop"
    """How pictures of a folder become squares. crop: their middle. pad: all of them, between white bars."""
    portraits: int = 16384
    """How many portraits to draw and keep when there is no folder; 0 for endless ones, drawn as they are needed."""
    variety: float = 0.25
    """How varied those portraits are: 0 alike, 1 everything. More varied ones take longer to learn."""
    resolution_px: int = 64
    """Side of the pictures in pixels: the grid's cells doubled a few times. Twice the side takes four times as long."""
    cells: int = 8
    """Rows and columns of the grid of codes. More cells edit smaller places, fewer whole parts of the picture."""
    local: int = 16
    """Length of the code of each cell. A longer one leaves more of the picture to its cells."""
    shared: int = 2
    """Length of the code of each quadrant."""
    global_code: int = 4
    """Length of the one code that every cell reads."""
    style: int = 128
    """Length of the style code, which sets colours and light. A longer one can hold more kinds of them."""
    widths: tuple[int, ...] = (128, 128, 80, 32)
    """Channels of the generator at the grid's size and at each doubling. More can draw finer things, and are slower."""
    mapping_layers: int = 2
    """Layers of the style code's mapping network."""
    backbone: Backbone = "modulated"
    """modulated: as in StyleGAN2, edits stay in reach of their cells. adain: as published (docs/networks.md)."""
    source: Source = "cells"
    """cells: the input is mapped from their codes. constant: it is learned, as in StyleGAN; style is then the only code
    (local, shared and global_code do not count) and begins at the first layer."""
    first_styled: int = 1
    """Index of the first convolution that style modulates (a constant source has it from 0 on)."""
    noise: bool = True
    """Whether per-pixel noise is added after each convolution."""
    joint_norm: bool = False
    """Divide all spatial codes of a picture by their common scale, as published; cells then move each other."""
    judge_widths: tuple[int, ...] = (32, 48, 80, 128, 160)
    """Channels of the discriminator from full size down. More see finer faults, and are slower."""
    recipe: Recipe = "plain"
    """plain: as in the papers. projected: the discriminator sees through a network trained on the portraits' labels."""
    feature_images: int = 100_000
    """Images the attribute network learns from before the generator starts (projected only)."""
    unfreeze_at: int = 28_000
    """Images after which the discriminator's features learn too (projected only)."""
    images: int = 240_000
    """How many pictures the generator is shown in all; those of a small set are seen again and again. More takes longer
    and looks better, up to a point."""
    batch: int = 16
    """How many pictures are looked at before each step of learning. More is steadier and needs more memory; a GPU is
    faster with more, too."""
    rate: float = 2e-3
    """Learning rate of generator and discriminator. Higher learns faster until it becomes unstable."""
    feature_rate: float = 2e-4
    """Learning rate of the unfrozen features (projected only)."""
    r1: float = 0.3
    """Weight of the gradient penalty on real pictures. More is steadier; too much is blurred."""
    range_weight: float = 10.0
    """Weight of the penalty on colours that no file can show."""
    r1_every: int = 16
    """Steps between two penalties; each then weighs as much more."""
    locality: float = 0.0
    """Weight of the penalty on changes outside resampled cells. Not in the paper, whose recipe is 0."""
    locality_from: int = 0
    """Images after which that penalty begins: from the start it would keep heads from forming."""
    locality_every: int = 4
    """Steps between two such penalties; each then weighs as much more."""
    path_length: float = 0.0
    """Weight of StyleGAN2's path length penalty, there 2. Not in the SNI paper, whose recipe is 0."""
    path_length_every: int = 4
    """Steps between two such penalties; each then weighs as much more."""
    style_mixing: float = 0.0
    """Share of pictures made with two styles (StyleGAN: 0.9). The SNI paper has it off."""
    settle: float = 0.0
    """Share of the run, at its end, over which the learning rates fall to a hundredth."""
    ema_images: int = 10_000
    """Images after which the shipped weights have followed the trained ones half the way."""
    flip: bool = True
    """Show every picture mirrored half of the time."""
    augment: Augment = "shift"
    """none, shift (small moves), full (colour, moves and holes), or adaptive (as many of these as small sets need)."""
    augment_target: float = 0.6
    """How surely the discriminator may know the real pictures before more are changed (adaptive only; 0 to 1)."""
    augment_images: int = 100_000
    """Images within which adaptive would go from no changes to all."""
    checkpoint_every: int = 4_000
    """Images between two checkpoints, sample sheets and model files. Saving often loses less and takes some time."""
    keep: int = 12
    """Checkpoints to keep along the way, spread over the run, to go back to; 0 for none."""
    score_pictures: int = 256
    """Made pictures compared with as many of the set at each checkpoint, for a score (docs/metrics.md); 0 for none."""
    device: str = "auto"
    """auto, cpu, cuda or mps."""
    precision: Precision = "auto"
    """auto (bf16 on CUDA, fp32 elsewhere), fp32 or bf16."""
    threads: int = 0
    """CPU threads; 0 for what the machine has."""
    seed: int = 0
    """Decides every random number of the run."""

    def __post_init__(self) -> None:
        problems = self.problems()
        if problems:
            raise ValueError("; ".join(problems))

    def find_problems(self) -> tuple[Problem, ...]:
        """Return everything that no run can have, each with the field it is about."""
        return tuple(find_problems(self))

    def problems(self) -> tuple[str, ...]:
        """Return everything that no run can have, a few words each; empty when the settings make sense."""
        return tuple(problem.text for problem in find_problems(self))

    @property
    def generator(self) -> GeneratorConfig:
        """The generator this run trains."""
        lengths = {"global_": self.global_code, "shared": self.shared, "local": self.local}
        first_styled = self.first_styled
        if self.source == "constant":
            lengths, first_styled = dict.fromkeys(lengths, 0), 0
        return GeneratorConfig(
            GridSpec(self.cells, self.cells, style=self.style, **lengths),
            self.widths,
            self.mapping_layers,
            first_styled,
            self.noise,
            self.backbone,
            self.source,
            self.joint_norm,
        )

    @property
    def discriminator(self) -> DiscriminatorConfig:
        """The discriminator it trains against."""
        return DiscriminatorConfig(self.judge_widths)

    @property
    def portrait_spec(self) -> PortraitSpec:
        """The portraits it draws when there is no folder."""
        return PortraitSpec(self.portraits, self.resolution_px, self.variety)


@dataclass(frozen=True)
class TrainWishes(TrainConfig):
    """What a run depends on; counts are in images. (As a value: settings nobody has checked; `problems` does.)"""

    def __post_init__(self) -> None:
        """Refuse nothing."""

    def checked(self) -> TrainConfig:
        """Return them as settings that can be relied on. Raises ValueError with every problem."""
        return TrainConfig(**{item.name: getattr(self, item.name) for item in fields(self)})
