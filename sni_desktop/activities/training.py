"""Training runs: begun, watched, paused, taken up again; each in a process that may outlive the window."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Release
from sni_engine.api.run_list import add_run, list_runs, remove_run, replace_run
from sni_engine.api.run_watch import RunNow
from sni_engine.api.runs import RunFiles, Wishes
from sni_engine.api.train_requests import RollBack, RolledBack, TakeModel
from sni_engine.api.training import TrainConfig

_HEED_EVERY_MS = 500


class KeeperLike(Protocol):
    """What is needed of the thread that looks at runs."""

    looked: SignalInstance
    failed: SignalInstance

    def watch(self, paths: tuple[Path, ...]) -> None:
        """Look at these folders from now on."""

    def do(self, job: Callable[[], object]) -> None:
        """Do something to a run's folder, then look."""

    def close(self) -> None:
        """Do what was asked for, then look no more."""


class EndedLike(Protocol):
    """A trainer that has ended with trouble."""

    @property
    def path(self) -> Path:
        """The folder of its run."""

    def find_refusal(self) -> str:
        """Return why it never had its run, "" when it had. Reads files."""


class TrainersLike(Protocol):
    """What is needed to start trainers."""

    @property
    def are_left(self) -> bool:
        """Whether any that was started here has not ended yet."""

    def start(self, config: TrainConfig, path: Path, resume: bool = False, minutes: float = math.inf) -> None:
        """Start one. Raises EngineError."""

    def reap(self) -> Sequence[EndedLike]:
        """Let the system forget those that have ended; return those that ended with trouble."""


@dataclass(frozen=True)
class TrainingNow:
    """The known runs, the one begun last first, and which of them is shown."""

    runs: tuple[RunNow, ...] = ()
    shown: Path | None = None

    @property
    def run(self) -> RunNow | None:
        """The run that is shown."""
        return self.of(self.shown)

    @property
    def alive(self) -> tuple[RunNow, ...]:
        """Those that a process has now."""
        return tuple(run for run in self.runs if run.is_alive)

    def of(self, path: Path | None) -> RunNow | None:
        """Return what is known of a run."""
        return next((run for run in self.runs if run.path == path), None)


