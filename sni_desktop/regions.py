"""Ways by keys between the picture and the panels: F6, Esc back to the picture, and Tab past what is out of sight."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget

_BY_KEYS = Qt.FocusReason.TabFocusReason  # who comes by keys sees where they act
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


class Regions(QObject):
    """The picture and each panel in sight, from the right, and there from above."""

    def __init__(self, window: QMainWindow, picture: QWidget) -> None:
        super().__init__(window)
        self._window, self._picture = window, picture
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc that meant nothing to the panel with the keys, nor to the window, gives the keys to the picture."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        focus = self._window.focusWidget()
        if event.key() == Qt.Key.Key_Escape and focus is not None and _dock_of(focus) is not None:
            self._give(self._picture)
            return True
        return False

    def go(self, step: int) -> None:
        """Give the keys to the next region, or with -1 to the one before, where they were last there."""
        docks = [dock for dock in self._window.findChildren(QDockWidget) if in_sight(dock)]
        regions = [self._picture, *sorted(docks, key=lambda dock: (-dock.x(), dock.y()))]
        focus = self._window.focusWidget()
        at = next((i for i, region in enumerate(regions) if focus is not None and _holds(region, focus)), 0)
        for away in range(1, len(regions) + 1):
            region = regions[(at + step * away) % len(regions)]
            stop = self._picture if region is self._picture else find_stop(region)
            if stop is not None:
                self._give(stop)
                return

    def turn(self, step: int) -> None:
        """Bring the next of the panels that lie behind each other to the front, and go there if the keys are here."""
        bars = [bar for bar in self._window.findChildren(QTabBar, options=_DIRECT) if bar.isVisible()]
        for bar in bars[:1]:
            focus = self._window.focusWidget()
            was_there = focus is not None and focus is not bar and not _holds(self._picture, focus)
            bar.setCurrentIndex((bar.currentIndex() + step) % bar.count())
            stop = self._front_stop(bar) if was_there else None
            if stop is not None:
                self._give(stop)

    def _give(self, stop: QWidget) -> None:
        stop.setFocus(_BY_KEYS)
        self._window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # as Tab does: lists show where they are

    def _front_stop(self, bar: QTabBar) -> QWidget | None:
        title = bar.tabText(bar.currentIndex())
        docks = [dock for dock in self._window.findChildren(QDockWidget) if dock.windowTitle() == title]
        return find_stop(docks[0]) if docks else None


def in_sight(dock: QDockWidget) -> bool:
    """Say whether a dock is to be seen: for Qt, one behind another is visible."""
    return dock.isVisible() and not dock.visibleRegion().isEmpty()


def is_behind(widget: QWidget) -> bool:
    """Say whether a widget is in a dock that lies behind another."""
    dock = _dock_of(widget)
    return dock is not None and not in_sight(dock)


def find_stop(region: QWidget) -> QWidget | None:
    """Return what had the keys last within a region, else the first to have them by Tab; None for nothing."""
    last = region.focusWidget()
    if last is not None and last is not region and _can_stop(last):
        return last
    stop = region.nextInFocusChain()
    while stop is not None and stop is not region:
        if region.isAncestorOf(stop) and _can_stop(stop):
            return stop
        stop = stop.nextInFocusChain()
    return None


def _dock_of(widget: QWidget) -> QDockWidget | None:
    above: QWidget | None = widget
    while above is not None and not isinstance(above, QDockWidget):
        above = above.parentWidget()
    return above


def _can_stop(widget: QWidget) -> bool:
    by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return by_tab and widget.isVisible() and widget.isEnabled()


def _holds(region: QWidget, widget: QWidget) -> bool:
    return region is widget or region.isAncestorOf(widget)
