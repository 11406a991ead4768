"""Part maps as pictures: a colour for each part that stays apart from its neighbours', and the shares of the pixels."""

import colorsys
from collections.abc import Sequence

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.parts import Part, PartMap, PartSet

_COLOURS = {  # of what a portrait consists of
    "background": (96, 112, 140),
    "brows": (122, 72, 40),
    "clothes": (0, 92, 196),
    "eyes": (64, 224, 255),
    "hair": (0, 158, 104),
    "mouth": (226, 32, 100),
    "neck": (240, 220, 60),
    "nose": (255, 128, 0),
    "skin": (236, 190, 156),
}
_GOLDEN = 0.618034  # of a turn: hues that follow one another lie far apart
_TONES = ((0.65, 0.95), (0.9, 0.75), (0.45, 1.0))  # saturation and value


def colour_parts(parts: Sequence[Part]) -> Array:
    """Return a colour for each part, uint8 [P, 3].

    Parts of portraits have theirs by name, others by their first cluster, so that naming one part leaves the colours
    of all others as they are.
    """
    colours = [_COLOURS.get(part.name.casefold()) or _colour_cluster(min(part.clusters)) for part in parts]
    return np.asarray(colours, np.uint8).reshape(len(parts), 3)


def _colour_cluster(index: int) -> tuple[int, ...]:
    tone = colorsys.hsv_to_rgb(index * _GOLDEN % 1, *_TONES[index // 6 % 3])
    return tuple(round(value * 255) for value in tone)


def draw_parts(map: PartMap, parts: PartSet, picture: Array | None = None, strength: float = 0.6) -> Array:
    """Return a map in colours, uint8 [H, W, 3]; over a picture of its size with this strength, 0 to 1."""
    coloured = colour_parts(parts.parts)[map.label(parts)]
    if picture is None:
        return coloured
    mixed = picture.astype(np.float32) * (1 - strength) + coloured.astype(np.float32) * strength
    return np.round(mixed).astype(np.uint8)


def measure_shares(map: PartMap, parts: PartSet) -> Array:
    """Return the share of the picture's pixels that each part has, float64 [P]; they sum to 1."""
    labels = map.label(parts)
    return np.bincount(labels.ravel(), minlength=len(parts.parts)) / labels.size
