"""What a run learns from, as values: which portraits, and pictures that are read by number, from memory or a map."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sni_engine.train.array_file import release


@dataclass(frozen=True, eq=False)
class Labelled:
    """Some portraits: pictures uint8 [N, H, W, 3], masks uint8 [N, H, W], factors float32 [N, F]."""

    pictures: np.ndarray
    masks: np.ndarray
    factors: np.ndarray


class Pictures(Protocol):
    """What a run learns from: pictures with numbers. `count` is None where they never end."""

    @property
    def count(self) -> int | None: ...

    def read(self, rows: np.ndarray) -> np.ndarray: ...


class LabelledPictures(Pictures, Protocol):
    """Pictures whose masks and factors are known."""

    def read_labelled(self, rows: np.ndarray) -> Labelled: ...

    def read_factors(self, rows: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True, eq=False)
class PictureSet:
    """pictures uint8 [N, H, W, 3]; masks uint8 [N, H, W] and factors float32 [N, F] where the set has labels.

    The arrays may be memory maps: `read` and its sisters copy the rows asked for and hand the mapped pages back, so
    that the memory of the process does not grow with the set. skipped: files that could not be used, with reasons.
    """

    pictures: np.ndarray
    masks: np.ndarray | None = None
    factors: np.ndarray | None = None
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self.pictures)

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Return pictures by number, uint8 [n, H, W, 3]."""
        return _copy(self.pictures, rows)

    def read_labelled(self, rows: np.ndarray) -> Labelled:
        """Return portraits by number with what is known of them."""
        assert self.masks is not None
        return Labelled(self.read(rows), _copy(self.masks, rows), self.read_factors(rows))

    def read_factors(self, rows: np.ndarray) -> np.ndarray:
        """Return the factors of portraits by number, float32 [n, F]."""
        assert self.factors is not None
        return _copy(self.factors, rows)


def _copy(array: np.ndarray, rows: np.ndarray) -> np.ndarray:
    copied = np.asarray(array[rows])
    release(array)
    return copied
