"""Contact sheets: every picture in its place, names that fit, nodes chosen by word or number."""

import numpy as np
import pytest

from sni_engine.api.errors import EngineError
from sni_engine.api.history import History
from sni_engine.api.sheets import Entry, SheetForm, choose_nodes, count_columns, describe_nodes, draw_sheet


def make_pictures(count: int, size: int = 32) -> list[np.ndarray]:
    return [np.full((size, size, 3), 10 + index, np.uint8) for index in range(count)]


def find_picture(sheet: np.ndarray, value: int) -> np.ndarray:
    return np.argwhere((sheet == value).all(-1))


@pytest.mark.parametrize("labels", [True, False])
def test_every_picture_is_there_whole_in_reading_order(labels: bool) -> None:
    entries = [Entry(str(index)) for index in range(7)]
    sheet = draw_sheet(make_pictures(7), entries, SheetForm(None, 3, labels))
    corners = []
    for index in range(7):
        places = find_picture(sheet, 10 + index)
        assert len(places) == 32 * 32
        corners.append(tuple(places[0].tolist()))
    assert corners == sorted(corners)
    assert [len({row for row, _ in corners}), len({column for _, column in corners})] == [3, 3]


def test_cells_take_the_size_they_are_given() -> None:
    sheet = draw_sheet(make_pictures(2), [Entry("0"), Entry("1")], SheetForm(64))
    assert len(find_picture(sheet, 10)) == 64 * 64


@pytest.mark.parametrize(
    "name", ["mouth", "Grüße 中文 😀", "a very long name that no cell of this size could ever hold", "two\nlines"]
)
def test_names_stay_under_their_picture(name: str) -> None:
    pictures = make_pictures(2, 96)
    bare = draw_sheet(pictures, [Entry(""), Entry("")], SheetForm(None, 2))
    named = draw_sheet(pictures, [Entry("1", name, True), Entry("")], SheetForm(None, 2))
    changed = np.argwhere((bare != named).any(-1))
    assert len(changed)
    assert changed[:, 0].min() >= find_picture(bare, 10)[:, 0].max()
    assert changed[:, 1].max() <= find_picture(bare, 10)[:, 1].max() + 1


def test_a_sheet_is_rather_wide_than_tall() -> None:
    assert [count_columns(n, None) for n in (1, 2, 3, 4, 5, 9, 10)] == [1, 2, 2, 2, 3, 3, 4]
    assert count_columns(3, 8) == 3


def test_nodes_are_chosen_by_word_or_number(history: History) -> None:
    assert [node.id for node in choose_nodes(history, "starred")] == [1]
    assert [node.id for node in choose_nodes(history, "all")] == [0, 1, 2, 3]
    assert [node.id for node in choose_nodes(history, "path")] == [0, 3]
    assert [node.id for node in choose_nodes(history, "3, 1")] == [3, 1]
    assert describe_nodes(choose_nodes(history, "1")) == (Entry("1", "Grüße 😀", True),)


@pytest.mark.parametrize("words", ["9", "stars", "", "1,,2"])
def test_nodes_that_are_not_there_are_named(history: History, words: str) -> None:
    with pytest.raises(EngineError, match="There is no step") as caught:
        choose_nodes(history, words)
    assert "0, 1, 2, 3" in caught.value.hint


def test_without_a_star_there_is_nothing_to_show(history: History) -> None:
    with pytest.raises(EngineError, match="No step is starred"):
        choose_nodes(history.change_node(1, star=False), "starred")


@pytest.mark.parametrize("bad", [{"columns": 0}, {"cell_px": 0}, {"cell_px": 99_999}, {"filter": "blurred"}])
def test_forms_no_sheet_can_have_are_refused(bad: dict[str, int]) -> None:
    with pytest.raises(EngineError):
        SheetForm(**bad)  # type: ignore[arg-type]
