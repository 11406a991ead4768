"""Writing files on the engine's thread, because enlarging and packing large pictures takes seconds."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sni_desktop.worker.tasks import Task, attempt
from sni_engine.api.animations import Animation, Picture, write_animation
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Cancelled, Failed, Progress


@dataclass(frozen=True, eq=False)
class WriteFile(Task):
    """Call what writes the file at `path` whole."""

    ticket: int
    path: Path
    write: Callable[[], object]

    def run(self) -> "Iterator[Written | Failed]":
        """Write in a single step, so that neither Cancel nor the end of the program leaves it undone half way."""
        yield attempt(self.ticket, self.write, lambda _: Written(self.ticket, self.path))


@dataclass(frozen=True)
class Written:
    """The file is on disk."""

    ticket: int
    path: Path


@dataclass(frozen=True, eq=False)
class WeighFile(Task):
    """Call what makes a file's bytes, to know how many there would be."""

    ticket: int
    make: Callable[[], bytes]

    def run(self) -> "Iterator[Weighed]":
        """Answer with their number, 0 for what cannot be."""
        try:
            yield Weighed(self.ticket, len(self.make()))
        except EngineError:
            yield Weighed(self.ticket, 0)


@dataclass(frozen=True)
class Weighed:
    """How many bytes a file would have."""

    ticket: int
    size: int


class Reel:
    """A moving picture that is written a few frames at a time, so that edits between them need not wait for its end."""

    def __init__(self, path: Path, animation: Animation) -> None:
        self.path = path
        self._done = 0
        self._waiting: deque[Picture] = deque()
        self._writing = write_animation(path, self._take(), animation)

    def add(self, pictures: Sequence[Picture]) -> Iterator[int]:
        """Write pictures, yielding how many are in by then. Raises EngineError."""
        self._waiting.extend(pictures)
        goal = self._done + len(pictures)
        while self._done < goal:
            self._done = next(self._writing)
            yield self._done

    def finish(self) -> None:
        """Put the file in its place. Raises EngineError."""
        for _ in self._writing:
            pass

    def close(self) -> None:
        """Take away what was written, unless it is finished."""
        self._writing.close()

    def _take(self) -> Iterator[Picture]:
        while self._waiting:
            yield self._waiting.popleft()


@dataclass(frozen=True, eq=False)
class WriteFrames(Task):
    """Add pictures to a reel of `total`, and finish it when they are the last."""

    ticket: int
    reel: Reel
    pictures: Sequence[Picture]
    total: int
    last: bool

    def run(self) -> "Iterator[Progress | Written | Failed]":
        """Write picture by picture; closed half way, or in trouble, nothing of the file is left."""
        whole = False
        try:
            for done in self.reel.add(self.pictures):
                yield Progress(self.ticket, done / self.total, self.reel.path.name)
            if self.last:
                self.reel.finish()
            whole = True
        except EngineError as error:
            yield Failed(self.ticket, error.title, error.hint)
            return
        finally:
            if not whole:
                self.reel.close()
        yield Written(self.ticket, self.reel.path)


@dataclass(frozen=True, eq=False)
class DropReel(Task):
    """Take away what was written of a reel, after whatever of it is still being written; for the program's end."""

    ticket: int
    reel: Reel

    def run(self) -> Iterator[Cancelled]:
        """Close it."""
        self.reel.close()
        yield Cancelled(self.ticket)
