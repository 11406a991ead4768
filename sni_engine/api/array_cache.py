"""Arrays that can be made again, kept as files: read strictly, and done without where they cannot be written."""

import contextlib
import io
from pathlib import Path

import numpy as np

from sni_engine.api.arrays import Array, freeze
from sni_engine.api.errors import EngineError
from sni_engine.api.files import read_bytes, replace_file

_LARGEST_BYTES = 2**28


def read_cached(path: Path) -> Array | None:
    """Return a kept array as float32, None when there is none or the file is damaged; runs no code of the file's."""
    try:
        return freeze(np.load(io.BytesIO(read_bytes(path, _LARGEST_BYTES)), allow_pickle=False))
    except (EngineError, ValueError, OSError, EOFError, MemoryError, TypeError, AttributeError):
        return None


def write_cached(path: Path, array: Array) -> None:
    """Keep an array as float32, in a folder made if need be; what cannot be written is done without."""
    stream = io.BytesIO()
    np.save(stream, array.astype(np.float32), allow_pickle=False)
    with contextlib.suppress(EngineError, OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replace_file(path) as file:
            file.write(stream.getvalue())
