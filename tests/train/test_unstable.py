"""Numbers that are no longer finite, a disk that is full, memory that runs out: a sentence, and the last checkpoint."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from sni_engine.api.errors import EngineError
from sni_engine.api.plain import dump_json
from sni_engine.api.training import TrainConfig
from sni_engine.checkpoints.tensors import read_tensors, write_tensors
from sni_engine.cli import main as run_command
from sni_engine.train import play
from sni_engine.train.keep import save
from sni_engine.train.loop import train
from sni_engine.train.process import main as run_process
from sni_engine.train.run_folder import RunFolder
from sni_engine.train.state import RunState
from sni_engine.train.step import take_step

Spoil = Callable[[RunState], Any]


@pytest.fixture
def config(tiny: TrainConfig, pictures: Path) -> TrainConfig:
    return replace(tiny, data=str(pictures), images=160)


def spoil_weights(state: RunState) -> None:
    with torch.no_grad():
        state.generator.cells.bias[0] = float("nan")


def spoil_moments(state: RunState) -> None:
    """Weights stay finite: Adam divides by what is infinite and stands still."""
    moments = next(iter(state.judge_optimiser.state.values()))
    moments["exp_avg_sq"].fill_(float("inf"))


def spoil_numbers(state: RunState) -> None:
    state.numbers["strength"] = float("nan")


def exhaust_memory(state: RunState) -> None:
    raise torch.OutOfMemoryError("CUDA out of memory.")


def at_step(monkeypatch: pytest.MonkeyPatch, step: int, spoil: Spoil) -> None:
    """Let something befall the run before one of its steps."""

    def take(state: RunState, real: Tensor, autocast: bool) -> dict[str, Tensor]:
        if state.step == step:
            spoil(state)
        return take_step(state, real, autocast)

    monkeypatch.setattr(play, "take_step", take)


def write_config(config: TrainConfig, folder: Path) -> str:
    path = folder / "wanted.json"
    path.write_text(dump_json(config))
    return str(path)


def read_weights(run: Path) -> dict[str, Tensor]:
    return read_tensors(run / "checkpoint.safetensors")[0]


@pytest.mark.parametrize("spoil", [spoil_weights, spoil_moments, spoil_numbers])
def test_a_spoilt_run_stops_in_a_sentence_and_goes_on_from_its_last_checkpoint(
    config: TrainConfig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spoil: Spoil,
) -> None:
    list(train(config, tmp_path / "whole"))
    words = [write_config(config, tmp_path), str(tmp_path / "run")]
    with monkeypatch.context() as patch:
        at_step(patch, 23, spoil)
        assert run_process(words) == 1
    told = capsys.readouterr().err
    assert "unstable" in told and "resume it with a lower rate" in told and "Traceback" not in told
    assert read_tensors(tmp_path / "run" / "checkpoint.safetensors")[1]["step"] == "20"
    assert run_process([*words, "--resume"]) == 0
    whole, again = read_weights(tmp_path / "whole"), read_weights(tmp_path / "run")
    assert all(torch.equal(whole[name], again[name]) for name in whole)


def test_the_command_stops_in_a_sentence_too(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    list(train(replace(config, images=40), tmp_path / "run"))
    at_step(monkeypatch, 13, spoil_weights)
    assert run_command(["train", "--out", str(tmp_path / "run"), "--resume", "--images", "80"]) == 1
    assert "unstable" in capsys.readouterr().err
    assert read_tensors(tmp_path / "run" / "checkpoint.safetensors")[1]["step"] == "10"


def test_a_rate_that_is_too_high_can_be_lowered_on_resuming(config: TrainConfig, tmp_path: Path) -> None:
    list(train(replace(config, images=40), tmp_path / "run"))
    with pytest.raises(EngineError, match="unstable"):
        list(train(replace(config, rate=1e30), tmp_path / "run", resume=True))
    list(train(replace(config, rate=1e-4), tmp_path / "run", resume=True))
    assert RunFolder(tmp_path / "run").read_config().rate == 1e-4


def test_before_the_first_checkpoint_nothing_is_promised(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_step(monkeypatch, 3, spoil_weights)
    with pytest.raises(EngineError, match="No checkpoint had been saved"):
        list(train(config, tmp_path / "run"))


def test_stopping_a_spoilt_run_says_so_and_keeps_the_checkpoint(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_step(monkeypatch, 12, spoil_weights)
    events = train(config, tmp_path / "run")
    while next(events).step < 13:
        pass
    with pytest.raises(EngineError, match="unstable"):
        events.close()
    assert read_tensors(tmp_path / "run" / "checkpoint.safetensors")[1]["step"] == "10"


def test_weights_that_are_no_numbers_never_replace_a_checkpoint(config: TrainConfig, tmp_path: Path) -> None:
    list(train(replace(config, images=40), tmp_path / "run"))
    run = RunFolder(tmp_path / "run")
    before = run.checkpoint.read_bytes()
    state = RunState(config, torch.device("cpu"))
    state.load(run.checkpoint)
    assert state.is_finite()
    spoil_weights(state)
    with pytest.raises(EngineError, match="unstable"):
        save(state, run)
    assert run.checkpoint.read_bytes() == before


def test_memory_that_runs_out_names_a_smaller_batch_with_which_the_run_goes_on(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        at_step(patch, 13, exhaust_memory)
        with pytest.raises(EngineError, match=r"batch of 4.*with a batch of 2"):
            list(train(config, tmp_path / "run"))
    list(train(replace(config, batch=2), tmp_path / "run", resume=True))
    assert read_tensors(tmp_path / "run" / "checkpoint.safetensors")[1]["step"] == "70", "ten of four, sixty of two"


def test_other_errors_are_not_taken_for_want_of_memory(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(state: RunState) -> None:
        raise RuntimeError("a mistake of ours")

    at_step(monkeypatch, 1, fail)
    with pytest.raises(RuntimeError, match="a mistake of ours"):
        list(train(config, tmp_path / "run"))


def test_named_numbers_come_back_exactly_and_old_checkpoints_have_none(config: TrainConfig, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.safetensors"
    state = RunState(config, torch.device("cpu"))
    state.numbers = {"augment_strength": 0.1 + 0.2, "path_length_mean": 1e-300}
    state.save(path)
    again = RunState(config, torch.device("cpu"))
    again.load(path)
    assert again.numbers == state.numbers
    header = read_tensors(path)[1]
    assert json.loads(header["numbers"])["augment_strength"] == 0.1 + 0.2


def test_checkpoints_of_the_first_version_load(config: TrainConfig, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.safetensors"
    RunState(config, torch.device("cpu")).save(path)
    tensors, header = read_tensors(path)
    write_tensors(path, tensors, {name: header[name] for name in header if name not in ("digest", "numbers")})
    state = RunState(config, torch.device("cpu"))
    state.load(path)
    assert state.numbers == {}
