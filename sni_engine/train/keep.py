"""What a run leaves on the disk at each interval: numbers, model, sample sheet, and last of all the checkpoint.

Once a checkpoint is there, so is everything that belongs to it; what is newer than the checkpoint is made again.
"""

import contextlib
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from sni_engine.api.errors import EngineError
from sni_engine.checkpoints.format import write_model
from sni_engine.checkpoints.tensors import read_header
from sni_engine.device import name_device
from sni_engine.drawing import Painter
from sni_engine.networks.generator import Generator
from sni_engine.portraits import write_sheet
from sni_engine.seeds import draw_codes
from sni_engine.train.kept import keep_checkpoint, make_room, tell_dropped, with_room
from sni_engine.train.run_folder import RunFolder
from sni_engine.train.state import RunState

SHEET_SEEDS = range(48)


@dataclass(frozen=True)
class Interval:
    """What an interval came to: how good its pictures are, and a sentence where old checkpoints had to go."""

    scores: dict[str, float]
    warning: str = ""


def keep(
    state: RunState, run: RunFolder, numbers: dict[str, float], measure: Callable[[Generator], dict[str, float]]
) -> Interval:
    """Write everything of one interval. Raises EngineError when weights are not finite or the system refuses.

    measure: returns the scores of the averaged generator.
    """
    refuse_unstable(state, run)
    scores = measure(state.average)
    line = {"images": state.images_seen, "step": state.step, **numbers}
    line |= {f"score_{name}": score for name, score in scores.items()}
    dropped = make_room(run)
    with _minding_room():
        with_room(run, lambda: run.append_metrics(line), dropped)
        with_room(run, lambda: _write_sheet(state, run), dropped)
        _write_checkpoint(state, run, dropped)
        with_room(run, lambda: keep_checkpoint(run, state.images_seen, state.config.keep), dropped)
    return Interval(scores, tell_dropped(dropped))


def save(state: RunState, run: RunFolder) -> str:
    """Write the model, then the checkpoint; the one before it stays as the previous one. Raises EngineError.

    Returns a sentence where old checkpoints had to go.
    """
    refuse_unstable(state, run)
    dropped = make_room(run)
    with _minding_room():
        _write_checkpoint(state, run, dropped)
    return tell_dropped(dropped)


def sample(state: RunState, run: RunFolder) -> None:
    """Write a sample sheet of the present images. Raises EngineError."""
    with _minding_room():
        _write_sheet(state, run)


def _write_sheet(state: RunState, run: RunFolder) -> None:
    write_sheet(draw_samples(state.average, SHEET_SEEDS, state.device), run.sheet(state.images_seen), columns=8)


def _write_checkpoint(state: RunState, run: RunFolder, dropped: list[int]) -> None:
    name = run.path.resolve().name
    with_room(run, lambda: write_model(run.model, state.average, name, facts=describe(state)), dropped)
    with_room(run, lambda: state.save(run.checkpoint, keep=run.previous), dropped)


@contextlib.contextmanager
def _minding_room() -> Iterator[None]:
    try:
        yield
    except EngineError as error:
        raise EngineError(error.title, "Make room, then resume: the last checkpoint is whole.") from error


def refuse_unstable(state: RunState, run: RunFolder) -> None:
    """Raise EngineError unless every number of the state is finite."""
    if not state.is_finite():
        raise say_unstable(run)


def say_unstable(run: RunFolder) -> EngineError:
    """Return what to say of losses or weights that are no numbers."""
    title = "Training became unstable: its numbers are no longer finite."
    if not run.has_checkpoint():
        return EngineError(title, "No checkpoint had been saved; start again with a lower rate.")
    return EngineError(title, f"The last good checkpoint is in {run.path}; resume it with a lower rate.")


def read_images_seen(run: RunFolder) -> int:
    """Return the images of the newest checkpoint, as its header says; 0 where there is none."""
    for path in (run.checkpoint, run.previous):
        with contextlib.suppress(EngineError, KeyError, ValueError):
            return int(read_header(path)["images_seen"])
    return 0


def restore(state: RunState, run: RunFolder) -> str:
    """Put the newest whole checkpoint into the state and in its place; returns a sentence when it was not, or ""."""
    path, warning = find_checkpoint(state, run)
    if path == run.previous:
        run.promote_previous()
    return warning


def find_checkpoint(state: RunState, run: RunFolder) -> tuple[Path, str]:
    """Put the newest whole checkpoint into the state; return where it is, and a sentence if that is not the newest.

    Changes no file. Raises EngineError when none can be read, saying what is wrong with the newest.
    """
    problem = EngineError(f"{run.checkpoint} is missing.")
    if run.checkpoint.exists():
        try:
            state.load(run.checkpoint)
            return run.checkpoint, ""
        except EngineError as error:
            problem = error
            if not run.previous.exists():
                raise
    try:
        state.load(run.previous)
    except EngineError as error:
        raise problem from error
    return run.previous, f"{problem.title} Going on from the checkpoint before it, at {state.images_seen} images."


def describe(state: RunState) -> dict[str, str]:
    """Return where a model comes from, for its card."""
    config = state.config
    portraits = f"{config.portraits or 'endless'} procedural portraits, variety {config.variety:g}"
    return {
        "pictures": Path(config.data).name if config.data else portraits,
        "recipe": config.recipe,
        "steps": str(state.step),
        "images seen": str(state.images_seen),
        "hours": f"{state.seconds / 3600:.2f}",
        "device": name_device(state.device) if state.device.type != "cpu" else f"CPU ({platform.machine()})",
        "torch": torch.__version__,
    }


def draw_samples(generator: Generator, seeds: range, device: torch.device) -> np.ndarray:
    """Draw the pictures of consecutive seeds, uint8 [N, H, W, 3]."""
    return Painter(generator, device).draw_many([draw_codes(generator.config.grid, seed) for seed in seeds])
