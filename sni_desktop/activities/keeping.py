"""Keeps a journal of what is on screen, so that a killed program loses nothing."""

from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot
from sni_engine.api.codes import Codes
from sni_engine.api.journal import State
from sni_engine.api.packing import Project


class WriterLike(Protocol):
    """What is needed of the journal's thread."""

    failed: SignalInstance

    def write(self, state: State, restart: bool = False) -> None:
        """Note a state; never waits."""

    def note_saved(self, project: Project) -> None:
        """Note that a file holds a project; never waits."""


class Keeping(QObject):
    """Hands every change of history, selection or file to the journal's thread."""

    def __init__(self, document: Document, writer: WriterLike) -> None:
        super().__init__(document)
        self._document = document
        self._writer = writer
        self._noted: State | None = None
        writer.failed.connect(self._tell)
        document.changed.connect(self._note)
        document.saved.connect(lambda project, _: writer.note_saved(project))
        self._note(document.snapshot)

    def _note(self, now: Snapshot) -> None:
        project = self._document.project
        if project is None:
            return
        state = State(project, now.path, not now.modified)
        before, self._noted = self._noted, state
        if before is None or not _is_same(before, state):
            self._writer.write(state, restart=before is None or _root(before) is not _root(state))

    def _tell(self, reason: str) -> None:
        title = self.tr("Your steps are not being kept for the case of a crash: {reason}.").replace("{reason}", reason)
        self._document.tell(Notice("error", title, self.tr("Save often, and make room on the disk.")))


def _root(state: State) -> Codes:
    return state.project.history.root.codes


def _is_same(before: State, state: State) -> bool:
    """Say whether nothing worth writing changed; snapshots share what stayed."""
    old, new = before.project, state.project
    same_project = old.history is new.history and old.selection is new.selection and old.model == new.model
    return same_project and before.path == state.path and before.saved == state.saved
