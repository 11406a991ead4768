"""Watching a run from outside: what it has come to, and its numbers over time, read from its folder alone."""

import contextlib
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sni_engine.api.errors import EngineError
from sni_engine.api.files import read_bytes
from sni_engine.api.plain import PlainError, load_json
from sni_engine.api.rolled_back import find_put_aside
from sni_engine.api.run_disk import RunDisk, look_at_disk
from sni_engine.api.runs import LAST_WORDS, EventReader, RunFiles, TrainEvent
from sni_engine.api.training import TrainConfig

State = Literal["missing", "empty", "preparing", "training", "paused", "stopped", "done", "failed", "killed"]
"""missing: the folder is not there. empty: it holds no run. stopped: saved before its end. killed: its process ended
without a last word, so that it goes on from its last checkpoint.
"""
_ENDED: dict[str, State] = {"stopped": "stopped", "done": "done", "failed": "failed"}
WARNING = "Warning: "
"""What a line for people begins with when it warns."""
_MOST_POINTS = 2000


@dataclass(frozen=True)
class Point:
    """A run's numbers at one moment."""

    images_seen: int
    losses: dict[str, float]
    scores: dict[str, float]
    rate: float = 0.0


@dataclass(frozen=True)
class RunNow:
    """What a run has come to. last: its newest numbers. text, hint, batch: of its newest word (TrainEvent).

    points: its numbers over time, in order of images, at most 2000. words: its newest lines for people.
    sheets: images at which sample sheets were made. kept: images at which whole checkpoints are kept.
    starred: those that the person likes best, which always stay. put_aside: at how many images it would be again if
    its last roll back were undone; 0 where there is nothing to bring back. disk: what lies in its folder.
    """

    path: Path
    state: State
    config: TrainConfig | None = None
    last: TrainEvent | None = None
    text: str = ""
    hint: str = ""
    batch: int = 0
    device: str = ""
    points: tuple[Point, ...] = ()
    words: tuple[str, ...] = ()
    sheets: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    starred: tuple[int, ...] = ()
    put_aside: int = 0
    disk: RunDisk = field(default_factory=RunDisk)

    @property
    def is_alive(self) -> bool:
        """Whether a process has it."""
        return self.state in ("preparing", "training", "paused")

    @property
    def fraction(self) -> float:
        """How much of it is done, 0 to 1: of the preparations while it prepares. A last step may go too far."""
        return min(1.0, self.last.images_seen / max(1, self.last.images_total)) if self.last else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at the present rate; None where that is not known."""
        if self.last is None or self.last.rate <= 0 or self.state not in ("preparing", "training", "paused"):
            return None
        return max(0, self.last.images_total - self.last.images_seen) / self.last.rate


class RunWatch:
    """Looks at a run's folder again and again; each look reads only what came since."""

    def __init__(self, path: Path) -> None:
        self._files = RunFiles(path)
        self._reader = EventReader(self._files)
        self._points: dict[int, Point] = {}
        self._aside: dict[int, Point] = {}  # of what was rolled back, until the run goes on
        self._words: list[str] = []
        self._furthest = 0  # images of the newest point
        self._phase: State = "training"  # of a process that lives
        self._is_paused = False
        self._last: TrainEvent | None = None  # the newest with numbers
        self._newest: TrainEvent | None = None
        self._config: TrainConfig | None = None
        self._began = 0.0

    def look(self) -> RunNow:
        """Return what the run has come to. Never raises."""
        files = self._files
        if not files.path.is_dir():
            return RunNow(files.path, "missing", self._config, self._last)
        is_alive = files.is_alive()  # before its words are read: a process that has just ended has said its last ones
        is_starting = not is_alive and files.is_starting()
        process = files.read_process()
        if process is not None and process.began != self._began:
            self._began = process.began
            self._start_over()
        events = self._reader.read()
        for event in events:
            self._take(event)
        if any(event.kind in ("started", "stopped") for event in events):  # it may have gone back, or forward again
            self._config = self._read_config()
            self._take_metrics()
        if self._config is None:
            self._config = self._read_config()
        if not is_alive and not is_starting:
            self._take_note()
        newest, sheets = None if is_starting else self._newest, files.list_sheets()
        return RunNow(
            files.path,
            "preparing" if is_starting else self._judge(is_alive),
            self._config,
            None if is_starting else self._last,
            newest.text if newest else "",
            newest.hint if newest else "",
            newest.batch if newest else 0,
            process.device if process else "",
            tuple(sorted(self._points.values(), key=lambda point: point.images_seen)),
            tuple(self._words),
            sheets,
            files.list_kept(),
            files.read_stars(),
            0 if is_alive or is_starting else find_put_aside(files),
            look_at_disk(files, max(sheets, default=0)),
        )

    def _start_over(self) -> None:
        """Take in how a new process was begun; what it forgets of the one before, its first word says."""
        self._config = self._read_config()
        self._take_metrics()

    def _take_note(self) -> None:
        """Hear the last words of a process that could not say them in its folder."""
        if self._newest is not None and self._newest.kind not in LAST_WORDS:
            note = self._files.read_note()
            if note is not None and note.kind in LAST_WORDS and 0 < self._began <= note.at:
                self._take(note)

    def _take_metrics(self) -> None:
        for point in read_metrics(self._files.metrics):
            self._add(point)
        self._points = thin(self._points)

    def _take(self, event: TrainEvent) -> None:
        if event.kind in ("started", "stopped", "step", "checkpoint"):
            self._cut(event)
        self._take_phase(event)
        if event.kind in ("step", "checkpoint", "setup", "done", "stopped", "paused", "resumed"):
            self._last = event
        if event.losses and event.kind in ("step", "checkpoint"):
            self._add(Point(event.images_seen, event.losses, event.scores, event.rate))
            self._points = thin(self._points)
        if event.text and event.kind not in ("setup", "sheet", "checkpoint"):
            line = WARNING + event.text if event.kind == "warning" else event.text
            self._words = [*self._words[-199:], line]
        self._newest = event

    def _cut(self, event: TrainEvent) -> None:
        """Forget what is later than where the run stands now; what a roll back takes away may come back."""
        if event.kind in ("step", "checkpoint"):
            self._aside = {}
        if event.images_seen < self._furthest:
            later = {images: point for images, point in self._points.items() if images > event.images_seen}
            self._points = {images: point for images, point in self._points.items() if images not in later}
            self._furthest = max(self._points, default=0)
            self._aside = {**self._aside, **later} if event.kind == "stopped" else {}
        elif event.kind == "stopped":
            for images in [images for images in self._aside if images <= event.images_seen]:
                self._add(self._aside.pop(images))

    def _take_phase(self, event: TrainEvent) -> None:
        if event.kind in ("started", "setup", *LAST_WORDS):
            self._phase = "preparing"
        elif event.kind in ("step", "checkpoint"):
            self._phase = "training"
        if event.kind not in ("checkpoint", "sheet", "note", "warning"):  # these come during a pause, too
            self._is_paused = event.kind == "paused"

    def _add(self, point: Point) -> None:
        self._furthest = max(self._furthest, point.images_seen)
        known = self._points.get(point.images_seen)
        if known is None or point.scores or not known.scores:
            self._points[point.images_seen] = point

    def _judge(self, is_alive: bool) -> State:
        newest = self._newest
        if newest is None:
            return "preparing" if is_alive else ("empty" if self._config is None else "killed")
        has_ended = newest.kind in LAST_WORDS and 0 < self._began <= newest.at  # the lock goes a moment later
        if not is_alive or has_ended:
            return _ENDED.get(newest.kind, "killed")
        return "paused" if self._is_paused else self._phase

    def _read_config(self) -> TrainConfig | None:
        try:
            return load_json(TrainConfig, read_bytes(self._files.config, limit=2**20))
        except (EngineError, PlainError):
            return None


def read_metrics(path: Path) -> list[Point]:
    """Return the numbers that a run keeps of each interval; lines that are none are passed over."""
    points = []
    with contextlib.suppress(EngineError):
        for line in read_bytes(path, limit=2**26).splitlines():
            with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
                points.append(_make_point(json.loads(line)))
    return points


def _make_point(line: dict[str, Any]) -> Point:
    numbers = {name: float(number) for name, number in line.items() if math.isfinite(number) and abs(number) < 2**53}
    scores = {name[6:]: number for name, number in numbers.items() if name.startswith("score_")}
    rest = {"images", "step", "rate", *(f"score_{name}" for name in scores)}
    losses = {name: number for name, number in numbers.items() if name not in rest}
    return Point(int(numbers["images"]), losses, scores, numbers.get("rate", 0.0))


def thin(points: dict[int, Point]) -> dict[int, Point]:
    """Return at most 2000 points: every second one as long as there are more, those with a score last."""
    while len(points) > _MOST_POINTS:
        is_full = sum(bool(point.scores) for point in points.values()) > _MOST_POINTS // 2
        places = enumerate(points.items())
        points = {at: point for place, (at, point) in places if place % 2 or (point.scores and not is_full)}
    return points
