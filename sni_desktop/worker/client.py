"""The engine's thread: requests go in, the engine runs there, events come back as a signal; and one for files."""

import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from sni_desktop.worker.tasks import Lane, Task
from sni_engine.api.errors import EngineError
from sni_engine.api.library import SampleModel
from sni_engine.api.messages import (
    Cancelled,
    DrawMany,
    Failed,
    MeasureInfluence,
    OpenModel,
    Pictured,
    Progress,
    Request,
)
from sni_engine.api.part_requests import FindParts, WeighParts
from sni_engine.api.train_requests import NEWEST_COUNTS, CheckPictures

log = logging.getLogger(__name__)

_SHOWN_S = 0.05  # a picture is on the screen by then, unless the window has something else to do
_RESUMED = (MeasureInfluence, SampleModel, CheckPictures, WeighParts)  # what is done of them is kept, or soon done anew
_PATIENT = (DrawMany, Task)  # exports, which let a draft that runs come to its end: it is what one looks at
_PATIENCE_S = 10.0  # with what cannot be stopped when the program ends, such as reading a large model
_PATIENCE_FOR_FILES_S = 60.0


class EngineLike(Protocol):
    """What the client needs of an engine."""

    def run(self, request: Request) -> Iterator[Any]:
        """Answer a request; closing the iterator cancels."""

    def close(self) -> None:
        """Let go of everything."""


