"""Making a yardstick: trained, scored on portraits it has not seen, and usable from its file."""

from pathlib import Path

import numpy as np
import pytest
import torch

from sni_engine.checkpoints.yardstick import read_yardstick, write_yardstick
from sni_engine.metrics.eyes import YardstickEye
from sni_engine.networks.features import AttributeNetwork
from sni_engine.portraits import FACTORS, find_factor, render_batches
from sni_engine.train.attributes import AttributeTraining
from sni_engine.train.dataset import PictureSet
from sni_engine.train.yardstick import _score_choice, _score_number, make_yardstick, train_yardstick


def draw(first: int, count: int) -> PictureSet:
    batches = list(render_batches(range(first, first + count), 16, 0.25))
    _, pictures, masks, factors = (np.concatenate(part) for part in zip(*batches, strict=True))
    return PictureSet(pictures, masks, factors)


def test_a_yardstick_is_made_written_and_read(tmp_path: Path) -> None:
    data, held_out = draw(0, 24), draw(1000, 12)
    plan = AttributeTraining(images=32, batch=8, shift_px=1)
    *_, network = train_yardstick(data, plan, widths=(4, 6, 8))
    assert isinstance(network, AttributeNetwork)
    made = make_yardstick(network, data, held_out, "tiny", {"portraits": "24"})
    assert [factor.name for factor in made.info.factors] == [factor.name for factor in FACTORS]
    write_yardstick(tmp_path / "tiny.safetensors", made)
    eye = YardstickEye(read_yardstick(tmp_path / "tiny.safetensors"), torch.device("cpu"))
    pictures = torch.from_numpy(data.pictures).permute(0, 3, 1, 2).float() / 127.5 - 1
    with torch.inference_mode():
        torch.testing.assert_close(eye.pool(pictures).double().mean(0), made.portraits.mean, atol=0.02, rtol=0.02)
        assert eye.read(pictures).numbers.shape == (24, sum(not factor.options for factor in FACTORS))


def test_scores_are_one_for_the_truth_and_nothing_for_a_guess() -> None:
    truth = np.linspace(-20, 20, 101).astype(np.float32)
    yaw = find_factor("yaw")
    mean, deviation = float(truth.mean()), float(truth.std())
    right = _score_number(yaw, mean, deviation, truth, truth)
    guess = _score_number(yaw, mean, deviation, truth, np.full(101, mean))
    assert (right.score, right.error) == (1, pytest.approx(0, abs=1e-3))
    assert guess.score == pytest.approx(0, abs=1e-3)
    hats = np.array([0, 0, 0, 1], np.float32)
    assert _score_choice(find_factor("hat"), hats, np.zeros(4)).skill == 0
    assert _score_choice(find_factor("hat"), hats, hats).skill == 1
