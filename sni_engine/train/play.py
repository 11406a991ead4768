"""A run that is going on: it takes steps, keeps what belongs to each interval, and heeds what is wished."""

import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import TypeVar

import torch
from torch import Tensor

from sni_engine.api.runs import Kind, TrainEvent
from sni_engine.device import free_memory
from sni_engine.train.attributes import to_signed
from sni_engine.train.batch import wants_bf16
from sni_engine.train.control import Control, Order
from sni_engine.train.dataset import Pictures
from sni_engine.train.feed import choose_feed
from sni_engine.train.keep import Interval, keep, sample, save, say_unstable
from sni_engine.train.meter import Meter
from sni_engine.train.prepare import PictureOrder
from sni_engine.train.record import say_stopped
from sni_engine.train.run_folder import RunFolder
from sni_engine.train.score import Scorer
from sni_engine.train.state import RunState
from sni_engine.train.step import take_step

T = TypeVar("T")

_READ_EVERY = 10  # steps between two looks at the losses; each look waits for the GPU


class Play:
    """The steps of a run from where its state stands. Several processes play alike; the first one writes."""

    def __init__(self, state: RunState, data: Pictures, run: RunFolder, control: Control) -> None:
        self._state, self._run, self._control = state, run, control
        self._ranks, self._config = state.ranks, state.config
        self._feed = choose_feed(data, state.device)
        self._order = PictureOrder(data.count, state.config.seed)
        self._autocast = wants_bf16(state.config, state.device)
        self._meter = Meter(state)
        self._scorer = Scorer(state.config, data, state.device)
        self._saved, self._is_due = state.images_seen, False
        self._told: dict[str, Tensor] = {}
        self._losses: dict[str, float] = {}

    def play(self) -> Iterator[TrainEvent]:
        """Train to the end, or until it is wished otherwise; closing this saves first. Raises EngineError."""
        try:
            while self._state.images_seen < self._config.images:
                yield from self._advance()
                order = yield from self._heed()
                if order.stop:
                    yield self._stop(order)
                    return
        except GeneratorExit:
            self._save_rest()
            raise
        yield self._say("done", f"Done. The model is {self._run.model}.")

    def _advance(self) -> Iterator[TrainEvent]:
        """Take one step, and leave what belongs to its interval when it is the last one of it."""
        state, every = self._state, self._config.checkpoint_every
        rows = self._ranks.deal(self._order.take(state.images_seen, self._config.batch))
        self._told |= take_step(state, to_signed(self._feed(rows)), self._autocast)  # penalties come at some steps only
        note = self._meter.tick()
        # at multiples of the interval, whenever the run was stopped, so that a resumed one leaves the same files
        self._is_due = state.images_seen // every > self._saved // every or state.images_seen >= self._config.images
        if self._is_due or state.step % _READ_EVERY == 0:
            self._losses = self._read()
        yield self._say("step")
        if note:
            yield self._say("note", note)
        if self._is_due:
            yield from self._tell(self._keep())
            yield self._say("sheet", str(self._run.sheet(state.images_seen)))

    def _heed(self) -> Generator[TrainEvent, None, Order]:
        """Do what is wished between two steps; returns what is still to be done."""
        order = self._control.ask()
        yield from self._do_now(order)
        if not order.pause or order.stop:
            return order
        yield from self._tell_warning(self._save_rest())
        free_memory()
        yield self._say("paused", f"Paused and saved at {self._state.images_seen} images.")
        while order.pause and not order.stop:
            order = self._control.rest()
            yield from self._do_now(order)
        self._meter.restart()
        if not order.stop:
            yield self._say("resumed", "Resumed.")
        return order

    def _do_now(self, order: Order) -> Iterator[TrainEvent]:
        if order.save:
            is_new = self._state.images_seen > self._saved
            yield from self._tell(Interval({}, self._save_rest()))
            yield self._say("note", say_saved(self._state.images_seen, is_new))
        if order.sample:
            self._lead(lambda: sample(self._state, self._run))
            self._meter.tick_beside()
            yield self._say("sheet", str(self._run.sheet(self._state.images_seen)))

    def _stop(self, order: Order) -> TrainEvent:
        self._save_rest()
        told = self._say("stopped")
        words = say_stopped(told)
        return replace(told, text=f"The time is over. {words}" if order.is_over else words)

    def _keep(self) -> Interval:
        numbers = {"rate": round(self._meter.rate, 2), **self._losses}
        kept = self._lead(lambda: keep(self._state, self._run, numbers, self._scorer.measure))
        self._saved, self._told, self._is_due = self._state.images_seen, {}, False
        self._meter.tick_beside(is_regular=True)
        return kept

    def _save_rest(self) -> str:
        """Save what has come since the last checkpoint; returns a warning, or nothing."""
        if self._is_due:  # stopped between an interval's last step and what belongs to it
            return self._keep().warning
        if self._state.images_seen <= self._saved:
            return ""
        warning = self._lead(lambda: save(self._state, self._run))
        self._saved = self._state.images_seen
        self._meter.tick_beside()
        return warning

    def _lead(self, action: Callable[[], T]) -> T:
        return self._ranks.lead(lambda: self._control.guard(action))

    def _tell(self, kept: Interval) -> Iterator[TrainEvent]:
        yield from self._tell_warning(kept.warning)
        yield replace(self._say("checkpoint", str(self._run.checkpoint)), scores=kept.scores)

    def _tell_warning(self, text: str) -> Iterator[TrainEvent]:
        if text:
            yield self._say("warning", text)

    def _say(self, kind: Kind, text: str = "") -> TrainEvent:
        state, total = self._state, self._config.images
        return TrainEvent(
            kind, state.images_seen, total, state.step, self._meter.rate, self._losses, text, seconds=state.seconds
        )

    def _read(self) -> dict[str, float]:
        """Return the losses of the whole batch. Raises EngineError when they are no numbers."""
        means = self._ranks.average(torch.stack([loss.float() for loss in self._told.values()]))
        losses = dict(zip(self._told, means.tolist(), strict=True))
        if not all(math.isfinite(loss) for loss in losses.values()):
            self._ranks.fail(say_unstable(self._run))
        return losses


def say_saved(images: int, is_new: bool) -> str:
    """Return what to say when a run was asked to save."""
    return f"Saved at {images} images." if is_new else f"Everything up to {images} images was saved already."
