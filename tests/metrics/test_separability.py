"""Separability: perfect where a plane divides, hopeless where labels are chance, and honest about failed fits."""

import sys

import numpy as np
import pytest
import torch

from sni_engine.api.errors import EngineError
from sni_engine.checkpoints.yardstick import Yardstick
from sni_engine.metrics.eyes import Reading
from sni_engine.metrics.separability import (
    Attribute,
    Separability,
    conditional_entropy,
    find_attributes,
    find_machine,
    separate,
)

ROWS = np.arange(2000)


def last(steps: object) -> Separability:
    *_, result = steps  # type: ignore[misc]
    assert isinstance(result, Separability)
    return result


@pytest.fixture
def codes() -> np.ndarray:
    pytest.importorskip("sklearn")
    return np.random.default_rng(0).standard_normal((2000, 6)).astype(np.float32)


def test_what_a_plane_divides_scores_one(codes: np.ndarray) -> None:
    clear = ROWS[np.abs(codes[:, 2] + codes[:, 4]) > 0.3]
    attribute = Attribute("smile", clear, (codes[:, 2] + codes[:, 4])[clear] > 0)
    found = last(separate(codes, [attribute]))
    assert found.score == 1
    assert found.as_published == 1


def test_forty_labels_of_chance_score_two_to_the_forty(codes: np.ndarray) -> None:
    rng = np.random.default_rng(1)
    attributes = [Attribute(f"a{index}", ROWS, rng.permutation(2000) < 1000) for index in range(40)]
    found = last(separate(codes, attributes))
    assert 39.5 < np.log2(found.score) <= 40
    assert found.bits_per_attribute > 0.98


def test_labels_of_one_side_ask_nothing(codes: np.ndarray) -> None:
    found = last(separate(codes, [Attribute("bald", ROWS, np.ones(2000, bool))]))
    assert (found.score, found.failed) == (1, ())


def test_a_fit_that_fails_is_named_and_counts_in_full(codes: np.ndarray) -> None:
    codes[5] = np.nan
    found = last(separate(codes, [Attribute("hat", ROWS, ROWS % 4 < 2)]))
    assert found.failed == ("hat",)
    assert found.score == pytest.approx(2)


@pytest.mark.parametrize(
    ("labels", "given", "bits"),
    [("0011", "0011", 0), ("0011", "1100", 0), ("0011", "0101", 1), ("0011", "0000", 1), ("0001", "0000", 0.8113)],
)
def test_conditional_entropy_of_known_tables(labels: str, given: str, bits: float) -> None:
    rows = (np.array([int(digit) for digit in text], bool) for text in (labels, given))
    assert conditional_entropy(*rows) == pytest.approx(bits, abs=1e-4)


def test_only_what_is_read_well_counts_and_only_where_it_is_sure(yardstick: Yardstick) -> None:
    yaw = torch.linspace(-30, 30, 200)[torch.randperm(200)]
    usual = torch.cat([torch.full((50,), 0.1), torch.full((50,), 0.45), torch.full((100,), 0.7)])
    reading = Reading(torch.stack([yaw, yaw], 1), torch.zeros(200, 1, dtype=torch.long), usual[:, None], usual[:, None])
    numbers, choices = find_attributes(reading, yardstick.info)
    assert (numbers.name, choices.name) == ("yaw", "hair_style")
    assert len(numbers.rows) == 100
    assert np.array_equal(numbers.labels, yaw.numpy()[numbers.rows] > 0)
    assert np.abs(yaw.numpy()[numbers.rows]).min() > 14
    assert not np.isin(np.arange(50, 100), choices.rows).any()
    assert np.array_equal(choices.labels, choices.rows >= 100)


def test_a_choice_with_one_side_too_rare_is_left_out(yardstick: Yardstick) -> None:
    usual = torch.full((200, 1), 0.9)
    reading = Reading(torch.randn(200, 2), torch.zeros(200, 1, dtype=torch.long), usual, usual)
    assert [attribute.name for attribute in find_attributes(reading, yardstick.info)] == ["yaw"]


def test_without_scikit_learn_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)
    with pytest.raises(EngineError, match="scikit-learn") as caught:
        find_machine()
    assert "pip install" in caught.value.hint
