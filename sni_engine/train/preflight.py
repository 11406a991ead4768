"""What can be checked of a run without taking a step: its folder, its pictures, the room on the disks."""

import contextlib
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.forecast import Need
from sni_engine.api.paths import cache_folder
from sni_engine.api.runs import TrainEvent
from sni_engine.api.training import Fit, TrainConfig
from sni_engine.api.words import format_bytes
from sni_engine.train import rehearsal
from sni_engine.train.disk import count_free_bytes, find_parent
from sni_engine.train.keep import SHEET_SEEDS, find_checkpoint
from sni_engine.train.picture_files import list_pictures
from sni_engine.train.portrait_set import count_missing, count_missing_bytes, refuse_other
from sni_engine.train.prepare import describe_own, read_own
from sni_engine.train.run_folder import RunFolder
from sni_engine.train.state import RunState

_COPIES = 3  # checkpoints on the disk at once: the newest, the one before, the one being written
_FEW = 1000


@dataclass(eq=False)
class Findings:
    """What has been found so far; lists, because every check adds to them and none stops the next."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    disk: list[Need] = field(default_factory=list)

    @contextlib.contextmanager
    def collecting(self) -> Iterator[None]:
        """Turn an EngineError of the block into a problem."""
        try:
            yield
        except EngineError as error:
            self.problems.append(str(error))


def tell_shortage(need: Need) -> str:
    """Return the sentences for something that does not fit."""
    advice = {"memory": "Choose a smaller batch or smaller widths.", "disk": "Make room, or choose another disk."}
    numbers = f"needs {format_bytes(need.needed)}, {format_bytes(need.free or 0)} are free"
    return f"Not enough {need.kind}: {need.what} {numbers}. {advice[need.kind]}"


def check_out(config: TrainConfig, out: Path, resume: bool, found: Findings) -> int:
    """Look at the run's folder; return how many images a resumed run has seen."""
    run, seen = RunFolder(out), 0
    with found.collecting():
        if not resume:
            run.refuse_if_taken()
        elif run.has_checkpoint() and not config.problems():
            state = RunState(config, torch.device("cpu"))
            _, warning = find_checkpoint(state, run)
            found.notes += [warning] if warning else []
            seen = state.images_seen
    with found.collecting():
        try_writing(out)
    if resume and seen >= config.images:
        found.notes.append(f"The run has seen {seen} images already, and would end at once.")
    return seen


def try_writing(place: Path) -> None:
    """Raise EngineError unless a folder is, or can be, written to; leaves nothing."""
    if place.exists() and not place.is_dir():
        raise EngineError(f"{place} is a file.", "Choose another folder.")
    parent = find_parent(place)
    try:
        tempfile.TemporaryFile(dir=parent).close()
    except OSError as error:
        raise EngineError(f"{parent} cannot be written to: {error.strerror}.", "Choose another folder.") from error


def check_pictures(config: TrainConfig, found: Findings) -> Generator[TrainEvent, None, tuple[str, int]]:
    """Read own pictures, or see how many portraits are stored; return them in a few words, and how many are kept."""
    if config.data:
        with found.collecting():
            return (yield from _read_own(config, found))
        return "", 0
    if not config.portraits:
        return "endless portraits, drawn as they are needed", 0
    if config.portraits < 0 or config.resolution_px < 1:
        return "", 0
    spec, missing = config.portrait_spec, 0
    folder = cache_folder() / spec.name
    with found.collecting():
        refuse_other(spec, folder)
        missing = count_missing(spec, folder)
        room = count_missing_bytes(spec, folder)
        if room or missing:
            try_writing(folder)
            found.disk.append(Need("disk", f"the portraits in {folder}", room, count_free_bytes(folder)))
    return f"{spec.count} portraits, {f'{missing} to be drawn' if missing else 'all stored'}", spec.count


def _read_own(config: TrainConfig, found: Findings) -> Generator[TrainEvent, None, tuple[str, int]]:
    if config.resolution_px < 1 or config.fit not in get_args(Fit):
        return f"{len(list_pictures(Path(config.data)).entries)} files that may be pictures", 0
    data = yield from read_own(config)
    found.notes += [f"Skipped {line}" for line in data.skipped]
    if data.count < _FEW and config.augment in ("none", "shift"):
        found.notes.append(f"{data.count} pictures are few: --augment adaptive keeps the model from repeating them.")
    return describe_own(config, data), data.count


def count_run_folder(config: TrainConfig, out: Path, checkpoints: int) -> Need:
    """Return what checkpoints, models and sample sheets will take."""
    _, checkpoint = rehearsal.count_state_bytes(config)
    sheet = len(SHEET_SEEDS) * config.resolution_px**2 * 3  # PNG makes it smaller, noise hardly
    needed = checkpoint * (_COPIES + min(config.keep, checkpoints)) + checkpoint // 2 + sheet * checkpoints
    return Need("disk", f"the run in {out}", needed, count_free_bytes(out))
