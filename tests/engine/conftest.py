"""A small untrained model, made once, and what draws with it: for all that needs a real engine but no good pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codes import GridSpec
from sni_engine.checkpoints.format import write_model
from sni_engine.drawing import Painter
from sni_engine.engine import Engine
from sni_engine.networks.generator import Generator

SMALL = GeneratorConfig(GridSpec(style=16, local=4, shared=2, global_=1), widths=(12, 10, 8))


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(1)
    generator = Generator(SMALL)
    path = tmp_path_factory.mktemp("models") / "small.safetensors"
    write_model(
        path, generator, "small", licence="Apache-2.0", facts={"recipe": "none"}, limits=("It is not trained.",)
    )
    return path


@pytest.fixture
def engine(model_path: Path) -> Iterator[Engine]:
    """An engine on the CPU with the small model at hand."""
    engine = Engine(str(model_path), "cpu")
    yield engine
    engine.close()


@pytest.fixture
def painter(variant: GeneratorConfig) -> Painter:
    """What draws, for each kind of generator; biases and noise are as if it had been trained."""
    torch.manual_seed(0)
    generator = Generator(variant)
    for name, parameter in generator.named_parameters():
        if name.endswith(("bias", "noise_strength")):
            torch.nn.init.normal_(parameter, std=0.3)
    return Painter(generator, torch.device("cpu"))
