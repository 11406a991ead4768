"""Models' files without files: what the librarian would answer, from a list in memory."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from sni_engine.api.library import (
    AddModel,
    CopyModel,
    EmptyTrash,
    Library,
    LibraryRequest,
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
    TrashedModel,
    VerifyModel,
)
from sni_engine.api.messages import Event, Failed, Opened, Progress
from sni_engine.api.models import ModelCard


class FakeLibrary:
    """Behaves like the real one as far as the window can tell. damaged: paths that are found damaged when read."""

    def __init__(self, *cards: ModelCard) -> None:
        self.entries = [ModelEntry(cards[0].name, Path("/shipped/fake.safetensors"), "shipped", 3_000_000, cards[0])]
        self.entries += [self.make(card.name, card) for card in cards[1:]]
        self.trash: dict[str, ModelEntry] = {}
        self.damaged: set[Path] = set()
        self.opened: Path | None = self.entries[0].path
        self.sampled: list[Path] = []

    def make(self, name: str, card: ModelCard | None, kind: str = "imported", problem: str = "") -> ModelEntry:
        """Return a model of one's own."""
        card = replace(card, name=name) if card is not None else None
        return ModelEntry(name, Path(f"/own/{name}.safetensors"), kind, 40_000, card, problem)  # type: ignore[arg-type]

    def answer(self, request: LibraryRequest) -> Iterator[Event]:
        """Answer as the engine does."""
        ticket = request.ticket
        match request:
            case ListModels():
                yield ModelsListed(ticket, self._library())
            case EmptyTrash():
                self.trash.clear()
                yield ModelsListed(ticket, self._library())
            case AddModel():
                yield from self._add(request)
            case RenameModel():
                yield from self._rename(request)
            case CopyModel():
                old = self._find(request.path)
                yield ModelChanged(ticket, self._put(self.make(f"{old.name} 2", old.card)))
            case RemoveModel():
                yield self._remove(request)
            case RestoreModel():
                yield ModelChanged(ticket, self._put(self.trash.pop(request.id)))
            case VerifyModel():
                yield Progress(ticket, 0.0, "Reading the model")
                yield ModelVerified(ticket, request.path, "It is damaged." if request.path in self.damaged else "")
            case SampleModel():
                yield from self._sample(request)

    def _library(self) -> Library:
        trashed = [TrashedModel(id, entry.name, entry.path, entry.size_bytes, 0.0) for id, entry in self.trash.items()]
        return Library(tuple(self.entries), tuple(reversed(trashed)))

    def _find(self, path: Path) -> ModelEntry:
        return next(entry for entry in self.entries if entry.path == path)

    def _put(self, entry: ModelEntry) -> ModelEntry:
        self.entries.append(entry)
        self.entries[1:] = sorted(self.entries[1:], key=lambda entry: entry.name)
        return entry

    def _add(self, request: AddModel) -> Iterator[Event]:
        yield Progress(request.ticket, 0.0, "Reading the model")
        if "bad" in request.path.name:
            yield Failed(request.ticket, f"{request.path.name} is not a whole model.", "Choose another file.")
            return
        digest = request.path.stem.ljust(32, "0")[:32]
        there = [entry for entry in self.entries if entry.card is not None and entry.card.digest == digest]
        if there:
            yield ModelAdded(request.ticket, there[0], was_there=True)
            return
        first = self.entries[0].card
        assert first is not None
        entry = self.make(request.name or request.path.stem, replace(first, digest=digest), request.kind)
        yield ModelAdded(request.ticket, self._put(entry))

    def _rename(self, request: RenameModel) -> Iterator[Event]:
        if any(entry.name == request.name for entry in self.entries):
            yield Failed(request.ticket, f'There is a model called "{request.name}" already.', "Choose another name.")
            return
        old = self._find(request.path)
        self.entries.remove(old)
        new = self._put(self.make(request.name, old.card, old.kind))
        if old.path == self.opened and new.card is not None:
            self.opened = new.path
            yield Opened(request.ticket, new.card, "CPU")
        yield ModelChanged(request.ticket, new)

    def _remove(self, request: RemoveModel) -> ModelRemoved:
        entry = self._find(request.path)
        self.entries.remove(entry)
        id = str(len(self.trash) + 1)
        self.trash[id] = entry
        trashed = TrashedModel(id, entry.name, entry.path, entry.size_bytes, 0.0)
        return ModelRemoved(request.ticket, trashed, entry.path == self.opened)

    def _sample(self, request: SampleModel) -> Iterator[Event]:
        self.sampled.append(request.path)
        card = self._find(request.path).card
        if request.path in self.damaged or card is None:
            yield Failed(request.ticket, "It is damaged.", "Copy it again.")
            return
        side = card.resolution_px
        shades = np.array(request.seeds, np.uint8)[:, None, None, None] * 20
        pictures = np.broadcast_to(shades, (len(request.seeds), side, side, 3)).copy()
        yield ModelSampled(request.ticket, request.path, card.digest, pictures)
