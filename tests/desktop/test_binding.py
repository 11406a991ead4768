"""The binding itself: a PySide6 that wears out None, True and False ends the program after an hour's work."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

TIMES = 50


class Sender(QObject):
    """Something to emit from."""

    sent = Signal(object)


def emit(sender: Sender) -> None:
    sender.sent.emit(None)


def connect(sender: Sender) -> None:
    sender.sent.connect(emit)


def call(sender: Sender) -> None:
    sender.parent()


@pytest.mark.parametrize("act", [emit, connect, call])
def test_nothing_is_worn_out(act: Callable[[Sender], None], qtbot: QtBot) -> None:
    """PySide6 6.12.0 loses one reference a time on Python 3.11 and aborts when they run out."""
    sender = Sender()
    act(sender)
    before = count()
    for _ in range(TIMES):
        act(sender)
    lost = [old - new for old, new in zip(before, count(), strict=True)]
    assert max(lost) < TIMES / 2, "install PySide6-Essentials 6.11.3: docs/decisions/0002-pyside-pin.md"


def count() -> tuple[int, int, int]:
    return sys.getrefcount(None), sys.getrefcount(True), sys.getrefcount(False)
