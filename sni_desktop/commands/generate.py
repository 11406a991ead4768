"""Making new codes for what is selected."""

from sni_desktop.commands.command import Command, has_face
from sni_desktop.commands.command import mark as _

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
        lambda now: now.busy or now.draft or now.notice is not None,
        also=lambda w: w.seeing.is_on,
    ),
)
