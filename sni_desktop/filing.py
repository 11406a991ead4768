"""What the window does with files: new faces, opening and saving, and the question before unsaved steps are left."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from sni_desktop import dialogs
from sni_desktop.document import Document
from sni_desktop.save_waiting import wait_for_saving
from sni_desktop.settings import Settings
from sni_desktop.snapshot import Notice, Snapshot
from sni_desktop.worker.projects import Held
from sni_engine.api.codec import write_project
from sni_engine.api.errors import EngineError
from sni_engine.api.paths import state_folder


class Filing:
    """Asks a person for files, on behalf of a window. commit_name: keeps a step's name that is still being typed."""

    def __init__(
        self, window: QWidget, document: Document, settings: Settings, commit_name: Callable[[], object]
    ) -> None:
        self._window = window
        self._document = document
        self._settings = settings
        self._commit_name = commit_name
        self._asks = False  # somebody is being asked about a file that was not written, or is about to be
        document.refused.connect(self._ask_soon)

    # -- new faces ---------------------------------------------------------------------------------------------------

    def new_face(self, seed: int | None = None) -> None:
        """Start anew. Nothing is asked, since nothing is lost: Undo brings the face back, and a killed program's next
        start has it under File, too. Around locks it is a step.
        """
        self._commit_name()
        self._document.new_face(seed)

    def new_face_from_seed(self) -> None:
        """Ask for a seed, then start anew from it."""
        seed = dialogs.ask_seed(self._window)
        if seed is not None:
            self.new_face(seed)

    # -- opening -----------------------------------------------------------------------------------------------------

    def open_asking(self) -> bool:
        """Ask for a file and open it; says whether it was tried."""
        path = dialogs.ask_open(self._window, self._settings.folder)
        return path is not None and self.open(path)

    def open(self, path: Path, held: Held | None = None) -> bool:
        """Open a project or a model, after asking about unsaved changes; says whether it was tried.

        held: what is in the file, when it is read already.
        """
        if not self.may_leave():
            return False
        self._settings.folder = path.absolute().parent
        if held is not None:
            self._document.recover(held.project, path, saved=True, digest=held.digest)
        elif path.suffix.lower() == dialogs.MODEL_SUFFIX:
            self._document.open_model(str(path))
        else:
            self._document.open(path)
        return True

    def open_model_asking(self) -> None:
        """Ask for a model and open it; a face that does not fit it makes way, so that its steps are asked about."""
        path = dialogs.ask_model(self._window, self._settings.folder)
        if path is not None and self.may_leave():
            self._document.open_model(str(path))

    # -- saving ------------------------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save to the file it came from, or ask for one; says whether it is being written."""
        self._commit_name()
        path = self._document.file
        return self._document.save(path) if path is not None else self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and save there; says whether it is being written."""
        self._commit_name()
        now = self._document.snapshot
        path = dialogs.ask_save(self._window, now.path or self._settings.folder / tr("face.sni"))
        if path is None:
            return False
        self._settings.folder = path.absolute().parent
        return self._document.save(path, chosen=True)

    def may_leave(self, ends: bool = False) -> bool:
        """Ask about unsaved changes; says whether to go on. What is saved is on the disk then.

        ends: the program is about to be closed.
        """
        self._commit_name()
        if not self._wait():
            return False
        now = self._document.snapshot
        if not now.modified:
            return True
        answer = dialogs.ask_to_keep(self._window, name_project(now), ends)
        if answer == QMessageBox.StandardButton.Save:
            return self.save() and self._wait() and self._is_all_saved()
        return answer == QMessageBox.StandardButton.Discard

    def remember_where(self) -> None:
        """Remember for the next start what is on screen now; changes that were not to be saved are not remembered."""
        now, project = self._document.snapshot, self._document.project
        self._settings.last = None
        if now.path is not None:
            self._settings.last = now.path.absolute()
        elif project is not None and not now.modified:
            with contextlib.suppress(EngineError):
                write_project(project, last_face())
                self._settings.last = last_face()

    def _wait(self) -> bool:
        """Wait for what is being saved, and ask about a file that another program has changed; says whether nothing is
        left of either.
        """
        self._asks = True
        try:
            while wait_for_saving(self._window, self._document):
                if self._document.refused_file is None:
                    return True
                if not self._ask_about_refused():
                    return False
            return False
        finally:
            self._asks = False
            self._ask_soon()

    def _ask_soon(self) -> None:
        # later: whoever brings the answer has others to bring
        QTimer.singleShot(0, self._window, self._ask_unless_asking)

    def _ask_unless_asking(self) -> None:
        if self._asks or self._document.refused_file is None:
            return
        self._asks = True
        try:
            self._ask_about_refused()
        finally:
            self._asks = False
            self._ask_soon()

    def _ask_about_refused(self) -> bool:
        """Ask what becomes of a file that another program has changed; says whether anything is written."""
        path = self._document.refused_file
        if path is None:
            return False
        answer = dialogs.ask_about_changed(self._window, path.name)
        target = dialogs.ask_save(self._window, path) if answer == "elsewhere" else path
        if answer == "cancel" or target is None:
            self._document.drop_refused()
            return False
        self._settings.folder = target.absolute().parent
        self._document.save_refused(target)
        return True

    def _is_all_saved(self) -> bool:
        """Say whether the file holds everything; a step under way is not in it. Trouble is told already."""
        if self._document.snapshot.modified and self._document.save_problem is None:
            title = tr("A step was still being drawn and is not saved yet.")
            self._document.tell(Notice("info", title, tr("Try again in a moment.")))
        return not self._document.snapshot.modified


def last_face() -> Path:
    """Return the file of a face that was on screen at the end and belongs to no file of the person's."""
    return state_folder() / "last.sni"


def name_project(now: Snapshot) -> str:
    """Return the name that a project goes by."""
    return now.path.name if now.path else tr("Untitled")


def tr(text: str) -> str:
    """Translate a text about files."""
    return QCoreApplication.translate("Filing", text)
