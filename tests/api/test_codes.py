"""The grid of codes: shapes, quadrants, equality."""

import itertools
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from sni_engine.api.codes import LEVELS, Codes, GridSpec

from .conftest import MakeCodes

GRIDS = [
    GridSpec(),
    GridSpec(4, 6, 2, 3, 5, 2, 3, 2),
    GridSpec(2, 2, 1, 1, 1, 0, 0, 1),
    GridSpec(16, 8, 4, 2, 64, 1, 1, 4),
]


@pytest.mark.parametrize("grid", GRIDS)
def test_sizes_are_the_products_of_shapes(grid: GridSpec) -> None:
    assert [grid.size(level) for level in LEVELS] == [int(np.prod(grid.shape(level))) for level in LEVELS]
    assert grid.cell_input == grid.global_ + grid.shared + grid.local


@pytest.mark.parametrize("grid", GRIDS)
def test_every_cell_belongs_to_exactly_one_quadrant(grid: GridSpec) -> None:
    seen = np.zeros((grid.rows, grid.columns))
    for row, column in itertools.product(range(grid.shared_rows), range(grid.shared_columns)):
        quadrants = np.zeros((grid.shared_rows, grid.shared_columns), np.float32)
        quadrants[row, column] = 1
        cells = grid.cells_of(quadrants)
        assert cells.sum() == grid.rows * grid.columns / (grid.shared_rows * grid.shared_columns)
        assert np.array_equal(grid.quadrants(cells), quadrants)
        seen += cells
    assert (seen == 1).all()


@pytest.mark.parametrize("grid", GRIDS)
def test_a_quadrant_weighs_as_much_as_its_greatest_cell(grid: GridSpec) -> None:
    cells = np.random.default_rng(1).random((grid.rows, grid.columns)).astype(np.float32)
    quadrants = grid.quadrants(cells)
    assert (grid.cells_of(quadrants) >= cells).all()
    assert quadrants.max() == cells.max()
    assert set(quadrants.ravel()) <= set(cells.ravel())


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": 0},
        {"style": 0},
        {"local": -1},
        {"shared_rows": 3},
        {"shared_columns": 5},
        {"global_": -1},
    ],
)
def test_impossible_grids_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"grid|shared|code"):
        GridSpec(**wrong)


def test_codes_are_frozen_values(make_codes: MakeCodes) -> None:
    codes = make_codes(1)
    assert codes == make_codes(1)
    assert hash(codes) == hash(make_codes(1))
    with pytest.raises(FrozenInstanceError):
        codes.noise_seed = 2  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        codes.local[0, 0, 0] = 0


def test_codes_differ_when_any_level_or_the_noise_does(make_codes: MakeCodes) -> None:
    codes = make_codes(1)
    changed = [codes.with_levels({level: codes.level(level) + 1}) for level in LEVELS]
    noise = Codes(codes.style, codes.global_, codes.shared, codes.local, noise_seed=2)
    assert len({codes, noise, *changed}) == 6
    assert codes != "codes"


def test_replacing_a_level_keeps_the_others(make_codes: MakeCodes) -> None:
    codes, other = make_codes(1), make_codes(2)
    mixed = codes.with_levels({"global": other.global_, "local": other.local})
    assert np.array_equal(mixed.level("global"), other.global_)
    assert np.array_equal(mixed.local, other.local)
    assert np.array_equal(mixed.style, codes.style)
    assert np.array_equal(mixed.shared, codes.shared)
    assert mixed.noise_seed == codes.noise_seed


def test_codes_fit_their_own_grid_only(make_codes: MakeCodes, grid: GridSpec) -> None:
    assert make_codes(1).fits(grid)
    assert not make_codes(1).fits(GridSpec())
