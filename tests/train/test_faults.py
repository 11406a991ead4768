"""What can befall a run: each fault ends in a clear state, a sentence, and a way on that works."""

import errno
import os
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from sni_engine.api.errors import EngineError
from sni_engine.api.plain import dump_json
from sni_engine.api.run_watch import RunNow, RunWatch
from sni_engine.api.runs import RunFiles, TrainEvent, Wishes
from sni_engine.api.training import TrainConfig
from sni_engine.checkpoints.tensors import read_tensors
from sni_engine.train import play
from sni_engine.train.loop import train
from sni_engine.train.run_folder import RunFolder
from sni_engine.train.state import RunState
from sni_engine.train.step import take_step


@pytest.fixture
def config(tiny: TrainConfig, pictures: Path) -> TrainConfig:
    """Six steps of four, three intervals."""
    return replace(tiny, data=str(pictures), images=24, checkpoint_every=8, score_pictures=0)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


def look(run: RunFiles) -> RunNow:
    return RunWatch(run.path).look()


def spoil_at(monkeypatch: pytest.MonkeyPatch, step: int, error: Exception) -> None:
    def take(state: RunState, real: Tensor, autocast: bool) -> dict[str, Tensor]:
        if state.step == step:
            raise error
        return take_step(state, real, autocast)

    monkeypatch.setattr(play, "take_step", take)


