"""Parts are kept with their model, one change after the other, and each can be taken back."""

from collections import deque
from collections.abc import Callable

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice
from sni_engine.api.messages import Failed
from sni_engine.api.part_requests import KeepParts, PartsFound, ReadParts
from sni_engine.api.parts import PartSet

Tell = Callable[[PartSet | None], Notice | None]


class PartKeeper:
    """taken: called with what is there, before and after each change. What cannot be written is not shown either."""

    def __init__(self, document: Document, taken: Callable[[PartsFound], None], model: str) -> None:
        self._document = document
        self._taken = taken
        self._model = model  # its digest
        self._before: list[PartSet | None] = []
        self._asked = 0  # the ticket of what is being read or kept
        self._next: deque[Callable[[], object]] = deque()  # what is to be done when it is

    @property
    def can_take_back(self) -> bool:
        """Whether there has been a change."""
        return bool(self._before)

    def forget(self, model: str) -> None:
        """Begin anew, for another model."""
        self._before.clear()
        self._next.clear()
        self._model = model

    def in_turn(self, action: Callable[[], object]) -> None:
        """Act now, or when what is being kept is: each change builds upon the one before."""
        if self._is_busy:
            self._next.append(action)
        else:
            action()

    def upon_newest(self, action: Callable[[], object]) -> None:
        """Act in turn, upon what is kept by then: another program may have changed it since it was read."""

        def take(event: PartsFound) -> None:
            self._taken(event)
            action()

        self.in_turn(lambda: self._ask(ReadParts, take))

    def keep(self, before: PartSet | None, parts: PartSet | None, tell: Tell = lambda _: None) -> None:
        """Keep parts in place of those before; tell: what to say of those there are then."""

        def write_down(left: PartSet | None) -> None:
            self._before.append(before)
            notice = tell(left)
            if notice is not None:
                self._document.tell(notice)

        self._write(parts, write_down)

    def take_back(self) -> None:
        """Undo the last change."""

        def act() -> None:
            if self._before:
                self._write(self._before[-1], lambda _: self._before.pop())

        self.in_turn(act)

    # -- asking ------------------------------------------------------------------------------------------------------

    @property
    def _is_busy(self) -> bool:
        return self._document.requests.is_awaited(self._asked)

    def _write(self, parts: PartSet | None, written: Callable[[PartSet | None], object]) -> None:
        model = self._model  # said with it: another one may be on its way to be opened

        def take(event: PartsFound) -> None:
            written(event.parts)
            self._taken(event)

        self._ask(lambda ticket: KeepParts(ticket, parts, model), take)

    def _ask(self, make: Callable[[int], ReadParts | KeepParts], taken: Callable[[PartsFound], object]) -> None:
        model = self._model

        def take(event: PartsFound) -> None:
            if model == self._model:
                taken(event)
            self._take_turns()

        def fail(event: Failed) -> None:
            self._document.tell(Notice.of(event))
            self._take_turns()

        self._asked = self._document.requests.ask(make, take, fail, stopped=self._take_turns)

    def _take_turns(self) -> None:
        """Let those act who waited, until one of them has asked for something."""
        while self._next and not self._is_busy:
            self._next.popleft()()
