"""The baseline: a learned constant instead of the cells, and a style that every layer obeys."""

import pytest
import torch
from torch import Tensor

from sni_engine.api.architecture import Backbone, GeneratorConfig
from sni_engine.api.codes import GridSpec
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes

GRID = GridSpec(4, 4, style=6, global_=0, shared=0, local=0)
EMPTY = (torch.zeros(2, 0), torch.zeros(2, 2, 2, 0), torch.zeros(2, 4, 4, 0))


def make(backbone: Backbone) -> Generator:
    torch.manual_seed(0)
    config = GeneratorConfig(GRID, (6, 5, 4), first_styled=0, backbone=backbone, source="constant")
    return Generator(config).eval().requires_grad_(False)


def noise_of(generator: Generator) -> list[Tensor]:
    return [torch.randn(1, *shape) for shape in generator.noise_shapes()]


@pytest.mark.parametrize("backbone", ["modulated", "adain"])
def test_style_and_nothing_else_makes_the_pictures_differ(backbone: Backbone) -> None:
    generator = make(backbone)
    noise = noise_of(generator)
    one, other = (torch.tensor(draw_codes(GRID, seed).style) for seed in (1, 2))
    drawn = generator(torch.stack([one, other]), *EMPTY, noise)
    again = generator(torch.stack([one, one]), *EMPTY, noise)
    assert not torch.allclose(drawn[0], drawn[1], atol=1e-3)
    torch.testing.assert_close(again[0], again[1])
    assert torch.equal(*generator.map_cells(*EMPTY))


@pytest.mark.parametrize("backbone", ["modulated", "adain"])
def test_every_layer_obeys_the_style(backbone: Backbone) -> None:
    generator = make(backbone)
    for layer in generator.layers:
        assert (layer.conv.affine if backbone == "modulated" else layer.affine) is not None
    assert len(generator.layers) == (
        4 if backbone == "modulated" else 5
    )  # StyleGAN's first epilogue has no convolution


@pytest.mark.parametrize("backbone", ["modulated", "adain"])
def test_the_constant_learns(backbone: Backbone) -> None:
    generator = make(backbone).requires_grad_(True)
    generator(torch.randn(2, 6), *EMPTY, noise_of(generator)).square().mean().backward()
    assert generator.cells.values.grad is not None
    assert generator.cells.values.grad.abs().max() > 0


def test_the_baseline_is_the_same_network_but_for_its_input() -> None:
    with_cells = Generator(GeneratorConfig(GridSpec(4, 4, style=6, local=3), (6, 5, 4), first_styled=0)).state_dict()
    constant = make("modulated").state_dict()
    differing = {name for name in with_cells.keys() | constant.keys() if not name.startswith("cells.")}
    assert all(with_cells[name].shape == constant[name].shape for name in differing)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"source": "constant"}, "constant"),
        ({"source": "constant", "grid": GRID, "joint_norm": True}, "constant"),
        ({"grid": GRID}, "cells need"),
        ({"source": "thin air"}, "thin air"),
        ({"backbone": "spine"}, "spine"),
        ({"first_styled": -1}, "first_styled"),
        ({"first_styled": 7}, "first_styled"),
        ({"source": "constant", "grid": GridSpec(style=9000, global_=0, shared=0, local=0)}, "beyond"),
        ({"backbone": "adain", "widths": (8192,) * 8}, "beyond"),
    ],
)
def test_senseless_and_monstrous_configs_are_refused(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        GeneratorConfig(**wrong)  # type: ignore[arg-type]
