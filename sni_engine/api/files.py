"""Writing files so that a crash, a full disk or a second writer never leaves half of one; reading none but files."""

import contextlib
import errno
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from sni_engine.api.errors import EngineError

_PATIENCE_S = 5.0
_IN_USE = (5, 32)  # of Windows: access denied, sharing violation


@contextlib.contextmanager
def replace_file(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path`; on leaving, flush it to disk and put it in place of `path` at once.

    When the block raises, `path` is as it was and the temporary file is gone. Raises EngineError when the system
    refuses the write.
    """
    path = Path(os.path.realpath(path))  # a link stays one: what it points to is replaced
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent or Path("."), prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        put_in_place(Path(name), path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


@contextlib.contextmanager
def scratch_beside(path: Path) -> Iterator[Path]:
    """Make a folder beside `path` for work that ends in renaming something of it to `path`; it is gone afterwards.

    Raises EngineError when the system refuses a write.
    """
    path = Path(path)
    try:
        folder = Path(tempfile.mkdtemp(dir=path.parent or Path("."), prefix=f".{path.name}.", suffix=".part"))
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        yield folder
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(source: Path, target: Path) -> None:
    """Do what os.replace does; Windows refuses it while somebody reads the target, so wait a little for that to end.

    Raises OSError.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            os.replace(source, target)
            return
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _IN_USE or time.monotonic() > deadline:
                raise
        time.sleep(0.02)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows cannot open a folder to flush it; its rename is already durable
        return
    with contextlib.suppress(OSError):  # the file is in place already; some file systems cannot flush a folder
        descriptor = os.open(folder or ".", os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _cannot_write(path: Path, error: OSError) -> EngineError:
    reason = error.strerror or str(error)
    return EngineError(f"{path} could not be written: {reason}.", "Choose another place; what was there is unchanged.")


def open_file(path: Path) -> BinaryIO:
    """Open an ordinary file for reading. Raises OSError, also for pipes and devices, which could keep us for ever."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise OSError(errno.EINVAL, "It is a folder" if stat.S_ISDIR(mode) else "It is no ordinary file")


def read_bytes(path: Path, limit: int | None = None) -> bytes:
    """Return a file's bytes. Raises EngineError when it is missing, unreadable, longer than `limit`, or no file."""
    path = Path(path)
    try:
        with open_file(path) as stream:
            if limit is not None and os.fstat(stream.fileno()).st_size > limit:
                raise EngineError(f"{path} is larger than any such file can be.", "Choose another file.")
            return stream.read()
    except OSError as error:
        raise EngineError(f"{path} could not be read: {error.strerror or error}.", "Check the name.") from error


def digest_bytes(data: bytes) -> str:
    """Return what tells one file's content from another's, 32 hex digits of BLAKE2b."""
    return blake2b(data, digest_size=16).hexdigest()
