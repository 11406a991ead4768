"""Redrawing codes, what it changes in pictures, and the tables made of it."""

import numpy as np
import pytest
import torch

from sni_engine.api.codes import GridSpec
from sni_engine.metrics.editing import EditLocality, measure_editing
from sni_engine.metrics.eyes import Reading, YardstickEye, resize
from sni_engine.metrics.faces import draw_faces, quantise
from sni_engine.metrics.levels import ANOTHER, FactorRow, measure_levels, tabulate
from sni_engine.metrics.redraws import list_levels, list_places, place_cells, redraw
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes

from .conftest import GRID

CPU = torch.device("cpu")


def test_faces_are_those_of_the_editor_and_survive_being_flattened() -> None:
    faces = draw_faces(GRID, [3, 4], CPU)
    np.testing.assert_array_equal(faces.local[1].numpy(), draw_codes(GRID, 4).local)
    again = draw_faces(GRID, [5, 6], CPU).with_flat(faces.flatten())
    assert all(torch.equal(getattr(again, name), value) for name, value in vars(faces).items())


@pytest.mark.parametrize("change", [*list_places(GRID), *list_levels(GRID)], ids=lambda change: change.name)
def test_a_redrawing_takes_the_chosen_codes_and_no_other(change: object) -> None:
    faces, sources = draw_faces(GRID, [1, 2], CPU), draw_faces(GRID, [8, 9], CPU)
    after = redraw(faces, sources, change, GRID)  # type: ignore[arg-type]
    reach = change.selection.reach(GRID) > 0  # type: ignore[attr-defined]
    moved = {name: (value != getattr(faces, name)) for name, value in vars(after).items()}
    assert sum(bool(value.any()) for value in moved.values()) == 1
    if moved["local"].any():
        assert np.array_equal(moved["local"].any(3)[0].numpy(), reach)
    for name, value in vars(after).items():
        assert torch.equal(value[moved[name]], getattr(sources, name)[moved[name]])


def test_places_fit_other_grids_and_absent_levels_are_left_out() -> None:
    small = GridSpec(4, 4, style=8, global_=0, shared=0)
    assert [change.name for change in list_levels(small)] == ["style", "all local", "hair rows", "eyes", "mouth"]
    assert np.argwhere(place_cells("5:7,3:5", small)).tolist() == [[2, 1], [2, 2], [3, 1], [3, 2]]


def last(steps: object) -> object:
    *_, result = steps  # type: ignore[misc]
    return result


def test_local_edits_change_more_inside_and_noise_changes_no_code(generator: Generator, eye: YardstickEye) -> None:
    edits = last(measure_editing(generator, eye, 20, 0))
    assert isinstance(edits, dict)
    mouth, noise = edits["mouth"], edits["noise"]
    assert isinstance(mouth, EditLocality)
    assert mouth.outside is not None and mouth.inside > mouth.outside > 0
    assert mouth.ratio_5 is not None and mouth.mean_ratio is not None and mouth.ratio_5 <= mouth.mean_ratio
    assert mouth.kept.keys() == {"yaw", "hair_style", "all"}
    assert mouth.moved.keys() == {"yaw"} and mouth.moved["yaw"] > 0
    assert mouth.kept["all"] <= min(mouth.kept.values())
    assert mouth.sure["yaw"] == 1 and 0 <= mouth.sure["all"] <= mouth.sure["hair_style"]
    assert noise.outside is None and noise.inside > 0


def test_without_labels_colours_are_measured_all_the_same(generator: Generator, eye: YardstickEye) -> None:
    one, other = (last(measure_editing(generator, look, 8, 0)) for look in (None, eye))
    assert isinstance(one, dict) and isinstance(other, dict)
    assert one["hair"].ratio == other["hair"].ratio
    assert one["hair"].kept == {}


def test_nothing_moves_in_a_generator_that_ignores_its_codes(blind: Generator, eye: YardstickEye) -> None:
    edits, rows = last(measure_editing(blind, eye, 8, 0)), last(measure_levels(blind, eye, 8, 0))
    assert isinstance(edits, dict) and isinstance(rows, list)
    assert all(edit.inside == 0 and edit.ratio is None for edit in edits.values())
    assert edits["mouth"].kept["all"] == 1 and set(edits["style"].moved.values()) <= {0.0}
    assert all(change == 0 for row in rows for change in row.changes.values())


def test_the_level_table_is_zero_for_the_same_and_one_for_another_face(eye: YardstickEye) -> None:
    generator = torch.Generator().manual_seed(0)

    def read() -> Reading:
        options = torch.randint(0, 3, (4000, 1), generator=generator)
        numbers = torch.randn(4000, 2, generator=generator) * torch.tensor([10.0, 0.1])
        return Reading(numbers, options, torch.ones(4000, 1), torch.ones(4000, 1))

    before, other = read(), read()
    rows = tabulate(eye, {"": before, ANOTHER: other, "style": before})
    by_name = {row.name: row for row in rows}
    assert [row.name for row in rows] == ["yaw", "hair_style", "age"]
    assert all(row.changes["style"] == 0 for row in rows)
    assert by_name["yaw"].changes[ANOTHER] == pytest.approx(1, abs=0.05)
    assert by_name["yaw"].spread == pytest.approx(10, abs=0.5)
    assert by_name["hair_style"].changes[ANOTHER] == pytest.approx(2 / 3, abs=0.05)
    assert isinstance(by_name["hair_style"], FactorRow) and by_name["hair_style"].spread is None


def test_pictures_are_seen_as_a_file_would_hold_them() -> None:
    pictures = torch.tensor([-2.0, -1.0, 0.001, 0.5, 3.0]).reshape(1, 1, 1, 5)
    steps = (quantise(pictures) + 1) * 127.5
    torch.testing.assert_close(steps, steps.round(), atol=1e-4, rtol=0)
    assert quantise(pictures).abs().max() <= 1


@pytest.mark.parametrize("size_px", [32, 64, 256])
def test_resizing_keeps_the_mean(size_px: int) -> None:
    pictures = torch.rand(2, 3, 64, 64)
    torch.testing.assert_close(resize(pictures, size_px).mean((2, 3)), pictures.mean((2, 3)), atol=0.01, rtol=0)
