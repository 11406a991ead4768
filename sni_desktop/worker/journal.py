"""The thread that writes the journal: the newest state is on the disk a few milliseconds after it was on screen.

A thread of its own, because the engine's may be busy for seconds, and flushing a slow disk must not hold up the window.
"""

import contextlib
import logging
import os
import threading
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QLockFile, QObject, Signal

from sni_desktop.snapshot import differs
from sni_engine.api.history import Node
from sni_engine.api.journal import Scribe, State
from sni_engine.api.packing import Project

log = logging.getLogger(__name__)

SUFFIX = ".journal"
_PATIENCE_S = 5.0  # between two tries at a disk that refuses, and with one that hangs at the end
_MOST_LEFT = 20  # faces on the shelf


def shelf_folder(folder: Path) -> Path:
    """Return where the journals of faces go that are left for another with steps that nobody saved."""
    return folder / "left"


class JournalWriter(QObject):
    """Writes states to one file, whose lock says that this program lives. Of states that pile up the newest counts, of
    every project. A project that makes way for another goes to the shelf, unless nothing of it would be lost.
    """

    written = Signal(str)  # a state is on the disk: the digest of its root's codes
    failed = Signal(str)  # the system's reason, once, until writing works again

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._lock = QLockFile(str(path) + ".lock")
        self._lock.setStaleLockTime(0)  # stale when its program is gone, however old
        self._changed = threading.Condition()
        self._waiting: list[tuple[State, bool]] = []  # with whether its journal begins anew
        self._saved: list[Project] = []  # what files hold by now
        self._last: State | None = None  # what the file holds
        self._shelved: dict[Path, State] = {}  # what was put on the shelf
        self._is_writing = False
        self._closing = self._forgets = False
        self._is_failing = False
        self._scribe = Scribe()
        self._stream: BinaryIO | None = None
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._lock.tryLock(0)
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    def write(self, state: State, restart: bool = False) -> None:
        """Note a state; restart: it belongs to another project, whose journal begins anew."""
        with self._changed:
            if self._waiting and not restart:
                restart = self._waiting.pop()[1]
            self._waiting.append((state, restart))
            self._changed.notify()

    def note_saved(self, project: Project) -> None:
        """Note that a file holds a project: the face need not stay on the shelf, if it was left meanwhile."""
        with self._changed:
            self._saved.append(project)
            self._changed.notify()

    def wait(self, timeout_s: float = 10.0) -> bool:
        """Wait until everything noted is on the disk; says whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._waiting or self._saved or self._is_writing), timeout_s)

    def close(self, forget: bool = True) -> None:
        """Stop, and take the journal away when the program ends as it should; a disk that hangs is not waited for."""
        with self._changed:
            self._closing, self._forgets = True, forget
            self._changed.notify()
        self._thread.join(_PATIENCE_S)
        has_ended = not self._thread.is_alive()
        if self._stream is not None and has_ended:
            self._stream.close()
        if self._forgets and has_ended:  # else it may still hold a face that was left for another
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)
        self._lock.unlock()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._is_writing = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._closing or bool(self._waiting or self._saved))
                if not self._waiting and not self._saved:
                    return
                state, restart = self._waiting.pop(0) if self._waiting else (None, False)
                saved, self._saved = ([], self._saved) if self._waiting else (self._saved, [])
                is_last = self._closing and self._forgets and not self._waiting
                self._is_writing = True
            if state is not None and is_last:  # when the program ends as it should, the last state need not be written
                self._leave(state)
            elif state is not None:
                self._write(state, restart)
            for project in saved:
                self._take_off_shelf(project)

    def _leave(self, state: State) -> None:
        """Let the face before, which nobody was asked about, outlast the program."""
        self._abandon()
        try:
            self._shelve(state)
        except OSError as error:
            log.warning("a face could not be left: %s", error)
            self._keep_left(state)

    def _keep_left(self, coming: State) -> None:
        """Keep the journal of a face that could not be put on the shelf: it is offered at the next start."""
        self._forgets = self._forgets and not self._is_leaving(coming)

    def _write(self, state: State, restart: bool) -> None:
        try:
            if restart or self._stream is None:
                self._begin(state)
            else:
                self._append(self._scribe.go_on(state))
            self._last = state
            self._is_failing = False
            self.written.emit(state.project.history.root.codes.digest)
        except OSError as error:
            self._abandon()
            if not self._is_failing:
                self._is_failing = True
                log.warning("the journal cannot be written: %s", error)
                self.failed.emit(error.strerror or str(error))
            self._try_again(state)
        except Exception:  # the thread must outlive a mistake of ours; the next state begins the journal anew
            self._abandon()
            log.exception("the journal cannot be written")

    def _try_again(self, state: State) -> None:
        """Let the state wait for better times, unless a newer one does or the program ends."""
        with self._changed:
            if not self._waiting and not self._closing:
                self._waiting.append((state, True))
                self._changed.wait(_PATIENCE_S)
            elif self._closing and not self._waiting:
                self._keep_left(state)

    def _begin(self, state: State) -> None:
        """Write a whole new journal beside the old one, put it in its place, and go on at its end."""
        self._abandon()
        self._shelve(state)
        fresh = self.path.with_suffix(".part")
        with fresh.open("wb") as stream:
            stream.write(self._scribe.begin(state))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(fresh, self.path)
        self._stream = self.path.open("ab")
        with contextlib.suppress(OSError):
            self._clear_shelf(self._name_on_shelf(state.project))  # it is the one on screen again

    def _shelve(self, coming: State) -> None:
        """Put the journal of the face before on the shelf, unless nothing of it would be lost."""
        last = self._last
        if last is None or not self._is_leaving(coming):
            return
        place = self._name_on_shelf(last.project)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self.path, place)
        self._last = None
        self._shelved[place] = last
        left = sorted(place.parent.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime_ns)
        for old in left[:-_MOST_LEFT]:
            self._clear_shelf(old)

    def _take_off_shelf(self, project: Project) -> None:
        """Take a face off the shelf whose file was still being written when it was left, if that holds all of it."""
        place = self._name_on_shelf(project)
        left = self._shelved.get(place)
        if left is not None and not differs(left.project, project):
            with contextlib.suppress(OSError):
                self._clear_shelf(place)

    def _clear_shelf(self, place: Path) -> None:
        self._shelved.pop(place, None)
        place.unlink(missing_ok=True)

    def _is_leaving(self, coming: State) -> bool:
        """Say whether the file holds another face, with something that nobody saved."""
        last = self._last
        if last is None or last.saved or last.is_untouched or not self.path.exists():
            return False
        return _root(last).codes is not _root(coming).codes

    def _name_on_shelf(self, project: Project) -> Path:
        """Return one name for each face; one that is begun twice from a seed is told apart by when that was."""
        root = project.history.root
        name = f"{root.codes.digest[:16]}-{round(root.created * 1000):x}{SUFFIX}"
        return shelf_folder(self.path.parent) / name

    def _append(self, record: bytes) -> None:
        assert self._stream is not None
        self._stream.write(record)
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def _abandon(self) -> None:
        """Let go of the file, half a record at its end or not; the next state begins anew."""
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None


def _root(state: State) -> Node:
    return state.project.history.root
