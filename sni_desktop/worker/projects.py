"""Reading and writing projects off the window's thread, because disks can be slow and there may be many."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from sni_desktop.worker.tasks import Task, attempt
from sni_engine.api.arrays import Array
from sni_engine.api.codec import Project, decode_project, read_project, read_project_bytes, write_project
from sni_engine.api.errors import EngineError
from sni_engine.api.files import digest_bytes, read_bytes
from sni_engine.api.messages import Failed
from sni_engine.api.targets import make_folder, refuse_overwriting


@dataclass(frozen=True, eq=False)
class Held:
    """What a file holds, and the digest of its bytes, by which one sees later whether somebody has changed it."""

    project: Project
    digest: str


@dataclass(frozen=True, eq=False)
class ProjectRead:
    """What the file holds; digest: of its bytes, where the project is to be saved there again."""

    ticket: int
    project: Project
    digest: str = ""


@dataclass(frozen=True)
class ReadProject(Task):
    """Read a project."""

    ticket: int
    path: Path

    def run(self) -> Iterator[ProjectRead | Failed]:
        """Read in a single step."""
        yield attempt(self.ticket, lambda: read_project(self.path), lambda project: ProjectRead(self.ticket, project))


@dataclass(frozen=True)
class OpenProject(ReadProject):
    """The same for a project that takes the place of what is open: other edits wait for it."""

    is_waited_for: ClassVar[bool] = True

    def run(self) -> Iterator[ProjectRead | Failed]:
        """Read all that the window will ask for, in a single step."""
        yield attempt(
            self.ticket,
            lambda: hold_project(self.path),
            lambda held: ProjectRead(self.ticket, held.project, held.digest),
        )


def hold_project(path: Path) -> Held:
    """Read a project that takes the place of what is open. Raises EngineError."""
    data = read_project_bytes(path)
    return Held(prepare(decode_project(data, str(path))), digest_bytes(data))


def prepare(project: Project) -> Project:
    """Work out, off the window's thread, what it will ask of every step's codes."""
    for node in project.history.nodes:
        _ = node.codes.digest  # remembered by the codes
    return project


@dataclass(frozen=True)
class ProjectWritten:
    """The file is on disk; digest: of its bytes, where the project is to be saved there again."""

    ticket: int
    path: Path
    digest: str = ""


@dataclass(frozen=True)
class ProjectChanged:
    """Nothing was written: another program has changed the file."""

    ticket: int
    path: Path


@dataclass(frozen=True, eq=False)
class WriteProject(Task):
    """Make a project and write it where no file is yet."""

    ticket: int
    make: Callable[[], Project]
    path: Path

    def run(self) -> Iterator[ProjectWritten | Failed]:
        """Write in a single step, so that neither Cancel nor the end of the program leaves it undone half way."""
        yield attempt(self.ticket, self._write, lambda _: ProjectWritten(self.ticket, self.path))

    def _write(self) -> None:
        make_folder(self.path.parent)
        refuse_overwriting([self.path], "Choose another folder.")
        write_project(self.make(), self.path)


@dataclass(frozen=True, eq=False)
class SaveProject(Task):
    """Write a project in place of what is there. picture: of its current step, for a PNG.

    known: the digest of the file as the window read or wrote it last; a file that holds anything else by now stays.
    "" writes over whatever is there. One that is gone is written anew.
    """

    ticket: int
    project: Project
    path: Path
    picture: Array | None = None
    known: str = ""

    def run(self) -> Iterator[ProjectWritten | ProjectChanged | Failed]:
        """Write in a single step: all of it, or what was there stays."""
        if self.known and _holds_other(self.path, self.known):
            yield ProjectChanged(self.ticket, self.path)
            return
        yield attempt(
            self.ticket,
            lambda: write_project(self.project, self.path, self.picture),
            lambda digest: ProjectWritten(self.ticket, self.path, digest),
        )


def _holds_other(path: Path, known: str) -> bool:
    """Say whether a file is there with other bytes; one that cannot be read is not the one that was."""
    if not os.path.isfile(path):
        return False  # gone, or a folder, of which writing will tell
    try:
        return digest_bytes(read_bytes(path)) != known
    except EngineError:
        return os.path.isfile(path)
