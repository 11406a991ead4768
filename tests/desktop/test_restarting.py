"""The program left and started again: an empty home, moved docks, own keys and colours, a screen that is gone."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from sni_desktop import app, dialogs
from sni_desktop.document import Document
from sni_desktop.filing import last_face
from sni_desktop.recovery import find_lost, new_journal, recovery_folder
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_desktop.worker.client import EngineClient
from sni_desktop.worker.journal import JournalWriter
from sni_engine.api.paths import config_folder

from .conftest import forget_changes
from .fakes import FakeEngine, child

Work = Callable[[], None]
Begin = Callable[[], MainWindow]


@pytest.fixture
def begin(qtbot: QtBot, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Start the program as its command does, with a thread, a journal, and an engine without torch."""
    parts: list[EngineClient | JournalWriter] = []

    def end() -> None:
        while parts:
            parts.pop().close()

    def start() -> MainWindow:
        end()
        engine.card = None
        monkeypatch.setattr("sys.excepthook", sys.excepthook)  # put back after the test
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        client, journal = EngineClient(lambda: engine), JournalWriter(new_journal(recovery_folder()))
        parts.extend((client, journal))
        window = app.build_window(application, client, journal, None)
        qtbot.addWidget(window, before_close_func=forget_changes)
        window.show()
        qtbot.waitUntil(lambda: window.document.snapshot.picture is not None)
        return window

    yield start
    end()


def test_the_first_start_in_an_empty_home(begin: Begin, private_home: Path) -> None:
    assert not [path for path in private_home.rglob("*") if path.is_file()]
    window = begin()
    assert window.host.welcome.isVisible()
    window.document.refresh()
    assert "CPU" in child(window, QLabel, "device").toolTip()
    assert window.document.snapshot.notice is None
    assert find_lost(recovery_folder()) == []


def test_docks_theme_and_keys_come_back(begin: Begin, theme: Theme) -> None:
    first = begin()
    history, edit = first.docks[1], first.docks[0]
    first.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, history)
    first.set_theme("dark")
    first.keymap.set_keys("resample", ("F7",))
    first.toggle_grid()
    assert first.close()
    theme.set_mode("light")
    again = begin()
    assert again.dockWidgetArea(again.docks[1]) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert again.dockWidgetArea(again.docks[0]) == first.dockWidgetArea(edit)
    assert again.theme.mode == "dark"
    assert again.binder.actions["resample"].shortcuts() == [QKeySequence("F7")]
    assert not again.canvas.grid_visible
    again.docks.reset()
    assert again.dockWidgetArea(again.docks[1]) == Qt.DockWidgetArea.RightDockWidgetArea


def test_a_window_left_on_a_screen_that_is_gone_comes_back(begin: Begin) -> None:
    first = begin()
    first.resize(700, 600)
    first.move(9000, 7000)
    first.close()
    again = begin()
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.contains(again.geometry().topLeft())
    assert screen.intersected(again.frameGeometry()).width() > 300


def test_any_damage_to_the_settings_leaves_a_window_that_works(begin: Begin) -> None:
    begin().close()
    path = config_folder() / "window.ini"
    store = QSettings(str(path), QSettings.Format.IniFormat)
    for key in store.allKeys():
        store.setValue(key, "nonsense")
    store.sync()
    window = begin()
    assert window.document.snapshot.picture is not None
    assert Settings().theme == "system"


def test_the_next_start_goes_on_where_one_was(begin: Begin, tmp_path: Path, qtbot: QtBot) -> None:
    first = begin()
    assert not child(first, QPushButton, "welcome-go-on").isVisible(), "there was none before"
    first.document.select_all()
    first.document.resample()
    qtbot.waitUntil(lambda: first.document.snapshot.can_undo)
    assert first.document.save(tmp_path / "face.sni")
    assert first.close()
    again = begin()
    assert again.document.snapshot.path == tmp_path / "face.sni"
    assert again.document.snapshot.can_undo
    go_on = child(again, QPushButton, "welcome-go-on")
    assert go_on.text() == "Go on with face.sni"
    go_on.click()
    assert again.host.welcome.isHidden()


def test_a_face_without_a_file_is_there_again_and_a_new_one_is_new(begin: Begin, qtbot: QtBot) -> None:
    first = begin()
    project = first.document.project
    assert first.close()
    again = begin()
    assert again.document.project == project
    assert not again.document.snapshot.modified
    assert child(again, QPushButton, "welcome-go-on").text() == "Go on with the last face"
    again.host.welcome.new_asked.emit()
    qtbot.waitUntil(lambda: again.document.project != project)


@pytest.mark.parametrize("why", ["discarded", "not wanted", "gone", "damaged"])
def test_a_start_without_the_last_face_has_a_new_one(
    begin: Begin, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: QMessageBox.StandardButton.Discard)
    first = begin()
    if why == "discarded":
        first.document.toggle_star(0)
    elif why == "gone":
        assert first.document.save(tmp_path / "face.sni")
    before = first.document.project
    assert first.close()
    settings = Settings()
    settings.reopens = why != "not wanted"
    settings._store.sync()
    if why == "gone":
        (tmp_path / "face.sni").unlink()
    elif why == "damaged":
        last_face().write_bytes(b"no project")
    again = begin()
    assert again.document.project is not None
    assert before is not None
    assert again.document.project.history.root.codes != before.history.root.codes
    assert again.document.snapshot.notice is None
    assert not child(again, QPushButton, "welcome-go-on").isVisible()


@pytest.mark.parametrize("answer", ["Save", "Discard", "Cancel"])
def test_leaving_while_something_is_drawn_asks_once(
    begin: Begin,
    engine: FakeEngine,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
) -> None:
    asked: list[str] = []

    def give(_: object, name: str, ends: bool) -> QMessageBox.StandardButton:
        assert ends
        asked.append(name)
        return QMessageBox.StandardButton[answer]

    monkeypatch.setattr(dialogs, "ask_to_keep", give)
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: tmp_path / "kept.sni")
    window = begin()
    engine.delay_s = 0.1
    window.document.select_all()
    window.document.resample()
    event = QCloseEvent()
    window.closeEvent(event)
    assert len(asked) == 1
    assert event.isAccepted() == (answer == "Discard"), "what is still being drawn cannot be in the file yet"
    qtbot.waitUntil(lambda: not window.document.snapshot.busy)
    history = window.document.snapshot.history
    assert history is not None
    assert len(history.nodes) == 2, "nothing was lost by asking"


@pytest.mark.parametrize("name", ["find", "zoom"])
def test_undo_belongs_to_a_field_only_while_one_types_in_it(
    window: MainWindow, document: Document, work: Work, qtbot: QtBot, name: str
) -> None:
    document.select_all()
    document.resample()
    work()
    if name == "find":
        window.steps.find()
        field = QApplication.focusWidget()
    else:
        field = window._status.zoom.lineEdit()
        field.setFocus()
        field.selectAll()
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "120")
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.snapshot.can_undo, "the first one was the field's"
    qtbot.keyClicks(field, "120")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    work()
    assert not document.snapshot.can_undo
