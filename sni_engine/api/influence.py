"""Influence maps on disk: which pixels each cell of a model can move, measured once and kept in the cache folder."""

import re
from pathlib import Path

from sni_engine.api.array_cache import read_cached, write_cached
from sni_engine.api.arrays import Array
from sni_engine.api.codes import GridSpec, Level
from sni_engine.api.paths import cache_folder

MEASURED: tuple[Level, ...] = ("local", "shared")
"""The levels that belong to places; global and style codes move every pixel."""


def read_influence(model_digest: str, grid: GridSpec, level: Level = "local") -> Array | None:
    """Return a model's influence: mean CIELAB change of each pixel when one cell's code is drawn anew.

    [R, C, h, w] for "local", [r, c, h, w] for "shared" (quadrants); float32, read-only. None when it was not measured,
    or when the file is damaged.
    """
    path = _path(model_digest, level)
    if path is None:
        return None
    change = read_cached(path)
    if change is None:
        return None
    fits = change.ndim == 4 and change.shape[:2] == grid.shape(level)[:2] and change.size and change.min() >= 0
    return change if fits else None


def write_influence(model_digest: str, change: Array, level: Level = "local") -> None:
    """Keep a model's influence, as `read_influence` returns it; a cache that cannot be written is done without."""
    path = _path(model_digest, level)
    if path is not None:
        write_cached(path, change)


def _path(model_digest: str, level: Level) -> Path | None:
    if level not in MEASURED or not re.fullmatch(r"[0-9a-f]{32}", model_digest):  # it names a file
        return None
    return cache_folder() / "influence" / f"{model_digest}-{level}.npy"
