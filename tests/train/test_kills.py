"""Killed at any moment, on a full disk, with a damaged checkpoint: the run goes on and ends as if nothing had been."""

import contextlib
import json
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.plain import dump_json
from sni_engine.api.run_watch import RunWatch
from sni_engine.api.training import TrainConfig
from sni_engine.checkpoints.tensors import read_tensors
from sni_engine.train.loop import train
from sni_engine.train.run_folder import RunFolder

KILLS = 30
ENDLESS = 4_000_000  # images: nobody can kill a run that is done
PATIENCE_S = 60.0


@pytest.fixture
def config(tiny: TrainConfig, pictures: Path) -> TrainConfig:
    """Ten steps with five checkpoints."""
    return replace(tiny, data=str(pictures), images=40, checkpoint_every=8, augment="adaptive", augment_images=200)


@pytest.fixture
def wanted(config: TrainConfig, tmp_path: Path) -> Path:
    path = tmp_path / "wanted.json"
    path.write_text(dump_json(config))
    return path


def wait_until(is_so: Callable[[], object], pid: int) -> None:
    """Return as soon as something is so, or the process has ended."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so() and time.monotonic() < deadline and Path(f"/proc/{pid}/exe").exists():
        time.sleep(0.0002)


def list_temporary(run: RunFolder) -> list[Path]:
    return [*run.path.glob(".*.part"), *run.path.glob("sheets/.*.tmp")]


def is_saving(run: RunFolder) -> bool:
    return any(run.path.glob(".checkpoint.safetensors.*.part"))


def newest_step(run: RunFolder) -> int:
    """Return the step of the newest checkpoint, 0 before there is one; raises when one is not whole."""
    paths = [path for path in (run.checkpoint, run.previous) if path.exists()]
    return max((int(read_tensors(path)[1]["step"]) for path in paths), default=0)


def identify(path: Path) -> int:
    """Return what changes when another file is put in this one's place."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:  # not yet, or for a moment while it becomes the previous one
        return 0


def assert_alike(one: RunFolder, other: RunFolder) -> None:
    """The same weights, moments and numbers, bit for bit."""
    first, second = read_tensors(one.checkpoint)[0], read_tensors(other.checkpoint)[0]
    assert first.keys() == second.keys()
    assert [name for name in first if not torch.equal(first[name], second[name])] == []
    assert read_metrics(one) == read_metrics(other)


def read_metrics(run: RunFolder) -> list[dict[str, float]]:
    lines = [json.loads(line) for line in run.metrics.read_text().splitlines()]
    return [{name: value for name, value in line.items() if name != "rate"} for line in lines]


def run_whole(config: TrainConfig, folder: Path) -> RunFolder:
    list(train(config, folder))
    return RunFolder(folder)


def assert_ends_as_if_nothing_had_been(config: TrainConfig, run: RunFolder, trainers: Any) -> None:
    """Let a run that was killed go on to an early end, and compare it with one that nobody killed."""
    intervals = 4 * newest_step(run) // config.checkpoint_every + 2
    config = replace(config, images=intervals * config.checkpoint_every)
    wanted = run.path.with_name("last.json")
    wanted.write_text(dump_json(config))
    assert trainers.wait(trainers.start(wanted, run.path, "--resume")) == 0
    assert_alike(run_whole(config, run.path.with_name("whole")), run)
    assert list_temporary(run) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_thirty_kills_change_nothing(config: TrainConfig, tmp_path: Path, wanted: Path, trainers: Any) -> None:
    """A third just after starting, a third inside a save, a third at some moment after a save."""
    wanted.write_text(dump_json(replace(config, images=ENDLESS)))
    run, dice = RunFolder(tmp_path / "run"), random.Random(3)
    reached = in_a_save = 0
    for trial in range(KILLS):
        before = identify(run.checkpoint)
        pid = trainers.start(wanted, run.path, *["--resume"] * run.config.exists(), DETACHED=1)
        if trial % 3 == 0:
            time.sleep(dice.random() * 0.3)
        elif trial % 3 == 1:
            wait_until(lambda: is_saving(run), pid)
        else:
            wait_until(lambda before=before: identify(run.checkpoint) != before, pid)  # type: ignore[misc]
            time.sleep(dice.random() * 0.1)
        os.kill(pid, signal.SIGKILL)
        assert trainers.wait(pid) == -signal.SIGKILL, "a resumed run refused to go on"
        in_a_save += is_saving(run)
        assert newest_step(run) >= reached, "a checkpoint was lost"
        reached = newest_step(run)
        now = RunWatch(run.path).look()  # what the window shows
        assert now.state == "killed"
        assert now.last is None or now.last.images_seen < 4 * reached + 2 * config.checkpoint_every
    assert in_a_save and reached, (in_a_save, reached)
    assert_ends_as_if_nothing_had_been(config, run, trainers)


