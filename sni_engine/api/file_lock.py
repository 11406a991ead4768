"""One process at a time: a lock that the system itself gives back when its holder ends, however it ends."""

import contextlib
import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from sni_engine.api.errors import EngineError

News = TypeVar("News")

_LOOK_EVERY_S = 0.5
_LOOK_SOON_S = 0.02
_PATIENCE_S = 5.0
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


class FileLock:
    """A lock on a file made for it, which is removed when the lock is given back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def wait(self, tell: Callable[[], News]) -> Iterator[News]:
        """Take the lock; yields what `tell` says now and then for as long as another holds it."""
        while not self.take():
            yield tell()
            time.sleep(_LOOK_EVERY_S)

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Keep others out while the block reads a small file and writes it anew.

        Raises EngineError when another keeps the lock for seconds. Where no lock can be made the block runs all the
        same: what it writes there tells why it cannot.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while not self._take_if_possible():
            if time.monotonic() > deadline:
                raise EngineError(f"Another program keeps {self._path}.", "Try again when it is done.")
            time.sleep(_LOOK_SOON_S)
        try:
            yield
        finally:
            self.close()

    def _take_if_possible(self) -> bool:
        try:
            return self.take()
        except EngineError:
            return True

    def take(self) -> bool:
        """Take the lock unless another holds it; say whether it is held now. Raises EngineError.

        Where the file system knows no locks it counts as held.
        """
        if self._descriptor is not None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise EngineError(
                f"{self._path.parent} cannot be written to: {error.strerror}.", "Set SNI_HOME to another folder."
            ) from error
        if _lock(descriptor) and self._is_still(descriptor):
            self._descriptor = descriptor
            return True
        os.close(descriptor)
        return False

    def is_taken(self) -> bool:
        """Say whether another holds the lock; makes no file and changes nothing."""
        try:
            descriptor = os.open(self._path, os.O_RDWR)
        except OSError:
            return False
        try:
            return not _lock(descriptor, shared=True) and self._is_still(descriptor)
        finally:
            os.close(descriptor)

    def was_replaced(self) -> bool:
        """Say whether the lock is held on a file whose place another one has taken, as when its folder was moved."""
        return self._descriptor is not None and self._path.exists() and not self._is_still(self._descriptor)

    def leave_note(self, note: bytes) -> None:
        """Write into the locked file, wherever it was moved to meanwhile, what is to be found there; or nothing."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, 0)
                os.lseek(self._descriptor, 0, os.SEEK_SET)
                os.write(self._descriptor, note)

    def close(self) -> None:
        """Give the lock back; does nothing when it is not held."""
        if self._descriptor is None:
            return
        with contextlib.suppress(OSError):  # Windows removes no open file; it stays, empty and unlocked
            if not self.was_replaced():
                self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = None

    def _is_still(self, descriptor: int) -> bool:
        """Say whether the locked file is the one at the path: its last holder may have removed it meanwhile."""
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except OSError:
            return False


def _lock(descriptor: int, shared: bool = False) -> bool:
    """Lock an open file; shared: so that others who only ask are not told that it is taken."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True
