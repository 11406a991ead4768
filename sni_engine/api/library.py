"""The models a person has: what is known of each file, what can be asked about them, and the answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sni_engine.api.arrays import Array
from sni_engine.api.codes import check_seed
from sni_engine.api.models import ModelCard

Kind = Literal["shipped", "trained", "imported"]
"""shipped: comes with the program. trained: made by a run on this machine. imported: a file from elsewhere."""
KEPT_DAYS = 30  # that a deleted model can be brought back


@dataclass(frozen=True)
class ModelEntry:
    """A model's file as a person sees it.

    name: of the file, without its suffix; it is unique. card: None when the header cannot be read.
    problem: one sentence when the file is not whole, as far as can be seen without reading its weights.
    """

    name: str
    path: Path
    kind: Kind
    size_bytes: int
    card: ModelCard | None
    problem: str = ""

    @property
    def is_own(self) -> bool:
        """Whether it can be renamed and deleted."""
        return self.kind != "shipped"


@dataclass(frozen=True)
class TrashedModel:
    """A deleted model that can still be brought back. id names it; at: when it was deleted, in seconds since 1970."""

    id: str
    name: str
    path: Path
    size_bytes: int
    at: float


@dataclass(frozen=True)
class Library:
    """The models there are, the shipped ones first, and the deleted ones, the latest first."""

    entries: tuple[ModelEntry, ...] = ()
    trashed: tuple[TrashedModel, ...] = ()


# -- requests --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListModels:
    """Look which models there are. Answered by ModelsListed."""

    ticket: int


@dataclass(frozen=True)
class AddModel:
    """Copy a model's file, or the model of a run's folder, in among one's own; called as its file says when no name is
    given. Answered by ModelAdded; a file that is no model is refused, and nothing of it is ever run.
    """

    ticket: int
    path: Path
    name: str = ""
    kind: Literal["trained", "imported"] = "imported"


@dataclass(frozen=True)
class RenameModel:
    """Give a model of one's own another name, in its header and as a file. Answered by ModelChanged."""

    ticket: int
    path: Path
    name: str


@dataclass(frozen=True)
class CopyModel:
    """Copy a model under another name, the next free one when none is given. Answered by ModelChanged."""

    ticket: int
    path: Path
    name: str = ""


@dataclass(frozen=True)
class RemoveModel:
    """Put a model of one's own aside, where it stays for KEPT_DAYS. Answered by ModelRemoved."""

    ticket: int
    path: Path


@dataclass(frozen=True)
class RestoreModel:
    """Bring a deleted model back. Answered by ModelChanged."""

    ticket: int
    id: str


@dataclass(frozen=True)
class EmptyTrash:
    """Delete for good what was deleted; a model that is open in the editor is kept. Answered by ModelsListed."""

    ticket: int


@dataclass(frozen=True)
class VerifyModel:
    """Read a model's file to its end and compute its digest anew. Answered by ModelVerified."""

    ticket: int
    path: Path


@dataclass(frozen=True)
class SampleModel:
    """Draw the faces of some seeds by a model, without opening it for anybody else. Answered by ModelSampled."""

    ticket: int
    path: Path
    seeds: tuple[int, ...]

    def __post_init__(self) -> None:
        for seed in self.seeds:
            check_seed(seed)


# -- answers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ModelsListed:
    """All models there are."""

    ticket: int
    library: Library


@dataclass(frozen=True)
class ModelAdded:
    """The model is among one's own. was_there: it was before, under the entry's name; mended: that file was damaged,
    and is whole now.
    """

    ticket: int
    entry: ModelEntry
    was_there: bool = False
    mended: bool = False


@dataclass(frozen=True)
class ModelChanged:
    """A model that was renamed, copied or brought back, as it is now."""

    ticket: int
    entry: ModelEntry


@dataclass(frozen=True)
class ModelRemoved:
    """The model was put aside. is_open: it is open in the editor, and stays there until another one is opened."""

    ticket: int
    trashed: TrashedModel
    is_open: bool = False


@dataclass(frozen=True)
class ModelVerified:
    """What came of reading all of a file: a sentence when it is damaged, empty when it is whole."""

    ticket: int
    path: Path
    problem: str = ""


@dataclass(frozen=True, eq=False)
class ModelSampled:
    """The faces of the seeds, uint8 [N, H, W, 3]."""

    ticket: int
    path: Path
    digest: str
    pictures: Array


LibraryRequest = (
    ListModels
    | AddModel
    | RenameModel
    | CopyModel
    | RemoveModel
    | RestoreModel
    | EmptyTrash
    | VerifyModel
    | SampleModel
)
LibraryEvent = ModelsListed | ModelAdded | ModelChanged | ModelRemoved | ModelVerified | ModelSampled
