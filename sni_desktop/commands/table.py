"""The menus in order, every command, the tool bar, and what the mouse does."""

from sni_desktop.commands import candidates, edit, file, generate, help, parts, reference, select, view
from sni_desktop.commands.command import Command
from sni_desktop.commands.command import mark as _

MENUS = {
    "file": _("&File"),
    "edit": _("&Edit"),
    "select": _("&Select"),
    "generate": _("&Generate"),
    "view": _("&View"),
    "help": _("&Help"),
}

COMMANDS: tuple[Command, ...] = (
    *file.COMMANDS,
    *edit.COMMANDS,
    *select.COMMANDS,
    *parts.COMMANDS,
    *generate.COMMANDS,
    *candidates.COMMANDS,
    *reference.COMMANDS,
    *view.COMMANDS,
    *help.COMMANDS,
)

TOOLBAR: tuple[str | None, ...] = (
    *("new", "open", "save", "export", None),
    *("undo", "redo", None),
    *("brush", "eraser", "rectangle", "lasso", "wand", "clone", "hand", "lock", None),
    *("zoom-out", "zoom-fit", "zoom-in", "grid"),
)

MOUSE_HELP: tuple[tuple[str, str], ...] = (
    (_("Select cells"), _("drag")),
    (_("Add to the selection"), _("Shift + drag")),
    (_("Take from the selection"), _("Ctrl or Alt + drag")),
    (_("Keep what both have"), _("Shift + Ctrl or Alt + drag")),
    (_("Clone brush: paint from this step"), _("Alt + click")),
    (_("Magic wand: take a part, or all on the way"), _("click, drag")),
    (_("Cells of parts in the list: select, add, take away"), _("Return, with Shift, with Alt")),
    (_("Zoom"), _("wheel")),
    (_("Move the picture"), _("Space + drag, middle button")),
    (_("Select a cell by keys"), _("arrows, then X or Space")),
    (_("Back from a panel to the picture"), _("Esc")),
    (_("Show a candidate"), _("1 to 9")),
    (_("Mix two candidates"), _("Ctrl + click on the second")),
)
