"""What a person chose the last time something was exported, as values that the settings remember."""

from dataclasses import dataclass, field
from typing import Literal, TypeVar

from sni_desktop.settings import Settings
from sni_engine.api.pictures import Filter, PictureForm
from sni_engine.api.plain import PlainError, dump_json, load_json
from sni_engine.api.sequences import Pace

Way = Literal["path", "whole", "between"]
Nodes = Literal["starred", "path", "all"]


@dataclass(frozen=True)
class Look:
    """Format, size and the rest that all exports have. size_px: 0 for the model's own."""

    suffix: str
    size_px: int = 0
    filter: Filter = "smooth"
    quality: int = 92
    state: bool = True

    @property
    def form(self) -> PictureForm:
        """How the pictures are written. Raises EngineError."""
        return PictureForm(self.size_px or None, self.filter, self.quality)


@dataclass(frozen=True)
class PictureChoices:
    """How a single picture is exported."""

    look: Look = field(default_factory=lambda: Look(".png"))


@dataclass(frozen=True)
class SheetChoices:
    """How a contact sheet is exported. columns: 0 for a balanced grid."""

    look: Look = field(default_factory=lambda: Look(".png"))
    nodes: Nodes = "path"
    columns: int = 0
    labels: bool = True


@dataclass(frozen=True)
class SequenceChoices:
    """How a sequence is exported."""

    look: Look = field(default_factory=lambda: Look(".webp", 512))
    way: Way = "whole"
    loop: bool = True
    pace: Pace = "gentle"
    frames: int = 48
    fps: int = 24
    hold: int = 6


Choices = TypeVar("Choices", PictureChoices, SheetChoices, SequenceChoices)


def recall(settings: Settings, kind: type[Choices]) -> Choices:
    """Return what was chosen last, or what is chosen at first; wrong entries count as absent."""
    try:
        return load_json(kind, settings.recall_text(kind.__name__))
    except PlainError:
        return kind()


def remember(settings: Settings, choices: PictureChoices | SheetChoices | SequenceChoices) -> None:
    """Keep what was chosen for the next time."""
    settings.keep_text(type(choices).__name__, dump_json(choices))
