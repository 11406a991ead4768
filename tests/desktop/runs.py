"""Runs made by hand for tests of what shows them: a folder with sample sheets, and what a look at it would say."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from sni_engine.api.run_disk import look_at_disk
from sni_engine.api.run_watch import Point, RunNow
from sni_engine.api.runs import RunFiles, TrainEvent
from sni_engine.api.training import TrainConfig

SIDE = 8


def make_run(path: Path, sheets: Iterable[int] = (1000, 2000, 3000, 4000)) -> Path:
    """Make the folder of a run, with sheets whose samples are grey: the brighter the later."""
    files = RunFiles(path)
    files.sheet(0).parent.mkdir(parents=True)
    for place, images in enumerate(sheets):
        write_sheet(files.sheet(images), 40 * (place + 1))
    files.model.write_bytes(b"model")
    files.checkpoint.write_bytes(b"checkpoint")
    files.log.write_text("line\n")
    return path


def write_sheet(path: Path, grey: int) -> None:
    """Write a sheet of 48 samples as the trainer does: 2 px between them; the first sample is white."""
    step = SIDE + 2
    pixels = np.full((6 * step + 2, 8 * step + 2, 3), 48, np.uint8)
    for place in range(48):
        top, left = 2 + place // 8 * step, 2 + place % 8 * step
        pixels[top : top + SIDE, left : left + SIDE] = 255 if place == 0 else grey
    Image.fromarray(pixels).save(path)


def make_now(path: Path, **changes: Any) -> RunNow:
    """Return what a look at a training run says; anything can be said otherwise."""
    last = TrainEvent("step", 4200, 8000, 525, 80.0, {"judge": 1.2, "generator": 0.5}, seconds=600, memory_bytes=2**29)
    points = tuple(
        Point(images, {"judge": 1 + images / 8000, "generator": 0.5}, {"swd": abs(images - 2900) / 1e5 + 0.01})
        for images in range(100, 4300, 100)
    )
    now = RunNow(
        path,
        "training",
        TrainConfig(images=8000, checkpoint_every=1000),
        last,
        device="CPU",
        points=points,
        words=("Learning from 512 portraits",),
        sheets=(1000, 2000, 3000, 4000),
        kept=(2000,),
        starred=(3000,),
    )
    now = replace(now, **changes)
    disk = look_at_disk(RunFiles(path), max(now.sheets, default=0))
    return now if "disk" in changes else replace(now, disk=disk)
