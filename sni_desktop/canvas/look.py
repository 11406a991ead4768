"""How selection and locks look on the picture: colour, strength of the tint, hatching, shown at all."""

from dataclasses import dataclass
from typing import Literal, get_args

Colour = Literal["amber", "cyan", "magenta", "white"]
COLOURS: dict[Colour, str] = {"amber": "#ffd426", "cyan": "#3fe3ff", "magenta": "#ff5edc", "white": "#ffffff"}
TINTS = (0, 20, 40, 60)


@dataclass(frozen=True)
class Look:
    """tint: of a fully selected cell, in percent. hatch: lines across what is selected. visible: drawn at all."""

    colour: Colour = "amber"
    tint: int = 20
    hatch: bool = False
    visible: bool = True


def write_look(look: Look) -> str:
    """Return what is remembered of a look; a hidden selection is shown again at the next start."""
    return f"{look.colour} {look.tint} {'hatch' if look.hatch else 'plain'}"


def read_look(text: str) -> Look:
    """Return the look that was written down; anything else gives the look of the first start."""
    words = text.split()
    if len(words) != 3 or words[0] not in get_args(Colour) or words[1] not in map(str, TINTS):
        return Look()
    return Look(words[0], int(words[1]), words[2] == "hatch")  # type: ignore[arg-type]
