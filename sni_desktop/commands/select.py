"""Choosing cells, the tools that do it, and locking."""

from sni_desktop.commands.command import Command, choose_tool, has_cells, has_face
from sni_desktop.commands.command import mark as _

_EDGE = _("Soft &edge")


def choose_edge(cells: int, text: str) -> Command:
    """Return the command that makes the edges of what is painted so many cells wide."""
    return Command(
        f"edge-{cells}",
        "select",
        text,
        lambda w: w.canvas.painting.set_edge(cells),
        checked=lambda w: w.canvas.painting.settings.edge == cells,
        submenu=_EDGE,
    )


COMMANDS: tuple[Command, ...] = (
    Command("all", "select", _("&All"), lambda w: w.document.select_all(), ("Ctrl+A",), "select-all", has_face),
    Command(
        "none",
        "select",
        _("&None"),
        lambda w: w.document.select_none(),
        ("Ctrl+Shift+A", "Ctrl+D"),
        "select-off",
        has_face,
    ),
    Command(
        "invert",
        "select",
        _("&Invert"),
        lambda w: w.document.invert_selection(),
        ("Ctrl+I", "Ctrl+Shift+I"),
        "select-inverse",
        has_face,
    ),
    Command(
        "reselect",
        "select",
        _("&Reselect"),
        lambda w: w.selecting.reselect(),
        ("Ctrl+Shift+D",),
        when=has_face,
    ),
    Command(
        "grow",
        "select",
        _("&Grow"),
        lambda w: w.selecting.grow(),
        ("Ctrl+Shift+Up",),
        when=has_cells,
        divider=True,
        repeats=True,
    ),
    Command(
        "shrink",
        "select",
        _("&Shrink"),
        lambda w: w.selecting.shrink(),
        ("Ctrl+Shift+Down",),
        when=has_cells,
        repeats=True,
    ),
    Command("soften", "select", _("S&often"), lambda w: w.selecting.soften(), when=has_cells),
    Command("mirror", "select", _("Mirror le&ft and right"), lambda w: w.selecting.mirror(), when=has_cells),
    choose_tool("brush", "select", _("&Brush"), "B", "brush", divider=True),
    choose_tool("eraser", "select", _("&Eraser"), "E", "eraser"),
    choose_tool("rectangle", "select", _("Rec&tangle"), "M", "select"),
    choose_tool("lasso", "select", _("La&sso"), "O", "lasso"),
    choose_tool("wand", "select", _("Magic &wand"), "W", "auto-fix"),
    choose_tool("lock-brush", "select", _("Loc&k brush"), "Shift+L", "lock-plus-outline"),
    choose_tool("hand", "select", _("&Hand"), "H", "hand-back-right-outline"),
    Command("smaller", "select", _("S&maller brush"), lambda w: w.change_brush(-1), ("[",), divider=True, repeats=True),
    Command("larger", "select", _("&Larger brush"), lambda w: w.change_brush(+1), ("]",), repeats=True),
    choose_edge(0, _("&None, whole cells")),
    choose_edge(1, _("&One cell wide")),
    choose_edge(2, _("&Two cells wide")),
    Command(
        "both-halves",
        "select",
        _("Paint both &halves"),
        lambda w: w.canvas.painting.set_mirrored(not w.canvas.painting.settings.mirrored),
        icon="mirror",
        checked=lambda w: w.canvas.painting.settings.mirrored,
    ),
    Command(
        "one-piece",
        "select",
        _("Only the pie&ce under the wand"),
        lambda w: w.canvas.painting.set_one_piece(not w.canvas.painting.settings.one_piece),
        ("Shift+W",),
        checked=lambda w: w.canvas.painting.settings.one_piece,
    ),
    Command(
        "lock",
        "select",
        _("Loc&k or unlock what is selected"),
        lambda w: w.selecting.toggle_locks(),
        ("L",),
        "lock-outline",
        has_cells,
        divider=True,
    ),
    Command(
        "unlock-all",
        "select",
        _("&Unlock all"),
        lambda w: w.selecting.unlock_all(),
        when=lambda now: now.selection is not None and bool(now.selection.locked.any()),
    ),
    Command("invert-locks", "select", _("In&vert locks"), lambda w: w.selecting.invert_locks(), when=has_face),
)
