"""Two processes do what one does: the same losses and weights to rounding, one run folder, one voice, one stop."""

import json
import os
import signal
import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from sni_engine.api.architecture import DiscriminatorConfig
from sni_engine.api.errors import EngineError
from sni_engine.api.plain import dump_json
from sni_engine.api.run_watch import RunWatch
from sni_engine.api.runs import EventReader, Wishes
from sni_engine.api.training import TrainConfig
from sni_engine.checkpoints.tensors import read_tensors
from sni_engine.networks.discriminator import ProjectedDiscriminator
from sni_engine.networks.layers import measure_deviation
from sni_engine.train.dice import Dice
from sni_engine.train.distributed import Ranks
from sni_engine.train.loop import train
from sni_engine.train.run_folder import RunFolder

TWO = [Ranks(0, 2), Ranks(1, 2)]


@pytest.fixture(params=["plain", "projected"])
def config(request: pytest.FixtureRequest, tiny: TrainConfig, pictures: Path) -> TrainConfig:
    """Ten steps of eight; for the projected recipe, five with fixed features and five with learning ones."""
    config = replace(tiny, batch=8, unfreeze_at=40, locality=1.0, locality_every=2, path_length=1.0)
    if request.param == "projected":
        return replace(config, recipe="projected")
    return replace(config, data=str(pictures), augment="adaptive", augment_images=100)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_two(trainers: Any, *words: str | Path, told: Path) -> list[int]:
    """Start two trainers as torchrun would; return their process ids."""
    place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port(), "SNI_HOME": os.environ["SNI_HOME"]}
    return [
        trainers.start(*words, RANK=rank, LOCAL_RANK=rank, WORLD_SIZE=2, TOLD=told.with_suffix(f".{rank}"), **place)
        for rank in range(2)
    ]


def read_metrics(run: RunFolder) -> list[dict[str, float]]:
    return [json.loads(line) for line in run.metrics.read_text().splitlines()]


def list_files(run: RunFolder) -> list[str]:
    return sorted(str(path.relative_to(run.path)) for path in run.path.rglob("*"))


def test_two_processes_do_what_one_does(config: TrainConfig, tmp_path: Path, trainers: Any) -> None:
    one, two, told = RunFolder(tmp_path / "one"), RunFolder(tmp_path / "two"), tmp_path / "told"
    wanted = tmp_path / "wanted.json"
    wanted.write_text(dump_json(config))
    codes = [trainers.wait(pid) for pid in start_two(trainers, wanted, two.path, told=told)]
    assert codes == [0, 0], told.with_suffix(".0").read_text() + told.with_suffix(".1").read_text()
    list(train(config, one.path))
    assert list_files(two) == list_files(one)
    for ours, theirs in zip(read_metrics(one), read_metrics(two), strict=True):
        assert ours.keys() == theirs.keys()
        assert [theirs[name] for name in ours if name != "rate"] == pytest.approx(
            [ours[name] for name in ours if name != "rate"], rel=1e-3, abs=1e-5
        )
    (first, header), (second, other) = read_tensors(one.checkpoint), read_tensors(two.checkpoint)
    assert (header["step"], header["images_seen"]) == (other["step"], other["images_seen"]) == ("10", "80")
    for name in first:
        torch.testing.assert_close(second[name], first[name], rtol=1e-2, atol=2e-3, msg=lambda m, n=name: f"{n}: {m}")


def test_a_signal_to_one_stops_both_after_the_same_step_and_the_run_goes_on(
    tiny: TrainConfig, pictures: Path, tmp_path: Path, trainers: Any
) -> None:
    config = replace(tiny, data=str(pictures), batch=8, images=800_000, checkpoint_every=16)
    run, wanted = RunFolder(tmp_path / "run"), tmp_path / "wanted.json"
    wanted.write_text(dump_json(config))
    pids = start_two(trainers, wanted, run.path, told=tmp_path / "told")
    deadline = time.monotonic() + 60
    while not run.checkpoint.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(pids[1], signal.SIGTERM)
    assert [trainers.wait(pid) for pid in pids] == [0, 0]
    seen = int(read_tensors(run.checkpoint)[1]["images_seen"])
    assert seen >= 16
    wanted.write_text(dump_json(replace(config, images=seen + 8)))
    codes = [trainers.wait(pid) for pid in start_two(trainers, wanted, run.path, "--resume", told=tmp_path / "told")]
    assert codes == [0, 0]
    assert int(read_tensors(run.checkpoint)[1]["images_seen"]) == seen + 8


