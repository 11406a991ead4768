"""Writing pictures on the engine's thread, because enlarging and packing a large one takes seconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Failed
from sni_engine.api.pictures import write_png


@dataclass(frozen=True, eq=False)
class WritePicture:
    """Write a picture uint8 [H, W, 3] as PNG, enlarged to `size_px` when given."""

    ticket: int
    picture: Array
    path: Path
    size_px: int | None


@dataclass(frozen=True)
class Written:
    """The file is on disk."""

    ticket: int
    path: Path


def write_picture(request: WritePicture) -> Iterator[Written | Failed]:
    """Write in a single step, so that neither Cancel nor the end of the program leaves it undone half way."""
    try:
        write_png(request.path, request.picture, request.size_px)
    except EngineError as error:
        yield Failed(request.ticket, error.title, error.hint)
        return
    yield Written(request.ticket, request.path)
