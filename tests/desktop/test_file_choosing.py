"""Choosing a file by typing its whole path, in Qt's own dialog: with Return it is chosen, wherever it lies."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from sni_desktop.dialogs import ask_model, ask_open
from sni_desktop.file_choosing import choose_files


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    return parent


def answer(parent: QWidget, text: str) -> None:
    """Type into the dialog that is about to come, so slowly that Qt completes in between, and press Return."""

    def act() -> None:
        dialog = parent.findChild(QFileDialog)
        field = dialog.findChild(QLineEdit, "fileNameEdit") if dialog is not None else None
        if dialog is None or field is None or not field.hasFocus():
            QTimer.singleShot(10, act)
            return
        for letter in text:
            QTest.keyClicks(field, letter)
            QTest.qWait(5)
        QTimer.singleShot(100, dialog, lambda: [box.reject() for box in dialog.findChildren(QMessageBox)])
        QTest.keyClick(field, Qt.Key.Key_Return)
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(0, act)


@pytest.mark.parametrize(("ask", "name"), [(ask_open, "face.sni"), (ask_model, "small.safetensors")])
@pytest.mark.parametrize("begins", ["there", "above", "elsewhere"])
def test_a_typed_path_and_return_choose_the_file(
    parent: QWidget, tmp_path: Path, ask: Callable[[QWidget, Path], Path | None], name: str, begins: str
) -> None:
    folder, elsewhere = tmp_path / "home" / "w", tmp_path / "other"
    folder.mkdir(parents=True)
    elsewhere.mkdir()
    (folder / name).write_bytes(b"anything")
    start = {"there": folder, "above": tmp_path, "elsewhere": elsewhere}[begins]
    answer(parent, str(folder / name))
    assert ask(parent, start) == folder / name


def test_a_name_and_return_choose_it_too_and_nothing_is_nothing(parent: QWidget, tmp_path: Path) -> None:
    (tmp_path / "face.sni").write_bytes(b"anything")
    answer(parent, "face.sni")
    assert ask_open(parent, tmp_path) == tmp_path / "face.sni"
    answer(parent, "nowhere")
    assert ask_open(parent, tmp_path) is None


def test_several_files_are_chosen_in_quotes(parent: QWidget, tmp_path: Path) -> None:
    paths = [tmp_path / "work" / name for name in ("a.sni", "b.sni")]
    paths[0].parent.mkdir()
    for path in paths:
        path.write_bytes(b"anything")
    answer(parent, " ".join(f'"{path}"' for path in paths))
    assert choose_files(parent, "Open", tmp_path, "All files (*)") == paths
