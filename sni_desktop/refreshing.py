"""When panels are told of a change: after the canvas has painted it, once however many changes came together."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from sni_desktop.snapshot import Snapshot

_PATIENCE_MS = 80  # most answers are there before; until then nobody needs to read that something is under way
_WAITING = ("busy", "progress", "modified")  # all that asking for a step changes


class Refresher(QObject):
    """Tells the newest snapshot in the next turn of the event loop, before any key or click that came meanwhile.

    While the engine draws, the window's thread is better quiet, since both need Python's lock: that something was asked
    for, and nothing else, is told only if the answer takes long.
    """

    refreshed = Signal(object)  # Snapshot
    _turn = Signal()

    def __init__(self, parent: QObject, newest: Callable[[], Snapshot]) -> None:
        super().__init__(parent)
        self._newest = newest
        self._told: Snapshot = newest()
        self._is_posted = False
        self._late = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._late.timeout.connect(self.refresh)
        self._turn.connect(self.refresh, Qt.ConnectionType.QueuedConnection)

    def note(self, now: Snapshot) -> None:
        """Remember that there is something to tell."""
        if now.busy and differ_only(self._told, now, _WAITING):
            if not self._late.isActive():
                self._late.start()
        elif not self._is_posted:
            self._is_posted = True
            self._turn.emit()

    def refresh(self) -> None:
        """Tell at once what is still to be told."""
        self._is_posted = False
        self._late.stop()
        now = self._newest()
        if now is not self._told:
            self._told = now
            self.refreshed.emit(now)


def differ_only(before: Snapshot, now: Snapshot, names: tuple[str, ...]) -> bool:
    """Say whether two snapshots share all but some of their parts."""
    old, new = vars(before), vars(now)
    return all(old[name] is new[name] for name in old if name not in names)
