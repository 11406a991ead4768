"""What is on screen, and what changes there without the engine: the selection and the message."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from sni_desktop.refreshing import Refresher
from sni_desktop.snapshot import Notice, Snapshot
from sni_engine.api.arrays import Array
from sni_engine.api.codes import Level
from sni_engine.api.errors import EngineError


class Sheet(QObject):
    """Holds the snapshot and tells everybody of every change; how, says sni_desktop.refreshing."""

    changed = Signal(object)
    refreshed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._snapshot = Snapshot()
        self._refresher = Refresher(self, lambda: self._snapshot, self.changed, self.refreshed)

    @property
    def snapshot(self) -> Snapshot:
        """What is on screen now."""
        return self._snapshot

    def refresh(self) -> None:
        """Let the panels show what is on screen now, rather than in the next turn of the event loop."""
        self._refresher.refresh()

    def set_cells(self, cells: Array) -> None:
        """Choose cells by their weights [R, C]."""
        if self._snapshot.selection is not None:
            self._show(selection=self._snapshot.selection.with_cells(cells))

    def set_locks(self, locks: Array) -> None:
        """Lock cells [R, C], 1 for those that no edit may change."""
        if self._snapshot.selection is not None:
            self._show(selection=self._snapshot.selection.with_locks(locks))

    def set_levels(self, levels: Iterable[Level]) -> None:
        """Choose the levels of code that edits work on."""
        if self._snapshot.selection is not None:
            self._show(selection=self._snapshot.selection.with_levels(levels))

    def select_all(self) -> None:
        """Select every cell."""
        if self._snapshot.selection is not None:
            self.set_cells(self._snapshot.selection.cells * 0 + 1)

    def select_none(self) -> None:
        """Select no cell."""
        if self._snapshot.selection is not None:
            self.set_cells(self._snapshot.selection.cells * 0)

    def invert_selection(self) -> None:
        """Select what is not selected."""
        if self._snapshot.selection is not None:
            self.set_cells(1 - self._snapshot.selection.cells)

    def set_amount(self, amount: float) -> None:
        """Set how far the next resampling goes, without drawing."""
        self._show(amount=min(max(amount, 0.0), 1.0))

    def tell(self, notice: Notice) -> None:
        """Show a message."""
        self._show(notice=notice)

    def dismiss_notice(self) -> None:
        """Put the message away."""
        self._show(notice=None)

    def _report(self, error: EngineError) -> None:
        self.tell(Notice.of(error))

    def _show(self, **changes: Any) -> None:
        """Replace parts of the snapshot and tell everybody, unless nothing is new."""
        before = self._snapshot
        if all(_is_same(getattr(before, name), value) for name, value in changes.items()):
            return
        self._snapshot = replace(before, **changes)
        self._refresher.note(self._snapshot)


def _is_same(old: object, new: object) -> bool:
    """Compare plain values, and take anything larger for new unless it is the very same."""
    return old is new or (isinstance(new, bool | float | str) and type(old) is type(new) and old == new)
