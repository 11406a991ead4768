"""How far made pictures are from real ones, without a network: the sliced Wasserstein distance of patches.

Karras et al., Progressive Growing of GANs (ICLR 2018), section 5. Small patches of each level of a Laplacian pyramid
are compared along random directions; it works for any pictures. What is done otherwise is said in docs/metrics.md.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

PATCH_PX = 7
PATCHES = 32  # of each picture and level
DIRECTIONS = 128
COARSEST_PX = 16
AT_ONCE = 32  # pictures of a block
_NUMBERS_AT_ONCE = 2**24  # of the levels that are in memory together
_SCALE = 1e3  # as in the paper's tables
_TAPS = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)

Read = Callable[[np.ndarray], np.ndarray]
"""Numbers int64 [n] of pictures -> the pictures, uint8 [n, H, W, 3]."""
Blocks = Iterable[np.ndarray]
"""Pictures, 32 at a time (AT_ONCE), uint8 [32, H, W, 3]; the last block may have fewer."""


@dataclass(frozen=True, eq=False)
class _Level:
    """What is kept of real patches [P, 3, 49]: mean and deviation [1, 3, 1], directions [147, D], shadows [P, D]."""

    mean: Tensor
    deviation: Tensor
    directions: Tensor
    shadows: Tensor


class SlicedDistance:
    """Compares pictures with as many real ones, of which the shadows are kept; equal seeds give equal numbers."""

    def __init__(self, real: Blocks, seed: int = 0) -> None:
        """real: H and W at least 7 px."""
        self._seed = seed
        self._levels = [self._describe(index, patches) for index, patches in enumerate(collect_patches(real, seed))]

    def measure(self, made: Blocks) -> float:
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


def collect_patches(blocks: Blocks, seed: int) -> list[Tensor]:
    """Return patches [P, 3, 49] of each level of all pictures, finest first; a few pictures at once."""
    rng = torch.Generator().manual_seed(seed * 100 + 99)
    parts: list[list[Tensor]] = []
    for block in blocks:
        count, height, width, _ = block.shape
        corners = [choose_corners(count, side, rng) for side in list_sides(height, width)]
        some = max(1, _NUMBERS_AT_ONCE // (3 * height * width))
        for first in range(0, count, some):
            levels = zip(split_levels(block[first : first + some]), corners, strict=True)
            parts.append([cut_patches(level, places[:, first : first + some]) for level, places in levels])
    return [torch.cat(level) for level in zip(*parts, strict=True)]


def list_sides(height: int, width: int) -> list[tuple[int, int]]:
    """Return the sizes of all levels, finest first."""
    sides = [(height, width)]
    while min(sides[-1]) >= 2 * COARSEST_PX:
        sides.append(((sides[-1][0] + 1) // 2, (sides[-1][1] + 1) // 2))
    return sides


def split_levels(pictures: np.ndarray) -> Iterator[Tensor]:
    """Yield the Laplacian pyramid of pictures uint8 [N, H, W, 3], finest first: float32 [N, 3, h, w]."""
    now = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float()
    while min(now.shape[2:]) >= 2 * COARSEST_PX:
        small = _blur(now)[:, :, ::2, ::2]
        yield now - _blur(F.interpolate(small, size=now.shape[2:], mode="nearest"))
        now = small
    yield now


def choose_corners(count: int, side: tuple[int, int], rng: torch.Generator) -> Tensor:
    """Return tops and lefts of patches in as many pictures, int64 [2, N, 32, 1]."""
    return torch.stack([torch.randint(px - PATCH_PX + 1, (count, PATCHES, 1), generator=rng) for px in side])


def cut_patches(pictures: Tensor, corners: Tensor) -> Tensor:
    """Return patches [N · 32, 3, 49] of pictures [N, 3, H, W]; corners: tops and lefts [2, N, 32, 1]."""
    n, _, _, width = pictures.shape
    tops, lefts = corners
    y, x = (part.flatten() for part in torch.meshgrid(torch.arange(PATCH_PX), torch.arange(PATCH_PX), indexing="ij"))
    places = ((tops + y) * width + lefts + x).reshape(n, 1, -1).expand(-1, 3, -1)  # [N, 3, 32 · 49]
    taken = pictures.flatten(2).gather(2, places).reshape(n, 3, PATCHES, -1)
    return taken.transpose(1, 2).flatten(0, 1)


def count_bytes(pictures: int, side_px: int) -> int:
    """Return about what comparing pictures of a size holds in main memory at its height, those of a block included."""
    numbers = 3 * side_px**2
    block, levels = AT_ONCE * numbers, len(list_sides(side_px, side_px))
    floats = 6 * min(max(numbers, _NUMBERS_AT_ONCE), block)  # a level, what it is made of, and what that takes
    patches = 4 * levels * pictures * PATCHES * 3 * PATCH_PX**2
    return 2 * block + 4 * (floats + patches)


def choose_real(read: Read, count: int | None, most: int) -> Iterator[np.ndarray]:
    """Yield up to `most` pictures from all over a set of `count` (None: endless), in blocks."""
    some = most if count is None else min(most, count)
    rows = np.arange(some) if count is None else np.linspace(0, count - 1, some).round().astype(np.int64)
    yield from (read(rows[first : first + AT_ONCE]) for first in range(0, some, AT_ONCE))


def _blur(x: Tensor) -> Tensor:
    """Return pictures [N, 3, H, W] seen through Burt and Adelson's five taps, the edges mirrored."""
    taps = torch.tensor(_TAPS)
    kernel = (taps[:, None] * taps).expand(3, 1, 5, 5)
    return F.conv2d(F.pad(x, (2, 2, 2, 2), mode="reflect"), kernel, groups=3)
