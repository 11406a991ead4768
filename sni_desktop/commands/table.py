"""Every command: its name, text, keys, icon, when it may run and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP

from sni_desktop.snapshot import Snapshot

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow

When = Callable[[Snapshot], bool]


@dataclass(frozen=True)
class Command:
    """One entry of the menus. checked: for entries that are on or off, says which; keys: the first is shown.

    repeats: whether holding the keys down does it again and again.
    """

    id: str
    menu: str
    text: str
    do: "Callable[[MainWindow], object]"
    keys: tuple[str, ...] = ()
    icon: str = ""
    when: When = lambda now: True
    checked: "Callable[[MainWindow], bool] | None" = None
    divider: bool = False
    repeats: bool = False


def _face(now: Snapshot) -> bool:
    return now.has_face


def _(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("Commands", text))


MENUS = {"file": _("&File"), "edit": _("&Edit"), "select": _("&Select"), "view": _("&View"), "help": _("&Help")}

COMMANDS: tuple[Command, ...] = (
    Command("new", "file", _("&New face"), lambda w: w.new_face(), ("Ctrl+R", "Ctrl+N"), "face-man-shimmer-outline"),
    Command("new-seed", "file", _("New face from a &seed…"), lambda w: w.new_face_from_seed(), ("Ctrl+Shift+R",)),
    Command("open", "file", _("&Open…"), lambda w: w.open_asking(), ("Ctrl+O",), "folder-open-outline", divider=True),
    Command("open-model", "file", _("Open &model…"), lambda w: w.open_model_asking(), ("Ctrl+Shift+O",)),
    Command("save", "file", _("&Save"), lambda w: w.save(), ("Ctrl+S",), "content-save-outline", _face),
    Command("save-as", "file", _("Save &as…"), lambda w: w.save_as(), ("Ctrl+Shift+S",), "", _face),
    Command(
        "export", "file", _("&Export picture…"), lambda w: w.export(), ("Ctrl+E",), "image-outline", _face, divider=True
    ),
    Command("quit", "file", _("&Quit"), lambda w: w.close(), ("Ctrl+Q",), divider=True),
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
        "resample",
        "edit",
        _("Re&sample"),
        lambda w: w.document.resample(),
        ("R", "Ctrl+Return"),
        "dice-multiple",
        lambda now: now.can_edit,
        divider=True,
    ),
    Command(
        "cancel",
        "edit",
        _("&Cancel"),
        lambda w: w.cancel(),
        ("Esc",),
        "close",
        lambda now: now.busy or now.draft or now.notice is not None,
    ),
    Command(
        "star", "edit", _("S&tar this step"), lambda w: w.toggle_star(), ("S",), "star-outline", _face, divider=True
    ),
    Command("all", "select", _("&All"), lambda w: w.document.select_all(), ("Ctrl+A",), "select-all", _face),
    Command(
        "none",
        "select",
        _("&None"),
        lambda w: w.document.select_none(),
        ("Ctrl+Shift+A", "Ctrl+D"),
        "select-off",
        _face,
    ),
    Command(
        "invert",
        "select",
        _("&Invert"),
        lambda w: w.document.invert_selection(),
        ("Ctrl+I", "Ctrl+Shift+I"),
        "select-inverse",
        _face,
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
    Command(
        "zoom-in",
        "view",
        _("Zoom &in"),
        lambda w: w.canvas.zoom_by(1.25),
        ("Ctrl++", "Ctrl+="),
        "magnify-plus-outline",
        repeats=True,
    ),
    Command(
        "zoom-out",
        "view",
        _("Zoom &out"),
        lambda w: w.canvas.zoom_by(0.8),
        ("Ctrl+-",),
        "magnify-minus-outline",
        repeats=True,
    ),
    Command("zoom-actual", "view", _("&Actual size"), lambda w: w.canvas.zoom_to(1), ("Ctrl+1",), "", _face),
    Command("zoom-fit", "view", _("&Fit"), lambda w: w.canvas.zoom_fit(), ("Ctrl+0",), "fit-to-screen-outline"),
    Command(
        "grid",
        "view",
        _("&Grid"),
        lambda w: w.toggle_grid(),
        ("G",),
        "grid",
        checked=lambda w: w.canvas.grid_visible,
        divider=True,
    ),
    Command(
        "light",
        "view",
        _("&Light"),
        lambda w: w.set_theme("light"),
        checked=lambda w: w.theme.mode == "light",
        divider=True,
    ),
    Command("dark", "view", _("&Dark"), lambda w: w.set_theme("dark"), checked=lambda w: w.theme.mode == "dark"),
    Command(
        "system",
        "view",
        _("As the s&ystem"),
        lambda w: w.set_theme("system"),
        checked=lambda w: w.theme.mode == "system",
    ),
    Command("reset-layout", "view", _("&Reset layout"), lambda w: w.reset_layout(), divider=True),
    Command("shortcuts", "help", _("&Keyboard and mouse"), lambda w: w.show_shortcuts(), ("F1",)),
    Command("about", "help", _("&About"), lambda w: w.show_about()),
)

TOOLBAR: tuple[str | None, ...] = (
    *("new", "open", "save", "export", None),
    *("undo", "redo", None),
    *("brush", "eraser", "hand", None),
    *("zoom-out", "zoom-fit", "zoom-in", "grid"),
)

MOUSE_HELP: tuple[tuple[str, str], ...] = (
    (_("Select cells"), _("drag")),
    (_("Add to the selection"), _("Shift + drag")),
    (_("Take from the selection"), _("Ctrl or Alt + drag")),
    (_("Zoom"), _("wheel")),
    (_("Move the picture"), _("Space + drag, middle button")),
    (_("Select a cell by keys"), _("arrows, then X")),
)
