"""The window's docks: added, shown by name, listed in the menu, and put back where they were at the first start."""

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QTabWidget, QWidget

from sni_desktop.sharing import SharedHeight

_LEAST_PX = 268


class Docks:
    """The docks of a window, in the order in which they came."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._docks: list[QDockWidget] = []
        self._plain = QByteArray()

    def __getitem__(self, number: int) -> QDockWidget:
        """Return a dock by its number."""
        return self._docks[number]

    def add(self, name: str, title: str, panel: QWidget) -> QDockWidget:
        """Put a panel on the right."""
        dock = QDockWidget(title)
        dock.setObjectName(name)
        dock.setWidget(panel)
        dock.setMinimumWidth(_LEAST_PX)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self._docks.append(dock)
        return dock

    def add_below(self, dock: QDockWidget) -> None:
        """Put a dock below the picture; what is on the right keeps its height."""
        self._window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        dock.hide()
        self._docks.append(dock)

    def add_tab(self, name: str, title: str, panel: QWidget) -> QDockWidget:
        """Put a panel behind the first one, as a tab."""
        dock = self.add(name, title, panel)
        self._window.setTabPosition(Qt.DockWidgetArea.RightDockWidgetArea, QTabWidget.TabPosition.North)
        self._window.tabifyDockWidget(self._docks[0], dock)
        self._docks[0].raise_()
        return dock

    def list_in(self, menu: QMenu) -> None:
        """Let a menu show and hide each of them."""
        menu.addSeparator()
        for dock in self._docks:
            menu.addAction(dock.toggleViewAction())

    def show(self, name: str) -> None:
        """Bring a dock into view."""
        for dock in self._docks:
            if dock.objectName() == name:
                dock.show()
                dock.raise_()

    def mark_plain(self) -> None:
        """Take everything as it is for the layout that `reset` goes back to; what is on the right shares its height."""
        self.height: SharedHeight = SharedHeight(self._window, *self._docks[:2])
        self._plain = self._window.saveState()

    def reset(self) -> None:
        """Put docks and bars where they were at the first start."""
        self._window.restoreState(self._plain)
        self.height.is_chosen = False
        self.height.share()
