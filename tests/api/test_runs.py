"""A run seen from outside: its events, wishes and lock, and what a look at its folder says."""

import json
import os
import time
from pathlib import Path

import pytest

from sni_engine.api.file_lock import FileLock
from sni_engine.api.files import replace_file
from sni_engine.api.plain import dump_json
from sni_engine.api.run_watch import RunWatch, thin
from sni_engine.api.runs import EventReader, ProcessInfo, RunFiles, TrainEvent, Wishes
from sni_engine.api.train_presets import PRESETS


@pytest.fixture
def files(tmp_path: Path) -> RunFiles:
    """A run's folder with its config."""
    files = RunFiles(tmp_path / "run")
    files.path.mkdir()
    with replace_file(files.config) as stream:
        stream.write(dump_json(PRESETS["cpu-smoke"]).encode())
    return files


def step(images: int, **more: object) -> TrainEvent:
    return TrainEvent("step", images, 100, images // 4, 10.0, {"generator": 1.0}, **more)  # type: ignore[arg-type]


def test_a_reader_gives_each_event_once_and_waits_for_whole_lines(files: RunFiles) -> None:
    reader = EventReader(files)
    assert reader.read() == ()
    files.append_event(step(4))
    files.append_event(step(8))
    with files.events.open("a") as stream:
        stream.write('{"kind": "st')
    assert [event.images_seen for event in reader.read()] == [4, 8]
    with files.events.open("a") as stream:
        stream.write("not an event\n")
    files.append_event(step(12))
    assert [event.images_seen for event in reader.read()] == [12]


def test_of_very_many_steps_some_are_read_and_of_everything_else_all(files: RunFiles) -> None:
    for images in range(3_500):
        files.append_event(TrainEvent("step", images, 9_000))
        if images % 100 == 0:
            files.append_event(TrainEvent("note", images, 9_000, text="A line."))
    events = EventReader(files).read()
    steps = [event.images_seen for event in events if event.kind == "step"]
    assert len(steps) <= 1000 < 2 * len(steps)
    assert steps[-1] == 3_499
    assert max(after - before for before, after in zip(steps, steps[1:], strict=False)) == 4
    assert sum(event.kind == "note" for event in events) == 35


def test_a_reader_begins_anew_when_another_file_has_taken_the_place(files: RunFiles) -> None:
    reader = EventReader(files)
    files.append_event(step(4))
    reader.read()
    files.events.rename(files.events.with_name("events-previous.jsonl"))
    files.append_event(step(8))
    assert [event.images_seen for event in reader.read()] == [8]


def test_wishes_are_read_as_written_and_a_damaged_file_wishes_nothing(files: RunFiles) -> None:
    assert files.read_wishes() == Wishes()
    files.write_wishes(Wishes(paused=True, saves=3))
    assert files.read_wishes() == Wishes(paused=True, saves=3)
    files.wishes.write_text("{")
    assert files.read_wishes() == Wishes()


def test_a_lock_is_seen_without_being_touched(tmp_path: Path) -> None:
    lock, other = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    assert not other.is_taken()
    assert not (tmp_path / "x.lock").exists()
    assert lock.take()
    assert other.is_taken()
    lock.close()
    assert not other.is_taken()


@pytest.mark.parametrize(
    ("events", "alive", "state"),
    [
        ([], True, "preparing"),
        ([], False, "killed"),
        ([TrainEvent("setup", 3, 9, text="Drawing portraits")], True, "preparing"),
        ([step(4)], True, "training"),
        ([step(4), TrainEvent("paused", 4, 100)], True, "paused"),
        ([TrainEvent("paused", 4, 100), TrainEvent("resumed", 4, 100)], True, "training"),
        ([step(4)], False, "killed"),
        ([TrainEvent("stopped", 4, 100)], False, "stopped"),
        ([TrainEvent("done", 100, 100)], False, "done"),
        ([TrainEvent("failed", 4, 100, text="Memory ran out.", batch=8)], False, "failed"),
    ],
)
def test_the_state_of_a_run(files: RunFiles, events: list[TrainEvent], alive: bool, state: str) -> None:
    for event in events:
        files.append_event(event)
    lock = files.lock
    if alive:
        assert lock.take()
    now = RunWatch(files.path).look()
    lock.close()
    assert (now.state, now.config) == (state, PRESETS["cpu-smoke"])
    assert now.batch == (8 if state == "failed" else 0)


def test_folders_without_a_run(tmp_path: Path) -> None:
    assert RunWatch(tmp_path / "nowhere").look().state == "missing"
    assert RunWatch(tmp_path).look().state == "empty"


def test_a_resumed_run_forgets_what_came_after_its_checkpoint(files: RunFiles) -> None:
    watch = RunWatch(files.path)
    files.write_process(ProcessInfo(1, time.time()))
    for images in (4, 8, 12):
        files.append_event(step(images))
    assert [point.images_seen for point in watch.look().points] == [4, 8, 12]
    files.metrics.write_text(
        json.dumps({"images": 8, "step": 2, "rate": 5.0, "generator": 0.5, "score_swd": 3.0}) + "\n?"
    )
    files.write_process(ProcessInfo(2, time.time() + 1))
    files.append_event(TrainEvent("started", 8, 100))
    files.append_event(step(10))
    for look in (watch, RunWatch(files.path)):
        points = look.look().points
        assert [point.images_seen for point in points][-2:] == [8, 10]
        assert 12 not in [point.images_seen for point in points]
    assert points[-2].scores == {"swd": 3.0}


def test_many_points_are_thinned_but_scores_stay() -> None:
    watch = RunWatch(Path("x"))
    for images in range(1, 5001):
        watch._take(step(images, scores={"swd": 1.0} if images % 1000 == 0 else {}))
    points = list(watch._points.values())
    assert len(points) <= 2000
    assert sum(bool(point.scores) for point in points) == 5
    assert thin({1: points[0]}) == {}


def test_the_rest_takes_what_the_rate_says(files: RunFiles) -> None:
    files.append_event(step(40))
    lock = files.lock
    lock.take()
    now = RunWatch(files.path).look()
    lock.close()
    assert now.seconds_left == 6.0
    assert now.fraction == 0.4


def test_a_run_that_was_asked_for_is_preparing_until_its_process_speaks(files: RunFiles) -> None:
    files.append_event(TrainEvent("stopped", 4, 100))
    files.write_process(ProcessInfo(1, time.time() - 100))
    assert RunWatch(files.path).look().state == "stopped"
    files.asked.write_text("{}")
    now = RunWatch(files.path).look()
    assert (now.state, now.last) == ("preparing", None)
    files.write_process(ProcessInfo(2, time.time() + 0.01))
    files.append_event(TrainEvent("failed", 4, 100, text="There is no room."))
    assert RunWatch(files.path).look().state == "failed"


def test_a_process_that_never_spoke_is_not_waited_for_for_ever(files: RunFiles) -> None:
    files.asked.write_text("{}")
    long_ago = time.time() - 100
    os.utime(files.asked, (long_ago, long_ago))
    assert RunWatch(files.path).look().state == "killed"
