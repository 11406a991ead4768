"""Seeds: the same numbers everywhere and for ever, different ones for different purposes."""

import numpy as np

from sni_engine.api.codes import LARGEST_SEED, GridSpec
from sni_engine.seeds import draw_codes, draw_noise, fresh_seed, make_rng

GOLDEN_STYLE = [-0.5023736, 0.5068453, 2.0193486, 0.8514958]


def test_codes_of_a_seed_never_change() -> None:
    codes = draw_codes(GridSpec(style=4, local=2), 7)
    assert codes.digest == draw_codes(GridSpec(style=4, local=2), 7).digest
    np.testing.assert_allclose(codes.style, GOLDEN_STYLE, atol=1e-6)
    assert codes.noise_seed == 7


def test_levels_are_drawn_apart_from_each_other() -> None:
    """A longer style must not shift the local codes: models with other style lengths share faces' layout."""
    short, long = draw_codes(GridSpec(style=4), 3), draw_codes(GridSpec(style=512), 3)
    assert np.array_equal(short.local, long.local)
    assert np.array_equal(short.style, long.style[:4])


def test_codes_are_standard_normal() -> None:
    values = np.concatenate([draw_codes(GridSpec(), seed).local.ravel() for seed in range(20)])
    assert abs(values.mean()) < 0.02
    assert abs(values.std() - 1) < 0.02


def test_noise_belongs_to_its_seed_and_layer() -> None:
    first, second = draw_noise(1, [(1, 8, 8), (1, 8, 8)])
    assert not np.array_equal(first, second)
    assert np.array_equal(first, draw_noise(1, [(1, 8, 8)])[0])
    assert not np.array_equal(first, draw_noise(2, [(1, 8, 8)])[0])


def test_seeds_go_to_the_largest() -> None:
    draw_codes(GridSpec(), LARGEST_SEED)
    assert 0 <= fresh_seed() < 2**31
    assert len({fresh_seed() for _ in range(20)}) == 20


def test_streams_of_different_seeds_are_different() -> None:
    """numpy pads the words of a seed; without care, long seeds would share streams with short ones."""
    pairs = [(5, 1), (5 + 2**32, 0), (5, 0), (7, 0), (7, 1)]
    assert len({make_rng(*pair).integers(2**62) for pair in pairs}) == len(pairs)
