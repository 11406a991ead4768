"""`sni bench`: how fast this machine draws, edits and trains."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from tyro.conf import arg

from sni_engine.cli.terminal import read_flags


def run(words: Sequence[str]) -> None:
    """Run `sni bench`."""
    read_flags(bench, words)


def bench(
    *,
    json: Annotated[Path | None, arg(metavar="FILE", help="write the numbers there too")] = None,
    model: Annotated[str | None, arg(metavar="NAME|FILE", help="the model to draw with")] = None,
    quick: Annotated[bool, arg(help="fewer repetitions")] = False,
    portraits: Annotated[bool, arg(help="time the drawing of portraits, and nothing else")] = False,
) -> None:
    """Print the median and 95th percentile of drawing and editing, the trainer's images per second, and peak memory."""
    from sni_engine.bench import run_bench, run_portrait_bench

    if portraits:
        run_portrait_bench(json, quick)
        return
    run_bench(model, json, quick)
