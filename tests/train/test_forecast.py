"""A forecast: every problem at once, numbers that can be true, and nothing left behind."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sni_engine.api.forecast import Forecast
from sni_engine.api.generators import drain
from sni_engine.api.train_presets import PRESETS
from sni_engine.api.training import TrainConfig, TrainWishes
from sni_engine.api.words import format_bytes
from sni_engine.train import forecast, preflight, rehearsal
from sni_engine.train.forecast import make_forecast
from sni_engine.train.loop import train
from sni_engine.train.state import RunState

from .conftest import TINY, write_noise

SMALL = replace(TINY, images=40, checkpoint_every=20, unfreeze_at=16)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = write_noise(tmp_path / "pictures", 6)
    (folder / "broken.png").write_bytes(b"nothing")
    return folder


def look_ahead(config: TrainConfig, out: Path, resume: bool = False) -> Forecast:
    return drain(make_forecast(config, out, resume), lambda event: None)


def test_a_run_that_can_start(tmp_path: Path, pictures: Path) -> None:
    config = replace(SMALL, data=str(pictures))
    seen = look_ahead(config, tmp_path / "runs" / "x")
    assert seen.can_run, seen.problems
    assert not (tmp_path / "runs").exists()
    assert [phase.name for phase in seen.phases] == ["training", "sample sheets and scores"]
    assert seen.phases[0].images == 40
    assert 0 < seen.seconds < 60
    assert all(need.fits and need.needed > 0 for need in (*seen.memory, *seen.disk))
    assert any("broken.png" in note for note in seen.notes)
    assert seen.pictures == "6 pictures, cropped to their middle, 1 file skipped"
    list(train(config, tmp_path / "runs" / "x"))
    used = sum(file.stat().st_size for file in (tmp_path / "runs" / "x").rglob("*") if file.is_file())
    assert used <= seen.disk[0].needed, "the prediction is from above"


def test_the_projected_recipe_has_its_phases(tmp_path: Path) -> None:
    seen = look_ahead(replace(SMALL, recipe="projected"), tmp_path / "run")
    assert [(phase.name, phase.images) for phase in seen.phases] == [
        ("drawing portraits", 24),
        ("learning what portraits have", 48),
        ("training, features fixed", 16),
        ("training", 24),
        ("sample sheets and scores", 2 * (48 + 24)),
    ]
    assert seen.pictures == "24 portraits, 24 to be drawn"


def test_endless_portraits_take_their_part_of_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "measure_drawing", lambda *values: 2.0)  # portraits per second
    monkeypatch.setattr(rehearsal, "measure_step", lambda *values: 0.5)  # seconds for four
    seen = look_ahead(replace(SMALL, portraits=0), tmp_path / "run")
    assert [phase.name for phase in seen.phases] == ["training", "sample sheets and scores"]
    assert seen.phases[0].rate == pytest.approx(4 / (0.5 + 4 / 2.0))
    assert seen.pictures.startswith("endless")


def test_every_problem_is_listed_at_once(tmp_path: Path, pictures: Path) -> None:
    config = replace(SMALL, data=str(pictures))
    list(train(replace(config, images=8), tmp_path / "taken"))
    wishes = TrainWishes(
        **{**vars(config), "batch": 1, "rate": -1.0, "device": "quantum", "data": str(tmp_path / "no")}
    )
    problems = "\n".join(look_ahead(wishes, tmp_path / "taken").problems)
    for word in ("batch", "rate", "quantum", "already holds a run", "not a folder or zip"):
        assert word in problems


def test_a_resumed_run_is_counted_from_where_it_is(tmp_path: Path, pictures: Path) -> None:
    config = replace(SMALL, data=str(pictures), images=8)
    list(train(config, tmp_path / "run"))
    assert look_ahead(replace(config, images=40), tmp_path / "run", resume=True).phases[0].images == 32
    (tmp_path / "run" / "checkpoint.safetensors").write_bytes(b"half")
    assert "not a whole" in look_ahead(config, tmp_path / "run", resume=True).problems[0]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_resumed_run_is_judged_as_the_run_will_be(tmp_path: Path, pictures: Path, is_there: bool) -> None:
    config, run = replace(SMALL, data=str(pictures)), tmp_path / "run"
    list(train(config, run))  # keeps two checkpoints, of 20 images and of 40
    (run / "checkpoint.safetensors").unlink()
    if is_there:
        (run / "checkpoint.safetensors").write_bytes(b"half")
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*")}
    seen = look_ahead(config, run, resume=True)
    assert seen.can_run, seen.problems
    assert seen.phases[0].images == 20
    assert any("Going on from the checkpoint before it, at 20 images" in note for note in seen.notes)
    assert {path: path.stat().st_mtime_ns for path in run.rglob("*")} == before, "looking changes nothing"
    warnings = [event.text for event in train(config, run, resume=True) if event.kind == "warning"]
    assert warnings and warnings[0] in seen.notes, "the run says the same"


def test_what_is_short_does_not_hang_on_a_folders_name() -> None:
    assert "Not enough disk" in preflight.tell_shortage(preflight.Need("disk", "the run in /memory/run", 9, 1))
    assert "Not enough memory" in preflight.tell_shortage(preflight.Need("memory", "a disk image", 9, 1))


def test_a_place_that_is_a_file_is_no_folder(tmp_path: Path, pictures: Path) -> None:
    (tmp_path / "file").write_text("")
    problems = look_ahead(replace(SMALL, data=str(pictures)), tmp_path / "file").problems
    assert len(problems) == 1 and "is a file" in problems[0]


def test_too_little_disk_and_memory_are_told_with_numbers(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(SMALL, data=str(pictures))
    look_ahead(config, tmp_path / "run")  # scales the pictures, for which there is room
    with monkeypatch.context() as patch:
        patch.setattr(preflight, "count_free_bytes", lambda place: 1000)
        assert "Not enough disk" in look_ahead(config, tmp_path / "run").problems[0]
    monkeypatch.setattr(forecast, "count_available_bytes", lambda: 1000)
    (problem,) = look_ahead(config, tmp_path / "run").problems
    assert "Not enough memory" in problem and "smaller batch" in problem


def test_running_out_of_memory_while_measuring_is_a_problem(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*values: object) -> None:
        raise MemoryError

    monkeypatch.setattr(rehearsal, "measure_step", fail)
    problems = look_ahead(replace(SMALL, data=str(pictures)), tmp_path / "run").problems
    assert len(problems) == 1 and "Not enough memory" in problems[0]


def test_weights_are_counted_without_making_them() -> None:
    state = RunState(SMALL, torch.device("cpu"))
    held = sum(p.numel() * 4 for p in state.generator.parameters())
    judged = sum(p.numel() * 4 for p in state.judge.parameters())
    assert rehearsal.count_state_bytes(SMALL) == (5 * held + 4 * judged, 4 * held + 3 * judged)
    large = replace(PRESETS["portraits-64"], widths=(2048, 2048, 2048, 1024))
    assert rehearsal.count_state_bytes(large)[0] > 2**30


def test_the_memory_of_a_step_is_counted_from_above() -> None:
    small, large = (rehearsal.count_step_bytes(RunState(replace(SMALL, widths=w), torch.device("cpu"))) for w in WIDE)
    assert small > 16 * 16 * 3 * 4 * 2, "two pictures at least"
    assert large > 2 * small


WIDE = ((8, 8, 8), (32, 32, 32))


def test_measuring_leaves_the_settings_alone() -> None:
    state = RunState(replace(SMALL, path_length=2.0), torch.device("cpu"))
    before = state.config
    assert rehearsal.measure_step(state, False, False) > 0
    assert state.config is before


def test_sizes_read_well() -> None:
    assert format_bytes(10) == "10 bytes"
    assert format_bytes(3 * 2**20) == "3 MiB"
    assert format_bytes(2**31) == "2.0 GiB"
    assert format_bytes(3 * 2**39) == "1.5 TiB"
    assert format_bytes(3 * 2**59) == "1536.0 PiB"
    assert forecast.Phase("x", 100, 4.0).seconds == 25
