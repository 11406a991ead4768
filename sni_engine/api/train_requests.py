"""What a form for a new training run asks the engine, and the answers; none of it needs a model."""

from dataclasses import dataclass
from pathlib import Path

from sni_engine.api.arrays import Array
from sni_engine.api.training import Fit


@dataclass(frozen=True)
class LookAtPictures:
    """Show what a run would learn from: a few pictures of a folder or zip file, or portraits drawn when `data` is "".

    The newest such request is the only one that counts.
    """

    ticket: int
    data: str
    fit: Fit
    size_px: int
    variety: float = 0.25
    count: int = 8


@dataclass(frozen=True)
class CheckPictures:
    """Look at the size of every file of a folder or zip file. The newest such request is the only one that counts.

    A request that is broken off goes on where it stopped when asked again.
    """

    ticket: int
    data: str
    fit: Fit
    size_px: int


@dataclass(frozen=True)
class ListDevices:
    """Say what there is to compute on."""

    ticket: int


@dataclass(frozen=True)
class RollBack:
    """Let a run that no process has go on from a checkpoint kept along the way; 0 images: undo the last roll back."""

    ticket: int
    path: Path
    images: int


@dataclass(frozen=True)
class TakeModel:
    """Make a model of a checkpoint kept along the way."""

    ticket: int
    path: Path
    images: int


TrainRequest = LookAtPictures | CheckPictures | ListDevices | RollBack | TakeModel
NEWEST_COUNTS = (LookAtPictures, CheckPictures)


@dataclass(frozen=True, eq=False)
class Original:
    """A file's picture before it became a square: its size in pixels, and itself, made small, uint8 [h, w, 3].

    square: what the run sees of it, as left, top, width and height in shares of the picture's width and height;
    beyond the picture where bars are added.
    """

    name: str
    width: int
    height: int
    small: Array
    square: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class PicturesSeen:
    """Some pictures as a run sees them, uint8 [n, S, S, 3]; of a person's own also the originals. files: how many."""

    ticket: int
    pictures: Array
    originals: tuple[Original, ...] = ()
    files: int = 0


@dataclass(frozen=True)
class PicturesChecked:
    """How many files can be used, as far as their sizes tell, and why others cannot.

    problems: what keeps a run from starting. notes: what its owner should know. skipped: a line for each file.
    """

    ticket: int
    usable: int
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeviceState:
    """Something to compute on: as settings call it, in words, its memory in bytes. problem: why it cannot be used."""

    name: str
    label: str
    free: int | None = None
    total: int | None = None
    problem: str = ""


@dataclass(frozen=True)
class Devices:
    """What there is to compute on. best: which one "auto" would take."""

    ticket: int
    devices: tuple[DeviceState, ...]
    best: str


@dataclass(frozen=True)
class RolledBack:
    """The run goes on from so many images when it is resumed."""

    ticket: int
    images: int


@dataclass(frozen=True)
class ModelTaken:
    """The model's file, within the run's folder."""

    ticket: int
    path: Path


TrainAnswer = PicturesSeen | PicturesChecked | Devices | RolledBack | ModelTaken
