"""What an edit may touch: weights, levels, reach, and how both are written on a command line."""

import numpy as np
import pytest

from sni_engine.api.codes import LEVELS, GridSpec
from sni_engine.api.errors import EngineError
from sni_engine.api.selection import Selection, parse_cells, parse_levels, select_all, select_none

PAPER = GridSpec()


def one_cell(row: int, column: int, grid: GridSpec = PAPER, weight: float = 1.0) -> np.ndarray:
    cells = np.zeros((grid.rows, grid.columns), np.float32)
    cells[row, column] = weight
    return cells


def test_levels_have_one_order_and_no_doubles() -> None:
    assert Selection(one_cell(0, 0), ("style", "local", "style")).levels == ("local", "style")


@pytest.mark.parametrize("wrong", [np.full((8, 8), 1.01), np.full((8, 8), -0.01), np.zeros(8), np.full((8, 8), np.nan)])
def test_weights_outside_0_to_1_are_refused(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"cell weights|finite"):
        Selection(wrong)


def test_unknown_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="locale"):
        Selection(one_cell(0, 0), ("locale",))  # type: ignore[arg-type]


def test_equal_selections_are_equal_values() -> None:
    a, b = Selection(one_cell(1, 2)), Selection(one_cell(1, 2))
    assert a == b
    assert hash(a) == hash(b)
    assert a != a.with_levels(["style"])
    assert a != a.with_cells(one_cell(1, 3))
    assert a != 1


def test_a_selection_touches_nothing_without_cells_or_levels() -> None:
    assert select_none(PAPER).touches_nothing
    assert select_none(PAPER, ("shared",)).touches_nothing
    assert Selection(one_cell(0, 0), ()).touches_nothing
    assert not select_none(PAPER, ("style",)).touches_nothing  # a style has no cells
    assert not select_none(PAPER, ("global",)).touches_nothing
    assert not Selection(one_cell(0, 0, weight=0.01)).touches_nothing


@pytest.mark.parametrize(("row", "column"), [(0, 0), (3, 4), (7, 7)])
def test_local_codes_reach_their_cell_and_shared_codes_their_quadrant(row: int, column: int) -> None:
    cells = one_cell(row, column, weight=0.5)
    assert np.array_equal(Selection(cells, ("local",)).reach(PAPER), cells)
    reach = Selection(cells, ("shared",)).reach(PAPER)
    assert (reach > 0).sum() == 16
    assert reach[row // 4 * 4 : row // 4 * 4 + 4, column // 4 * 4 : column // 4 * 4 + 4].min() == 0.5
    assert Selection(cells, ()).reach(PAPER).max() == 0


@pytest.mark.parametrize("level", ["global", "style"])
def test_global_codes_and_style_reach_every_cell(level: str) -> None:
    assert (select_none(PAPER, (level,)).reach(PAPER) == 1).all()  # type: ignore[arg-type]


def test_more_levels_never_reach_less() -> None:
    cells = np.random.default_rng(3).random((8, 8))
    for index in range(len(LEVELS)):
        fewer, more = (Selection(cells, LEVELS[:end]).reach(PAPER) for end in (index, index + 1))
        assert (more >= fewer).all()


@pytest.mark.parametrize(
    ("text", "rows", "columns"),
    [("4:8,2:6", (4, 8), (2, 6)), (" 0:1 , 7 ", (0, 1), (7, 8)), ("3,5", (3, 4), (5, 6)), ("all", (0, 8), (0, 8))],
)
def test_blocks_of_cells_are_read(text: str, rows: tuple[int, int], columns: tuple[int, int]) -> None:
    expected = np.zeros((8, 8))
    expected[slice(*rows), slice(*columns)] = 1
    assert np.array_equal(parse_cells(text, PAPER), expected)


def test_blocks_are_joined_and_none_is_a_word() -> None:
    assert parse_cells("0,0;7,7;0:2,0:2", PAPER).sum() == 5
    assert parse_cells("none", PAPER).sum() == 0
    assert np.array_equal(parse_cells("all", PAPER), select_all(PAPER).cells)


def test_every_block_of_a_small_grid_selects_its_own_cells() -> None:
    grid = GridSpec(4, 6, 2, 3)
    for top in range(4):
        for bottom in range(top + 1, 5):
            for left in range(6):
                for right in range(left + 1, 7):
                    cells = parse_cells(f"{top}:{bottom},{left}:{right}", grid)
                    assert cells[top:bottom, left:right].min() == 1
                    assert cells.sum() == (bottom - top) * (right - left)


@pytest.mark.parametrize("text", ["", "4", "4:8", "a,b", "4:8,2:6,1", "4:8;2:6", "-1,0", "1.5,2", "4::8,2", "0,0;"])
def test_what_does_not_name_cells_is_refused(text: str) -> None:
    with pytest.raises(EngineError, match="does not name cells") as caught:
        parse_cells(text, PAPER)
    assert "4:8,2:6" in caught.value.hint


@pytest.mark.parametrize("text", ["8,0", "0,8", "0:9,0", "0,0:9", "5:5,0", "6:4,0", "99999999999999999999,0"])
def test_cells_outside_the_grid_are_refused(text: str) -> None:
    with pytest.raises(EngineError, match="leaves the grid"):
        parse_cells(text, PAPER)


def test_levels_are_read_in_any_order() -> None:
    assert parse_levels("style, local") == ("local", "style")
    assert parse_levels(",".join(reversed(LEVELS))) == LEVELS


@pytest.mark.parametrize("text", ["", " , ", "Local", "local;style", "local,globe"])
def test_wrong_levels_are_refused(text: str) -> None:
    with pytest.raises(EngineError, match="level") as caught:
        parse_levels(text)
    assert "local, shared, global, style" in caught.value.hint
