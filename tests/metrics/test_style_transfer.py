"""Style transfer in numbers: squared errors inside and outside of parts, from nothing to the whole style."""

from dataclasses import replace
from itertools import pairwise
from typing import cast

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.edits import Mode, StyleTransfer
from sni_engine.api.errors import EngineError
from sni_engine.api.models import ModelCard
from sni_engine.api.parts import PartSet, name_clusters, name_unnamed
from sni_engine.checkpoints.parts import keep_parts
from sni_engine.drawing import Painter
from sni_engine.metrics.style_transfer import (
    CELLS,
    SWAP,
    TransferError,
    TransferPlan,
    measure_transfer,
    split_error,
    squared_error,
    summarise,
)
from sni_engine.networks.generator import Generator
from sni_engine.studio import Studio

from .conftest import GRID

LADDER = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
"""Budgets from nothing to everything. The greedy query is held to those up to 0.2: beyond, most channels have gone, and
the rest may bring colours back together that the first ones had pulled apart.
"""


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> Studio:
    """A generator with wide layers and four parts that are found in its second one by chance, one of them named."""
    monkeypatch.setattr("sni_engine.studio.CONTRIBUTION_PICTURES", 8)
    torch.manual_seed(0)
    generator = Generator(GeneratorConfig(replace(GRID, style=128), (64, 64))).eval()
    card = ModelCard("small", "ab" * 16, generator.config.grid, 16)
    directions = F.normalize(torch.randn(4, 64), dim=1).numpy()
    parts = PartSet(card.ref, 1, 16, directions, 0, 1, name_unnamed(4))
    keep_parts(name_clusters(parts, [0], "hair"))
    return Studio(Painter(generator, torch.device("cpu")), card)


def measure(studio: Studio, plan: TransferPlan) -> dict[str, dict[str, TransferError]]:
    *counts, found = measure_transfer(studio, plan)
    assert counts[-1] == plan.pairs
    return cast(dict[str, dict[str, TransferError]], found)


@pytest.mark.parametrize(("mode", "held_to"), [("greedy", 5), ("simultaneous", len(LADDER))])
def test_more_budget_never_changes_less_outside(studio: Studio, mode: Mode, held_to: int) -> None:
    names = ("hair", "part 1", "part 2")
    found = measure(studio, TransferPlan(names, 16, epsilons=LADDER, params=StyleTransfer(rho=0.0, mode=mode)))
    for name in names:
        rows = [found[name][f"epsilon {epsilon:g}"] for epsilon in LADDER]
        assert rows[0].inside == rows[0].outside == 0
        assert all(less.outside <= more.outside for less, more in pairwise(rows[:held_to]))
        whole = found[name][SWAP]
        assert whole.outside > 0
        assert rows[-1].inside == pytest.approx(whole.inside, rel=1e-2)
        assert rows[-1].outside == pytest.approx(whole.outside, rel=1e-2)


def test_every_edit_is_measured_over_the_pairs_that_have_the_part(studio: Studio) -> None:
    found = measure(studio, TransferPlan(("hair",), 6, epsilons=(0.1,)))["hair"]
    assert set(found) == {SWAP, "epsilon 0.1", CELLS}
    assert len({each.pairs for each in found.values()}) == 1
    assert found[CELLS].inside > 0


def test_the_error_is_that_of_the_paper() -> None:
    before, after = np.zeros((1, 1, 2, 3), np.float32), np.zeros((1, 1, 2, 3), np.float32)
    after[0, 0, 0] = [100, 0, 0]
    after[0, 0, 1] = [0, 255, -255]
    assert np.allclose(squared_error(before, after), [[[1 / 3, 2 / 3]]])


def test_errors_are_means_inside_and_outside() -> None:
    error = np.arange(8, dtype=np.float32).reshape(2, 2, 2)
    inside = np.zeros((2, 2, 2), bool)
    inside[0, 0] = True
    assert split_error(error, inside).tolist() == [[0.5, 0.0], [2.5, 5.5], [2, 0]]
    told = summarise(split_error(error, inside))
    assert told == TransferError(0.5, 2.5, 0.2, 1)
    assert summarise(split_error(error, inside & False)) == TransferError(0.0, 0.0, None, 0)


def test_a_part_that_is_not_there_is_a_sentence(studio: Studio) -> None:
    with pytest.raises(EngineError, match='no part "beard"'):
        measure(studio, TransferPlan(("beard",), 4))


@pytest.mark.parametrize("wrong", [{"parts": ()}, {"pairs": 0}, {"epsilons": ()}, {"epsilons": (1.5,)}, {"seed": -1}])
def test_what_cannot_be_measured_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        TransferPlan(**wrong)  # type: ignore[arg-type]
