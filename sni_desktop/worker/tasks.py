"""Work for the engine's thread that needs no model, such as writing files; and the lanes in which work waits."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, Literal

Lane = Literal["commit", "draft", "aside"]
"""commit: in order, whatever comes later. draft: only the newest is kept, and gives way to all that is newer. aside: in
order, when nothing else waits, such as thumbnails; keep each short, since none is interrupted but MeasureInfluence.
"""


class Task(ABC):
    """What to do, under its ticket. What waits when the program ends is still done: files are written."""

    ticket: int

    @abstractmethod
    def run(self) -> Iterator[Any]:
        """Yield Progress any number of times, then one answer: Failed, or what the asker expects.

        Closing the iterator at a step cancels; leave nothing half done then.
        """
