"""Pictures enlarged a whole number of times: Pillow's Lanczos as products of small matrices, three times as fast."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from PIL import Image

from sni_engine.api.arrays import Array

_BLOCK_PX = 16  # of the picture's pixels at a time: the weights of all others are zero
_REACH_PX = 3  # Lanczos' own


def magnify(picture: Array, times: int) -> Array:
    """Return a picture uint8 [H, W, 3] `times` as large, each pixel as one word 0xFFRRGGBB: uint32 [H', W']."""
    height, width, _ = picture.shape
    planes = np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32)
    planes += 0.5  # and so has the result, as weights add up to 1: cut off after the point, it is rounded
    tall = np.empty((3, times * height, width), np.float32)
    for near, made in _list_blocks(height, times):
        tall[:, made] = weigh(height, times)[made, near] @ planes[:, near]
    tall = tall.reshape(-1, width)
    wide = np.empty((len(tall), times * width), np.float32)
    for near, made in _list_blocks(width, times):
        wide[:, made] = tall[:, near] @ weigh(width, times)[made, near].T
    np.clip(wide, 0, 255, out=wide)
    return _pack(*wide.astype(np.int32).reshape(3, times * height, times * width))


def _list_blocks(length: int, times: int) -> Iterator[tuple[slice, slice]]:
    """Yield which pixels make which pixels of the result, block by block."""
    for start in range(0, length, _BLOCK_PX):
        end = min(start + _BLOCK_PX, length)
        yield slice(max(0, start - _REACH_PX), end + _REACH_PX), slice(times * start, times * end)


def _pack(red: Array, green: Array, blue: Array) -> Array:
    """Return int32 numbers from 0 to 255 as words. The numbers are used up."""
    red <<= 8
    red |= green
    red <<= 8
    red |= blue
    red |= -1 << 24
    return red.view(np.uint32)


@lru_cache(maxsize=8)
def weigh(length: int, times: int) -> Array:
    """Return Pillow's weights [times * length, length]: what it makes of single bright pixels."""
    single = Image.fromarray(np.eye(length, dtype=np.float32))
    return np.asarray(single.resize((length, times * length), Image.Resampling.LANCZOS))
