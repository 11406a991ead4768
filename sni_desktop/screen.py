"""The whole screen, and the picture alone: what F11 and F12 do to the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow


def toggle_full_screen(window: QMainWindow) -> None:
    """Fill the screen, or go back to the window as it was, maximised or not."""
    window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)


class Curtain:
    """Hides the docks and brings back those that were there."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._hidden: list[QDockWidget] = []

    @property
    def is_drawn(self) -> bool:
        """True while every dock is hidden."""
        return all(dock.isHidden() for dock in self._list())

    def toggle(self) -> None:
        """Hide all docks, or show those that were hidden last; all of them if nobody remembers."""
        docks = self._list()
        shown = [dock for dock in docks if not dock.isHidden()]
        self._hidden = shown or self._hidden
        for dock in docks:
            dock.setVisible(not shown and dock in (self._hidden or docks))

    def _list(self) -> list[QDockWidget]:
        return self._window.findChildren(QDockWidget)
