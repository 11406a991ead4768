"""Samples of models on disk: one picture for a model and some seeds, drawn once and kept in the cache folder."""

import contextlib
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.api.files import read_bytes, replace_file
from sni_engine.api.models import ModelCard
from sni_engine.api.paths import cache_folder
from sni_engine.api.pictures import decode_png, encode_png

_LARGEST_BYTES = 2**28


def read_samples(card: ModelCard, seeds: Sequence[int]) -> Array | None:
    """Return the faces of some seeds, uint8 [N, H, W, 3]; None when they were not drawn, or the file is damaged."""
    path, side = _path(card, seeds), card.resolution_px
    if path is None or not path.is_file():
        return None
    try:
        sheet = decode_png(read_bytes(path, _LARGEST_BYTES))
    except (EngineError, ValueError, MemoryError):
        return None
    if sheet.shape != (len(seeds) * side, side, 3):
        return None
    pictures = sheet.reshape(len(seeds), side, side, 3)
    pictures.flags.writeable = False
    return pictures


def write_samples(card: ModelCard, seeds: Sequence[int], pictures: Array) -> None:
    """Keep pictures uint8 [N, H, W, 3], one below the other; a cache that cannot be written is done without."""
    path = _path(card, seeds)
    if path is None:
        return
    with contextlib.suppress(EngineError, OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        data = encode_png(np.ascontiguousarray(pictures).reshape(-1, *pictures.shape[2:]))
        with replace_file(path) as stream:
            stream.write(data)


def _path(card: ModelCard, seeds: Sequence[int]) -> Path | None:
    if not seeds or not re.fullmatch(r"[0-9a-f]{32}", card.digest):  # it names a file
        return None
    which = hashlib.blake2b(",".join(map(str, seeds)).encode(), digest_size=6).hexdigest()
    return cache_folder() / "samples" / f"{card.digest}-{which}.png"
