"""`sni bench`: how fast this machine draws, edits, answers and trains."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from tyro.conf import Positional, arg

from sni_engine.cli.terminal import opt, read_flags

What = Annotated[
    Positional[Literal["editing", "desktop", "training", "portraits"]],
    arg(help="drawing and editing with a model, the whole window, the trainer's steps, or the drawing of portraits"),
]


def run(words: Sequence[str]) -> None:
    """Run `sni bench`."""
    read_flags(bench, words)


def bench(
    what: What = "editing",
    *,
    json: Annotated[Path | None, opt(metavar="FILE", help="write the numbers there too")] = None,
    model: Annotated[str | None, opt(metavar="NAME|FILE", help="the model to draw with")] = None,
    quick: Annotated[bool, arg(help="fewer repetitions")] = False,
    channels: Annotated[bool, arg(help="draw at StyleGAN2-ADA's channels, with random weights (editing)")] = False,
    desktop: Annotated[bool, arg(help="the same as `sni bench desktop`")] = False,
    long: Annotated[bool, arg(help="ten thousand edits, to see memory grow (desktop)")] = False,
    on_screen: Annotated[bool, arg(help="in a window on your screen instead of an unseen one (desktop)")] = False,
) -> None:
    """Print medians of repeated runs, and the memory they took."""
    if what == "desktop" or desktop:
        from sni_engine.bench.desktop import run_desktop_bench

        run_desktop_bench(model, json, quick, long, on_screen)
    elif what == "training":
        from sni_engine.bench.training import run_training_bench

        run_training_bench(json, quick)
    elif what == "portraits":
        from sni_engine.bench.portraits import run_portrait_bench

        run_portrait_bench(json, quick)
    elif channels:
        from sni_engine.bench.channels import run_channels_bench

        run_channels_bench(json, quick)
    else:
        from sni_engine.bench.editing import run_editing_bench

        run_editing_bench(model, json, quick)
