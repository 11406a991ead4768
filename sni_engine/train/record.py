"""A run's events written into its folder as they come, and its last words however it ends."""

import contextlib
import os
import time
from collections.abc import Generator
from dataclasses import replace

import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.file_lock import FileLock
from sni_engine.api.plain import dump_json
from sni_engine.api.runs import LAST_WORDS, ProcessInfo, TrainEvent
from sni_engine.device import name_device
from sni_engine.train.memory import read_held_bytes
from sni_engine.train.run_folder import RunFolder
from sni_engine.train.too_large import OutOfMemoryError

Events = Generator[TrainEvent, None, None]

_QUIET_S = 1.0
_QUIET = ("step", "setup")  # kinds that are written at most this often; everything else always


class Recorder:
    """Writes a run's events down, with the time and the memory the process holds."""

    def __init__(self, run: RunFolder, lock: FileLock | None) -> None:
        self._run, self._lock = run, lock
        self._device = torch.device("cpu")
        self._began = time.time()
        self._last = TrainEvent("started", 0, 1)  # with the run's numbers
        self._said = ("", "")
        self._said_at = float("-inf")
        self._memory = 0

    def introduce(self, device: torch.device | None = None) -> None:
        """Say which process has the run, before its device is known and after; a full disk is met where it matters."""
        self._device = device or self._device
        with contextlib.suppress(EngineError):
            name = name_device(device) if device else ""
            self._run.write_process(ProcessInfo(os.getpid(), self._began, name))

    def record(self, events: Events) -> Events:
        """Pass events on, each written down before; closing it closes `events` first, and says that the run stopped."""
        try:
            for event in events:
                yield self._take(event)
        except GeneratorExit:
            self._end(events)
            raise
        except EngineError as error:
            batch = error.batch if isinstance(error, OutOfMemoryError) else 0
            self._take(self._say("failed", error.title, hint=error.hint, batch=batch))
            raise
        except Exception as error:
            text = f"The trainer met a problem that it does not know: {_describe(error)}"
            self._take(self._say("failed", text, hint=f"The details are in {self._run.log.name}, beside the run."))
            raise

    def _end(self, events: Events) -> None:
        """Close the run, which saves it, and say so."""
        try:
            events.close()
        except EngineError as error:
            self._take(self._say("failed", error.title, hint=error.hint))
            raise
        if self._last.kind not in LAST_WORDS:
            self._take(self._say("stopped", say_stopped(self._last)))

    def _say(self, kind: str, text: str, **more: object) -> TrainEvent:
        return replace(self._last, kind=kind, text=text, losses={}, scores={}, **more)  # type: ignore[arg-type]

    def _take(self, event: TrainEvent) -> TrainEvent:
        """Return the event with what only the process knows; written down unless one like it just was."""
        if event.kind not in ("setup", "note", "warning"):
            self._last = event
        now, said = time.monotonic(), (event.kind, event.text)
        is_due = event.kind not in _QUIET or said != self._said or now - self._said_at >= _QUIET_S
        if is_due:
            self._memory = read_held_bytes(self._device)
        event = replace(event, at=time.time(), memory_bytes=self._memory)
        if is_due:
            self._write(event)
        if event.kind in _QUIET and is_due:
            self._said, self._said_at = said, now
        return event

    def _write(self, event: TrainEvent) -> None:
        """Write an event down, without the folder's own path, so that the folder may be moved; not into another's.

        Last words that find no folder go into the lock, which is wherever the folder is now.
        """
        try:
            self._run.refuse_if_gone(self._lock)
        except EngineError:
            if self._lock is not None and event.kind in LAST_WORDS:
                text = event.text.replace(f" {self._run.path} ", " ")
                self._lock.leave_note(dump_json(replace(event, text=text)).replace("\n", " ").encode() + b"\n")
            return
        with contextlib.suppress(EngineError):
            self._run.append_event(replace(event, text=event.text.replace(f"{self._run.path}{os.sep}", "")))


def say_stopped(last: TrainEvent) -> str:
    """Return the sentence for a run that was asked to end."""
    if not last.step:
        return "Stopped during the preparations." if not last.images_seen else "Stopped before its next step."
    return f"Stopped and saved at {last.images_seen} images."


def _describe(error: Exception) -> str:
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words[:200]}" if words else f"{type(error).__name__}."
