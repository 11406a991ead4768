"""The window under rough handling: leaving in mid-edit, odd drops, small screens, mistakes inside handlers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs
from sni_desktop.document import Document
from sni_desktop.requests import Requests
from sni_desktop.window import MainWindow
from sni_engine.api.codec import read_project
from sni_engine.api.messages import Draw, NewFace

from .fakes import CARD, DirectClient, FakeEngine, make_codes

Work = Callable[[], None]
BUTTONS = QMessageBox.StandardButton
COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def test_leaving_while_a_step_is_drawn_asks_and_saving_waits_for_it(
    window: MainWindow, document: Document, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer_save(_: object, name: str, ends: bool = False) -> QMessageBox.StandardButton:
        asked.append(name)
        return BUTTONS.Save

    monkeypatch.setattr(dialogs, "ask_to_keep", answer_save)
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: tmp_path / "face.sni")
    document.select_all()
    document.resample()
    event = QCloseEvent()
    window.closeEvent(event)
    assert len(asked) == 1
    assert not event.isAccepted()
    assert document.snapshot.notice is not None
    work()
    window.closeEvent(event := QCloseEvent())
    assert event.isAccepted()
    assert len(read_project(tmp_path / "face.sni").history.nodes) == 2


def test_a_name_half_typed_is_saved(
    window: MainWindow, document: Document, qtbot: QtBot, work: Work, tmp_path: Path
) -> None:
    document.save(tmp_path / "face.sni")
    work()
    tree = window._history._tree
    tree.setFocus()
    qtbot.keyClick(tree, Qt.Key.Key_F2)
    field = tree.findChild(QLineEdit)
    assert field is not None
    field.setText("smile")
    assert window.files.save()
    assert read_project(tmp_path / "face.sni").history.root.label == "smile"


def drop(window: MainWindow, *urls: QUrl) -> bool:
    """Drag something over the window and let it go there; says whether it was taken."""
    data = QMimeData()
    data.setUrls(list(urls))
    enter = QDragEnterEvent(QPoint(5, 5), COPY, data, LEFT, NONE)
    enter.ignore()
    window.dragEnterEvent(enter)
    if enter.isAccepted():
        window.dropEvent(QDropEvent(QPointF(5, 5), COPY, data, LEFT, NONE))
    return enter.isAccepted()


def test_of_several_files_the_first_is_opened_and_it_says_so(
    window: MainWindow, document: Document, work: Work, tmp_path: Path
) -> None:
    for name in ("one.sni", "two.sni"):
        document.save(tmp_path / name)
    assert drop(window, *(QUrl.fromLocalFile(str(tmp_path / name)) for name in ("one.sni", "two.sni")))
    work()
    assert document.snapshot.path == tmp_path / "one.sni"
    assert document.snapshot.notice is not None
    assert "one.sni" in document.snapshot.notice.title


def test_a_model_is_copied_in_and_opened(
    window: MainWindow, document: Document, work: Work, tmp_path: Path, engine: FakeEngine
) -> None:
    path = tmp_path / "new.SafeTensors"
    assert drop(window, QUrl.fromLocalFile(str(path)))
    work()
    assert [entry.name for entry in engine.library.entries] == ["fake", "new"]
    assert document.snapshot.card is not None
    assert document.snapshot.card.name == "new"
    assert document.snapshot.notice is not None
    assert "among your models" in document.snapshot.notice.title


def test_long_texts_do_not_widen_the_window(window: MainWindow, document: Document, work: Work) -> None:
    document.select_all()
    before = window.minimumSizeHint().width()
    document.resample()
    work()
    document._show(device="A very long name of a device " * 9)
    QCoreApplication.processEvents()
    device, locality = window.findChild(QLabel, "device"), window.findChild(QLabel, "locality")
    assert device is not None
    assert locality is not None
    assert device.sizeHint().width() < 330
    assert "very long" in device.toolTip()
    assert locality.toolTip() == locality.text() != ""
    assert window.minimumSizeHint().width() < before + 330


def test_bars_leave_the_keys_to_the_canvas(window: MainWindow) -> None:
    for name in ("cancel", "close-notice"):
        button = window.findChild(QPushButton, name)
        assert button is not None
        assert button.focusPolicy() == Qt.FocusPolicy.TabFocus


def test_a_dialog_that_is_closed_is_gone(window: MainWindow) -> None:
    for show in (window.show_about, window.show_shortcuts):
        show()
        box = window.findChild(QDialog)
        assert box is not None
        box.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert window.findChild(QDialog) is None


def test_a_mistake_in_a_handler_holds_nobody_up(client: DirectClient, document: Document, qtbot: QtBot) -> None:
    requests = Requests(client, document)
    acted: list[str] = []

    def stumble(_: object = None) -> None:
        raise ValueError("stumbled")

    requests.ask(lambda ticket: NewFace(ticket, 1), stumble)
    requests.in_turn(stumble)
    requests.in_turn(lambda: acted.append("second"))
    with qtbot.captureExceptions() as mistakes:
        client.answer_first()
        qtbot.waitUntil(lambda: acted == ["second"])
    assert mistakes
    assert not requests.is_busy
    requests.ask(lambda ticket: Draw(ticket, make_codes(1, CARD.grid)), stumble)
    assert requests.is_busy
