"""Writing pictures on the engine's thread, because enlarging and packing a large one takes seconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sni_desktop.worker.tasks import Task
from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Failed
from sni_engine.api.pictures import write_png


@dataclass(frozen=True, eq=False)
class WritePicture(Task):
    """Write a picture uint8 [H, W, 3] as PNG, enlarged to `size_px` when given."""

    ticket: int
    picture: Array
    path: Path
    size_px: int | None

    def run(self) -> "Iterator[Written | Failed]":
        """Write in a single step, so that neither Cancel nor the end of the program leaves it undone half way."""
        try:
            write_png(self.path, self.picture, self.size_px)
        except EngineError as error:
            yield Failed(self.ticket, error.title, error.hint)
            return
        yield Written(self.ticket, self.path)


@dataclass(frozen=True)
class Written:
    """The file is on disk."""

    ticket: int
    path: Path
