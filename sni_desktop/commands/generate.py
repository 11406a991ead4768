"""Making new codes for what is selected."""

from typing import TYPE_CHECKING

from sni_desktop.commands.command import Command, has_face
from sni_desktop.commands.command import mark as _

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow


def can_cancel(window: "MainWindow") -> bool:
    """Say whether there is anything to stop, to put away or to stop looking at."""
    now = window.document.snapshot
    return now.busy or now.draft or now.notice is not None or window.seeing.is_on


COMMANDS: tuple[Command, ...] = (
    Command(
        "resample",
        "generate",
        _("Re&sample"),
        lambda w: w.document.resample(),
        ("R", "Ctrl+Return"),
        "dice-multiple",
        has_face,
    ),
    Command(
        "restyle",
        "generate",
        _("Rest&yle"),
        lambda w: w.document.restyle(),
        ("Shift+R",),
        "palette-outline",
        lambda now: now.selection is not None and not now.selection.locked.all(),
    ),
    Command(
        "cancel",
        "generate",
        _("&Cancel"),
        lambda w: w.cancel(),
        ("Esc",),
        "close",
        ready=can_cancel,
    ),
)
