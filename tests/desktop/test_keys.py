"""Keys of commands: those nobody may take, and those that come back when what took them is reset."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QKeySequenceEdit, QLabel, QPushButton, QTreeWidget

from sni_desktop.commands.reserved import RESERVED
from sni_desktop.commands.table import COMMANDS
from sni_desktop.key_sheet import KeySheet
from sni_desktop.keymap import Keymap, Move
from sni_desktop.settings import Settings
from sni_desktop.window import MainWindow

from .fakes import child

FIXED = [key for keys, _ in RESERVED for key in keys]


@pytest.fixture
def keymap() -> Keymap:
    return Keymap(COMMANDS, Settings())


@pytest.mark.parametrize("key", FIXED)
def test_keys_of_the_canvas_are_no_command_s_to_have(keymap: Keymap, key: str) -> None:
    assert keymap.reserved_for(key, "open")
    keymap.set_keys("open", (key, "F7"))
    assert keymap.keys("open") == ("F7",)


def test_what_stands_in_the_file_already_is_left_out(keymap: Keymap) -> None:
    settings = Settings()
    settings.set_keys("open", ("1", "F7"))
    assert keymap.keys("open") == ("F7",)


def test_every_command_keeps_the_keys_it_came_with(keymap: Keymap) -> None:
    for command in COMMANDS:
        assert not any(keymap.reserved_for(key, command.id) for key in command.keys)
        keymap.set_keys(command.id, command.keys)
        assert keymap.keys(command.id) == command.keys


def test_reset_gives_back_what_had_been_taken_over(keymap: Keymap) -> None:
    keymap.set_keys("open", ("Ctrl+S",))
    assert keymap.reset("open") == (Move("Ctrl+S", "open", "save"),)
    assert (keymap.keys("open"), keymap.keys("save")) == (("Ctrl+O",), ("Ctrl+S",))
    assert not keymap.is_changed("save")


def test_of_two_keys_the_one_that_comes_back_takes_its_old_place(keymap: Keymap) -> None:
    keymap.set_keys("new", ("Ctrl+N", "F7"))
    keymap.set_keys("open", ("Ctrl+R",))
    keymap.reset("open")
    assert keymap.keys("new") == ("Ctrl+R", "Ctrl+N", "F7")


def test_reset_takes_its_own_back_and_nothing_that_another_was_given_since(keymap: Keymap) -> None:
    keymap.set_keys("open", ("Ctrl+S",))
    assert keymap.reset("save") == (Move("Ctrl+S", "open", "save"),)
    assert keymap.keys("open") == ()
    keymap.set_keys("open", ("Ctrl+S",))
    keymap.set_keys("quit", ("Ctrl+S",))
    assert keymap.reset("open") == ()
    assert keymap.keys("quit") == ("Ctrl+S",)


def choose(window: MainWindow, text: str, key: str) -> QDialog:
    window.host.show_settings("keyboard")
    dialog = window.host._dialog
    assert dialog is not None
    tree = child(dialog, QTreeWidget, "")
    tree.setCurrentItem(tree.findItems(text, Qt.MatchFlag.MatchExactly)[0])
    child(dialog, QKeySequenceEdit, "").setKeySequence(QKeySequence(key))
    return dialog


def verdict(dialog: QDialog) -> str:
    return next(label.text() for label in dialog.findChildren(QLabel) if label.objectName() == "verdict")


def test_the_page_says_why_a_key_cannot_be_had(window: MainWindow) -> None:
    dialog = choose(window, "Open", "X")
    assert "X always selects" in verdict(dialog)
    assert not child(dialog, QPushButton, "assign").isEnabled()


def test_the_page_says_what_a_reset_gave_back(window: MainWindow) -> None:
    dialog = choose(window, "Open", "Ctrl+S")
    child(dialog, QPushButton, "assign").click()
    child(dialog, QPushButton, "reset").click()
    assert window.keymap.keys("save") == ("Ctrl+S",)
    assert verdict(dialog) == "Ctrl+S belongs to “Save” again, no longer to “Open”."


def test_keys_that_look_like_tags_are_written_as_they_are(window: MainWindow) -> None:
    window.keymap.set_keys("open", ("Ctrl+<",))
    window.show_shortcuts()
    sheet = window.findChild(KeySheet)
    assert sheet is not None
    (label,) = [label for label in sheet.findChildren(QLabel) if label.text() == "Ctrl+<"]
    assert label.textFormat() == Qt.TextFormat.PlainText
    sheet.close()
