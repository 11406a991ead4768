"""How the engine's thread imports torch without holding up the window: by far the longest work of a start.

Two things stop every thread of a Python program. Loading a module's shared libraries holds Python's lock for half a
second; the same libraries loaded before, by a foreign call, hold nothing. And torch makes a million objects, all of
which the garbage collector walks through again and again, a tenth of a second each time.
"""

import contextlib
import ctypes
import gc
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

# in torch's own order: the first brings what others must find by name, the second all that computes. Not the one that
# knows Python: it is small, and needs the lock. On Windows torch itself loads all of them by foreign calls
_LIBRARIES = {
    "linux": (("libtorch_global_deps.so", ctypes.RTLD_GLOBAL), ("libtorch.so", ctypes.RTLD_LOCAL)),
    "darwin": (("libtorch_global_deps.dylib", ctypes.RTLD_GLOBAL), ("libtorch.dylib", ctypes.RTLD_LOCAL)),
}


def load_libraries() -> list[str]:
    """Load torch's libraries while other threads go on; returns those that were loaded.

    What cannot be loaded is left to torch's own import, which knows more ways and says what is wrong.
    """
    folder = find_torch()
    return (
        [] if folder is None else load_all([(folder / name, mode) for name, mode in _LIBRARIES.get(sys.platform, ())])
    )


def find_torch() -> Path | None:
    """Return the folder of torch's libraries without importing torch; None where there is none."""
    found = importlib.util.find_spec("torch")
    places = None if found is None else found.submodule_search_locations
    return Path(places[0]) / "lib" if places else None


def load_all(libraries: list[tuple[Path, int]]) -> list[str]:
    """Load libraries in order, up to the first that does not load; returns the names of those that did."""
    loaded: list[str] = []
    try:
        load = ctypes.CDLL(None).dlopen  # not ctypes.CDLL(path), which holds Python's lock
    except (AttributeError, OSError, TypeError):
        return loaded
    load.argtypes, load.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
    for path, mode in libraries:
        if not path.is_file() or load(os.fsencode(path), os.RTLD_NOW | mode) is None:
            break
        loaded.append(path.name)
    return loaded


@contextlib.contextmanager
def collect_nothing() -> Iterator[None]:
    """Let the garbage collector rest, and spare it what was made meanwhile: modules and classes stay to the end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
