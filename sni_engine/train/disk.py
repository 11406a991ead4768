"""How much room there is on the disk that holds a place, and a sentence when it is too little."""

import shutil
from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.words import format_bytes

SPARE_BYTES = 64 * 2**20  # left to everybody else


def find_parent(path: Path) -> Path:
    """Return the nearest folder of a path that exists."""
    path = path.absolute()
    return next((place for place in (path, *path.parents) if place.is_dir()), Path(path.anchor))


def count_free_bytes(path: Path) -> int:
    """Return the free bytes of the disk on which `path` is or would be."""
    return shutil.disk_usage(find_parent(path)).free


def refuse_if_full(path: Path, needed: int, what: str) -> None:
    """Raise EngineError when `needed` bytes more do not fit where `path` is."""
    free = count_free_bytes(path)
    if needed + SPARE_BYTES > free:
        raise EngineError(
            f"There is no room for {what}: {format_bytes(needed)} are needed in {path}, {format_bytes(free)} are free.",
            "Make room, or set SNI_HOME to a folder on another disk.",
        )
