"""Drawing many faces a few at a time, by one model, so that edits between them need not wait for the last."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_engine.api.codes import Codes
from sni_engine.api.messages import DrawMany, Drawn, Failed

AT_ONCE = 8  # drawn before anything else has its turn


class Batches(QObject):
    """Asks for the next few once somebody calls `go_on`; Cancel and another model end it.

    take: gets each batch, then calls `go_on`. ended: all are drawn and taken. stopped: it was cancelled, or another
    model opened; either way nothing more comes.
    """

    def __init__(
        self,
        document: Document,
        codes: Sequence[Codes],
        take: Callable[["Batches", Drawn], None],
        ended: Callable[[], None],
        failed: Callable[[Failed], None],
        stopped: Callable[[], None],
    ) -> None:
        super().__init__(document)
        self._document = document
        self._codes = codes
        self._take = take
        self._ended = ended
        self._failed = failed
        self._stopped = stopped
        self._model = self._opened
        self._done = 0
        self._is_stopping = False
        document.requests.stopping.connect(self._stop)
        document.changed.connect(self._follow)

    def go_on(self) -> None:
        """Draw the next ones."""
        if self._is_stopping:
            self._finish(self._stopped)
        elif self._done == len(self._codes):
            self._finish(self._ended)
        else:
            some, count = tuple(self._codes[self._done : self._done + AT_ONCE]), len(self._codes)
            self._document.requests.ask(
                lambda ticket: DrawMany(ticket, some),
                self._bring,
                self.fail,
                stopped=lambda: self._finish(self._stopped),
                span=(self._done / count, (self._done + len(some)) / count),
            )

    def fail(self, event: Failed) -> None:
        """End it for a reason."""
        self._finish(lambda: self._failed(event))

    @property
    def _opened(self) -> str:
        card = self._document.snapshot.card
        return card.digest if card is not None else ""

    def _bring(self, drawn: Drawn) -> None:
        if self._is_stopping:
            self._finish(self._stopped)
            return
        self._done += len(drawn.codes)
        self._take(self, drawn)

    def _stop(self) -> None:
        self._is_stopping = True

    def _follow(self, _: Snapshot) -> None:
        """Stop when another model would draw the rest."""
        self._is_stopping |= self._opened != self._model

    def _finish(self, tell: Callable[[], None]) -> None:
        self._document.requests.stopping.disconnect(self._stop)
        self._document.changed.disconnect(self._follow)
        self.deleteLater()
        tell()
