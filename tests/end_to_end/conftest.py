"""What every test of the whole program needs: to wait until the picture is there, and to close a window unasked."""

from pytestqt.qtbot import QtBot

from sni_desktop.document import Document
from sni_desktop.window import MainWindow


def settle(qtbot: QtBot, document: Document) -> None:
    """Wait until the picture on screen is that of the current step."""
    qtbot.waitUntil(lambda: document.snapshot.picture is not None and not document.snapshot.busy, timeout=30_000)


def forget_changes(window: MainWindow) -> None:
    """Let the test end without being asked to save."""
    window.document._saved = window.document.project
    window.document._show()
