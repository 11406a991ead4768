"""How large the head stands in the picture."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    """The framing of a portrait.

    extent: half-width of the view in head units (a head is about 1.5 wide); smaller is closer.
    rise: added to `shift_y`, in head units; lifts the head.
    jitter: how much of the sampled `scale`, `shift_x` and `shift_y` is kept, 0..1.
    """

    extent: float
    rise: float
    jitter: float


TRAINING_FRAME = Frame(extent=1.18, rise=0.05, jitter=0.35)
"""Aligned as face sets are: face about 60 % of the width, eyes near 45 % of the height."""

BUST_FRAME = Frame(extent=1.60, rise=0.0, jitter=1.0)
"""Head and shoulders with room around them."""
