"""When panels are told: after the canvas, once for all that came together, and before any key."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot
from sni_desktop.window import MainWindow

from .fakes import mouth


def test_many_changes_are_one_for_the_panels(face: Document) -> None:
    QCoreApplication.processEvents()
    told: list[Snapshot] = []
    shown: list[Snapshot] = []
    face.changed.connect(told.append)
    face.refreshed.connect(shown.append)
    for amount in (0.1, 0.2, 0.3):
        face.set_amount(amount)
    assert [now.amount for now in told] == [0.1, 0.2, 0.3]
    assert shown == []
    QCoreApplication.processEvents()
    assert shown == [face.snapshot]


def test_that_something_is_asked_for_is_told_when_it_takes_long(face: Document, qtbot: QtBot) -> None:
    mouth(face)
    QCoreApplication.processEvents()
    told: list[Snapshot] = []
    face.changed.connect(told.append)
    face.resample()
    assert face.snapshot.busy
    assert told == []
    qtbot.waitUntil(lambda: [now.busy for now in told] == [True])


def test_a_key_finds_its_command_as_it_is_now(window: MainWindow, document: Document, qtbot: QtBot) -> None:
    document.tell(Notice("info", "Something."))
    assert not window.binder.actions["cancel"].isEnabled()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert document.snapshot.notice is None


def test_a_command_that_may_no_longer_run_does_nothing(
    window: MainWindow, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[MainWindow] = []
    monkeypatch.setattr(type(window), "cancel", ran.append)
    action = window.binder.actions["cancel"]
    document.tell(Notice("info", "Something."))
    document.refresh()
    document.dismiss_notice()
    assert action.isEnabled(), "not told yet"
    action.trigger()
    assert ran == []
    assert not action.isEnabled()


def test_marks_that_are_kept_are_those_that_would_be_painted(
    window: MainWindow, document: Document, work: Callable[[], None]
) -> None:
    mouth(document)
    kept = look(window)
    document.resample()
    work()
    document.undo()
    assert look(window) == kept
    locks = np.zeros((8, 8), np.float32)
    locks[0, 0] = 1
    document.set_locks(locks)
    locked = look(window)
    window.canvas.set_grid_visible(False)
    assert len({image.bits().tobytes() for image in (kept, locked, look(window))}) == 3


def look(window: MainWindow) -> QImage:
    return window.canvas.grab().toImage()