def test_a_kill_inside_a_save_loses_no_checkpoint(
    config: TrainConfig, tmp_path: Path, wanted: Path, trainers: Any
) -> None:
    run = run_whole(replace(config, images=8), tmp_path / "run")
    wanted.write_text(dump_json(replace(config, images=ENDLESS)))
    pid = trainers.start(wanted, run.path, "--resume")
    wait_until(lambda: is_saving(run), pid)
    os.kill(pid, signal.SIGKILL)
    assert trainers.wait(pid) == -signal.SIGKILL
    assert newest_step(run) >= 2
    assert_ends_as_if_nothing_had_been(config, run, trainers)


def test_a_full_disk_ends_in_a_sentence_and_the_run_goes_on_when_there_is_room(
    config: TrainConfig, tmp_path: Path, wanted: Path, trainers: Any
) -> None:
    run, told = run_whole(replace(config, images=16), tmp_path / "run"), tmp_path / "told.txt"
    before = run.checkpoint.read_bytes()
    pid = trainers.start(wanted, run.path, "--resume", TOLD=told, LARGEST=len(before) - 1000)
    assert trainers.wait(pid) == 1
    assert "could not be written" in told.read_text() and "Make room, then resume" in told.read_text()
    assert len(told.read_text().splitlines()) == 1
    now = RunWatch(run.path).look()
    assert (now.state, now.hint) == ("failed", "Make room, then resume: the last checkpoint is whole.")
    assert "could not be written" in now.text
    assert run.checkpoint.read_bytes() == before
    assert list_temporary(run) == []
    assert trainers.wait(trainers.start(wanted, run.path, "--resume")) == 0
    assert_alike(run_whole(config, tmp_path / "whole"), run)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip_a_bit(path: Path) -> None:
    """The file's shape stays whole; only its digest can tell."""
    content = bytearray(path.read_bytes())
    content[-50] ^= 1
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("spoil", [cut, flip_a_bit, empty, Path.unlink])
def test_a_damaged_checkpoint_gives_way_to_the_one_before(
    config: TrainConfig, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    run = run_whole(replace(config, images=24), tmp_path / "run")
    spoil(run.checkpoint)
    events = list(train(config, run.path, resume=True))
    warnings = [event.text for event in events if event.kind == "warning"]
    assert len(warnings) == 1
    assert "Going on from the checkpoint before it, at 16 images." in warnings[0]
    assert_alike(run_whole(config, tmp_path / "whole"), run)


def test_two_damaged_checkpoints_are_refused_and_left_alone(config: TrainConfig, tmp_path: Path) -> None:
    run = run_whole(replace(config, images=24), tmp_path / "run")
    for path in (run.checkpoint, run.previous):
        cut(path)
    before = run.checkpoint.read_bytes(), run.previous.read_bytes()
    with pytest.raises(EngineError, match=r"checkpoint\.safetensors is not a whole"):
        list(train(config, run.path, resume=True))
    assert (run.checkpoint.read_bytes(), run.previous.read_bytes()) == before


def test_half_written_files_are_cleared_on_the_next_start(config: TrainConfig, tmp_path: Path) -> None:
    run = run_whole(replace(config, images=8), tmp_path / "run")
    (run.path / ".model.safetensors.abc.part").write_bytes(b"half")
    (run.path / "sheets" / ".00000016.png.77.tmp").write_bytes(b"half")
    old, new = run.path / "models" / ".00000008.safetensors.abc.part", run.path / "models" / ".other.part"
    aside, elsewhere = run.path / "rolled-back" / "1" / ".turn.json.abc.part", tmp_path / "elsewhere" / ".mine.part"
    for path in (old, new, aside, elsewhere):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
        os.utime(path, (5, 5))
    os.utime(new)  # a window may be writing it
    with contextlib.suppress(OSError):  # where nobody may make links
        (run.path / "rolled-back" / "2").symlink_to(elsewhere.parent)
    list(train(config, run.path, resume=True))
    assert list_temporary(run) == []
    assert [path.exists() for path in (old, new, aside, elsewhere)] == [False, True, False, True]
