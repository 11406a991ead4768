"""Applying a recipe to other faces, one after the other, while the person goes on editing."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_desktop.worker.projects import ProjectRead, ProjectWritten, ReadProject, WriteProject
from sni_desktop.worker.tasks import Task
from sni_engine.api.arrays import Array
from sni_engine.api.codec import Project
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Failed, Release, Replay, Replayed, Request
from sni_engine.api.pictures import PictureForm, scale_picture
from sni_engine.api.recipes import Recipe
from sni_engine.api.targets import (
    Target,
    find_start,
    list_targets,
    make_project,
    refuse_other_model,
    refuse_overwriting,
)

_THUMBNAIL_PX = 128  # twice what the dialog shows, for dense screens


@dataclass(frozen=True, eq=False)
class Result:
    """What became of one target: its file and a small picture uint8 [H, W, 3] of it, or why there is none."""

    target: Target
    path: Path | None = None
    thumbnail: Array | None = None
    problem: str = ""


@dataclass(frozen=True, eq=False)
class ReplayState:
    """What a run has come to. is_running: false before the first, after the last, and when it was stopped.

    problem: why it was stopped, when not because somebody said so.
    """

    folder: Path | None = None
    total: int = 0
    results: tuple[Result, ...] = ()
    is_running: bool = False
    was_stopped: bool = False
    problem: str = ""

    @property
    def made(self) -> int:
        """How many faces are on disk."""
        return sum(result.path is not None for result in self.results)


@dataclass(frozen=True, eq=False)
class _Run:
    """What does not change during a run. any_model: a model was named, so that projects of others are welcome; else
    `opened`, the digest of the one that was open, draws all of it.
    """

    recipe: Recipe
    targets: tuple[Target, ...]
    folder: Path
    model: str
    opened: str

    @property
    def any_model(self) -> bool:
        return bool(self.model)


class Replays(QObject):
    """One question at a time, in the lane for asides: an edit of the person's own always goes first."""

    changed = Signal(object)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._run: _Run | None = None
        self.state: ReplayState = ReplayState()
        document.changed.connect(self._follow)

    def start(self, recipe: Recipe, seeds: Sequence[int], paths: Sequence[Path], folder: Path, model: str = "") -> None:
        """Apply a recipe to faces of seeds and of projects; each result becomes a project in `folder`.

        model: a path, when another than the open one is meant. Raises EngineError before anything is done.
        """
        targets = list_targets(seeds, paths)
        if not targets:
            raise EngineError(self.tr("There is no face to apply the edits to."), self.tr("Add seeds or projects."))
        refuse_overwriting((_place(folder, target) for target in targets), self.tr("Choose another folder."))
        self._run = _Run(recipe, targets, folder, model, self._opened)
        self._show(ReplayState(folder, len(targets), is_running=True))
        self._begin_next()

    def stop(self) -> None:
        """Leave out what is not on disk yet."""
        self._end("")

    def _follow(self, _: Snapshot) -> None:
        """Stop when another model would draw the rest, as if one had asked for it."""
        if self._run is not None and not self._run.any_model and self._run.opened != self._opened:
            title = self.tr("Another model was opened, so the edits were not applied to the rest.")
            self._end(f"{title} {self.tr('Name a model here to go on with it.')}")

    @property
    def _opened(self) -> str:
        card = self._document.snapshot.card
        return card.digest if card is not None else ""

    def _end(self, problem: str) -> None:
        if self._run is not None:
            self._forget_run()
            self._show(replace(self.state, is_running=False, was_stopped=True, problem=problem))

    def _forget_run(self) -> None:
        """Be done with it; the model that was named for it need not stay in memory."""
        run, self._run = self._run, None
        if run is not None and run.any_model:
            self._document.requests.ask(lambda ticket: Release(ticket, guest_only=True), lambda _: None, lane="aside")

    # -- one target after the other ----------------------------------------------------------------------------------

    def _begin_next(self) -> None:
        run = self._run
        if run is None:
            return
        if len(self.state.results) == len(run.targets):
            self._forget_run()
            self._show(replace(self.state, is_running=False))
            return
        target = run.targets[len(self.state.results)]
        if target.path is None:
            self._replay(run, target, None)
            return
        path = target.path

        def done(read: ProjectRead) -> None:
            self._check_model(run, target, read.project)

        self._ask(run, target, lambda ticket: ReadProject(ticket, path), done)

    def _check_model(self, run: _Run, target: Target, before: Project) -> None:
        card = self._document.snapshot.card
        try:
            if card is not None and not run.any_model:
                refuse_other_model(target, before.model, card.ref, self.tr("Choose the model to use in the dialog."))
        except EngineError as error:
            self._settle(run, Result(target, problem=str(error)))
            return
        self._replay(run, target, before)

    def _replay(self, run: _Run, target: Target, before: Project | None) -> None:
        start = find_start(target, before)

        def done(answer: Replayed) -> None:
            self._write(run, target, before, answer)

        self._ask(run, target, lambda ticket: Replay(ticket, start, run.recipe.edits, run.model), done)

    def _write(self, run: _Run, target: Target, before: Project | None, answer: Replayed) -> None:
        path, now = _place(run.folder, target), time.time()
        thumbnail = _shrink(answer.picture)  # thousands of pictures in full are gigabytes

        def make() -> Project:
            return make_project(target, before, run.recipe, answer.codes, answer.model, now)

        def done(_: ProjectWritten) -> None:
            self._settle(run, Result(target, path, thumbnail))

        self._ask(run, target, lambda ticket: WriteProject(ticket, make, path), done)

    def _ask(
        self, run: _Run, target: Target, make: Callable[[int], Request | Task], done: Callable[[Any], None]
    ) -> None:
        """Ask, unless the run was stopped meanwhile; a failure is this target's, and the next one's turn comes."""
        if self._run is not run:
            return

        def failed(event: Failed) -> None:
            self._settle(run, Result(target, problem=f"{event.title} {event.hint}".strip()))

        self._document.requests.ask(make, done, failed, lane="aside")

    def _settle(self, run: _Run, result: Result) -> None:
        if self._run is run:
            self._show(replace(self.state, results=(*self.state.results, result)))
            self._begin_next()

    def draw_seeds(self, count: int) -> tuple[int, ...]:
        """Return seeds that nobody has used."""
        return tuple(self._document.new_seed() for _ in range(count))

    def _show(self, state: ReplayState) -> None:
        self.state = state
        self.changed.emit(state)


def _shrink(picture: Array) -> Array:
    return scale_picture(picture, PictureForm(min(picture.shape[1], _THUMBNAIL_PX)))


def _place(folder: Path, target: Target) -> Path:
    return folder / f"{target.name}.sni"
