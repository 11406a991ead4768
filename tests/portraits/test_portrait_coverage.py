"""Parts' shares of each pixel: whole, true to the hard masks, and mixed exactly where the picture is."""

from pathlib import Path

import numpy as np
import pytest

from sni_engine.portraits import PARTS, SAMPLES_PER_PIXEL, render, render_coverage, sample_factors, write_folder
from sni_engine.portraits.render import EDGE_SHARE, LARGEST_EDGE_SHARE

SIZE = 32
Drawn = tuple[np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """Pictures, masks and coverage of seeds 20..22."""
    pictures, masks, coverage = render_coverage(sample_factors(range(20, 23)), SIZE)
    return pictures.numpy(), masks.numpy(), coverage.numpy()


def test_shares_sum_to_one(drawn: Drawn) -> None:
    _, masks, coverage = drawn
    assert coverage.shape == (*masks.shape, len(PARTS)) and coverage.dtype == np.uint8
    assert (coverage.sum(-1) == SAMPLES_PER_PIXEL).all()


def test_pictures_and_masks_are_those_of_render(drawn: Drawn) -> None:
    pictures, masks = render(sample_factors(range(20, 23)), SIZE)
    assert np.array_equal(pictures, drawn[0]) and np.array_equal(masks, drawn[1])


def test_the_centre_of_a_pixel_is_among_its_samples(drawn: Drawn) -> None:
    _, masks, coverage = drawn
    assert (np.take_along_axis(coverage, masks[..., None], -1) > 0).all()
    assert (coverage.argmax(-1) == masks).mean() > 0.9


def test_only_supersampled_pixels_are_mixed(drawn: Drawn) -> None:
    _, masks, coverage = drawn
    mixed = (coverage > 0).sum(-1) > 1
    budget = int(min(EDGE_SHARE * 128 / SIZE, LARGEST_EDGE_SHARE) * SIZE * SIZE)
    assert (mixed.sum((1, 2)) <= budget).all() and (mixed.sum((1, 2)) > 30).all()
    # the middle of wide parts is never mixed: every mixed pixel touches another part
    for mask, where in zip(masks, mixed):
        padded = np.pad(mask, 1, mode="edge")
        around = np.stack([padded[y : y + SIZE, x : x + SIZE] for y in range(3) for x in range(3)])
        assert (around != mask).any(0)[where].mean() > 0.9


def test_coverage_is_nearer_to_the_true_areas_than_a_hard_mask() -> None:
    """Coverage comes nearer to the true areas, counted at three times the size, than the hard mask does."""
    factors = sample_factors([20, 21], variety=0)
    coverage = render_coverage(factors, 32)[2].numpy()
    fine = render(factors, 96)[1].numpy()
    background = (fine == 0).reshape(2, 32, 3, 32, 3).mean((2, 4))
    edges = (coverage[..., 0] > 0) & (coverage[..., 0] < SAMPLES_PER_PIXEL)
    soft = np.abs(coverage[..., 0] / SAMPLES_PER_PIXEL - background)[edges].mean()
    hard = np.abs((render(factors, 32)[1].numpy() == 0) - background)[edges].mean()
    assert soft < 0.6 * hard


def test_coverage_goes_to_the_folder(tmp_path: Path) -> None:
    list(write_folder(tmp_path / "set", 2, 16, seed=20))
    before = (tmp_path / "set" / "pictures" / "000001.png").read_bytes()
    assert list(write_folder(tmp_path / "set", 2, 16, seed=20, coverage=True)) == [0, 2]
    assert (tmp_path / "set" / "pictures" / "000001.png").read_bytes() == before
    with np.load(tmp_path / "set" / "coverage" / "000001.npz") as file:
        assert np.array_equal(file["quarters"], render_coverage(sample_factors([21]), 16)[2][0].numpy())
    assert list(write_folder(tmp_path / "set", 2, 16, seed=20, coverage=True)) == [2]
    assert list(write_folder(tmp_path / "set", 2, 16, seed=20)) == [2]
