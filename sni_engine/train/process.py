"""The headless trainer: a config file in, one JSON line per event out; SIGINT or SIGTERM saves and ends.

    python -m sni_engine.train.process config.json runs/x [--resume]

Needs torch, numpy, pillow and safetensors, nothing else.
"""

import contextlib
import json
import signal
import sys
import time
from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.files import read_bytes
from sni_engine.api.plain import PlainError, load_json, to_plain
from sni_engine.train.config import TrainConfig
from sni_engine.train.loop import train

_QUIET_S = 1.0  # steps are told at most this often; everything else always


class StopFlag:
    """Set by a signal, read between two steps, so that a step is never cut in half."""

    def __init__(self) -> None:
        self.is_set = False
        for name in ("SIGINT", "SIGTERM", "SIGBREAK"):  # the last is what a parent can send on Windows
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._set)

    def _set(self, number: int, frame: object) -> None:
        self.is_set = True


def main(arguments: list[str]) -> int:
    """Run; returns the exit code."""
    resume = "--resume" in arguments
    names = [argument for argument in arguments if argument != "--resume"]
    if len(names) != 2:
        print("usage: python -m sni_engine.train.process CONFIG.json RUN_FOLDER [--resume]", file=sys.stderr)
        return 2
    try:
        config = load_json(TrainConfig, read_bytes(Path(names[0])))
        _tell(config, Path(names[1]), resume)
    except PlainError as error:
        print(f"{names[0]} is not a training configuration ({error}).", file=sys.stderr)
        return 1
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _tell(config: TrainConfig, out: Path, resume: bool) -> None:
    stop, told = StopFlag(), 0.0
    with contextlib.closing(train(config, out, resume)) as events:  # closing saves, whatever ends the loop
        for event in events:
            if event.kind != "step" or time.monotonic() - told >= _QUIET_S:
                print(json.dumps(to_plain(event)), flush=True)
                told = time.monotonic()
            if stop.is_set:
                return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
