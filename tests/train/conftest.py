"""A tiny run and a folder of pictures for it; the smallest thing that the real trainer trains."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sni_engine.train.config import TrainConfig


@pytest.fixture
def tiny() -> TrainConfig:
    """Pictures of 16 px; steps of milliseconds, checkpoints every ten of them."""
    return TrainConfig(
        resolution_px=16,
        cells=4,
        local=4,
        style=8,
        widths=(8, 8, 8),
        judge_widths=(8, 8, 8),
        portraits=24,
        feature_images=48,
        batch=4,
        checkpoint_every=40,
        images=80,
        r1_every=4,
        unfreeze_at=32,
        device="cpu",
        threads=1,
    )


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of ten pictures of noise."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for index in range(10):
        Image.fromarray(rng.integers(0, 255, (20, 24, 3), np.uint8)).save(folder / f"{index}.png")
    return folder
