"""The one owner of what is being edited: history, selection, draft, picture. It asks the engine and emits snapshots."""

import secrets
from collections.abc import Callable, Sequence

from sni_desktop.gesture import start_amount
from sni_desktop.opening import OpeningDesk
from sni_desktop.requests import ClientLike
from sni_desktop.snapshot import Notice
from sni_engine.api.codes import LEVELS
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.history import Deletion, History, Node
from sni_engine.api.recipes import Recipe, take_recipe
from sni_engine.api.selection import Selection


def draw_seed() -> int:
    """Return a seed short enough to read aloud."""
    return secrets.randbelow(2**31)


class Document(OpeningDesk):
    """What a person can do to the face and its history; as cheap as the desks it stands on."""

    def __init__(self, client: ClientLike, new_seed: Callable[[], int] = draw_seed) -> None:
        super().__init__(client, new_seed)

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
        everything = selection.everywhere(LEVELS)
        self.apply(Edit(Resample(), everything, self.new_seed() if seed is None else seed))

    def resample(self) -> None:
        """Draw new codes for the selection, as one step."""
        self.in_turn(self._resample)

    def restyle(self) -> None:
        """Draw a new style for everything that is not locked, as one step."""
        selection = self._snapshot.selection
        if selection is not None:
            everything = selection.everywhere(("style",))
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

    # -- what follows ------------------------------------------------------------------------------------------------

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


def _are_same(some: Sequence[Node], others: Sequence[Node]) -> bool:
    """Say whether these are the same steps, whatever their names: a number may come again, codes do not."""
    return [(node.id, id(node.codes)) for node in some] == [(node.id, id(node.codes)) for node in others]
