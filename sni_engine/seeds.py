"""Random numbers, owned here: a seed gives the same codes and noise on every device, drawn on the CPU by numpy."""

import secrets
from collections.abc import Sequence

import numpy as np

from sni_engine.api.codes import Codes, GridSpec, Level

_STREAMS: tuple[Level, ...] = ("style", "global", "shared", "local")  # each level's place is its stream's number


def fresh_seed() -> int:
    """Return a seed nobody has used: short enough to read aloud, 0 to 2**31 - 1."""
    return secrets.randbelow(2**31)


def make_rng(seed: int, stream: int) -> np.random.Generator:
    """Return the generator of random numbers that belongs to a seed, 0 to 2**63 - 1, and the number of a stream.

    Philox is counter-based and defined to the bit. The seed is split into words by hand: numpy would pad short ones,
    and then seed 5, stream 1 would be seed 5 + 2**32, stream 0.
    """
    words = np.array((seed & 0xFFFFFFFF, seed >> 32, stream), np.uint32)  # numpy takes twice as long to make them such
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(words)))


def draw_codes(grid: GridSpec, seed: int) -> Codes:
    """Draw every code from the standard normal prior; the noise takes the seed too."""

    style, global_, shared, local = (draw_level(grid, seed, level) for level in _STREAMS)
    return Codes(style, global_, shared, local, noise_seed=seed)


def draw_level(grid: GridSpec, seed: int, level: Level) -> np.ndarray:
    """Draw one level of what `draw_codes` draws."""
    return make_rng(seed, _STREAMS.index(level)).standard_normal(grid.shape(level), dtype=np.float32)


def draw_noise(noise_seed: int, shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray]:
    """Draw the per-pixel noise maps of one picture, one per shape, float32."""
    return [
        make_rng(noise_seed, 100 + index).standard_normal(shape, dtype=np.float32) for index, shape in enumerate(shapes)
    ]
