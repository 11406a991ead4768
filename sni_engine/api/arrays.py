"""Arrays as values: float32, contiguous, read-only, compared by digest."""

import hashlib

import numpy as np
from numpy.typing import ArrayLike

Array = np.ndarray


def freeze(values: ArrayLike, shape: tuple[int, ...] | None = None) -> Array:
    """Return `values` as a read-only contiguous float32 array, a copy unless it already is one.

    Raises ValueError when `shape` is given and differs, or when an entry is not finite.
    """
    array = np.ascontiguousarray(values, dtype=np.float32)
    if shape is not None and array.shape != shape:
        raise ValueError(f"expected an array of shape {shape}, got {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError("expected finite numbers only")
    if array.flags.writeable:
        array = array.copy()
        array.flags.writeable = False
    return array


def digest(*arrays: Array) -> str:
    """Return 32 hex digits that identify the shapes and bytes of `arrays`, in order."""
    state = hashlib.blake2b(digest_size=16)
    for array in arrays:
        little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))  # the same digits on every kind of machine
        state.update(f"{little.dtype.str}{array.shape}".encode())
        state.update(little.tobytes())
    return state.hexdigest()
