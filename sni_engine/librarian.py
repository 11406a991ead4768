"""How requests about models' files are answered: which there are, and what is done with them."""

from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.codes import GridSpec
from sni_engine.api.generators import reword
from sni_engine.api.library import (
    AddModel,
    CopyModel,
    EmptyTrash,
    Library,
    LibraryRequest,
    ListModels,
    ModelAdded,
    ModelChanged,
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
from sni_engine.api.messages import Event, Progress
from sni_engine.api.model_samples import read_samples, write_samples
from sni_engine.api.models import ModelCard
from sni_engine.checkpoints.format import read_card
from sni_engine.checkpoints.shelf import add_model, duplicate_model, rename_model, verify_model
from sni_engine.checkpoints.store import list_entries
from sni_engine.checkpoints.trash import empty_old_trash, empty_trash, list_trash, remove_model, restore_model

T = TypeVar("T")


class Editor(Protocol):
    """What is needed of the engine: the model it has open, and how it draws by others."""

    begun_samples: dict[tuple[str, tuple[int, ...]], list[Array]]
    """Faces that were drawn, by model and seeds, before something else was more urgent; at most of one model."""

    @property
    def model_path(self) -> Path | None:
        """The file of the open model."""

    def follow_model(self, ticket: int, path: Path, card: ModelCard | None) -> Iterator[Event]:
        """Go on with the open model under another path."""

    def draw_faces(self, ticket: int, path: Path, grid: GridSpec, seeds: Sequence[int]) -> Iterator[Event | Array]:
        """Yield the picture of each seed by any model."""


def answer_library(request: LibraryRequest, editor: Editor) -> Iterator[Event]:
    """Answer a request about models' files. Raises EngineError."""
    yield from _ANSWERS[type(request)](request, editor)


def answer_list(request: ListModels, editor: Editor) -> Iterator[Event]:
    """Look which models there are; what was deleted long ago goes for good now."""
    empty_old_trash(_in_use(editor))
    yield ModelsListed(request.ticket, Library(list_entries(), list_trash()))


def answer_add(request: AddModel, editor: Editor) -> Iterator[Event]:
    """Copy a file in among the person's own models."""
    added = yield from _tell(request.ticket, add_model(request.path, request.name, request.kind))
    yield ModelAdded(request.ticket, added.entry, added.was_there, added.mended)


def answer_rename(request: RenameModel, editor: Editor) -> Iterator[Event]:
    """Rename a model; the editor goes on with it under its new name."""
    is_open = is_same(request.path, editor.model_path)
    entry = rename_model(request.path, request.name)
    if is_open:
        yield from editor.follow_model(request.ticket, entry.path, entry.card)
    yield ModelChanged(request.ticket, entry)


def answer_copy(request: CopyModel, editor: Editor) -> Iterator[Event]:
    """Copy a model."""
    yield Progress(request.ticket, 0.0, "Copying the model")
    yield ModelChanged(request.ticket, duplicate_model(request.path, request.name))


def answer_remove(request: RemoveModel, editor: Editor) -> Iterator[Event]:
    """Put a model aside; the editor goes on with it from there."""
    is_open = is_same(request.path, editor.model_path)
    trashed = remove_model(request.path)
    if is_open:
        yield from editor.follow_model(request.ticket, trashed.path, None)
    yield ModelRemoved(request.ticket, trashed, is_open)


def answer_restore(request: RestoreModel, editor: Editor) -> Iterator[Event]:
    """Bring a deleted model back; the editor follows it."""
    before = next((item.path for item in list_trash() if item.id == request.id), None)
    is_open = before is not None and is_same(before, editor.model_path)
    entry = restore_model(request.id)
    if is_open:
        yield from editor.follow_model(request.ticket, entry.path, entry.card)
    yield ModelChanged(request.ticket, entry)


def answer_empty(request: EmptyTrash, editor: Editor) -> Iterator[Event]:
    """Delete for good what was deleted, but what is open."""
    empty_trash(keep=_in_use(editor))
    yield ModelsListed(request.ticket, Library(list_entries(), list_trash()))


def answer_verify(request: VerifyModel, editor: Editor) -> Iterator[Event]:
    """Read a file to its end."""
    problem = yield from _tell(request.ticket, verify_model(request.path))
    yield ModelVerified(request.ticket, request.path, problem)


def answer_sample(request: SampleModel, editor: Editor) -> Iterator[Event]:
    """Draw faces of a model, or take them from the cache. Broken off, it goes on at the next face another time."""
    card, seeds = read_card(request.path), request.seeds
    pictures = read_samples(card, seeds)
    if pictures is None:
        drawn = editor.begun_samples.get((card.digest, seeds), [])
        editor.begun_samples = {(card.digest, seeds): drawn}
        yield Progress(request.ticket, len(drawn) / max(1, len(seeds)), "Drawing samples")
        for item in editor.draw_faces(request.ticket, request.path, card.grid, seeds[len(drawn) :]):
            if not isinstance(item, np.ndarray):
                yield item
                return
            drawn.append(item)
            yield Progress(request.ticket, len(drawn) / len(seeds), "Drawing samples")
        editor.begun_samples = {}
        pictures = np.stack(drawn) if drawn else np.zeros((0, card.resolution_px, card.resolution_px, 3), np.uint8)
        pictures.flags.writeable = False
        write_samples(card, seeds, pictures)
    yield ModelSampled(request.ticket, request.path, card.digest, pictures)


def is_same(path: Path, other: Path | None) -> bool:
    """Say whether two paths mean the same file."""
    return other is not None and path.resolve() == other.resolve()


def _in_use(editor: Editor) -> list[Path]:
    return [] if editor.model_path is None else [editor.model_path]


def _tell(ticket: int, steps: Generator[tuple[float, str], None, T]) -> Generator[Event, None, T]:
    return reword(steps, lambda news: Progress(ticket, *news))


_ANSWERS: dict[type, Callable[[Any, Editor], Iterator[Event]]] = {
    ListModels: answer_list,
    AddModel: answer_add,
    RenameModel: answer_rename,
    CopyModel: answer_copy,
    RemoveModel: answer_remove,
    RestoreModel: answer_restore,
    EmptyTrash: answer_empty,
    VerifyModel: answer_verify,
    SampleModel: answer_sample,
}
