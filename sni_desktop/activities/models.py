"""Looking after models: which there are, faces of each, and what is done with their files."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal

from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_engine.api.arrays import Array
from sni_engine.api.library import (
    AddModel,
    CopyModel,
    EmptyTrash,
    Library,
    ListModels,
    ModelAdded,
    ModelChanged,
    ModelEntry,
    ModelRemoved,
    ModelSampled,
    ModelsListed,
    ModelVerified,
    RemoveModel,
    RenameModel,
    RestoreModel,
    SampleModel,
    VerifyModel,
)
from sni_engine.api.messages import Failed, Request
from sni_engine.api.models import ModelCard

SAMPLE_SEEDS = tuple(range(6))  # not picked: whoever judges a model by them is not misled


@dataclass(frozen=True)
class Told:
    """What is said on the page. restore: the id of a deleted model that can be brought back by one press."""

    kind: Literal["info", "error"]
    text: str
    restore: str = ""


@dataclass(frozen=True, eq=False)
class ModelsState:
    """All that the page shows. library: None until it was looked at. samples: faces uint8 [N, H, W, 3] by digest.

    opened: the card of the model in the editor. work: what is being done, "" when nothing is. verified: what came of
    reading a file, "" when it is whole.
    """

    library: Library | None = None
    samples: dict[str, Array] = field(default_factory=dict)
    chosen: Path | None = None
    opened: ModelCard | None = None
    work: str = ""
    told: Told | None = None
    verified: dict[Path, str] = field(default_factory=dict)

    @property
    def entries(self) -> tuple[ModelEntry, ...]:
        """The models there are."""
        return self.library.entries if self.library is not None else ()

    @property
    def entry(self) -> ModelEntry | None:
        """The model that is looked at."""
        return next((entry for entry in self.entries if entry.path == self.chosen), None)

    def is_open(self, entry: ModelEntry) -> bool:
        """Say whether a model is the one in the editor; of two with the same weights, the one of that name."""
        if self.opened is None or entry.card is None or entry.card.digest != self.opened.digest:
            return False
        same = [other for other in self.entries if other.card is not None and other.card.digest == entry.card.digest]
        return len(same) == 1 or entry.card.name == self.opened.name


class Models(QObject):
    """Asks in the lane for asides, one thing after the other; draws faces only while somebody watches."""

    changed = Signal(object)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self.state: ModelsState = ModelsState(opened=document.snapshot.card)
        self._works: dict[object, str] = {}  # what is being done, and what waits for its turn
        self._is_watched = False
        self._is_opening = False
        self._sampling = 0  # the ticket of the faces that are being drawn
        self._missed: set[Path] = set()  # that no face can be drawn of
        document.changed.connect(self._follow)
        document.requests.failed.connect(self._hear_failure)
        document.requests.rested.connect(self._sample_next)

    def watch(self, is_watched: bool) -> None:
        """Begin to look, anew, or leave off."""
        self._is_watched = is_watched
        if is_watched:
            self.refresh()

    def choose(self, path: Path | None) -> None:
        """Look at a model."""
        if path != self.state.chosen:
            self._show(chosen=path)

    def dismiss(self) -> None:
        """Put the message away."""
        self._show(told=None)

    def refresh(self) -> None:
        """Look which models there are."""
        self._ask("", ListModels, self._take_list)

    def use(self, path: Path, fresh: bool = False) -> None:
        """Open a model in the editor, with a fresh face if wished; a deletion can still be undone."""
        self._is_opening = True
        if self.state.told is not None and not self.state.told.restore:
            self._show(told=None)
        self._document.open_model(str(path), fresh)

    def add(
        self,
        path: Path,
        name: str = "",
        kind: Literal["trained", "imported"] = "imported",
        done: Callable[[ModelAdded], object] | None = None,
        failed: Callable[[Failed], object] | None = None,
    ) -> None:
        """Copy a model's file, or that of a run's folder, in among the others. done, failed: who tells instead."""

        def added(event: ModelAdded) -> None:
            self._show(chosen=event.entry.path, told=None if done else Told("info", describe_added(event)))
            self._missed.discard(event.entry.path)
            self.refresh()
            if done is not None:
                done(event)

        work = self.tr("Adding {name}…").replace("{name}", path.name)
        self._ask(work, lambda ticket: AddModel(ticket, path, name, kind), added, failed)

    def rename(self, path: Path, name: str) -> None:
        """Give a model another name."""
        entry = next((entry for entry in self.state.entries if entry.path == path), None)
        if entry is not None and entry.name != name.strip():
            self._ask(self.tr("Renaming…"), lambda ticket: RenameModel(ticket, path, name), self._take_change)

    def duplicate(self, path: Path) -> None:
        """Copy a model, to one's own."""

        def copied(event: ModelChanged) -> None:
            self._take_change(event, self.tr('The copy is called "{name}".'))

        self._ask(self.tr("Copying…"), lambda ticket: CopyModel(ticket, path), copied)

    def remove(self, path: Path) -> None:
        """Delete a model, until `restore`; the next one in the list is looked at then."""
        paths = [entry.path for entry in self.state.entries]
        at = paths.index(path) if path in paths else 0
        following = [*paths[at + 1 :], *reversed(paths[:at])]

        def removed(event: ModelRemoved) -> None:
            text = self.tr('"{name}" is deleted.').replace("{name}", event.trashed.name)
            if event.is_open:
                text += " " + self.tr("It stays open in the editor until you use another one.")
            self._show(told=Told("info", text, event.trashed.id), chosen=following[0] if following else None)
            self.refresh()

        self._ask(self.tr("Deleting…"), lambda ticket: RemoveModel(ticket, path), removed)

    def restore(self, id: str) -> None:
        """Bring a deleted model back."""

        def restored(event: ModelChanged) -> None:
            self._take_change(event, self.tr('"{name}" is back.'))

        self._ask(self.tr("Bringing it back…"), lambda ticket: RestoreModel(ticket, id), restored)

    def empty_trash(self) -> None:
        """Delete for good what was deleted."""
        self._show(told=None)
        self._ask(self.tr("Emptying…"), EmptyTrash, self._take_list)

    def verify(self, path: Path) -> None:
        """Read a model's file to its end."""

        def verified(event: ModelVerified) -> None:
            self._show(verified={**self.state.verified, event.path: event.problem})

        work = self.tr("Verifying {name}…").replace("{name}", path.stem)
        self._ask(work, lambda ticket: VerifyModel(ticket, path), verified)

    # -- what follows ------------------------------------------------------------------------------------------------

    def _ask(
        self,
        work: str,
        make: Callable[[int], Request],
        done: Callable[[Any], None],
        failed: Callable[[Failed], object] | None = None,
    ) -> None:
        """Ask, and say so meanwhile; whatever goes wrong is told, and the list is looked at anew."""

        mine = object()

        def settle(event: Any) -> None:
            self._end(mine)
            done(event)

        def fail(event: Failed) -> None:
            self._end(mine)
            if failed is not None:
                failed(event)
            else:
                self._show(told=Told("error", f"{event.title} {event.hint}".strip()))
            if work:
                self.refresh()

        if work:
            self._works[mine] = work
            self._show(work=next(iter(self._works.values())), told=None)
        self._document.requests.ask(make, settle, fail, "aside", lambda: self._end(mine))

    def _end(self, mine: object) -> None:
        self._works.pop(mine, None)
        self._show(work=next(iter(self._works.values()), ""))

    def _take_list(self, event: ModelsListed) -> None:
        entries = event.library.entries
        before = {entry.path: entry for entry in self.state.entries}
        same = {entry.path for entry in entries if before.get(entry.path) == entry}
        chosen = self.state.chosen
        if chosen not in [entry.path for entry in entries]:
            opened = next((entry.path for entry in entries if self._is_opened(entry)), None)
            chosen = opened or (entries[0].path if entries else None)
        self._missed &= same
        verified = {path: problem for path, problem in self.state.verified.items() if path in same}
        self._show(library=event.library, chosen=chosen, verified=verified)
        self._sample_next()

    def _take_change(self, event: ModelChanged, text: str = "") -> None:
        told = Told("info", text.replace("{name}", event.entry.name)) if text else None
        self._show(chosen=event.entry.path, told=told)
        self.refresh()

    def _is_opened(self, entry: ModelEntry) -> bool:
        opened = self.state.opened
        return opened is not None and entry.card is not None and entry.card.digest == opened.digest

    def _sample_next(self) -> None:
        """Draw the faces of the next model that has none yet, the chosen one first."""
        if not self._is_watched or self._document.requests.is_awaited(self._sampling):
            return
        entry = next((entry for entry in self._in_order() if self._lacks_samples(entry)), None)
        if entry is None:
            return
        path = entry.path

        def failed(event: Failed) -> None:
            self._missed.add(path)
            self._sample_next()

        self._sampling = self._document.requests.ask(
            lambda ticket: SampleModel(ticket, path, SAMPLE_SEEDS), self._take_samples, failed, lane="aside"
        )

    def _in_order(self) -> list[ModelEntry]:
        return sorted(self.state.entries, key=lambda entry: entry.path != self.state.chosen)

    def _lacks_samples(self, entry: ModelEntry) -> bool:
        card = entry.card
        return not (card is None or entry.problem or card.digest in self.state.samples or entry.path in self._missed)

    def _take_samples(self, event: ModelSampled) -> None:
        self._show(samples={**self.state.samples, event.digest: event.pictures})
        self._sample_next()

    def _follow(self, now: Snapshot) -> None:
        if now.card is not self.state.opened:
            self._is_opening = False
            self._show(opened=now.card)

    def _hear_failure(self, event: Failed) -> None:
        """Say here, too, why a model does not open: the window's own message may be behind the page."""
        if self._is_opening:
            self._is_opening = False
            self._show(told=Told("error", f"{event.title} {event.hint}".strip()))

    def _show(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        self.changed.emit(self.state)


def describe_added(event: ModelAdded) -> str:
    """Return what to say of a model that was added."""
    text = _tr('"{name}" is among your models now.')
    if event.mended:
        text = _tr('This model was here as "{name}", but damaged; it is whole now.')
    elif event.was_there:
        text = _tr('This model is here already: "{name}".')
    return text.replace("{name}", event.entry.name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Models", text)
