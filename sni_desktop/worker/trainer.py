"""Trainers: processes of their own, started here, which outlive the window if the person wishes."""

import contextlib
import math
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from sni_desktop.worker.children import make_environment
from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file
from sni_engine.api.plain import dump_json
from sni_engine.api.runs import RunFiles
from sni_engine.api.training import TrainConfig

_POLITENESS = 10  # the editor, and whatever else the person does, goes first


@dataclass(frozen=True)
class Ended:
    """A trainer that has ended with trouble. asked_ns, log_from: of RunFiles.find_refusal."""

    path: Path
    asked_ns: int
    log_from: int

    def find_refusal(self) -> str:
        """Return why it never had its run, "" when it had. Reads files."""
        return RunFiles(self.path).find_refusal(self.asked_ns, self.log_from)


class Trainers:
    """Starts trainers. They talk through the folders of their runs alone (api/runs)."""

    def __init__(self) -> None:
        self._started: list[tuple[subprocess.Popen[bytes], Ended]] = []
        self._lock = threading.Lock()  # they are started on another thread than the one that reaps them

    def start(self, config: TrainConfig, path: Path, resume: bool = False, minutes: float = math.inf) -> None:
        """Start a trainer on a new run, or on one that is there already. Raises EngineError when the system refuses."""
        files = RunFiles(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            title = _tr("{folder} could not be made: {error}.").replace("{folder}", str(path))
            raise EngineError(title.replace("{error}", str(error.strerror)), _tr("Choose another folder.")) from error
        files.refuse_links()
        if not files.is_alive():
            files.clear_wishes()  # now: what is wished from here on is meant for this trainer
        with replace_file(files.asked) as stream:
            stream.write(dump_json(config).encode())
        words = [sys.executable, "-m", "sni_engine.train.process", str(files.asked), str(path), "--quiet"]
        words += ["--resume"] if resume else []
        words += ["--minutes", f"{minutes:g}"] if math.isfinite(minutes) else []
        try:
            asked_ns = files.asked.stat().st_mtime_ns
            with files.log.open("ab") as log:
                log_from = log.seek(0, os.SEEK_END)
                process = launch(words, log.fileno())
        except OSError as error:
            title = _tr("The trainer could not be started: {error}.")
            hint = _tr("Try again; if it does not help, install the program again.")
            raise EngineError(title.replace("{error}", error.strerror or str(error)), hint) from error
        with self._lock:
            self._started.append((process, Ended(path, asked_ns, log_from)))

    @property
    def are_left(self) -> bool:
        """Whether any that was started here has not ended yet."""
        with self._lock:
            return bool(self._started)

    def reap(self) -> tuple[Ended, ...]:
        """Let the system forget the processes that have ended; return those that ended with trouble."""
        with self._lock:
            codes = [(process.poll(), entry) for process, entry in self._started]
            self._started = [entry for entry in self._started if entry[0].returncode is None]
        return tuple(entry for code, entry in codes if code)


def launch(words: Sequence[str], log: int) -> "subprocess.Popen[bytes]":
    """Start a process that neither the end of this one nor a key pressed in its terminal ends."""
    process = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=make_environment(),
        start_new_session=True,
        creationflags=_windows_flags(),
    )
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _POLITENESS)
    return process


def _tr(text: str) -> str:
    return QCoreApplication.translate("Trainer", text)


def _windows_flags() -> int:
    names = ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW", "BELOW_NORMAL_PRIORITY_CLASS")
    flags = 0
    for name in names:
        flags |= getattr(subprocess, name, 0)
    return flags
