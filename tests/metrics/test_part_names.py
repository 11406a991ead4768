"""Naming clusters by overlap: exact on clusters that are parts, best found on others; agreement is what it says."""

import itertools

import numpy as np
import pytest

from sni_engine.metrics.part_names import GROUPS, choose_owners, count_overlap, group_masks, measure_agreement
from sni_engine.portraits.masks import PARTS


def test_every_mask_of_a_portrait_is_in_one_group() -> None:
    members = [member for group in GROUPS.values() for member in group]
    assert sorted(members) == sorted(PARTS)
    grouped = group_masks(np.arange(len(PARTS), dtype=np.uint8))
    assert list(GROUPS)[grouped[PARTS.index("hat")]] == "hair"
    assert list(GROUPS)[grouped[PARTS.index("glasses")]] == "eyes"


def test_overlap_is_counted_pixel_by_pixel() -> None:
    clusters, masks = np.array([[0, 0], [1, 2]], np.uint8), np.array([[3, 3], [0, 3]], np.uint8)
    table = count_overlap(clusters, masks, 4, 5)
    assert table.shape == (4, 5)
    assert (table[0, 3], table[1, 0], table[2, 3], table.sum()) == (2, 1, 1, 4)


def test_agreement_is_intersection_over_union() -> None:
    table = np.array([[8, 2], [0, 5], [4, 1]])
    np.testing.assert_allclose(measure_agreement(table, np.array([0, 1, 0])), [12 / 15, 5 / 8])
    np.testing.assert_allclose(measure_agreement(table, np.array([1, 1, 1])), [0, 8 / 20])
    assert measure_agreement(np.zeros((2, 3)), np.array([0, 1])).sum() == 0


def test_clusters_that_are_parts_get_their_names() -> None:
    owner = np.array([2, 0, 1, 2, 0])
    table = np.eye(3, dtype=int)[owner] * np.array([[5], [7], [9], [100], [2]])
    np.testing.assert_array_equal(choose_owners(table), owner)


@pytest.mark.parametrize("seed", range(6))
def test_no_single_change_would_agree_more(seed: int) -> None:
    dice = np.random.default_rng(seed)
    table = dice.integers(0, 50, (5, 3)) + 200 * np.eye(3, dtype=int)[dice.integers(0, 3, 5)]
    owner = choose_owners(table)
    used = np.unique(owner)
    reached = measure_agreement(table, owner)[used].mean()
    for cluster, group in itertools.product(range(5), used):
        other = owner.copy()
        other[cluster] = group
        assert measure_agreement(table, other)[used].mean() <= reached + 1e-9


def test_a_small_part_is_not_lost_in_a_large_one_and_a_hopeless_one_has_no_name() -> None:
    nose = np.array([[900, 10, 0], [60, 50, 0], [0, 0, 500]])  # the second cluster is mostly cheek
    assert choose_owners(nose)[1] == 1
    hopeless = np.array([[10_000, 0, 0], [800, 0, 100], [0, 500, 0]])
    assert (
        measure_agreement(hopeless, np.array([0, 2, 1])).sum() > measure_agreement(hopeless, np.array([0, 0, 1])).sum()
    )
    assert list(choose_owners(hopeless)) == [0, 0, 1], "an agreement of a ninth is no name"
