"""Selections beyond painting: grown, softened, mirrored, chosen by name, remembered; and the cells that are locked."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot
from sni_engine.api.arrays import Array
from sni_engine.api.cells import grow, mirror, shrink, soften
from sni_engine.api.errors import EngineError
from sni_engine.api.presets import PLACES, Preset, make_preset, place_cells, put_aside, read_presets, write_presets

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
        self._is_damaged = False
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self.remember)
        self._last: Array | None = None
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
        """Note the selection of now, unless it is empty."""
        self._settled.stop()
        selection = self._document.snapshot.selection
        if selection is not None:
            self._note(selection.cells)

    def _note(self, chosen: Array) -> None:
        if chosen.any():
            others = [cells for cells in self._memory if not np.array_equal(cells, chosen)]
            self._memory = [*others[1 - _REMEMBERED :], chosen]

    def reselect(self) -> None:
        """Bring back the selection before this one; again and again, it walks through all that are remembered."""
        selection = self._document.snapshot.selection
        if selection is None:
            return
        fitting = [cells for cells in self._memory if cells.shape == selection.cells.shape]
        now = next((at for at, cells in enumerate(fitting) if np.array_equal(cells, selection.cells)), 0)
        if not fitting or np.array_equal(fitting[now - 1], selection.cells):
            self._document.tell(Notice("info", self.tr("There is no earlier selection to bring back.")))
            return
        self._document.set_cells(fitting[now - 1])  # before the first comes the last
        self._settled.stop()  # walking leaves the order as it is

    def _watch(self, now: Snapshot) -> None:
        cells = None if now.selection is None else now.selection.cells
        if cells is self._last:
            return
        before, self._last = self._last, cells
        if before is not None and cells is not None and not cells.any():
            self._note(before)  # selecting nothing ends a selection, however short it stood
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
        """Give one of the person's own another name; one that had it already is replaced."""
        new = new.strip()
        if new and new != old:
            others = (preset for preset in self.presets if preset.name != new)
            self._store(tuple(replace(preset, name=new) if preset.name == old else preset for preset in others))

    def delete_preset(self, name: str) -> None:
        """Forget one of the person's own."""
        self._store(tuple(preset for preset in self.presets if preset.name != name))

    def _load(self) -> None:
        try:
            self.presets = read_presets(self._file)
        except EngineError as error:
            self._is_damaged = True
            notice = Notice.of(error)
            # later: the first face that is asked for puts messages away
            QTimer.singleShot(0, self, lambda: self._document.tell(notice))

    def _store(self, presets: tuple[Preset, ...]) -> None:
        try:
            if self._is_damaged:
                put_aside(self._file)
                self._is_damaged = False
            write_presets(presets, self._file)
        except EngineError as error:
            self._document.tell(Notice.of(error))
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
