"""A run that was stopped and resumed is the run that was not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.training import TrainConfig
from sni_engine.checkpoints.format import read_model
from sni_engine.checkpoints.tensors import read_tensors, write_tensors
from sni_engine.train.loop import train
from sni_engine.train.run_folder import RunFolder
from sni_engine.train.state import RunState

from .conftest import TINY


@pytest.fixture(params=["plain", "projected"])
def config(request: pytest.FixtureRequest, pictures: Path) -> TrainConfig:
    if request.param == "plain":
        demands = {"path_length": 1.0, "path_length_every": 2, "augment_images": 60}
        return replace(TINY, data=str(pictures), augment="adaptive", **demands)
    return replace(TINY, recipe="projected", locality=1.0, locality_every=2)


def run_all(config: TrainConfig, out: Path, resume: bool = False) -> list[str]:
    return [event.kind for event in train(config, out, resume)]


def test_twenty_steps_are_ten_and_ten(config: TrainConfig, tmp_path: Path) -> None:
    run_all(config, tmp_path / "whole")
    run_all(replace(config, images=40), tmp_path / "halves")
    run_all(config, tmp_path / "halves", resume=True)
    whole, header = read_tensors(tmp_path / "whole" / "checkpoint.safetensors")
    halves, other = read_tensors(tmp_path / "halves" / "checkpoint.safetensors")
    assert header["step"] == other["step"] == "20"
    assert whole.keys() == halves.keys()
    assert [name for name in whole if not torch.equal(whole[name], halves[name])] == []


def test_endless_portraits_are_the_same_after_resuming(tmp_path: Path) -> None:
    config = replace(TINY, portraits=0, images=16, checkpoint_every=8)
    run_all(config, tmp_path / "whole")
    run_all(replace(config, images=8), tmp_path / "halves")
    run_all(config, tmp_path / "halves", resume=True)
    whole, header = read_tensors(tmp_path / "whole" / "checkpoint.safetensors")
    halves, _ = read_tensors(tmp_path / "halves" / "checkpoint.safetensors")
    assert header["step"] == "4"
    assert [name for name in whole if not torch.equal(whole[name], halves[name])] == []


def test_closing_saves_where_it_stopped(config: TrainConfig, tmp_path: Path) -> None:
    run_all(config, tmp_path / "whole")
    events = train(config, tmp_path / "stopped")
    for event in events:
        if event.kind == "step" and event.step == 7:
            events.close()  # type: ignore[attr-defined]
            break
    assert read_tensors(tmp_path / "stopped" / "checkpoint.safetensors")[1]["step"] == "7"
    run_all(config, tmp_path / "stopped", resume=True)
    whole, _ = read_tensors(tmp_path / "whole" / "checkpoint.safetensors")
    stopped, _ = read_tensors(tmp_path / "stopped" / "checkpoint.safetensors")
    assert all(torch.equal(whole[name], stopped[name]) for name in whole)


def test_a_run_leaves_a_model_sheets_and_numbers(config: TrainConfig, tmp_path: Path) -> None:
    kinds = run_all(config, tmp_path / "run")
    assert kinds.count("checkpoint") == kinds.count("sheet") == 2
    assert kinds[-1] == "done"
    _, card = read_model(tmp_path / "run" / "model.safetensors")
    assert card.resolution_px == 16
    assert card.facts["images seen"] == "80"
    assert len(list((tmp_path / "run" / "sheets").glob("*.png"))) == 2
    lines = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert [line["images"] for line in lines] == [40, 80]


def test_unfreezing_lets_the_features_learn(tmp_path: Path) -> None:
    config = replace(TINY, recipe="projected", images=32)
    run_all(config, tmp_path / "run")
    frozen, _ = read_tensors(tmp_path / "run" / "checkpoint.safetensors")
    run_all(replace(config, images=64), tmp_path / "run", resume=True)
    free, _ = read_tensors(tmp_path / "run" / "checkpoint.safetensors")
    name = "judge.trunk.stages.0.first.weight"
    features, _ = read_tensors(tmp_path / "run" / "features.safetensors")
    assert torch.equal(frozen[name], features["trunk.stages.0.first.weight"])
    assert not torch.equal(free[name], frozen[name])


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path, pictures: Path) -> None:
    config = replace(TINY, data=str(pictures), images=8)
    run_all(config, tmp_path / "run")
    with pytest.raises(EngineError, match="already holds a run"):
        run_all(config, tmp_path / "run")


def test_pictures_that_cannot_be_read_leave_no_run_behind(tmp_path: Path, pictures: Path) -> None:
    with pytest.raises(EngineError, match="not a folder"):
        run_all(replace(TINY, data=str(tmp_path / "nowhere")), tmp_path / "run")
    run_all(replace(TINY, data=str(pictures), images=8), tmp_path / "run")


def test_a_run_made_longer_stays_longer(tmp_path: Path, pictures: Path) -> None:
    config = replace(TINY, data=str(pictures), images=8)
    run_all(config, tmp_path / "run")
    run_all(replace(config, images=16), tmp_path / "run", resume=True)
    assert RunFolder(tmp_path / "run").read_config().images == 16


def test_resuming_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no run"):
        run_all(TINY, tmp_path / "run", resume=True)


def test_a_damaged_checkpoint_is_refused_in_one_sentence(tmp_path: Path, pictures: Path) -> None:
    config = replace(TINY, data=str(pictures), images=8)
    run_all(config, tmp_path / "run")
    path = tmp_path / "run" / "checkpoint.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(EngineError, match="not a whole"):
        run_all(config, tmp_path / "run", resume=True)


@pytest.mark.parametrize("key", ["generator_optimiser.999.exp_avg", "generator_optimiser.x", "judge_optimiser.0.more"])
def test_an_optimiser_that_does_not_fit_is_refused(tmp_path: Path, pictures: Path, key: str) -> None:
    run_all(replace(TINY, data=str(pictures), images=8), tmp_path / "run")
    path = tmp_path / "run" / "checkpoint.safetensors"
    tensors, header = read_tensors(path)
    write_tensors(path, {**tensors, key: torch.zeros(1)}, header)
    with pytest.raises(EngineError, match="optimiser"):
        run_all(replace(TINY, data=str(pictures), images=16), tmp_path / "run", resume=True)


def test_near_seeds_and_steps_share_no_random_numbers() -> None:
    config = replace(TINY, recipe="plain")
    seen = set()
    for seed in (0, 1, 2**28, 2**32, 2**62):
        state = RunState(replace(config, seed=seed), torch.device("cpu"))
        for step in range(3):
            state.step = step
            seen |= {float(state.rng(stream).rand(1)) for stream in range(6)}
    assert len(seen) > 5 * 3 * 6 - 3


def test_closing_at_the_last_step_of_an_interval_leaves_what_belongs_to_it(config: TrainConfig, tmp_path: Path) -> None:
    run_all(config, tmp_path / "whole")
    for end in (40, 80):
        events = train(config, tmp_path / "stopped", resume=end > 40)
        for event in events:
            if event.kind == "step" and event.images_seen == end:
                events.close()
                break
    whole, stopped = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "stopped")
    assert stopped.sheet(40).exists() and stopped.sheet(80).exists()
    lines = [[json.loads(line) for line in run.metrics.read_text().splitlines()] for run in (whole, stopped)]
    assert [{**line, "rate": 0} for line in lines[0]] == [{**line, "rate": 0} for line in lines[1]]


def test_a_folder_in_which_a_run_goes_on_takes_no_second_one(config: TrainConfig, tmp_path: Path) -> None:
    first = train(config, tmp_path / "run")
    assert any(event.kind == "step" for event in first)
    with pytest.raises(EngineError, match="Another process is training"):
        run_all(config, tmp_path / "run", resume=True)
    first.close()
    assert run_all(config, tmp_path / "run", resume=True)[-1] == "done"


def test_a_checkpoint_of_other_numbers_is_refused_in_a_sentence(config: TrainConfig, tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "run")
    run_all(replace(config, images=40), run.path)
    tensors, header = read_tensors(run.checkpoint)
    write_tensors(run.checkpoint, {name: tensor.bfloat16() for name, tensor in tensors.items()}, header)
    with pytest.raises(EngineError, match="another kind"):
        RunState(config, torch.device("cpu")).load(run.checkpoint)
