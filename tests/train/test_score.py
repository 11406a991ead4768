"""The score of an interval: pictures come a few at a time, and what that takes is foreseen."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sni_engine.networks.generator import Generator
from sni_engine.train import forecast, memory, score
from sni_engine.train.score import Scorer, count_score_bytes

from .conftest import TINY


class Noise:
    """Seventy pictures of noise; remembers which were read together."""

    count = 70

    def __init__(self) -> None:
        self.together: list[int] = []

    def read(self, rows: np.ndarray) -> np.ndarray:
        self.together.append(len(rows))
        return np.random.default_rng(0).integers(0, 255, (len(rows), 16, 16, 3), np.uint8)


@pytest.mark.parametrize(("most", "blocks"), [(256, [32, 32, 6]), (40, [32, 8])])
def test_pictures_are_read_and_drawn_a_few_at_a_time(
    monkeypatch: pytest.MonkeyPatch, most: int, blocks: list[int]
) -> None:
    """Hundreds of large ones would fill the memory."""
    config = replace(TINY, score_pictures=most)
    torch.manual_seed(0)
    generator, noise, seeds = Generator(config.generator), Noise(), []
    draw = score.draw_samples

    def count(generator: Generator, some: range, device: torch.device) -> np.ndarray:
        seeds.append(list(some))
        return draw(generator, some, device)

    monkeypatch.setattr(score, "draw_samples", count)
    scorer = Scorer(config, noise, torch.device("cpu"))
    first = scorer.measure(generator)
    assert noise.together == blocks
    assert [len(some) for some in seeds] == blocks
    assert [seed for some in seeds for seed in some] == list(range(score.FIRST_SEED, score.FIRST_SEED + sum(blocks)))
    assert first["swd"] > 0
    assert scorer.measure(generator) == first and noise.together == blocks, "real ones are read once"


def test_the_forecast_counts_what_a_score_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "read_peak_bytes", lambda: 2**29)
    monkeypatch.setattr(memory, "read_resident_bytes", lambda: 2**28)
    large = replace(TINY, resolution_px=1024, widths=(8,) * 9, judge_widths=(8,) * 9, score_pictures=256)
    needs = [forecast._read_memory(torch.device("cpu"), 0, count_score_bytes(config))[0] for config in (TINY, large)]
    assert needs[0].needed < 0.7 * 2**30 < needs[1].needed
    assert count_score_bytes(replace(large, score_pictures=0)) == 0
