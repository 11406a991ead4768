"""What every test of the whole program needs: the window over the real engine, with face 7, and hands for it."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sni_desktop.app import make_engine
from sni_desktop.document import Document
from sni_desktop.panels.live import LiveSlider
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_desktop.worker.client import EngineClient


@pytest.fixture
def document(qtbot: QtBot) -> Iterator[Document]:
    client = EngineClient(lambda: make_engine(None, "cpu"))
    document = Document(client)
    document.new_face(7)
    settle(qtbot, document)
    yield document
    client.close()


@pytest.fixture
def window(document: Document, qtbot: QtBot, qapp: QApplication) -> MainWindow:
    window = MainWindow(document, Theme(qapp, "light"), Settings())
    qtbot.addWidget(window, before_close_func=forget_changes)
    window.show()
    return window


def settle(qtbot: QtBot, document: Document) -> None:
    """Wait until the picture on screen is that of the current step."""
    qtbot.waitUntil(lambda: document.snapshot.picture is not None and not document.snapshot.busy, timeout=30_000)


def drag_to(slider: object, last: int, qtbot: QtBot, document: Document) -> None:
    """Drag a slider from 0, until the draft is there; what is on screen then is what letting go keeps."""
    assert isinstance(slider, LiveSlider)
    history = document.snapshot.history
    assert history is not None
    slider.setSliderDown(True)
    for value in range(1, last + 1):
        slider.setValue(value)
    settle(qtbot, document)
    assert document.snapshot.draft
    shown = document.snapshot.picture
    assert shown is not None
    slider.setSliderDown(False)
    settle(qtbot, document)
    after = document.snapshot.history
    assert after is not None
    assert len(after.nodes) == len(history.nodes) + 1
    assert document.snapshot.picture is not None
    assert (document.snapshot.picture == shown).all()


def forget_changes(window: MainWindow) -> None:
    """Let the test end without being asked to save."""
    window.document._saved = window.document.project
    window.document._show()
