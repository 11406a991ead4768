"""How far made pictures are from real ones, without a network: the sliced Wasserstein distance of patches.

Karras et al., Progressive Growing of GANs (ICLR 2018), section 5. Small patches of each level of a Laplacian pyramid
are compared along random directions; it works for any pictures. What is done otherwise is said in docs/metrics.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

PATCH_PX = 7
PATCHES = 32  # of each picture and level
DIRECTIONS = 128
COARSEST_PX = 16
_AT_ONCE = 32  # pictures whose levels are in memory together
_SCALE = 1e3  # as in the paper's tables
_TAPS = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)

Read = Callable[[np.ndarray], np.ndarray]
"""Numbers int64 [n] of pictures -> the pictures, uint8 [n, H, W, 3]."""


@dataclass(frozen=True, eq=False)
class _Level:
    """What is kept of real patches [P, 3, 49]: mean and deviation [1, 3, 1], directions [147, D], shadows [P, D]."""

    mean: Tensor
    deviation: Tensor
    directions: Tensor
    shadows: Tensor


class SlicedDistance:
    """Compares pictures with as many real ones, of which the shadows are kept; equal seeds give equal numbers."""

    def __init__(self, real: np.ndarray, seed: int = 0) -> None:
        """real: uint8 [N, H, W, 3], H and W at least 7 px."""
        self._seed = seed
        self._levels = [self._describe(index, patches) for index, patches in enumerate(collect_patches(real, seed))]

    def measure(self, made: np.ndarray) -> float:
        """Return the mean distance over all levels, in thousandths of a deviation, of as many pictures as the real."""
        levels = zip(self._levels, collect_patches(made, self._seed), strict=True)
        found = [(_cast(patches, known) - known.shadows).abs().mean() for known, patches in levels]
        return float(torch.stack(found).mean()) * _SCALE

    def _describe(self, index: int, patches: Tensor) -> _Level:
        rng = torch.Generator().manual_seed(self._seed * 100 + index)
        directions = torch.randn(3 * PATCH_PX**2, DIRECTIONS, generator=rng)
        mean, deviation = patches.mean((0, 2), keepdim=True), patches.std((0, 2), keepdim=True).clamp(min=1e-3)
        known = _Level(mean, deviation, directions / directions.norm(dim=0), torch.empty(0))
        return replace(known, shadows=_cast(patches, known))


def _cast(patches: Tensor, known: _Level) -> Tensor:
    """Return how far patches [P, 3, 49] reach along each direction, sorted [P, D]."""
    return (((patches - known.mean) / known.deviation).flatten(1) @ known.directions).sort(dim=0).values


def collect_patches(pictures: np.ndarray, seed: int) -> list[Tensor]:
    """Return patches [P, 3, 49] of each level of pictures uint8 [N, H, W, 3], finest first; a few pictures at once."""
    rng = torch.Generator().manual_seed(seed * 100 + 99)
    parts = [
        [cut_patches(level, rng) for level in split_levels(pictures[first : first + _AT_ONCE])]
        for first in range(0, len(pictures), _AT_ONCE)
    ]
    return [torch.cat(level) for level in zip(*parts, strict=True)]


def split_levels(pictures: np.ndarray) -> Iterator[Tensor]:
    """Yield the Laplacian pyramid of pictures uint8 [N, H, W, 3], finest first: float32 [N, 3, h, w]."""
    now = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float()
    while min(now.shape[2:]) >= 2 * COARSEST_PX:
        small = _blur(now)[:, :, ::2, ::2]
        yield now - _blur(F.interpolate(small, size=now.shape[2:], mode="nearest"))
        now = small
    yield now


def cut_patches(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """Return patches [N · 32, 3, 49] from random places of pictures [N, 3, H, W]."""
    n, _, height, width = pictures.shape
    tops = torch.randint(height - PATCH_PX + 1, (n, PATCHES, 1), generator=rng)
    lefts = torch.randint(width - PATCH_PX + 1, (n, PATCHES, 1), generator=rng)
    y, x = (part.flatten() for part in torch.meshgrid(torch.arange(PATCH_PX), torch.arange(PATCH_PX), indexing="ij"))
    places = ((tops + y) * width + lefts + x).reshape(n, 1, -1).expand(-1, 3, -1)  # [N, 3, 32 · 49]
    taken = pictures.flatten(2).gather(2, places).reshape(n, 3, PATCHES, -1)
    return taken.transpose(1, 2).flatten(0, 1)


def choose_real(read: Read, count: int | None, most: int) -> np.ndarray:
    """Return up to `most` pictures from all over a set of `count` (None: endless), uint8 [N, H, W, 3]."""
    some = most if count is None else min(most, count)
    rows = np.arange(some) if count is None else np.linspace(0, count - 1, some).round().astype(np.int64)
    return read(rows)


def _blur(x: Tensor) -> Tensor:
    """Return pictures [N, 3, H, W] seen through Burt and Adelson's five taps, the edges mirrored."""
    taps = torch.tensor(_TAPS)
    kernel = (taps[:, None] * taps).expand(3, 1, 5, 5)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="reflect"), kernel, groups=3)
