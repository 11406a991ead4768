"""Every kind of generator trains by both recipes, resumes exactly, and leaves a model that draws."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codes import GridSpec
from sni_engine.api.training import Recipe
from sni_engine.checkpoints.format import read_model
from sni_engine.checkpoints.tensors import read_tensors
from sni_engine.drawing import Painter
from sni_engine.seeds import draw_codes
from sni_engine.train.loop import train

from .conftest import TINY

BASE = replace(TINY, images=16, unfreeze_at=8)
KINDS = [
    pytest.param({"backbone": "adain", "joint_norm": True}, "plain", id="adain-plain"),
    pytest.param({"backbone": "adain", "noise": False}, "projected", id="adain-projected"),
    pytest.param({"source": "constant"}, "projected", id="constant-projected"),
    pytest.param({"source": "constant", "backbone": "adain"}, "plain", id="adain-constant-plain"),
    pytest.param({"first_styled": 3}, "plain", id="styled-late-plain"),
]


@pytest.mark.parametrize(("kind", "recipe"), KINDS)
def test_it_trains_resumes_and_draws(kind: dict[str, object], recipe: Recipe, pictures: Path, tmp_path: Path) -> None:
    config = replace(BASE, **kind, recipe=recipe, data=str(pictures) if recipe == "plain" else "")  # type: ignore[arg-type]
    for images, out, resume in ((16, "whole", False), (8, "halves", False), (16, "halves", True)):
        list(train(replace(config, images=images), tmp_path / out, resume))
    whole, _ = read_tensors(tmp_path / "whole" / "checkpoint.safetensors")
    halves, _ = read_tensors(tmp_path / "halves" / "checkpoint.safetensors")
    assert [name for name in whole if not torch.equal(whole[name], halves[name])] == []
    generator, card = read_model(tmp_path / "halves" / "model.safetensors")
    assert generator.config == config.generator
    picture = Painter(generator, torch.device("cpu")).draw(draw_codes(card.grid, 1))
    assert picture.std() > 0


def test_every_weight_of_the_generator_learns(pictures: Path, tmp_path: Path) -> None:
    for name, kind in (("a", {"backbone": "adain"}), ("b", {"backbone": "adain", "source": "constant"})):
        list(train(replace(BASE, **kind, data=str(pictures)), tmp_path / name))  # type: ignore[arg-type]
        tensors, _ = read_tensors(tmp_path / name / "checkpoint.safetensors")
        weights = [key for key in tensors if key.startswith("generator.")]
        moments = [key for key in tensors if key.startswith("generator_optimiser.") and key.endswith(".exp_avg_sq")]
        assert len(moments) == len(weights)
        assert all(tensors[key].any() for key in moments)


def test_a_constant_source_has_no_codes_but_style() -> None:
    config = replace(BASE, source="constant").generator
    assert config.grid == GridSpec(4, 4, style=8, global_=0, shared=0, local=0)
    assert (config.source, config.first_styled) == ("constant", 0)
    assert BASE.generator == GeneratorConfig(
        GridSpec(4, 4, style=8, global_=BASE.global_code, shared=BASE.shared, local=4), (8, 8, 8)
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"backbone": "x"},
        {"source": "x"},
        {"first_styled": 9},
        {"first_styled": -1},
        {"source": "constant", "locality": 1.0},
        {"local": 0, "locality": 1.0},
    ],
)
def test_senseless_kinds_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"unknown|first_styled|locality penalty"):
        replace(BASE, **wrong)  # type: ignore[arg-type]
