"""Drawing the steps that were never on screen, a few at a time when nothing else is to do."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_engine.api.arrays import Array
from sni_engine.api.history import History, Node
from sni_engine.api.messages import DrawMany, Drawn

_BATCH = 6  # short enough that whoever comes meanwhile waits for no more than a blink


@dataclass(frozen=True, eq=False)
class Thumbnails:
    """Pictures uint8 [H, W, 3] that were just drawn, by the digest of their codes."""

    pictures: dict[str, Array]


class ThumbnailDrawer(QObject):
    """Asks in the lane for asides, one batch after the other; each picture is asked for once, until the model changes.

    A batch that is cancelled along with something else is asked for again when all is quiet.
    """

    changed = Signal(object)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._history: History | None = None
        self._model = ""
        self._done: set[str] = set()
        self._ticket = 0
        self._idle = QTimer(self, singleShot=True, interval=0)  # when the events that are here are done with
        self._idle.timeout.connect(self._ask)
        document.changed.connect(self._follow)
        document.requests.rested.connect(self._idle.start)

    def _follow(self, now: Snapshot) -> None:
        model = now.card.digest if now.card is not None else ""
        if model != self._model:
            self._model, self._history = model, None
            self._done.clear()
        if now.history is not self._history:
            self._idle.start()

    def _ask(self) -> None:
        """Ask for the next batch, unless one is on its way or somebody waits for something else."""
        now = self._document.snapshot
        requests = self._document.requests
        if requests.is_busy or requests.is_awaited(self._ticket):
            return
        if now.history is None or now.card is None:
            return
        missing = {node.codes.digest: node for node in now.history.nodes if self._is_missing(node)}
        batch = tuple(node.codes for node in list(missing.values())[:_BATCH])
        if not batch or not batch[0].fits(now.card.grid):
            self._history = now.history
            return
        model = self._model

        def failed(_: object) -> None:
            self._done.update(codes.digest for codes in batch)  # a click on the step says what is wrong

        self._ticket = requests.ask(
            lambda ticket: DrawMany(ticket, batch), lambda done: self._show(done, model), failed, lane="aside"
        )

    def _is_missing(self, node: Node) -> bool:
        return node.codes.digest not in self._done and self._document.picture_of(node.id) is None

    def _show(self, done: Drawn, model: str) -> None:
        if model != self._model:
            return  # drawn by a model that has left
        pictures = dict(zip((codes.digest for codes in done.codes), done.pictures, strict=True))
        self._done.update(pictures)
        for codes, picture in zip(done.codes, done.pictures, strict=True):
            self._document.remember(codes, picture)
        self.changed.emit(Thumbnails(pictures))
