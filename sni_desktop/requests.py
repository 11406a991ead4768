"""Questions to the engine and who waits for the answers: tickets, order, busy or not."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from sni_desktop.worker.projects import OpenProject
from sni_desktop.worker.tasks import Lane, Task
from sni_engine.api.messages import (
    Apply,
    Cancelled,
    Candidates,
    Degraded,
    Failed,
    NewFace,
    Opened,
    OpenModel,
    Pictured,
    Progress,
    Request,
)

_STEPS = (NewFace, Apply, OpenModel, OpenProject)

_PROGRESS_MS = 100  # progress is told as often at most; most edits are done before, and telling costs them time


class ClientLike(Protocol):
    """What is needed of the engine's thread."""

    answered: SignalInstance

    def next_ticket(self) -> int:
        """Return a number greater than all before."""

    def post(self, request: Request | Task, lane: Lane = "commit") -> None:
        """Hand over a request; never waits."""

    def cancel(self) -> None:
        """Stop what runs and forget what waits."""


@dataclass(frozen=True)
class Pending:
    """A question under way, and what to do when it is answered, fails or is cancelled. span: which part of something
    longer it is, of which progress is told; None when something else tells.
    """

    request: Request | Task
    done: Callable[[Any], None]
    failed: Callable[[Failed], None] | None
    lane: Lane
    stopped: Callable[[], None] | None = None
    span: tuple[float, float] | None = (0.0, 1.0)
    pictured: Callable[[Pictured], None] | None = None

    @property
    def is_waited_for(self) -> bool:
        """Whether the person waits for the answer."""
        return self.lane in ("commit", "draft") or self.can_be_left

    @property
    def can_be_left(self) -> bool:
        """Whether it is read from a file, which goes on when nobody wants it any more."""
        return self.lane == "file" and isinstance(self.request, Task) and self.request.is_waited_for


class Requests(QObject):
    """Sends questions and brings each answer to the one who asked; answers nobody waits for are dropped."""

    changed = Signal()
    opened = Signal(object)  # Opened, whoever asked
    degraded = Signal(object)  # Degraded, whoever asked
    failed = Signal(object)  # Failed, when the asker left it to us
    stopping = Signal()  # everything is to be stopped; what was nearly done may still be answered
    rested = Signal()  # nothing is awaited any more and nobody waits for a turn

    def __init__(self, client: ClientLike, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._pending: dict[int, Pending] = {}
        self._waiting: deque[Callable[[], object]] = deque()
        self._given_up: set[int] = set()
        self.progress: Progress | None = None
        self._tell_soon = QTimer(self, singleShot=True, interval=_PROGRESS_MS)
        self._tell_soon.timeout.connect(self.changed)
        client.answered.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """True while an answer is awaited that the person waits for."""
        return any(other.is_waited_for for other in self._pending.values())

    @property
    def is_committing(self) -> bool:
        """True while a face, a step or a model is awaited; candidates and files change nothing that others wait for."""
        in_order = (other.request for other in self._pending.values() if other.lane in ("commit", "file"))
        return any(isinstance(request, _STEPS) for request in in_order)

    @property
    def is_editing(self) -> bool:
        """True while a step is on its way that nobody gave up."""
        edits = {t for t, other in self._pending.items() if isinstance(other.request, Apply) and other.lane == "commit"}
        return bool(edits - self._given_up)

    def in_turn(self, action: Callable[[], object]) -> None:
        """Act now, or after the edit under way, so that two quick resamplings build on each other."""
        if self.is_committing:
            self._waiting.append(action)
        else:
            action()

    def ask(
        self,
        make: Callable[[int], Request | Task],
        done: Callable[[Any], None],
        failed: Callable[[Failed], None] | None = None,
        lane: Lane = "commit",
        stopped: Callable[[], None] | None = None,
        span: tuple[float, float] | None = (0.0, 1.0),
        pictured: Callable[[Pictured], None] | None = None,
    ) -> int:
        """Send the request that `make` builds around a new ticket; return the ticket. pictured: shows the picture that
        may come ahead of the answer.
        """
        request = make(self._client.next_ticket())
        self._pending[request.ticket] = Pending(request, done, failed, lane, stopped, span, pictured)
        self._client.post(request, lane)
        self.changed.emit()
        return request.ticket

    def is_awaited(self, ticket: int) -> bool:
        """Say whether the answer to a request is still to come; one that was cancelled is not."""
        return ticket in self._pending

    def cancel(self) -> None:
        """Stop what runs, forget what waits. An edit that ends all the same, because it was nearly done, is dropped."""
        self._waiting.clear()
        wanted = {t: other.request for t, other in self._pending.items() if other.lane != "aside"}
        self._given_up = {t for t, request in wanted.items() if isinstance(request, NewFace | Apply | Candidates)}
        self.stopping.emit()
        self._client.cancel()
        for ticket in [t for t, other in self._pending.items() if other.can_be_left]:
            self._settle(self._pending[ticket], Cancelled(ticket))
        self.changed.emit()

    def _receive(self, event: Any) -> None:
        if isinstance(event, Opened):
            self.opened.emit(event)
        pending = self._pending.get(event.ticket)
        if isinstance(event, Degraded):
            self.degraded.emit(event)
        elif pending is None:
            return
        elif isinstance(event, Progress):
            if pending.is_waited_for and pending.span is not None:
                start, end = pending.span
                self.progress = replace(event, fraction=start + event.fraction * (end - start))
                if not self._tell_soon.isActive():
                    self._tell_soon.start()
        elif isinstance(event, Pictured):
            if pending.pictured is not None and event.ticket not in self._given_up:
                pending.pictured(event)
        elif not isinstance(event, Opened) or isinstance(pending.request, OpenModel):
            self._settle(pending, event)

    def _settle(self, pending: Pending, event: Any) -> None:
        """Bring the last event of a request home, then let the next action have its turn."""
        # older drafts were overtaken in the client and are never answered
        drafts = [t for t, other in self._pending.items() if other.lane == "draft"]
        overtaken = [t for t in drafts if pending.lane == "draft" and t <= event.ticket]
        for ticket in (event.ticket, *overtaken):
            self._pending.pop(ticket, None)
        progress = self.progress
        if not self.is_busy:  # first, so that the answer's own snapshot says so, and no other has to
            self.progress = None
            self._tell_soon.stop()
        try:
            if isinstance(event, Failed):
                (pending.failed or self.failed.emit)(event)
            elif isinstance(event, Cancelled) or event.ticket in self._given_up:
                (pending.stopped or _do_nothing)()
            else:
                pending.done(event)
        finally:  # a mistake there must not hold up those who wait
            if self.is_busy and self.progress is None:
                self.progress = progress  # the answer was one of several in a row, such as a film's
            self._go_on()

    def _go_on(self) -> None:
        """Let those act who waited for their turn."""
        try:
            while self._waiting and not self.is_committing:
                self._waiting.popleft()()
        except Exception:
            QTimer.singleShot(0, self, self._go_on)  # the others' turn comes all the same
            raise
        if not self.is_busy and not self._waiting:
            self.rested.emit()
        self.changed.emit()


def _do_nothing() -> None:
    pass
