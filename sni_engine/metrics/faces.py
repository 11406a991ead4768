"""Many faces at once: codes drawn from seeds, and the pictures a generator makes of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from sni_engine.api.codes import LEVELS, GridSpec, Level
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes, draw_noise

BATCH = {"cpu": 16}  # faces at once; accelerators take _MANY
_MANY = 128


@dataclass(frozen=True, eq=False)
class Faces:
    """The codes of N faces: style [N, D], global_ [N, g], shared [N, r, c, s], local [N, R, C, l]."""

    style: Tensor
    global_: Tensor
    shared: Tensor
    local: Tensor

    def __len__(self) -> int:
        return len(self.style)

    def level(self, level: Level) -> Tensor:
        """Return the codes of one level."""
        return self.global_ if level == "global" else getattr(self, level)

    def with_level(self, level: Level, values: Tensor) -> "Faces":
        """Return these faces with one level replaced."""
        return replace(self, **{"global_" if level == "global" else level: values})

    def flatten(self, levels: Sequence[Level] = LEVELS) -> Tensor:
        """Return the codes of some levels as one vector per face [N, D]."""
        return torch.cat([self.level(level).flatten(1) for level in levels], 1)

    def with_flat(self, values: Tensor, levels: Sequence[Level] = LEVELS) -> "Faces":
        """Return these faces with some levels taken from vectors [N, D], as `flatten` makes them."""
        faces, start = self, 0
        for level in levels:
            shape = self.level(level).shape
            size = shape[1:].numel()
            faces = faces.with_level(level, values[:, start : start + size].reshape(shape))
            start += size
        return faces


def draw_faces(grid: GridSpec, seeds: Sequence[int], device: torch.device) -> Faces:
    """Draw the codes that the editor draws for these seeds."""
    codes = [draw_codes(grid, seed) for seed in seeds]
    stacked = (torch.from_numpy(np.stack([item.level(level) for item in codes])).to(device) for level in LEVELS)
    levels = dict(zip(LEVELS, stacked))
    return Faces(levels["style"], levels["global"], levels["shared"], levels["local"])


def draw_noises(generator: Generator, seeds: Sequence[int], device: torch.device) -> list[Tensor]:
    """Draw the noise maps that belong to these seeds, [N, 1, side, side] for each layer."""
    shapes = generator.noise_shapes()
    maps = [draw_noise(seed, shapes) for seed in seeds] if shapes else []
    return [torch.from_numpy(np.stack([item[index] for item in maps])).to(device) for index in range(len(shapes))]


def paint(generator: Generator, faces: Faces, noise: list[Tensor]) -> Tensor:
    """Return pictures [N, 3, H, W] as floats, about -1 to 1."""
    columns = generator.map_cells(faces.global_, faces.shared, faces.local)
    return generator.from_map(columns, generator.map_style(faces.style), noise)


def quantise(pictures: Tensor) -> Tensor:
    """Return pictures as a file holds them: within -1..1, in steps of 1/127.5."""
    return pictures.float().clamp(-1, 1).add(1).mul(127.5).round().div(127.5).sub(1)


def device_of(generator: Generator) -> torch.device:
    """Return where a generator is."""
    return next(generator.parameters()).device


def split_seeds(first: int, count: int, device: torch.device) -> Iterator[range]:
    """Yield consecutive seeds in batches that suit the device."""
    size = BATCH.get(device.type, _MANY)
    for start in range(first, first + count, size):
        yield range(start, min(start + size, first + count))
