"""Random numbers, owned here: the same seed gives the same codes and noise on every machine and device."""

import secrets
from collections.abc import Sequence

import numpy as np

from sni_engine.api.codes import Codes, GridSpec, Level


def fresh_seed() -> int:
    """Return a seed nobody has used: short enough to read aloud, 0 to 2**31 - 1."""
    return secrets.randbelow(2**31)


def make_rng(*key: int) -> np.random.Generator:
    """Return the generator of random numbers that belongs to a key of whole numbers.

    Philox is counter-based and defined to the bit; numpy draws normals from it in its own code, on the CPU.
    """
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(key)))


def draw_codes(grid: GridSpec, seed: int) -> Codes:
    """Draw every code from the standard normal prior; the noise takes the seed too."""

    def draw(stream: int, level: Level) -> np.ndarray:
        return make_rng(seed, stream).standard_normal(grid.shape(level), dtype=np.float32)

    return Codes(draw(0, "style"), draw(1, "global"), draw(2, "shared"), draw(3, "local"), noise_seed=seed)


def draw_noise(noise_seed: int, shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray]:
    """Draw the per-pixel noise maps of one picture, one per shape, float32."""
    return [
        make_rng(noise_seed, 100 + index).standard_normal(shape, dtype=np.float32) for index, shape in enumerate(shapes)
    ]
