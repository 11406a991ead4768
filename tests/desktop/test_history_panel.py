"""The history under rough handling: clicks that are taken back, names half typed, faces that go."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from sni_desktop.document import Document
from sni_desktop.panels.history import HistoryPanel
from sni_desktop.panels.tree import NODE_ROLE
from sni_desktop.theme import Theme

from .fakes import current_picture_is_right

Work = Callable[[], None]


@pytest.fixture
def history(face: Document, theme: Theme, qtbot: QtBot, work: Work) -> HistoryPanel:
    """Three steps in a row; the last is the current one."""
    panel = HistoryPanel(face, theme)
    qtbot.addWidget(panel)
    panel.show()
    face.select_all()
    for _ in range(2):
        face.resample()
        work()
    return panel


def click(history: HistoryPanel, qtbot: QtBot, node: int) -> None:
    tree = history._tree
    at = tree.visualRect(history._items[node].index()).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)


def marked(history: HistoryPanel) -> int:
    return int(history._tree.currentIndex().data(NODE_ROLE))


def current(face: Document) -> int:
    assert face.snapshot.history is not None
    return face.snapshot.history.current_id


def start_naming(history: HistoryPanel, qtbot: QtBot, text: str) -> QLineEdit:
    history._tree.setFocus()
    qtbot.keyClick(history._tree, Qt.Key.Key_F2)
    field = history._tree.findChild(QLineEdit)
    assert field is not None
    field.setText(text)
    return field


def test_a_face_that_goes_takes_its_rows_along(history: HistoryPanel, face: Document, work: Work) -> None:
    face.open_model("other")
    work()
    face._drop_face()
    face.refresh()
    assert history._model.rowCount() == 0
    work()
    assert history._model.rowCount() == 1


def test_a_click_that_escape_took_back_leaves_no_mark(
    history: HistoryPanel, face: Document, work: Work, qtbot: QtBot
) -> None:
    face.resample()
    click(history, qtbot, 0)
    assert marked(history) == 0, "it waits for the edit"
    face.cancel()
    work()
    assert current(face) == marked(history) == 2
    click(history, qtbot, 0)
    assert current(face) == 0


def test_a_click_on_the_current_step_draws_a_picture_that_did_not_come(
    history: HistoryPanel, face: Document, work: Work, qtbot: QtBot
) -> None:
    face._pictures.clear()
    face._show(picture=None)
    click(history, qtbot, 2)
    work()
    assert current_picture_is_right(face)


def test_letters_do_not_walk_through_the_history(history: HistoryPanel, face: Document, qtbot: QtBot) -> None:
    history._tree.setFocus()
    for key in (Qt.Key.Key_R, Qt.Key.Key_F):
        qtbot.keyClick(history._tree, key)
    assert current(face) == marked(history) == 2


def test_a_step_that_comes_does_not_end_the_typing_of_a_name(
    history: HistoryPanel, face: Document, work: Work, qtbot: QtBot
) -> None:
    face.resample()
    field = start_naming(history, qtbot, "half a na")
    work()
    assert current(face) == 3
    assert history._tree.is_naming
    assert field.text() == "half a na"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: marked(history) == 3)
    assert face.snapshot.history is not None
    assert [node.label for node in face.snapshot.history.nodes] == ["", "", "half a na", ""]


def test_a_click_on_another_row_takes_the_name_and_goes_there(
    history: HistoryPanel, face: Document, work: Work, qtbot: QtBot
) -> None:
    start_naming(history, qtbot, "smile")
    click(history, qtbot, 0)
    work()
    assert face.snapshot.history is not None
    assert face.snapshot.history.node(2).label == "smile"
    assert current(face) == marked(history) == 0


def test_a_name_half_typed_can_be_taken_as_it_stands(history: HistoryPanel, face: Document, qtbot: QtBot) -> None:
    history.commit_name()
    start_naming(history, qtbot, "smile")
    history.commit_name()
    assert not history._tree.is_naming
    assert face.snapshot.history is not None
    assert face.snapshot.history.current.label == "smile"


def test_pictures_of_a_face_that_is_gone_are_let_go(history: HistoryPanel, face: Document, work: Work) -> None:
    for seed in (11, 12, 13):
        face.new_face(seed)
        work()
        face.resample()
        work()
    now = face.snapshot.history
    assert now is not None
    assert set(history._thumbs) == {node.codes.digest for node in now.nodes}
