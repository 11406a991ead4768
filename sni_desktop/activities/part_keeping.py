"""Parts are kept with their model, one change after the other, and each can be taken back."""

from collections import deque
from collections.abc import Callable

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice
from sni_engine.api.messages import Failed
from sni_engine.api.part_requests import KeepParts, PartsFound
from sni_engine.api.parts import PartSet

Tell = Callable[[PartSet | None], Notice | None]


class PartKeeper:
    """taken: called with what is there after each change. What cannot be written is not shown either."""

    def __init__(self, document: Document, taken: Callable[[PartsFound], None]) -> None:
        self._document = document
        self._taken = taken
        self._before: list[PartSet | None] = []
        self._keeping: int | None = None  # the ticket of what is being kept
        self._next: deque[Callable[[], object]] = deque()  # what is to be done when it is
        self._models = 0  # how many there have been

    @property
    def can_take_back(self) -> bool:
        """Whether there has been a change."""
        return bool(self._before)

    def forget(self) -> None:
        """Begin anew, for another model."""
        self._before.clear()
        self._next.clear()
        self._models += 1

    def in_turn(self, action: Callable[[], object]) -> None:
        """Act now, or when what is being kept is: each change builds upon the one before."""
        if self._keeping is not None and self._document.requests.is_awaited(self._keeping):
            self._next.append(action)
        else:
            action()

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

    def _write(self, parts: PartSet | None, written: Callable[[PartSet | None], object]) -> None:
        model = self._models

        def take(event: PartsFound) -> None:
            if model == self._models:
                written(event.parts)
                self._taken(event)
            self._take_turns()

        def fail(event: Failed) -> None:
            self._document.tell(Notice.of(event))
            self._take_turns()

        ask = self._document.requests.ask
        self._keeping = ask(lambda ticket: KeepParts(ticket, parts), take, fail, stopped=self._take_turns)

    def _take_turns(self) -> None:
        """Let those act who waited, until one of them has something kept."""
        self._keeping = None
        while self._next and self._keeping is None:
            self._next.popleft()()
