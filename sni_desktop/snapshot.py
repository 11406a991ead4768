"""What the window shows, as one frozen value: panels read it and never ask anybody else."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.codes import GridSpec
from sni_engine.api.errors import EngineError
from sni_engine.api.history import Deletion, History
from sni_engine.api.messages import Failed, Locality, Progress
from sni_engine.api.models import ModelCard, ModelRef
from sni_engine.api.packing import Project
from sni_engine.api.selection import Selection


@dataclass(frozen=True)
class Notice:
    """One message to the person; details may hold a traceback, offer the id of a command that answers it, and
    other_offer that of a second one.

    about: "open" or "draw", whose success settles an error; settled: it goes as soon as it could be read.
    """

    kind: Literal["info", "error"]
    title: str
    hint: str = ""
    details: str = ""
    offer: str = ""
    other_offer: str = ""
    about: str = ""
    settled: bool = False

    @classmethod
    def of(cls, trouble: EngineError | Failed, about: str = "") -> Self:
        """Say what went wrong, and what to do next."""
        details = trouble.details if isinstance(trouble, Failed) else ""
        return cls("error", trouble.title, trouble.hint, details, about=about)


@dataclass(frozen=True, eq=False)
class Unopened:
    """A project that was not opened, because its model is not here and the open one cannot draw it."""

    project: Project
    path: Path | None


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything on screen. draft: the picture is not a step of the history yet; preview: what it is then, if more than
    a draft; made_with: the model that the face belongs to; saving: the file that is being written;
    unopened: what was to be opened last, and could not.
    """

    card: ModelCard | None = None
    device: str = ""
    history: History | None = None
    selection: Selection | None = None
    picture: Array | None = None
    draft: bool = False
    preview: str = ""
    amount: float = 1.0
    locality: Locality | None = None
    seconds: float = 0.0
    busy: bool = False
    progress: Progress | None = None
    path: Path | None = None
    modified: bool = False
    notice: Notice | None = None
    deletion: Deletion | None = None
    made_with: ModelRef | None = None
    saving: Path | None = None
    unopened: Unopened | None = None

    @property
    def grid(self) -> GridSpec | None:
        """The open model's grid of codes."""
        return self.card.grid if self.card else None

    @property
    def is_foreign(self) -> bool:
        """True when the open model is not the one that the face was made with."""
        return self.made_with is not None and self.card is not None and self.made_with.digest != self.card.digest

    @property
    def lacks_model(self) -> bool:
        """True when the model of a face is not here: that on screen, or one that could not be opened."""
        return self.card is not None and (self.unopened is not None or (self.is_foreign and self.history is not None))

    @property
    def has_face(self) -> bool:
        """True when there is a picture to work on."""
        return self.history is not None

    @property
    def can_edit(self) -> bool:
        """True when an edit through the selection would change something."""
        return self.history is not None and self.selection is not None and not self.selection.touches_nothing

    @property
    def has_locks(self) -> bool:
        """True when cells are locked, so that a new face grows around them as a step of this one."""
        if self.history is None or self.selection is None or self.card is None:
            return False
        return bool(self.selection.locked.any()) and self.history.root.codes.fits(self.card.grid)

    @property
    def has_cells(self) -> bool:
        """True when there is a picture and at least one cell of it is selected."""
        return self.has_face and self.selection is not None and bool(self.selection.cells.any())

    @property
    def can_undo(self) -> bool:
        """True when the current step has a parent, or a branch was just deleted."""
        return self.history is not None and (self.history.can_undo or self.has_just_deleted)

    @property
    def can_restore(self) -> bool:
        """True while a deleted branch can be put back."""
        return self.deletion is not None and self.history is not None and self.deletion.can_be_undone(self.history)

    @property
    def has_just_deleted(self) -> bool:
        """True when deleting a branch was the last thing done to the history."""
        return self.deletion is not None and self.history is self.deletion.after

    @property
    def can_redo(self) -> bool:
        """True when the current step has a child."""
        return self.history is not None and self.history.can_redo


def differs(now: Project | None, saved: Project | None) -> bool:
    """Say whether there is anything to save: steps, names, stars, the current step, locks or the model. Redo's memory
    and the selection do not count.
    """
    if now is None or saved is None:
        return now is not saved and now is not None
    if now.history.nodes != saved.history.nodes or now.history.current_id != saved.history.current_id:
        return True
    same_locks = np.array_equal(now.selection.locked, saved.selection.locked)
    return not same_locks or now.model.digest != saved.model.digest
