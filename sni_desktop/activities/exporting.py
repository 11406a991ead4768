"""Writes pictures, contact sheets and sequences while the person goes on editing."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from sni_desktop.activities.batches import AT_ONCE, Batches
from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot
from sni_desktop.worker.tasks import Done, Fetch
from sni_desktop.worker.writing import DropReel, Reel, WeighFile, WriteFile, WriteFrames, Written
from sni_engine.api.animations import Animation
from sni_engine.api.arrays import Array
from sni_engine.api.codec import Project, encode_project
from sni_engine.api.codes import Codes
from sni_engine.api.errors import EngineError
from sni_engine.api.history import Node
from sni_engine.api.messages import Draw, DrawMany, Drawn, Failed, Request
from sni_engine.api.pictures import PictureForm, choose_format, encode_picture, write_picture
from sni_engine.api.sequences import Frame, Timing, check_amount, plan_frames
from sni_engine.api.sheets import SheetForm, describe_nodes, draw_sheet, scale_cell


@dataclass(frozen=True, eq=False)
class _Job:
    """A sequence under way. model: the digest of the one that draws all of it; reel: None until it is planned."""

    path: Path
    model: str
    reel: Reel | None = None
    plan: Sequence[Frame] = ()

    def close(self) -> None:
        """Take away what was written of it."""
        if self.reel is not None:
            self.reel.close()


class Exporting(QObject):
    """Asks for what is not drawn yet, then writes on the engine's thread; Cancel stops it and leaves nothing behind."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._job: _Job | None = None
        self._errands: list[Path] = []  # pictures and sheets under way
        self._is_stopping = False
        document.requests.stopping.connect(self._note_stop)
        document.changed.connect(self._follow)

    @property
    def running(self) -> Path | None:
        """The sequence that is being written."""
        return self._job.path if self._job else None

    @property
    def unfinished(self) -> tuple[Path, ...]:
        """All that was asked for and is not on the disk yet."""
        return (*self._errands, *([self._job.path] if self._job else []))

    def is_project(self, path: Path) -> bool:
        """Say whether this is the open project's own file."""
        own = self._document.file
        if own is None:
            return False
        with contextlib.suppress(OSError):  # one of them is not there
            return own.samefile(path)
        return own.absolute() == path.absolute()

    def refuse_project(self, path: Path) -> None:
        """Raise EngineError for the open project's own file: a bare picture there would be the end of the project."""
        if self.is_project(path):
            title = self.tr("{name} is the open project itself.").replace("{name}", path.name)
            raise EngineError(title, self.tr("Choose another name; Save writes the project."))

    def write_picture(self, path: Path, form: PictureForm, state: bool) -> None:
        """Write the current step's picture; state: with the project in it, where the format can hold one."""
        project = self._document.project
        if project is None or not self._may_replace(path):
            return
        kept = project if state else None
        self._errands.append(path)

        def write(picture: Array) -> None:
            self._write(path, lambda: write_picture(path, picture, form, _pack(kept)))

        node, picture = project.history.current, self._document.picture_of(project.history.current_id)
        if picture is not None:
            write(picture)
        else:
            self._draw(path, lambda ticket: Draw(ticket, node.codes), lambda done: write(done.picture))

    def weigh_picture(self, suffix: str, form: PictureForm, state: bool, tell: Callable[[int], None]) -> None:
        """Tell how many bytes the current step's picture would have as a file, when there is time to find out."""
        project = self._document.project
        picture = None if project is None else self._document.picture_of(project.history.current_id)
        if picture is None:
            return
        kept = project if state else None
        format = choose_format(Path(f"picture{suffix}"))
        self._document.requests.ask(
            lambda ticket: WeighFile(ticket, lambda: encode_picture(picture, format, form, _pack(kept))),
            lambda done: tell(done.size),
            lane="aside",
        )

    def write_sheet(self, path: Path, nodes: Sequence[Node], sheet: SheetForm, form: PictureForm, state: bool) -> None:
        """Write steps side by side; form: how the whole sheet is packed, at its own size."""
        if not self._may_replace(path):
            return
        kept = self._document.project if state else None
        self._errands.append(path)

        cells: list[Array] = []
        model = self._model

        def take(batches: Batches, drawn: Drawn) -> None:
            def keep(done: Done) -> None:
                cells.extend(done.value)
                batches.go_on()

            # as small as they will be: a thousand whole pictures are gigabytes
            self._document.requests.ask(
                lambda ticket: Fetch(ticket, lambda: [scale_cell(picture, sheet) for picture in drawn.pictures]),
                keep,
                batches.fail,
                lane="file",
                stopped=batches.go_on,
            )

        def draw() -> None:
            picture = draw_sheet(cells, describe_nodes(nodes), sheet)
            write_picture(path, picture, PictureForm(quality=form.quality), _pack(kept), one_face=False)

        codes = [node.codes for node in nodes]
        Batches(
            self._document,
            codes,
            take,
            lambda: self._write(path, draw),
            lambda event: self._miss(path, event),
            lambda: self._drop(path, model),
        ).go_on()

    def write_sequence(
        self, path: Path, stops: Sequence[Codes], timing: Timing, form: PictureForm, state: bool
    ) -> bool:
        """Write the way along `stops`; says whether it was begun. One sequence at a time."""
        if self._job is not None:
            title = self.tr("{name} is still being written.").replace("{name}", self._job.path.name)
            self._document.tell(Notice("error", title, self.tr("Wait for it, or cancel it.")))
            return False
        if not self._may_replace(path):
            return False
        try:
            card = self._document.snapshot.card
            check_amount(timing, form.size_px or (card.resolution_px if card is not None else 1))
        except EngineError as error:
            self._document.tell(Notice.of(error))
            return False
        kept, job = self._document.project if state else None, _Job(path, self._model)
        self._job, self._is_stopping = job, False

        def prepare() -> _Job:
            plan = plan_frames(stops, timing)
            return replace(job, plan=plan, reel=Reel(path, Animation(len(plan), timing.fps, form, _pack(kept))))

        self._document.requests.ask(
            lambda ticket: Fetch(ticket, prepare),
            lambda done: self._begin(job, done.value),
            self._fail,
            lane="file",
            stopped=self._stop,
        )
        return True

    def close(self) -> None:
        """Give up what is not finished, as when the program ends; the engine's thread takes away what is left of it."""
        if self.unfinished:
            self._document.requests.cancel()
        self._errands.clear()
        if self._job is not None:
            job, self._job = self._job, None
            reel = job.reel
            if reel is not None:
                self._document.requests.ask(lambda ticket: DropReel(ticket, reel), lambda _: None)

    # -- what follows ------------------------------------------------------------------------------------------------

    def _may_replace(self, path: Path) -> bool:
        try:
            self.refuse_project(path)
        except EngineError as error:
            self._document.tell(Notice.of(error))
            return False
        return True

    def _draw(self, path: Path, make: Callable[[int], Request], act: Callable[[Any], None]) -> None:
        """Have drawn what `path` is to hold, by the model that is open now and by no other."""
        model = self._model

        def done(answer: Any) -> None:
            if self._model == model:
                act(answer)
            else:
                self._drop(path, model)

        self._document.requests.ask(
            make, done, lambda event: self._miss(path, event), stopped=lambda: self._drop(path, model)
        )

    def _miss(self, path: Path, event: Failed) -> None:
        self._end(path)
        self._document.tell(Notice.of(event))

    def _drop(self, path: Path, model: str) -> None:
        self._end(path)
        self._tell_dropped(path, model)

    def _end(self, path: Path) -> None:
        if path in self._errands:  # else the program has ended meanwhile
            self._errands.remove(path)

    def _write(self, path: Path, write: Callable[[], object]) -> None:
        def written(done: Written) -> None:
            self._end(path)
            self._tell_written(done)

        model = self._model
        self._document.requests.ask(
            lambda ticket: WriteFile(ticket, path, write),
            written,
            lambda event: self._miss(path, event),
            stopped=lambda: self._drop(path, model),
        )

    def _begin(self, job: _Job, planned: _Job) -> None:
        if self._job is job:
            self._job = planned
            self._go_on(planned, 0)

    def _draw_next(self, job: _Job, start: int) -> None:
        some = job.plan[start : start + AT_ONCE]
        self._document.requests.ask(
            lambda ticket: DrawMany(ticket, tuple(frame.codes for frame in some)),
            lambda done: self._write_next(job, start, done),
            self._fail,
            stopped=self._stop,
            span=None,
        )

    def _write_next(self, job: _Job, start: int, done: Drawn) -> None:
        if self._job is not job or self._is_stopping:
            self._stop()
            return
        assert job.reel is not None
        reel, end = job.reel, start + len(done.codes)
        last = end == len(job.plan)
        pictures = list(zip(done.pictures, (frame.count for frame in job.plan[start:end]), strict=True))
        self._document.requests.ask(
            lambda ticket: WriteFrames(ticket, reel, pictures, len(job.plan), last),
            self._finish if last else lambda _: self._go_on(job, end),
            self._fail,
            stopped=self._stop,
        )

    def _go_on(self, job: _Job, start: int) -> None:
        if self._job is not job or self._is_stopping:
            self._stop()
        else:
            self._draw_next(job, start)

    def _finish(self, done: Written) -> None:
        self._job = None
        self._tell_written(done)

    def _note_stop(self) -> None:
        self._is_stopping = self._job is not None

    def _follow(self, _: Snapshot) -> None:
        """Stop a sequence when another model would draw the rest of it."""
        if self._job is not None and self._job.model != self._model:
            self._is_stopping = True

    def _stop(self) -> None:
        if self._job is not None:
            job, self._job = self._job, None
            job.close()
            self._tell_dropped(job.path, job.model)

    def _fail(self, event: Failed) -> None:
        if self._job is not None and self._job.model != self._model:
            self._stop()
            return
        if self._job is not None:
            job, self._job = self._job, None
            job.close()
        self._document.tell(Notice.of(event))

    @property
    def _model(self) -> str:
        card = self._document.snapshot.card
        return card.digest if card is not None else ""

    def _tell_dropped(self, path: Path, model: str) -> None:
        title = self.tr("{name} was not written.").replace("{name}", path.name)
        if model == self._model:
            self._document.tell(Notice("info", title, self.tr("Nothing of it is left on the disk.")))
        else:
            hint = self.tr("Another model was opened meanwhile, which draws other pictures. Export it again.")
            self._document.tell(Notice("error", title, hint))

    def _tell_written(self, done: Written) -> None:
        self._document.tell(Notice("info", self.tr("{name} is written.").replace("{name}", done.path.name)))


def _pack(project: Project | None) -> bytes | None:
    return None if project is None else encode_project(project)
