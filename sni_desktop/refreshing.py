"""When the parts of the window are told of a change: the canvas at once, panels when it has been painted."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, SignalInstance

from sni_desktop.snapshot import Snapshot

_PATIENCE_MS = 80  # most answers are there before; until then nobody needs to read that something is under way
_WAITING = ("busy", "progress", "modified")  # all that asking for a step changes


class Refresher(QObject):
    """Tells of every change twice. changed: for the canvas, and for those who must not miss one. refreshed: for panels,
    of the newest state alone, when the answers that are here have been taken in, and before any key or click.

    While the engine draws, the window's thread is better quiet, since both need Python's lock: that something was asked
    for, and nothing else, is told only if the answer takes long.
    """

    def __init__(
        self, parent: QObject, newest: Callable[[], Snapshot], changed: SignalInstance, refreshed: SignalInstance
    ) -> None:
        super().__init__(parent)
        self._newest = newest
        self._changed, self._refreshed = changed, refreshed
        self._told = self._shown = newest()
        self._is_posted = False
        self._late = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._late.timeout.connect(self._tell)

    def note(self, now: Snapshot) -> None:
        """Take notice of a new snapshot."""
        begins = now.busy and not self._told.busy
        if not (begins and differ_only(self._told, now, _WAITING)):
            self._tell()
        elif not self._late.isActive():
            self._late.start()

    def refresh(self) -> None:
        """Tell the panels now."""
        if self._late.isActive():
            self._tell()
        self._is_posted = False
        now = self._newest()
        if now is not self._shown:
            self._shown = now
            self._refreshed.emit(now)

    def event(self, event: QEvent) -> bool:
        """The panels' turn has come."""
        if event.type() == QEvent.Type.User:
            self.refresh()
            return True
        return super().event(event)

    def _tell(self) -> None:
        self._late.stop()
        if not self._is_posted:
            self._is_posted = True
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), Qt.EventPriority.LowEventPriority.value)
        self._told = self._newest()
        self._changed.emit(self._told)


def differ_only(before: Snapshot, now: Snapshot, names: tuple[str, ...]) -> bool:
    """Say whether two snapshots share all but some of their parts."""
    old, new = vars(before), vars(now)
    return all(old[name] is new[name] for name in old if name not in names)
