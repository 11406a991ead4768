"""A sparse offset in style space: numbers added to what the style code makes of single channels of single layers.

Style space is what a generator's affine layers give of w: one number for each channel that style modulates, layer after
layer (Collins et al. 2020, section 3.3). How a generator numbers its layers: GeneratorConfig.style_channels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from sni_engine.api.arrays import Array, digest, freeze

_MOST = 2**16  # layers, and channels of a layer
_MOST_PLACES = 2**20


@dataclass(frozen=True, eq=False)
class StyleDelta:
    """places [K, 2]: layer and channel, in rising order, each once. values [K]: what is added there. Both float32.

    Raises ValueError for anything else, and for an empty one: codes without an offset hold None.
    """

    places: Array
    values: Array

    def __post_init__(self) -> None:
        places, values = freeze(self.places), freeze(self.values)
        if places.ndim != 2 or places.shape[1] != 2 or values.shape != places.shape[:1]:
            raise ValueError("a style offset needs a layer, a channel and a value for each place")
        if not 1 <= len(places) <= _MOST_PLACES:
            raise ValueError(f"a style offset has 1 to {_MOST_PLACES} places, not {len(places)}")
        whole = (places == np.floor(places)).all() and places.min() >= 0 and places.max() < _MOST
        if not whole or (np.diff(_number(places)) <= 0).any():
            raise ValueError("the places of a style offset are whole numbers in rising order, each once")
        object.__setattr__(self, "places", places)
        object.__setattr__(self, "values", values)

    def fits(self, channels: Sequence[int]) -> bool:
        """Say whether a generator with so many channels in each of its style layers has all these places."""
        layers = self.places[:, 0].astype(int)
        if layers.max() >= len(channels):
            return False
        return bool((self.places[:, 1] < np.array(channels)[layers]).all())

    def spread(self, channels: Sequence[int]) -> tuple[Array, ...]:
        """Return the offset of every channel of every layer, [C] each, 0 where nothing is added."""
        layers = [np.zeros(count, np.float32) for count in channels]
        for (layer, channel), value in zip(self.places.astype(int), self.values, strict=True):
            layers[layer][channel] = value
        return tuple(layers)

    @classmethod
    def gather(cls, layers: Sequence[Array]) -> Self | None:
        """Return what is not 0 in the offsets of all layers' channels, [C] each; None when everything is."""
        found = [np.flatnonzero(each) for each in layers]
        places = [(layer, channel) for layer, channels in enumerate(found) for channel in channels]
        if not places:
            return None
        values = np.concatenate([each[channels] for each, channels in zip(layers, found, strict=True)])
        return cls(np.array(places, np.float32), values)

    @cached_property
    def digest(self) -> str:
        """32 hex digits that identify this offset."""
        return digest(self.places, self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StyleDelta) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def mix_deltas(start: StyleDelta | None, goal: StyleDelta | None, way: float) -> StyleDelta | None:
    """Return the offset on the line from `start` (0) to `goal` (1), exactly these at its ends; None is all zeros."""
    if way <= 0 or start == goal:
        return start
    if way >= 1:
        return goal
    far = np.float32(way)
    parts = [(delta, share) for delta, share in ((start, 1 - far), (goal, far)) if delta is not None]
    numbers = np.unique(np.concatenate([_number(delta.places) for delta, _ in parts]))
    values = np.zeros(len(numbers), np.float32)
    for delta, share in parts:
        values[np.searchsorted(numbers, _number(delta.places))] += share * delta.values
    kept = values != 0
    places = np.stack([numbers // _MOST, numbers % _MOST], 1)[kept]
    return StyleDelta(places.astype(np.float32), values[kept]) if kept.any() else None


def _number(places: Array) -> Array:
    """Return one number for each place that sorts as the places do [K], int64."""
    whole: Array = places.astype(np.int64)
    return whole[:, 0] * _MOST + whole[:, 1]
