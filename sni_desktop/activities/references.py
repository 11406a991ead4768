"""Faces to blend toward and to paint from: the one in use, those used lately, and seeds dealt to choose from.

They last as long as the program runs; a step that used one keeps its codes, so that nothing of a project is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot
from sni_desktop.words import fill, name_seed, number_step
from sni_desktop.worker.projects import ProjectRead, ReadProject
from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes
from sni_engine.api.messages import Draw, Failed, Finished, NewFace, Request

SHELF = 12  # references remembered
DEALT = 6  # seeds in a deal
_TRIES = 3  # how often a picture is asked for that does not come


@dataclass(frozen=True, eq=False)
class Reference:
    """Codes to move toward or to copy, where they are from in words, and their picture uint8 [H, W, 3] once drawn.

    For a step, root holds the codes of its history's first one, and step what it is called there.
    """

    codes: Codes
    label: str
    picture: Array | None = None
    root: Codes | None = None
    step: str = ""


@dataclass(frozen=True, eq=False)
class Deal:
    """A seed offered as a reference; its face is None until it is drawn."""

    seed: int
    face: Reference | None = None


@dataclass(frozen=True, eq=False)
class ReferenceState:
    """What panels show. shelf: the newest first, the one in use among them."""

    current: Reference | None = None
    shelf: tuple[Reference, ...] = ()
    deals: tuple[Deal, ...] = ()


class References(QObject):
    """Pictures are drawn on the side, and again when another model is opened; what does not fit its grid is hidden."""

    changed = Signal(object)  # ReferenceState

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._all: tuple[Reference, ...] = ()
        self._state = ReferenceState()
        self._files = 0  # how often one was chosen
        self._awaited: dict[str, int] = {}  # what was asked for, and under which ticket
        self._tries: dict[str, int] = {}
        self._root: Codes | None = None
        card = document.snapshot.card
        self._card_digest = "" if card is None else card.digest
        document.changed.connect(self._follow)
        document.requests.rested.connect(self._ask_missing)

    @property
    def state(self) -> ReferenceState:
        """What is there now."""
        return self._state

    # -- choosing one ------------------------------------------------------------------------------------------------

    def take(self, codes: Codes, label: str, picture: Array | None = None, root: Codes | None = None) -> None:
        """Use codes as the reference. Those of another grid are refused in a sentence. root: as of Reference."""
        card = self._document.snapshot.card
        if card is not None and not codes.fits(card.grid):
            title = self.tr("{name} was made with another grid of codes.").replace("{name}", label)
            self._document.tell(Notice("error", title, self.tr("Choose a face that was made with this model.")))
            return
        known = next((item for item in self._all if item.codes == codes), None)
        taken = Reference(codes, label, picture if picture is not None or known is None else known.picture, root, label)
        others = tuple(item for item in self._all if item.codes != codes)
        self._all = (taken, *others)[:SHELF]
        self._show(current=taken)
        self._ask_missing()

    def take_node(self, node_id: int) -> None:
        """Use a step of the history as the reference."""
        history = self._document.snapshot.history
        if history is not None:
            node = history.node(node_id)
            self.take(node.codes, number_step(node), self._document.picture_of(node_id), history.root.codes)

    def take_current(self) -> None:
        """Use the step on screen as the reference."""
        history = self._document.snapshot.history
        if history is not None:
            self.take_node(history.current_id)

    def take_seed(self, seed: int) -> None:
        """Use the face of a seed as the reference, as soon as it is drawn."""
        label = name_seed(seed)
        self._tries.pop(f"seed {seed}", None)
        self._ask(
            f"seed {seed}",
            lambda ticket: NewFace(ticket, seed),
            lambda done: self.take(done.codes, label, done.picture),
        )

    def take_project(self, path: Path) -> None:
        """Use another project's current face as the reference; what cannot be read leaves the one in use."""
        self._files += 1
        mine = self._files

        def take(done: ProjectRead) -> None:
            if mine == self._files:  # else another file was chosen meanwhile
                self.take(done.project.history.current.codes, path.name)

        def refuse(event: Failed) -> None:
            self._document.tell(Notice.of(event))

        self._document.requests.ask(lambda ticket: ReadProject(ticket, path), take, refuse, lane="file")

    def choose(self, reference: Reference) -> None:
        """Use one from the shelf again; it keeps its place there."""
        if any(item.codes == reference.codes for item in self._state.shelf):
            self._show(current=reference)

    def forget(self) -> None:
        """Use no reference; the shelf keeps it."""
        self._show(current=None)

    # -- seeds to choose from ----------------------------------------------------------------------------------------

    def deal(self) -> None:
        """Offer the faces of fresh seeds."""
        self._tries = {key: tries for key, tries in self._tries.items() if not key.startswith("deal")}
        self._show(deals=tuple(Deal(self._document.new_seed()) for _ in range(DEALT)))
        self._ask_missing()

    def take_deal(self, deal: Deal) -> None:
        """Use a face that was dealt; the others stay, to be compared."""
        if deal.face is not None:
            self.take(deal.face.codes, deal.face.label, deal.face.picture)

    def end_deal(self) -> None:
        """Put the dealt faces away."""
        self._show(deals=())

    # -- what follows ------------------------------------------------------------------------------------------------

    def _follow(self, now: Snapshot) -> None:
        """Another model draws the same codes differently, and may have another grid; another face has other steps."""
        root = None if now.history is None else now.history.root.codes
        if root is not None and root is not self._root:
            self._root = root
            self._tell_where_from(root)
        if now.card is None or now.card.digest == self._card_digest:
            return
        self._card_digest = now.card.digest
        self._tries.clear()
        self._awaited.clear()
        self._all = tuple(replace(item, picture=None) for item in self._all)
        current, grid = self._state.current, now.card.grid
        fitting = (item for item in self._all if current is not None and item.codes == current.codes)
        used = next((item for item in fitting if item.codes.fits(grid)), None)
        self._show(current=used, deals=tuple(Deal(deal.seed) for deal in self._state.deals))
        self._ask_missing()

    def _tell_where_from(self, root: Codes) -> None:
        """Say of the steps of other faces that they are."""

        def mark(item: Reference) -> Reference:
            if item.root is None:
                return item
            is_here = item.root == root
            text = item.step if is_here else fill(self.tr("{step} (another face)"), step=item.step)
            return item if text == item.label else replace(item, label=text)

        current, marked = self._state.current, tuple(mark(item) for item in self._all)
        if any(item is not known for item, known in zip(marked, self._all, strict=True)):
            self._all = marked
            self._show(current=None if current is None else mark(current))

    def _ask_missing(self) -> None:
        """Ask for the pictures that are not there, and not on their way: some were cancelled with other work."""
        if self._document.snapshot.card is None:
            return
        for item in self._state.shelf:
            if item.picture is None:
                self._ask_picture(item)
        for deal in self._state.deals:
            if deal.face is None:
                self._ask_deal(deal)

    def _ask_picture(self, item: Reference) -> None:
        self._ask(
            item.codes.digest,
            lambda ticket: Draw(ticket, item.codes),
            lambda done: self._put_picture(item.codes, done.picture),
        )

    def _ask_deal(self, deal: Deal) -> None:
        self._ask(
            f"deal {deal.seed}", lambda ticket: NewFace(ticket, deal.seed), lambda done: self._put_deal(deal.seed, done)
        )

    def _ask(self, key: str, make: Callable[[int], Request], done: Callable[[Finished], None]) -> None:
        """Ask on the side for what is known by a key, unless it is on its way or has failed to come too often."""
        requests = self._document.requests
        if key in self._awaited and requests.is_awaited(self._awaited[key]):
            return
        self._tries[key] = self._tries.get(key, 0) + 1
        if self._tries[key] > _TRIES:
            return
        digest = self._card_digest

        def receive(event: Finished) -> None:
            self._tries.pop(key, None)
            if digest in ("", self._card_digest):  # else another model has been opened since
                done(event)

        def note(ticket: int) -> Request:
            self._awaited[key] = ticket
            return make(ticket)

        requests.ask(note, receive, lambda event: self._fail(key, event), lane="aside")

    def _fail(self, key: str, event: Failed) -> None:
        self._tries[key] = _TRIES  # it would only fail again
        self._document.tell(Notice.of(event))

    def _put_picture(self, codes: Codes, picture: Array) -> None:
        def fill(item: Reference) -> Reference:
            return replace(item, picture=picture) if item.codes == codes else item

        self._all = tuple(fill(item) for item in self._all)
        current = self._state.current
        self._show(current=None if current is None else fill(current))

    def _put_deal(self, seed: int, done: Finished) -> None:
        face = Reference(done.codes, name_seed(seed), done.picture)
        self._show(deals=tuple(Deal(seed, face) if deal.seed == seed else deal for deal in self._state.deals))

    def _show(self, **changes: Any) -> None:
        card = self._document.snapshot.card
        shelf = tuple(item for item in self._all if card is None or item.codes.fits(card.grid))
        self._state = replace(self._state, shelf=shelf, **changes)
        self.changed.emit(self._state)
