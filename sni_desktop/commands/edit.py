"""Undo, redo, and marking steps."""

from sni_desktop.commands.command import Command, has_face
from sni_desktop.commands.command import mark as _

COMMANDS: tuple[Command, ...] = (
    Command(
        "undo",
        "edit",
        _("&Undo"),
        lambda w: w.document.undo(),
        ("Ctrl+Z",),
        "undo",
        lambda now: now.can_undo,
        repeats=True,
    ),
    Command(
        "redo",
        "edit",
        _("&Redo"),
        lambda w: w.document.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "redo",
        lambda now: now.can_redo,
        repeats=True,
    ),
    Command(
        "star", "edit", _("S&tar this step"), lambda w: w.toggle_star(), ("S",), "star-outline", has_face, divider=True
    ),
    Command(
        "settings", "edit", _("S&ettings…"), lambda w: w.host.show_settings(), ("Ctrl+,",), "cog-outline", divider=True
    ),
)
