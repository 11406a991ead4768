"""A change that is shown while it is made, as by dragging a slider: where it starts, and what letting go means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sni_engine.api.edits import Edit, Resample
from sni_engine.api.history import History, Node
from sni_engine.api.messages import Finished
from sni_engine.api.selection import Selection

MakeEdit = Callable[[Any], Edit]


@dataclass(frozen=True)
class Gesture:
    """hand: which control makes it; only one is at work at a time. base: the step drawn from.

    make_edit: what is meant at a value; its identity is the gesture's. restore: puts the control back, for Esc.
    present: the current step's own edit when it is that step which is made anew, else None.
    newest: what was meant last. answer: the newest draft that was drawn.
    """

    hand: str
    base: Node
    make_edit: MakeEdit
    restore: Callable[[], object]
    present: Edit | None = None
    newest: Edit | None = None
    answer: tuple[Edit, Finished] | None = None

    def leaves_all(self, edit: Edit) -> bool:
        """Say whether letting go at an edit leaves the current step as it is."""
        return edit == self.present or (self.present is None and edit.changes_nothing)


def start_gesture(
    hand: str,
    history: History,
    goes_on: Callable[[Edit], MakeEdit | None],
    make_edit: MakeEdit,
    restore: Callable[[], object],
) -> Gesture:
    """Begin a gesture. When the current step came from the same wish, that step is made anew from its parent.

    goes_on: for a step's edit, what values mean from now on; None when the step came from another wish.
    make_edit: what values mean otherwise, from the current step on.
    """
    node = history.current
    if node.edit is not None and node.parent is not None:
        same = goes_on(node.edit)
        if same is not None:
            return Gesture(hand, history.node(node.parent), same, restore, node.edit)
    return Gesture(hand, node, make_edit, restore)


def start_amount(history: History, selection: Selection, fresh_seed: int, restore: Callable[[], object]) -> Gesture:
    """Begin a drag of the resampling's amount: a step that resampled this very selection keeps its seed."""

    def resample(seed: int) -> MakeEdit:
        return lambda amount: Edit(Resample(amount), selection, seed)

    def goes_on(edit: Edit) -> MakeEdit | None:
        is_same = isinstance(edit.params, Resample) and edit.selection == selection
        return resample(edit.seed) if is_same else None

    return start_gesture("amount", history, goes_on, resample(fresh_seed), restore)
