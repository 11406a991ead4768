"""A training run from start or checkpoint to model file, told as events; closing the iterator saves."""

import contextlib
import math
import time
from collections import abc
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from sni_engine.api.errors import EngineError
from sni_engine.api.runs import TrainEvent
from sni_engine.api.training import MAY_CHANGE, MAY_MEND, TrainConfig
from sni_engine.device import is_out_of_memory
from sni_engine.networks.discriminator import ProjectedDiscriminator
from sni_engine.train.attributes import to_signed
from sni_engine.train.batch import wants_bf16
from sni_engine.train.dataset import Pictures
from sni_engine.train.distributed import ALONE, Ranks
from sni_engine.train.feed import choose_feed
from sni_engine.train.keep import keep, restore, save, say_unstable
from sni_engine.train.prepare import PictureOrder, give_eyes, prepare_features, prepare_pictures
from sni_engine.train.run_folder import RunFolder
from sni_engine.train.state import RunState
from sni_engine.train.step import take_step

_READ_EVERY = 10  # steps between two looks at the losses; each look waits for the GPU


def train(
    config: TrainConfig, out: Path, resume: bool = False, ranks: Ranks = ALONE
) -> abc.Generator[TrainEvent, None, None]:
    """Train into the folder `out`, or go on with the run in it; the config of a resumed run is the one in its folder,
    but for what MAY_CHANGE and MAY_MEND name.

    Closing the iterator between two events saves a checkpoint first. Under several processes all of them iterate, and
    close after the same step; the first one writes. Raises EngineError for anything a person can mend.
    """
    run = RunFolder(Path(out))
    config = ranks.lead(lambda: _settle(run, config, resume))
    ranks.check_batch(config.batch)
    device = ranks.choose_device(config.device)
    torch.set_flush_denormal(True)
    if config.threads:
        torch.set_num_threads(config.threads)
    with contextlib.ExitStack() as held:
        data = yield from _prepare_in_turn(config, run, resume, device, ranks, held)
        if data is None:
            return
        state = RunState(config, device, ranks)
        warning = ranks.lead(lambda: _begin(state, run, data, resume))
        if warning:
            yield TrainEvent("warning", state.images_seen, config.images, text=warning)
        if not ranks.is_first:
            _join(state, run, data)
        state.match_ranks()
        yield from _play(state, data, run)


def _settle(run: RunFolder, config: TrainConfig, resume: bool) -> TrainConfig:
    if resume:
        return replace(run.read_config(), **{name: getattr(config, name) for name in (*MAY_CHANGE, *MAY_MEND)})
    run.refuse_if_taken()
    return config


def _prepare_in_turn(
    config: TrainConfig,
    run: RunFolder,
    resume: bool,
    device: torch.device,
    ranks: Ranks,
    held: contextlib.ExitStack,
) -> abc.Generator[TrainEvent, None, Pictures | None]:
    """Return the pictures: the first process makes what is missing on the disk, the others then find it there.

    The first one also takes the run's lock, which `held` lets go. None in the others when the first was told to stop.
    """
    if not ranks.is_first:
        if not ranks.hear():
            return None
        return (yield from prepare_pictures(config, str(device)))
    try:
        data = yield from _prepare(config, run, resume, device, held)
    except Exception:
        ranks.tell(None, failed=True)
        raise
    except GeneratorExit:
        ranks.tell(False)
        raise
    ranks.tell(True)
    return data


def _prepare(
    config: TrainConfig, run: RunFolder, resume: bool, device: torch.device, held: contextlib.ExitStack
) -> abc.Generator[TrainEvent, None, Pictures]:
    if resume:
        held.enter_context(run.hold())
        run.clear_leftovers()
    data = yield from prepare_pictures(config, str(device))
    if not resume:
        run.start(config)
        held.enter_context(run.hold())
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


def _play(state: RunState, data: Pictures, run: RunFolder) -> Iterator[TrainEvent]:
    config, ranks = state.config, state.ranks
    autocast = wants_bf16(config, state.device)
    feed = choose_feed(data, state.device)
    order = PictureOrder(data.count, config.seed)
    meter = Meter(state)
    saved, is_due = state.images_seen, False
    told: dict[str, Tensor] = {}
    losses: dict[str, float] = {}
    try:
        while state.images_seen < config.images:
            rows = ranks.deal(order.take(state.images_seen, config.batch))
            with _minding_memory(state, run):
                told |= take_step(state, to_signed(feed(rows)), autocast)  # penalties are told at some steps only
            meter.tick()
            # at multiples of the interval, whenever the run was stopped, so that a resumed one leaves the same files
            is_due = state.images_seen // config.checkpoint_every > saved // config.checkpoint_every
            is_due = is_due or state.images_seen >= config.images
            if is_due or state.step % _READ_EVERY == 0:
                losses = _read(told, run, ranks)
            now = TrainEvent("step", state.images_seen, config.images, state.step, meter.rate, losses)
            yield now
            if is_due:
                with _minding_memory(state, run):
                    ranks.lead(partial(keep, state, run, {"rate": round(meter.rate, 2), **losses}))
                saved, told, is_due = state.images_seen, {}, False
                yield replace(now, kind="checkpoint", text=str(run.checkpoint))
                yield replace(now, kind="sheet", text=str(run.sheet(state.images_seen)))
    except GeneratorExit:
        if is_due:  # stopped between an interval's last step and what belongs to it
            ranks.lead(partial(keep, state, run, {"rate": round(meter.rate, 2), **losses}))
        elif state.images_seen > saved:
            ranks.lead(lambda: save(state, run))
        raise
    yield TrainEvent("done", state.images_seen, config.images, state.step, meter.rate, losses, str(run.model))


class Meter:
    """Images per second, lately; and the seconds the whole run has taken."""

    def __init__(self, state: RunState) -> None:
        self._state = state
        self._last = time.perf_counter()
        self.rate = 0.0

    def tick(self) -> None:
        """Count one step."""
        now = time.perf_counter()
        seconds, self._last = now - self._last, now
        self._state.seconds += seconds
        rate = self._state.config.batch / max(seconds, 1e-9)
        self.rate = rate if not self.rate else 0.95 * self.rate + 0.05 * rate


@contextlib.contextmanager
def _minding_memory(state: RunState, run: RunFolder) -> Iterator[None]:
    """Raise EngineError that names a smaller batch when memory runs out in the block."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise _say_too_large(state, run) from error


def _say_too_large(state: RunState, run: RunFolder) -> EngineError:
    batch, count = state.config.batch, state.ranks.count
    title = f"Memory ran out with a batch of {batch}."
    smaller = max(2, batch // 2)
    if smaller == batch or smaller % count:
        return EngineError(title, "Choose a smaller network or smaller pictures.")
    kept = f"Resume the run in {run.path}" if run.has_checkpoint() else "Start again"
    return EngineError(title, f"{kept} with a batch of {smaller}.")


def _read(told: dict[str, Tensor], run: RunFolder, ranks: Ranks) -> dict[str, float]:
    """Return the losses of the whole batch."""
    means = ranks.average(torch.stack([loss.float() for loss in told.values()]))
    losses = dict(zip(told, means.tolist(), strict=True))
    if not all(math.isfinite(loss) for loss in losses.values()):
        ranks.fail(say_unstable(run))
    return losses
