"""`sni run`: look after training runs, wherever they were begun: list, show, pause, stop, star, go back."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from sni_engine.api.errors import EngineError
from sni_engine.api.plain import to_plain
from sni_engine.api.run_list import list_runs, runs_folder
from sni_engine.api.run_watch import RunNow, RunWatch
from sni_engine.api.runs import RunFiles, Wishes
from sni_engine.cli.terminal import UsageError, read_flags, say

if TYPE_CHECKING:
    from sni_engine.api.runs import TrainEvent

_HELP = """usage: sni run list [--json]
       sni run show FOLDER [--json]
       sni run pause|go-on|stop|save|sample FOLDER
       sni run star FOLDER IMAGES [--off]
       sni run back FOLDER IMAGES
       sni run forward FOLDER
       sni run model FOLDER IMAGES

Look after training runs, wherever they were begun. A run is named by its folder, or by its name in the program's own
folder of runs.

  list     every known run, and what it has come to
  show     one run: state, numbers, time left, kept checkpoints, the last it said
  pause    save and rest; it keeps its memory meanwhile
  go-on    end the pause
  stop     save and end; sni train --out FOLDER --resume goes on
  save     save a checkpoint and the model now
  sample   draw the sample sheet now
  star     keep the checkpoint at so many images for ever (--off: no longer)
  back     go back to the checkpoint at so many images; what is later is put aside
  forward  bring back what the last "back" put aside, until the run has gone on
  model    write the model of the checkpoint at so many images, and print where it is"""

Folder = Annotated[Positional[Path], arg(metavar="FOLDER", help="the run")]
Images = Annotated[Positional[int], arg(metavar="IMAGES", help="which of its kept checkpoints: at how many images")]
Json = Annotated[bool, arg(name="json", help="print JSON")]


def run(words: Sequence[str]) -> None:
    """Run one of the commands of this file."""
    actions: dict[str, Callable[..., None]] = {
        **{"list": list_all, "show": show, "pause": pause, "go-on": go_on, "stop": stop, "save": save},
        **{"sample": sample, "star": star, "back": back, "forward": forward, "model": model},
    }
    if len(words) > 1 and words[1] in ("-h", "--help"):
        print(_HELP)
    elif len(words) > 1 and words[1] in actions:
        read_flags(actions[words[1]], [f"run {words[1]}", *words[2:]])
    else:
        raise UsageError("Write one of: " + ", ".join(f"sni run {name}" for name in actions) + ".")


def list_all(*, as_json: Json = False) -> None:
    """List every known run: those in the program's own folder, and those that were opened in the window."""
    found = [RunWatch(path).look() for path in list_runs()]
    if as_json:
        print(json.dumps([describe(now) for now in found], indent=2))
        return
    width = max((len(str(now.path)) for now in found), default=0)
    for now in found:
        print(f"{now.state:9}  {now.path!s:{width}}  {format_progress(now)}".rstrip())
    if not found:
        say(f"There are no runs yet. Runs that are begun in the window are in {runs_folder()}.")


def show(folder: Folder, *, as_json: Json = False) -> None:
    """Show what a run has come to."""
    now = look(folder)
    if as_json:
        print(json.dumps(describe(now), indent=2))
        return
    print(f"{now.path}: {now.state}  {format_progress(now)}".rstrip())
    if now.text:
        print(f"{now.text} {now.hint}".strip())
    numbers = format_numbers(now.last) if now.last is not None else ""
    if numbers:
        print(numbers)
    kept = ", ".join(f"{images}{'*' if images in now.starred else ''}" for images in now.kept)
    print(f"kept checkpoints: {kept or 'none'}")
    for line in list_next_steps(now):
        print(line)


def pause(folder: Folder) -> None:
    """Let a run save and rest; it keeps its memory meanwhile."""
    files = wish(folder, lambda wishes: replace(wishes, paused=True))
    print(f"It saves and rests after its next step. Go on with: sni run go-on {files.path}")


def go_on(folder: Folder) -> None:
    """End the pause of a run."""
    wish(folder, lambda wishes: replace(wishes, paused=False))
    print("It goes on where it was paused.")


def stop(folder: Folder) -> None:
    """Let a run save and end."""
    files = wish(folder, lambda wishes: replace(wishes, stop=True))
    print(f"It saves and ends after its next step. Go on with: sni train --out {files.path} --resume")


def save(folder: Folder) -> None:
    """Let a run save a checkpoint and the model now."""
    files = wish(folder, lambda wishes: replace(wishes, saves=wishes.saves + 1))
    print(f"It saves a checkpoint and the model after its next step: {files.model}")


