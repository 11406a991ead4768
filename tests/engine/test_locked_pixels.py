"""Locks on the real network: whatever is done at random, locked cells keep the pixels they had when locked."""

from pathlib import Path

import numpy as np
import pytest

from sni_engine.api.codes import LEVELS
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.messages import Apply, Finished, NewFace
from sni_engine.api.selection import Selection
from sni_engine.engine import Engine
from sni_engine.metrics.locality import spread_cells


@pytest.mark.parametrize("seed", range(6))
def test_locked_cells_keep_their_pixels_through_a_walk_at_random(model_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    engine = Engine(str(model_path), "cpu")

    def ask(request: NewFace | Apply) -> Finished:
        event = list(engine.run(request))[-1]
        assert isinstance(event, Finished)
        return event

    now = ask(NewFace(1, seed))
    locks = np.zeros((8, 8), np.float32)
    for step in range(10):
        if rng.random() < 0.6:  # lock and free some
            locks = np.where(rng.random((8, 8)) < 0.15, 1 - locks, locks).astype(np.float32)
        levels = tuple(level for level in LEVELS if rng.random() < 0.5) or ("style",)
        cells = (rng.random((8, 8)) * (rng.random((8, 8)) < 0.5)).astype(np.float32)
        edit = Edit(Resample(float(rng.choice([0.3, 0.5, 1.0]))), Selection(cells, levels, locks), seed=step)
        after = ask(Apply(2, now.codes, edit))
        kept = spread_cells(locks > 0, now.picture.shape[0])
        assert np.array_equal(after.picture[kept], now.picture[kept]), f"step {step}"
        now = after
    engine.close()
