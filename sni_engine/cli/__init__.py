"""The command line `sni`: the same operations as the window, and on the CPU the same bytes.

Each command is a function whose signature is its flags; its module is imported when the command is named, and torch
only inside it, so that `sni --help` is instant.
"""

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sni_engine import __version__
from sni_engine.api.errors import EngineError
from sni_engine.cli.terminal import UsageError, say

OK, FAILED, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True)
class Command:
    """A row of the help: the word, where its `run(arguments)` lives, and what it does."""

    name: str
    module: str
    help: str


COMMANDS = (
    Command("new", "editing", "start a project with a new face"),
    Command("resample", "editing", "draw new codes for some cells and levels"),
    Command("interpolate", "blending", "move some cells and levels toward another face"),
    Command("transfer", "transferring", "give a part, such as the hair, the look it has in another face"),
    Command("draw", "drawing", "write a project's picture: PNG with the project in it, JPEG or WebP"),
    Command("sheet", "sheet", "write many steps of a project as one picture with names"),
    Command("sequence", "sequence", "write the way between steps as frames, GIF, WebP, animated PNG or MP4"),
    Command("replay", "replaying", "apply a project's edits to other faces, or run them again and compare"),
    Command("recipe", "replaying", "write the edits on the way to a node down, to be applied to other faces"),
    Command("measure", "checking", "say how much each edit changed inside and outside its cells, as JSON"),
    Command("measure-model", "measuring", "measure a model: path length, separability, distance, locality, levels"),
    Command("measure-transfer", "measuring_transfer", "measure how much styles of parts change in and outside of them"),
    Command("models", "models", "look after models: list, show, add, rename, copy, remove, restore, verify"),
    Command("parts", "parts", "find, name, show and measure the semantic parts of a model"),
    Command("train", "training", "train a model on portraits or on a folder of pictures"),
    Command("run", "runs", "look after training runs: pause, stop, show, star a checkpoint, go back to one"),
    Command("portraits", "portraits", "draw procedural portraits: a sheet, or a labelled folder"),
    Command("bench", "bench", "measure how fast this machine draws, edits and trains"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0, 1 for a failure told in a sentence, 2 for bad usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = run(words)
        sys.stdout.flush()
    except UsageError as error:
        say(str(error))
        return BAD_USAGE
    except EngineError as error:
        say(str(error))
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has seen enough; what is left must not complain at the exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def run(words: Sequence[str]) -> int:
    """Print help or version, or run the command that the first word names."""
    if not words or words[0] in ("-h", "--help"):
        print(format_help())
        return OK if words else BAD_USAGE
    if words[0] == "--version":
        print(f"sni {__version__}")
        return OK
    find_command(words[0])(words)
    return OK


def find_command(name: str) -> Callable[[Sequence[str]], None]:
    """Return what runs a command, given its name and arguments. Raises UsageError when there is none."""
    for command in COMMANDS:
        if command.name == name:
            return importlib.import_module(f"sni_engine.cli.{command.module}").run  # type: ignore[no-any-return]
    near = get_close_matches(name, [command.name for command in COMMANDS], 1)
    raise UsageError(f'There is no command "{name}".', f"Did you mean {near[0]}?" if near else 'See "sni --help".')


def format_help() -> str:
    """Return what `sni --help` prints."""
    width = max(len(command.name) for command in COMMANDS)
    rows = "\n".join(f"  {command.name:{width}}  {command.help}" for command in COMMANDS)
    return (
        "usage: sni [-h] [--version] COMMAND ...\n\n"
        "Edit pictures made from a grid of codes, without a window.\n\n"
        f"commands:\n{rows}\n\n"
        'Each has its own help, such as "sni resample --help".'
    )