def sample(folder: Folder) -> None:
    """Let a run draw its sample sheet now."""
    files = wish(folder, lambda wishes: replace(wishes, samples=wishes.samples + 1))
    print(f"It draws its samples after its next step, into {files.sheet(0).parent}")


def star(folder: Folder, images: Images, *, off: Annotated[bool, arg(help="take the star away")] = False) -> None:
    """Star a kept checkpoint, so that it always stays."""
    now = look(folder)
    if images not in now.kept and not off:
        refuse_images(now, images)
    RunFiles(now.path).change_stars(lambda stars: stars - {images} if off else stars | {images})


def back(folder: Folder, images: Images) -> None:
    """Go back to a kept checkpoint; what is later is put aside, and "sni run forward" brings it back."""
    from sni_engine.train.roll_back import roll_back

    now = look(folder)
    roll_back(now.path, images)
    print(f"{now.path} is at {images} images again; go on with: sni train --out {now.path} --resume")


def forward(folder: Folder) -> None:
    """Bring back what the last "sni run back" put aside, until the run has gone on."""
    from sni_engine.train.roll_back import undo_roll_back

    now = look(folder)
    print(f"{now.path} is at {undo_roll_back(now.path)} images again.")


def model(folder: Folder, images: Images) -> None:
    """Write the model of a kept checkpoint as a model file and print where it is."""
    from sni_engine.train.roll_back import model_at

    print(model_at(look(folder).path, images))


def look(folder: Path) -> RunNow:
    """Return what a run has come to, found by its folder or its name. Raises EngineError when there is none."""
    places = [folder, runs_folder() / folder]
    for place in places:
        now = RunWatch(place).look()
        if now.state not in ("missing", "empty"):
            return now
    raise EngineError(f"There is no run in {folder}.", 'See "sni run list".')


def wish(folder: Path, change: Callable[[Wishes], Wishes]) -> RunFiles:
    """Say how a living run should be; returns its files. Raises EngineError when no process has it."""
    now = look(folder)
    files = RunFiles(now.path)
    if not (files.is_alive() or files.is_starting()):
        raise EngineError(f"No process has the run in {now.path}.", f"Go on with: sni train --out {now.path} --resume")
    files.change_wishes(change)
    return files


def refuse_images(now: RunNow, images: int) -> None:
    """Raise EngineError that names the checkpoints there are."""
    known = ", ".join(map(str, now.kept)) or "none"
    raise EngineError(f"No checkpoint is kept at {images} images.", f"Those that are: {known}.")


def list_next_steps(now: RunNow) -> list[str]:
    """Return what can be done with a run that no process has, a sentence each."""
    resume = f"sni train --out {now.path} --resume"
    steps = {
        "killed": f"Its process ended without a word. Go on from the last checkpoint with: {resume}",
        "failed": f"Go on from the last checkpoint with: {resume}",
        "stopped": f"Go on with: {resume}",
        "done": f"Train on with: {resume} --images MORE",
    }
    undo = f"Bring back what was put aside, up to {now.put_aside} images, with: sni run forward {now.path}"
    return [*filter(None, [steps.get(now.state)]), *([undo] if now.put_aside else [])]


def describe(now: RunNow) -> dict[str, object]:
    """Return a run as JSON values, without its curves."""
    left = now.seconds_left
    return {
        **{"path": str(now.path), "state": now.state, "text": now.text, "hint": now.hint, "device": now.device},
        **{"fraction": round(now.fraction, 4), "seconds_left": None if left is None else round(left)},
        "last": to_plain(now.last),
        **{"sheets": list(now.sheets), "kept": list(now.kept), "starred": list(now.starred)},
        "config": to_plain(now.config),
    }


def format_progress(now: RunNow) -> str:
    """Return how far a run is, in a few words."""
    from sni_engine.api.words import format_seconds

    if now.last is None:
        return ""
    left = now.seconds_left
    time_left = f", {format_seconds(left)} left" if left is not None and now.state != "paused" else ""
    return f"{now.last.images_seen} of {now.last.images_total} ({100 * now.fraction:.0f} %){time_left}"


def format_numbers(event: "TrainEvent") -> str:
    """Return a run's newest numbers."""
    from sni_engine.api.words import format_seconds
    from sni_engine.cli.progress import format_numbers as format_losses

    trained = f"trained for {format_seconds(event.seconds)}" if event.seconds else ""
    memory = f"{event.memory_bytes / 2**20:.0f} MiB" if event.memory_bytes else ""
    scores = "  ".join(f"{name} {score:g}" for name, score in event.scores.items())
    return "  ".join(part for part in (format_losses(event), scores, trained, memory) if part)
