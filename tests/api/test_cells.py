"""Shaping cells: growing and shrinking, softening, shapes, modes; and named places."""

from pathlib import Path

import numpy as np
import pytest

from sni_engine.api.cells import combine, grow, mirror, polygon, rectangle, shrink, soften
from sni_engine.api.codes import GridSpec
from sni_engine.api.errors import EngineError
from sni_engine.api.presets import PLACES, make_preset, place_cells, read_cells, read_presets, write_presets
from sni_engine.api.selection import parse_cells

GRID = GridSpec()
MOUTH = parse_cells("5:7,3:5", GRID)


def test_growing_takes_in_the_eight_around_and_shrinking_undoes_it() -> None:
    assert np.array_equal(grow(MOUTH), parse_cells("4:8,2:6", GRID))
    inner = parse_cells("3:5,3:5", GRID)
    assert np.array_equal(shrink(grow(inner)), inner)


def test_the_edge_of_the_picture_is_no_rim() -> None:
    assert np.array_equal(grow(parse_cells("0,0", GRID)), parse_cells("0:2,0:2", GRID))
    assert np.array_equal(shrink(parse_cells("all", GRID)), parse_cells("all", GRID))
    assert np.array_equal(shrink(parse_cells("0:3,0:3", GRID)), parse_cells("0:2,0:2", GRID))


def test_softening_spreads_falls_off_and_keeps_plain_areas() -> None:
    soft = soften(MOUTH, 1)
    assert soft[5, 3] > soft[5, 2] > soft[5, 1] >= 0
    assert np.array_equal(soft, soften(mirror(MOUTH), 1)[:, ::-1])
    assert np.allclose(soften(parse_cells("all", GRID), 2), 1)
    assert not soften(parse_cells("none", GRID), 2).any()


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("replace", "0:4,0:4"), ("add", "0:4,0:4;2:6,2:6"), ("intersect", "2:4,2:4")],
)
def test_modes(mode: str, expected: str) -> None:
    before, shape = parse_cells("2:6,2:6", GRID), parse_cells("0:4,0:4", GRID)
    assert np.array_equal(combine(before, shape, mode), parse_cells(expected, GRID))


def test_subtracting_leaves_the_rest() -> None:
    before, shape = parse_cells("2:6,2:6", GRID), parse_cells("0:4,0:4", GRID)
    assert combine(before, shape, "subtract").sum() == 16 - 4
    soft, other = before * np.float32(0.3), parse_cells("0:2,6:8", GRID)
    both = combine(combine(np.zeros_like(soft), soft, "add"), other, "add")
    assert np.array_equal(combine(both, soft, "subtract"), other), "what was added is taken away without a rest"


def test_a_rectangle_takes_the_cells_it_touches_from_any_corner_and_beyond_the_edge() -> None:
    wanted = parse_cells("2:5,1:4", GRID)
    assert np.array_equal(rectangle((2.5, 1.5), (4.2, 3.9), 8, 8), wanted)
    assert np.array_equal(rectangle((4.2, 1.5), (2.5, 3.9), 8, 8), wanted)
    assert np.array_equal(rectangle((6.5, 6.5), (20, 20), 8, 8), parse_cells("6:8,6:8", GRID))
    assert not rectangle((-3, -3), (-1, -1), 8, 8).any()


def test_a_polygon_takes_cells_by_their_middle_or_by_coverage() -> None:
    square = np.array([[1.6, 1.6], [1.6, 4.4], [4.4, 4.4], [4.4, 1.6]])
    assert np.array_equal(polygon(square, 8, 8), parse_cells("2:4,2:4", GRID))
    soft = polygon(square, 8, 8, soft=True)
    assert soft[2, 2] == 1
    assert 0 < soft[1, 2] < 1
    assert soft[0, 0] == 0


def test_a_line_drawn_around_and_back_takes_nothing() -> None:
    assert not polygon(np.array([[1.0, 1.0], [5.0, 5.0]]), 8, 8).any()


@pytest.mark.parametrize("name", PLACES)
def test_places_touch_something_on_every_grid(name: str) -> None:
    assert place_cells(PLACES[name], GRID).any()
    small = place_cells(PLACES[name], GridSpec(rows=4, columns=4))
    assert small.shape == (4, 4)
    assert small.any()


def test_names_and_blocks_can_be_joined() -> None:
    assert np.array_equal(read_cells("mouth", GRID), MOUTH)
    assert np.array_equal(read_cells("Left eye; 0,0", GRID), parse_cells("3:5,2:4;0,0", GRID))
    assert read_cells("all", GRID).all()
    with pytest.raises(EngineError, match='"moth" is not the name of a place') as caught:
        read_cells("moth", GRID)
    assert "mouth" in caught.value.hint


def test_own_presets_are_kept_and_fit_other_grids(tmp_path: Path) -> None:
    preset = make_preset(" smile ", soften(MOUTH, 1))
    path = tmp_path / "config" / "presets.json"
    write_presets([preset], path)
    assert read_presets(path) == (preset,)
    assert preset.name == "smile"
    assert np.allclose(preset.cells(GRID), soften(MOUTH, 1), atol=1e-4)
    assert preset.cells(GridSpec(rows=4, columns=4)).shape == (4, 4)


@pytest.mark.parametrize("text", ["", "{}", '{"format": "sni-presets", "version": 9, "presets": []}', "\x00"])
def test_a_damaged_file_of_presets_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "presets.json"
    path.write_text(text)
    with pytest.raises(EngineError, match="cannot be read"):
        read_presets(path)
    assert read_presets(tmp_path / "none.json") == ()
