"""`sni train`: train a model, with a progress bar; Ctrl+C saves, --resume goes on."""

import contextlib
import math
import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import OmitArgPrefixes, arg

from sni_engine.api.errors import EngineError
from sni_engine.cli.progress import showing
from sni_engine.cli.terminal import UsageError, opt, read_flags, reading, say

if TYPE_CHECKING:
    from sni_engine.api.training import TrainConfig
    from sni_engine.train.process import StopFlag


_NO_TIME = "--minutes must be above 0"


def run(words: Sequence[str]) -> None:
    """Run `sni train`. Every field of TrainConfig is a flag; what is not said comes from the preset or the run."""
    is_dry = peek(words[1:]).dry_run and not peek(words[1:]).help
    flaws, words = sift_all(words) if is_dry else ([], list(words))
    tell_of_recipe(words[1:])
    read_flags(make_command(choose_base(words[1:]), flaws), words)


def make_command(base: "TrainConfig", flaws: Sequence[str] = ()) -> Callable[..., None]:
    """Return `sni train` with the defaults of a config. flaws: what a dry run has to say already."""
    from sni_engine.api.training import TrainConfig, TrainWishes

    def train(
        *,
        out: Annotated[Path, arg(metavar="FOLDER", help="the run: checkpoints, samples, numbers, and the model")],
        preset: Annotated[str | None, opt(help=f"what to start from: {', '.join(list_presets())}")] = None,
        resume: Annotated[bool, arg(help="go on with the run in the folder")] = False,
        minutes: Annotated[float, arg(help="save and end after so long; preparations are finished first")] = math.inf,
        dry_run: Annotated[bool, arg(help="list every problem, predict time, memory and disk, and end")] = False,
        config: OmitArgPrefixes[TrainWishes] = TrainWishes(**vars(base)),  # noqa: B008
    ) -> None:
        """Train a model on our own portraits, or on a folder or zip file of pictures with --data.

        Ctrl+C saves and ends; --resume goes on. With --dry-run nothing is trained.
        """
        changes = list_changes(base, config) if resume else []
        if dry_run:
            late = [] if minutes > 0 else [f"{_NO_TIME}."]
            show_forecast(config, out, resume, [*flaws, *late, *changes])
            return
        if changes:
            raise UsageError(" ".join(changes), "Start a new run in another folder.")
        with reading("Settings"):
            settled: TrainConfig = config.checked()
        if not minutes > 0:
            raise UsageError(f"{_NO_TIME}.", "Leave it out to train to the end.")
        play(settled, out, resume, minutes)

    return train


def sift_all(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what is wrong with the flags of a dry run, and words that can be read in spite of it."""
    from sni_engine.cli.dry_run import list_flags, sift

    flaws, good = sift(words[1:], list_flags(make_command(choose_base([]))))
    if not peek(good).out:
        flaws.append("--out is missing: the run needs a folder.")
        good += ["--out", "."]
    try:
        choose_base(good)
    except EngineError as error:
        flaws.append(str(error))
        good = [word for word in good if word != "--resume"]
        good += ["--preset", next(iter(list_presets()))]
    return flaws, [words[0], *good]


def show_forecast(config: "TrainConfig", out: Path, resume: bool, flaws: Sequence[str]) -> None:
    """Print what a run would meet. Raises EngineError when it could not start."""
    from sni_engine.cli.dry_run import rehearse

    if not rehearse(config, out, resume, flaws):
        raise EngineError("This run cannot start.", "Solve what is listed, then try again.")


def list_presets() -> list[str]:
    """Return the names of the presets."""
    from sni_engine.api.train_presets import PRESETS

    return list(PRESETS)


def choose_base(words: Sequence[str]) -> "TrainConfig":
    """Return the config the flags change: the run's own when resuming, else the preset's. Raises UsageError."""
    from sni_engine.api.train_presets import PRESETS
    from sni_engine.train.run_folder import RunFolder

    said = peek(words)
    if said.resume and said.out and not said.help:
        return RunFolder(Path(said.out)).read_config()
    name = said.preset or ("pictures-64" if said.data else "portraits-64")
    if name not in PRESETS:
        raise UsageError(f'There is no preset "{name}".', f"Presets are {', '.join(PRESETS)}.")
    return fit_recipe(PRESETS[name], said)


def fit_recipe(preset: "TrainConfig", said: Namespace) -> "TrainConfig":
    """Return a preset as it is for a person's own pictures, unless the person said which recipe."""
    from sni_engine.api.train_shapes import with_data

    if not said.data or said.recipe or preset.recipe != "projected":
        return preset
    return with_data(preset, said.data).checked()


def tell_of_recipe(words: Sequence[str]) -> None:
    """Say what a preset for portraits becomes on a person's own pictures."""
    from sni_engine.api.train_presets import PRESETS

    said = peek(words)
    preset = PRESETS.get(said.preset or "")
    if preset is None or said.help or said.resume or fit_recipe(preset, said) == preset:
        return
    say(f"{said.preset} is for our own portraits; on your pictures it trains with --recipe plain --augment adaptive.")


def peek(words: Sequence[str]) -> Namespace:
    """Return the few flags that decide the defaults of all the others."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for name in ("--out", "--preset", "--data", "--recipe"):
        parser.add_argument(name, nargs="?")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--dry-run", "--dry_run", action="store_true")
    parser.add_argument("-h", "--help", action="store_true")
    return parser.parse_known_args(list(words))[0]


def list_changes(old: "TrainConfig", new: "TrainConfig") -> list[str]:
    """Return, as sentences, which flags would change what a run that is resumed depends on."""
    from sni_engine.api.training import MAY_CHANGE, MAY_MEND

    fixed = [item.name for item in fields(old) if item.name not in (*MAY_CHANGE, *MAY_MEND)]
    changed = [name.replace("_", "-") for name in fixed if getattr(old, name) != getattr(new, name)]
    return [f"--{flag} cannot change in a run that is resumed." for flag in changed]


def play(config: "TrainConfig", out: Path, resume: bool, minutes: float) -> None:
    """Train and show how far it is. Raises KeyboardInterrupt, once the run is saved, when the person asked to stop."""
    from sni_engine.api.run_list import add_run
    from sni_engine.train.distributed import join_ranks
    from sni_engine.train.loop import train
    from sni_engine.train.process import watch
    from sni_engine.train.run_folder import RunFolder

    with join_ranks() as ranks, stopping() as stop, showing(ranks.is_first) as show:
        if ranks.is_first:
            with contextlib.suppress(EngineError):  # the window's list is no reason not to train
                add_run(out)
        is_done = watch(train(config, out, resume, ranks, minutes, stop.was_asked), ranks, show)
    if is_done:
        return
    if ranks.is_first:
        words = "and saved" if RunFolder(out).has_checkpoint() else "before its first checkpoint"
        say(f"Stopped {words}; go on with: sni train --out {out} --resume")
    if stop.was_asked():
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