class EngineClient(QObject):
    """Four lanes (worker/tasks). Commits run in order, and only Cancel and the end drop one; of drafts only the newest
    is kept, and a running draft is closed at its next step as soon as anything newer waits; asides run when nothing
    else waits, and long ones give way at their next step and go on later; files have a thread of their own. The engine
    is made on its thread, at the first request, so that importing torch never holds up the window.
    """

    answered = Signal(object)
    _told = Signal()  # goes the same way, so that it arrives when what was answered before has been taken in

    def __init__(self, make_engine: Callable[[], EngineLike]) -> None:
        super().__init__()
        self._make_engine = make_engine
        self._engine: EngineLike | None = None
        self._changed = threading.Condition()
        self._commits: deque[Request | Task] = deque()
        self._draft: Request | Task | None = None
        self._asides: deque[Request | Task] = deque()
        self._running: tuple[Request | Task, Lane] | None = None
        self._cancelled = False
        self._closing = False
        self._last_ticket = 0
        self._files = ThreadPoolExecutor(1, thread_name_prefix="files")
        self._last_file: Future[None] | None = None
        self._heard = threading.Event()
        self._told.connect(self._heard.set, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="engine")
        self._thread.start()

    def next_ticket(self) -> int:
        """Return a number greater than all before."""
        self._last_ticket += 1
        return self._last_ticket

    def post(self, request: Request | Task, lane: Lane = "commit") -> None:
        """Hand over a request; never waits."""
        if lane == "file":
            self._last_file = self._files.submit(self._answer, request, lane)
            return
        overtaken: list[Request | Task] = []
        with self._changed:
            if isinstance(request, NEWEST_COUNTS):
                overtaken = [other for other in self._asides if type(other) is type(request)]
                self._asides = deque(other for other in self._asides if type(other) is not type(request))
            if lane == "draft":
                self._draft = request
            else:
                (self._commits if lane == "commit" else self._asides).append(request)
            self._changed.notify()
        for other in overtaken:
            self.answered.emit(Cancelled(other.ticket))

    def cancel(self) -> None:
        """Stop what runs at its next step, and forget what waits, answered by Cancelled; asides and files stay."""
        with self._changed:
            waiting = [*self._commits, *([self._draft] if self._draft else [])]
            self._commits.clear()
            self._draft = None
            self._cancelled = self._running is not None and self._running[1] != "aside"
        for request in waiting:
            self.answered.emit(Cancelled(request.ticket))

    def close(self, patience_s: float = _PATIENCE_S, for_files_s: float = _PATIENCE_FOR_FILES_S) -> bool:
        """Stop at the next step and wait for the threads to end; files that were to be written still are.

        Says whether they ended: what cannot be stopped is not waited for without limit, files longer than the rest.
        """
        with self._changed:
            self._closing = True
            self._commits = deque(request for request in self._commits if isinstance(request, Task))
            self._draft = None
            self._asides.clear()
            self._changed.notify()
        self._thread.join(patience_s)
        if self._is_writing:
            self._thread.join(for_files_s)
        has_written = self._last_file is None or bool(wait([self._last_file], for_files_s).done)
        self._files.shutdown(wait=has_written)
        return has_written and not self._thread.is_alive()

    @property
    def _is_writing(self) -> bool:
        """Say whether a task keeps the engine's thread."""
        with self._changed:
            return self._running is not None and isinstance(self._running[0], Task)

    def _work(self) -> None:
        while True:
            taken = self._take()
            if taken is None:
                break
            self._answer(*taken)
            with self._changed:
                self._running = None
        if self._engine is not None:
            self._engine.close()

    def _take(self) -> tuple[Request | Task, Lane] | None:
        """Wait for the next request, and say which lane it comes from; commits go first. None when closing."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._commits or self._draft or self._asides)
            self._cancelled = False
            self._running = self._choose()
            return self._running

    def _choose(self) -> tuple[Request | Task, Lane] | None:
        if self._commits:
            return self._commits.popleft(), "commit"
        if self._closing:
            return None
        if self._draft is None:
            return self._asides.popleft(), "aside"
        draft, self._draft = self._draft, None
        return draft, "draft"

    def _answer(self, request: Request | Task, lane: Lane) -> None:
        try:
            events = self._run(request)
            for event in events:
                self._tell(event)
                if isinstance(request, _RESUMED) and isinstance(event, Progress) and self._put_back(request, lane):
                    events.close()  # type: ignore[attr-defined]
                    return
                if self._should_stop(lane) or self._is_overtaken(request):
                    events.close()  # type: ignore[attr-defined]
                    self._tell(Cancelled(request.ticket))
                    return
        except EngineError as error:
            log.exception("the engine could not start")
            self._tell(Failed(request.ticket, error.title, error.hint, traceback.format_exc()))
        except BaseException as error:  # the thread must outlive whatever the engine does wrong, even a wish to exit
            log.exception("the engine failed at %s", type(request).__name__)
            title = _tr("Something went wrong inside the program: {error}.")
            title = title.replace("{error}", str(error) or type(error).__name__)
            hint = _tr("The picture is as it was. Please report this with the details.")
            self._tell(Failed(request.ticket, title, hint, traceback.format_exc()))

    def _run(self, request: Request | Task) -> Iterator[Any]:
        if isinstance(request, Task):
            return request.run()
        if self._engine is None:
            self._engine = self._start()
        return self._engine.run(request)

    def _start(self) -> EngineLike:
        """Make the engine; when that fails, the next request tries again. Raises EngineError."""
        try:
            return self._make_engine()
        except Exception as error:
            title = _tr("The engine could not be started: {error}.")
            hint = _tr("The picture is as it was. Install the program again if trying once more does not help.")
            raise EngineError(title.replace("{error}", str(error) or type(error).__name__), hint) from error

    def _put_back(self, request: Request, lane: Lane) -> bool:
        """Let an aside wait again, in front, when anything else does."""
        with self._changed:
            waits = lane == "aside" and bool(self._commits or self._draft) and not (self._closing or self._cancelled)
            if waits:
                self._asides.appendleft(request)
            return waits

    def _should_stop(self, lane: Lane) -> bool:
        if lane == "file":
            return False
        with self._changed:
            has_newer = self._draft is not None or not all(isinstance(other, _PATIENT) for other in self._commits)
            return self._closing or self._cancelled or (lane == "draft" and has_newer)

    def _is_overtaken(self, request: Request | Task) -> bool:
        """Say whether a newer request of the same kind waits, where only the newest counts; or another model, of whose
        parts nothing is known yet.
        """
        with self._changed:
            if isinstance(request, FindParts):
                return any(isinstance(other, OpenModel) for other in self._commits)
            return isinstance(request, NEWEST_COUNTS) and any(type(other) is type(request) for other in self._asides)

    def _tell(self, event: object) -> None:
        """Tell the window. While it puts a picture on the screen, this thread leaves Python's lock to it."""
        if self._closing:
            return
        self.answered.emit(event)
        if isinstance(event, Pictured):
            self._heard.clear()
            self._told.emit()
            self._heard.wait(_SHOWN_S)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Engine", text)
