"""Before and after: what the picture on screen is compared with, in which way, and the difference of the two."""

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
from PySide6.QtCore import QObject, Signal

from sni_desktop.activities.steps_between import reach_between
from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes
from sni_engine.api.colour import colour_difference
from sni_engine.api.history import Node
from sni_engine.api.messages import Draw, Failed, Finished

View = Literal["off", "split", "difference"]
Other = Literal["parent", "root"] | int
FIXED_TOP = 40.0  # ΔE; beyond it colours have nothing in common for the eye
STEP = 0.02  # of the picture's width, for keys that move the divider


@dataclass(frozen=True, eq=False)
class Comparison:
    """What is compared now.

    held: the other picture is shown alone while a key is down, whatever the view. other: what was chosen to compare
    with; node: the step that this means now. before, after: the pictures uint8 [H, W, 3]; before is None until it is
    drawn. change [H, W]: ΔE per pixel, None outside the difference view. reach [R, C]: which cells the edits between
    the two can have changed. split: where the divider is, 0 to 1. fitted: the scale ends at this picture's maximum.
    """

    view: View = "off"
    held: bool = False
    other: Other = "parent"
    node: Node | None = None
    before: Array | None = None
    after: Array | None = None
    change: Array | None = None
    reach: Array | None = None
    split: float = 0.5
    fitted: bool = False

    @property
    def is_on(self) -> bool:
        """True while something else than the picture alone is shown, or wanted."""
        return self.held or self.view != "off"

    @property
    def shown(self) -> Literal["after", "before", "split", "difference"]:
        """What can be shown of what is wanted, with the pictures that are there."""
        if self.before is None or self.after is None or not self.is_on:
            return "after"
        if self.held:
            return "before"
        if self.view == "split":
            return "split"
        return "after" if self.change is None else "difference"

    @property
    def top(self) -> float:
        """The ΔE at which the scale of the difference ends."""
        if not self.fitted or self.change is None:
            return FIXED_TOP
        return max(float(self.change.max()), 1.0)  # below what the eye can see there is nothing to magnify

    def change_at(self, x: float, y: float) -> float | None:
        """Return the ΔE at a point in fractions of the picture; None outside it or outside the difference view."""
        if self.change is None or self.shown != "difference" or not (0 <= x < 1 and 0 <= y < 1):
            return None
        height, width = self.change.shape
        return float(self.change[int(y * height), int(x * width)])


