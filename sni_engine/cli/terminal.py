"""Speaking to the terminal: sentences and progress on stderr, flags read from signatures, mistakes told apart."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import tyro

from sni_engine.api.errors import EngineError


def opt(**describe: Any) -> Any:
    """Describe a flag that may be left out, as tyro.conf.arg does; its help says what holds then, not "None"."""
    return tyro.conf.arg(**describe, help_behavior_hint="")


ModelName = Annotated[
    str | None, opt(metavar="NAME|FILE", help="the model that draws; without it, the one the file names")
]
DeviceName = Annotated[str, tyro.conf.arg(metavar="auto|cpu|cuda", help="where the work runs")]


class UsageError(EngineError):
    """The command was written wrongly: exit code 2."""


def say(text: str) -> None:
    """Print a line for the person, where it does not mix with results."""
    print(text, file=sys.stderr)


def read_flags(function: Callable[..., Any], words: Sequence[str]) -> Any:
    """Call `function` with what `words` say: the command's name, then its arguments. Bad ones exit with code 2."""
    return tyro.cli(function, prog=f"sni {words[0]}", args=words[1:], config=(tyro.conf.DisallowNone,))


@contextlib.contextmanager
def reading(flag: str) -> Iterator[None]:
    """Turn what is wrong with a flag's value into a UsageError that names the flag."""
    try:
        yield
    except EngineError as error:
        raise UsageError(f"{flag}: {error.title}", error.hint) from error
    except ValueError as error:
        raise UsageError(f"{flag}: {error}.") from error


def choose_seed(seed: int | None) -> int:
    """Return the seed that was asked for, or one nobody has used. Raises UsageError when it is out of range."""
    from sni_engine.api.codes import LARGEST_SEED
    from sni_engine.seeds import fresh_seed

    if seed is None:
        return fresh_seed()
    if not 0 <= seed <= LARGEST_SEED:
        raise UsageError(f"--seed: {seed} is not a seed.", "Seeds go from 0 to 9223372036854775807.")
    return seed


@contextlib.contextmanager
def counting(text: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr while the block runs; the value is a function that takes how many are done so far."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(text, total=total)
        yield lambda done: progress.update(task, completed=done)
