"""Several alternatives at once, and choosing among them."""

from typing import TYPE_CHECKING

from sni_desktop.commands.command import Command
from sni_desktop.commands.command import mark as _

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow


def has_candidates(window: "MainWindow") -> bool:
    """Say whether there are any to look at."""
    return window.choosing.in_use and bool(window.choosing.candidates.snapshot.items)


def has_previewed(window: "MainWindow") -> bool:
    """Say whether one of them is on the canvas."""
    return window.choosing.in_use and window.choosing.candidates.snapshot.previewed is not None


COMMANDS: tuple[Command, ...] = (
    Command(
        "variations",
        "generate",
        _("&Variations"),
        lambda w: w.choosing.ask(),
        ("Ctrl+Shift+R",),
        "view-grid-plus-outline",
        lambda now: now.can_edit,
        divider=True,
    ),
    Command(
        "next-candidate",
        "generate",
        _("&Next candidate"),
        lambda w: w.choosing.candidates.step(1),
        (".",),
        ready=has_candidates,
        repeats=True,
        scope="picking",
    ),
    Command(
        "previous-candidate",
        "generate",
        _("&Previous candidate"),
        lambda w: w.choosing.candidates.step(-1),
        (",",),
        ready=has_candidates,
        repeats=True,
        scope="picking",
    ),
    Command(
        "accept-candidate",
        "generate",
        _("&Use this candidate"),
        lambda w: w.choosing.candidates.accept(),
        ("Return", "Enter"),
        ready=lambda w: w.choosing.in_use and w.choosing.candidates.snapshot.can_accept,
        scope="picking",
    ),
    Command(
        "star-candidate",
        "generate",
        _("S&tar this candidate"),
        lambda w: w.choosing.candidates.toggle_star(),
        ready=has_previewed,
    ),
    Command(
        "discard-candidate",
        "generate",
        _("&Discard this candidate"),
        lambda w: w.choosing.candidates.discard(),
        ("Del",),
        ready=has_previewed,
        scope="strip",
    ),
)
