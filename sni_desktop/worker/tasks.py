"""Work off the window's thread that needs no model, such as writing files; and the lanes in which work waits."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeVar

from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Failed

T = TypeVar("T")
A = TypeVar("A")
Lane = Literal["commit", "draft", "aside", "file"]
"""commit: in order, whatever comes later. draft: only the newest is kept, and gives way to all that is newer but
exports. aside: in order, when nothing else waits, such as thumbnails; keep each short, since few are interrupted
(client). file: tasks only, in order, on a thread of their own, so that saving waits for no drawing; Cancel
leaves them alone.
"""


class Task(ABC):
    """What to do, under its ticket. What waits when the program ends is still done: files are written.

    is_waited_for: of the lane for files: the person waits for the answer, and Cancel gives it up.
    """

    ticket: int
    is_waited_for: ClassVar[bool] = False

    @abstractmethod
    def run(self) -> Iterator[Any]:
        """Yield Progress any number of times, then one answer: Failed, or what the asker expects.

        Closing the iterator at a step cancels; leave nothing half done then.
        """


def attempt(ticket: int, act: Callable[[], T], answer: Callable[[T], A]) -> A | Failed:
    """Return the answer to what `act` returns, or Failed when it raises EngineError."""
    try:
        value = act()
    except EngineError as error:
        return Failed(ticket, error.title, error.hint)
    return answer(value)


@dataclass(frozen=True, eq=False)
class Done:
    """What came of it."""

    ticket: int
    value: Any


@dataclass(frozen=True, eq=False)
class Do(Task):
    """Call something that takes too long for the window's thread."""

    ticket: int
    act: Callable[[], Any]

    def run(self) -> Iterator[Done | Failed]:
        """Act in a single step, so that nothing is left undone half way."""
        yield attempt(self.ticket, self.act, lambda value: Done(self.ticket, value))


@dataclass(frozen=True, eq=False)
class Fetch(Do):
    """The same, when the person waits for the answer, and may give it up."""

    is_waited_for: ClassVar[bool] = True
