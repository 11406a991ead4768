"""A training run from start or checkpoint to model file, told as events; closing the iterator saves."""

import contextlib
import math
from collections import abc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from sni_engine.api.file_lock import FileLock
from sni_engine.api.runs import TrainEvent
from sni_engine.api.training import MAY_CHANGE, MAY_MEND, TrainConfig
from sni_engine.networks.discriminator import ProjectedDiscriminator
from sni_engine.train.control import Control, StoppedError, never
from sni_engine.train.dataset import Pictures
from sni_engine.train.distributed import ALONE, Ranks
from sni_engine.train.keep import read_images_seen, restore
from sni_engine.train.play import Play
from sni_engine.train.prepare import give_eyes, prepare_features, prepare_pictures
from sni_engine.train.record import Recorder, say_stopped
from sni_engine.train.run_folder import RunFolder
from sni_engine.train.state import RunState
from sni_engine.train.too_large import minding_memory

Events = abc.Generator[TrainEvent, None, None]


def train(
    config: TrainConfig,
    out: Path,
    resume: bool = False,
    ranks: Ranks = ALONE,
    minutes: float = math.inf,
    was_asked: Callable[[], bool] = never,
) -> Events:
    """Train into the folder `out`, or go on with the run in it; the config of a resumed run is the one in its folder,
    but for what MAY_CHANGE and MAY_MEND name.

    The run is this process's from the first moment: its lock, its events and its wishes are in its folder (api/runs).
    It ends when it is done, when its folder wishes it, when `was_asked` says so, or after `minutes` without pauses;
    preparations do not mind the minutes. Closing the iterator between two events saves a checkpoint first, too. Under
    several processes all of them iterate, and close after the same step; the first one writes. Raises EngineError for
    anything a person can mend.
    """
    run = RunFolder(Path(out))
    with contextlib.ExitStack() as held:
        locks: list[FileLock] = []
        config = ranks.lead(lambda: _take_over(run, config, resume, held, locks))
        lock = locks[0] if locks else None
        control, recorder = Control(run, lock, ranks, minutes, was_asked), Recorder(run, lock)
        events = _run(config, run, resume, ranks, control, recorder)
        yield from recorder.record(events) if ranks.is_first else events


def _take_over(
    run: RunFolder, config: TrainConfig, resume: bool, held: contextlib.ExitStack, locks: list[FileLock]
) -> TrainConfig:
    """Make the run this process's own; until this is done nothing is written into the folder of another's."""
    if resume:
        run.read_config()  # before a folder is made for the lock
    locks.append(held.enter_context(run.hold()))
    if resume:
        run.clear_leftovers()
        config = replace(run.read_config(), **{name: getattr(config, name) for name in (*MAY_CHANGE, *MAY_MEND)})
    else:
        run.refuse_if_taken()
        run.start(config)
    run.clear_old_wishes()
    return config


def _run(
    config: TrainConfig, run: RunFolder, resume: bool, ranks: Ranks, control: Control, recorder: Recorder
) -> Events:
    with minding_memory(config, run, ranks.count):
        if ranks.is_first:
            recorder.introduce()
        device = _settle(config, ranks)
        if ranks.is_first:
            recorder.introduce(device)
        started = TrainEvent("started", read_images_seen(run), config.images)
        yield started
        data = yield from _prepare_in_turn(config, run, device, ranks, control)
        if data is None:
            yield replace(started, kind="stopped", text=say_stopped(started))
            return
        state = RunState(config, device, ranks)
        warning = ranks.lead(lambda: _begin(state, run, data, resume))
        if warning:
            yield TrainEvent("warning", state.images_seen, config.images, text=warning)
        if not ranks.is_first:
            _join(state, run, data)
        state.match_ranks()
        yield from Play(state, data, run, control).play()


def _settle(config: TrainConfig, ranks: Ranks) -> torch.device:
    """Return the device that this process computes on. Raises EngineError."""
    ranks.check_batch(config.batch)
    device = ranks.choose_device(config.device)
    torch.set_flush_denormal(True)
    if config.threads:
        torch.set_num_threads(config.threads)
    return device


def _prepare_in_turn(
    config: TrainConfig, run: RunFolder, device: torch.device, ranks: Ranks, control: Control
) -> abc.Generator[TrainEvent, None, Pictures | None]:
    """Return the pictures: the first process makes what is missing on the disk, the others then find it there.

    None when the first was told to stop.
    """
    if not ranks.is_first:
        if not ranks.hear():
            return None
        return (yield from prepare_pictures(config, str(device)))
    try:
        data = yield from control.heed(_prepare(config, run, device))
    except StoppedError:
        ranks.tell(False)
        return None
    except Exception:
        ranks.tell(None, failed=True)
        raise
    except GeneratorExit:
        ranks.tell(False)
        raise
    ranks.tell(True)
    return data


def _prepare(config: TrainConfig, run: RunFolder, device: torch.device) -> abc.Generator[TrainEvent, None, Pictures]:
    data = yield from prepare_pictures(config, str(device))
    if config.recipe == "projected":
        yield from prepare_features(config, data, run.features, str(device))
    return data


def _begin(state: RunState, run: RunFolder, data: Pictures, resume: bool) -> str:
    """Bring the first process's state to where the run stands; returns a warning, or nothing."""
    warning = ""
    if resume and run.has_checkpoint():
        warning = restore(state, run)
    elif isinstance(state.judge, ProjectedDiscriminator):
        give_eyes(state.judge, state.config, data, run.features)
    if resume:
        run.start(state.config)  # only now that the checkpoint has proved to fit
        run.cut_metrics(state.images_seen)
    return warning


def _join(state: RunState, run: RunFolder, data: Pictures) -> None:
    """Bring another process's state there, once the first has left the newest whole checkpoint in its place."""
    if run.checkpoint.exists():
        state.load(run.checkpoint)
    elif isinstance(state.judge, ProjectedDiscriminator):
        give_eyes(state.judge, state.config, data, run.features)
