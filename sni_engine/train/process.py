"""The headless trainer: a config file in, one JSON line per event out; SIGINT or SIGTERM saves and ends.

    python -m sni_engine.train.process config.json runs/x [--resume] [--minutes M] [--quiet]
    torchrun --nproc-per-node 4 -m sni_engine.train.process config.json runs/x [--resume]

The same events are in the run's folder, where its wishes are read, too (api/runs); with --quiet nothing else tells
them. Needs torch, numpy, pillow and safetensors, nothing else.
"""

import argparse
import contextlib
import json
import math
import signal
import sys
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.files import read_bytes
from sni_engine.api.plain import PlainError, load_json, to_plain
from sni_engine.api.runs import TrainEvent
from sni_engine.api.training import TrainConfig
from sni_engine.train.distributed import Ranks, join_ranks
from sni_engine.train.loop import train

_QUIET_S = 1.0  # steps are told at most this often; everything else always

Show = Callable[[TrainEvent], None]


class StopFlag:
    """Set by a signal; read between two steps, so that a step is never cut in half."""

    def __init__(self) -> None:
        self._is_set = False
        for name in ("SIGINT", "SIGTERM", "SIGBREAK"):  # the last is what a parent can send on Windows
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._set)

    def _set(self, number: int, frame: object) -> None:
        self._is_set = True

    def was_asked(self) -> bool:
        """Say whether to save and end now."""
        return self._is_set


def watch(events: Generator[TrainEvent, None, None], ranks: Ranks, show: Show) -> bool:
    """Show a run's events until it ends; returns whether it is done. The first process alone shows."""
    is_done = False
    with contextlib.closing(events):  # closing saves, whatever ends the loop
        for event in events:
            if ranks.is_first:
                show(event)
            is_done = event.kind == "done"
    return is_done


def main(arguments: Sequence[str]) -> int:
    """Run; returns the exit code."""
    flags = _make_parser().parse_args(arguments)
    try:
        config = load_json(TrainConfig, read_bytes(flags.config))
        with join_ranks() as ranks:
            events = train(config, flags.folder, flags.resume, ranks, flags.minutes, StopFlag().was_asked)
            watch(events, ranks, _say_nothing if flags.quiet else _make_printer())
    except PlainError as error:
        print(f"{flags.config} is not a training configuration ({error}).", file=sys.stderr)
        return 1
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m sni_engine.train.process", allow_abbrev=False)
    parser.add_argument("config", metavar="CONFIG.json", type=Path)
    parser.add_argument("folder", metavar="RUN_FOLDER", type=Path)
    parser.add_argument("--resume", action="store_true", help="go on with the run in the folder")
    parser.add_argument("--minutes", type=float, default=math.inf, help="save and end after so long, pauses aside")
    parser.add_argument("--quiet", action="store_true", help="tell nothing but problems")
    return parser


def _say_nothing(event: TrainEvent) -> None:
    pass


def _make_printer() -> Show:
    told = 0.0

    def show(event: TrainEvent) -> None:
        nonlocal told
        if event.kind != "step" or time.monotonic() - told >= _QUIET_S:
            print(json.dumps(to_plain(event)), flush=True)
            told = time.monotonic()

    return show


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
