"""The height on the right, shared out between a panel and the one below it, until a person moves the line between."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QScrollArea, QTabBar, QToolBar

_LEAST_PX = 180  # of the lower one: two steps of the history
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_LINES_PX = 3  # above, below and between
_MOST = 0.45  # of all there is, for the lower one, where there is little


class SharedHeight(QObject):
    """The upper dock has what its panel asks for, the lower one the rest; anew whenever the window changes its size.

    So a small window leaves no squeezed panel behind in a large one. Where a person has put the line, it stays.
    """

    def __init__(self, window: QMainWindow, upper: QDockWidget, lower: QDockWidget) -> None:
        super().__init__(window)
        self._window, self._upper, self._lower = window, upper, lower
        self._before = 0
        self.is_chosen: bool = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share out anew; the presses that come to the window itself are on the lines between its docks."""
        match event.type():
            case QEvent.Type.Resize | QEvent.Type.Show:
                self.share()
            case QEvent.Type.MouseButtonPress:
                self._before = self._lower.height()
            case QEvent.Type.MouseButtonRelease:
                self.is_chosen = self.is_chosen or self._lower.height() != self._before
        return False

    def share(self) -> None:
        """Share out the height by what the upper panel asks for, if both are there and nobody has chosen."""
        docks = (self._upper, self._lower)
        areas = {self._window.dockWidgetArea(dock) for dock in docks}
        if self.is_chosen or len(areas) > 1 or any(dock.isFloating() or dock.isHidden() for dock in docks):
            return
        lower = max(self._room - self._ask(), min(_LEAST_PX, round(self._room * _MOST)))
        self._window.resizeDocks([*docks], [self._room - lower, lower], Qt.Orientation.Vertical)

    @property
    def _room(self) -> int:
        """The height of all that is between the bars."""
        bars = (self._window.menuBar(), self._window.statusBar(), *self._window.findChildren(QToolBar))
        return self._window.height() - sum(bar.sizeHint().height() for bar in bars if not bar.isHidden())

    def _ask(self) -> int:
        """The height at which nothing of the upper panel is cut, with its title and tab."""
        dock, area = self._upper, self._upper.widget()
        assert area is not None
        panel = (area.widget() if isinstance(area, QScrollArea) else None) or area
        title = dock.sizeHint().height() - area.sizeHint().height()
        tabs = [
            bar.sizeHint().height() for bar in self._window.findChildren(QTabBar, options=_DIRECT) if not bar.isHidden()
        ]
        return panel.sizeHint().height() + title + max(tabs, default=0) + _LINES_PX
