"""A thread for work whose newest order alone counts, such as pictures that a slider runs through; idle, it is gone."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)


class Newest(QObject):
    """Does one thing after another; of those that wait only the newest is done. A disk that hangs holds up nobody."""

    done = Signal(object)  # what came of it

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._lock = threading.Lock()
        self._waiting: Callable[[], Any] | None = None
        self._is_busy = False

    def ask(self, job: Callable[[], Any]) -> None:
        """Have something done, instead of what waits; never waits."""
        with self._lock:
            self._waiting = job
            if self._is_busy:
                return
            self._is_busy = True
        threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                job, self._waiting = self._waiting, None
                if job is None:
                    self._is_busy = False
                    return
            try:
                self.done.emit(job())
            except Exception:  # the next one may be done all the same
                log.exception("%s: that could not be done", self._name)
