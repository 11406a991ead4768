"""Painting from the reference: a stroke copies the codes of the cells it covers, shown as it goes, one step at last."""

from PySide6.QtCore import QObject, Signal

from sni_desktop.activities.references import Reference, References
from sni_desktop.document import Document
from sni_desktop.gesture import Gesture, start_gesture
from sni_engine.api.arrays import Array
from sni_engine.api.codes import Level
from sni_engine.api.edits import Edit, Interpolate
from sni_engine.api.history import History
from sni_engine.api.selection import Selection

HAND = "clone"


class Clone(QObject):
    """What is selected stays selected: the stroke is the region. Locked cells stay as they are."""

    changed = Signal(object)  # what panels and canvas show of it: whether quadrants' codes are copied too

    def __init__(self, document: Document, references: References) -> None:
        super().__init__(document)
        self._document = document
        self._references = references
        self._with_shared = False

    @property
    def source(self) -> Reference | None:
        """Where codes are copied from."""
        return self._references.state.current

    @property
    def with_shared(self) -> bool:
        """Whether the shared codes of touched quadrants are copied too."""
        return self._with_shared

    def set_with_shared(self, copied: bool) -> None:
        """Copy shared codes too, or local ones only."""
        self._with_shared = copied
        self.changed.emit(copied)

    @property
    def can_paint(self) -> bool:
        """True when there is a face to paint on and one to copy from."""
        return self._document.snapshot.selection is not None and self.source is not None

    def pick(self) -> None:
        """Copy from the step on screen from now on."""
        self._references.take_current()

    def paint(self, cells: Array) -> None:
        """Show a stroke that covers `cells` [R, C] so far, by weight."""
        if self.can_paint and cells.any():
            self._document.drag(HAND, self._begin, cells)

    def release(self, cells: Array) -> None:
        """Keep the stroke as one step, also when it was over before the step before it was drawn."""
        if not self._document.release(HAND, cells) and self.can_paint:
            self._document.settle_on(self._begin, cells)

    def drop(self) -> None:
        """Take the stroke back; nothing is held any more."""
        if self._document.is_dragging(HAND):
            self._document.drop_drag()
        if self._document.is_dropped(HAND):
            self._document.release(HAND, None)

    def _begin(self, history: History) -> Gesture:
        selection, source = self._document.snapshot.selection, self.source
        assert selection is not None and source is not None
        locks, levels = selection.locked, self._levels()

        def make_edit(cells: Array) -> Edit:
            return Edit(Interpolate(1.0), Selection(cells, levels, locks), reference=source.codes)

        return start_gesture(HAND, history, lambda _: None, make_edit, lambda: None)

    def _levels(self) -> tuple[Level, ...]:
        return ("local", "shared") if self._with_shared else ("local",)
