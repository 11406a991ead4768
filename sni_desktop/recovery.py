"""What a program that was killed left behind: its journal, unless the program still lives."""

import contextlib
import logging
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile

from sni_desktop.worker.journal import SUFFIX, shelf_folder
from sni_desktop.worker.projects import prepare
from sni_engine.api.errors import EngineError
from sni_engine.api.journal import State, read_journal
from sni_engine.api.paths import state_folder

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Lost:
    """Work that nobody saved: where its journal is, what it held at the end, and when that was (seconds since 1970)."""

    journal: Path
    state: State
    time: float

    @property
    def is_untouched(self) -> bool:
        """True for a face on which nothing was done: worth showing again, not worth a question."""
        return self.state.is_untouched


def recovery_folder() -> Path:
    """Return the folder of journals."""
    return state_folder() / "recovery"


class LeftFaces:
    """Reads faces that were left for others with steps that nobody saved; each journal once, unless it changes."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, int, int], Lost | None] = {}

    def read(self, folder: Path) -> list[Lost]:
        """Return those that there are now, newest first; ready to be shown."""
        before, self._known = self._known, {}
        for path in sorted(shelf_folder(folder).glob(f"*{SUFFIX}")):
            with contextlib.suppress(OSError):
                found = path.stat()
                key = (path, found.st_mtime_ns, found.st_size)
                self._known[key] = before[key] if key in before else _read_ready(path)
        left = [lost for lost in self._known.values() if lost is not None]
        return sorted(left, key=lambda item: item.time, reverse=True)


def new_journal(folder: Path) -> Path:
    """Return the name of this program's journal, one nobody has."""
    return folder / f"{time.time_ns():x}{SUFFIX}"


def find_lost(folder: Path) -> list[Lost]:
    """Return what killed programs left, newest first. Journals that hold nothing unsaved are cleared away, unreadable
    ones stay.
    """
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []:
        lock = QLockFile(f"{path}.lock")
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            continue  # its program lives
        lock.unlock()
        lost = _read(path)
        if lost is not None:
            found.append(lost)
        elif is_readable(path):
            forget(path)  # else it may be read another time, or by a newer program
    return sorted(found, key=lambda item: item.time, reverse=True)


def forget(journal: Path) -> None:
    """Take a journal away, for good."""
    for path in (journal, journal.with_suffix(".part"), Path(f"{journal}.lock")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def is_readable(path: Path) -> bool:
    """Say whether a journal can be read, whatever it holds."""
    with contextlib.suppress(EngineError, OSError):
        read_journal(path)
        return True
    return False


def _read_ready(path: Path) -> Lost | None:
    lost = _read(path)
    if lost is not None:
        prepare(lost.state.project)
    return lost


def _read(path: Path) -> Lost | None:
    try:
        state = read_journal(path)
        return None if state is None or state.saved else Lost(path, state, path.stat().st_mtime)
    except (EngineError, OSError) as error:
        log.warning("the journal %s cannot be read: %s", path, error)
        return None
