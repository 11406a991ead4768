"""Looking after one's own models: add, rename, copy, verify. The files are the truth; no list can differ."""

import contextlib
import errno
import os
import shutil
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sni_engine.api.errors import EngineError
from sni_engine.api.file_lock import FileLock
from sni_engine.api.files import put_in_place, replace_file
from sni_engine.api.library import ModelEntry
from sni_engine.api.model_names import check_name, find_free_name, fold_name, make_name, refuse_pickle
from sni_engine.api.targets import make_folder
from sni_engine.checkpoints.format import SUFFIX, copy_model, read_card, read_model
from sni_engine.checkpoints.store import list_entries, own_models, read_entry

RUN_MODEL = f"model{SUFFIX}"  # of a run's folder


@dataclass(frozen=True)
class Added:
    """What became of a file that was added, as in api.library.ModelAdded."""

    entry: ModelEntry
    was_there: bool = False
    mended: bool = False


def add_model(
    path: Path, name: str = "", kind: Literal["trained", "imported"] = "imported"
) -> Generator[tuple[float, str], None, Added]:
    """Yield how far it is, with a word, and return the model, copied in among one's own.

    path: a model's file, or a run's folder. name: else the one in its header, made fit; "name 2" when it is taken.
    Raises EngineError for a file that is no whole model; nothing of it is run, and nothing is copied then.
    """
    if path.is_dir() and (path / RUN_MODEL).is_file():
        name, path, kind = name or make_name(path.resolve().name), path / RUN_MODEL, "trained"
    if name:
        name = check_name(name)
    refuse_pickle(path)
    yield 0.0, "Reading the model"
    _, card = read_model(path)
    yield 0.6, "Looking whether it is here already"
    there = _find_same(card.digest, path)
    if there is not None:
        return there
    yield 0.8, "Copying the model"
    return Added(_put(path, name or make_name(card.name), kind))


def rename_model(path: Path, name: str) -> ModelEntry:
    """Give a model another name, in its header and as a file; return it. Raises EngineError.

    At every moment one whole file is there, under the old name or the new one.
    """
    name, path = check_name(name), own(path)
    if name == path.stem and read_card(path).name == name:
        return read_entry(path)
    with holding_shelf():
        if fold_name(name) != fold_name(path.stem) and fold_name(name) in map(fold_name, _taken()):
            raise EngineError(f'There is a model called "{name}" already.', "Choose another name.")
        _copy_in(path, path, name)
        target = path.with_name(f"{name}{SUFFIX}")
        move(path, target)
        return read_entry(target)


def duplicate_model(path: Path, name: str = "") -> ModelEntry:
    """Copy a model under a name, with a number when that is taken, and return the copy. Raises EngineError."""
    entry = read_entry(path)
    if entry.problem:
        raise EngineError(entry.problem, "A damaged model is not copied.")
    name = check_name(name) if name else make_name(entry.name)
    return _put(path, name, "trained" if entry.kind == "trained" else "imported")


def verify_model(path: Path) -> Generator[tuple[float, str], None, str]:
    """Yield how far it is, with a word, and return what is wrong with a file, read to its end; "" when it is whole."""
    yield 0.0, "Reading the model"
    try:
        read_model(path)
    except EngineError as error:
        return f"{error.title} {error.hint}".strip()
    yield 1.0, "The model is whole"
    return ""


def own(path: Path) -> Path:
    """Return the path of a model of one's own. Raises EngineError for any other, which is not ours to change."""
    if path.suffix != SUFFIX or path.parent.resolve() != own_models().resolve():
        raise EngineError(
            f"{path.stem} cannot be renamed or deleted: it is none of your own models.", "Duplicate it first."
        )
    if not os.path.lexists(path):
        raise EngineError(f"{path} is not there any more.", "Somebody else renamed or deleted it.")
    return path


def move(source: Path, target: Path) -> None:
    """Move a file, also to another disk, as where the folder of models is a link to one. Raises EngineError."""
    try:
        try:
            put_in_place(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            with source.open("rb") as stream, replace_file(target) as copy:
                shutil.copyfileobj(stream, copy, 2**20)
            source.unlink()
    except OSError as error:
        raise EngineError(
            f"{source} could not be moved: {error.strerror or error}.", "What was there is unchanged."
        ) from error


def _copy_in(source: Path, target: Path, name: str, origin: str = "") -> None:
    """Copy a model to a place among one's own; a link there makes way, what it led to stays."""
    if not target.is_symlink():
        copy_model(source, target, name, origin)
        return
    scratch = target.with_name(f".{target.name}.part")
    try:
        copy_model(source, scratch, name, origin)
        move(scratch, target)
    finally:
        scratch.unlink(missing_ok=True)


def _find_same(digest: str, path: Path) -> Added | None:
    """Return a model that is here already; one of one's own that is damaged takes the bytes of the whole one."""
    same = [entry for entry in list_entries() if entry.card is not None and entry.card.digest == digest]
    damaged: list[ModelEntry] = []
    for entry in same:
        try:
            read_model(entry.path)
        except EngineError:
            damaged.append(entry)
        else:
            return Added(entry, was_there=True)
    for entry in damaged:
        if entry.is_own:
            _copy_in(path, entry.path, entry.name, "trained" if entry.kind == "trained" else "imported")
            return Added(read_entry(entry.path), was_there=True, mended=True)
    return None


def _put(path: Path, name: str, origin: Literal["trained", "imported"]) -> ModelEntry:
    """Copy a model in among one's own, under this name or the next free one."""
    with holding_shelf():
        name = find_free_name(name, _taken())
        target = own_models() / f"{name}{SUFFIX}"
        copy_model(path, target, name, origin)
        return read_entry(target)


@contextlib.contextmanager
def holding_shelf() -> Iterator[None]:
    """Keep others from taking a name in the folder of one's own models while the block runs. Raises EngineError."""
    make_folder(own_models())
    lock = FileLock(own_models() / ".lock")
    for _ in lock.wait(lambda: None):
        pass
    try:
        yield
    finally:
        lock.close()


def _taken() -> list[str]:
    """Return the names that no other model may take: of every file there is."""
    return [entry.name for entry in list_entries()]
