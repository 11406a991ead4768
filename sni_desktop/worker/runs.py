"""The thread that looks at training runs: disks can be slow, and the engine's thread may be busy for seconds."""

import logging
import math
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sni_engine.api.errors import EngineError
from sni_engine.api.run_watch import RunNow, RunWatch

log = logging.getLogger(__name__)

_EVERY_S = 0.5
_RARELY_S = 3.0  # for those that no process has
_SOON_S = 20.0  # after something was done: a process takes its time to start


class RunKeeper(QObject):
    """Looks at the folders it is told to watch, rarely at runs that no process has, and does what touches them in
    between, in order.
    """

    looked = Signal(object)  # tuple[RunNow, ...] of the watched folders, whenever anything is new
    failed = Signal(str, str)  # title and hint of a job that could not be done

    def __init__(self, every_s: float = _EVERY_S, rarely_s: float = _RARELY_S, soon_s: float = _SOON_S) -> None:
        super().__init__()
        self._every_s = every_s
        self._rarely_s = max(every_s, rarely_s)
        self._soon_s = soon_s
        self._changed = threading.Condition()
        self._paths: tuple[Path, ...] = ()
        self._jobs: list[Callable[[], object]] = []
        self._closing = False
        self._is_new = False
        self._thread: threading.Thread | None = None

    def watch(self, paths: tuple[Path, ...]) -> None:
        """Look at these folders from now on, and at once."""
        with self._changed:
            self._paths, self._is_new = paths, True
            self._wake()

    def do(self, job: Callable[[], object]) -> None:
        """Do something to a run's folder, then look; an EngineError is told by `failed`."""
        with self._changed:
            self._jobs.append(job)
            self._wake()

    def close(self, timeout_s: float = 5.0) -> None:
        """Do what was asked for, then end; a disk that does not answer holds up nobody for long."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _wake(self) -> None:
        """Let the thread look; it starts when it is first needed."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="runs", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _work(self) -> None:
        watches: dict[Path, RunWatch] = {}
        told: dict[Path, RunNow] = {}
        acted, all_seen = -math.inf, -math.inf  # when something was done, and when every run was looked at
        while True:
            may_start = time.monotonic() - acted <= self._soon_s
            is_slow = not may_start and not any(run.is_alive for run in told.values())
            with self._changed:
                self._changed.wait_for(
                    lambda: self._closing or self._jobs or self._is_new, self._rarely_s if is_slow else self._every_s
                )
                jobs, self._jobs, is_new, self._is_new = self._jobs, [], self._is_new, False
                paths, closing = self._paths, self._closing
            for job in jobs:
                self._run(job)
                acted = time.monotonic()
            if closing:
                return
            watches = {path: watches.get(path) or RunWatch(path) for path in paths}
            looks_at_all = jobs or is_new or may_start or time.monotonic() - all_seen >= self._rarely_s
            if looks_at_all:
                all_seen = time.monotonic()
            seen = {
                path: watch.look() if looks_at_all or told[path].is_alive else told[path]
                for path, watch in watches.items()
            }
            if list(seen.items()) != list(told.items()) or jobs:
                told = seen
                self.looked.emit(tuple(seen.values()))

    def _run(self, job: Callable[[], object]) -> None:
        try:
            job()
        except EngineError as error:
            self.failed.emit(error.title, error.hint)
        except Exception as error:  # the thread must outlive a mistake of ours
            log.exception("a run could not be changed")
            title = self.tr("That could not be done: {error}.").replace("{error}", str(error))
            self.failed.emit(title, self.tr("The run is as it was."))
