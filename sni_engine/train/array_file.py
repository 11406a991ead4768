"""Arrays that are larger than memory: one .npy file each, reserved at once, written in rows, read as a memory map.

Writing goes through the file, not the map: a full disk is then an error with a name, not a signal that kills.
"""

import errno
import io
import mmap
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file

_MAY_MAP = hasattr(mmap, "MADV_DONTNEED")  # Windows trims a process's mapped pages itself


@dataclass(frozen=True)
class ArrayFile:
    """A file that holds an array of one shape (rows first) and type, in C order."""

    path: Path
    shape: tuple[int, ...]
    dtype: np.dtype

    @property
    def header(self) -> bytes:
        """What the file begins with: numpy's header, version 1.0."""
        stream = io.BytesIO()
        described = {"descr": np.lib.format.dtype_to_descr(self.dtype), "fortran_order": False, "shape": self.shape}
        np.lib.format.write_array_header_1_0(stream, described)
        return stream.getvalue()

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return int(np.prod(self.shape[1:], dtype=np.int64)) * self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all rows, without the header."""
        return self.shape[0] * self.row_bytes

    def is_whole(self) -> bool:
        """Say whether the file is there with this very header and size. Its content may still be anything."""
        try:
            with self.path.open("rb") as stream:
                self._skip_header(stream)
                return stream.tell() + self.nbytes == self.path.stat().st_size
        except (OSError, ValueError):
            return False

    def reserve(self) -> None:
        """Make the file at its full size, filled with zeros. Raises EngineError when the disk has no room."""
        with replace_file(self.path) as stream:
            stream.write(self.header)
            size = stream.tell() + self.nbytes
            stream.flush()
            _claim_room(stream, size)
            stream.truncate(size)

    def write(self, start: int, rows: np.ndarray) -> None:
        """Put rows in place from row `start` on, flushed to the disk. Raises EngineError when the system refuses."""
        assert rows.dtype == self.dtype and rows.shape[1:] == self.shape[1:], (rows.dtype, rows.shape)
        try:
            with self.path.open("r+b") as stream:
                self._skip_header(stream)
                stream.seek(start * self.row_bytes, os.SEEK_CUR)
                stream.write(np.ascontiguousarray(rows).data)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise EngineError(
                f"{self.path} could not be written: {error.strerror}.", "Make room, then go on."
            ) from error

    def shorten(self, count: int) -> None:
        """Keep the first `count` rows only. The header keeps its length: numpy leaves room in it for larger counts."""
        header = replace(self, shape=(count, *self.shape[1:])).header
        assert len(header) == len(self.header)
        with self.path.open("r+b") as stream:
            stream.write(header)
            stream.truncate(len(header) + count * self.row_bytes)
            stream.flush()
            os.fsync(stream.fileno())

    def read(self, start: int, stop: int) -> bytes:
        """Return the bytes of some rows without mapping them; fewer where the file ends early.

        Raises ValueError for a file with another header, OSError when the system refuses.
        """
        with self.path.open("rb") as stream:
            self._skip_header(stream)
            stream.seek(start * self.row_bytes, os.SEEK_CUR)
            return stream.read((stop - start) * self.row_bytes)

    def map(self) -> np.ndarray:
        """Return the array as a read-only memory map. Raises EngineError unless header and size are right."""
        if not self.is_whole():
            raise EngineError(f"{self.path} is missing or damaged.", "Start again; what is damaged is made anew.")
        return np.load(self.path, mmap_mode="r", allow_pickle=False)

    def _skip_header(self, stream: BinaryIO) -> None:
        """Leave the stream at the first row. Bytes are compared, not parsed: numpy reads headers as Python literals,
        and damaged ones make it raise anything."""
        if stream.read(len(self.header)) != self.header:
            raise ValueError("another header")


def release(array: np.ndarray | None) -> None:
    """Give the pages that reading a mapped array has brought into this process back; does nothing for others."""
    pages = getattr(array, "base", None)
    if isinstance(pages, mmap.mmap) and _MAY_MAP:
        pages.madvise(mmap.MADV_DONTNEED)


def _claim_room(stream: BinaryIO, size: int) -> None:
    """Take the disk's blocks now, so that no later write can find it full; some file systems cannot."""
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(stream.fileno(), 0, size)
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
            raise
