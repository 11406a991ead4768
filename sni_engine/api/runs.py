"""A training run as both sides see it: the files in its folder, what it says of itself, and what is wished of it.

The trainer is a process of its own, and may outlive the window that started it. So they talk through the run's folder:
events.jsonl is what the trainer says, wishes.json how the person wants it to be, and the lock says whether it lives.
"""

import contextlib
import json
import math
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from sni_engine.api.errors import EngineError
from sni_engine.api.file_lock import FileLock
from sni_engine.api.files import open_file, read_bytes, replace_file
from sni_engine.api.plain import LATER, PlainError, dump_json, load_json, to_plain

T = TypeVar("T")
D = TypeVar("D")

Kind = (
    Literal["started", "setup", "note", "warning", "step", "checkpoint", "sheet"]
    | Literal["paused", "resumed", "stopped", "done", "failed"]
)
"""started: a process has the run; setup: preparations; paused and resumed: as wished; stopped: saved and ended before
the last image; done: trained to the end; failed: ended with a problem. The last three are a process's last words.
"""
LAST_WORDS: tuple[Kind, ...] = ("stopped", "done", "failed")
_STARTING_S = 60.0
_LONGEST_LOG_BYTES = 2 * 2**20  # hours; a first look reads them in a second, and the interval's numbers are elsewhere
_LARGEST_COUNT = 2**53  # what a number in JSON holds exactly everywhere
_LOCK = "run.lock"
_CHANGING = "wishes.lock"
_STEP = b'{"kind": "step"'
_LONGEST_LINE_BYTES = 2000
_MOST_STEPS = 1000  # that are read at once


@dataclass(frozen=True)
class TrainEvent:
    """What a run says of itself. rate in images/s; text is for people.

    at: when it was written down, in seconds since 1970; 0 before that. seconds: how long the run has trained in all.
    memory_bytes: what the process holds, on its GPU if it has one. scores: how good the pictures are (docs/metrics.md).
    hint: what to do about a failure. batch: the smaller batch a run that ran out of memory could go on with.
    """

    kind: Kind
    images_seen: int
    images_total: int
    step: int = 0
    rate: float = 0.0
    losses: dict[str, float] = field(default_factory=dict)
    text: str = ""
    at: float = field(default=0.0, metadata=LATER)
    seconds: float = field(default=0.0, metadata=LATER)
    memory_bytes: int = field(default=0, metadata=LATER)
    scores: dict[str, float] = field(default_factory=dict, metadata=LATER)
    hint: str = field(default="", metadata=LATER)
    batch: int = field(default=0, metadata=LATER)


@dataclass(frozen=True)
class Wishes:
    """How a person wants a run to be; the trainer looks between two steps.

    saves, samples: how often they were asked for, so that asking again is a new number and none is done twice.
    """

    paused: bool = False
    stop: bool = False
    saves: int = 0
    samples: int = 0


@dataclass(frozen=True)
class ProcessInfo:
    """Which process has a run: its number, when it began in seconds since 1970, and what it computes on."""

    pid: int
    began: float
    device: str = ""


@dataclass(frozen=True)
class Stars:
    """At which images the best checkpoints are."""

    images: tuple[int, ...] = ()


