"""What the document builds on for what it begins with: new faces, projects from files, and the model they belong to."""

import time
from collections.abc import Callable
from pathlib import Path

from sni_desktop.requests import ClientLike
from sni_desktop.saving import SavingDesk
from sni_desktop.snapshot import Notice, Unopened
from sni_desktop.worker.projects import OpenProject, ProjectRead
from sni_engine.api.codec import Project
from sni_engine.api.codes import GridSpec
from sni_engine.api.history import start_history
from sni_engine.api.messages import Failed, Finished, NewFace, OpenModel
from sni_engine.api.selection import Selection, select_none


class OpeningDesk(SavingDesk):
    """Whatever is opened waits its turn after the step under way; of several files the last one asked for is shown."""

    def __init__(self, client: ClientLike, new_seed: Callable[[], int]) -> None:
        super().__init__(client, new_seed)
        self._opening = 0  # how often a project was asked for

    def open(self, path: Path) -> None:
        """Open a project; when it cannot be opened, what is open stays, and a new face comes where nothing is."""
        self.dismiss_notice()
        self._opening += 1
        mine = self._opening
        self.in_turn(lambda: self._read(path, mine))

    def recover(self, project: Project, path: Path | None, saved: bool = False, digest: str = "") -> None:
        """Open a project that is read already; saved: there is nothing in it that should be; digest: of its file."""
        self.dismiss_notice()
        if path is not None and digest:
            self._note_file(path, digest)
        self._opening += 1
        self.in_turn(lambda: self._open_project(project, path, saved))

    def open_model(self, model: str, fresh: bool = False) -> None:
        """Open a model by name or path; a face that does not fit it makes way for a new one. fresh: any face does."""
        then = self._begin_anew if fresh else self._redraw
        self.in_turn(lambda: self.requests.ask(lambda ticket: OpenModel(ticket, model), lambda _: then()))

    # -- new faces ---------------------------------------------------------------------------------------------------

    def _ask_face(self, seed: int | None = None) -> None:
        chosen = self.new_seed() if seed is None else seed
        self.in_turn(
            lambda: self.requests.ask(lambda ticket: NewFace(ticket, chosen), lambda done: self._begin(done, chosen))
        )

    def _begin(self, done: Finished, seed: int) -> None:
        self._pictures.put(done.codes.digest, done.picture)  # first, so that the step comes with its thumbnail
        assert self._snapshot.card is not None
        card, history = self._snapshot.card, start_history(done.codes, seed=seed, created=time.time())
        self._replace_project(Project(card.ref, history, self._fitting_selection(card.grid)), None)
        self._show(seconds=done.seconds)
        self._show_current()

    def _fitting_selection(self, grid: GridSpec) -> Selection:
        """Return the selection on screen, or an empty one when it is of another grid."""
        selection = self._snapshot.selection
        if selection is None or selection.cells.shape != (grid.rows, grid.columns):
            return select_none(grid)
        return selection

    # -- projects ----------------------------------------------------------------------------------------------------

    def _read(self, path: Path, mine: int) -> None:
        """Read a project beside the window; what is done meanwhile waits for its face."""
        if mine != self._opening:
            return  # another file was asked for meanwhile

        def done(answer: ProjectRead) -> None:
            if mine == self._opening:
                self._note_file(path, answer.digest)
                self._open_project(answer.project, path)

        def failed(event: Failed) -> None:
            self.tell(Notice.of(event, "open"))
            self._begin_somehow()

        self.requests.ask(
            lambda ticket: OpenProject(ticket, path), done, failed, lane="file", stopped=self._begin_somehow
        )

    def _begin_somehow(self) -> None:
        """Show a new face where there is none and none is coming."""
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
            hint = self.tr("{other} can only make it anew.").replace("{other}", card.name)
            filled = title.replace("{file}", path.name if path else self.tr("The face")).replace(
                "{model}", project.model.name
            )
            self._show(unopened=Unopened(project, path))
            self.tell(Notice("error", filled, hint, offer="replay-here", other_offer="find-model"))
            if self._fits():
                self._show_current()
            else:
                self._drop_face()
            return
        self._replace_project(project, path, saved)
        if card.digest != project.model.digest:
            title = self.tr("Made with the model {model}, which is not here; shown with {other}.")
            filled = title.replace("{model}", project.model.name).replace("{other}", card.name)
            hint = self.tr("The codes are unchanged, the pictures differ.")
            self.tell(Notice("info", filled, hint, offer="replay-here", other_offer="find-model"))
        self._show_current()

    def _replace_project(self, project: Project, path: Path | None, saved: bool = True) -> None:
        """Show another project, in one snapshot: whoever keeps a journal must never see half of each."""
        self._localities.clear()
        self._made_with = project.model
        self._saved = project if saved else None
        self._show(history=project.history, path=path, selection=project.selection, deletion=None, unopened=None)

    # -- another model -----------------------------------------------------------------------------------------------

    def _redraw(self) -> None:
        assert self._snapshot.card is not None
        if not self._fits():
            self._drop_face()
            return
        is_new = self._snapshot.path is None and not self._snapshot.modified
        self._made_with = self._snapshot.card.ref  # this model was chosen for the face
        if is_new:
            self._saved = self.project  # nothing was done to it, with this model or the one before
        self._show_current()

    def _begin_anew(self) -> None:
        """Ask for a new face; the one on screen stays until it comes, if it can be drawn."""
        if self._snapshot.history is None or self._fits():
            self._ask_face()
        else:
            self._drop_face()

    def _fits(self) -> bool:
        now = self._snapshot
        return now.card is not None and now.history is not None and now.history.root.codes.fits(now.card.grid)

    def _drop_face(self) -> None:
        """Put away at once a face that the open model cannot draw: the new one may be long in coming, or never come."""
        self._saved = self._made_with = None
        self._is_owed = False
        gone = {"history": None, "selection": None, "picture": None, "path": None, "locality": None, "deletion": None}
        self._show(**gone, draft=False, preview="")
        self._ask_face()
