"""Blending toward the reference: how far, at which levels, over which cells; shown while it is dragged."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from sni_desktop.activities.references import Reference, References, ReferenceState
from sni_desktop.document import Document
from sni_desktop.gesture import Gesture, MakeEdit, start_gesture
from sni_desktop.snapshot import Notice
from sni_engine.api.arrays import Array
from sni_engine.api.codes import LEVELS, Level
from sni_engine.api.edits import Edit, Interpolate
from sni_engine.api.history import History
from sni_engine.api.selection import Selection

HAND = "blend"
FIELDS: dict[Level, str] = {"local": "local", "shared": "shared", "global": "global_", "style": "style"}
"""Where each level's share stands in Interpolate."""


@dataclass(frozen=True)
class BlendState:
    """What panels show. amount 0 in params: the picture on screen; else the step on screen came by these params.

    cells, total: the region, cells 0 when it is the whole face. levels: those that move. is_automatic: the shares
    follow the region.
    """

    params: Interpolate
    can_blend: bool = False
    cells: int = 0
    total: int = 0
    levels: tuple[Level, ...] = ()
    is_automatic: bool = True


class Blend(QObject):
    """Moves the selected cells, or the whole face when none is selected, toward the reference.

    Until a person sets the shares, all levels go along for the whole face, and for selected cells just their own codes:
    the others would change more than was selected.
    """

    changed = Signal(object)  # BlendState

    def __init__(self, document: Document, references: References) -> None:
        super().__init__(document)
        self._document = document
        self._reference: Reference | None = references.state.current
        self._shares: dict[str, float] | None = None  # what the person chose
        self._state = BlendState(Interpolate(0.0))
        document.changed.connect(lambda _: self._follow())
        references.changed.connect(self._change_reference)
        self._follow()

    @property
    def state(self) -> BlendState:
        """What is meant now."""
        return self._state

    def drag(self, params: Interpolate) -> None:
        """Show what `params` would make, as a draft."""
        if self._document.is_dropped(HAND) or not self._state.can_blend:
            return
        shares = self._shares
        self._note_shares(params)
        self._show(params)
        self._document.drag(HAND, lambda history: self._begin(history, shares), params)

    def release(self, params: Interpolate) -> None:
        """Keep it as one step."""
        if not self._document.release(HAND, params):
            self._follow()

    def drop(self) -> None:
        """Forget the drag under way."""
        if self._document.is_dragging(HAND):
            self._document.drop_drag()

    def go_all_way(self) -> None:
        """Take the reference in full, as one step; where that cannot be, say why."""
        if self._state.can_blend:
            self._settle_on(replace(self._state.params, amount=1.0))
        elif self._reference is None:
            title = self.tr("There is nothing to move toward yet.")
            self._document.tell(Notice("info", title, self.tr("Take a step, a seed or a file in the Blend panel.")))
        else:
            title = self.tr("Every cell that could change is locked.")
            self._document.tell(Notice("info", title, self.tr("Unlock some, or select others.")))

    def reset_shares(self) -> None:
        """Let the shares follow the region again, those of the step on screen too."""
        self._shares = None
        params = self._automatic(self._state.params.amount)
        if self._state.can_blend and params != self._state.params:
            self._settle_on(params)
        self._follow()

    # -- what follows ------------------------------------------------------------------------------------------------

    def _settle_on(self, params: Interpolate) -> None:
        self._document.settle_on(lambda history: self._begin(history, self._shares), params)

    def _change_reference(self, now: ReferenceState) -> None:
        if now.current is not self._reference:
            self._reference = now.current
            self._follow()

    def _begin(self, history: History, shares: dict[str, float] | None) -> Gesture:
        """Begin a gesture that leaves the shares as they were when it is dropped."""
        make_edit = self._make_edits()

        def restore() -> None:
            self._shares = shares
            self._follow()

        return start_gesture(HAND, history, lambda edit: make_edit if self._made(edit) else None, make_edit, restore)

    def _make_edits(self) -> MakeEdit:
        """Return what values mean: the region and the reference are those of now, whatever becomes of them."""
        region, reference = self._region(), self._reference
        assert region is not None and reference is not None

        def make_edit(params: Interpolate) -> Edit:
            return Edit(params, region.with_levels(moving_levels(params)), reference=reference.codes)

        return make_edit

    def _made(self, edit: Edit) -> bool:
        """Say whether a step was a blend of this region toward this reference, to be made anew by dragging on."""
        region = self._region()
        is_blend = isinstance(edit.params, Interpolate) and self._reference is not None and region is not None
        if not is_blend or region is None or self._reference is None or edit.reference != self._reference.codes:
            return False
        return edit.selection.with_levels(()) == region.with_levels(())

    def _region(self) -> Selection | None:
        """Return the selected cells, or all when none is selected."""
        selection = self._document.snapshot.selection
        if selection is None or selection.cells.any():
            return selection
        return selection.with_cells(selection.cells + 1)

    def _automatic(self, amount: float) -> Interpolate:
        grid, selection = self._document.snapshot.grid, self._document.snapshot.selection
        is_part = selection is not None and _is_part(selection.cells) and grid is not None and "local" in grid.levels
        return Interpolate(amount, shared=0.0, global_=0.0, style=0.0) if is_part else Interpolate(amount)

    def _note_shares(self, params: Interpolate) -> None:
        shares = shares_of(params)
        if shares != shares_of(self._state.params):
            self._shares = shares

    def _follow(self) -> None:
        """Show the blend of the step on screen, or none yet; but what a hand is about stays."""
        if self._document.is_dragging(HAND) or self._document.requests.is_committing:
            self._show(self._state.params)
            return
        history = self._document.snapshot.history
        edit = None if history is None else history.current.edit
        if edit is not None and self._made(edit) and isinstance(edit.params, Interpolate):
            self._show(edit.params)
        else:
            self._show(self._automatic(0.0) if self._shares is None else Interpolate(0.0, **self._shares))

    def _show(self, params: Interpolate) -> None:
        now, region, grid = self._document.snapshot, self._region(), self._document.snapshot.grid
        can_blend = (
            now.has_face and region is not None and self._reference is not None and bool(region.free_cells.any())
        )
        cells = 0 if now.selection is None else int((now.selection.cells > 0).sum())
        levels = tuple(level for level in moving_levels(params) if grid is None or level in grid.levels)
        total = 0 if now.selection is None else now.selection.cells.size
        before, self._state = self._state, BlendState(params, can_blend, cells, total, levels, self._shares is None)
        if before != self._state:
            self.changed.emit(self._state)


def shares_of(params: Interpolate) -> dict[str, float]:
    """Return each level's share of the amount, by the name of its field."""
    return {name: getattr(params, name) for name in FIELDS.values()}


def moving_levels(params: Interpolate) -> tuple[Level, ...]:
    """Return the levels that have a share."""
    return tuple(level for level in LEVELS if getattr(params, FIELDS[level]) > 0)


def _is_part(cells: Array) -> bool:
    """Say whether some cells are chosen and others not: all of them are the whole face, as none are."""
    return bool(cells.any()) and not cells.all()
