"""A small untrained model, made once, for everything that needs a real engine but no good pictures."""

from pathlib import Path

import pytest
import torch

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codes import GridSpec
from sni_engine.checkpoints.format import write_model
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
