"""Sliced Wasserstein distance: zero for the same pictures, larger the worse they are, the same for the same seed."""

import numpy as np
import pytest

from sni_engine.metrics import sliced
from sni_engine.metrics.sliced import (
    AT_ONCE,
    SlicedDistance,
    choose_real,
    collect_patches,
    count_bytes,
    list_sides,
    split_levels,
)


def draw_blobs(count: int, seed: int, size_px: int = 32) -> np.ndarray:
    """Draw soft, coloured discs at random places, uint8 [N, H, W, 3]."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:size_px, :size_px]
    centres, colours = rng.uniform(8, size_px - 8, (count, 2, 1, 1)), rng.uniform(80, 255, (count, 1, 1, 3))
    distance = np.hypot(y - centres[:, :1, 0, 0, None], x - centres[:, 1:, 0, 0, None])
    return (np.clip(1.2 - distance / 10, 0, 1)[..., None] * colours).astype(np.uint8)


def cut(pictures: np.ndarray) -> list[np.ndarray]:
    """Return pictures in blocks."""
    return [pictures[first : first + AT_ONCE] for first in range(0, len(pictures), AT_ONCE)]


def test_equal_pictures_are_no_distance_apart() -> None:
    real = draw_blobs(40, 0)
    assert SlicedDistance(cut(real)).measure(cut(real)) == 0.0


def test_worse_pictures_are_further_away() -> None:
    distance = SlicedDistance(cut(draw_blobs(64, 0)))
    alike = draw_blobs(64, 1)
    rng = np.random.default_rng(2)
    noisy = np.clip(alike + rng.normal(0, 25, alike.shape), 0, 255).astype(np.uint8)
    scores = [distance.measure(cut(pictures)) for pictures in (alike, (alike * 0.7).astype(np.uint8), noisy)]
    assert 0 < 2 * scores[0] < min(scores[1:])
    assert distance.measure(cut(rng.integers(0, 255, alike.shape, np.uint8))) > 2 * max(scores)
    assert distance.measure(cut(alike)) == scores[0] == SlicedDistance(cut(draw_blobs(64, 0))).measure(cut(alike))


def test_a_collapsed_model_scores_worse_than_one_as_varied_as_the_set() -> None:
    distance, alike = SlicedDistance(cut(draw_blobs(64, 0))), draw_blobs(64, 1)
    assert distance.measure(cut(np.repeat(alike[:1], 64, 0))) > 1.5 * distance.measure(cut(alike))


@pytest.mark.parametrize(("size_px", "levels"), [(16, [16]), (64, [64, 32, 16]), (48, [48, 24])])
def test_levels_halve_down_to_sixteen_and_add_up_to_the_picture(size_px: int, levels: list[int]) -> None:
    pictures = draw_blobs(3, 0, size_px)
    assert [level.shape[2] for level in split_levels(pictures)] == levels
    assert list_sides(size_px, size_px) == [(side, side) for side in levels]
    assert [patches.shape for patches in collect_patches([pictures], 0)] == [(96, 3, 49)] * len(levels)


def test_pictures_come_from_all_over_the_set() -> None:
    rows: list[np.ndarray] = []

    def read(wanted: np.ndarray) -> np.ndarray:
        rows.append(wanted)
        return np.zeros((len(wanted), 8, 8, 3), np.uint8)

    for count in (100, 3, None):
        list(choose_real(read, count, 5))
    assert [list(some) for some in rows] == [[0, 25, 50, 74, 99], [0, 1, 2], [0, 1, 2, 3, 4]]


def test_large_pictures_are_taken_a_few_at_a_time_with_the_same_patches(monkeypatch: pytest.MonkeyPatch) -> None:
    """In blocks, of which only some pictures have their levels in memory."""
    pictures, largest = draw_blobs(50, 0, 65), []
    whole = collect_patches(cut(pictures), 3)
    split = sliced.split_levels
    monkeypatch.setattr(sliced, "split_levels", lambda some: (largest.append(len(some)), split(some))[1])
    monkeypatch.setattr(sliced, "_NUMBERS_AT_ONCE", 5 * 3 * 65**2)
    parts = collect_patches(cut(pictures), 3)
    assert max(largest) == 5
    assert all((some - others).abs().max() < 1e-3 for some, others in zip(whole, parts, strict=True))
    rows = [len(block) for block in choose_real(lambda rows: pictures[rows % 50], None, 70)]
    assert rows == [32, 32, 6]


def test_what_a_score_takes_is_counted() -> None:
    assert count_bytes(256, 64) < 2**28 < count_bytes(256, 1024) < 2**30, "1.6 GB before pictures came in blocks"
