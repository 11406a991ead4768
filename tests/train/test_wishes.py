"""A run says what it does in its folder, and does what is wished there: pause, go on, stop, save, sample."""

import json
import math
import os
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file
from sni_engine.api.plain import dump_json
from sni_engine.api.run_watch import RunWatch
from sni_engine.api.runs import EventReader, RunFiles, TrainEvent, Wishes
from sni_engine.api.training import TrainConfig
from sni_engine.checkpoints.tensors import read_tensors
from sni_engine.train import control, loop, record
from sni_engine.train.control import Control, Order, never
from sni_engine.train.distributed import ALONE
from sni_engine.train.loop import train
from sni_engine.train.run_folder import RunFolder


@pytest.fixture
def config(tiny: TrainConfig, pictures: Path) -> TrainConfig:
    """Ten steps of four, two intervals."""
    return replace(tiny, data=str(pictures), images=40, checkpoint_every=20)


@pytest.fixture
def files(tmp_path: Path) -> RunFiles:
    return RunFiles(tmp_path / "run")


@pytest.fixture
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "_REST_S", 0.001)


def read_events(files: RunFiles) -> list[TrainEvent]:
    return list(EventReader(files).read())


def wish_at(step: int, events: Iterator[TrainEvent], files: RunFiles, wishes: Wishes) -> list[TrainEvent]:
    """Play a run; wish for something after a step; return all events."""
    seen = []
    for event in events:
        seen.append(event)
        if event.kind == "step" and event.step == step:
            files.write_wishes(wishes)
    return seen


def test_a_run_is_written_down_from_its_first_moment_to_its_last_word(config: TrainConfig, files: RunFiles) -> None:
    events = train(config, files.path)
    assert next(events).kind == "started"
    assert files.is_alive() and files.config.exists()
    process = files.read_process()
    assert process is not None and process.pid == os.getpid() and process.device == "CPU"
    assert RunWatch(files.path).look().state == "preparing"
    list(events)
    assert not files.is_alive()
    told = read_events(files)
    assert (told[0].kind, told[-1].kind) == ("started", "done")
    assert [event.images_seen for event in told if event.kind == "checkpoint"] == [20, 40]
    assert all(event.memory_bytes > 0 and abs(event.at - time.time()) < 60 for event in told)
    assert told[-1].seconds > 0
    assert RunWatch(files.path).look().state == "done"


@pytest.mark.parametrize(("quiet_s", "count"), [(1e9, 1), (0.0, 10)])
def test_steps_are_written_now_and_then_everything_else_always(
    config: TrainConfig, files: RunFiles, monkeypatch: pytest.MonkeyPatch, quiet_s: float, count: int
) -> None:
    monkeypatch.setattr(record, "_QUIET_S", quiet_s)
    shown = [event.kind for event in train(config, files.path)]
    written = [event.kind for event in read_events(files)]
    assert (shown.count("step"), written.count("step")) == (10, count)
    assert [kind for kind in written if kind != "step"] == [kind for kind in shown if kind != "step"]


def test_a_wish_to_stop_saves_and_ends_with_a_sentence(config: TrainConfig, files: RunFiles) -> None:
    seen = wish_at(3, train(config, files.path), files, Wishes(stop=True))
    assert (seen[-1].kind, seen[-1].text) == ("stopped", "Stopped and saved at 12 images.")
    assert read_tensors(files.checkpoint)[1]["step"] == "3"
    assert RunWatch(files.path).look().state == "stopped"
    kinds = [event.kind for event in train(config, files.path, resume=True)]
    assert kinds[-1] == "done", "the old wish is forgotten"


def test_what_is_wished_while_the_process_starts_is_heard(config: TrainConfig, files: RunFiles) -> None:
    files.path.mkdir()
    files.write_wishes(Wishes(stop=True))
    earlier = time.time() - 5
    os.utime(files.wishes, (earlier, earlier))
    files.asked.write_text("{}")
    files.clear_wishes()
    assert files.read_wishes() == Wishes(), "meant for the process before"
    files.write_wishes(Wishes(stop=True))
    assert [event.kind for event in train(config, files.path)][-1] == "stopped"
    assert next(train(config, files.path, resume=True)).kind == "started"
    assert files.read_wishes() == Wishes(), "it was heard, and does not stop the next process"


