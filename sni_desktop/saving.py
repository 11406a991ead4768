"""What the document builds on for its file: the project on screen, what of it is on the disk, and how it gets there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal

from sni_desktop.desk import Desk
from sni_desktop.requests import ClientLike
from sni_desktop.snapshot import Notice, Snapshot, differs
from sni_desktop.worker.projects import SaveProject
from sni_engine.api.arrays import Array
from sni_engine.api.codec import Project
from sni_engine.api.history import History
from sni_engine.api.messages import Failed, Opened
from sni_engine.api.models import ModelRef


@dataclass(frozen=True, eq=False)
class _Wish:
    """What was on screen when somebody pressed Save, and where it is to go."""

    path: Path
    project: Project
    picture: Array | None

    def is_of(self, history: History) -> bool:
        """Say whether it was this face, with whatever was done to it since."""
        return self.project.history.root.codes is history.root.codes


class SavingDesk(Desk):
    """Saving takes what is on screen at the press; what is done meanwhile is unsaved. One file is written at a time."""

    saved = Signal(object, object)  # a Project as a file holds it now, and the file; another face may be on screen
    save_ended = Signal(object, bool)  # the path, and whether the project is on the disk there

    def __init__(self, client: ClientLike, new_seed: Callable[[], int]) -> None:
        super().__init__(client, new_seed)
        self._made_with: ModelRef | None = None  # the model whose codes these are; another one may be open
        self._saved: Project | None = None
        self._writing: _Wish | None = None
        self._wishes: dict[Path, _Wish] = {}  # of several for the same file the newest counts
        self._trouble: Notice | None = None

    @property
    def project(self) -> Project | None:
        """What a file would hold now, None without a face."""
        return self._take_project(self._snapshot.history, self._snapshot.selection)

    @property
    def file(self) -> Path | None:
        """Where Save goes: the file that this face is on its way to, else the one it came from."""
        now, wishes = self._snapshot.history, [*([self._writing] if self._writing else []), *self._wishes.values()]
        paths = [wish.path for wish in wishes if now is not None and wish.is_of(now)]
        return paths[-1] if paths else self._snapshot.path

    @property
    def save_problem(self) -> Notice | None:
        """What kept the last project from being saved, None when nothing did."""
        return self._trouble

    def save(self, path: Path) -> bool:
        """Have the project written as it is now; says whether there is one. `save_ended` tells how it went."""
        project = self.project
        if project is None:
            return False
        self._wishes.pop(path, None)
        self._wishes[path] = _Wish(path, project, self.picture_of(project.history.current_id))
        if self._writing is None:
            self._save_next()
        return True

    # -- what follows ------------------------------------------------------------------------------------------------

    def _adopt_model(self, event: Opened) -> None:
        if self._made_with is not None and self._made_with.digest == event.card.digest:
            self._made_with = event.card.ref  # it may have been renamed
        super()._adopt_model(event)

    def _save_next(self, **changes: Any) -> None:
        """Tell what came of the last wish, and begin with the next."""
        self._writing = wish = next(iter(self._wishes.values()), None)
        self._show(saving=None if wish is None else wish.path, **changes)
        if wish is None:
            return
        del self._wishes[wish.path]
        self.requests.ask(
            lambda ticket: SaveProject(ticket, wish.project, wish.path, wish.picture),
            lambda _: self._note_saved(wish),
            lambda event: self._note_failure(wish, event),
            lane="file",
        )

    def _note_saved(self, wish: _Wish) -> None:
        changes: dict[str, Any] = {}
        if self._trouble is not None and self._snapshot.notice is self._trouble:
            changes["notice"] = None
        self._trouble = None
        now = self._snapshot.history
        if now is not None and wish.is_of(now):  # else another face came meanwhile
            self._saved = wish.project
            changes["path"] = wish.path
        self._save_next(**changes)
        self.saved.emit(wish.project, wish.path)
        self.save_ended.emit(wish.path, True)

    def _note_failure(self, wish: _Wish, event: Failed) -> None:
        self._trouble = Notice.of(event)
        self._save_next(notice=self._trouble)
        self.save_ended.emit(wish.path, False)

    def _take_project(self, history: History | None, selection: Any) -> Project | None:
        if self._made_with is None or history is None or selection is None:
            return None
        return Project(self._made_with, history, selection)

    def _show(self, **changes: Any) -> None:
        """Replace parts of the snapshot and tell everybody, also whether there is something to lose: a step that is on
        its way is, too.
        """
        now: Snapshot = self._snapshot
        project = self._take_project(changes.get("history", now.history), changes.get("selection", now.selection))
        modified = self.requests.is_editing or differs(project, self._saved)
        super()._show(**{"made_with": self._made_with, **changes}, modified=modified)
