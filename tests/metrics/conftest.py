"""A small generator and a small yardstick, both untrained, for metrics whose arithmetic is what is tested."""

import pytest
import torch

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codes import GridSpec
from sni_engine.checkpoints.yardstick import ReadFactor, Yardstick, YardstickInfo, describe_crowd
from sni_engine.metrics.eyes import YardstickEye
from sni_engine.networks.features import AttributeNetwork, FeaturesConfig
from sni_engine.networks.generator import Generator

GRID = GridSpec(style=16, local=4, shared=2, global_=1)
FACTORS = (
    ReadFactor("yaw", "degrees", mean=1.0, deviation=10.0, score=0.9),
    ReadFactor("hair_style", options=("bald", "long", "curly"), score=0.9, chance=0.4),
    ReadFactor("age", mean=0.4, deviation=0.3, score=0.2),
)


@pytest.fixture
def generator() -> Generator:
    torch.manual_seed(1)
    network = Generator(GeneratorConfig(GRID, widths=(12, 10, 8)))
    for layer in network.layers:
        torch.nn.init.normal_(layer.noise_strength, std=0.1)
    return network.eval().requires_grad_(False)


@pytest.fixture
def blind(generator: Generator) -> Generator:
    """A generator whose pictures do not depend on its codes."""
    for layer in generator.rgb_layers():
        layer.weight.zero_()
    return generator


@pytest.fixture
def yardstick() -> Yardstick:
    torch.manual_seed(2)
    config = FeaturesConfig((4, 6, 8), 16, targets=2, options=(3,))
    network = AttributeNetwork(config).eval().requires_grad_(False)
    info = YardstickInfo("small", "", config, FACTORS, "Apache-2.0", {"portraits": "none"})
    return Yardstick(network, info, describe_crowd(torch.randn(64, 8), 32))


@pytest.fixture
def eye(yardstick: Yardstick) -> YardstickEye:
    return YardstickEye(yardstick, torch.device("cpu"))
