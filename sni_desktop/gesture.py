"""A drag of the amount slider: which step it starts from, and what letting go means."""

from dataclasses import dataclass

from sni_engine.api.edits import Edit, Resample
from sni_engine.api.history import History, Node
from sni_engine.api.messages import Finished
from sni_engine.api.selection import Selection


@dataclass(frozen=True)
class Gesture:
    """base: the step drawn from. seed: kept through the drag. start: the amount at which nothing changes.

    before: the amount that stood there, and comes back with Esc.
    """

    base: Node
    selection: Selection
    seed: int
    start: float
    before: float
    answer: tuple[Edit, Finished] | None = None

    def makes(self, edit: Edit) -> bool:
        """Say whether an edit belongs to this drag."""
        return edit == self.edit(edit.params.amount)

    def edit(self, amount: float) -> Edit:
        """Return the edit this drag means at an amount."""
        return Edit(Resample(amount), self.selection, self.seed)


def start_gesture(history: History, selection: Selection, fresh_seed: int, before: float) -> Gesture:
    """Begin a drag: when the current step is a resampling of this very selection, drag that step's own amount,
    else draw something new from the current step.
    """
    node = history.current
    edit = node.edit
    if (
        edit is not None
        and node.parent is not None
        and isinstance(edit.params, Resample)
        and edit.selection == selection
    ):
        return Gesture(history.node(node.parent), selection, edit.seed, edit.params.amount, before)
    return Gesture(node, selection, fresh_seed, 0.0, before)
