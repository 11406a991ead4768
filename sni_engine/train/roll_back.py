"""Going back to a checkpoint kept along the way, and forward again: while no process has the run, losing nothing."""

import contextlib
import shutil
import time
from pathlib import Path

import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.files import put_in_place, replace_file
from sni_engine.api.plain import dump_json
from sni_engine.api.rolled_back import Turn, count_images, find_put_aside, find_turn, read_turn
from sni_engine.api.runs import TrainEvent
from sni_engine.checkpoints.format import read_card, write_model
from sni_engine.checkpoints.tensors import load_into, read_header, read_tensors
from sni_engine.networks.generator import Generator
from sni_engine.train.kept import link
from sni_engine.train.run_folder import RunFolder

_FILES = (
    "metrics.jsonl",
    "model.safetensors",
    "checkpoint-previous.safetensors",
    "checkpoint.safetensors",
)
"""What a run stands on; brought back in this order, the last counts."""


def roll_back(folder: Path, images: int) -> None:
    """Make the checkpoint kept at so many images the newest one; what is later moves to rolled-back/.

    `undo_roll_back` brings it all back until the run has gone on. Raises EngineError when there is no such checkpoint,
    it is damaged, or a process has the run.
    """
    run = RunFolder(Path(folder))
    config = run.read_config()
    with run.hold():
        generator = _read_generator(run, images)  # before anything is moved: only whole ones are gone back to
        facts = _describe(run, images)
        before = count_images(run.checkpoint) or count_images(run.previous) or 0
        late = tuple(star for star in run.read_stars() if star > images)
        turn = _put_aside(run, Turn(before, images, late))
        _drop(run.previous)  # it must never be newer than the newest
        link(run.kept_checkpoint(images), run.checkpoint)
        _move_later(images, run.path, turn)
        run.change_stars(lambda stars: {star for star in stars if star <= images})
        run.cut_metrics(images)
        write_model(run.model, generator, run.path.resolve().name, facts=facts)
        _say(run, images, config.images, f"Rolled back from {before} to {images} images.")


def undo_roll_back(folder: Path) -> int:
    """Bring back what the last roll back put aside; returns the images of the newest checkpoint then.

    Raises EngineError when there is nothing to bring back, the run has gone on since, or a process has it.
    """
    run = RunFolder(Path(folder))
    config = run.read_config()
    with run.hold():
        turn = find_turn(run)
        if turn is None:
            raise EngineError(f"{run.path} was not rolled back.", "There is nothing to bring back.")
        known = read_turn(turn)
        if known is None or count_images(run.checkpoint) != known.images_to:
            raise EngineError(
                "The run has gone on since it was rolled back.", f"What was put aside stays in {turn}, to be copied."
            )
        _move_later(known.images_to, turn, run.path)
        run.change_stars(lambda stars: stars | {*known.stars})
        _drop(run.previous)
        for name in _FILES:  # the checkpoint last: until it is back, all this can be done again
            if (turn / name).exists():
                link(turn / name, run.path / name)
        if not RunFolder(turn).list_kept():  # else the system refused to move them, and here they stay
            shutil.rmtree(turn, ignore_errors=True)
        _say(run, known.images_from, config.images, f"Rolled forward again to {known.images_from} images.")
        return known.images_from


def can_undo(folder: Path) -> bool:
    """Say whether the last roll back can still be undone."""
    return find_put_aside(RunFolder(Path(folder))) > 0


def _say(run: RunFolder, images: int, total: int, text: str) -> None:
    """Write down where the run stands now, with the steps and the time that its newest checkpoint tells."""
    step, seconds = 0, 0.0
    with contextlib.suppress(EngineError, KeyError, ValueError):
        header = read_header(run.checkpoint)
        step, seconds = int(header["step"]), float(header["seconds"])
    run.append_event(TrainEvent("stopped", images, total, step, text=text, at=time.time(), seconds=seconds))


def model_at(folder: Path, images: int) -> Path:
    """Return the model file of a kept checkpoint, its average weights, written into models/.

    Raises EngineError when there is no such checkpoint, it is damaged, or there is no room.
    """
    run = RunFolder(Path(folder))
    path = run.path / "models" / f"{images:08d}.safetensors"
    generator = _read_generator(run, images)
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise EngineError(
            f"{path.parent} could not be made: {error.strerror}.", "Make room, then try again."
        ) from error
    write_model(path, generator, f"{run.path.resolve().name} at {images}", facts=_describe(run, images))
    return path


def _put_aside(run: RunFolder, known: Turn) -> Path:
    """Give all that the run stands on a second name in a folder of rolled-back/, so that it is whole at every moment.

    Returns the folder; there is none when this raises EngineError.
    """
    others = [int(path.name) for path in (run.path / "rolled-back").glob("*") if path.name.isdecimal()]
    turn = run.path / "rolled-back" / str(max(others, default=0) + 1)
    try:
        turn.mkdir(parents=True)
    except OSError as error:
        raise EngineError(f"{turn} could not be made: {error.strerror}.", "Make room, then try again.") from error
    try:
        for name in _FILES:
            if (run.path / name).exists():
                link(run.path / name, turn / name)
        with replace_file(turn / "turn.json") as stream:
            stream.write(dump_json(known).encode())
    except EngineError:
        shutil.rmtree(turn, ignore_errors=True)
        raise
    return turn


def _drop(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise EngineError(
            f"{path} could not be deleted: {error.strerror}.", "Close what reads it, then try again."
        ) from error


def _move_later(images: int, source: Path, target: Path) -> None:
    """Move kept checkpoints and sheets of more than so many images from one folder to another, as far as it goes."""
    here = RunFolder(source)
    for number, path in (
        *((number, here.kept_checkpoint(number)) for number in here.list_kept()),
        *((number, here.sheet(number)) for number in here.list_sheets()),
    ):
        if number > images:
            place = target / path.relative_to(source)
            with contextlib.suppress(OSError):
                place.parent.mkdir(parents=True, exist_ok=True)
                put_in_place(path, place)


def _read_generator(run: RunFolder, images: int) -> Generator:
    """Return the averaged generator of a kept checkpoint. Raises EngineError."""
    path = run.kept_checkpoint(images)
    if not path.exists():
        known = ", ".join(map(str, run.list_kept())) or "none"
        raise EngineError(f"No checkpoint is kept at {images} images.", f"Those that are: {known}.")
    tensors, _ = read_tensors(path)
    with torch.device("meta"):
        generator = Generator(run.read_config().generator)
    mean = {name.removeprefix("average."): tensor for name, tensor in tensors.items() if name.startswith("average.")}
    load_into(generator, mean, path, assign=True)
    return generator


def _describe(run: RunFolder, images: int) -> dict[str, str]:
    """Return where a model of a kept checkpoint comes from: as the run's model says, with the numbers of then."""
    facts: dict[str, str] = {}
    with contextlib.suppress(EngineError):
        facts = dict(read_card(run.model).facts)
    header = read_header(run.kept_checkpoint(images))
    with contextlib.suppress(ValueError):
        facts["hours"] = f"{float(header.get('seconds', '0')) / 3600:.2f}"
    return {**facts, "steps": header.get("step", ""), "images seen": str(images)}
