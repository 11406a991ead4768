"""The command line: the window's operations, with the same results to the byte.

The list of commands is here and imports nothing, so that `sni --help` answers at once; each command's module is
imported when it is called.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from sni_engine import __version__


@dataclass(frozen=True)
class Command:
    """Where a command lives, and one line of help."""

    module: str
    function: str
    help: str


COMMANDS: dict[str, Command] = {
    "new": Command("editing", "new", "Start a project from a seed."),
    "resample": Command("editing", "resample", "Draw new codes for some cells and levels."),
    "interpolate": Command("editing", "interpolate", "Move toward another project's face."),
    "draw": Command("showing", "draw", "Write a project's picture as PNG."),
    "replay": Command("showing", "replay", "Walk through a project's edits; run them again and compare."),
    "measure": Command("showing", "measure", "Say how local each edit was, as JSON."),
    "models": Command("models", "models", "List the models there are."),
    "train": Command("training", "train", "Train a model on portraits or on your own pictures."),
    "portraits": Command("training", "portraits", "Draw labelled portraits: a sheet or a folder."),
    "bench": Command("bench", "bench", "Measure how fast this machine draws, edits and trains."),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 failed (one sentence on stderr), 2 wrong usage."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help"):
        print(list_commands())
        return 0 if arguments else 2
    if arguments[0] == "--version":
        print(f"sni {__version__}")
        return 0
    command = COMMANDS.get(arguments[0])
    if command is None:
        print(f'"{arguments[0]}" is not a command. `sni --help` lists them.', file=sys.stderr)
        return 2
    return _run(arguments[0], command, arguments[1:])


def _run(name: str, command: Command, arguments: list[str]) -> int:
    import tyro

    from sni_engine.api.errors import EngineError

    try:
        function = getattr(import_module(f"sni_engine.cli.{command.module}"), command.function)
        return tyro.cli(function, prog=f"sni {name}", args=arguments, config=(tyro.conf.FlagCreatePairsOff,)) or 0
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        sys.stderr.close()
        return 0
    except SystemExit as error:  # tyro has told what is wrong with the arguments, or printed the help
        return int(error.code or 0)


def list_commands() -> str:
    """Return the text of `sni --help`."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.help}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "usage: sni COMMAND …",
            "",
            "Paint over a generated picture and resample just that, from the command line.",
            "",
            *lines,
            "",
            "`sni COMMAND --help` explains one. The window is `sni-desktop`.",
        ]
    )
