"""`sni train` and `sni portraits`."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import arg

from sni_engine.api.errors import EngineError
from sni_engine.cli.showing import make_folder

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from sni_engine.train.config import TrainConfig
    from sni_engine.train.prepare import TrainEvent


def portraits(
    count: Annotated[int, arg(help="How many.")] = 64,
    size: Annotated[int, arg(metavar="PX", help="Side in pixels.")] = 128,
    seed: Annotated[int, arg(help="Portrait i has seed SEED + i.")] = 0,
    variety: Annotated[float, arg(help="0 alike, 1 everything there is.")] = 1.0,
    sheet: Annotated[Path | None, arg(metavar="FILE.png", help="Write one contact sheet.")] = None,
    out: Annotated[Path | None, arg(metavar="FOLDER", help="Write pictures/, masks/ and labels.csv.")] = None,
    device: Annotated[str, arg(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Draw labelled portraits, the same for the same seed on every machine."""
    from rich.progress import track

    from sni_engine.cli.progress import stderr_console
    from sni_engine.device import choose_device
    from sni_engine.portraits import write_folder

    if sheet is None and out is None:
        raise EngineError("There is nowhere to write to.", "Name a --sheet FILE.png or an --out FOLDER.")
    if count < 1:
        raise EngineError(f"{count} portraits cannot be drawn.", "Ask for one at least.")
    where = str(choose_device(device))
    if sheet is not None:
        draw_sheet(sheet, range(seed, seed + count), size, variety, where)
        print(f"{sheet}: {count} portraits")
    if out is not None:
        make_folder(out)
        steps = write_folder(out, count, size, seed, variety, where)
        for _ in track(steps, "Drawing", console=stderr_console(), total=(count + 15) // 16):
            pass
        print(f"{out}: {count} portraits, masks and labels.csv")


def draw_sheet(path: Path, seeds: range, size: int, variety: float, device: str) -> None:
    """Write a contact sheet. Raises EngineError."""
    import numpy as np

    from sni_engine.portraits import TRAINING_FRAME, render_batches, write_sheet

    pictures = [pictures for _, pictures, _, _ in render_batches(seeds, size, variety, TRAINING_FRAME, device=device)]
    write_sheet(np.concatenate(pictures), path)


def train(
    out: Annotated[Path, arg(metavar="FOLDER", help="Where the run is kept.")],
    preset: Annotated[str | None, arg(help="Where the settings start from; unknown names list them.")] = None,
    data: Annotated[Path | None, arg(metavar="FOLDER", help="Your own pictures instead of portraits.")] = None,
    resume: Annotated[bool, arg(help="Go on with the run in the folder.")] = False,
    set_: Annotated[
        tuple[str, ...],
        arg(name="set", metavar="NAME=VALUE", help="Change settings of the preset, such as images=50000 batch=32."),
    ] = (),
    images: Annotated[int | None, arg(help="Images to learn from; the preset's number without it.")] = None,
    device: Annotated[str, arg(help="auto, cpu, cuda or mps.")] = "auto",
) -> int:
    """Train a model. Ctrl+C saves and ends; --resume goes on exactly there."""
    from sni_engine.train.loop import train as run

    config = choose_config(preset, data, set_, resume_from=out if resume else None)
    config = replace(config, device=device, images=images or config.images)
    return follow(run(config, out, resume), out)


def choose_config(
    preset: str | None, data: Path | None, changes: tuple[str, ...], resume_from: Path | None = None
) -> "TrainConfig":
    """Return the settings a person asked for. Raises EngineError for a wrong name or value."""
    from sni_engine.train.config import PRESETS
    from sni_engine.train.run_folder import RunFolder

    if resume_from is not None:
        return _changed(RunFolder(resume_from).read_config(), changes)
    name = preset or ("pictures-64" if data else "portraits-64")
    if name not in PRESETS:
        raise EngineError(f'There is no preset "{name}".', f"Presets are {', '.join(PRESETS)}.")
    config = PRESETS[name]
    if data is not None:
        # someone's own pictures have no labels, which the projected recipe learns from
        config = replace(config, recipe="plain", data=str(data.resolve()))
    return _changed(config, changes)


def _changed(config: "TrainConfig", changes: tuple[str, ...]) -> "TrainConfig":
    from dataclasses import fields

    names = {item.name: item.type for item in fields(config)}
    for change in changes:
        name, _, text = change.partition("=")
        if name not in names:
            raise EngineError(f'There is no setting "{name}".', f"Settings are {', '.join(names)}.")
        try:
            config = replace(config, **{name: _parse(getattr(config, name), text)})
        except ValueError as error:
            raise EngineError(f'"{change}" cannot be set: {error}.') from error
    return config


def _parse(old: object, text: str) -> object:
    if isinstance(old, bool):
        if text not in ("true", "false"):
            raise ValueError("say true or false")
        return text == "true"
    if isinstance(old, tuple):
        return tuple(int(part) for part in text.split(","))
    return type(old)(text)


def follow(events: "Iterator[TrainEvent]", out: Path) -> int:
    """Show a run's progress until it ends or Ctrl+C stops it; the run saves when it is closed."""
    from sni_engine.cli.progress import train_progress
    from sni_engine.train.process import StopFlag

    stop = StopFlag()
    with train_progress() as bar:
        task: TaskID | None = None
        text = ""
        for event in events:
            task = _show(bar, task, event, changed=event.kind == "setup" and event.text != text)
            text = event.text if event.kind == "setup" else text
            if stop.is_set:
                events.close()  # type: ignore[attr-defined]
                bar.console.print(f"Stopped and saved. `sni train --out {out} --resume` goes on.")
                return 0
    print(f"{out / 'model.safetensors'}: ready; try it with --model")
    return 0


def _show(bar: "Progress", task: "TaskID | None", event: "TrainEvent", changed: bool) -> "TaskID":
    name = event.text if event.kind == "setup" else "Training"
    if task is None or changed or (event.kind != "setup" and bar.tasks[-1].description != "Training"):
        task = bar.add_task(name, total=event.images_total, rate="", losses="")
    losses = " ".join(f"{name} {value:.2f}" for name, value in event.losses.items())
    rate = f"{event.rate:.1f} images/s" if event.rate else ""
    bar.update(task, completed=event.images_seen, total=event.images_total, rate=rate, losses=losses)
    return task