def test_bad_data_is_a_failure_that_other_data_mend(config: TrainConfig, run: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(EngineError):
        list(train(replace(config, data=str(tmp_path / "empty")), run.path))
    assert look(run).state == "failed" and look(run).text and look(run).hint
    assert [event.kind for event in train(config, run.path)][-1] == "done"


@pytest.mark.parametrize("step", [0, 5])
def test_memory_that_runs_out_offers_a_smaller_batch_that_works(
    config: TrainConfig, run: RunFolder, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    with monkeypatch.context() as patch:
        spoil_at(patch, step, torch.OutOfMemoryError("CUDA out of memory"))
        with pytest.raises(EngineError, match="Memory ran out with a batch of 4"):
            list(train(config, run.path))
    now = look(run)
    assert (now.state, now.batch) == ("failed", 2)
    assert "with a batch of 2" in now.hint
    last = list(train(replace(config, batch=now.batch), run.path, resume=True))[-1]
    assert last.kind == "done"
    assert look(run).config == replace(config, batch=2)


def test_memory_that_runs_out_before_the_first_step_is_told_the_same_way(
    config: TrainConfig, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*values: object) -> None:
        raise MemoryError

    monkeypatch.setattr(play, "choose_feed", refuse)
    with pytest.raises(EngineError, match="Memory ran out"):
        list(train(config, run.path))
    assert (look(run).state, look(run).batch) == ("failed", 2)


def test_a_problem_nobody_foresaw_is_told_plainly_and_the_run_goes_on(
    config: TrainConfig, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        spoil_at(patch, 5, ZeroDivisionError("one\nby nothing"))
        with pytest.raises(ZeroDivisionError):
            list(train(config, run.path))
    now = look(run)
    assert now.state == "failed"
    assert now.text == "The trainer met a problem that it does not know: ZeroDivisionError: one by nothing"
    assert "trainer.log" in now.hint
    assert list(train(config, run.path, resume=True))[-1].kind == "done"


def test_a_disk_too_full_for_events_does_not_end_the_run(
    config: TrainConfig, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def refuse(path: Path, *values: Any, **names: Any) -> Any:
        if path.name == "events.jsonl" and values[0].startswith("a"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(path, *values, **names)

    monkeypatch.setattr(Path, "open", refuse)
    assert list(train(config, run.path))[-1].kind == "done"
    assert not run.events.exists()


def wait_until(is_so: Callable[[], bool], pid: int) -> None:
    deadline = time.monotonic() + 60
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.005)
        assert Path(f"/proc/{pid}").exists()


@pytest.fixture
def endless(config: TrainConfig, tmp_path: Path) -> Path:
    """The config of a run that goes on until somebody ends it."""
    path = tmp_path / "wanted.json"
    path.write_text(dump_json(replace(config, images=4_000_000)))
    return path


def test_a_killed_trainer_is_seen_as_killed_and_costs_at_most_the_interval(
    endless: Path, run: RunFolder, trainers: Any
) -> None:
    pid = trainers.start(endless, run.path)
    wait_until(run.checkpoint.exists, pid)
    assert look(run).is_alive
    os.kill(pid, signal.SIGKILL)
    assert trainers.wait(pid) == -signal.SIGKILL
    now = look(run)
    assert now.state == "killed" and now.last is not None
    saved = int(read_tensors(run.checkpoint if run.checkpoint.exists() else run.previous)[1]["images_seen"])
    events = train(replace(TrainConfig(**vars(now.config)), images=saved + 4), run.path, resume=True)
    started = next(events)
    assert (started.kind, started.images_seen) == ("started", saved)
    assert list(events)[-1].kind == "done"


@pytest.mark.parametrize("what", ["moved", "deleted", "taken by another"])
def test_a_folder_that_goes_ends_the_run_in_a_sentence_and_goes_on_from_its_new_place(
    config: TrainConfig, endless: Path, run: RunFolder, trainers: Any, tmp_path: Path, what: str
) -> None:
    told, moved = tmp_path / "told", RunFolder(tmp_path / "moved")
    endless.write_text(dump_json(replace(config, images=4_000_000, checkpoint_every=4_000_000)))
    pid = trainers.start(endless, run.path, TOLD=told)
    wait_until(lambda: look(run).state == "training", pid)
    run.write_wishes(Wishes(saves=1))
    wait_until(run.checkpoint.exists, pid)
    run.path.rename(moved.path)
    if what == "deleted":
        shutil.rmtree(moved.path)
    other = RunFolder(run.path)
    if what == "taken by another":
        other.path.mkdir()
        other.config.write_text("{}")
        assert other.lock.take()
    assert trainers.wait(pid) == 1
    assert told.read_text().startswith(f"The folder {run.path} was moved or deleted while the run went on.")
    assert len(told.read_text().splitlines()) == 1
    if what == "taken by another":
        assert sorted(path.name for path in other.path.iterdir()) == ["config.json", "run.lock"]
    if what == "moved":
        now = look(moved)
        assert (now.state, now.text) == ("failed", "The folder was moved or deleted while the run went on.")
        assert "resume" in now.hint
        seen = int(read_tensors(moved.checkpoint)[1]["images_seen"])
        config = replace(TrainConfig(**vars(moved.read_config())), images=seen + 4)
        assert list(train(config, moved.path, resume=True))[-1].kind == "done"
        assert look(moved).state == "done"


def test_nothing_in_a_run_folder_holds_its_own_path(config: TrainConfig, run: RunFolder) -> None:
    list(train(config, run.path))
    for path in run.path.rglob("*"):
        assert path.is_dir() or str(run.path).encode() not in path.read_bytes(), path.name


def test_sleep_is_told_in_the_run_folder(config: TrainConfig, run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter(["", "", "The machine slept for 2 h."])
    monkeypatch.setattr(play.Meter, "tick", lambda self: next(told, ""))
    list(train(config, run.path))
    assert "The machine slept for 2 h." in look(run).words


def test_a_clock_set_back_changes_nothing(config: TrainConfig, run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [2_000_000_000.0]

    def tell() -> float:
        now[0] -= 3600
        return now[0]

    monkeypatch.setattr(time, "time", tell)
    watch = RunWatch(run.path)
    seen: list[TrainEvent] = []
    for event in train(config, run.path):
        seen.append(event)
        assert watch.look().is_alive or event.kind == "done"
    assert [event.kind for event in seen].count("checkpoint") == 3
    assert all(event.rate >= 0 and event.seconds >= 0 for event in seen)
    assert watch.look().state == "done"
    points = watch.look().points
    assert [point.images_seen for point in points] == sorted(point.images_seen for point in points)
