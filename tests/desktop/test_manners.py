"""Keys of one's own, settings, recent files, the welcome page, the guide, a report of trouble."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sni_desktop.commands.table import COMMANDS
from sni_desktop.document import Document
from sni_desktop.keymap import Keymap
from sni_desktop.panels.plain import plain
from sni_desktop.preferences.training import TrainingPage
from sni_desktop.recent import RecentMenu
from sni_desktop.report import write_report
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_engine.api.messages import Apply, NewFace
from sni_engine.api.paths import config_folder

from .fakes import TWIN, FakeEngine, child

Work = Callable[[], None]


def test_keys_of_one_s_own_are_kept_and_taken_from_their_owner() -> None:
    keymap = Keymap(COMMANDS, Settings())
    assert keymap.owner("Ctrl+S", "open") == "save"
    keymap.set_keys("open", ("Ctrl+S", "F7"))
    again = Keymap(COMMANDS, Settings())
    assert again.keys("open") == ("Ctrl+S", "F7")
    assert again.keys("save") == ()
    assert again.owner("Ctrl+S", "") == "open"
    again.reset("save")
    assert again.keys("save") == ("Ctrl+S",)
    assert again.keys("open") == ("F7",), "nobody shares keys"
    again.reset()
    assert all(again.keys(command.id) == command.keys for command in COMMANDS)


def test_changed_keys_work_at_once(window: MainWindow, work: Work, qtbot: QtBot) -> None:
    window.keymap.set_keys("new", ("F8",))
    assert window.binder.actions["new"].shortcuts() == [QKeySequence("F8")]
    assert "F8" in window.binder.actions["new"].toolTip()
    before = window.document.snapshot.history
    qtbot.keyClick(window, Qt.Key.Key_F8)
    work()
    assert window.document.snapshot.history is not before


def test_the_keyboard_page_names_the_owner_and_takes_over(window: MainWindow) -> None:
    window.host.show_settings("keyboard")
    dialog = window.host._dialog
    assert dialog is not None
    tree, field, assign = (
        child(dialog, QTreeWidget, ""),
        child(dialog, QKeySequenceEdit, ""),
        child(dialog, QPushButton, "assign"),
    )
    tree.setCurrentItem(tree.findItems("Open", Qt.MatchFlag.MatchExactly)[0])
    assert not assign.isEnabled()
    field.setKeySequence(QKeySequence("Ctrl+S"))
    assert assign.text() == "Take over"
    assign.click()
    assert window.keymap.keys("open")[0] == "Ctrl+S"
    assert window.keymap.keys("save") == ()
    child(dialog, QPushButton, "reset-all").click()
    assert window.keymap.keys("save") == ("Ctrl+S",)


def test_settings_count_at_once_and_at_the_next_start(window: MainWindow) -> None:
    window.host.show_settings()
    dialog = window.host._dialog
    assert dialog is not None
    colours, device = child(dialog, QComboBox, "colours"), child(dialog, QComboBox, "device")
    colours.setCurrentIndex(colours.findData("dark"))
    colours.activated.emit(colours.currentIndex())
    device.setCurrentIndex(device.findData("cpu"))
    device.activated.emit(device.currentIndex())
    child(dialog, QCheckBox, "welcome").setChecked(False)
    assert window.theme.is_dark
    settings = Settings()
    assert (settings.theme, settings.device, settings.welcome) == ("dark", "cpu", False)


def test_letters_typed_into_the_settings_are_no_commands(
    window: MainWindow, engine: FakeEngine, work: Work, qtbot: QtBot
) -> None:
    window.document.select_all()
    window.host.show_settings("training")
    page = child(window, TrainingPage, "")
    qtbot.waitUntil(page.window().isActiveWindow)
    page.open_form()
    name = child(page, QLineEdit, "out")
    name.selectAll()
    engine.ran.clear()
    before = window.document.snapshot
    QTest.keyClicks(name, "rnbxlgc1")
    page.open_list()
    QTest.keyClicks(child(page, QWidget, "runs"), "rnbxlgc1")
    work()
    assert name.text() == "rnbxlgc1"
    assert window.document.snapshot.history is before.history
    assert window.document.snapshot.selection is before.selection
    assert not [request for request in engine.ran if isinstance(request, NewFace | Apply)]


def test_a_damaged_settings_file_is_said_and_survived(
    document: Document, theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "window.ini"
    path.write_bytes(b"[General\ntheme\x00\xff=\n=====\n")
    settings = Settings(path)
    assert settings.theme == "system"
    window = MainWindow(document, theme, settings)
    qtbot.addWidget(window)
    qtbot.waitUntil(lambda: document.snapshot.notice is not None)
    assert document.snapshot.notice is not None
    assert "settings" in document.snapshot.notice.title


@pytest.mark.parametrize("name", ["keys", "look", "remembered"])
def test_a_settings_file_with_a_single_entry_is_a_good_one(name: str) -> None:
    settings = Settings()
    if name == "keys":
        settings.set_keys("open", ("F7",))
    elif name == "look":
        settings.look = settings.look
    else:
        settings.keep_text("format", "png")
    settings._store.sync()
    assert (config_folder() / "window.ini").stat().st_size > 0
    assert not Settings().is_damaged


def test_files_saved_and_opened_are_recent_and_missing_ones_are_grey(
    window: MainWindow, work: Callable[[], None], tmp_path: Path
) -> None:
    first, second = tmp_path / "é & 中.sni", tmp_path / "b.sni"
    window.document.save(first)
    window.document.save(second)
    work()
    assert Settings().recent == [second, first]
    second.unlink()
    opened: list[Path] = []
    menu = RecentMenu(Settings(), opened.append, window)
    texts = [(action.text(), action.isEnabled()) for action in menu.actions()[:2]]
    assert texts == [("&1 b.sni (missing)", False), ("&2 é && 中.sni", True)]
    menu.actions()[1].trigger()
    assert opened == [first]
    menu.actions()[-1].trigger()
    assert Settings().recent == []


def test_the_welcome_page_offers_faces_and_goes_when_one_is_chosen(window: MainWindow, work: Work) -> None:
    window.host.show_welcome()
    work()
    faces = window.host.welcome.findChildren(QToolButton, "sample")
    assert len(faces) == 6
    assert all(face.isEnabled() and not face.icon().isNull() for face in faces)
    faces[2].click()
    work()
    history = window.document.snapshot.history
    assert history is not None
    assert str(history.root.seed) == faces[2].text()
    assert window.host.welcome.isHidden()
    assert not Settings().welcome, "it does not come back unasked"


def test_faces_to_begin_with_are_drawn_for_those_who_see_them(
    window: MainWindow, document: Document, work: Work, engine: FakeEngine
) -> None:
    def count() -> int:
        return sum(isinstance(request, NewFace) for request in engine.ran)

    assert count() == 1, "the page is not shown"
    window.host.show_welcome()
    work()
    assert count() == 7
    window.host.leave_welcome()
    document.open_model(TWIN.name)
    work()
    assert count() == 7
    window.host.show_welcome()
    work()
    assert count() == 13


def test_the_welcome_page_leaves_a_new_face_alone(window: MainWindow, work: Work, qtbot: QtBot) -> None:
    history = window.document.snapshot.history
    window.host.show_welcome()
    window.host.welcome.new_asked.emit()
    work()
    assert window.document.snapshot.history is history
    window.host.show_welcome()
    qtbot.keyClick(window.host.welcome, Qt.Key.Key_Escape)
    assert window.host.welcome.isHidden()


def test_a_file_s_name_is_shown_as_it_is_written(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "<b>x<" / "b.sni"
    settings = Settings()
    settings.recent = [path]
    tip = RecentMenu(settings, lambda _: None, window).actions()[0].toolTip()
    shown = QTextDocument()
    shown.setHtml(tip)
    assert shown.toPlainText() == str(path)
    assert plain("a < b & c") == "a < b & c", "what Qt takes for plain text needs nothing"


def test_a_report_names_versions_and_hides_the_home_folder(window: MainWindow, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"{Path.home()}/secret/face.sni could not be read\n")
    text = write_report(log, {"Model": "fake"})
    assert "torch" in text
    assert "Model: fake" in text
    assert str(Path.home()) not in text
    window.host.copy_report()
    assert "SNI Desktop" in QApplication.clipboard().text()


def test_the_guide_is_there_and_its_absence_is_survived(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    window.host.show_guide()
    assert window.host._guide is not None
    assert window.host._guide.isVisible()
    from sni_desktop.guide import read_guide

    assert "missing" in read_guide(Path("/nowhere/guide.md"))
