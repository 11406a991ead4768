"""The faces of this session, so that Undo goes on from the first step of a face to the face before it."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot, differs
from sni_engine.api.codes import Codes
from sni_engine.api.packing import Project

_MOST = 30
_PAUSE_S = 0.6  # a held key stops at the first step: only who presses again means the face before


@dataclass(frozen=True, eq=False)
class Visit:
    """A face as it was when it was left; modified: some of it is in no file."""

    project: Project
    path: Path | None
    modified: bool

    @property
    def root(self) -> Codes:
        """What a face is known by."""
        return self.project.history.root.codes


class Trail(QObject):
    """Undo and redo across faces, opened or new. Nothing is dropped: who goes back and begins anew still finds all."""

    changed = Signal()

    def __init__(self, document: Document, pause_s: float = _PAUSE_S) -> None:
        super().__init__(document)
        self._document = document
        self._pause_s = pause_s
        self._here: Visit | None = None
        self._before: list[Visit] = []  # the one left last comes last
        self._after: list[Visit] = []  # the one to come first is last
        self._sought: Visit | None = None
        self._files: dict[Path, Project] = {}  # what was last in a file, as far as anybody saw
        self._walked = 0.0
        document.changed.connect(self._follow)
        document.saved.connect(self._note_saved)

    @property
    def can_go_back(self) -> bool:
        """True when there is a face before this one."""
        return bool(self._before)

    @property
    def can_go_on(self) -> bool:
        """True after going back."""
        return bool(self._after)

    def undo(self) -> None:
        """Go one step back; from the first step, to the face before."""
        if self._document.snapshot.can_undo:
            self._walked = time.monotonic()
            self._document.undo()
        elif self._has_paused():
            self.go_back()

    def redo(self) -> None:
        """Go one step forward; from the last one, to the face that Undo left."""
        if self._document.snapshot.can_redo:
            self._walked = time.monotonic()
            self._document.redo()
        elif self._has_paused():
            self._go_to(self._after)

    def go_back(self) -> None:
        """Bring back the face before, with all its steps."""
        self._go_to(self._before)

    def name_arrival(self) -> str:
        """Return what undoing at the first step takes back, "" for nothing."""
        return _name(self._here) if self._before and self._here is not None else ""

    def name_next(self) -> str:
        """Return what redoing at the last step does again, "" for nothing."""
        return _name(self._after[-1]) if self._after else ""

    def _has_paused(self) -> bool:
        before, self._walked = self._walked, time.monotonic()
        return self._walked - before >= self._pause_s

    def _go_to(self, side: list[Visit]) -> None:
        if side:
            self._sought = visit = side[-1]
            self._document.recover(visit.project, visit.path, saved=not visit.modified and self._is_in_file(visit))

    def _is_in_file(self, visit: Visit) -> bool:
        """Say whether a face that was saved when it was left still is: its file may have been opened and saved anew."""
        held = self._files.get(visit.path) if visit.path is not None else None
        return held is None or not differs(visit.project, held)

    def _follow(self, now: Snapshot) -> None:
        project = self._document.project
        if project is None:
            return
        left, here = self._here, Visit(project, now.path, now.modified)
        self._here = here
        if here.path is not None and not here.modified:
            self._files[here.path] = here.project
        if left is not None and left.root is not here.root:
            self._note_change(left, here)
            self.changed.emit()

    def _note_saved(self, project: Project, path: Path) -> None:
        """Notice that a file holds a face by now, which may have been left meanwhile."""
        self._files[path] = project
        for side in (self._before, self._after):
            for at, visit in enumerate(side):
                if visit.root is project.history.root.codes:
                    side[at] = new = replace(visit, path=path, modified=differs(visit.project, project))
                    self._sought = new if self._sought is visit else self._sought
        self.changed.emit()

    def _note_change(self, left: Visit, here: Visit) -> None:
        sought, self._sought = self._sought, None
        if sought is not None and sought.root is here.root:
            side: Literal["before", "after"] = "before" if sought in self._before else "after"
            came, other = (self._before, self._after) if side == "before" else (self._after, self._before)
            came.remove(sought)
            other.append(left)
            return
        self._before = [*self._after, *self._before, left][-_MOST:]
        self._after = []
        if left.modified and here.path is None and not here.modified:
            QTimer.singleShot(0, self, self._offer)  # later: everybody shall see the new face first

    def _offer(self) -> None:
        if self._document.snapshot.notice is None:
            title = self.tr("A new face. The one before is kept, with its steps.")
            self._document.tell(Notice("info", title, offer="face-before"))


def _name(visit: Visit) -> str:
    """Return how a face came."""
    if visit.path is not None:
        text = QCoreApplication.translate("Trail", "Open {name}")
        return text.replace("{name}", visit.path.name)
    return QCoreApplication.translate("Trail", "New face")
