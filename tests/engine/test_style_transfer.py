"""The query of a style transfer: solved exactly, within its budget, growing with it."""

import itertools

import numpy as np
import pytest

from sni_engine.api.arrays import Array
from sni_engine.api.edits import StyleTransfer
from sni_engine.methods.style_transfer import choose_query

MODES = ("greedy", "simultaneous")


def draw_shares(seed: int, count: int) -> Array:
    """Shares of energy; some alike, some at the ends."""
    rng = np.random.default_rng(seed)
    shares = rng.beta(0.6, 1.5, count)
    shares[rng.random(count) < 0.15] = rng.choice([0, 1, 0.5])
    return shares


def spill(query: Array, shares: Array) -> float:
    return float((query * (1 - shares)).sum())


def search(shares: Array, rho: float, budget: float) -> float:
    """Return the greatest gain by trying every corner of what is allowed: all channels but one are at 0 or 1."""
    best, gain, cost = 0.0, shares - rho * (1 - shares), 1 - shares
    for whole in itertools.product((0.0, 1.0), repeat=len(shares)):
        query = np.array(whole)
        left = budget - query @ cost
        if left < -1e-9:
            continue
        best = max(best, query @ gain)
        for index in np.flatnonzero((query == 0) & (cost > 0)):
            best = max(best, query @ gain + min(1, left / cost[index]) * gain[index])
    return best


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rho", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("epsilon", [0.02, 0.2, 0.7, 1.0])
def test_the_greedy_query_gains_as_much_as_any_other(seed: int, rho: float, epsilon: float) -> None:
    shares = draw_shares(seed, 7)
    query = choose_query(shares, StyleTransfer(rho=rho, epsilon=epsilon), 0)
    gained = query @ (shares - rho * (1 - shares))
    assert spill(query, shares) <= epsilon * 7 + 1e-5
    assert gained == pytest.approx(search(shares, rho, epsilon * 7), abs=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_in_proportion_the_budget_is_used_up_and_no_more(seed: int) -> None:
    shares = draw_shares(seed, 40)
    shares = shares[shares > 0]
    for epsilon in (0.01, 0.1, 0.3, 0.9):
        query = choose_query(shares, StyleTransfer(rho=0.0, epsilon=epsilon, mode="simultaneous"), 0)
        assert spill(query, shares) == pytest.approx(min(epsilon * len(shares), (1 - shares).sum()), rel=1e-4)
        growing = (query > 0) & (query < 1)
        ratios = query[growing] / shares[growing]
        assert ratios.size == 0 or np.ptp(ratios) < 1e-4 * ratios.max()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(4))
def test_more_budget_never_takes_a_channel_back(mode: str, seed: int) -> None:
    shares = draw_shares(seed, 30)
    budgets = (0.0, 0.01, 0.05, 0.1, 0.2, 0.5, 0.8, 1.0)
    queries = [choose_query(shares, StyleTransfer(epsilon=each, mode=mode), 0) for each in budgets]  # type: ignore[arg-type]
    assert all((less <= more + 1e-6).all() for less, more in itertools.pairwise(queries))
    assert all(query.min() >= 0 and query.max() <= 1 for query in queries)


@pytest.mark.parametrize("mode", MODES)
def test_the_ends_are_nothing_and_everything(mode: str) -> None:
    shares = draw_shares(3, 30)
    nothing, all_of_it = StyleTransfer(epsilon=0.0, mode=mode), StyleTransfer(rho=0.0, epsilon=1.0, mode=mode)  # type: ignore[arg-type]
    assert not choose_query(shares, nothing, 0).any()
    assert not choose_query(np.ones(5), nothing, 0).any()  # though they spill nothing
    assert (choose_query(shares, all_of_it, 0) == 1).all()


@pytest.mark.parametrize("mode", MODES)
def test_rho_leaves_out_channels_that_belong_elsewhere(mode: str) -> None:
    shares = np.linspace(0, 1, 21)
    query = choose_query(shares, StyleTransfer(rho=1.0, epsilon=1.0, mode=mode), 0)  # type: ignore[arg-type]
    assert ((query > 0) == (shares >= 0.5)).all()


def test_each_layer_has_its_own_budget() -> None:
    shares = draw_shares(1, 30)
    params = StyleTransfer(epsilon=0.1, epsilons=(0.0, 0.5))
    assert not choose_query(shares, params, 0).any()
    assert np.array_equal(choose_query(shares, params, 1), choose_query(shares, StyleTransfer(epsilon=0.5), 1))
    assert np.array_equal(choose_query(shares, params, 7), choose_query(shares, params, 1))
