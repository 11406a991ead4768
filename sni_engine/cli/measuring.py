"""`sni measure-model`: the metrics of the papers on one model, as JSON or as tables."""

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from tyro.conf import Positional, arg

from sni_engine.api.files import replace_file
from sni_engine.cli.terminal import DeviceName, UsageError, opt, read_flags, reading, say

if TYPE_CHECKING:
    from sni_engine.api.arrays import Array
    from sni_engine.metrics.measuring import Plan, Step, Subject

Model = Annotated[Positional[str | None], arg(metavar="NAME|FILE", help="the model; without it, the shipped one")]
Only = Annotated[
    str | None,
    opt(metavar="NAMES", help="of path_length, separability, frechet, locality and levels, joined by commas"),
]
Faces = Annotated[int | None, opt(help="this many faces for every metric, instead of each one's own number")]
Features = Annotated[
    Path | None,
    opt(metavar="FILE", help="a TorchScript network for photos; it runs the file's own code, so only a trusted one"),
]
Data = Annotated[Path | None, opt(metavar="FOLDER|ZIP", help="real pictures to compare with, instead of our portraits")]


def run(words: Sequence[str]) -> None:
    """Run `sni measure-model`."""
    read_flags(measure_model, words)


def measure_model(
    model: Model = None,
    *,
    out: Annotated[Path | None, opt(metavar="FILE.json", help="write the JSON there too")] = None,
    only: Only = None,
    quick: Annotated[bool, arg(help="fewer faces: a first impression, in a few minutes on a CPU")] = False,
    faces: Faces = None,
    features: Features = None,
    yardstick: Annotated[Path | None, opt(metavar="FILE", help="another yardstick than the shipped one")] = None,
    data: Data = None,
    seed: Annotated[int, arg(help="decides every face")] = 0,
    markdown: Annotated[bool, arg(help="print tables instead of JSON")] = False,
    device: DeviceName = "auto",
) -> None:
    """Measure path length, separability, Fréchet distance, locality, and which level changes what."""
    from sni_engine.metrics.tables import format_report

    plan = make_plan(only, quick, faces, seed)
    if features is not None and yardstick is not None:
        raise UsageError("--features and --yardstick name two networks; one looks at a time.")
    report = collect(open_subject(model, features, yardstick, data, device), plan)
    text = json.dumps(report, indent=2, allow_nan=False) + "\n"
    if out is not None:
        with replace_file(out) as stream:
            stream.write(text.encode())
    print(format_report(report) if markdown else text, end="")


def make_plan(only: str | None, quick: bool, faces: int | None, seed: int) -> "Plan":
    """Return what to measure. Raises UsageError."""
    from sni_engine.metrics.measuring import QUICK, Plan

    with reading("--only"):
        names = tuple(name.strip() for name in only.split(",")) if only is not None else Plan().only
        plan = replace(QUICK if quick else Plan(), only=names)
    with reading("--faces"):
        plan = plan.with_faces(faces) if faces is not None else plan
    with reading("--seed"):
        return replace(plan, seed=seed)


def describe_plan(plan: "Plan") -> str:
    """Return what is about to be measured, and on how much."""
    amounts = {
        "path_length": f"{plan.pairs} pairs",
        "separability": f"{plan.samples} faces",
        "frechet": f"{plan.pictures} faces",
        "locality": f"{plan.faces} faces",
        "levels": f"{plan.level_faces} faces",
    }
    told = ", ".join(f"{name} ({amounts[name]})" for name in plan.only)
    return f"Measuring {told}. On a CPU this takes minutes; --only and --faces make it shorter."


def open_subject(
    model: str | None, features: Path | None, yardstick: Path | None, data: Path | None, device_name: str
) -> "Subject":
    """Open the model and what looks at it; real pictures are read and looked at here. Raises EngineError."""
    from sni_engine.checkpoints.format import read_model
    from sni_engine.checkpoints.store import find_model
    from sni_engine.checkpoints.yardstick import read_yardstick
    from sni_engine.device import choose_device
    from sni_engine.metrics.eyes import Eye, OwnEye, YardstickEye
    from sni_engine.metrics.measuring import Subject

    device = choose_device(device_name)
    if device.type == "mps":  # it knows no double precision, which path length needs
        device = choose_device("cpu")
    generator, card = read_model(find_model(model))
    pictures = read_pictures(data, card.resolution_px) if data is not None else None
    eye: Eye
    if features is not None:
        eye, real, name = OwnEye(features, device), None, ""
    else:
        eye = YardstickEye(read_yardstick(yardstick), device)
        real, name = eye.yardstick.portraits, eye.yardstick.info.facts.get("portraits", "portraits")
    if pictures is not None and data is not None:
        real, name = look_at(eye, pictures, device), f"{len(pictures)} pictures of {data.name}"
    return Subject(generator.to(device), card, eye, real, name)


def read_pictures(folder: Path, size_px: int) -> "Array":
    """Return the pictures of a folder, uint8 [N, H, W, 3]. Raises EngineError."""
    from sni_engine.api.generators import drain
    from sni_engine.api.paths import cache_folder
    from sni_engine.train.own_pictures import open_pictures

    data = drain(open_pictures(folder, size_px, "crop", cache_folder()), lambda counts: None)
    if data.skipped:
        say(f"{len(data.skipped)} files of {folder} could not be read and are left out.")
    return data.read(np.arange(len(data)))


def look_at(eye: Any, pictures: "Array", device: Any) -> Any:
    """Return the features of real pictures, with a bar while it lasts."""
    from sni_engine.metrics.measuring import Step, describe_real

    with showing() as show:
        for item in describe_real(eye, pictures, device, len(pictures)):
            if not isinstance(item, Step):
                return item
            show(item)


def collect(subject: "Subject", plan: "Plan") -> dict[str, Any]:
    """Measure and return the report: first how much work there is, then a bar while it lasts."""
    say(describe_plan(plan))
    from sni_engine.metrics.measuring import Step, measure_model

    report: dict[str, Any] = {}
    with showing() as show, contextlib.closing(measure_model(subject, plan)) as steps:  # type: ignore[type-var]
        for item in steps:
            if isinstance(item, Step):
                show(item)
            else:
                report = item
    return report


@contextlib.contextmanager
def showing() -> Iterator[Callable[["Step"], None]]:
    """Show steps on stderr while the block runs: a bar on a terminal, else a line as each metric begins."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)
        current = ""

        def show(step: "Step") -> None:
            nonlocal current
            if step.metric != current:
                current = step.metric
                bar.reset(task, description=current, total=step.total)
                if not console.is_terminal:
                    say(f"{current} …")
            bar.update(task, completed=step.done, total=step.total)

        yield show