@dataclass(frozen=True)
class RunFiles:
    """Names of the things in a run's folder, and the reading and writing of those that both sides share."""

    path: Path

    @property
    def config(self) -> Path:
        """The TrainConfig, as JSON."""
        return self.path / "config.json"

    @property
    def asked(self) -> Path:
        """The TrainConfig that a trainer was last started with, as JSON; it is older than the trainer."""
        return self.path / "asked.json"

    @property
    def checkpoint(self) -> Path:
        """Everything needed to go on."""
        return self.path / "checkpoint.safetensors"

    @property
    def previous(self) -> Path:
        """The checkpoint before that one, for when a disk fails."""
        return self.path / "checkpoint-previous.safetensors"

    @property
    def model(self) -> Path:
        """The model made so far, ready for the editor."""
        return self.path / "model.safetensors"

    @property
    def metrics(self) -> Path:
        """One JSON line per interval."""
        return self.path / "metrics.jsonl"

    @property
    def events(self) -> Path:
        """What the trainer says, one TrainEvent as a JSON line each."""
        return self.path / "events.jsonl"

    @property
    def wishes(self) -> Path:
        """How the person wants the run to be, as JSON."""
        return self.path / "wishes.json"

    @property
    def process(self) -> Path:
        """Which process has, or had, the run, as JSON."""
        return self.path / "process.json"

    @property
    def log(self) -> Path:
        """What the process printed; Python's own words when it crashed."""
        return self.path / "trainer.log"

    @property
    def kept(self) -> Path:
        """The folder of checkpoints kept along the way, to go back to."""
        return self.path / "checkpoints"

    def kept_checkpoint(self, images_seen: int) -> Path:
        """A checkpoint kept along the way."""
        return self.kept / f"{images_seen:08d}.safetensors"

    def list_kept(self) -> tuple[int, ...]:
        """Return at which images checkpoints are kept, in order."""
        return list_numbers(self.kept, ".safetensors")

    def list_sheets(self) -> tuple[int, ...]:
        """Return at which images sample sheets were made, in order."""
        return list_numbers(self.sheet(0).parent, ".png")

    @property
    def stars(self) -> Path:
        """Which kept checkpoints are starred, as JSON."""
        return self.path / "stars.json"

    def sheet(self, images_seen: int) -> Path:
        """A sample sheet."""
        return self.path / "sheets" / f"{images_seen:08d}.png"

    @property
    def lock(self) -> FileLock:
        """What a trainer holds as long as it lives."""
        return FileLock(self.path / _LOCK)

    def is_alive(self) -> bool:
        """Say whether a process has the run now."""
        return self.lock.is_taken()

    def is_starting(self) -> bool:
        """Say whether a trainer was started just now that has not said anything yet: importing torch takes seconds."""
        try:
            asked = self.asked.stat().st_mtime
        except OSError:
            return False
        process = self.read_process()
        is_new = 0 <= time.time() - asked < _STARTING_S and (process is None or process.began < asked)
        return is_new and not self._has_spoken_since(asked)

    def find_refusal(self, asked_ns: int, log_from: int) -> str:
        """Return why a trainer that has ended with trouble never had the run, "" when it had.

        Such a one says so in the log alone. asked_ns: when it was asked for, which is forgotten; log_from: bytes that
        were in the log before it.
        """
        process = self.read_process()
        has_begun = process is not None and process.began >= asked_ns / 1e9
        if has_begun or (not self.is_alive() and self._has_spoken_since(asked_ns / 1e9)):
            return ""
        with contextlib.suppress(OSError):
            if self.asked.stat().st_mtime_ns == asked_ns:
                self.asked.unlink()
        return self._read_last_line(log_from) or "It ended without a word."

    def _read_last_line(self, start: int) -> str:
        with contextlib.suppress(OSError), open_file(self.log) as stream:
            stream.seek(max(start, stream.seek(0, os.SEEK_END) - _LONGEST_LINE_BYTES))
            lines = stream.read().decode(errors="replace").split("\n")
            return next((line.strip() for line in reversed(lines) if line.strip()), "")
        return ""

    def _has_spoken_since(self, moment: float) -> bool:
        with contextlib.suppress(OSError):
            return self.events.stat().st_mtime > moment
        return False

    def refuse_links(self) -> None:
        """Raise EngineError when a file here is a link: what is written to a stranger's run could land anywhere."""
        for folder in (self.path, self.sheet(0).parent, self.kept):
            with contextlib.suppress(OSError), os.scandir(folder) as found:
                for path in [entry.path for entry in found if entry.is_symlink() and not entry.is_dir()]:
                    raise EngineError(f"{path} is a link to another place.", "Put the file itself there.")

    def has_checkpoint(self) -> bool:
        """Say whether there is anything to go on from."""
        return self.checkpoint.exists() or self.previous.exists()

    def read_wishes(self, otherwise: Wishes | None = None) -> Wishes:
        """Return what is wished; nothing, or `otherwise`, where nobody has said so or it cannot be read."""
        return _read(Wishes, self.wishes, otherwise or Wishes())

    def write_wishes(self, wishes: Wishes) -> None:
        """Say how the run should be. Raises EngineError."""
        self.refuse_links()
        with replace_file(self.wishes) as stream:
            stream.write(dump_json(wishes).encode())

    def change_wishes(self, change: Callable[[Wishes], Wishes]) -> None:
        """Say how the run should be, given what is wished already; others may do so, too. Raises EngineError."""
        with self._changing():
            self.write_wishes(change(self.read_wishes()))

    def clear_wishes(self) -> None:
        """Forget what was wished of an earlier process; for whoever starts one, before it is asked for."""
        with contextlib.suppress(OSError):
            self.wishes.unlink(missing_ok=True)

    def clear_old_wishes(self) -> None:
        """Do the same within the new process, but keep what was wished after it was asked for, while it started."""
        with contextlib.suppress(OSError):
            if not self.is_starting() or self.wishes.stat().st_mtime_ns < self.asked.stat().st_mtime_ns:
                self.clear_wishes()

    def read_stars(self) -> tuple[int, ...]:
        """Return the images of the checkpoints that are starred, in order; those always stay."""
        return tuple(sorted(_read(Stars, self.stars, Stars()).images))

    def write_stars(self, images: tuple[int, ...]) -> None:
        """Say which checkpoints are starred. Raises EngineError."""
        self.refuse_links()
        with replace_file(self.stars) as stream:
            stream.write(dump_json(Stars(tuple(sorted(set(images))))).encode())

    def change_stars(self, change: Callable[[frozenset[int]], Iterable[int]]) -> None:
        """Say which checkpoints are starred, given those that are; others may do so, too. Raises EngineError."""
        with self._changing():
            self.write_stars(tuple(change(frozenset(self.read_stars()))))

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Keep other windows and commands from changing wishes or stars between reading and writing."""
        self.refuse_links()
        with FileLock(self.path / _CHANGING).hold() if self.path.is_dir() else contextlib.nullcontext():
            yield

    def read_process(self) -> ProcessInfo | None:
        """Return which process has, or had, the run."""
        return _read(ProcessInfo, self.process, None)

    def write_process(self, info: ProcessInfo) -> None:
        """Say which process has the run. Raises EngineError."""
        with replace_file(self.process) as stream:
            stream.write(dump_json(info).encode())

    def read_note(self) -> TrainEvent | None:
        """Return the last words of a trainer whose folder was moved away under it: they are in the lock it held."""
        with contextlib.suppress(EngineError):
            return next(_read_lines(read_bytes(self.path / _LOCK, limit=2**16)), None)
        return None

    def append_event(self, event: TrainEvent) -> None:
        """Write an event down; a full disk loses it, never the run. The older half goes once the file is long."""
        line = json.dumps(to_plain(event)).encode() + b"\n"
        with contextlib.suppress(OSError):  # of Windows, while somebody reads it
            if self.events.stat().st_size > _LONGEST_LOG_BYTES:
                os.replace(self.events, self.events.with_name("events-previous.jsonl"))
        with contextlib.suppress(OSError), self.events.open("a+b") as stream:
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                line = line if stream.read(1) == b"\n" else b"\n" + line  # half a line of one that was killed
            stream.write(line)


class EventReader:
    """Reads what a run says, from where it last stopped reading."""

    def __init__(self, files: RunFiles) -> None:
        self._path = files.events
        self._at = 0
        self._identity: tuple[int, int] | None = None

    def read(self) -> tuple[TrainEvent, ...]:
        """Return the whole lines that came since; lines that are none are passed over. Never raises.

        Of very many steps at once, as when a long run is first looked at, only some, the newest among them.
        """
        try:
            with open_file(self._path) as stream:
                found = os.fstat(stream.fileno())
                identity = (found.st_dev, found.st_ino)
                if identity != self._identity or found.st_size < self._at:  # a new file has taken its place
                    self._identity, self._at = identity, 0
                self._at = max(self._at, found.st_size - 2 * _LONGEST_LOG_BYTES)  # no trainer of ours writes more
                stream.seek(self._at)
                text = stream.read()
        except OSError:
            return ()
        whole = text[: text.rfind(b"\n") + 1]
        self._at += len(whole)
        return tuple(_read_lines(whole))


def _read_lines(text: bytes) -> Iterator[TrainEvent]:
    for line in _skip_steps(text.splitlines()):
        with contextlib.suppress(PlainError):
            event = load_json(TrainEvent, line)
            counts = (event.images_seen, event.images_total, event.step, event.memory_bytes, event.batch)
            if all(0 <= count <= _LARGEST_COUNT for count in counts):
                yield event


def _skip_steps(lines: list[bytes]) -> list[bytes]:
    """Leave out steps evenly where there are very many: reading one takes a fifth of a millisecond."""
    steps = [place for place, line in enumerate(lines) if line.startswith(_STEP)]
    apart = math.ceil(len(steps) / _MOST_STEPS)
    skipped = set(steps) - set(steps[::-apart]) if apart > 1 else set()
    return [line for place, line in enumerate(lines) if place not in skipped]


def list_numbers(folder: Path, suffix: str) -> tuple[int, ...]:
    """Return the numbers that the files of a folder are named by, in order."""
    with contextlib.suppress(OSError):
        stems = [path.stem for path in folder.glob(f"*{suffix}")]
        numbers = {int(stem) for stem in stems if stem.isdecimal() and len(stem) < 16}
        return tuple(sorted(number for number in numbers if f"{number:08d}" in stems))
    return ()


def _read(kind: type[T], path: Path, otherwise: D) -> T | D:
    try:
        return load_json(kind, read_bytes(path, limit=2**16))
    except (EngineError, PlainError):
        return otherwise