def test_a_mistake_is_told_once(tiny: TrainConfig, pictures: Path, tmp_path: Path, trainers: Any) -> None:
    wanted, told = tmp_path / "wanted.json", tmp_path / "told"
    wanted.write_text(dump_json(replace(tiny, data=str(pictures), batch=6)))
    assert [trainers.wait(pid) for pid in start_two(trainers, wanted, tmp_path / "run", told=told)] == [1, 1]
    assert "A batch of 6 cannot be dealt evenly to 2 processes. Choose a batch of 8." in Path(f"{told}.0").read_text()
    assert Path(f"{told}.1").read_text() == ""


def test_shares_of_a_batch_are_what_one_process_draws() -> None:
    def draw(ranks: Ranks) -> list[torch.Tensor]:
        dice = Dice(torch.Generator().manual_seed(0), ranks)
        n = 8 // ranks.count
        return [dice.rand(n, 3), dice.randn(n), dice.randint(0, 9, 2, n, 1, dim=1).movedim(1, 0)]

    for whole, *shares in zip(draw(Ranks()), *(draw(ranks) for ranks in TWO), strict=True):
        assert torch.equal(torch.stack(shares, 1).flatten(0, 1), whole)


def test_dealing_keeps_the_groups_of_the_deviation_together() -> None:
    whole = torch.randn(16, 3, 4, 4)
    shares = [measure_deviation(ranks.deal(whole)) for ranks in TWO]
    torch.testing.assert_close(torch.stack(shares, 1).flatten(), measure_deviation(whole))


@pytest.mark.parametrize(("batch", "count"), [(16, 2), (32, 4), (6, 3), (12, 3)])
def test_batches_that_can_be_dealt(batch: int, count: int) -> None:
    Ranks(0, count).check_batch(batch)


@pytest.mark.parametrize(("batch", "count"), [(6, 2), (4, 2), (16, 3), (16, 8)])
def test_batches_that_cannot_be_dealt(batch: int, count: int) -> None:
    with pytest.raises(EngineError, match="cannot be dealt evenly"):
        Ranks(0, count).check_batch(batch)


def test_shared_batch_norm_is_the_usual_one_when_alone() -> None:
    config = DiscriminatorConfig((4, 6, 8), head_width=5)
    usual, shared = ProjectedDiscriminator(config), ProjectedDiscriminator(config)
    shared.share_statistics(lambda x: x)
    shared.load_state_dict(usual.state_dict())
    pictures = torch.randn(4, 3, 16, 16)
    gradients = []
    for judge in (usual, shared):
        judge.use_batch_statistics(True)
        x = pictures.clone().requires_grad_()
        judge(x).square().sum().backward()
        gradients.append(x.grad)
    torch.testing.assert_close(gradients[0], gradients[1], rtol=1e-4, atol=1e-5)
    for (name, one), other in zip(usual.state_dict().items(), shared.state_dict().values(), strict=True):
        assert torch.equal(one, other), name


def test_two_processes_pause_save_and_stop_together_as_wished(
    tiny: TrainConfig, pictures: Path, tmp_path: Path, trainers: Any
) -> None:
    config = replace(tiny, data=str(pictures), batch=8, images=800_000, checkpoint_every=800_000)
    run, wanted = RunFolder(tmp_path / "run"), tmp_path / "wanted.json"
    wanted.write_text(dump_json(config))
    pids = start_two(trainers, wanted, run.path, told=tmp_path / "told")
    watch, reader = RunWatch(run.path), EventReader(run)

    def wait_for(state: str) -> None:
        deadline = time.monotonic() + 60
        while watch.look().state != state and time.monotonic() < deadline:
            time.sleep(0.02)
        assert watch.look().state == state

    wait_for("training")
    for wishes, state in (
        (Wishes(paused=True), "paused"),
        (Wishes(saves=1), "training"),
        (Wishes(stop=True), "stopped"),
    ):
        run.write_wishes(wishes)
        wait_for(state)
    assert [trainers.wait(pid) for pid in pids] == [0, 0]
    kinds = [event.kind for event in reader.read() if event.kind != "step"]
    assert (kinds[0], kinds[-1]) == ("started", "stopped")
    assert kinds.count("started") == kinds.count("paused") == kinds.count("resumed") == 1
