"""Finding steps, scrubbing through them, a row's menu, and pictures of steps that were never drawn."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from sni_desktop.activities.thumbnails import ThumbnailDrawer
from sni_desktop.document import Document
from sni_desktop.panels.history import HistoryPanel
from sni_desktop.panels.tree import DIM_ROLE, NODE_ROLE, explain_step, matches
from sni_desktop.snapshot import Notice
from sni_desktop.step_actions import MENU
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_engine.api.history import History
from sni_engine.api.messages import Apply, Draw, DrawMany

from .fakes import DirectClient, FakeEngine, child, current_picture_is_right

Work = Callable[[], None]


def tree(document: Document) -> History:
    history = document.snapshot.history
    assert history is not None
    return history


@pytest.fixture
def panel(window: MainWindow, document: Document, work: Work) -> HistoryPanel:
    """Six steps: 1 to 4 in a row, 5 and 6 a branch from 2; 4 is called smile and starred."""
    document.select_all()
    for _ in range(4):
        document.resample()
        work()
    document.set_label(4, "smile")
    document.toggle_star(4)
    document.go_to(2)
    for _ in range(2):
        document.resample()
        work()
    return window._history


def shown(panel: HistoryPanel) -> set[int]:
    return {
        node
        for node, item in panel._items.items()
        if not panel._tree.isRowHidden(item.row(), item.index().parent())
        and (item.parent() is None or not panel._tree.isRowHidden(item.parent().row(), item.parent().index().parent()))
    }


def test_esc_empties_the_field_before_it_cancels_anything(
    panel: HistoryPanel, document: Document, qtbot: QtBot
) -> None:
    field = child(panel, QLineEdit, "search-steps")
    field.setFocus()
    qtbot.keyClicks(field, "s")
    document.tell(Notice("error", "Something."))
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert document.snapshot.notice is not None
    assert panel._tree.hasFocus(), "letters are commands again"
    qtbot.keyClick(panel._tree, Qt.Key.Key_Escape)
    assert document.snapshot.notice is None


def test_what_was_not_found_is_hidden_and_what_holds_it_dimmed(panel: HistoryPanel, qtbot: QtBot) -> None:
    field = child(panel, QLineEdit, "search-steps")
    qtbot.keyClicks(field, "SMIL")
    assert shown(panel) == {4}
    field.setText("seed 104")
    branch_root = panel._items[5].parent()
    assert branch_root is not None
    assert shown(panel) == {5, branch_root.data(NODE_ROLE)}
    assert branch_root.data(DIM_ROLE)
    assert not panel._items[5].data(DIM_ROLE)
    field.setText("no such thing")
    assert shown(panel) == set()
    assert panel._nothing.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert shown(panel) == set(range(7))
    row = panel._tree.visualRect(panel._items[6].index())
    assert 0 <= row.top() < row.bottom() <= panel._tree.viewport().height(), "the step on screen is in view again"
    assert not panel._nothing.isVisible()


def test_only_starred_steps(panel: HistoryPanel, document: Document, work: Work, qtbot: QtBot) -> None:
    child(panel, QToolButton, "only-stars").click()
    assert shown(panel) == {4}
    document.toggle_star(1)
    document.refresh()
    assert shown(panel) == {1, 4}
    document.resample()
    work()
    assert shown(panel) == {1, 4}, "a new step is sifted like the others"
    field = child(panel, QLineEdit, "search-steps")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert tree(document).current_id == 1
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert tree(document).current_id == 4


@pytest.mark.parametrize(("query", "found"), [("smile", True), ("resample", True), ("100 %", True), ("local", True)])
def test_words_are_sought_in_everything_that_is_known(
    panel: HistoryPanel, document: Document, query: str, found: bool
) -> None:
    node = tree(document).node(4)
    assert matches(node, query) == found
    assert matches(node, f"{query} starred")
    assert not matches(node, f"{query} interpolate")
    assert not matches(tree(document).node(3), "starred")


def test_the_slider_walks_the_line_and_shows_each_step(panel: HistoryPanel, document: Document, work: Work) -> None:
    slider = child(panel, QSlider, "scrub")
    assert (slider.minimum(), slider.maximum(), slider.value()) == (0, 4, 4)
    seen = []
    for value in (3, 1, 0, 2, 4):
        slider.setValue(value)
        seen.append(tree(document).current_id)
        work()
        assert current_picture_is_right(document)
        assert slider.maximum() == 4, "the way ahead stays while one walks back"
    assert seen == [5, 1, 0, 2, 6]
    document.go_to(4)
    assert [slider.value(), slider.maximum()] == [4, 4]
    document._pictures.clear()
    slider.setValue(1)
    work()
    assert current_picture_is_right(document), "a step that is not remembered is drawn"


def test_scrubbing_fast_draws_only_the_last(
    panel: HistoryPanel, document: Document, work: Work, engine: FakeEngine
) -> None:
    slider = child(panel, QSlider, "scrub")
    document._pictures.clear()
    before = len(engine.ran)
    for value in (3, 2, 1, 0):
        slider.setValue(value)
    work()
    drawn = [request for request in engine.ran[before:] if not isinstance(request, DrawMany)]
    assert len(drawn) == 1
    assert current_picture_is_right(document)


def ask_menu(panel: HistoryPanel, node: int, reason: QContextMenuEvent.Reason) -> None:
    at = panel._tree.visualRect(panel._items[node].index()).center()
    event = QContextMenuEvent(reason, at, panel._tree.viewport().mapToGlobal(at))
    QApplication.sendEvent(panel._tree.viewport(), event)


def test_a_row_s_menu_means_that_row_and_goes_nowhere(
    panel: HistoryPanel, window: MainWindow, document: Document, work: Work, qtbot: QtBot
) -> None:
    at = panel._tree.visualRect(panel._items[1].index()).center()
    qtbot.mouseClick(panel._tree.viewport(), Qt.MouseButton.RightButton, pos=at)
    ask_menu(panel, 1, QContextMenuEvent.Reason.Mouse)
    assert tree(document).current_id == 6
    menu = next(menu for menu in window.findChildren(QMenu) if menu.isVisible())
    in_bar = {action for bar in window.binder.menus.values() for action in bar.actions()}
    assert {action for action in menu.actions() if not action.isSeparator()} <= in_bar
    assert len([action for action in menu.actions() if not action.isSeparator()]) >= len(MENU) - 5
    window.binder.actions["star"].trigger()
    assert tree(document).node(1).star
    menu.close()
    qtbot.waitUntil(lambda: window.steps.meant_id == 6)
    assert not panel._tree.pointed.isValid()


def test_the_menu_key_means_the_step_on_screen(panel: HistoryPanel, window: MainWindow, qtbot: QtBot) -> None:
    ask_menu(panel, 0, QContextMenuEvent.Reason.Keyboard)
    assert window.steps.meant_id == 6
    next(menu for menu in window.findChildren(QMenu) if menu.isVisible()).close()
    qtbot.waitUntil(lambda: not panel._tree.pointed.isValid())


def test_the_first_face_cannot_be_deleted_nor_has_it_edits(
    panel: HistoryPanel, window: MainWindow, qtbot: QtBot
) -> None:
    names = ("delete-branch", "export-recipe", "apply-edits")
    menu = window.steps.show_menu(0, QPoint(5, 5))
    assert [window.binder.actions[name].isEnabled() for name in names] == [False] * 3
    menu.close()
    qtbot.waitUntil(lambda: window.binder.actions["delete-branch"].isEnabled())
    assert [window.binder.actions[name].isEnabled() for name in names] == [True] * 3


def test_f2_names_the_step_on_screen(panel: HistoryPanel, window: MainWindow, document: Document, work: Work) -> None:
    window.canvas.setFocus()
    window.binder.actions["name-step"].trigger()
    field = panel._tree.findChild(QLineEdit)
    assert field is not None
    field.setText("grin")
    panel.commit_name()
    work()
    assert tree(document).node(6).label == "grin"


def test_a_new_step_touches_no_other_rows(
    panel: HistoryPanel, document: Document, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    built, filled = [], []
    fill = panel._fill
    monkeypatch.setattr(panel, "_build", lambda history: built.append(history))
    monkeypatch.setattr(panel, "_fill", lambda ids: (filled.extend(ids), fill(ids)))
    document.resample()
    work()
    assert built == []
    assert set(filled) == {6, 7}


@pytest.fixture
def forgotten(face: Document, work: Work) -> Document:
    """Twenty steps, of whose pictures none is remembered, as after opening a project."""
    face.select_all()
    for _ in range(20):
        face.resample()
        work()
    face._pictures.clear()
    return face


def test_steps_never_drawn_get_their_pictures_when_nothing_else_is_to_do(
    forgotten: Document, theme: Theme, qtbot: QtBot, work: Work, engine: FakeEngine
) -> None:
    panel = HistoryPanel(forgotten, theme)
    qtbot.addWidget(panel)
    assert len(panel._bare) == 21
    drawer = ThumbnailDrawer(forgotten)
    drawer.changed.connect(panel.add_thumbnails)
    before = len(engine.ran)
    forgotten.set_amount(0.3)
    work()
    assert panel._bare == set()
    asked = [request for request in engine.ran[before:] if isinstance(request, DrawMany)]
    assert sum(len(request.codes) for request in asked) == 21, "each once"
    forgotten._pictures.clear()
    forgotten.toggle_star(3)
    for _ in range(3):
        work()
    again = [request for request in engine.ran[before:] if isinstance(request, DrawMany)]
    assert again == asked, "a picture that was forgotten again has its thumbnail all the same"


def test_thumbnails_wait_for_everybody_and_survive_a_cancel(
    forgotten: Document, client: DirectClient, work: Work, engine: FakeEngine
) -> None:
    drawer = ThumbnailDrawer(forgotten)
    drawn: list[str] = []
    drawer.changed.connect(lambda thumbs: drawn.extend(thumbs.pictures))
    forgotten.toggle_star(1)
    assert [type(request) for request, _ in client.queue] == [Draw], "the picture on screen goes first"
    client.answer_first()
    QCoreApplication.processEvents()
    assert isinstance(client.queue[0][0], DrawMany)
    assert not forgotten.snapshot.busy, "nobody waits for thumbnails"
    forgotten.resample()
    client.answer_first()
    assert isinstance(engine.ran[-1], Apply)
    QCoreApplication.processEvents()
    forgotten.cancel()
    assert [lane for _, lane in client.queue] == ["aside"], "nobody waits for it, so that nothing of it is stopped"
    assert drawn == []
    work()
    assert len(drawn) == 20


def test_what_cannot_be_drawn_is_not_asked_for_again(forgotten: Document, work: Work, engine: FakeEngine) -> None:
    engine.fail = lambda request: "There is not enough memory." if isinstance(request, DrawMany) else None
    drawer = ThumbnailDrawer(forgotten)
    before = len(engine.ran)
    forgotten.toggle_star(1)
    work()
    forgotten.toggle_star(1)
    work()
    asked = [request for request in engine.ran[before:] if isinstance(request, DrawMany)]
    assert sum(len(request.codes) for request in asked) == 20
    assert forgotten.snapshot.notice is None
    assert drawer.parent() is forgotten


def test_a_tool_tip_says_how_long_ago(panel: HistoryPanel, document: Document) -> None:
    node = tree(document).node(4)
    assert "just now" in explain_step(node, node.created + 3)
    assert "3 min ago" in explain_step(node, node.created + 200)
    assert "2 h ago" in explain_step(node, node.created + 7300)
    assert "ago" not in explain_step(node, node.created + 90_000)
    assert "smile" in panel._tree.explain(4)


def test_a_step_that_the_search_hides_can_be_named_and_asking_twice_is_fine(
    window: MainWindow, document: Document, work: Work, qtbot: QtBot
) -> None:
    document.select_all()
    document.resample()
    work()
    window.steps.find()
    field = QApplication.focusWidget()
    assert field is not None
    qtbot.keyClicks(field, "no such step")
    for _ in range(2):
        window.binder.actions["name-step"].trigger()
    editor = window._history._tree.findChild(QLineEdit)
    assert editor is not None
    assert editor.isVisible()
    qtbot.keyClicks(editor, "grin")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    work()
    assert document.snapshot.history is not None
    assert document.snapshot.history.current.label == "grin"
