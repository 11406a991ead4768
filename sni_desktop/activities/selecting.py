"""Selections beyond painting: grown, softened, mirrored, chosen by name, remembered; and the cells that are locked."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot
from sni_engine.api.arrays import Array
from sni_engine.api.cells import grow, mirror, shrink, soften
from sni_engine.api.errors import EngineError
from sni_engine.api.presets import PLACES, Preset, make_preset, place_cells, read_presets, write_presets

_SETTLED_MS = 400  # a selection that stood this long is worth remembering
_REMEMBERED = 20


class Selecting(QObject):
    """Undo belongs to steps; selections have a memory of their own, which Reselect walks back through."""

    presets_changed = Signal()

    def __init__(self, document: Document, presets_file: Path) -> None:
        super().__init__(document)
        self._document = document
        self._file = presets_file
        self._memory: list[Array] = []
        self.presets: tuple[Preset, ...] = ()
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self.remember)
        self._last: object = None
        document.changed.connect(self._watch)
        self._load()

    # -- shapes ------------------------------------------------------------------------------------------------------

    def grow(self) -> None:
        """Take in the cells around the selection."""
        self._reshape(grow)

    def shrink(self) -> None:
        """Leave out the selection's rim."""
        self._reshape(shrink)

    def soften(self) -> None:
        """Blur the selection's edge by a cell."""
        self._reshape(lambda cells: soften(cells, 1))

    def mirror(self) -> None:
        """Exchange left and right."""
        self._reshape(mirror)

    def _reshape(self, change: Callable[[Array], Array]) -> None:
        selection = self._document.snapshot.selection
        if selection is not None:
            self.remember()
            self._document.set_cells(change(selection.cells))

    # -- memory ------------------------------------------------------------------------------------------------------

    def remember(self) -> None:
        """Note the selection of now, unless it is empty or the last one noted."""
        self._settled.stop()
        selection = self._document.snapshot.selection
        if selection is None or not selection.cells.any():
            return
        same = [index for index, cells in enumerate(self._memory) if np.array_equal(cells, selection.cells)]
        for index in reversed(same):
            del self._memory[index]
        self._memory = [*self._memory[-_REMEMBERED:], selection.cells]

    @property
    def can_reselect(self) -> bool:
        """True when there is a selection to come back to."""
        return self._previous() is not None

    def reselect(self) -> None:
        """Bring back the selection before this one; again and again, it walks through all that are remembered."""
        cells = self._previous()
        if cells is None:
            return
        kept = [other for other in self._memory if other is not cells]
        self._memory = [cells, *kept]  # the oldest place: the next call brings the one before it
        self._document.set_cells(cells)

    def _previous(self) -> Array | None:
        selection = self._document.snapshot.selection
        if selection is None:
            return None
        fitting = [cells for cells in self._memory if cells.shape == selection.cells.shape]
        return next((cells for cells in reversed(fitting) if not np.array_equal(cells, selection.cells)), None)

    def _watch(self, now: Snapshot) -> None:
        cells = None if now.selection is None else now.selection.cells
        if cells is not self._last:
            self._last = cells
            self._settled.start()

    # -- places by name ----------------------------------------------------------------------------------------------

    def choose_place(self, name: str) -> None:
        """Select a place that comes with the program."""
        grid = self._document.snapshot.grid
        if grid is not None:
            self.remember()
            self._document.set_cells(place_cells(PLACES[name], grid))

    def choose_preset(self, name: str) -> None:
        """Select one of the person's own."""
        grid = self._document.snapshot.grid
        preset = next((preset for preset in self.presets if preset.name == name), None)
        if grid is not None and preset is not None:
            self.remember()
            self._document.set_cells(preset.cells(grid))

    def save_preset(self, name: str) -> None:
        """Keep the selection under a name; one of that name is replaced."""
        selection = self._document.snapshot.selection
        if selection is None or not name.strip():
            return
        preset = make_preset(name, selection.cells)
        self._store((*(other for other in self.presets if other.name != preset.name), preset))

    def rename_preset(self, old: str, new: str) -> None:
        """Give one of the person's own another name."""
        if new.strip() and new.strip() not in (preset.name for preset in self.presets):
            renamed = (
                Preset(new.strip(), preset.rows, preset.columns, preset.weights) if preset.name == old else preset
                for preset in self.presets
            )
            self._store(tuple(renamed))

    def delete_preset(self, name: str) -> None:
        """Forget one of the person's own."""
        self._store(tuple(preset for preset in self.presets if preset.name != name))

    def _load(self) -> None:
        try:
            self.presets = read_presets(self._file)
        except EngineError as error:
            self._document.tell(Notice("error", error.title, error.hint))

    def _store(self, presets: tuple[Preset, ...]) -> None:
        try:
            write_presets(presets, self._file)
        except EngineError as error:
            self._document.tell(Notice("error", error.title, error.hint))
            return
        self.presets = presets
        self.presets_changed.emit()

    # -- locks -------------------------------------------------------------------------------------------------------

    def toggle_locks(self) -> None:
        """Lock the selected cells; unlock them when all of them are locked already."""
        selection = self._document.snapshot.selection
        if selection is None or not selection.cells.any():
            return
        chosen = (selection.cells > 0).astype(np.float32)
        if (selection.locked >= chosen).all():
            self._document.set_locks(selection.locked * (1 - chosen))
        else:
            self._document.set_locks(np.maximum(selection.locked, chosen))

    def unlock_all(self) -> None:
        """Unlock every cell."""
        selection = self._document.snapshot.selection
        if selection is not None:
            self._document.set_locks(selection.locked * 0)

    def invert_locks(self) -> None:
        """Lock what is free and free what is locked."""
        selection = self._document.snapshot.selection
        if selection is not None:
            self._document.set_locks(1 - selection.locked)
