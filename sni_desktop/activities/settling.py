"""Errors that are over: what failed has succeeded since, so that its message goes once it could be read."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_engine.api.codes import Codes


class Settling(QObject):
    """Marks the message on screen as settled when what it is about has come to pass after all."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._before: Snapshot = document.snapshot
        document.changed.connect(self._follow)

    def _follow(self, now: Snapshot) -> None:
        before, self._before = self._before, now
        notice = now.notice
        if notice is None or notice is not before.notice or notice.settled or not notice.about:
            return  # what was told just now cannot be over
        if is_done(notice.about, before, now):
            # later: everybody shall see this snapshot before the next
            QTimer.singleShot(0, self, lambda: self._settle(now))

    def _settle(self, seen: Snapshot) -> None:
        notice = self._document.snapshot.notice
        if notice is not None and notice is seen.notice:
            self._document.tell(replace(notice, settled=True))


def is_done(about: str, before: Snapshot, now: Snapshot) -> bool:
    """Say whether a change is the success of something: of opening, or of drawing a step, a face or a model. Saving
    takes its own message away.
    """
    is_new_face = _root(now) is not None and _root(now) is not _root(before)
    if about == "open":
        return is_new_face and _root(before) is not None  # else it only stands in for what could not be opened
    return is_new_face or _newest(now) > _newest(before) or now.card is not before.card


def _root(now: Snapshot) -> Codes | None:
    return None if now.history is None else now.history.root.codes


def _newest(now: Snapshot) -> int:
    return -1 if now.history is None else max(node.id for node in now.history.nodes)
