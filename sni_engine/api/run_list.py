"""Which runs this person has: those in the program's own folder, and those begun or opened elsewhere."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.file_lock import FileLock
from sni_engine.api.files import read_bytes, replace_file
from sni_engine.api.paths import data_folder, state_folder
from sni_engine.api.plain import PlainError, dump_json, load_json


@dataclass(frozen=True)
class RunList:
    """paths: the known runs, the one begun last first. hidden: folders of our own that the person took off the list."""

    paths: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


def runs_folder() -> Path:
    """Return the folder in which runs are begun unless another is chosen."""
    return data_folder() / "runs"


def list_runs() -> tuple[Path, ...]:
    """Return the folders of all known runs, whether or not they are still there. Never raises."""
    known = _read()
    found = [Path(path) for path in known.paths]
    hidden = {Path(path) for path in known.hidden}
    found += [path for path in _find_own() if path not in found and path not in hidden]
    return tuple(found)


def add_run(path: Path) -> None:
    """Put a run on top of the list. Raises EngineError."""
    name = str(Path(path).absolute())
    with _changing() as known:
        others = tuple(other for other in known.paths if other != name)
        _write(RunList((name, *others), tuple(other for other in known.hidden if other != name)))


def remove_run(path: Path) -> None:
    """Take a run off the list; its folder stays as it is. Raises EngineError."""
    name = str(Path(path).absolute())
    with _changing() as known:
        hidden = known.hidden if name in known.hidden else (*known.hidden, name)
        _write(RunList(tuple(other for other in known.paths if other != name), hidden))


def replace_run(old: Path, new: Path) -> None:
    """Say where the folder of a run has moved to. Raises EngineError."""
    names = str(Path(old).absolute()), str(Path(new).absolute())
    with _changing() as known:
        paths = known.paths if names[0] in known.paths else (names[0], *known.paths)
        moved = tuple(names[1] if other == names[0] else other for other in paths if other != names[1])
        _write(RunList(moved, tuple(other for other in known.hidden if other != names[1])))


def _find_own() -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from sorted(path.parent.absolute() for path in runs_folder().glob("*/config.json"))


@contextlib.contextmanager
def _changing() -> Iterator[RunList]:
    """Give the list, which no other window or command changes while the block runs. Raises EngineError."""
    with FileLock(_file().with_suffix(".lock")).hold():
        yield _read()


def _read() -> RunList:
    with contextlib.suppress(EngineError, PlainError):
        return load_json(RunList, read_bytes(_file(), limit=2**20))
    return RunList()  # a damaged list is no reason to stop: what lies in the program's own folder is found all the same


def _write(runs: RunList) -> None:
    with contextlib.suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
    with replace_file(_file()) as stream:
        stream.write(dump_json(runs).encode())


def _file() -> Path:
    return state_folder() / "runs.json"
