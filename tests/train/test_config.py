"""Training configurations: presets fit together, senseless ones are refused, JSON is exact."""

import pytest

from sni_engine.api.plain import dump_json, load_json
from sni_engine.api.train_presets import PRESETS
from sni_engine.api.training import TrainConfig


@pytest.mark.parametrize("name", PRESETS)
def test_presets_survive_json(name: str) -> None:
    config = PRESETS[name]
    assert load_json(TrainConfig, dump_json(config)) == config
    assert config.generator.resolution_px == config.resolution_px


@pytest.mark.parametrize(
    "wrong",
    [
        {"batch": 1},
        {"variety": 1.5},
        {"ema_images": 0},
        {"resolution_px": 48},
        {"widths": (128,)},
        {"judge_widths": (8,) * 7},
        {"recipe": "projected", "data": "folder"},
        {"rate": 0.0},
        {"locality": -1.0},
        {"settle": 1.5},
        {"images": 0},
        {"cells": 9, "resolution_px": 72},
        {"widths": (128, 0, 80, 32)},
        {"mapping_layers": 0},
        {"global_code": -1},
        {"judge_widths": ()},
        {"recipe": "projected", "judge_widths": (8, 8)},
        {"recipe": "projected", "feature_images": 3},
        {"seed": -1},
        {"rate": float("nan")},
        {"precision": "fp17"},
        {"fit": "stretch"},
        {"portraits": 1},
        {"portraits": -1},
    ],
)
def test_senseless_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        TrainConfig(**wrong)  # type: ignore[arg-type]


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"batch .*rate .*fit .*make 512 px"):
        TrainConfig(batch=1, rate=-1.0, fit="stretch", cells=64)  # type: ignore[arg-type]
