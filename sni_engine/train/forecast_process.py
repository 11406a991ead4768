"""What a run would meet, found in a process of its own: settings in by stdin, JSON lines out, the forecast last.

    python -m sni_engine.train.forecast_process RUN_FOLDER < config.json
    python -m sni_engine.train.forecast_process RUN_FOLDER --attached

Attached, the settings are one line, and the process ends when stdin is closed: whoever started it is gone.

A line is {"event": TrainEvent}, {"forecast": Forecast} or {"failed": {"title", "hint"}}. SIGTERM ends it; what it
had begun to write is taken away.
"""

import contextlib
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TextIO

from sni_engine.api.errors import EngineError
from sni_engine.api.generators import drain
from sni_engine.api.plain import PlainError, load_json, to_plain
from sni_engine.api.training import TrainWishes

ATTACHED = "--attached"


def main(arguments: list[str], config: TextIO, out: TextIO) -> int:
    """Measure and tell; returns the exit code."""
    is_attached = arguments[1:] == [ATTACHED]
    if len(arguments) != 1 + is_attached:
        print("usage: python -m sni_engine.train.forecast_process RUN_FOLDER < config.json", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))  # so that what is begun is cleared away

    def tell(kind: str, value: object) -> None:
        print(json.dumps({kind: to_plain(value)}), file=out, flush=True)

    try:
        wishes = load_json(TrainWishes, config.readline() if is_attached else config.read())
        if is_attached:
            threading.Thread(target=_wait_for_end, args=(config.fileno(),), daemon=True).start()
        from sni_engine.train.forecast import make_forecast  # torch comes with it

        tell("forecast", drain(make_forecast(wishes, Path(arguments[0])), lambda event: tell("event", event)))
    except PlainError as error:
        tell("failed", {"title": f"These are no settings of a run ({error}).", "hint": ""})
        return 1
    except EngineError as error:
        tell("failed", {"title": error.title, "hint": error.hint})
        return 1
    return 0


def _wait_for_end(stdin: int) -> None:
    """End this process once nobody holds the other end of its stdin."""
    with contextlib.suppress(OSError):
        while os.read(stdin, 1024):  # past the file object, which could not be closed while a thread reads it
            pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin, sys.stdout))
