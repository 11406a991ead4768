"""The docks: they show what the document says and do what their buttons say."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QSlider, QTreeView
from pytestqt.qtbot import QtBot

from sni_desktop.document import Document
from sni_desktop.panels.edit import EditPanel
from sni_desktop.panels.history import HistoryPanel
from sni_desktop.panels.tree import NODE_ROLE
from sni_desktop.theme import Theme

Work = Callable[[], None]


@pytest.fixture
def edit(face: Document, theme: Theme, qtbot: QtBot) -> EditPanel:
    panel = EditPanel(face, theme)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def history(face: Document, theme: Theme, qtbot: QtBot) -> HistoryPanel:
    panel = HistoryPanel(face, theme)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def child(panel: EditPanel, kind: type, name: str):  # type: ignore[no-untyped-def]
    found = panel.findChild(kind, name)
    assert found is not None
    return found


def test_buttons_follow_the_selection(edit: EditPanel, face: Document, qtbot: QtBot, work: Work) -> None:
    resample = child(edit, QPushButton, "resample")
    assert not resample.isEnabled()
    assert "Paint cells" in child(edit, QLabel, "selected").text()
    qtbot.mouseClick(child(edit, QPushButton, "select_all"), Qt.MouseButton.LeftButton)
    assert child(edit, QLabel, "selected").text() == "64 of 64 cells"
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
    assert not child(edit, QCheckBox, "level-style").isChecked()
    assert child(edit, QCheckBox, "level-global").isChecked()
    face.set_levels([])
    assert "at least one level" in child(edit, QLabel, "selected").text()


def test_dragging_the_slider_makes_drafts_and_letting_go_a_step(edit: EditPanel, face: Document, work: Work) -> None:
    face.select_all()
    slider = child(edit, QSlider, "amount")
    slider.setSliderDown(True)
    slider.setValue(40)
    work()
    assert face.snapshot.draft
    slider.setSliderDown(False)
    work()
    assert face.snapshot.history is not None
    assert face.snapshot.history.current.edit is not None
    assert face.snapshot.history.current.edit.params.amount == pytest.approx(0.4)


def test_keys_on_the_slider_set_the_amount_and_draw_nothing(edit: EditPanel, face: Document, qtbot: QtBot) -> None:
    face.select_all()
    qtbot.keyClick(child(edit, QSlider, "amount"), Qt.Key.Key_PageDown)
    assert face.snapshot.amount == pytest.approx(0.9)
    assert not face.snapshot.busy


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
    assert tree.currentIndex().data(Qt.ItemDataRole.FontRole).bold()


def test_undo_moves_the_mark_without_rebuilding(history: HistoryPanel, face: Document, work: Work) -> None:
    grow(face, work)
    items = history._items
    face.undo()
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
    history.toggle_star()
    assert history._items[4].text().startswith("★ ")
    history._items[4].setText("★ grin")
    work()
    assert face.snapshot.history is not None
    assert face.snapshot.history.node(4).label == "grin"
    assert face.snapshot.history.node(4).star


def test_thumbnails_are_there(history: HistoryPanel, face: Document, work: Work) -> None:
    grow(face, work)
    images = [history._items[node].icon().pixmap(40, 40).toImage() for node in range(3)]
    assert images[0] != images[1] != images[2]
    assert not np.array_equal(face.picture_of(0), face.picture_of(1))
