"""How a training run looks: one bar with rate, time left and losses; plain lines where there is no terminal."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sni_engine.cli.terminal import say

if TYPE_CHECKING:
    from rich.console import Console

    from sni_engine.api.runs import TrainEvent

_LINE_EVERY_S = 60.0
# events with a line of their own
_WRITTEN = ("note", "warning", "checkpoint", "sheet", "paused", "resumed", "stopped", "done")

Show = Callable[["TrainEvent"], None]


@contextlib.contextmanager
def showing(aloud: bool = True) -> Iterator[Show]:
    """Show the events of a run on stderr while the block runs; the value is a function that takes each.

    aloud: False for a process that leaves the speaking to another.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if not aloud:
        yield lambda event: None
    elif console.is_terminal:
        with show_bar(console) as show:
            yield show
    else:
        yield make_lines()


@contextlib.contextmanager
def show_bar(console: "Console") -> Iterator[Show]:
    """Show a bar that stays, and a line for everything that was written."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.fields[numbers]}"), console=console, speed_estimate_period=120) as bar:
        task = bar.add_task("Starting", total=None, numbers="")

        def show(event: "TrainEvent") -> None:
            text = describe(event)
            if bar.tasks[task].description != text:
                bar.reset(task, description=text, total=event.images_total, numbers="")
            bar.update(task, completed=event.images_seen, total=event.images_total, numbers=format_numbers(event))
            if event.kind in _WRITTEN:
                bar.console.print(event.text, highlight=False)

        yield show


def make_lines() -> Show:
    """Return a function that prints a line per stage, per file written, and per minute."""
    told_at, stage = 0.0, ""

    def show(event: "TrainEvent") -> None:
        nonlocal told_at, stage
        now, text = time.monotonic(), describe(event)
        written = event.kind in _WRITTEN
        if written or text != stage or now - told_at > _LINE_EVERY_S:
            told_at, stage = now, text
            say(event.text if written else f"{text}: {format_count(event)}")

    return show


def describe(event: "TrainEvent") -> str:
    """Return which stage of the run an event belongs to."""
    return {"setup": event.text, "started": "Starting"}.get(event.kind, "Training")


def format_count(event: "TrainEvent") -> str:
    """Return how far a stage is, with its numbers."""
    return f"{event.images_seen} of {event.images_total}  {format_numbers(event)}".rstrip()


def format_numbers(event: "TrainEvent") -> str:
    """Return rate and losses in a few words."""
    rate = [f"{event.rate:.1f} images/s"] if event.rate else []
    return "  ".join(rate + [f"{name} {value:.3f}" for name, value in event.losses.items()])
