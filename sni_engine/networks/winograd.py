"""Convolution 3x3 with a quarter of the multiplications, for drawing on CPUs (Winograd's F(4x4, 3x3)).

Lavin & Gray, "Fast algorithms for convolutional neural networks", CVPR 2016, section 4: tiles of 6x6 pixels and the
weights are each transformed, multiplied, and transformed back into 4x4 pixels. Transformed weights are four times as
large.
"""

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

_TILE, _READ = 4, 6  # pixels written and read by a tile, each way
_AT_ONCE = 128  # tiles whose transforms stay in a core's cache
_WIDE = 160  # channels in and out together from which the saving exceeds the transforms' cost; measured
_LARGE_PX = 16

_TILES = (  # B transposed: tiles of the input
    (4, 0, -5, 0, 1, 0),
    (0, -4, -4, 1, 1, 0),
    (0, 4, -4, -1, 1, 0),
    (0, -2, -1, 2, 1, 0),
    (0, 2, -1, -2, 1, 0),
    (0, 4, 0, -5, 0, 1),
)
_WEIGHTS = (  # G, times 24
    (6, 0, 0),
    (-4, -4, -4),
    (-4, 4, -4),
    (1, 2, 4),
    (1, -2, 4),
    (0, 0, 24),
)
_BACK = (  # A transposed: back to pixels
    (1, 1, 1, 1, 1, 0),
    (0, 1, -1, 2, -2, 0),
    (0, 1, 1, 4, 4, 0),
    (0, 1, -1, 8, -8, 1),
)


@dataclass(frozen=True)
class Transforms:
    """Both directions of an image at once, float32: tiles [36, 36], weights [36, 9], back [16, 36]."""

    tiles: Tensor
    weights: Tensor
    back: Tensor


@cache
def list_transforms() -> Transforms:
    """Return the transforms, made once."""

    def both(rows: tuple[tuple[int, ...], ...], divisor: float = 1.0) -> Tensor:
        one = torch.tensor(rows, dtype=torch.float64) / divisor
        return torch.kron(one, one).float()

    return Transforms(both(_TILES), both(_WEIGHTS, 24.0), both(_BACK))


def pays(weight: Tensor, side: int) -> bool:
    """Say whether this is the faster way to convolve pictures of `side` pixels with weights [O, I, k, k]."""
    fan_out, fan_in, kernel = weight.shape[:3]
    fits = kernel == 3 and side % _TILE == 0 and weight.device.type == "cpu" and weight.dtype == torch.float32
    return fits and fan_in + fan_out >= _WIDE and side >= _LARGE_PX


def transform_weights(weight: Tensor) -> Tensor:
    """Return weights [O, I, 3, 3] in the form that `convolve` takes, [36, I, O]."""
    fan_out, fan_in = weight.shape[:2]
    by_place = weight.permute(2, 3, 1, 0).reshape(9, fan_in * fan_out)
    return (list_transforms().weights @ by_place).view(_READ**2, fan_in, fan_out)


def convolve(x: Tensor, weights: Tensor) -> Tensor:
    """Return the convolution of `x` [N, I, H, W] with zeros around it, [N, O, H, W] channels last."""
    n, fan_in, height, width = x.shape
    transforms, fan_out = list_transforms(), weights.shape[2]
    across, down = width // _TILE, height // _TILE
    padded = F.pad(x.permute(0, 2, 3, 1), (0, 0, 1, 1, 1, 1))  # [N, H + 2, W + 2, I]
    out = x.new_empty(n, down, _TILE, across, _TILE, fan_out)
    rows = max(1, _AT_ONCE // (n * across))
    for top in range(0, down, rows):
        count = min(rows, down - top)
        tiles = n * count * across
        read = _cut_tiles(padded, top, count, across).reshape(_READ**2, tiles * fan_in)
        product = torch.bmm((transforms.tiles @ read).view(_READ**2, tiles, fan_in), weights)
        written = transforms.back @ product.view(_READ**2, tiles * fan_out)
        written = written.view(_TILE, _TILE, n, count, across, fan_out)
        out[:, top : top + count].copy_(written.permute(2, 3, 0, 4, 1, 5))
    return out.view(n, height, width, fan_out).permute(0, 3, 1, 2)


def _cut_tiles(padded: Tensor, top: int, count: int, across: int) -> Tensor:
    """Return `count` rows of overlapping tiles [6, 6, N, count, across, I] of pictures [N, H + 2, W + 2, I], a view."""
    by_picture, by_row, by_column, by_channel = padded.stride()
    return padded.as_strided(
        (_READ, _READ, padded.shape[0], count, across, padded.shape[3]),
        (by_row, by_column, by_picture, _TILE * by_row, _TILE * by_column, by_channel),
        padded.storage_offset() + _TILE * top * by_row,
    )