def test_a_paused_run_saves_rests_and_goes_on_as_if_nothing_had_been(
    config: TrainConfig, files: RunFiles, tmp_path: Path, no_rest: None
) -> None:
    list(train(config, tmp_path / "whole"))
    kinds, states = [], []
    for event in train(config, files.path):
        kinds.append(event.kind)
        if event.kind == "step" and event.step == 3:
            files.write_wishes(Wishes(paused=True))
        if event.kind == "paused":
            states.append(RunWatch(files.path).look().state)
            assert read_tensors(files.checkpoint)[1]["step"] == "3"
            files.write_wishes(Wishes(paused=True, samples=1))
        if event.kind == "sheet" and event.images_seen == 12:
            states.append(RunWatch(files.path).look().state)
            assert files.sheet(12).exists()
            files.write_wishes(Wishes(samples=1))
    assert states == ["paused", "paused"]
    assert kinds.count("paused") == kinds.count("resumed") == 1
    whole, rested = (read_tensors(path / "checkpoint.safetensors")[0] for path in (tmp_path / "whole", files.path))
    assert all(torch.equal(whole[name], rested[name]) for name in whole)


def test_what_is_wished_during_the_preparations_is_done_after_the_first_step(files: RunFiles) -> None:
    """There is nothing to save or to draw before; a second wish forgets none before it."""
    files.path.mkdir()
    files.config.touch()
    asked = Control(RunFolder(files.path), None, ALONE, math.inf, never)

    def prepare() -> Generator[TrainEvent, None, None]:
        for wishes in (Wishes(samples=1), Wishes(saves=1, samples=1), Wishes(saves=1, samples=1, paused=False)):
            files.write_wishes(wishes)
            yield TrainEvent("setup", 1, 2)

    assert len(list(asked.heed(prepare()))) == 3
    assert asked.ask() == Order(save=True, sample=True)
    assert asked.ask() == Order()


