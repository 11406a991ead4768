"""A run seen from outside: its events, wishes and lock, and what a look at its folder says."""

import json
import os
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sni_engine.api import file_lock, run_list
from sni_engine.api.errors import EngineError
from sni_engine.api.file_lock import FileLock
from sni_engine.api.files import replace_file
from sni_engine.api.plain import dump_json, to_plain
from sni_engine.api.run_disk import RunDisk
from sni_engine.api.run_watch import RunNow, RunWatch, thin
from sni_engine.api.runs import EventReader, ProcessInfo, RunFiles, TrainEvent, Wishes
from sni_engine.api.train_presets import PRESETS
from sni_engine.train.run_folder import RunFolder


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


def change_slowly(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Leave others time between reading and writing."""
    return lambda known: (time.sleep(0.01), change(known))[1]


def test_of_two_who_change_wishes_or_stars_at_once_none_is_forgotten(files: RunFiles) -> None:
    def change(place: int) -> None:
        files.change_wishes(change_slowly(lambda wishes: replace(wishes, saves=wishes.saves + 1)))
        files.change_stars(change_slowly(lambda stars: stars | {place}))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change, range(16)))
    assert files.read_wishes() == Wishes(saves=16)
    assert files.read_stars() == tuple(range(16))
    assert not list(files.path.glob("*.lock"))


def read_slowly(read: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: (read(), time.sleep(0.01))[0]


def test_of_two_who_begin_a_run_at_once_both_are_on_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_list, "_read", read_slowly(run_list._read))
    paths = [tmp_path / f"run {place}" for place in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run_list.add_run, paths))
    assert set(run_list.list_runs()) == set(paths)


def test_who_keeps_a_lock_for_long_is_not_waited_for_without_end(
    files: RunFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lock, "_PATIENCE_S", 0.05)
    with (
        FileLock(files.path / "wishes.lock").hold(),
        pytest.raises(EngineError, match="Another program keeps"),
    ):
        files.change_wishes(lambda wishes: wishes)
    files.change_wishes(lambda wishes: replace(wishes, stop=True))
    assert files.read_wishes().stop


def test_a_folder_that_is_gone_stays_so(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        RunFiles(tmp_path / "gone").change_wishes(lambda wishes: wishes)
    assert not (tmp_path / "gone").exists()


def test_a_lock_is_seen_without_being_touched(tmp_path: Path) -> None:
    lock, other = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    assert not other.is_taken()
    assert not (tmp_path / "x.lock").exists()
    assert lock.take()
    assert other.is_taken()
    lock.close()
    assert not other.is_taken()


def test_many_may_ask_at_once_whether_a_lock_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "left by one that was killed.lock"
    path.touch()
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(FileLock(path).is_taken) for _ in range(4000)]
    assert not any(answer.result() for answer in asked)


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


def test_a_look_tells_which_files_there_are(files: RunFiles) -> None:
    assert RunWatch(files.path).look().disk == RunDisk()
    files.sheet(0).parent.mkdir()
    for path in (files.previous, files.model, files.sheet(8), files.sheet(16)):
        path.write_bytes(b"")
        os.utime(path, ns=(5, 5))
    os.utime(files.sheet(8), ns=(7, 7))
    assert RunWatch(files.path).look().disk == RunDisk(has_model=True, has_checkpoint=True, sheet_ns=5)
    files.checkpoint.write_bytes(b"")
    os.utime(files.checkpoint, ns=(9, 9))
    files.log.write_text("line")
    assert RunWatch(files.path).look().disk == RunDisk(True, True, True, 9, 5)


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
    scored = {images: replace(points[-1], scores={"swd": 1.0}) for images in range(5001)}
    assert 500 < len(thin(scored)) <= 2000


def look_at(files: RunFiles, metrics: str, event: str) -> RunNow:
    files.metrics.write_text(metrics + "\n")
    files.events.write_text(event + "\n")
    return RunWatch(files.path).look()


STARTED = json.dumps({"kind": "started", "images_seen": 9000, "images_total": 9000})


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"images": 1, "a": 1%s}' % ("0" * 400), '{"images": 1e300}', '{"images": 1, "a": []}']
)
def test_senseless_numbers_are_passed_over(files: RunFiles, line: str) -> None:
    good = json.dumps({"images": 8, "step": 2, "generator": 0.5})
    assert [point.images_seen for point in look_at(files, f"{line}\n{good}", STARTED).points] == [8]
    huge = '{"kind": "step", "images_seen": 1%s, "images_total": 1, "rate": 1e-300}' % ("0" * 400)
    assert look_at(files, "", huge).fraction == 0
    files.config.write_text('{"images": 1%s}' % ("0" * 400))
    assert look_at(files, "", STARTED).config is None


def test_a_long_run_gives_at_most_two_thousand_points(files: RunFiles) -> None:
    lines = (json.dumps({"images": images, "generator": 1.0, "score_swd": 2.0}) for images in range(6000))
    assert 500 < len(look_at(files, "\n".join(lines), STARTED).points) <= 2000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
@pytest.mark.timeout(20)
def test_pipes_in_a_run_s_folder_hold_up_nobody(files: RunFiles) -> None:
    for path in (files.events, files.metrics, files.wishes, files.process, files.stars):
        os.mkfifo(path)
    assert RunWatch(files.path).look().state == "killed"
    assert files.read_wishes() == Wishes()


@pytest.mark.parametrize(
    "name", ["wishes.json", "stars.json", "events.jsonl", "sheets/00000008.png", "wishes.lock", "any"]
)
def test_nothing_is_written_where_a_stranger_s_links_lead(files: RunFiles, tmp_path: Path, name: str) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    (files.path / name).parent.mkdir(exist_ok=True)
    try:
        (files.path / name).symlink_to(precious)
    except OSError:
        pytest.skip("this system lets nobody make links")
    writes = (
        *(lambda: files.write_wishes(Wishes(stop=True)), lambda: files.write_stars((8,))),
        *(lambda: files.change_wishes(lambda wishes: wishes), lambda: files.change_stars(lambda stars: stars)),
    )
    for write in writes:
        with pytest.raises(EngineError, match="is a link"):
            write()
    with pytest.raises(EngineError, match="is a link"), RunFolder(files.path).hold():
        pass
    assert precious.read_text() == "mine"


def test_a_log_that_never_ends_is_read_from_near_its_end(files: RunFiles) -> None:
    with files.events.open("wb") as stream:
        stream.seek(2**31)  # takes no room
        stream.write(b"\n" + json.dumps(to_plain(step(8))).encode() + b"\n")
    tracemalloc.start()
    assert RunWatch(files.path).look().last == step(8)
    assert tracemalloc.get_traced_memory()[1] < 2**26
    tracemalloc.stop()


def test_half_a_line_spoils_no_other(files: RunFiles) -> None:
    files.events.write_text('{"kind": "st')
    files.append_event(TrainEvent("failed", 4, 100, text="No room."))
    assert RunWatch(files.path).look().state == "failed"


def test_only_names_of_ours_are_checkpoints(files: RunFiles) -> None:
    files.kept.mkdir()
    for name in ("00000008", "8", "9" * 60, "x", "00000016"):
        (files.kept / f"{name}.safetensors").touch()
    assert files.list_kept() == (8, 16)


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


def test_a_failure_before_the_process_could_say_who_it_is_ends_the_preparations(files: RunFiles) -> None:
    files.asked.write_text("{}")
    ago = time.time() - 5
    os.utime(files.asked, (ago, ago))
    assert RunWatch(files.path).look().state == "preparing"
    files.append_event(TrainEvent("failed", 0, 1, text='There is no "cuda" device on this machine.'))
    assert RunWatch(files.path).look().state == "failed"


def test_a_process_that_never_spoke_is_not_waited_for_for_ever(files: RunFiles) -> None:
    files.asked.write_text("{}")
    long_ago = time.time() - 100
    os.utime(files.asked, (long_ago, long_ago))
    assert RunWatch(files.path).look().state == "killed"


def points_of(watch: RunWatch) -> list[int]:
    return [point.images_seen for point in watch.look().points]


def test_the_curves_of_a_resumed_run_keep_every_point_of_its_past(files: RunFiles) -> None:
    watch = RunWatch(files.path)
    files.write_process(ProcessInfo(1, time.time()))
    for images in (4, 8, 12, 16):
        files.append_event(step(images))
    assert points_of(watch) == [4, 8, 12, 16]
    files.metrics.write_text(json.dumps({"images": 8, "step": 2, "generator": 0.5}) + "\n")
    files.write_process(ProcessInfo(2, time.time() + 1))
    files.append_event(TrainEvent("started", 12, 100))
    assert points_of(watch) == points_of(RunWatch(files.path)) == [4, 8, 12]


def test_points_that_were_rolled_back_come_back_with_what_was_put_aside(files: RunFiles) -> None:
    watch = RunWatch(files.path)
    for images in (4, 8, 12, 16):
        files.append_event(step(images))
    for images in (12, 4):
        files.append_event(TrainEvent("stopped", images, 100))
    assert points_of(watch) == [4]
    for images, known in ((12, [4, 8, 12]), (16, [4, 8, 12, 16])):
        files.append_event(TrainEvent("stopped", images, 100))
        assert points_of(watch) == points_of(RunWatch(files.path)) == known
    files.append_event(TrainEvent("stopped", 4, 100))
    files.append_event(step(6))
    files.append_event(TrainEvent("stopped", 16, 100))
    assert points_of(watch) == [4, 6], "it has gone on since"


def test_a_run_that_went_beyond_its_last_image_is_done_and_no_more(files: RunFiles) -> None:
    files.append_event(TrainEvent("done", 104, 100, rate=1.0))
    assert RunWatch(files.path).look().fraction == 1.0


def test_last_words_of_a_trainer_whose_folder_was_moved_are_found_in_its_lock(files: RunFiles) -> None:
    files.write_process(ProcessInfo(1, 100.0))
    files.append_event(step(4))
    (files.path / "run.lock").write_text(json.dumps(to_plain(TrainEvent("failed", 4, 100, text="Old.", at=50.0))))
    assert RunWatch(files.path).look().state == "killed", "an earlier process said that"
    lock = files.lock
    assert lock.take()
    lock.leave_note(json.dumps(to_plain(TrainEvent("failed", 4, 100, text="It was moved.", at=150.0))).encode() + b"\n")
    moved = RunFiles(files.path.rename(files.path.with_name("moved")))
    lock.close()
    watch = RunWatch(moved.path)
    assert [(watch.look().state, watch.look().text)] == [("failed", "It was moved.")]
    assert watch.look().words == ("It was moved.",)


@pytest.mark.parametrize("damage", [b"", b"\xff" * 40, b"\x10\0\0\0\0\0\0\0[]", b"\x02\0\0\0\0\0\0\0{}"])
def test_a_roll_back_can_be_undone_only_while_its_checkpoint_is_the_newest(files: RunFiles, damage: bytes) -> None:
    turn = files.path / "rolled-back" / "1"
    turn.mkdir(parents=True)
    (turn / "turn.json").write_text('{"images_from": 40, "images_to": 8}')
    files.checkpoint.write_bytes(head(8))
    assert RunWatch(files.path).look().put_aside == 40
    files.checkpoint.write_bytes(head(12))
    assert RunWatch(files.path).look().put_aside == 0
    files.checkpoint.write_bytes(damage)
    assert RunWatch(files.path).look().put_aside == 0


def head(images: int) -> bytes:
    text = json.dumps({"__metadata__": {"images_seen": str(images)}}).encode()
    return len(text).to_bytes(8, "little") + text
