"""Progress bars, on stderr, so that what a command prints can be piped."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


def stderr_console() -> Console:
    """Return a console that writes to stderr."""
    return Console(stderr=True)


def train_progress() -> Progress:
    """Return the bar of a training run: images, rate, time gone and time left, losses."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[losses]}"),
        console=stderr_console(),
    )
