"""Deleted models: put aside in a folder of their own, brought back when asked, gone for good after a month."""

import contextlib
import os
import re
import shutil
import time
from collections.abc import Collection
from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.library import KEPT_DAYS, ModelEntry, TrashedModel
from sni_engine.api.model_names import find_free_name
from sni_engine.api.paths import data_folder
from sni_engine.api.targets import make_folder
from sni_engine.checkpoints.format import SUFFIX
from sni_engine.checkpoints.shelf import holding_shelf, move, own, rename_model
from sni_engine.checkpoints.store import list_entries, own_models, read_entry

_DAY_S = 86_400
_ID = re.compile(r"(\d{10,16})(-\d+)?")


def trash_folder() -> Path:
    """Return the folder of deleted models; it may not exist yet. Each is in a folder named by when, in milliseconds."""
    return data_folder() / "trash" / "models"


def remove_model(path: Path, now: float | None = None) -> TrashedModel:
    """Put a model of one's own aside. Raises EngineError for another, and when the system refuses."""
    path = own(path)
    stamp, count = str(int((time.time() if now is None else now) * 1000)), 1
    place = trash_folder() / stamp
    while place.exists():
        count += 1
        place = trash_folder() / f"{stamp}-{count}"
    make_folder(place)
    try:
        move(path, place / path.name)
    except EngineError:
        with contextlib.suppress(OSError):
            place.rmdir()
        raise
    trashed = _read(place)
    assert trashed is not None
    return trashed


def list_trash() -> tuple[TrashedModel, ...]:
    """Return the deleted models, the latest first."""
    with contextlib.suppress(OSError):
        found = [_read(place) for place in trash_folder().iterdir()]
        return tuple(sorted((item for item in found if item is not None), key=lambda item: (-item.at, item.id)))
    return ()


def restore_model(id: str) -> ModelEntry:
    """Bring a deleted model back, under another name when its own is taken by now. Raises EngineError."""
    item = next((item for item in list_trash() if item.id == id), None)
    if item is None:
        raise EngineError("This model is not among the deleted ones any more.", "Add it again from its file.")
    with holding_shelf():
        name = find_free_name(item.name, [entry.name for entry in list_entries()])
        target = own_models() / f"{name}{SUFFIX}"
        move(item.path, target)
    with contextlib.suppress(OSError):
        item.path.parent.rmdir()
    entry = read_entry(target)
    return rename_model(target, name) if entry.card is not None and entry.card.name == item.name != name else entry


def empty_trash(older_than_days: float = 0.0, keep: Collection[Path] = (), now: float | None = None) -> int:
    """Delete for good what was put aside longer ago; return how many. keep: files that somebody still uses."""
    before = (time.time() if now is None else now) - older_than_days * _DAY_S
    gone = 0
    for item in list_trash():
        if item.at <= before and item.path not in keep:
            shutil.rmtree(item.path.parent, ignore_errors=True)
            gone += not os.path.lexists(item.path)
    return gone


def empty_old_trash(keep: Collection[Path] = ()) -> int:
    """Delete for good what was put aside more than KEPT_DAYS ago; return how many."""
    return empty_trash(KEPT_DAYS, keep)


def _read(place: Path) -> TrashedModel | None:
    """Return the model in one folder of the trash, None for a folder that is none of ours."""
    match = _ID.fullmatch(place.name)
    paths = sorted(place.glob(f"*{SUFFIX}")) if match else []
    if match is None or not paths:
        return None
    try:
        size = paths[0].stat().st_size
    except OSError:
        size = 0
    return TrashedModel(place.name, paths[0].stem, paths[0], size, int(match[1]) / 1000)
