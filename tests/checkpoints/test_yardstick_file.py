"""The yardstick file: what is written comes back, damage is refused, and the shipped one can read portraits."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from sni_engine.api.errors import EngineError
from sni_engine.api.paths import shipped_yardsticks
from sni_engine.checkpoints.tensors import read_tensors, write_tensors
from sni_engine.checkpoints.yardstick import (
    ReadFactor,
    Yardstick,
    YardstickInfo,
    describe_crowd,
    read_yardstick,
    write_yardstick,
)
from sni_engine.metrics.eyes import YardstickEye
from sni_engine.networks.features import AttributeNetwork, FeaturesConfig
from sni_engine.portraits import FACTOR_NAMES, render, sample_factors

CONFIG = FeaturesConfig((4, 6, 8), 16, targets=1, options=(2,))
FACTORS = (ReadFactor("hat", options=("none", "cap")), ReadFactor("yaw", "degrees", mean=1, deviation=10, score=0.5))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    network = AttributeNetwork(CONFIG).eval()
    info = YardstickInfo("small", "", CONFIG, FACTORS, facts={"portraits": "none"})
    path = tmp_path / "small.safetensors"
    write_yardstick(path, Yardstick(network, info, describe_crowd(torch.randn(40, 8), 16)))
    return path


def test_what_is_written_comes_back_in_half_the_length(path: Path) -> None:
    yardstick = read_yardstick(path)
    assert yardstick.info.factors == FACTORS
    assert yardstick.network.config == CONFIG
    assert yardstick.portraits.some.shape == (16, 8)
    assert len(yardstick.info.digest) == 32
    pictures = torch.rand(2, 3, 16, 16)
    torch.testing.assert_close(yardstick.network(pictures).targets, read_yardstick(path).network(pictures).targets)
    assert load_file(path)["network.hidden.weight"].dtype == torch.float16


@pytest.mark.parametrize("name", ["network.hidden.bias", "portraits.mean"])
def test_other_numbers_than_those_written_are_refused(path: Path, name: str) -> None:
    tensors, header = read_tensors(path)
    write_tensors(path, tensors | {name: tensors[name] + 1}, header)
    with pytest.raises(EngineError, match="not those"):
        read_yardstick(path)


@pytest.mark.parametrize("change", [{"format": "sni-model"}, {"version": "2"}, {"yardstick": "{}"}])
def test_other_files_are_refused_in_a_sentence(path: Path, change: dict[str, str]) -> None:
    tensors, header = read_tensors(path)
    write_tensors(path, tensors, header | change)
    with pytest.raises(EngineError):
        read_yardstick(path)


@pytest.mark.parametrize(
    "config",
    [
        FeaturesConfig((1, 1, 2**40), 16, targets=1, options=(2,)),
        FeaturesConfig((4, 6, 8), 16, targets=1, options=(2,), parts=-1),
        FeaturesConfig((4, 0, 8), 16, targets=1, options=(2,)),
    ],
)
def test_networks_that_nobody_can_hold_are_refused(config: FeaturesConfig) -> None:
    with pytest.raises(ValueError, match="widths"):
        YardstickInfo("large", "", config, FACTORS)


def test_numbers_of_a_kind_that_is_not_written_are_refused(path: Path) -> None:
    tensors, header = read_tensors(path)
    write_tensors(path, {name: tensor.bfloat16() for name, tensor in tensors.items()}, header)
    with pytest.raises(EngineError, match="of a kind"):
        read_yardstick(path)


@pytest.mark.parametrize("factors", [FACTORS[:1], (*FACTORS, ReadFactor("roll"))])
def test_factors_that_the_network_does_not_read_are_refused(factors: tuple[ReadFactor, ...]) -> None:
    with pytest.raises(ValueError, match="factors"):
        YardstickInfo("odd", "", CONFIG, factors)


def test_the_shipped_yardstick_reads_portraits_that_nobody_trained_on() -> None:
    factors = sample_factors(range(2**33, 2**33 + 12), 0.25)
    pictures, _ = render(factors, 64)
    eye = YardstickEye(read_yardstick(), torch.device("cpu"))
    reading = eye.read(pictures.permute(0, 3, 1, 2).float() / 127.5 - 1)
    names = [item.name for item in eye.yardstick.info.numbers]
    yaw = reading.numbers[:, names.index("yaw")].numpy()
    assert np.abs(yaw - factors[:, FACTOR_NAMES.index("yaw")]).mean() < 5
    assert (shipped_yardsticks() / "portraits-64.safetensors").stat().st_size < 4 * 2**20
