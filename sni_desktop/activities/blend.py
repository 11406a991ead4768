"""Blending toward the reference: how far, at which levels, over which cells; shown while it is dragged."""

from dataclasses import dataclass

from sni_desktop.activities.references import References
from sni_desktop.activities.toward import Toward
from sni_desktop.document import Document
from sni_desktop.gesture import MakeEdit
from sni_desktop.snapshot import Notice
from sni_engine.api.arrays import Array
from sni_engine.api.codes import LEVELS, Level
from sni_engine.api.edits import Edit, Interpolate
from sni_engine.api.selection import Selection

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


class Blend(Toward[Interpolate]):
    """Moves the selected cells, or the whole face when none is selected, toward the reference.

    Until a person sets the shares, all levels go along for the whole face, and for selected cells just their own codes:
    the others would change more than was selected.
    """

    hand = "blend"

    def __init__(self, document: Document, references: References) -> None:
        super().__init__(document, references)
        self._remembered: dict[str, float] | None = None  # the shares
        self._state = BlendState(Interpolate(0.0))
        self._follow()

    @property
    def state(self) -> BlendState:
        """What is meant now."""
        return self._state

    def reset_shares(self) -> None:
        """Let the shares follow the region again, those of the step on screen too."""
        self._remembered = None
        params = self._automatic(self._state.params.amount)
        if self._state.can_blend and params != self._state.params:
            self._settle_on(params)
        self._follow()

    # -- what follows ------------------------------------------------------------------------------------------------

    @property
    def _now(self) -> Interpolate:
        return self._state.params

    def _make_edits(self) -> MakeEdit:
        region, reference = self._region(), self._reference
        assert region is not None and reference is not None

        def make_edit(params: Interpolate) -> Edit:
            return Edit(params, region.with_levels(moving_levels(params)), reference=reference.codes)

        return make_edit

    def _made(self, edit: Edit) -> bool:
        region = self._region()
        is_blend = isinstance(edit.params, Interpolate) and self._reference is not None and region is not None
        if not is_blend or region is None or self._reference is None or edit.reference != self._reference.codes:
            return False
        return edit.selection.with_levels(()) == region.with_levels(())

    def _rest(self) -> Interpolate:
        return self._automatic(0.0) if self._remembered is None else Interpolate(0.0, **self._remembered)

    def _note(self, params: Interpolate) -> None:
        shares = shares_of(params)
        if shares != shares_of(self._state.params):
            self._remembered = shares

    def _find_obstacle(self) -> Notice | None:
        region = self._region()
        if self._reference is None:
            return self._lacks_reference()
        is_free = self._document.snapshot.has_face and region is not None and bool(region.free_cells.any())
        return None if is_free else self._is_locked()

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

    def _show(self, params: Interpolate) -> None:
        now, grid = self._document.snapshot, self._document.snapshot.grid
        cells = 0 if now.selection is None else int((now.selection.cells > 0).sum())
        levels = tuple(level for level in moving_levels(params) if grid is None or level in grid.levels)
        total = 0 if now.selection is None else now.selection.cells.size
        before = self._state
        self._state = BlendState(params, self.can_move, cells, total, levels, self._remembered is None)
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
