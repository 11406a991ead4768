"""What a run is to do besides its steps: wishes from its folder, a signal, the end of its time; all ranks agree."""

import os
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from sni_engine.api.errors import EngineError
from sni_engine.api.file_lock import FileLock
from sni_engine.api.runs import TrainEvent, Wishes
from sni_engine.train.distributed import Ranks
from sni_engine.train.run_folder import RunFolder

T = TypeVar("T")

_REST_S = 0.2  # between two looks during a pause
_LOOK_ABOUT_S = 1.0  # between two looks whether the folder is still there


class StoppedError(Exception):
    """Raised inside the preparations when they are to end."""


@dataclass(frozen=True)
class Order:
    """What is to be done now. is_over: stop because the time is over, not because somebody asked."""

    stop: bool = False
    pause: bool = False
    save: bool = False
    sample: bool = False
    is_over: bool = False


class Control:
    """Asked between two steps, by all processes that train together; asking costs microseconds.

    minutes: how long the run may go on; its pauses do not count. was_asked: says whether a signal asked it to stop.
    """

    def __init__(
        self, run: RunFolder, lock: FileLock | None, ranks: Ranks, minutes: float, was_asked: Callable[[], bool]
    ) -> None:
        self._run, self._lock, self._ranks = run, lock, ranks
        self._was_asked = was_asked
        self._deadline = time.monotonic() + 60 * minutes
        self._looked = 0.0
        self._mark: tuple[int, ...] | None = None
        self._done = Wishes()
        self._order = Order()
        self._owed = Order()  # to save or to sample, wished when there was nothing yet to save

    def ask(self) -> Order:
        """Return what all processes are to do now; all must ask at the same place. Raises EngineError.

        To save or to sample is said once; to pause for as long as it is wished.
        """
        asked, is_over = self._was_asked(), time.monotonic() >= self._deadline
        if self._ranks.agree(
            asked or is_over or (self._ranks.is_first and (self._has_news() or self._owed != Order()))
        ):
            asked, is_over = self._ranks.agree(asked), self._ranks.agree(is_over)
            order = self._ranks.lead(self._read)
            self._order = replace(order, save=False, sample=False)
            return replace(order, stop=order.stop or asked or is_over, is_over=is_over and not (order.stop or asked))
        return self._order

    def guard(self, action: Callable[[], T]) -> T:
        """Let the first process write, unless the folder is no longer where the run began. Raises EngineError."""
        self._run.refuse_if_gone(self._lock)
        try:
            return action()
        except EngineError:
            self._run.refuse_if_gone(self._lock)  # that, then, is the reason
            raise

    def heed(self, preparing: Generator[TrainEvent, None, T]) -> Generator[TrainEvent, None, T]:
        """Pass on the events of preparations in the first process; pause between two of them. Raises StoppedError.

        The end of the time waits for them.
        """
        try:
            while True:
                event = next(preparing)
                yield event
                yield from self._rest(event)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        finally:
            preparing.close()

    def rest(self) -> Order:
        """Wait a moment of a pause, which does not count as the run's time; return what is to be done then."""
        self._sleep()
        return self.ask()

    def _sleep(self) -> None:
        """Rest for a moment, by the clock that the run's time is measured with: a nap may last longer than asked."""
        before = time.monotonic()
        time.sleep(_REST_S)
        self._deadline += time.monotonic() - before

    def _rest(self, event: TrainEvent) -> Iterator[TrainEvent]:
        order = self._look()
        if order.pause and not order.stop:
            yield replace(event, kind="paused", text="Paused.", losses={})
            while order.pause and not order.stop:
                self._sleep()
                order = self._look()
            if not order.stop:
                yield replace(event, kind="resumed", text="Resumed.", losses={})
        if order.stop:
            raise StoppedError

    def _look(self) -> Order:
        """Return what the first process is to do while the others wait for it; saving and sampling come later."""
        if self._has_news():
            order = self._read()
            self._owed = Order(save=order.save, sample=order.sample)
            self._order = replace(order, save=False, sample=False)
        return replace(self._order, stop=self._order.stop or self._was_asked())

    def _has_news(self) -> bool:
        now = time.monotonic()
        if now - self._looked > _LOOK_ABOUT_S:
            self._looked = now
            self._run.refuse_if_gone(self._lock)
        return self._identify() != self._mark

    def _read(self) -> Order:
        """Read what is wished; only of the first process."""
        mark, done = self._identify(), self._done
        wishes = Wishes() if mark is None else self._run.read_wishes(done)
        self._done, self._mark = wishes, None if wishes is done else mark  # what could not be read is read again
        owed, self._owed = self._owed, Order()
        save, sample = wishes.saves > done.saves, wishes.samples > done.samples
        return Order(wishes.stop, wishes.paused, owed.save or save, owed.sample or sample)

    def _identify(self) -> tuple[int, ...] | None:
        """Return what changes when the wishes do. Compared for equality alone: clocks may be set back."""
        try:
            found = os.stat(self._run.wishes)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def never() -> bool:
    """Nobody asks."""
    return False
