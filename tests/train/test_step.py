"""The parts of a training step: penalties, changes shown to the discriminator, learning rates, the running mean."""

from dataclasses import replace

import pytest
import torch

from sni_engine.api.codes import GridSpec
from sni_engine.train.augment import augment, follow_overfitting
from sni_engine.train.batch import draw_batch, map_styles
from sni_engine.train.dice import Dice
from sni_engine.train.ema import decay_at
from sni_engine.train.regularise import draw_cells, locality_loss, resample_cells
from sni_engine.train.state import RunState
from sni_engine.train.step import set_rates, take_step

from .conftest import TINY

GRID = GridSpec()
CPU = torch.device("cpu")


def rng(seed: int = 0) -> Dice:
    return Dice(torch.Generator().manual_seed(seed))


def test_cells_are_rectangles_everywhere() -> None:
    cells = draw_cells(GRID, 500, rng())
    assert set(cells.unique().tolist()) == {0, 1}
    for each in cells:
        rows, columns = each.sum(1), each.sum(0)
        assert each.sum() == rows.max() * columns.max()  # one full rectangle
        assert 1 <= columns.max() <= 3
        assert 1 <= rows.max() <= 6
    assert (cells.sum(0) > 0).all()


def test_only_chosen_cells_are_resampled() -> None:
    local, cells = torch.randn(6, 8, 8, 16), draw_cells(GRID, 6, rng())
    moved = resample_cells(local, cells, rng(1))
    assert torch.equal((moved != local).any(3), cells > 0)


def test_locality_loss_counts_changes_outside() -> None:
    cells = torch.zeros(1, 8, 8)
    cells[0, 2, 3] = 1
    before = torch.zeros(1, 3, 64, 64)
    inside_only, everywhere = before.clone(), before + 0.5
    inside_only[..., 16:24, 24:32] = 0.5
    assert locality_loss(before, inside_only, cells) == 0
    assert locality_loss(before, everywhere, cells) == pytest.approx(0.5 / 0.52)
    assert locality_loss(before, before, cells) == 0


def test_adaptive_changes_as_many_pictures_as_asked() -> None:
    pictures = torch.rand(400, 3, 16, 16) * 2 - 1

    def changed(share: float) -> float:
        after = augment(pictures, "adaptive", rng(), share)
        return float((after != pictures).flatten(1).any(1).float().mean())

    assert changed(0.0) == 0
    assert changed(1.0) == 1
    assert changed(0.3) == pytest.approx(1 - 0.7**3, abs=0.08)


def test_share_follows_overfitting_within_bounds() -> None:
    assert follow_overfitting(0.5, 0.9, 0.6, 100, 1000) == pytest.approx(0.6)
    assert follow_overfitting(0.5, 0.1, 0.6, 100, 1000) == pytest.approx(0.4)
    assert follow_overfitting(0.95, 0.9, 0.6, 100, 1000) == 1
    assert follow_overfitting(0.05, 0.1, 0.6, 100, 1000) == 0


def test_rates_settle_at_the_end() -> None:
    state = RunState(replace(TINY, settle=0.5), CPU)

    def rate_at(images_seen: int) -> float:
        state.images_seen = images_seen
        set_rates(state)
        return state.generator_optimiser.param_groups[0]["lr"] / TINY.rate

    assert rate_at(0) == rate_at(40) == 1
    assert rate_at(60) == pytest.approx(0.5)
    assert rate_at(80) == pytest.approx(0.01)


def test_mean_has_the_half_life_it_says_and_forgets_the_start() -> None:
    assert decay_at(1_000_000, 16, 10_000) ** (10_000 / 16) == pytest.approx(0.5)
    assert decay_at(16, 16, 10_000) < 0.01
    assert decay_at(160, 16, 10_000) == pytest.approx(0.5)


def real() -> torch.Tensor:
    return torch.rand(4, 3, 16, 16, generator=rng().generator) * 2 - 1


def test_locality_penalty_pulls_the_generator_toward_locality() -> None:
    def spread(weight: float) -> float:
        state = RunState(replace(TINY, locality=weight, locality_every=1, images=10_000), CPU)
        told = [take_step(state, real(), autocast=False).get("locality", torch.tensor(0.0)) for _ in range(60)]
        assert all(torch.isfinite(loss) for loss in told)
        return float(torch.stack(told[-10:]).mean())

    assert spread(20.0) < 0.9 * spread(1e-6)


def test_path_length_is_followed_and_told_on_its_steps_only() -> None:
    state = RunState(replace(TINY, path_length=2.0, path_length_every=2), CPU)
    told = ["path length" in take_step(state, real(), autocast=False) for _ in range(4)]
    assert told == [True, False, True, False]
    assert state.numbers["path length"] > 0


def test_discriminator_that_knows_its_pictures_by_heart_sees_more_changed_ones() -> None:
    state = RunState(replace(TINY, augment="adaptive", augment_images=80, images=10_000, r1=0.0), CPU)
    shares = []
    for _ in range(60):
        take_step(state, real(), autocast=False)
        shares.append(state.numbers["changed"])
    assert max(shares) > 0.2


def test_mixed_pictures_have_two_styles_that_change_once() -> None:
    state = RunState(replace(TINY, style_mixing=0.5, batch=64), CPU)
    codes = draw_batch(state, 64)
    mixed, plain = map_styles(state, codes), state.generator.map_style(codes[0])
    own = (mixed == plain[:, None]).all(2)  # [N, layers]
    assert own[:, 0].all()
    changes = (own[:, 1:] != own[:, :-1]).sum(1)
    assert set(changes.tolist()) == {0, 1}
    assert 16 < int(changes.sum()) < 48
    columns = state.generator.map_cells(*codes[1:4])
    pictures = state.generator.from_map(columns, mixed, codes[4])
    alone = state.generator.from_map(columns, plain, codes[4])
    assert torch.allclose(pictures[changes == 0], alone[changes == 0], atol=1e-5)
    assert (pictures[changes == 1] - alone[changes == 1]).abs().amax((1, 2, 3)).min() > 1e-4
