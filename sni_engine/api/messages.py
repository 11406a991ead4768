"""What goes to the engine and what comes back: requests and events, each with the ticket of its question."""

from dataclasses import dataclass

from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes, Level, check_seed
from sni_engine.api.edits import Edit
from sni_engine.api.library import LibraryEvent, LibraryRequest
from sni_engine.api.models import ModelCard, ModelRef
from sni_engine.api.part_requests import PartEvent, PartRequest
from sni_engine.api.train_requests import TrainAnswer, TrainRequest


@dataclass(frozen=True)
class OpenModel:
    """Open a model by name, path or digest, the shipped one for ""; the one open before stays when this one fails."""

    ticket: int
    model: str


@dataclass(frozen=True)
class NewFace:
    """Draw every code of a new face from `seed`, and its picture."""

    ticket: int
    seed: int

    def __post_init__(self) -> None:
        check_seed(self.seed)


@dataclass(frozen=True)
class Draw:
    """Draw the picture of `codes`."""

    ticket: int
    codes: Codes


@dataclass(frozen=True)
class Apply:
    """Apply `edit` to `before` and draw the result."""

    ticket: int
    before: Codes
    edit: Edit


@dataclass(frozen=True)
class DrawMany:
    """Draw the pictures of several codes, in batches."""

    ticket: int
    codes: tuple[Codes, ...]


@dataclass(frozen=True)
class Candidates:
    """Apply each of `edits` to `before` and draw all results in one batch."""

    ticket: int
    before: Codes
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Replay:
    """Apply edits one after the other to a face, that of a seed or of given codes, and draw the last one.

    model: by name, path or digest, when another than the open one is meant; that stays open all the same.
    """

    ticket: int
    start: Codes | int
    edits: tuple[Edit, ...]
    model: str = ""


@dataclass(frozen=True)
class MeasureInfluence:
    """Measure which pixels a cell (row, column) can move by its local code, or its quadrant by its shared one.

    What was measured is kept with the model; a request that is broken off goes on where it stopped when asked again.
    """

    ticket: int
    cell: tuple[int, int]
    level: Level = "local"


@dataclass(frozen=True)
class Release:
    """Let go of the model and its memory; the next request opens it again.

    guest_only: only of the other model that replays were made with.
    """

    ticket: int
    guest_only: bool = False


Request = (
    OpenModel
    | NewFace
    | Draw
    | Apply
    | DrawMany
    | Candidates
    | MeasureInfluence
    | Replay
    | Release
    | PartRequest
    | TrainRequest
    | LibraryRequest
)


@dataclass(frozen=True)
class Locality:
    """How much an edit changed, as mean CIELAB difference (CIE 1976) per pixel.

    inside: over the cells the edit reaches. outside: over all others, None when the edit reaches every cell.
    halo_px: how far outside those cells the farthest pixel lies that changed visibly, by more than 1; at 0 none did.
    strayed: the share, 0 to 1, of visibly changed pixels that lie outside.
    """

    inside: float
    outside: float | None
    halo_px: float = 0.0
    strayed: float = 0.0

    @property
    def ratio(self) -> float | None:
        """Inside over outside; None without an outside, infinite when nothing changed there."""
        if self.outside is None:
            return None
        if self.outside == 0:
            return float("inf") if self.inside else None
        return self.inside / self.outside


@dataclass(frozen=True)
class Progress:
    """How far a request has come: fraction from 0 to 1, and what is being done."""

    ticket: int
    fraction: float
    text: str


@dataclass(frozen=True)
class Opened:
    """A model is open on `device`."""

    ticket: int
    card: ModelCard
    device: str


@dataclass(frozen=True, eq=False)
class Pictured:
    """What an edit makes, ahead of `Finished`: how local it was is still being measured. May come again, the same, when
    measuring had to begin anew.
    """

    ticket: int
    codes: Codes
    picture: Array
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Finished:
    """The answer: codes, their picture uint8 [H, W, 3], how local the edit was, and the seconds it took."""

    ticket: int
    codes: Codes
    picture: Array
    locality: Locality | None = None
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Drawn:
    """Several answers at once: codes, their pictures uint8 [N, H, W, 3], and of edits how local each was."""

    ticket: int
    codes: tuple[Codes, ...]
    pictures: Array
    localities: tuple[Locality, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Replayed:
    """The answer to Replay: the codes of the start and after each edit, the last one's picture, the model they need."""

    ticket: int
    codes: tuple[Codes, ...]
    picture: Array
    model: ModelRef


@dataclass(frozen=True, eq=False)
class Influence:
    """Which pixels a cell can move: mean CIELAB change of each, [h, w] float32, at most 64 pixels a side."""

    ticket: int
    cell: tuple[int, int]
    change: Array
    level: Level = "local"


@dataclass(frozen=True)
class Released:
    """The engine holds no model memory now."""

    ticket: int


@dataclass(frozen=True)
class Degraded:
    """Memory is short: the request goes on, but in a slower way, which is kept until a model is opened again."""

    ticket: int
    title: str
    hint: str = ""


@dataclass(frozen=True)
class Cancelled:
    """The request was closed before it finished; nothing changed."""

    ticket: int


@dataclass(frozen=True)
class Failed:
    """The request could not be done; the engine lives on. details: a traceback for the curious, may be empty."""

    ticket: int
    title: str
    hint: str = ""
    details: str = ""


Event = (
    Progress
    | Opened
    | Degraded
    | Pictured
    | Finished
    | Drawn
    | Influence
    | Replayed
    | Released
    | Cancelled
    | Failed
    | PartEvent
    | LibraryEvent
    | TrainAnswer
)
