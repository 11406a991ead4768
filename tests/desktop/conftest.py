"""Desktop fixtures: a document over a fake engine, and Qt messages that nobody expected fail a test."""

from collections.abc import Callable, Iterator
from functools import partialmethod

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sni_desktop.activities.painting import Painting
from sni_desktop.activities.parts import Parts
from sni_desktop.activities.selecting import Selecting
from sni_desktop.canvas.view import CanvasView
from sni_desktop.document import Document
from sni_desktop.panels.edit import EditPanel
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_engine.api.paths import config_folder

from .fakes import DirectClient, FakeEngine


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine, what a test waits for comes late; only what never comes may fail it."""
    monkeypatch.setattr(QtBot, "waitUntil", partialmethod(QtBot.waitUntil, timeout=60_000))


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def client(engine: FakeEngine, qtbot: QtBot) -> DirectClient:
    return DirectClient(engine)


@pytest.fixture
def document(client: DirectClient) -> Document:
    seeds = iter(range(100, 1000))
    return Document(client, new_seed=lambda: next(seeds))


@pytest.fixture
def work(client: DirectClient) -> Callable[[], None]:
    """Let the fake engine answer all that was asked, and the answers arrive."""

    def act() -> None:
        quiet = 0
        while quiet < 3:  # timers of no delay that an answer started come a round later
            QCoreApplication.processEvents()
            quiet = 0 if client.queue else quiet + 1
            if client.queue:
                client.answer_first()

    return act


@pytest.fixture
def face(document: Document, work: Callable[[], None]) -> Document:
    """A document with a face on screen."""
    document.new_face(7)
    work()
    return document


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def canvas(face: Document, qtbot: QtBot, theme: Theme) -> CanvasView:
    """The canvas alone: the picture is 400 px wide, 50 px a cell, from (24, 24)."""
    canvas = CanvasView(face, theme)
    qtbot.addWidget(canvas)
    canvas.resize(448, 448)
    canvas.show()
    canvas.setFocus()
    return canvas


@pytest.fixture
def window(document: Document, theme: Theme, qtbot: QtBot, work: Callable[[], None]) -> MainWindow:
    """The whole window with a face on screen."""
    window = MainWindow(document, theme, Settings())
    qtbot.addWidget(window, before_close_func=forget_changes)
    window.resize(1120, 760)  # the screen of the tests is smaller than people's
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    document.new_face(7)
    work()
    return window


def forget_changes(window: MainWindow) -> None:
    """Let the test end without being asked to save."""
    window.document.cancel()
    window.document._saved = window.document.project
    window.document._show()


@pytest.fixture(autouse=True)
def nothing_left_over(qapp: QApplication) -> Iterator[None]:
    """Windows that were closed are deleted now: each one left would be styled anew by every theme that follows."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def no_qt_messages(qtlog: object) -> Iterator[None]:
    yield
    lines = [record.message for record in qtlog.records if "offscreen" not in record.message]  # type: ignore[attr-defined]
    lines = [line for line in lines if "This plugin does not support" not in line]
    assert lines == []


@pytest.fixture
def edit(face: Document, theme: Theme, qtbot: QtBot) -> EditPanel:
    panel = EditPanel(face, theme, Selecting(face, config_folder() / "presets.json"), Painting(), Parts(face))
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture(scope="session", autouse=True)
def clear_the_clipboard(qapp: QApplication) -> Iterator[None]:
    """Take back what was copied: without a screen Qt keeps it in a static, and deletes it when Python is long gone."""
    yield
    QGuiApplication.clipboard().clear()
