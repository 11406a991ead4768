"""CIELAB against published values, and locality against pictures whose difference is known."""

import numpy as np
import pytest

from sni_engine.api.codes import GridSpec
from sni_engine.api.colour import colour_difference, to_lab
from sni_engine.api.selection import Selection, parse_cells, select_all
from sni_engine.metrics.locality import measure_locality


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((255, 255, 255), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
        ((128, 128, 128), (53.59, 0, 0)),
    ],
)
def test_lab_of_known_colours(rgb: tuple[int, ...], lab: tuple[float, ...]) -> None:
    np.testing.assert_allclose(to_lab(np.array(rgb, np.uint8)), lab, atol=0.02)


def test_locality_counts_inside_and_outside_apart() -> None:
    grid = GridSpec()
    before = np.zeros((64, 64, 3), np.uint8)
    after = before.copy()
    after[32:40, 16:24] = 255  # cell (4, 2), black to white: difference 100
    selection = Selection(parse_cells("4:6,2", grid))
    locality = measure_locality(before, after, selection, grid)
    assert locality.inside == pytest.approx(50, abs=0.01)
    assert locality.outside == 0
    assert locality.ratio == float("inf")
    elsewhere = measure_locality(before, after, Selection(parse_cells("0,0", grid)), grid)
    assert elsewhere.inside == 0
    assert elsewhere.outside == pytest.approx(100 / 63, abs=0.01)


def test_an_edit_that_reaches_everything_has_no_outside() -> None:
    grid = GridSpec()
    picture = np.zeros((64, 64, 3), np.uint8)
    assert measure_locality(picture, picture, select_all(grid, ("style",)), grid).outside is None


def test_difference_is_symmetric_and_zero_for_equal_pictures() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 256, (2, 8, 8, 3), np.uint8)
    np.testing.assert_allclose(colour_difference(a, b), colour_difference(b, a))
    assert colour_difference(a, a).max() == 0


def test_the_halo_is_how_far_a_visible_change_strays() -> None:
    grid = GridSpec()
    before = np.zeros((64, 64, 3), np.uint8)
    after, selection = before.copy(), Selection(parse_cells("4,2;0,0", grid))
    after[32:40, 16:24] = 255
    measured = measure_locality(before, after, selection, grid)
    assert (measured.halo_px, measured.strayed) == (0, 0)
    after[40, 20] = 255  # touches the cell from below
    assert measure_locality(before, after, selection, grid).halo_px == 1
    after[42, 27] = 255  # three rows below, four columns to the right
    after[60, 60] = 2  # too little to be seen
    measured = measure_locality(before, after, selection, grid)
    assert measured.halo_px == 5
    assert measured.strayed == pytest.approx(2 / 66)


def test_large_pictures_have_a_halo_to_the_block() -> None:
    grid = GridSpec()
    before = np.zeros((512, 512, 3), np.uint8)
    after = before.copy()
    after[300, 100] = 255
    assert measure_locality(before, after, Selection(parse_cells("0:4,0:8", grid)), grid).halo_px == 48


def test_floats_and_bytes_have_the_same_colour() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (9, 7, 3), np.uint8)
    np.testing.assert_allclose(to_lab(picture), to_lab(picture / np.float32(255)), atol=1e-3)
