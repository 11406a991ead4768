"""`sni bench`: how fast this machine is."""

from pathlib import Path
from typing import Annotated

from tyro.conf import arg

from sni_engine.cli.editing import Model


def bench(
    model: Model = None,
    json: Annotated[Path | None, arg(metavar="FILE", help="Write the figures here too.")] = None,
    quick: Annotated[bool, arg(help="Fewer repetitions, rougher figures.")] = False,
) -> None:
    """Measure drawing, editing and training: medians of repeated runs, and the peak of memory."""
    from sni_engine.bench import run_bench

    run_bench(model, json, quick)
