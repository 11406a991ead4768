"""How fast a run goes and how long it has trained, by clocks nobody can set; the time it stood still is left out."""

import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from sni_engine.train.state import RunState

_ASLEEP_S = 5.0  # less is the clocks' own noise
_HELD_UP_S = 60.0  # and as many times longer than usual: no step of a run that goes on
_HELD_UP_TIMES = 20.0
_RECENT = 50  # steps: a GPU does some in a moment, and then all that was asked for at once


def read_clock_that_never_sleeps() -> float:
    """Return seconds that go on while the machine is asleep; the same as time.monotonic where none is known."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":  # Python's own monotonic clock stands still there; the system's of this name does not
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


@dataclass(frozen=True)
class Clocks:
    """awake: seconds while the machine is awake. always: seconds, asleep or not. Neither is ever set back."""

    awake: Callable[[], float] = time.perf_counter
    always: Callable[[], float] = read_clock_that_never_sleeps


class Meter:
    """Images per second, lately; and the seconds the whole run has trained, which its state keeps.

    The rate is that of the whole run, to tell how long the rest takes: what an interval ends with is part of it.
    """

    def __init__(self, state: RunState, clocks: Clocks | None = None) -> None:
        self._state = state
        self._clocks = clocks or Clocks()
        self._steps: deque[float] = deque(maxlen=_RECENT)  # seconds of each
        self._interval_s = 0.0  # what belongs to an interval took, the last time
        self._is_warm = False
        self.rate = 0.0
        self.restart()

    def restart(self) -> None:
        """Count from now on: what was before, a pause, belongs to no step."""
        self._awake, self._always = self._clocks.awake(), self._clocks.always()

    def tick(self) -> str:
        """Count one step; returns a sentence when the machine slept or the process was held up before its end."""
        step_s, asleep_s = self._measure()
        if self._steps and step_s > max(_HELD_UP_S, _HELD_UP_TIMES * self._usual_s):
            return f"Nothing went on for {say_time(step_s)}: the machine slept, or other programs held it up."
        self._count(step_s)
        return f"The machine slept for {say_time(asleep_s)}." if asleep_s > _ASLEEP_S else ""

    def tick_beside(self, is_regular: bool = False) -> None:
        """Count what was done since the last step, however long it took. is_regular: each interval ends with it."""
        seconds, _ = self._measure()
        self._state.seconds += seconds
        if is_regular:
            self._interval_s = seconds

    @property
    def _usual_s(self) -> float:
        return sum(self._steps) / len(self._steps)

    def _measure(self) -> tuple[float, float]:
        """Return the seconds since the last time: awake, and asleep."""
        before = self._awake, self._always
        self.restart()
        awake_s = self._awake - before[0]
        return awake_s, self._always - before[1] - awake_s

    def _count(self, step_s: float) -> None:
        self._state.seconds += step_s
        if len(self._steps) == 1 and not self._is_warm:
            self._steps.clear()  # the very first step chooses and loads what the others find
            self._is_warm = True
        self._steps.append(step_s)
        config = self._state.config
        each_s = self._usual_s / config.batch + self._interval_s / max(config.checkpoint_every, config.batch)
        self.rate = 1 / max(each_s, 1e-9)


def say_time(seconds: float) -> str:
    """Return a length of time in one or two words."""
    for unit, length in (("h", 3600.0), ("min", 60.0)):
        if seconds >= length:
            return f"{seconds / length:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"
