"""A few faces to begin with, drawn while nothing else is to do."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from sni_desktop.document import Document
from sni_engine.api.arrays import Array
from sni_engine.api.messages import Failed, Finished, NewFace


class Samples(QObject):
    """Draws the faces of some seeds, once for each model, while anybody wants to see them."""

    changed = Signal(object)  # pictures by seed, uint8 [H, W, 3]

    def __init__(self, document: Document, seeds: tuple[int, ...]) -> None:
        super().__init__(document)
        self._document = document
        self.seeds: tuple[int, ...] = seeds
        self.pictures: dict[int, Array] = {}
        self._model = ""
        self._wanted = False
        document.changed.connect(self._ask)

    def want(self, wanted: bool) -> None:
        """Draw them now and for each model to come, or not any more."""
        self._wanted = wanted
        self._ask()

    def _ask(self) -> None:
        """Ask once a model is open and its first face is on screen: that one matters more."""
        now = self._document.snapshot
        if not self._wanted or now.card is None or now.picture is None or now.card.digest == self._model:
            return
        self._model = now.card.digest
        self.pictures = {}
        for seed in self.seeds:
            self._document.requests.ask(
                partial(NewFace, seed=seed), partial(self._take, seed), self._miss, lane="aside"
            )

    def _take(self, seed: int, done: Finished) -> None:
        self.pictures = {**self.pictures, seed: done.picture}
        self.changed.emit(self.pictures)

    def _miss(self, _: Failed) -> None:
        """A sample that cannot be drawn is simply not offered."""
