"""A face made with a model that is not here, made again with the open one: its edits, from the seed or the codes."""

import time
from dataclasses import replace

from PySide6.QtCore import QObject

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice
from sni_engine.api.codec import Project
from sni_engine.api.codes import Codes
from sni_engine.api.history import Node, start_history
from sni_engine.api.messages import Failed, Replay, Replayed
from sni_engine.api.models import ModelCard, ModelRef
from sni_engine.api.recipes import Step, apply_to
from sni_engine.api.selection import Selection, select_none


class ReplayHere(QObject):
    """What comes of it is a face of its own: the file, and the face on screen before, stay as they are."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document

    @property
    def project(self) -> Project | None:
        """The project that is meant: one that could not be opened, else the one on screen; None when it needs none."""
        now = self._document.snapshot
        if now.unopened is not None:
            return now.unopened.project
        return self._document.project if now.is_foreign else None

    def replay(self) -> None:
        """Make the edits on the way to the current step again, and show what they make."""
        project, card = self.project, self._document.snapshot.card
        if project is None or card is None:
            return
        first, steps = _trace(project)
        fits = first.codes.fits(card.grid)
        if not fits and first.seed is None:
            title = self.tr("{model} cannot make this face: its codes have other lengths, and no seed is known.")
            self._document.tell(Notice("error", title.replace("{model}", card.name)))
            return
        self._ask(project, first, steps, card, fits)

    def _ask(self, project: Project, first: Node, steps: tuple[Step, ...], card: ModelCard, fits: bool) -> None:
        seed = first.seed
        if not steps:
            if fits:
                self._take(project, first, (first.codes,), card.ref, steps)
            else:
                self._document.new_face(seed)
            return
        start = first.codes if fits or seed is None else seed
        edits = tuple(step.edit for step in steps)

        def failed(event: Failed) -> None:
            self._document.tell(Notice.of(event))

        def done(answer: Replayed) -> None:
            self._take(project, first, answer.codes, answer.model, steps)

        self._document.requests.ask(lambda ticket: Replay(ticket, start, edits), done, failed)

    def _take(
        self, project: Project, first: Node, codes: tuple[Codes, ...], model: ModelRef, steps: tuple[Step, ...]
    ) -> None:
        """Show the face; its first codes are a value of their own, so that nobody takes it for the face before."""
        now = time.time()
        history = start_history(replace(codes[0]), first.seed, now)
        history = apply_to(history, steps, codes[1:], now)
        selection = self._find_selection(project, steps)
        self._document.recover(Project(model, history, selection), None)
        title = self.tr("Made again with {model}, as a face of its own.").replace("{model}", model.name)
        self._document.tell(Notice("info", title, self.tr("The file it came from is unchanged.")))

    def _find_selection(self, project: Project, steps: tuple[Step, ...]) -> Selection:
        card = self._document.snapshot.card
        assert card is not None
        if project.selection.cells.shape == (card.grid.rows, card.grid.columns):
            return project.selection
        return steps[-1].edit.selection if steps else select_none(card.grid)


def _trace(project: Project) -> tuple[Node, tuple[Step, ...]]:
    """Return the face that the current step grew from, and the edits on the way."""
    path = project.history.path()
    first = max(index for index, node in enumerate(path) if node.edit is None)
    steps = tuple(Step(node.edit, node.label) for node in path[first + 1 :] if node.edit is not None)
    return path[first], steps