class Clock:
    """Time that passes only while somebody sleeps."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_pause_does_not_count_against_the_minutes(
    config: TrainConfig, files: RunFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "_REST_S", 1000.0)
    monkeypatch.setattr(control, "time", Clock())
    for event in train(config, files.path, minutes=1.0):
        if event.kind == "step" and event.step == 1:
            files.write_wishes(Wishes(paused=True))
        if event.kind == "paused":
            files.write_wishes(Wishes())
    assert event.kind == "done"
    assert event.seconds < 1000


class Nap(Clock):
    """Time of which every sleep takes twice as long as it was asked to."""

    def sleep(self, seconds: float) -> None:
        self.now += 2 * seconds


def test_a_pause_is_measured_not_guessed(config: TrainConfig, files: RunFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    files.path.mkdir()
    files.config.touch()
    clock = Nap()
    monkeypatch.setattr(control, "time", clock)
    asked = Control(RunFolder(files.path), None, ALONE, 1.0, never)
    for _ in range(1000):
        asked.rest()
    assert not asked.ask().is_over
    clock.now += 61.0
    assert asked.ask().is_over


def test_wishes_that_cannot_be_read_for_a_moment_stay_as_they_were(files: RunFiles) -> None:
    files.path.mkdir()
    files.config.touch()
    asked = Control(RunFolder(files.path), None, ALONE, 1.0, never)
    files.write_wishes(Wishes(paused=True, saves=1))
    assert asked.ask() == Order(pause=True, save=True)
    files.wishes.write_text("{")
    assert asked.ask() == Order(pause=True)
    files.write_wishes(Wishes(saves=1))
    assert asked.ask() == Order()
    files.wishes.unlink()
    assert asked.ask() == Order()


def ask_for(files: RunFiles, config: TrainConfig) -> None:
    """Do what the window does when it starts a trainer."""
    files.path.mkdir(exist_ok=True)
    files.clear_wishes()
    with replace_file(files.asked) as stream:
        stream.write(dump_json(config).encode())


def test_what_is_wished_while_the_trainer_starts_is_done(config: TrainConfig, files: RunFiles) -> None:
    ask_for(files, config)
    files.write_wishes(Wishes(stop=True))
    assert [event.kind for event in train(config, files.path)][-1] == "stopped"
    ask_for(files, config)
    assert [event.kind for event in train(config, files.path, resume=True)][-1] == "done"


def test_a_device_that_is_not_there_is_told_at_once(config: TrainConfig, files: RunFiles) -> None:
    ask_for(files, config)
    assert RunWatch(files.path).look().state == "preparing"
    with pytest.raises(EngineError):
        list(train(replace(config, device="cuda:99"), files.path))
    assert RunWatch(files.path).look().state == "failed"


def test_a_run_that_is_taken_up_again_is_not_seen_as_stopped_once_more(config: TrainConfig, files: RunFiles) -> None:
    list(train(replace(config, images=20), files.path))
    watch = RunWatch(files.path)
    assert watch.look().state == "done"
    states = []

    def settle(*values: object) -> torch.device:
        states.append(watch.look().state)  # the first CUDA call may take seconds
        return torch.device("cpu")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "_settle", settle)
        list(train(config, files.path, resume=True))
    assert states == ["preparing"]


def test_a_wish_that_is_being_written_while_the_trainer_starts_arrives(config: TrainConfig, files: RunFiles) -> None:
    files.path.mkdir()
    with replace_file(files.wishes) as stream:
        stream.write(dump_json(Wishes(stop=True)).encode())
        events = train(config, files.path)
        next(events)
    assert list(events)[-1].kind == "stopped"


def test_a_signal_ends_a_pause_and_the_run(config: TrainConfig, files: RunFiles, no_rest: None) -> None:
    asked = [False]
    kinds = []
    for event in train(config, files.path, was_asked=lambda: asked[0]):
        kinds.append(event.kind)
        if event.kind == "step" and event.step == 2:
            files.write_wishes(Wishes(paused=True))
        asked[0] = asked[0] or event.kind == "paused"
    assert kinds[-2:] == ["paused", "stopped"]


def test_saving_and_sampling_now_is_done_once_for_each_wish(config: TrainConfig, files: RunFiles) -> None:
    seen = wish_at(2, train(config, files.path), files, Wishes(saves=1, samples=1))
    assert [event.images_seen for event in seen if event.kind == "checkpoint"] == [8, 20, 40]
    assert [event.images_seen for event in seen if event.kind == "sheet"] == [8, 20, 40]
    assert next(event.text for event in seen if event.kind == "sheet") == str(files.sheet(8))
    assert files.sheet(8).exists()
    assert "Saved at 8 images." in RunWatch(files.path).look().words


def test_the_time_is_over_after_its_minutes(config: TrainConfig, files: RunFiles) -> None:
    last = list(train(replace(config, images=400_000), files.path, minutes=0.0))[-1]
    assert (last.kind, last.text) == ("stopped", "The time is over. Stopped and saved at 4 images.")


def test_preparations_pause_and_stop_as_well(tiny: TrainConfig, files: RunFiles, no_rest: None) -> None:
    config = replace(tiny, recipe="projected", feature_images=480, portraits=24, images=8)
    kinds = []
    for event in train(config, files.path):
        kinds.append(event.kind)
        if event.kind == "setup" and kinds.count("setup") == 1:
            files.write_wishes(Wishes(paused=True))
        if event.kind == "paused":
            assert RunWatch(files.path).look().state == "paused"
            files.write_wishes(Wishes())
        if event.kind == "resumed":
            assert RunWatch(files.path).look().state == "preparing"
            files.write_wishes(Wishes(stop=True))
    assert kinds[-1] == "stopped"
    assert "step" not in kinds
    assert RunWatch(files.path).look().text == "Stopped during the preparations."


@pytest.mark.parametrize("resume", [True, False])
def test_a_run_stopped_while_it_prepared_is_resumed_or_begun_anew(
    config: TrainConfig, files: RunFiles, resume: bool
) -> None:
    events = train(config, files.path)
    assert next(events).kind == "started"
    events.close()
    assert RunWatch(files.path).look().state == "stopped"
    assert [event.kind for event in train(config, files.path, resume)][-1] == "done"


def test_a_run_begun_anew_learns_its_own_features(tiny: TrainConfig, files: RunFiles) -> None:
    config = replace(tiny, recipe="projected", images=8)
    files.path.mkdir()
    for width in (8, 6):
        events = train(replace(config, judge_widths=(width, width, width)), files.path)
        while next(events).kind != "step":
            pass
        events.close()
        for path in (files.checkpoint, files.model):  # as if it had been killed before its first checkpoint
            path.unlink()
    shape = read_tensors(files.path / "features.safetensors")[0]["trunk.stages.0.first.weight"].shape
    assert 6 in shape


def test_two_starts_in_one_folder_do_not_race(config: TrainConfig, files: RunFiles) -> None:
    first = train(config, files.path)
    next(first)
    with pytest.raises(EngineError, match="Another process is training"):
        next(train(config, files.path))
    assert [event.kind for event in read_events(files)] == ["started"], "the second one says nothing in the folder"
    first.close()


def test_a_start_that_is_refused_leaves_a_finished_run_finished(config: TrainConfig, files: RunFiles) -> None:
    list(train(config, files.path))
    before = files.events.read_text()
    with pytest.raises(EngineError, match="already holds a run"):
        next(train(config, files.path))
    assert files.events.read_text() == before
    assert RunWatch(files.path).look().state == "done"


def test_a_failure_is_its_last_word_with_a_hint(config: TrainConfig, files: RunFiles, tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        list(train(replace(config, data=str(tmp_path / "nowhere")), files.path))
    now = RunWatch(files.path).look()
    assert now.state == "failed"
    assert "not a folder" in now.text and now.hint
    last = json.loads(files.events.read_text().splitlines()[-1])
    assert last["kind"] == "failed"
