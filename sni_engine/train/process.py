"""The headless trainer: a config file in, one JSON line per event out; SIGINT or SIGTERM saves and ends.

    python -m sni_engine.train.process config.json runs/x [--resume]
    torchrun --nproc-per-node 4 -m sni_engine.train.process config.json runs/x [--resume]

Needs torch, numpy, pillow and safetensors, nothing else.
"""

import contextlib
import json
import math
import signal
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.files import read_bytes
from sni_engine.api.plain import PlainError, load_json, to_plain
from sni_engine.api.runs import TrainEvent
from sni_engine.api.training import TrainConfig
from sni_engine.train.distributed import Ranks, join_ranks
from sni_engine.train.loop import train

_QUIET_S = 1.0  # steps are told at most this often; everything else always


class StopFlag:
    """Set by a signal or once `minutes` are over; read between two steps, so that a step is never cut in half."""

    def __init__(self, minutes: float = math.inf) -> None:
        self.was_asked = False
        self._deadline = time.monotonic() + 60 * minutes
        for name in ("SIGINT", "SIGTERM", "SIGBREAK"):  # the last is what a parent can send on Windows
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._set)

    def _set(self, number: int, frame: object) -> None:
        self.was_asked = True

    @property
    def is_set(self) -> bool:
        """Whether to save and end now."""
        return self.was_asked or time.monotonic() >= self._deadline


def watch(
    events: Generator[TrainEvent, None, None], stop: StopFlag, ranks: Ranks, show: Callable[[TrainEvent], None]
) -> bool:
    """Show a run's events until it is done or a signal asks to stop, which saves; returns whether it is done.

    The first process alone shows; all stop after the same step.
    """
    with contextlib.closing(events):  # closing saves, whatever ends the loop
        for event in events:
            if ranks.is_first:
                show(event)
            if _should_stop(event, stop, ranks):
                return False
            if event.kind == "done":
                return True
    return False


def _should_stop(event: TrainEvent, stop: StopFlag, ranks: Ranks) -> bool:
    if event.kind == "step":
        return ranks.agree(stop.is_set)
    return stop.was_asked and ranks.is_first and event.kind == "setup"  # while the others wait for the pictures


def main(arguments: list[str]) -> int:
    """Run; returns the exit code."""
    resume = "--resume" in arguments
    names = [argument for argument in arguments if argument != "--resume"]
    if len(names) != 2:
        print("usage: python -m sni_engine.train.process CONFIG.json RUN_FOLDER [--resume]", file=sys.stderr)
        return 2
    try:
        config = load_json(TrainConfig, read_bytes(Path(names[0])))
        with join_ranks() as ranks:
            watch(train(config, Path(names[1]), resume, ranks), StopFlag(), ranks, _make_printer())
    except PlainError as error:
        print(f"{names[0]} is not a training configuration ({error}).", file=sys.stderr)
        return 1
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _make_printer() -> Callable[[TrainEvent], None]:
    told = 0.0

    def show(event: TrainEvent) -> None:
        nonlocal told
        if event.kind != "step" or time.monotonic() - told >= _QUIET_S:
            print(json.dumps(to_plain(event)), flush=True)
            told = time.monotonic()

    return show


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
