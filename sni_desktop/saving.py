"""What the document builds on for its file: the project on screen, what of it is on the disk, and how it gets there."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal

from sni_desktop.desk import Desk
from sni_desktop.requests import ClientLike
from sni_desktop.snapshot import Notice, Snapshot, differs
from sni_desktop.worker.projects import ProjectChanged, ProjectWritten, SaveProject
from sni_engine.api.arrays import Array
from sni_engine.api.codec import Project
from sni_engine.api.history import History
from sni_engine.api.messages import Failed, Opened
from sni_engine.api.models import ModelRef


@dataclass(frozen=True, eq=False)
class _Wish:
    """What was on screen when somebody pressed Save, and where it is to go.

    chosen: the person named this file just now; replaces: and knows that another program has changed it.
    """

    path: Path
    project: Project
    picture: Array | None
    chosen: bool = False
    replaces: bool = False

    def is_of(self, history: History) -> bool:
        """Say whether it was this face, with whatever was done to it since."""
        return self.project.history.root.codes is history.root.codes


class SavingDesk(Desk):
    """Saving takes what is on screen at the press; what is done meanwhile is unsaved. One file is written at a time."""

    saved = Signal(object, object)  # a Project as a file holds it now, and the file; another face may be on screen
    save_ended = Signal(object, bool)  # the path, and whether the project is on the disk there
    refused = Signal()  # another program has changed the file: a person is to say what becomes of `refused_file`

    def __init__(self, client: ClientLike, new_seed: Callable[[], int]) -> None:
        super().__init__(client, new_seed)
        self._made_with: ModelRef | None = None  # the model whose codes these are; another one may be open
        self._saved: Project | None = None
        self._writing: _Wish | None = None
        self._wishes: dict[Path, _Wish] = {}  # of several for the same file the newest counts
        self._trouble: Notice | None = None
        self._digests: dict[Path, str] = {}  # of files as the window read or wrote them last
        self._refused: dict[Path, _Wish] = {}  # by the file that another program has changed

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

    @property
    def refused_file(self) -> Path | None:
        """The file that was not written because another program has changed it; None when nobody need be asked."""
        return next(iter(self._refused), None)

    def save(self, path: Path, chosen: bool = False) -> bool:
        """Have the project written as it is now; says whether there is one. `save_ended` tells how it went.

        chosen: the person named this file just now. One that another program has changed stays, and `refused` tells.
        """
        project = self.project
        if project is None:
            return False
        self._wish(_Wish(path, project, self.picture_of(project.history.current_id), chosen))
        return True

    def save_refused(self, path: Path) -> None:
        """Write what `refused_file` was not given: to the same path in place of what is there, or to another."""
        refused = self.refused_file
        if refused is not None:
            self._wish(replace(self._refused.pop(refused), path=path, chosen=True, replaces=path == refused))

    def drop_refused(self) -> None:
        """Leave `refused_file` as the other program left it; what was to be written stays unsaved."""
        if self.refused_file is not None:
            del self._refused[self.refused_file]

    # -- what follows ------------------------------------------------------------------------------------------------

    def _adopt_model(self, event: Opened) -> None:
        if self._made_with is not None and self._made_with.digest == event.card.digest:
            self._made_with = event.card.ref  # it may have been renamed
        super()._adopt_model(event)

    def _wish(self, wish: _Wish) -> None:
        self._wishes.pop(wish.path, None)
        self._wishes[wish.path] = wish
        if self._writing is None:
            self._save_next()

    def _note_file(self, path: Path, digest: str) -> None:
        """Remember what a file holds, so that saving sees when another program has changed it since."""
        self._digests[path.absolute()] = digest

    def _save_next(self, **changes: Any) -> None:
        """Tell what came of the last wish, and begin with the next."""
        self._writing = wish = next(iter(self._wishes.values()), None)
        self._show(saving=None if wish is None else wish.path, **changes)
        if wish is None:
            return
        del self._wishes[wish.path]
        known = "" if wish.replaces else self._digests.get(wish.path.absolute(), "")
        self.requests.ask(
            lambda ticket: SaveProject(ticket, wish.project, wish.path, wish.picture, known),
            lambda event: self._note_answer(wish, event),
            lambda event: self._note_failure(wish, event),
            lane="file",
        )

    def _note_answer(self, wish: _Wish, event: ProjectWritten | ProjectChanged) -> None:
        if isinstance(event, ProjectWritten):
            self._note_file(wish.path, event.digest)
            self._note_saved(wish)
        elif wish.chosen or not self._is_on_screen(wish) or differs(wish.project, self._saved):
            self._refused[wish.path] = wish
            self._save_next()
            self.save_ended.emit(wish.path, False)
            self.refused.emit()
        else:
            title = self.tr("{name} was changed by another program, and stays as it is.")
            hint = self.tr("Nothing here was unsaved. Open it again to see what it holds.")
            self._save_next(notice=Notice("info", title.replace("{name}", wish.path.name), hint))
            self.save_ended.emit(wish.path, False)

    def _note_saved(self, wish: _Wish) -> None:
        changes: dict[str, Any] = {}
        if self._trouble is not None and self._snapshot.notice is self._trouble:
            changes["notice"] = None
        self._trouble = None
        if self._is_on_screen(wish):  # else another face came meanwhile
            self._saved = wish.project
            changes["path"] = wish.path
        self._save_next(**changes)
        self.saved.emit(wish.project, wish.path)
        self.save_ended.emit(wish.path, True)

    def _is_on_screen(self, wish: _Wish) -> bool:
        now = self._snapshot.history
        return now is not None and wish.is_of(now)

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
