"""Part maps as pictures: a colour for each part that stays apart from its neighbours', and the shares of the pixels."""

import colorsys

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.parts import PartMap, PartSet

_GOLDEN = 0.618034  # of a turn: hues that follow one another lie far apart
_TONES = ((0.65, 0.95), (0.9, 0.75), (0.45, 1.0))  # saturation and value


def part_colours(count: int) -> Array:
    """Return a colour for each of `count` parts, uint8 [count, 3]; the first ones are the same for any count."""
    tones = [colorsys.hsv_to_rgb(index * _GOLDEN % 1, *_TONES[index // 6 % 3]) for index in range(count)]
    return np.round(np.asarray(tones).reshape(count, 3) * 255).astype(np.uint8)


def draw_parts(map: PartMap, parts: PartSet, picture: Array | None = None, strength: float = 0.6) -> Array:
    """Return a map in colours, uint8 [H, W, 3]; over a picture of its size with this strength, 0 to 1."""
    coloured = part_colours(len(parts.parts))[map.label(parts)]
    if picture is None:
        return coloured
    mixed = picture.astype(np.float32) * (1 - strength) + coloured.astype(np.float32) * strength
    return np.round(mixed).astype(np.uint8)


def measure_shares(map: PartMap, parts: PartSet) -> Array:
    """Return the share of the picture's pixels that each part has, float64 [P]; they sum to 1."""
    labels = map.label(parts)
    return np.bincount(labels.ravel(), minlength=len(parts.parts)) / labels.size
