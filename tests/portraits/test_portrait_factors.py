"""Seeds -> factors: ranges, independence, variety, and rows that depend on their own seed only."""

import numpy as np
import pytest

from sni_engine.api.errors import EngineError
from sni_engine.portraits import (
    BUST_FRAME,
    FACTOR_NAMES,
    FACTORS,
    PARTS,
    TRAINING_FRAME,
    find_factor,
    option_name,
    sample_factors,
)
from sni_engine.portraits.hair_styles import STYLES


def column(table: np.ndarray, name: str) -> np.ndarray:
    return table[:, FACTOR_NAMES.index(name)]


def test_there_are_81_factors_and_14_parts() -> None:
    assert len(FACTORS) == len(set(FACTOR_NAMES)) == 81
    assert len(PARTS) == len(set(PARTS)) == 14
    assert all(factor.help and factor.low < factor.high for factor in FACTORS)


def test_every_option_has_a_weight_and_one_is_common() -> None:
    for factor in FACTORS:
        if factor.kind == "category":
            assert len(factor.weights) == len(factor.options) > 1, factor.name
            assert min(factor.weights) > 0, factor.name
            assert factor.rare < set(factor.options), f"{factor.name} needs a common option"


def test_a_row_depends_on_its_own_seed_only() -> None:
    table = sample_factors([7, 8, 9])
    changed = sample_factors([7, 1000, 9])
    assert np.array_equal(sample_factors([8])[0], table[1])
    assert np.array_equal(table[[0, 2]], changed[[0, 2]])
    assert not np.array_equal(table[1], changed[1])


def test_every_hair_style_has_measures() -> None:
    assert tuple(STYLES) == find_factor("hair_style").options


def test_no_seeds_give_an_empty_table() -> None:
    assert sample_factors([]).shape == (0, 81)


def test_ranges_hold() -> None:
    table = sample_factors(range(500), frame=BUST_FRAME)
    assert table.dtype == np.float32
    for factor in FACTORS:
        values = column(table, factor.name)
        low = 0 if factor.kind == "sparse" else factor.low
        assert values.min() >= np.float32(low), factor.name
        assert values.max() <= np.float32(factor.high), factor.name


def test_factors_are_independent() -> None:
    correlations = np.corrcoef(sample_factors(range(1000)).T)
    assert np.abs(correlations - np.eye(81)).max() < 0.2


def test_no_variety_gives_no_rare_options_and_calm_poses() -> None:
    calm, wild = sample_factors(range(300), variety=0), sample_factors(range(300), variety=1)
    for factor in FACTORS:
        seen = {option_name(factor.name, value) for value in column(calm, factor.name)} if factor.options else set()
        assert not seen & factor.rare, factor.name
    assert column(calm, "yaw") == pytest.approx(0.6 * column(wild, "yaw"), rel=1e-5)


def test_the_training_frame_holds_the_head_still_and_higher() -> None:
    bust, training = sample_factors(range(50), frame=BUST_FRAME), sample_factors(range(50))
    rise, jitter = TRAINING_FRAME.rise, TRAINING_FRAME.jitter
    assert column(training, "shift_y") == pytest.approx(jitter * column(bust, "shift_y") + rise, abs=1e-6)
    assert column(training, "scale") - 1 == pytest.approx(jitter * (column(bust, "scale") - 1), abs=1e-6)
    assert np.array_equal(column(training, "age"), column(bust, "age"))


def test_options_have_names() -> None:
    assert option_name("hair_style", np.float32(8)) == "bob"
    assert option_name("hat", 0) == find_factor("hat").options[0] == "none"
    with pytest.raises(ValueError, match="age"):
        option_name("age", 0.5)


@pytest.mark.parametrize("variety", [-0.1, 1.5, float("nan")])
def test_a_bad_variety_is_refused(variety: float) -> None:
    with pytest.raises(EngineError, match="variety"):
        sample_factors([0], variety)


@pytest.mark.parametrize("seed", [-1, 2**63, 0.5])
def test_a_bad_seed_is_refused(seed: float) -> None:
    with pytest.raises(EngineError, match="seed"):
        sample_factors([seed])
