"""The influence view: which pixels the code of the cell under the pointer can move, measured once for each model."""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot
from sni_engine.api.arrays import Array
from sni_engine.api.codes import GridSpec
from sni_engine.api.influence import read_influence
from sni_engine.api.messages import Failed, Influence, MeasureInfluence
from sni_engine.api.models import ModelCard

Cell = tuple[int, int]
EDGE = 0.1  # of the strongest influence: what lies below is not worth a line


@dataclass(frozen=True, eq=False)
class InfluenceShown:
    """What the view shows. cell: the one that is looked at; change [h, w]: its influence as mean ΔE per pixel, None
    while it is measured; done, total: how many cells are measured.
    """

    is_on: bool = False
    cell: Cell | None = None
    change: Array | None = None
    done: int = 0
    total: int = 0

    @property
    def strongest(self) -> float:
        """The largest ΔE of the cell that is looked at."""
        return 0.0 if self.change is None else float(self.change.max())

    @property
    def share(self) -> float:
        """The part of the picture that the cell moves noticeably: where the line is drawn around."""
        return 0.0 if self.change is None else float((self.change > EDGE * self.strongest).mean())


class Influencing(QObject):
    """Asks for one cell at a time, the one that is looked at first, and only while nothing else waits.

    The engine keeps what it has measured on the disk, where it is read when the model is opened again.
    """

    changed = Signal(object)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._model = ""
        self._maps: dict[Cell, Array] = {}
        self._ticket: int | None = None
        self._is_asking = False
        self.now: InfluenceShown = InfluenceShown()
        document.changed.connect(self._follow)
        document.requests.changed.connect(self._go_on)
        self._follow(document.snapshot)

    def toggle(self) -> None:
        """Show the view or put it away; what is measured already stays."""
        self._show(is_on=not self.now.is_on)
        self._go_on()

    def leave(self) -> None:
        """Put the view away."""
        if self.now.is_on:
            self.toggle()

    def look_at(self, cell: Cell | None) -> None:
        """Show the influence of a cell; None leaves the last one, so that the pointer may go to the legend."""
        if cell is not None and cell != self.now.cell:
            self._show(cell=cell)
            self._go_on()

    # -- what follows ------------------------------------------------------------------------------------------------

    def _follow(self, now: Snapshot) -> None:
        card = now.card
        if card is not None and card.digest != self._model:
            self._model, self._ticket = card.digest, None
            self._maps = _recall(card)
            self._show(cell=None, is_on=self.now.is_on and has_cells(card))
            self._go_on()

    def _show(self, **changes: object) -> None:
        now = replace(self.now, **changes)  # type: ignore[arg-type]
        card = self._document.snapshot.card
        total = 0 if card is None else card.grid.rows * card.grid.columns
        change = None if now.cell is None else self._maps.get(now.cell)
        self.now = replace(now, change=change, done=len(self._maps), total=total)
        self.changed.emit(self.now)

    def _go_on(self) -> None:
        """Ask for the next cell, unless one is on its way."""
        card, requests = self._document.snapshot.card, self._document.requests
        is_waiting = self._ticket is not None and requests.is_awaited(self._ticket)
        if not self.now.is_on or is_waiting or self._is_asking or card is None or not has_cells(card):
            return
        cell = self._next_cell(card.grid)
        if cell is None:
            return
        model = card.digest
        self._is_asking = True  # asking tells everybody, us too
        self._ticket = requests.ask(
            lambda ticket: MeasureInfluence(ticket, cell),
            lambda answer: self._keep(model, answer),
            self._give_up,
            lane="aside",
        )
        self._is_asking = False

    def _next_cell(self, grid: GridSpec) -> Cell | None:
        """Return the cell that is looked at, or else the nearest to it that is still unknown."""
        row, column = self.now.cell or (grid.rows // 2, grid.columns // 2)
        unknown = [cell for cell in np.ndindex(grid.rows, grid.columns) if cell not in self._maps]
        return min(unknown, key=lambda cell: (cell[0] - row) ** 2 + (cell[1] - column) ** 2, default=None)

    def _keep(self, model: str, answer: Influence) -> None:
        if model != self._model:
            return  # another model was opened meanwhile
        self._maps[answer.cell] = answer.change
        self._show()

    def _give_up(self, event: Failed) -> None:
        self._document.tell(Notice.of(event))
        self.leave()


def has_cells(card: ModelCard) -> bool:
    """Say whether a model has codes of single cells, which is what the view is about."""
    return "local" in card.grid.levels


def _recall(card: ModelCard) -> dict[Cell, Array]:
    maps = read_influence(card.digest, card.grid) if has_cells(card) else None
    return {} if maps is None else {cell: maps[cell] for cell in np.ndindex(card.grid.rows, card.grid.columns)}
