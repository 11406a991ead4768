"""What methods that move a face toward the reference have in common: drafts while one drags, and one step at last."""

from dataclasses import replace
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from sni_desktop.activities.references import Reference, References, ReferenceState
from sni_desktop.document import Document
from sni_desktop.gesture import Gesture, MakeEdit, start_gesture
from sni_desktop.snapshot import Notice
from sni_engine.api.edits import Edit, Params
from sni_engine.api.history import History

P = TypeVar("P", bound=Params)


class Toward(QObject, Generic[P]):
    """A method with an `amount` of the way to the reference. When the step on screen came by it, from this reference,
    its numbers are shown, and moving them makes that step anew; else the amount is 0.

    A method says what its numbers mean (`_make_edits`), which steps are its own (`_made`), where it begins (`_rest`),
    what there is to remember (`_note`), what is in its way (`_find_obstacle`), and what is shown of it (`_show`).
    """

    changed = Signal(object)  # what panels show of it
    hand: ClassVar[str]

    def __init__(self, document: Document, references: References) -> None:
        super().__init__(document)
        self._document = document
        self._reference: Reference | None = references.state.current
        document.changed.connect(lambda _: self._follow())
        references.changed.connect(self._change_reference)

    @property
    def can_move(self) -> bool:
        """True when nothing is in the way."""
        return self._find_obstacle() is None

    def drag(self, params: P) -> None:
        """Show what `params` would make, as a draft."""
        if self._document.is_dropped(self.hand) or not self.can_move:
            return
        before = self._remembered
        self._note(params)
        self._show(params)
        self._document.drag(self.hand, lambda history: self._begin(history, before), params)

    def release(self, params: P) -> None:
        """Keep it as one step."""
        if not self._document.release(self.hand, params):
            self._follow()

    def drop(self) -> None:
        """Forget the drag under way."""
        if self._document.is_dragging(self.hand):
            self._document.drop_drag()

    def go_all_way(self) -> None:
        """Go to the reference in full, as one step; where that cannot be, say why."""
        obstacle = self._find_obstacle()
        if obstacle is None:
            self._settle_on(replace(self._now, amount=1.0))
        else:
            self._document.tell(obstacle)

    # -- what a method says ------------------------------------------------------------------------------------------

    _remembered: Any  # what the person chose, given back when a drag is dropped

    @property
    def _now(self) -> P:
        """What is shown."""
        raise NotImplementedError

    def _make_edits(self) -> MakeEdit:
        """Return what values mean from now on, whatever becomes of selection and reference."""
        raise NotImplementedError

    def _made(self, edit: Edit) -> bool:
        """Say whether a step came by what is meant now, to be made anew by dragging on."""
        raise NotImplementedError

    def _rest(self) -> P:
        """Return where numbers stand before anything moved."""
        raise NotImplementedError

    def _note(self, params: P) -> None:
        """Remember what the person chose besides the amount."""
        raise NotImplementedError

    def _find_obstacle(self) -> Notice | None:
        """Return why nothing can move now."""
        raise NotImplementedError

    def _show(self, params: P) -> None:
        """Tell panels what is meant, if that is new."""
        raise NotImplementedError

    # -- what follows ------------------------------------------------------------------------------------------------

    def _settle_on(self, params: P) -> None:
        """Keep it as one step when its turn has come, unless another model has been opened by then, say."""

        def act() -> None:
            obstacle = self._find_obstacle()
            if obstacle is None:
                self._document.settle_on(lambda history: self._begin(history, self._remembered), params)
            else:
                self._document.tell(obstacle)

        self._document.in_turn(act)

    def _begin(self, history: History, before: Any) -> Gesture:
        """Begin a gesture that leaves what was chosen as it was when it is dropped."""
        make_edit = self._make_edits()

        def restore() -> None:
            self._remembered = before
            self._follow()

        def goes_on(edit: Edit) -> MakeEdit | None:
            return make_edit if self._made(edit) else None

        return start_gesture(self.hand, history, goes_on, make_edit, restore)

    def _change_reference(self, now: ReferenceState) -> None:
        if now.current is not self._reference:
            self._reference = now.current
            self._follow()

    def _follow(self) -> None:
        """Show the numbers of the step on screen, or none yet; but what a hand is about stays."""
        if self._document.is_dragging(self.hand) or self._document.requests.is_committing:
            self._show(self._now)
            return
        history = self._document.snapshot.history
        edit = None if history is None else history.current.edit
        is_own = edit is not None and self._made(edit)
        self._show(edit.params if is_own and edit is not None else self._rest())  # type: ignore[arg-type]

    def _lacks_reference(self) -> Notice:
        title = self.tr("There is nothing to move toward yet.")
        return Notice("info", title, self.tr("Take a step, a seed or a file in the Blend panel."))

    def _is_locked(self) -> Notice:
        title = self.tr("Every cell that could change is locked.")
        return Notice("info", title, self.tr("Unlock some, or select others."))
