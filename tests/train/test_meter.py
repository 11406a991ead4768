"""Rate and time of a run: a machine that slept, a process that was held up, and what belongs to an interval."""

from dataclasses import dataclass

import pytest
import torch

from sni_engine.train.meter import Clocks, Meter, say_time
from sni_engine.train.state import RunState

from .conftest import TINY


@dataclass
class Hands:
    """Two clocks that are moved by hand."""

    awake: float = 100.0
    always: float = 5000.0

    def move(self, seconds: float, asleep: float = 0.0) -> None:
        self.awake += seconds
        self.always += seconds + asleep


@pytest.fixture
def state() -> RunState:
    return RunState(TINY, torch.device("cpu"))  # batches of four


def make(state: RunState) -> tuple[Meter, Hands]:
    hands = Hands()
    return Meter(state, Clocks(lambda: hands.awake, lambda: hands.always)), hands


def tick(meter: Meter, hands: Hands, seconds: float, asleep: float = 0.0) -> str:
    hands.move(seconds, asleep)
    return meter.tick()


def test_the_rate_follows_the_steps(state: RunState) -> None:
    meter, hands = make(state)
    assert [tick(meter, hands, 2.0) for _ in range(3)] == ["", "", ""]
    assert meter.rate == pytest.approx(2.0)
    assert state.seconds == pytest.approx(6.0)


def test_sleep_is_told_and_counts_neither_as_time_nor_in_the_rate(state: RunState) -> None:
    meter, hands = make(state)
    tick(meter, hands, 2.0)
    assert tick(meter, hands, 2.0, asleep=7200.0) == "The machine slept for 2 h."
    assert meter.rate == pytest.approx(2.0)
    assert state.seconds == pytest.approx(4.0)
    assert tick(meter, hands, 2.0) == ""


def test_a_process_that_was_held_up_is_told_where_no_clock_knows_of_sleep(state: RunState) -> None:
    meter, hands = make(state)
    tick(meter, hands, 1.0)
    assert tick(meter, hands, 600.0).startswith("Nothing went on for 10 min")
    assert (meter.rate, state.seconds) == (pytest.approx(4.0), pytest.approx(1.0))


def test_slow_steps_are_no_sleep(state: RunState) -> None:
    meter, hands = make(state)
    assert [tick(meter, hands, seconds) for seconds in (300.0, 200.0, 400.0)] == [""] * 3


def test_what_belongs_to_an_interval_counts_however_long_it_takes_but_a_pause_does_not(state: RunState) -> None:
    meter, hands = make(state)
    tick(meter, hands, 1.0)
    hands.move(300.0)
    meter.tick_beside()
    hands.move(5000.0)
    meter.restart()
    assert tick(meter, hands, 1.0) == ""
    assert state.seconds == pytest.approx(302.0)
    assert meter.rate == pytest.approx(4.0), "it was asked for, and will not come again by itself"


def test_the_rate_is_that_of_steps_and_what_each_interval_ends_with(state: RunState) -> None:
    meter, hands = make(state)
    for step in range(1, 101):
        tick(meter, hands, 1.0)
        if step % 10 == 0:  # every 40 images
            hands.move(10.0)
            meter.tick_beside(is_regular=True)
    tick(meter, hands, 1.0)
    assert meter.rate == pytest.approx(2.0)
    assert state.seconds == pytest.approx(201.0)


def test_steps_that_a_gpu_does_in_bunches_give_their_mean(state: RunState) -> None:
    meter, hands = make(state)
    tick(meter, hands, 30.0)  # the first one, with all that it has to prepare
    for _ in range(10):
        for seconds in (*[0.001] * 9, 0.991):
            tick(meter, hands, seconds)
    assert meter.rate == pytest.approx(40.0)


def test_the_real_clocks_only_grow() -> None:
    clocks = Clocks()
    before = clocks.awake(), clocks.always()
    assert clocks.awake() >= before[0] and clocks.always() >= before[1]


@pytest.mark.parametrize(("seconds", "words"), [(7200, "2 h"), (5400, "1.5 h"), (120, "2 min"), (12, "12 s")])
def test_lengths_of_time_in_words(seconds: float, words: str) -> None:
    assert say_time(seconds) == words