class Training(QObject):
    """All methods are cheap and never wait; what they ask for is seen in `now` a moment later."""

    changed = Signal(object)  # TrainingNow
    ended = Signal(object)  # RunNow: done, or failed, or killed, while we looked
    closing = Signal()  # the program ends
    _begun = Signal()  # a trainer was started, on the keeper's thread
    star_refused = Signal()  # it could not be written
    model_wanted = Signal(object, int)  # the path of a run whose model is to be opened; images, 0 for the newest

    def __init__(self, document: Document, keeper: KeeperLike, trainers: TrainersLike) -> None:
        super().__init__(document)
        self._document = document
        self._keeper = keeper
        self._trainers = trainers
        self.now: TrainingNow = TrainingNow()
        keeper.looked.connect(self._take)
        keeper.failed.connect(self._fail)
        self._ear = QTimer(self, interval=_HEED_EVERY_MS)
        self._ear.timeout.connect(self._heed)
        self._begun.connect(self._ear.start)
        self._starting: dict[Path, RunNow] = {}
        self._refused: set[Path] = set()  # runs that were asked for and could not be begun
        self._postponed: dict[Path, list[Callable[[], object]]] = {}  # until the editor has given up its graphics card

    def begin(self) -> None:
        """Look for the runs there are, anew each time; before that, and until one is begun, nothing is read."""
        self._look()

    def close(self) -> None:
        """Do what was asked for, then look no more; the trainers go on."""
        self.closing.emit()
        self._ear.stop()
        for path in tuple(self._postponed):  # the card is free as soon as the program has ended
            self._take_place(path)
        self._keeper.close()

    def start(self, config: TrainConfig, path: Path, hours: float = math.inf) -> None:
        """Begin a run in a folder and show it."""
        self._play(config, Path(path).absolute(), False, hours)

    def resume(self, path: Path, batch: int = 0, images: int = 0) -> None:
        """Go on with a run from its last checkpoint.

        batch: another than before, for one that ran out of memory. images: how many in all, for one that is done.
        """
        run = self.now.of(path)
        if run is not None and run.config is not None and not run.is_alive:
            old = run.config  # api.training: what MAY_MEND and MAY_CHANGE name may be another
            config = replace(old, batch=batch or old.batch, images=images or old.images)
            self._play(config, path, True, math.inf)

    def show(self, path: Path | None) -> None:
        """Choose the run that is shown, or none."""
        self._set(replace(self.now, shown=path))

    def pause(self, path: Path) -> None:
        """Let a run save and rest; it keeps its memory."""
        self._wish(path, lambda wishes: replace(wishes, paused=True))

    def go_on(self, path: Path) -> None:
        """End a pause."""
        self._wish(path, lambda wishes: replace(wishes, paused=False))

    def stop(self, path: Path) -> None:
        """Let a run save and end; it can be taken up again. One that waits for its turn does not begin."""
        if self._postponed.pop(path, None) is not None:
            self._starting.pop(path, None)
            self._set(replace(self.now, runs=tuple(run for run in self.now.runs if run.path != path)))
            self._look()
            return
        self._wish(path, lambda wishes: replace(wishes, stop=True))

    def save_now(self, path: Path) -> None:
        """Let a run save between two intervals."""
        self._wish(path, lambda wishes: replace(wishes, saves=wishes.saves + 1))

    def sample_now(self, path: Path) -> None:
        """Let a run draw its sample sheet now."""
        self._wish(path, lambda wishes: replace(wishes, samples=wishes.samples + 1))

    def star(self, path: Path, images: int, is_on: bool) -> None:
        """Star a moment of a run, so that its checkpoint stays; or take the star away."""
        files = RunFiles(path)

        def write() -> None:
            try:
                files.change_stars(lambda stars: stars | {images} if is_on else stars - {images})
            except EngineError:
                self.star_refused.emit()
                raise

        self._keeper.do(write)

    def roll_back(self, path: Path, images: int) -> None:
        """Let a run go on from an earlier checkpoint; 0 images undo that."""

        def tell(event: RolledBack) -> None:
            title = self.tr("{name} goes on from {images} images.")
            title = title.replace("{name}", path.name).replace("{images}", str(event.images))
            self._document.tell(Notice("info", title, self.tr("Resume it when you like.")))
            self._look()

        self._document.requests.ask(lambda ticket: RollBack(ticket, path, images), tell, lane="aside")

    def take_model(self, path: Path, images: int, done: Callable[[Path], None]) -> None:
        """Make a model of a kept checkpoint, or take the newest one for 0 images; done: is given its file."""
        if not images:
            done(RunFiles(path).model)
            return
        self._document.requests.ask(
            lambda ticket: TakeModel(ticket, path, images), lambda event: done(event.path), lane="aside"
        )

    def add(self, path: Path) -> None:
        """Put a run that was begun elsewhere on the list and show it."""
        path = Path(path).absolute()
        if not RunFiles(path).config.exists():
            title = self.tr("There is no training run in {folder}.").replace("{folder}", str(path))
            self._document.tell(Notice("error", title, self.tr("Choose the folder that was named when it began.")))
            return
        self._keeper.do(partial(add_run, path))
        self._look()
        self.show(path)

    def remove(self, path: Path) -> None:
        """Take a run off the list; its folder stays as it is."""
        self._keeper.do(partial(remove_run, path))
        self._look()

    def locate(self, old: Path, new: Path) -> None:
        """Say where a run's folder has moved to."""
        self._keeper.do(partial(replace_run, old, Path(new).absolute()))
        self._look()
        self.show(Path(new).absolute())

    def _play(self, config: TrainConfig, path: Path, resume: bool, hours: float) -> None:
        """Let the editor give up its graphics card first: what is drawn next takes it back."""

        def begin() -> None:
            try:
                self._trainers.start(config, path, resume, hours * 60)
            except EngineError:
                self._refused.add(path)
                raise
            self._begun.emit()
            add_run(path)
            self._keeper.watch(list_runs())

        def take_place(_: object = None) -> None:
            self._take_place(path)

        self._starting = {**self._starting, path: RunNow(path, "preparing", config)}
        self._postponed[path] = [begin]
        self._set(TrainingNow(self._add_starting(self.now.runs), path))
        if config.device == "cpu":
            take_place()
        else:
            self._document.requests.ask(Release, take_place, take_place, stopped=take_place)

    def _take_place(self, path: Path) -> None:
        """Begin a run that was asked for, and pass on what was wished of it since."""
        for job in self._postponed.pop(path, ()):
            self._keeper.do(job)

    def _add_starting(self, seen: tuple[RunNow, ...]) -> tuple[RunNow, ...]:
        """Return runs with those on top that were asked for and are not there yet."""
        known = {run.path for run in seen if run.is_alive or (run.path in self._starting and run.state == "failed")}
        self._starting = {path: run for path, run in self._starting.items() if path not in known}
        return (*self._starting.values(), *(run for run in seen if run.path not in self._starting))

    def _fail(self, title: str, hint: str) -> None:
        refused, self._refused = self._refused, set()
        self._set(replace(self.now, runs=tuple(run for run in self.now.runs if run.path not in refused)))
        self._starting = {path: run for path, run in self._starting.items() if path not in refused}
        self._document.tell(Notice("error", title, hint))

    def _heed(self) -> None:
        """Hear of trainers that have ended: one that was refused its run says so in a log, and nowhere else."""
        for ended in self._trainers.reap():
            self._keeper.do(partial(self._tell_refusal, ended))
        if not self._trainers.are_left:
            self._ear.stop()

    def _tell_refusal(self, ended: EndedLike) -> None:
        reason = ended.find_refusal()
        if reason:
            self._refused.add(ended.path)
            raise EngineError(self.tr("{name} could not begin.").replace("{name}", ended.path.name), reason)

    def _wish(self, path: Path, change: Callable[[Wishes], Wishes]) -> None:
        files = RunFiles(path)
        wish = partial(files.change_wishes, change)
        if path in self._postponed:
            self._postponed[path].append(wish)
        else:
            self._keeper.do(wish)

    def _look(self) -> None:
        """Have the list read again, there where disks may be slow, and all on it watched."""
        self._keeper.do(lambda: self._keeper.watch(list_runs()))

    def _take(self, seen: tuple[RunNow, ...]) -> None:
        before = self.now
        seen = self._add_starting(seen)
        self._set(replace(before, runs=seen))
        for run in seen:
            was = before.of(run.path)
            if was is not None and was.is_alive and not run.is_alive:
                self.ended.emit(run)

    def _set(self, now: TrainingNow) -> None:
        if now != self.now:
            self.now = now
            self.changed.emit(now)