class Comparing(QObject):
    """Follows the document; the other picture comes from the remembered ones, or is drawn when nothing else waits."""

    changed = Signal(object)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._ticket: int | None = None
        self._missed: Codes | None = None  # could not be drawn: not asked for again and again
        self._root: Codes | None = None
        self._model = ""
        self.now: Comparison = Comparison()
        document.changed.connect(self._follow)
        self._follow(document.snapshot)

    # -- what commands use -------------------------------------------------------------------------------------------

    def hold(self, held: bool) -> None:
        """Show the other picture alone, until told otherwise."""
        if held != self.now.held:
            self._change(held=held)

    def toggle(self, view: View) -> None:
        """Show a view, or the picture alone again."""
        self._change(view="off" if self.now.view == view else view)

    def leave(self) -> None:
        """Show the picture alone."""
        self._change(view="off", held=False)

    def compare_with(self, node_id: int) -> None:
        """Compare with a step from now on; shows the split view if nothing is compared."""
        self._choose(node_id)

    def compare_with_root(self) -> None:
        """Compare with the face as it was at first."""
        self._choose("root")

    def compare_with_parent(self) -> None:
        """Compare with the step before, which shows what one edit did."""
        self._choose("parent")

    def move_split(self, place: float) -> None:
        """Put the divider somewhere between the left edge, 0, and the right one, 1."""
        self._change(split=min(max(place, 0.0), 1.0))

    def nudge_split(self, steps: int) -> None:
        """Move the divider by small steps; shows the split view if it is not on."""
        moved = min(max(self.now.split + steps * STEP, 0.0), 1.0)
        self._change(view="split", split=moved)

    def toggle_fitted(self) -> None:
        """Let the scale of the difference end at this picture's maximum, or at the fixed value; shows the map."""
        self._change(view="difference", fitted=not self.now.fitted or self.now.view != "difference")

    # -- what follows ------------------------------------------------------------------------------------------------

    def _choose(self, other: Other) -> None:
        self._change(other=other, view="split" if self.now.view == "off" else self.now.view)

    def _change(self, **changes: Any) -> None:
        self.now = replace(self.now, **changes)
        self._missed = None
        self.now = self._look(self._document.snapshot)
        self.changed.emit(self.now)

    def _follow(self, now: Snapshot) -> None:
        """See what is compared now; another face ends it, another model draws both pictures anew."""
        old = self.now
        root = None if now.history is None else now.history.root.codes
        if root is not self._root:
            self._root = root
            self.now = replace(self.now, view="off", held=False, other="parent")
        model = "" if now.card is None else now.card.digest
        if model != self._model:
            self._model, self._missed = model, None
            self.now = replace(self.now, before=None)
        self.now = self._look(now)
        if any(getattr(old, item.name) is not getattr(self.now, item.name) for item in fields(Comparison)):
            self.changed.emit(self.now)

    def _look(self, now: Snapshot) -> Comparison:
        """Return what can be shown of what is wanted, and ask for what is missing."""
        if not self.now.is_on or now.history is None:
            return replace(self.now, node=None, before=None, after=None, change=None, reach=None)
        node = self._resolve(now)
        old = self.now
        is_same = old.node is not None and old.node.codes is node.codes
        before = old.before if is_same and old.before is not None else self._document.picture_of(node.id)
        if before is None:
            self._ask(node)
        pair = replace(old, node=node, before=before, after=now.picture)
        return replace(pair, change=_compare(old, pair), reach=self._reach(now, node))

    def _resolve(self, now: Snapshot) -> Node:
        """Return the step that was chosen; a step without one before it is compared with itself."""
        history = now.history
        assert history is not None
        other = self.now.other
        if isinstance(other, int):
            found = next((node for node in history.nodes if node.id == other), None)
            if found is not None:
                return found
            self.now = replace(self.now, other="parent")  # it was deleted
        elif other == "root":
            return history.root
        if now.draft:
            return history.node(self._document.draft_base)
        parent = history.current.parent
        return history.current if parent is None else history.node(parent)

    def _reach(self, now: Snapshot, node: Node) -> Array | None:
        if now.history is None or now.grid is None or self.now.view != "difference":
            return None
        start = self._document.draft_base if now.draft else now.history.current_id
        reach = reach_between(now.history, node.id, start, now.grid)
        if now.draft and now.selection is not None:
            reach = np.maximum(reach, now.selection.reach(now.grid))
        return reach

    def _ask(self, node: Node) -> None:
        """Have the other picture drawn, once, when nothing else waits."""
        requests = self._document.requests
        awaited = self._ticket is not None and requests.is_awaited(self._ticket)
        if awaited or self._missed is node.codes:
            return
        self._missed = node.codes

        def done(answer: Finished) -> None:
            self._missed = None
            self._document.remember(answer.codes, answer.picture)
            self._follow(self._document.snapshot)

        def failed(_: Failed) -> None:
            """The picture on screen stays alone; whoever asks again is told of the trouble there."""

        def make(ticket: int) -> Draw:
            return Draw(ticket, node.codes)

        self._ticket = requests.ask(make, done, failed, lane="aside")


def _compare(old: Comparison, new: Comparison) -> Array | None:
    """Return the difference of two pictures, the one that is there if they are the same as before."""
    if new.view != "difference" or new.before is None or new.after is None or new.before.shape != new.after.shape:
        return None
    if old.change is not None and old.before is new.before and old.after is new.after:
        return old.change
    return colour_difference(new.before, new.after)
