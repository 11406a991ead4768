"""The window by keys alone: every stop of Tab is in sight and seen, F6 and Esc go between the picture and panels."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QPushButton, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice
from sni_desktop.window import MainWindow

from .fakes import child, mouth

Work = Callable[[], None]


@pytest.fixture
def full(window: MainWindow, document: Document, work: Work) -> MainWindow:
    """A window with steps, candidates and a reference."""
    window.resize(1320, 865)
    mouth(document)
    document.resample()
    work()
    window.choosing.ask()
    window.blending.deal()
    work()
    return window


def walk(window: MainWindow, qtbot: QtBot) -> Iterator[QWidget]:
    """Go by Tab once around, from the picture to the picture."""
    window.canvas.setFocus()
    for _ in range(99):
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
        stop = QApplication.focusWidget()
        if stop is window.canvas or stop is None:
            return
        yield stop


def is_marked(widget: QWidget) -> bool:
    """Say whether it looks another way while it has the keys."""
    having = widget.grab().toImage()
    widget.clearFocus()
    without = widget.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    return bool(having != without)


@pytest.mark.parametrize("name", ["edit", "blend", "parts"])
def test_every_stop_of_tab_is_in_sight_and_shows_that_it_has_the_keys(
    full: MainWindow, qtbot: QtBot, work: Work, name: str
) -> None:
    full.docks.show(name)
    work()
    stops = []
    for stop in walk(full, qtbot):
        stops.append(stop)
        assert not stop.visibleRegion().isEmpty(), stop.objectName()
        assert is_marked(stop), f"{type(stop).__name__} {stop.objectName()} {stop.accessibleName()}"
    dock = child(full, QDockWidget, name)
    assert sum(dock.isAncestorOf(stop) for stop in stops) > 3


def region(window: MainWindow) -> str:
    focus = window.focusWidget()
    docks = [dock.objectName() for dock in window.findChildren(QDockWidget) if dock.isAncestorOf(focus)]
    return docks[0] if docks else type(focus).__name__


def test_f6_goes_around_the_picture_and_the_panels_in_sight(full: MainWindow, qtbot: QtBot, work: Work) -> None:
    full.docks.show("parts")
    full.canvas.setFocus()
    work()
    seen = []
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        seen.append(region(full))
    assert seen == ["parts", "history", "candidates", "CanvasView"]
    qtbot.keyClick(full.canvas, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert region(full) == "candidates"


def test_coming_back_to_a_panel_the_keys_are_where_they_were(full: MainWindow, qtbot: QtBot) -> None:
    full.docks.show("edit")
    button = child(full, QPushButton, "places")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Escape)
    assert full.canvas.hasFocus()
    assert full.canvas._cursor_cell is not None, "the picture shows that it has the keys"
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        if region(full) == "edit":
            break
    assert button.hasFocus()


def test_esc_that_has_something_to_cancel_leaves_the_keys(full: MainWindow, document: Document, qtbot: QtBot) -> None:
    full.docks.show("edit")
    button = child(full, QPushButton, "places")
    button.setFocus()
    document.tell(Notice("info", "Something was written."))
    qtbot.keyClick(button, Qt.Key.Key_Escape)
    assert document.snapshot.notice is None
    assert button.hasFocus()


def test_tabs_turn_by_keys_and_take_the_keys_along(full: MainWindow, qtbot: QtBot, work: Work) -> None:
    full.docks.show("edit")
    full.canvas.setFocus()
    work()
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(full.canvas, Qt.Key.Key_PageDown, control)
    work()
    assert not child(full, QDockWidget, "blend").visibleRegion().isEmpty()
    assert full.canvas.hasFocus()
    qtbot.keyClick(full.canvas, Qt.Key.Key_PageUp, control)
    work()
    child(full, QPushButton, "places").setFocus()
    qtbot.keyClick(full, Qt.Key.Key_PageUp, control)
    work()
    assert region(full) == "parts"


def test_arrows_in_the_list_of_parts_outline_them_on_the_picture(full: MainWindow, qtbot: QtBot, work: Work) -> None:
    full.parting.show()
    work()
    tree = child(full, QTreeView, "part-list")
    qtbot.keyClick(tree, Qt.Key.Key_Home)
    first = full.parting.parts.state.pointed
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    second = full.parting.parts.state.pointed
    assert first is not None
    assert second is not None
    assert first != second
    assert full.parting.parts.state.chosen == second
    full.canvas.setFocus()
    assert full.parting.parts.state.pointed is None


def test_a_list_that_f6_goes_to_shows_where_it_is(full: MainWindow, qtbot: QtBot, work: Work) -> None:
    tree = full._history._tree
    tree.setFocus()
    qtbot.mouseClick(full.canvas, Qt.MouseButton.LeftButton, pos=full.canvas.rect().topLeft())
    full.canvas.setFocus()
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        if tree.hasFocus():
            break
    assert is_marked(tree)
