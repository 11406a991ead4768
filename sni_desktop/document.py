"""The one owner of what is being edited: history, selection, draft, picture. It asks the engine and emits snapshots."""

import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sni_desktop.desk import Desk
from sni_desktop.gesture import start_amount
from sni_desktop.requests import ClientLike
from sni_desktop.snapshot import Notice
from sni_desktop.worker.projects import OpenProject
from sni_engine.api.codec import Project, read_project, write_project
from sni_engine.api.codes import LEVELS, GridSpec
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.errors import EngineError
from sni_engine.api.history import Deletion, History, Node, start_history
from sni_engine.api.messages import Failed, Finished, NewFace, OpenModel
from sni_engine.api.models import ModelRef
from sni_engine.api.recipes import Recipe, take_recipe
from sni_engine.api.selection import Selection, select_none


def draw_seed() -> int:
    """Return a seed short enough to read aloud."""
    return secrets.randbelow(2**31)


_LARGE_BYTES = 100_000  # of a project that takes longer to read than the window may stand still


class Document(Desk):
    """What a person can do to the face, its history and its file; as cheap as the desk it stands on."""

    def __init__(self, client: ClientLike, new_seed: Callable[[], int] = draw_seed) -> None:
        super().__init__(client, new_seed)
        self._made_with: ModelRef | None = None  # the model whose codes these are; another one may be open

    # -- editing -----------------------------------------------------------------------------------------------------

    def new_face(self, seed: int | None = None) -> None:
        """Start anew from a seed, a fresh one when none is given; around locked cells it is a step of this face."""
        self.dismiss_notice()
        selection = self._snapshot.selection
        if selection is None or not self._snapshot.has_locks:
            self._ask_face(seed)
            return
        if selection.locked.all():
            title = self.tr("Every cell is locked: nothing of this face may change.")
            self.tell(Notice("info", title, self.tr("Unlock what a new face may bring.")))
            return
        everything = Selection(selection.cells * 0 + 1, LEVELS, selection.locked)
        self.apply(Edit(Resample(), everything, self.new_seed() if seed is None else seed))

    def resample(self) -> None:
        """Draw new codes for the selection, as one step."""
        self.in_turn(self._resample)

    def restyle(self) -> None:
        """Draw a new style for everything that is not locked, as one step."""
        selection = self._snapshot.selection
        if selection is not None:
            everything = Selection(selection.cells * 0 + 1, ("style",), selection.locked)
            self.apply(Edit(Resample(self._snapshot.amount), everything, self.new_seed()))

    def drag_amount(self, amount: float) -> None:
        """Show a draft at this amount; of many drafts only the newest is drawn."""
        now = self._snapshot
        if self.is_dropped("amount"):
            return
        self.set_amount(amount)
        selection = now.selection
        if now.can_edit and selection is not None:
            before = now.amount
            self.drag(
                "amount",
                lambda history: start_amount(history, selection, self.new_seed(), lambda: self.set_amount(before)),
                self._snapshot.amount,
            )

    def release_amount(self, amount: float) -> None:
        """Keep the draft as one step; what was drawn already is not drawn again. No change, no step."""
        if not self.is_dropped("amount"):
            self.set_amount(amount)
        self.release("amount", self._snapshot.amount)

    def cancel(self) -> None:
        """Drop the draft, stop what runs, forget what waits; the picture is that of the current step again."""
        self.requests.cancel()
        self.drop_drag()
        if self._snapshot.draft:
            self._show_current()

    # -- history -----------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Go one step back; when a branch was just deleted, put it back instead."""
        if self._snapshot.has_just_deleted:
            self.restore_branch()
            return
        self._walk(lambda history: history.undo())

    def redo(self) -> None:
        """Go one step forward, to the step visited last."""
        self._walk(lambda history: history.redo())

    def go_to(self, node_id: int) -> None:
        """Go to any step."""
        self._walk(lambda history: history.go_to(node_id))

    def set_label(self, node_id: int, text: str) -> None:
        """Name a step."""
        self._walk(lambda history: history.change_node(node_id, label=text.strip()))

    def toggle_star(self, node_id: int) -> None:
        """Star a step, or take its star away."""
        self._walk(lambda history: history.change_node(node_id, star=not history.node(node_id).star))

    def delete_branch(self, node_id: int, meant: Sequence[Node] = ()) -> None:
        """Delete a step and all that grew from it, until `restore_branch`; the first step stays.

        meant: the steps that were asked about, when that was a while ago; if they are others now, nothing goes.
        """

        def step(history: History) -> History:
            there = any(node.id == node_id and node.parent is not None for node in history.nodes)
            if meant and (not there or not _are_same(meant, history.branch(node_id))):
                self.tell(Notice("info", self.tr("The history has changed since: nothing is deleted.")))
                return history
            if not there:
                return history
            deletion = Deletion(history, history.without_branch(node_id))
            text = self.tr("The step is deleted.")
            if deletion.count > 1:
                text = self.tr("{count} steps are deleted.").replace("{count}", str(deletion.count))
            self._show(deletion=deletion, notice=Notice("info", text, offer="restore-branch"))
            return deletion.after

        self._walk(step)

    def restore_branch(self) -> None:
        """Put the branch back that was deleted last, unless a step has come since."""
        deletion = self._snapshot.deletion
        if deletion is not None:
            self._walk(lambda history: deletion.undo(history) if deletion.can_be_undone(history) else history)
            self.dismiss_notice()

    def take_recipe(self, node_id: int) -> Recipe | None:
        """Return the edits on the way to a step; None without a face."""
        history = self._snapshot.history
        if history is None or self._made_with is None:
            return None
        return take_recipe(history, self._made_with, node_id)

    # -- files -------------------------------------------------------------------------------------------------------

    @property
    def project(self) -> Project | None:
        """What a file would hold now, None without a face."""
        now = self._snapshot
        if self._made_with is None or now.history is None or now.selection is None:
            return None
        return Project(self._made_with, now.history, now.selection)

    def recover(self, project: Project, path: Path | None, saved: bool = False) -> None:
        """Open a project that a killed program left behind; saved: there is nothing in it that should be."""
        self.dismiss_notice()
        self.in_turn(lambda: self._open_project(project, path, saved))

    def open(self, path: Path) -> None:
        """Open a project; when it cannot be opened, what is open stays, and a new face comes where nothing is."""
        self.dismiss_notice()
        if _is_large(path):
            self.in_turn(lambda: self._read(path))
            return
        try:
            project = read_project(path)
        except EngineError as error:
            self._cannot_open(error)
            return
        self.in_turn(lambda: self._open_project(project, path))

    def save(self, path: Path) -> bool:
        """Write the project; says whether it is on disk."""
        project = self.project
        if project is None:
            return False
        try:
            write_project(project, path, self.picture_of(project.history.current_id))
        except EngineError as error:
            self._report(error)
            return False
        self._saved, self._saved_locks = project.history, project.selection.locked
        self._show(path=path)
        return True

    def open_model(self, model: str) -> None:
        """Open a model by name or path; a face that does not fit it makes way for a new one."""
        self.in_turn(lambda: self.requests.ask(lambda ticket: OpenModel(ticket, model), lambda _: self._redraw()))

    # -- what follows ------------------------------------------------------------------------------------------------

    def _ask_face(self, seed: int | None = None) -> None:
        chosen = self.new_seed() if seed is None else seed
        self.in_turn(
            lambda: self.requests.ask(lambda ticket: NewFace(ticket, chosen), lambda done: self._begin(done, chosen))
        )

    def _resample(self) -> None:
        now = self._snapshot
        if now.can_edit and now.history is not None and now.selection is not None:
            self._commit(now.history.current, Edit(Resample(now.amount), now.selection, self.new_seed()))
        elif now.selection is not None and now.history is not None:
            self._tell_why_not(now.selection)

    def _tell_why_not(self, selection: Selection) -> None:
        """Say why nothing would change."""
        title = self.tr("Nothing is selected that could change.")
        hint = self.tr("Paint over some cells, or choose a place such as Mouth.")
        if not selection.levels:
            hint = self.tr("Choose at least one level of codes.")
        elif selection.cells.any():
            title, hint = self.tr("All that is selected is locked."), self.tr("Unlock it (L), or select other cells.")
        self.tell(Notice("info", title, hint))

    def _walk(self, step: Callable[[History], History]) -> None:
        meant = self._snapshot.history

        def act() -> None:
            now = self._snapshot.history
            if now is None or meant is None or now.root.codes is not meant.root.codes:
                return  # another face came first: its steps are not the ones that were meant
            self._misses = 0
            self._show(history=step(now))
            self._show_current()

        self.in_turn(act)

    def _begin(self, done: Finished, seed: int) -> None:
        self._pictures.put(done.codes.digest, done.picture)  # first, so that the step comes with its thumbnail
        assert self._snapshot.card is not None
        card, history = self._snapshot.card, start_history(done.codes, seed=seed, created=time.time())
        self._replace_project(Project(card.ref, history, self._fitting_selection(card.grid)), None)
        self._show(seconds=done.seconds)
        self._show_current()

    def _read(self, path: Path) -> None:
        """Read a project on the engine's thread; what is done meanwhile waits for its face."""
        self.requests.ask(
            lambda ticket: OpenProject(ticket, path),
            lambda done: self._open_project(done.project, path),
            lambda event: self._cannot_open(EngineError(event.title, event.hint)),
        )

    def _cannot_open(self, error: EngineError) -> None:
        self._report(error)
        if self._snapshot.history is None and not self.requests.is_committing:
            self._ask_face()

    def _open_project(self, project: Project, path: Path | None, saved: bool = True) -> None:
        """Open the project's own model first, where it is here; else see whether the open one can show it."""

        def adopt(_: object = None) -> None:
            self._adopt_project(project, path, saved)

        if self._snapshot.card is not None and self._snapshot.card.digest == project.model.digest:
            adopt()
            return

        def try_other(_: Failed) -> None:
            if self._snapshot.card is not None:
                adopt()
            else:
                self.requests.ask(lambda ticket: OpenModel(ticket, ""), adopt)

        self.requests.ask(lambda ticket: OpenModel(ticket, project.model.digest), adopt, try_other)

    def _adopt_project(self, project: Project, path: Path | None, saved: bool) -> None:
        card = self._snapshot.card
        assert card is not None
        if not project.history.root.codes.fits(card.grid):
            title = self.tr("{file} was made with the model {model}, which is not here.")
            hint = self.tr("Put that model into your models folder and open the file again.")
            filled = title.replace("{file}", path.name if path else self.tr("The face")).replace(
                "{model}", project.model.name
            )
            self.tell(Notice("error", filled, hint))
            if self._fits():
                self._show_current()
            else:
                self._drop_face()
            return
        self._replace_project(project, path, saved)
        if card.digest != project.model.digest:
            title = self.tr("Made with the model {model}, which is not here; shown with {other}.")
            filled = title.replace("{model}", project.model.name).replace("{other}", card.name)
            self.tell(Notice("info", filled, self.tr("The codes are unchanged, the pictures differ.")))
        self._show_current()

    def _replace_project(self, project: Project, path: Path | None, saved: bool = True) -> None:
        """Show another project, in one snapshot: whoever keeps a journal must never see half of each."""
        self._localities.clear()
        self._made_with = project.model
        self._saved, self._saved_locks = project.history if saved else None, project.selection.locked
        self._show(history=project.history, path=path, selection=project.selection)

    def _fitting_selection(self, grid: GridSpec) -> Selection:
        """Return the selection on screen, or an empty one when it is of another grid."""
        selection = self._snapshot.selection
        if selection is None or selection.cells.shape != (grid.rows, grid.columns):
            return select_none(grid)
        return selection

    def _redraw(self) -> None:
        assert self._snapshot.card is not None
        if self._fits():
            self._made_with = self._snapshot.card.ref  # this model was chosen for the face
            self._show_current()
        else:
            self._drop_face()

    def _fits(self) -> bool:
        now = self._snapshot
        return now.card is not None and now.history is not None and now.history.root.codes.fits(now.card.grid)

    def _drop_face(self) -> None:
        """Put away at once a face that the open model cannot draw: the new one may be long in coming, or never come."""
        self._saved = self._made_with = None
        self._is_owed = False
        self._show(history=None, selection=None, picture=None, path=None, draft=False, locality=None)
        self._ask_face()

    def _show(self, **changes: Any) -> None:
        """Replace parts of the snapshot and tell everybody, also which model the face belongs to."""
        super()._show(**{"made_with": self._made_with, **changes})


def _are_same(some: Sequence[Node], others: Sequence[Node]) -> bool:
    """Say whether these are the same steps, whatever their names: a number may come again, codes do not."""
    return [(node.id, id(node.codes)) for node in some] == [(node.id, id(node.codes)) for node in others]


def _is_large(path: Path) -> bool:
    try:
        return path.stat().st_size > _LARGE_BYTES
    except OSError:
        return False  # reading says what is wrong
