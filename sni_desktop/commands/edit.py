"""Undo, redo, the clipboard, and what is done with steps of the history."""

from PySide6.QtCore import QCoreApplication

from sni_desktop.commands.command import Command, has_face
from sni_desktop.commands.command import mark as _
from sni_desktop.snapshot import Snapshot
from sni_desktop.step_actions import has_branch, has_edits, name_redo, name_undo


def name_model(now: Snapshot) -> str:
    """Return what a face made with another model would be made again with."""
    return now.card.name if now.card is not None else QCoreApplication.translate("Commands", "this model")


COMMANDS: tuple[Command, ...] = (
    Command(
        "undo",
        "edit",
        _("&Undo {subject}"),
        lambda w: w.trail.undo(),
        ("Ctrl+Z",),
        "undo",
        repeats=True,
        subject=name_undo,
        ready=lambda w: w.document.snapshot.can_undo or w.trail.can_go_back,
        named=lambda w: w.trail.name_arrival(),
    ),
    Command(
        "redo",
        "edit",
        _("&Redo {subject}"),
        lambda w: w.trail.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "redo",
        repeats=True,
        subject=name_redo,
        ready=lambda w: w.document.snapshot.can_redo or w.trail.can_go_on,
        named=lambda w: w.trail.name_next(),
    ),
    Command(
        "copy",
        "edit",
        _("&Copy picture"),
        lambda w: w.copying.copy_picture(),
        ("Ctrl+C",),
        "content-copy",
        has_face,
        divider=True,
    ),
    Command("copy-codes", "edit", _("Copy co&des"), lambda w: w.copying.copy_codes(), ("Ctrl+Shift+C",), "", has_face),
    Command("paste", "edit", _("&Paste"), lambda w: w.paste(), ("Ctrl+V",), "content-paste"),
    Command(
        "restore-branch",
        "edit",
        _("Put the deleted &branch back"),
        lambda w: w.document.restore_branch(),
        when=lambda now: now.can_restore,
    ),
    Command(
        "find-step",
        "edit",
        _("&Find a step…"),
        lambda w: w.steps.find(),
        ("Ctrl+F",),
        "magnify",
        has_face,
        divider=True,
    ),
    Command("go-to", "edit", _("&Go to this step"), lambda w: w.steps.go(), when=has_face),
    Command("name-step", "edit", _("&Name this step…"), lambda w: w.steps.name(), ("F2",), "rename-outline", has_face),
    Command("star", "edit", _("S&tar this step"), lambda w: w.toggle_star(), ("S",), "star-outline", has_face),
    Command(
        "delete-branch",
        "edit",
        _("&Delete this branch…"),
        lambda w: w.steps.delete(),
        icon="source-branch-remove",
        when=has_branch,
        divider=True,
    ),
    Command(
        "export-recipe",
        "edit",
        _("&Export recipe…"),
        lambda w: w.steps.export_recipe(),
        icon="script-text-outline",
        when=has_edits,
        divider=True,
    ),
    Command(
        "apply-edits",
        "edit",
        _("&Apply these edits to…"),
        lambda w: w.steps.apply_edits(),
        icon="account-multiple-plus-outline",
        when=has_edits,
    ),
    Command(
        "replay-here",
        "edit",
        _("Replay with {subject}"),
        lambda w: w.library.replay(),
        icon="replay",
        when=lambda now: now.lacks_model,
        subject=name_model,
    ),
    Command(
        "settings", "edit", _("S&ettings…"), lambda w: w.host.show_settings(), ("Ctrl+,",), "cog-outline", divider=True
    ),
)
