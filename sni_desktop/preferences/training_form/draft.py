"""What a person has filled into the form of a new run so far, as a value, and what each change makes of it."""

import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from sni_desktop.preferences.dialog import tr
from sni_desktop.words import fill
from sni_engine.api.runs import RunFiles
from sni_engine.api.train_fields import list_fields
from sni_engine.api.train_presets import PRESETS
from sni_engine.api.train_problems import Problem
from sni_engine.api.train_requests import DeviceState
from sni_engine.api.train_shapes import loosen, with_cells, with_data, with_resolution
from sni_engine.api.training import TrainConfig, TrainWishes

Source = Literal["portraits", "folder", "zip"]
SHAPE = ("resolution_px", "cells", "widths", "judge_widths")
OUT, DATA, HOURS = "out", "data", "hours"
"""Names of what is no setting but can be wrong all the same, beside the settings' own."""
_OWN = {"portraits-64": "pictures-64", "portraits-128": "pictures-128"}
_LONGEST_NAME = 80
_LONGEST_HOURS = 10_000.0


@dataclass(frozen=True)
class Unread:
    """Something typed that is no value of its field."""

    text: str


@dataclass(frozen=True)
class Draft:
    """source says where pictures come from, even before one is chosen. is_named: the person chose the name.

    shape: the settings whose layers the resolution and the grid are fitted from, so that trying several loses nothing.
    unread: what is typed into fields and makes no sense, by field; the setting keeps its last value meanwhile.
    """

    preset: str
    wishes: TrainWishes
    shape: TrainWishes
    folder: Path
    source: Source = "portraits"
    name: str = ""
    is_named: bool = False
    by_hours: bool = False
    hours: float = 8.0
    unread: tuple[tuple[str, str], ...] = ()

    @cached_property
    def base(self) -> TrainWishes:
        """The preset, as it is for this source of pictures: what a reset goes back to."""
        return with_data(PRESETS[self.preset], self.wishes.data)

    @property
    def out(self) -> Path:
        """The run's folder."""
        return self.folder / self.name.strip()

    @property
    def limit(self) -> float:
        """Hours after which the run saves and ends."""
        return self.hours if self.by_hours else math.inf

    @cached_property
    def changed(self) -> frozenset[str]:
        """The settings that are not as in the preset."""
        base = self.base
        names = {item.name for item in fields(TrainConfig)}
        differing = {name for name in names if getattr(self.wishes, name) != getattr(base, name)}
        return frozenset((differing | {name for name, _ in self.unread if name in names}) - {DATA})


def start_draft(folder: Path, preset: str = "portraits-64") -> Draft:
    """Return a form as it is opened. folder: where runs are kept."""
    wishes = loosen(PRESETS[preset])
    return _name(Draft(preset, wishes, wishes, folder))


def start_after(draft: Draft) -> Draft:
    """Return a form for the run after one that has begun: kept in the same folder, from the same pictures."""
    fresh = start_draft(draft.folder)
    return choose_data(fresh, draft.wishes.data) if draft.wishes.data else fresh


def show_config(folder: Path, config: TrainConfig, preset: str) -> Draft:
    """Return a form that holds given settings."""
    wishes = loosen(config)
    source: Source = "portraits" if not config.data else "zip" if config.data.lower().endswith(".zip") else "folder"
    return _name(Draft(preset, wishes, wishes, folder, source))


def choose_preset(draft: Draft, preset: str) -> Draft:
    """Begin anew from a preset; pictures, how they are cropped, and what is computed on stay."""
    kept: dict[str, Any] = {"fit": draft.wishes.fit, "device": draft.wishes.device, "threads": draft.wishes.threads}
    wishes = replace(with_data(PRESETS[preset], draft.wishes.data), **kept)
    return _name(replace(draft, preset=preset, wishes=wishes, shape=wishes, unread=()))


def choose_source(draft: Draft, source: Source) -> Draft:
    """Take portraits, or leave room for a person's own pictures; a preset that was left as it is follows."""
    if source == draft.source:
        return draft
    draft = replace(draft, source=source)
    return _take_data(draft, "")


def choose_data(draft: Draft, path: str) -> Draft:
    """Take the pictures of a folder or zip file."""
    path = path.strip()
    if not path:
        return _take_data(draft, "")
    path = os.path.abspath(os.path.expanduser(path))
    source: Source = "zip" if path.lower().endswith(".zip") and not os.path.isdir(path) else "folder"
    return _take_data(replace(draft, source=source), path)


def _take_data(draft: Draft, path: str) -> Draft:
    own = draft.source != "portraits"
    others = _OWN if own else {new: old for old, new in _OWN.items()}
    if not draft.changed - {"fit", "device", "threads"} and draft.preset in others:
        draft = choose_preset(replace(draft, wishes=replace(draft.wishes, data="")), others[draft.preset])
    base, now = PRESETS[draft.preset], draft.wishes
    changes: dict[str, Any] = {"data": path}
    if path and now.recipe == "projected":
        fitted = with_data(now, path)
        changes |= {"recipe": fitted.recipe, "augment": fitted.augment}
    elif not path and (now.recipe, now.augment) == (draft.base.recipe, draft.base.augment):
        changes |= {"recipe": base.recipe, "augment": base.augment}
    wishes = replace(now, **changes)
    shape = replace(draft.shape, **changes)
    return _name(replace(draft, wishes=wishes, shape=shape))


