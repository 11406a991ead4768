"""Checkpoints kept along the way: spread over the run, starred ones for ever, gone back to and forward again."""

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.run_watch import RunWatch
from sni_engine.api.runs import EventReader
from sni_engine.api.training import TrainConfig
from sni_engine.checkpoints.format import read_card, read_model
from sni_engine.checkpoints.tensors import read_tensors
from sni_engine.train import keep as keeping
from sni_engine.train import kept as kept_module
from sni_engine.train import roll_back as roll_back_module
from sni_engine.train.kept import choose_dropped, link
from sni_engine.train.loop import train
from sni_engine.train.roll_back import can_undo, model_at, roll_back, undo_roll_back
from sni_engine.train.run_folder import RunFolder

from .conftest import TINY, write_noise


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures are, and a run that was made once."""
    folder = tmp_path_factory.mktemp("made")
    write_noise(folder / "pictures", 10)
    return folder


@pytest.fixture
def config(folder: Path) -> TrainConfig:
    """Ten steps of four, five intervals."""
    return replace(TINY, data=str(folder / "pictures"), images=40, checkpoint_every=8)


@pytest.fixture
def run(config: TrainConfig, folder: Path, tmp_path: Path) -> RunFolder:
    """A run that is done: a copy."""
    if not (folder / "run").exists():
        list(train(config, folder / "run"))
    shutil.copytree(folder / "run", tmp_path / "run")
    return RunFolder(tmp_path / "run")


def list_content(run: RunFolder) -> dict[str, bytes]:
    """Return every file but the events, which only grow."""
    paths = (path for path in run.path.rglob("*") if path.is_file() and path != run.events)
    return {str(path.relative_to(run.path)): path.read_bytes() for path in paths}


@pytest.mark.parametrize("most", [2, 3, 6, 12])
def test_kept_checkpoints_are_spread_over_the_run(most: int) -> None:
    left: list[int] = []
    for images in range(1, 300):
        left.append(images)
        for dropped in choose_dropped(left, (), most):
            left.remove(dropped)
        assert len(left) == min(images, most) and left[-1] == images
        gaps = [after - before for before, after in zip([0, *left], left, strict=False)]
        assert max(gaps) <= max(1, 2 * images / most)


def test_starred_ones_stay_and_do_not_count() -> None:
    assert set(choose_dropped(range(1, 10), (4, 5), 2)).isdisjoint((4, 5, 9))
    assert len(choose_dropped(range(1, 10), (4, 5), 2)) == 5
    assert choose_dropped([1, 2, 3], (2,), 0) == [1, 3]


def test_every_interval_is_kept_until_there_are_too_many(config: TrainConfig, tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "run")
    for event in train(replace(config, keep=2), run.path):
        if event.kind == "checkpoint" and event.images_seen == 8:
            run.write_stars((8,))
    now = RunWatch(run.path).look()
    assert now.starred == (8,)
    assert len(now.kept) == 3 and now.kept[0] == 8 and now.kept[-1] == 40
    assert now.sheets == (8, 16, 24, 32, 40), "the sheets of all intervals stay"
    assert os.path.samefile(run.checkpoint, run.kept_checkpoint(40)), "it takes no room of its own"


def test_none_are_kept_where_none_are_wanted(config: TrainConfig, tmp_path: Path) -> None:
    list(train(replace(config, keep=0), tmp_path / "run"))
    assert RunFolder(tmp_path / "run").list_kept() == ()


def test_a_disk_without_second_names_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "one").write_bytes(b"1")
    link(tmp_path / "one", tmp_path / "folder" / "two")
    link(tmp_path / "one", tmp_path / "folder" / "two")
    assert (tmp_path / "folder" / "two").read_bytes() == b"1"
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["two"]


def test_a_disk_that_runs_short_loses_kept_ones_first(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, free = RunFolder(tmp_path / "run"), [2**40]
    monkeypatch.setattr(kept_module, "count_free_bytes", lambda path: free[0])
    for event in train(config, run.path):
        if event.kind == "checkpoint" and event.images_seen == 24:
            run.write_stars((16,))
            free[0] = 0
    assert run.list_kept() == (16, 40)
    warnings = [event.text for event in EventReader(run).read() if event.kind == "warning"]
    assert warnings[0] == "The disk is nearly full. Checkpoints kept at these images were deleted: 8, 24."
    assert RunWatch(run.path).look().state == "done"


def test_a_full_disk_met_while_writing_loses_kept_ones_first(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, write = RunFolder(tmp_path / "run"), keeping.write_model

    def refuse(*values: object, **names: object) -> object:
        if run.list_kept() == (8, 16):
            raise EngineError("It could not be written.") from OSError(errno.ENOSPC, "full")
        return write(*values, **names)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping, "write_model", refuse)
    assert "warning" in [event.kind for event in train(replace(config, images=24), run.path)]
    assert run.list_kept() == (16, 24)
    lines = [json.loads(line)["images"] for line in run.metrics.read_text().splitlines()]
    assert lines == [8, 16, 24]


def test_a_run_that_was_rolled_back_goes_on_as_it_did_the_first_time(run: RunFolder, config: TrainConfig) -> None:
    before = list_content(run)
    roll_back(run.path, 16)
    assert read_tensors(run.checkpoint)[1]["images_seen"] == "16"
    assert read_card(run.model).facts["images seen"] == "16"
    now = RunWatch(run.path).look()
    assert (now.state, now.kept, now.sheets) == ("stopped", (8, 16), (8, 16))
    assert now.text == "Rolled back from 40 to 16 images."
    assert now.put_aside == 40
    assert now.last is not None and now.last.step == 4 and now.last.seconds > 0
    assert max(point.images_seen for point in now.points) == 16
    list(train(config, run.path, resume=True))
    after = list_content(run)
    same = [name for name in before if name.startswith("checkpoints/")]
    assert len(same) == 5
    for name in same:
        assert all(torch.equal(*pair) for pair in pair_tensors(before[name], after[name], run.path))
    assert not can_undo(run.path) and RunWatch(run.path).look().put_aside == 0
    with pytest.raises(EngineError, match="has gone on"):
        undo_roll_back(run.path)


def pair_tensors(one: bytes, other: bytes, folder: Path) -> list[tuple[torch.Tensor, torch.Tensor]]:
    found = []
    for data in (one, other):
        (folder / "compared").write_bytes(data)
        found.append(read_tensors(folder / "compared")[0])
    return [(found[0][name], found[1][name]) for name in found[0]]


def test_rolling_forward_again_brings_everything_back(run: RunFolder) -> None:
    run.write_stars((8, 32))
    before = list_content(run)
    watch = RunWatch(run.path)
    watch.look()
    roll_back(run.path, 24)
    assert watch.look().starred == (8,)
    roll_back(run.path, 8)
    assert can_undo(run.path)
    assert max(point.images_seen for point in watch.look().points) == 8
    assert undo_roll_back(run.path) == 24
    assert undo_roll_back(run.path) == 40
    assert list_content(run) == before
    assert {8, 16, 24, 32, 40} <= {point.images_seen for point in watch.look().points}
    with pytest.raises(EngineError, match="was not rolled back"):
        undo_roll_back(run.path)


def test_only_a_kept_checkpoint_of_a_run_at_rest_is_gone_back_to(run: RunFolder) -> None:
    with pytest.raises(EngineError, match="No checkpoint is kept at 12 images") as refused:
        roll_back(run.path, 12)
    assert "8, 16, 24, 32, 40" in refused.value.hint
    with run.hold(), pytest.raises(EngineError, match="Another process"):
        roll_back(run.path, 16)
    run.kept_checkpoint(16).write_bytes(run.kept_checkpoint(16).read_bytes()[:-10])
    before = list_content(run)
    with pytest.raises(EngineError, match="not a whole"):
        roll_back(run.path, 16)
    assert list_content(run) == before


def test_the_model_of_a_kept_checkpoint(run: RunFolder) -> None:
    path = model_at(run.path, 40)
    _, card = read_model(path)
    assert card.digest == read_card(run.model).digest
    assert card.name == "run at 40"
    assert read_card(model_at(run.path, 8)).digest != card.digest


def test_rolling_forward_that_was_cut_short_can_be_done_again(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    run.write_stars((32,))
    before = list_content(run)
    for count in range(4):  # of files that are back in their places when it ends
        roll_back(run.path, 16)
        with monkeypatch.context() as patch:
            left = iter([*[True] * count, False])

            def stop(source: Path, target: Path, left: Iterator[bool] = left) -> None:
                if not next(left):
                    raise KeyboardInterrupt
                link(source, target)

            patch.setattr(roll_back_module, "link", stop)
            with pytest.raises(KeyboardInterrupt):
                undo_roll_back(run.path)
        assert undo_roll_back(run.path) == 40
        assert list_content(run) == before


def test_a_roll_back_for_which_there_is_no_room_leaves_the_one_before_to_be_undone(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    roll_back(run.path, 24)
    with monkeypatch.context() as patch:
        patch.setattr(roll_back_module, "link", lambda *paths: refuse_full())
        with pytest.raises(EngineError):
            roll_back(run.path, 8)
    (run.path / "rolled-back" / "2").mkdir()  # of one that was killed
    assert can_undo(run.path)
    roll_back(run.path, 8)
    assert (undo_roll_back(run.path), undo_roll_back(run.path)) == (24, 40)


def refuse_full() -> None:
    raise EngineError("It could not be written.") from OSError(errno.ENOSPC, "full")


def test_a_kept_one_that_somebody_reads_on_windows_does_not_end_the_run(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, unlink = RunFolder(tmp_path / "run"), Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == run.kept_checkpoint(8):
            raise PermissionError(errno.EACCES, "in use")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert [event.kind for event in train(replace(config, images=24, keep=1), run.path)][-1] == "done"
    assert run.list_kept() == (8, 24)


def test_a_disk_without_second_names_that_is_full_loses_kept_ones_first(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = RunFolder(tmp_path / "run")

    def refuse(source: Path, target: Path) -> None:
        if run.list_kept() == (8, 16):
            refuse_full()
        link(source, target)

    monkeypatch.setattr(kept_module, "link", refuse)
    assert [event.kind for event in train(replace(config, images=24), run.path)][-1] == "done"
    assert run.list_kept() == (16, 24)


@pytest.mark.parametrize("place", ["checkpoint", "previous", "cut_metrics", "write_stars"])
def test_a_roll_back_cut_short_leaves_a_whole_run(
    run: RunFolder, config: TrainConfig, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    cut_short(monkeypatch, place)
    with pytest.raises(KeyboardInterrupt):
        roll_back(run.path, 16)
    monkeypatch.undo()
    assert [event.kind for event in train(config, run.path, resume=True)][-1] == "done"
    assert read_tensors(run.checkpoint)[1]["images_seen"] == "40"


def cut_short(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    def stop(*values: object, **names: object) -> None:
        raise KeyboardInterrupt

    def stop_at(name: str) -> Callable[[Path, Path], None]:
        def play(source: Path, target: Path) -> None:
            if target.name == name and target.parent.name == "run":
                stop()
            link(source, target)

        return play

    if place in ("checkpoint", "previous"):
        monkeypatch.setattr(
            roll_back_module, "link", stop if place == "previous" else stop_at("checkpoint.safetensors")
        )
    else:
        monkeypatch.setattr(RunFolder, place, stop)
