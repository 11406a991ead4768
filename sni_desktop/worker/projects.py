"""Reading and writing projects off the window's thread, because disks can be slow and there may be many."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from sni_desktop.worker.tasks import Task, attempt
from sni_engine.api.arrays import Array
from sni_engine.api.codec import Project, read_project, write_project
from sni_engine.api.messages import Failed
from sni_engine.api.targets import make_folder, refuse_overwriting


@dataclass(frozen=True, eq=False)
class ProjectRead:
    """What the file holds."""

    ticket: int
    project: Project


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
        """Read all that the window will ask for."""
        for event in super().run():
            if isinstance(event, ProjectRead):
                prepare(event.project)
            yield event


def prepare(project: Project) -> Project:
    """Work out, off the window's thread, what it will ask of every step's codes."""
    for node in project.history.nodes:
        _ = node.codes.digest  # remembered by the codes
    return project


@dataclass(frozen=True)
class ProjectWritten:
    """The file is on disk."""

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
    """Write a project in place of what is there. picture: of its current step, for a PNG."""

    ticket: int
    project: Project
    path: Path
    picture: Array | None = None

    def run(self) -> Iterator[ProjectWritten | Failed]:
        """Write in a single step: all of it, or what was there stays."""
        written = ProjectWritten(self.ticket, self.path)
        yield attempt(self.ticket, lambda: write_project(self.project, self.path, self.picture), lambda _: written)
