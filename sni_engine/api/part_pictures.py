"""Part maps as pictures: a colour for each part that stays apart from its neighbours', and the shares of the pixels."""

import colorsys

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.parts import PartMap, PartSet

_COLOURS = (
    (96, 112, 140),  # of the shipped model's parts by name: background
    (122, 72, 40),  # brows
    (0, 92, 196),  # clothes
    (64, 224, 255),  # eyes
    (0, 158, 104),  # hair
    (226, 32, 100),  # mouth
    (240, 220, 60),  # neck
    (255, 128, 0),  # nose
    (236, 190, 156),  # skin
    (152, 72, 208),
)
_GOLDEN = 0.618034  # of a turn: hues that follow one another lie far apart
_TONES = ((0.65, 0.95), (0.9, 0.75), (0.45, 1.0))  # saturation and value


def part_colours(count: int) -> Array:
    """Return a colour for each of `count` parts, uint8 [count, 3]; the first ones are the same for any count."""
    more = [colorsys.hsv_to_rgb(index * _GOLDEN % 1, *_TONES[index // 6 % 3]) for index in range(count - len(_COLOURS))]
    colours = [*_COLOURS[:count], *([round(value * 255) for value in tone] for tone in more)]
    return np.asarray(colours, np.uint8).reshape(count, 3)


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
