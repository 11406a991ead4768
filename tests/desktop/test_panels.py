"""The docks: they show what the document says and do what their buttons say."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QSlider, QTreeView
from pytestqt.qtbot import QtBot

from sni_desktop.activities.painting import Painting
from sni_desktop.activities.parts import Parts
from sni_desktop.activities.selecting import Selecting
from sni_desktop.document import Document
from sni_desktop.panels.edit import EditPanel
from sni_desktop.panels.history import HistoryPanel
from sni_desktop.panels.steps import star_rect
from sni_desktop.panels.tree import CURRENT_ROLE, DETAIL_ROLE, NODE_ROLE, STAR_ROLE
from sni_desktop.theme import Theme
from sni_engine.api.paths import config_folder

from .fakes import CARD, FakeEngine, child

Work = Callable[[], None]


@pytest.fixture
def history(face: Document, theme: Theme, qtbot: QtBot) -> HistoryPanel:
    panel = HistoryPanel(face, theme)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_buttons_follow_the_selection(edit: EditPanel, face: Document, qtbot: QtBot, work: Work) -> None:
    resample = child(edit, QPushButton, "resample")
    assert not resample.isEnabled()
    assert "Paint cells" in child(edit, QLabel, "selected").text()
    qtbot.mouseClick(child(edit, QPushButton, "select_all"), Qt.MouseButton.LeftButton)
    face.refresh()
    assert child(edit, QLabel, "selected").text() == "64 of 64 cells, local"
    assert resample.isEnabled()
    qtbot.mouseClick(resample, Qt.MouseButton.LeftButton)
    work()
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 2


def test_levels_go_both_ways(edit: EditPanel, face: Document) -> None:
    child(edit, QCheckBox, "level-style").click()
    assert face.snapshot.selection is not None
    assert face.snapshot.selection.levels == ("local", "style")
    face.set_levels(["global"])
    face.refresh()
    assert not child(edit, QCheckBox, "level-style").isChecked()
    assert child(edit, QCheckBox, "level-global").isChecked()
    face.set_levels([])
    face.refresh()
    assert "at least one level" in child(edit, QLabel, "selected").text()


def test_a_click_leaves_the_keys_to_the_canvas(edit: EditPanel) -> None:
    controls = [*edit.findChildren(QPushButton), *edit.findChildren(QCheckBox), *edit.findChildren(QSlider)]
    assert {control.focusPolicy() for control in controls} == {Qt.FocusPolicy.TabFocus}


def grow(face: Document, work: Work) -> None:
    """0 - 1 - 2, and a branch 3 - 4 from 1."""
    face.select_all()
    for _ in range(2):
        face.resample()
        work()
    face.go_to(1)
    for _ in range(2):
        face.resample()
        work()


def rows(history: HistoryPanel) -> list[tuple[int, int]]:
    """Node and depth of every row, as they are seen from top to bottom."""
    tree = history.findChild(QTreeView)
    assert tree is not None
    found = []
    index = tree.model().index(0, 0)
    while index.isValid():
        depth, parent = 0, index.parent()
        while parent.isValid():
            depth, parent = depth + 1, parent.parent()
        found.append((index.data(NODE_ROLE), depth))
        index = tree.indexBelow(index)
    return found


def test_only_branches_indent(history: HistoryPanel, face: Document, work: Work) -> None:
    grow(face, work)
    assert rows(history) == [(0, 0), (1, 0), (3, 1), (4, 1), (2, 0)]


def test_a_click_goes_there_and_the_current_step_is_marked(
    history: HistoryPanel, face: Document, work: Work, qtbot: QtBot
) -> None:
    grow(face, work)
    tree = history.findChild(QTreeView)
    assert tree is not None
    assert tree.currentIndex().data(NODE_ROLE) == 4
    first = tree.model().index(0, 0)
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualRect(first).center())
    assert face.snapshot.history is not None
    assert face.snapshot.history.current_id == 0
    face.refresh()
    assert tree.currentIndex().data(CURRENT_ROLE)
    assert not tree.model().index(1, 0).data(CURRENT_ROLE)


def test_a_branch_stays_in_one_piece_when_it_grows_after_its_sibling(
    history: HistoryPanel, face: Document, work: Work
) -> None:
    face.select_all()
    for parent in (0, 0, 0, 2):  # 1 goes on from 0; 2 and 3 branch off; 4 goes on from 2
        face.go_to(parent)
        face.resample()
        work()
    assert rows(history) == [(0, 0), (2, 1), (4, 1), (3, 1), (1, 0)]


def test_a_click_on_the_star_stars_and_goes_nowhere(
    history: HistoryPanel, face: Document, work: Work, qtbot: QtBot
) -> None:
    grow(face, work)
    tree = history.findChild(QTreeView)
    assert tree is not None
    star = star_rect(tree.visualRect(history._items[1].index())).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=star)
    assert face.snapshot.history is not None
    assert face.snapshot.history.node(1).star
    assert face.snapshot.history.current_id == 4


def test_a_new_step_adds_a_row_and_keeps_the_others(history: HistoryPanel, face: Document, work: Work) -> None:
    grow(face, work)
    model = history._model
    face.resample()
    work()
    assert history._model is model
    assert rows(history) == [(0, 0), (1, 0), (3, 1), (4, 1), (5, 1), (2, 0)]
    face.new_face(8)
    work()
    assert rows(history) == [(0, 0)]


def test_a_step_is_named_with_keys_alone(history: HistoryPanel, face: Document, work: Work, qtbot: QtBot) -> None:
    grow(face, work)
    tree = history.findChild(QTreeView)
    assert tree is not None
    tree.setFocus()
    qtbot.keyClick(tree, Qt.Key.Key_Up)
    assert face.snapshot.history is not None
    assert face.snapshot.history.current_id == 3
    qtbot.keyClick(tree, Qt.Key.Key_F2)
    field = tree.findChild(QLineEdit)
    assert field is not None
    history.grab()
    field.setText("wider smile")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    work()
    assert face.snapshot.history.node(3).label == "wider smile"
    assert face.snapshot.history.current_id == 3


def test_a_step_that_comes_while_another_is_being_named_disturbs_nothing(
    history: HistoryPanel, face: Document, work: Work, qtbot: QtBot
) -> None:
    grow(face, work)
    tree = history.findChild(QTreeView)
    assert tree is not None
    face.resample()
    qtbot.keyClick(tree, Qt.Key.Key_F2)
    field = tree.findChild(QLineEdit)
    assert field is not None
    field.setText("kept")
    work()
    tree.setFocus()
    work()
    assert face.snapshot.history is not None
    assert [node.label for node in face.snapshot.history.nodes] == ["", "", "", "", "kept", ""]
    assert face.snapshot.history.current_id == 5


def test_leaving_a_name_as_it_was_names_nothing(history: HistoryPanel, face: Document, work: Work) -> None:
    grow(face, work)
    history._items[1].setText("  Resample ")
    work()
    assert face.snapshot.history is not None
    assert face.snapshot.history.node(1).label == ""
    assert history._items[1].text() == "Resample"
    assert history._items[1].data(DETAIL_ROLE) == "100 %, local"


def test_undo_moves_the_mark_without_rebuilding(history: HistoryPanel, face: Document, work: Work) -> None:
    grow(face, work)
    items = history._items
    face.undo()
    face.refresh()
    assert history._items is items
    tree = history.findChild(QTreeView)
    assert tree is not None
    assert tree.currentIndex().data(NODE_ROLE) == 3


def test_names_and_stars(history: HistoryPanel, face: Document, work: Work) -> None:
    grow(face, work)
    history._items[1].setText("smile")
    work()
    assert face.snapshot.history is not None
    assert face.snapshot.history.node(1).label == "smile"
    face.toggle_star(4)
    face.refresh()
    assert history._items[4].data(STAR_ROLE)
    assert "starred" in history._items[4].data(Qt.ItemDataRole.AccessibleTextRole)
    history._items[4].setText("grin")
    work()
    assert face.snapshot.history is not None
    assert face.snapshot.history.node(4).label == "grin"
    assert face.snapshot.history.node(4).star


def test_every_step_has_its_picture_the_newest_too(history: HistoryPanel, face: Document, work: Work) -> None:
    grow(face, work)
    assert not any(item.icon().isNull() for item in history._items.values())
    images = [history._items[node].icon().pixmap(40, 40).toImage() for node in range(5)]
    assert all(one != other for one, other in combinations(images, 2))


def test_another_model_s_pictures_are_not_shown_for_its_own(history: HistoryPanel, face: Document, work: Work) -> None:
    grow(face, work)
    old = history._items[4].icon().cacheKey()
    face._show(card=replace(CARD, digest="d" * 32))
    face.refresh()
    assert history._items[4].icon().cacheKey() != old


def test_rows_and_switches_are_drawn_in_both_themes(
    history: HistoryPanel, edit: EditPanel, face: Document, theme: Theme, work: Work
) -> None:
    grow(face, work)
    light = [panel.grab().toImage() for panel in (history, edit)]
    theme.set_mode("dark")
    dark = [panel.grab().toImage() for panel in (history, edit)]
    theme.set_mode("light")
    assert light != dark
    assert [panel.grab().toImage() for panel in (history, edit)] == light


def test_a_switch_shows_its_state_without_colour(edit: EditPanel) -> None:
    """The knob moves: left and right halves of the track differ from each other, the other way round when on."""
    box = child(edit, QCheckBox, "level-style")
    grey = QImage.Format.Format_Grayscale8
    off = box.grab().toImage().convertToFormat(grey)
    box.click()
    on = box.grab().toImage().convertToFormat(grey)
    middle = box.height() // 2
    left, right = QPoint(11, middle), QPoint(25, middle)
    assert off.pixel(left) != off.pixel(right)
    assert on.pixel(left) != on.pixel(right)


def test_a_new_face_can_be_asked_for_when_no_model_could_be_opened(
    document: Document, engine: FakeEngine, theme: Theme, qtbot: QtBot, work: Work
) -> None:
    engine.fail = lambda request: "The model cannot be opened."
    panel = EditPanel(
        document, theme, Selecting(document, config_folder() / "presets.json"), Painting(), Parts(document)
    )
    qtbot.addWidget(panel)
    button = child(panel, QPushButton, "new_face")
    document.new_face(1)
    document.refresh()
    assert not button.isEnabled(), "the first face is on its way"
    work()
    assert button.isEnabled()
    assert not child(panel, QPushButton, "select_all").isEnabled()


def test_the_line_says_what_an_edit_will_touch(edit: EditPanel, face: Document) -> None:
    line = child(edit, QLabel, "selected")
    cells = np.zeros((8, 8), np.float32)
    cells[5, 3:6] = 0.5
    face.set_cells(cells)
    face.set_levels(["local", "shared", "style"])
    face.refresh()
    assert line.text() == "3 of 64 cells, local, shared; style everywhere"
    face.set_levels(["global"])
    face.refresh()
    assert line.text().startswith("The whole picture")
    height = edit.groups.sizeHint().height()
    face.select_none()
    face.set_levels(["local"])
    assert edit.groups.sizeHint().height() == height, "nothing below the line jumps"


def test_what_differs_from_the_usual_shows_and_can_be_put_back(edit: EditPanel, face: Document, work: Work) -> None:
    """Amount and levels stay for the next face, and nobody overlooks them."""
    amount, levels = child(edit, QPushButton, "usual-amount"), child(edit, QPushButton, "usual-levels")
    assert not amount.isVisible()
    assert not levels.isVisible()
    face.set_amount(0.4)
    face.set_levels(("style",))
    face.new_face(9)
    work()
    assert amount.isVisible()
    assert levels.isVisible()
    amount.click()
    levels.click()
    assert face.snapshot.amount == 1.0
    assert face.snapshot.selection is not None
    assert face.snapshot.selection.levels == ("local",)
    face.refresh()
    assert not amount.isVisible()
    assert not levels.isVisible()
