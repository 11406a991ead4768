"""Choosing cells, and the tools that do it."""

from sni_desktop.commands.command import Command, has_face
from sni_desktop.commands.command import mark as _

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
        "brush",
        "select",
        _("&Brush"),
        lambda w: w.canvas.set_tool("brush"),
        ("B",),
        "brush",
        checked=lambda w: w.canvas.tool == "brush",
        divider=True,
    ),
    Command(
        "eraser",
        "select",
        _("&Eraser"),
        lambda w: w.canvas.set_tool("eraser"),
        ("E",),
        "eraser",
        checked=lambda w: w.canvas.tool == "eraser",
    ),
    Command(
        "hand",
        "select",
        _("&Hand"),
        lambda w: w.canvas.set_tool("hand"),
        ("H",),
        "hand-back-right-outline",
        checked=lambda w: w.canvas.tool == "hand",
    ),
    Command("smaller", "select", _("S&maller brush"), lambda w: w.change_brush(-1), ("[",), divider=True, repeats=True),
    Command("larger", "select", _("&Larger brush"), lambda w: w.change_brush(+1), ("]",), repeats=True),
)
