"""What a roll back put aside, and whether it can still be brought back: read from a run's folder alone."""

import contextlib
import json
import struct
from dataclasses import dataclass
from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.files import open_file, read_bytes
from sni_engine.api.plain import PlainError, load_json
from sni_engine.api.runs import RunFiles

_LARGEST_HEADER = 4 * 2**20


@dataclass(frozen=True)
class Turn:
    """What a folder of rolled-back/ is of: the run went from so many images back to so many; with these stars."""

    images_from: int
    images_to: int
    stars: tuple[int, ...] = ()


def find_turn(run: RunFiles) -> Path | None:
    """Return the folder of what the last roll back put aside."""
    return max(_list_turns(run), key=lambda path: int(path.name), default=None)


def read_turn(turn: Path) -> Turn | None:
    """Return what a folder of rolled-back/ is of; None where it cannot be read."""
    with contextlib.suppress(EngineError, PlainError):
        return load_json(Turn, read_bytes(turn / "turn.json", limit=2**16))
    return None


def find_put_aside(run: RunFiles) -> int:
    """Return at how many images a run would be again if its last roll back were undone; 0 where it cannot be.

    It can be for as long as the newest checkpoint is the one that was gone back to. Never raises.
    """
    turn = find_turn(run)
    known = read_turn(turn) if turn else None
    if known is None or count_images(run.checkpoint) != known.images_to:
        return 0
    return max(0, known.images_from)


def count_images(checkpoint: Path) -> int | None:
    """Return of how many images a checkpoint is, as its header says; None where it does not. Never raises."""
    senseless = (ValueError, TypeError, KeyError, struct.error, RecursionError)
    with contextlib.suppress(OSError, *senseless), open_file(checkpoint) as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        if length <= _LARGEST_HEADER:
            return int(json.loads(stream.read(length))["__metadata__"]["images_seen"])
    return None


def _list_turns(run: RunFiles) -> list[Path]:
    """Return those that were put aside whole: turn.json is written last."""
    with contextlib.suppress(OSError):
        places = [path.parent for path in (run.path / "rolled-back").glob("*/turn.json")]
        return [path for path in places if path.name.isdecimal() and len(path.name) < 9]
    return []
