"""`sni train`: train a model, with a progress bar; Ctrl+C saves, --resume goes on."""

import contextlib
import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import OmitArgPrefixes, arg

from sni_engine.cli.progress import showing
from sni_engine.cli.terminal import UsageError, read_flags, say

if TYPE_CHECKING:
    from sni_engine.train.config import TrainConfig
    from sni_engine.train.process import StopFlag


def run(words: Sequence[str]) -> None:
    """Run `sni train`. Every field of TrainConfig is a flag; what is not said comes from the preset or the run."""
    from sni_engine.train.config import TrainConfig

    base = choose_base(words[1:])

    def train(
        *,
        out: Annotated[Path, arg(metavar="FOLDER", help="the run: checkpoints, samples, numbers, and the model")],
        preset: Annotated[str | None, arg(help=f"what to start from: {', '.join(list_presets())}")] = None,
        resume: Annotated[bool, arg(help="go on with the run in the folder")] = False,
        config: OmitArgPrefixes[TrainConfig] = base,
    ) -> None:
        """Train a model on our own portraits, or on a folder of pictures with --data. Ctrl+C saves and ends."""
        if resume:
            refuse_changes(base, config)
        play(config, out, resume)

    read_flags(train, words)


def list_presets() -> list[str]:
    """Return the names of the presets."""
    from sni_engine.train.config import PRESETS

    return list(PRESETS)


def choose_base(words: Sequence[str]) -> "TrainConfig":
    """Return the config the flags change: the run's own when resuming, else the preset's. Raises UsageError."""
    from sni_engine.train.config import PRESETS
    from sni_engine.train.run_folder import RunFolder

    said = peek(words)
    if said.resume and said.out and not said.help:
        return RunFolder(Path(said.out)).read_config()
    name = said.preset or ("pictures-64" if said.data else "portraits-64")
    if name not in PRESETS:
        raise UsageError(f'There is no preset "{name}".', f"Presets are {', '.join(PRESETS)}.")
    return PRESETS[name]


def peek(words: Sequence[str]) -> Namespace:
    """Return the few flags that decide the defaults of all the others."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for name in ("--out", "--preset", "--data"):
        parser.add_argument(name, nargs="?")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("-h", "--help", action="store_true")
    return parser.parse_known_args(list(words))[0]


def refuse_changes(old: "TrainConfig", new: "TrainConfig") -> None:
    """Raise UsageError when flags would change what a run that is resumed depends on."""
    from sni_engine.train.config import MAY_CHANGE, MAY_MEND

    for item in fields(old):
        if item.name not in (*MAY_CHANGE, *MAY_MEND) and getattr(old, item.name) != getattr(new, item.name):
            flag = item.name.replace("_", "-")
            raise UsageError(f"--{flag} cannot change in a run that is resumed.", "Start a new run in another folder.")


def play(config: "TrainConfig", out: Path, resume: bool) -> None:
    """Train and show how far it is. Raises KeyboardInterrupt, once the run is saved, when the person asked to stop."""
    from sni_engine.train.distributed import join_ranks
    from sni_engine.train.loop import train
    from sni_engine.train.process import watch

    with join_ranks() as ranks, stopping() as stop, showing(ranks.is_first) as show:
        is_done = watch(train(config, out, resume, ranks), stop, ranks, show)
    if is_done:
        return
    if ranks.is_first:
        say(f"Stopped and saved; go on with: sni train --out {out} --resume")
    raise KeyboardInterrupt


@contextlib.contextmanager
def stopping() -> Iterator["StopFlag"]:
    """Let Ctrl+C and SIGTERM wait for the step in hand while the block runs; the flag says whether one came."""
    from sni_engine.train.process import StopFlag

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield StopFlag()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
