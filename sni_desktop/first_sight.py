"""The window comes first: importing torch waits until it is on the screen, else both would share Python's lock."""

import threading

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_PATIENCE_S = 2.0  # for a window that starts minimised, or never comes


class FirstSight(QObject):
    """Lets other threads wait until a window has been painted once. Made before the window, for those who need it."""

    def __init__(self) -> None:
        super().__init__()
        self._seen = threading.Event()

    def watch(self, window: QWidget) -> None:
        """Wait for this window's first painting."""
        window.installEventFilter(self)

    def wait(self) -> None:
        """Wait on another thread, not for ever."""
        self._seen.wait(_PATIENCE_S)

    def end(self) -> None:
        """Let all go on, as when the program ends before its window came."""
        self._seen.set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look for the first painting; what is in the window is painted along with it, so wait for the next turn."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self.end)
        return False