def change(draft: Draft, name: str, value: object) -> Draft:
    """Give a setting another value, or note what was typed when it is none; layers follow resolution and grid."""
    rest = tuple(item for item in draft.unread if item[0] != name)
    if isinstance(value, Unread):
        return replace(draft, unread=(*rest, (name, value.text)))
    draft = replace(draft, unread=rest)
    if name == HOURS:
        return replace(draft, hours=float(value))  # type: ignore[arg-type]
    if name in ("resolution_px", "cells"):
        return _reshape(draft, name, int(value))  # type: ignore[call-overload]
    setting: dict[str, Any] = {name: value}
    wishes = replace(draft.wishes, **setting)
    return replace(draft, wishes=wishes, shape=wishes if name in SHAPE else draft.shape)


def _reshape(draft: Draft, name: str, value: int) -> Draft:
    shape = draft.shape
    if name == "cells":
        near = with_cells(replace(shape, cells=draft.wishes.cells, resolution_px=draft.wishes.resolution_px), value)
        fitted = with_resolution(with_cells(shape, value), near.resolution_px)
    else:
        fitted = with_resolution(with_cells(shape, draft.wishes.cells), value)
    return replace(draft, wishes=replace(draft.wishes, **{name: getattr(fitted, name) for name in SHAPE}))


def reset(draft: Draft, name: str) -> Draft:
    """Give a setting the preset's value again."""
    draft = change(draft, name, getattr(draft.base, name))
    if name in ("resolution_px", "cells") and draft.wishes.resolution_px == draft.base.resolution_px:
        same = {name: getattr(draft.base, name) for name in SHAPE} if draft.wishes.cells == draft.base.cells else {}
        wishes = replace(draft.wishes, **same)
        return replace(draft, wishes=wishes, shape=wishes)
    return draft


def choose_budget(draft: Draft, by_hours: bool) -> Draft:
    """End the run after some hours, or only after all images."""
    rest = tuple(item for item in draft.unread if item[0] != HOURS)
    return replace(draft, by_hours=by_hours, unread=rest)


def choose_name(draft: Draft, name: str) -> Draft:
    """Call the run something."""
    return replace(draft, name=name, is_named=True)


def choose_folder(draft: Draft, folder: Path) -> Draft:
    """Keep the run somewhere else."""
    return _name(replace(draft, folder=folder))


def _name(draft: Draft) -> Draft:
    """Suggest a name nobody has used, unless the person has chosen one."""
    if draft.is_named:
        return draft
    stem = draft.preset
    if draft.wishes.data:
        stem = re.sub(r"[^\w-]+", "-", Path(draft.wishes.data).stem).strip("-")[:40] or draft.preset
    return replace(draft, name=find_free_name(draft.folder, stem))


def find_free_name(folder: Path, stem: str) -> str:
    """Return a name that nothing in a folder has."""
    number, name = 1, stem
    while (folder / name).exists():
        number += 1
        name = f"{stem}-{number}"
    return name


def holds_run(path: Path) -> bool:
    """Say whether there is a run in a folder."""
    files = RunFiles(path)
    return files.config.exists() or files.checkpoint.exists() or files.previous.exists()


def find_problems(draft: Draft, devices: tuple[DeviceState, ...] = ()) -> tuple[Problem, ...]:
    """Return everything that keeps a run from being started, as far as the form itself can tell."""
    unread = {name for name, _ in draft.unread}
    found = [Problem(name, describe_unread(name, text)) for name, text in draft.unread]
    found += [problem for problem in draft.wishes.find_problems() if problem.field not in unread]
    return (
        *_find_source_problems(draft),
        *dict.fromkeys(found),
        *_find_device_problems(draft.wishes.device, devices),
        *_find_place_problems(draft),
    )


def describe_unread(name: str, text: str) -> str:
    """Return what is wrong with something typed."""
    shown = text if len(text) <= 30 else f"{text[:29]}…"
    kind = "number" if name == HOURS else list_fields()[name].kind
    if not text.strip():
        return {"list": tr("needs numbers")}.get(kind, tr("needs a number"))
    words = {
        "whole": tr("“{typed}” is not a whole number"),
        "list": tr("“{typed}” is not a list of whole numbers, such as 128, 64"),
    }
    return fill(words.get(kind, tr("“{typed}” is not a number")), typed=shown)


def _find_source_problems(draft: Draft) -> Iterator[Problem]:
    if draft.source == "portraits":
        return
    data = draft.wishes.data
    if not data:
        yield Problem(DATA, tr("Choose a zip file.") if draft.source == "zip" else tr("Choose a folder of pictures."))
    elif not os.path.exists(data):
        yield Problem(DATA, fill(tr("{path} is not there."), path=data))


def _find_device_problems(name: str, devices: tuple[DeviceState, ...]) -> Iterator[Problem]:
    for device in devices:
        if device.name == name and device.problem:
            yield Problem("device", fill(tr("{device} cannot be used: {why}"), device=device.label, why=device.problem))


def _find_place_problems(draft: Draft) -> Iterator[Problem]:
    name = draft.name.strip()
    if draft.by_hours and not 0 < draft.hours <= _LONGEST_HOURS:
        yield Problem(HOURS, tr("Hours must be above 0 and no more than 10 000."))
    if not name:
        yield Problem(OUT, tr("The run needs a name."))
    elif re.search(r'[/\\:*?"<>|\x00-\x1f]', name) or name in (".", "..") or name.endswith("."):
        yield Problem(OUT, tr('A name cannot hold / \\ : * ? " < > | nor end with a full stop.'))
    elif len(name) > _LONGEST_NAME:
        yield Problem(OUT, tr("This name is too long."))
    elif holds_run(draft.out):
        yield Problem(OUT, fill(tr("{name} already holds a run."), name=name))
    elif draft.out.exists() and not draft.out.is_dir():
        yield Problem(OUT, fill(tr("{name} is a file."), name=name))
