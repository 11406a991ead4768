"""What a command is, and the questions that decide when one may run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QT_TRANSLATE_NOOP

from sni_desktop.snapshot import Snapshot

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow

Scope = Literal["window", "picking", "strip"]
"""picking: on the canvas and on the tiles of the candidates. strip: on these tiles alone."""
When = Callable[[Snapshot], bool]


@dataclass(frozen=True)
class Command:
    """One entry of the menus. checked: for entries that are on or off, says which; keys: the first is shown.

    repeats: whether holding the keys down does it again and again. subject: what the text is filled with, such as the
    name of the step in "Undo {subject}".
    ready: what else must hold, of the window and its activities.
    scope: where the keys count. A key that buttons and lists use themselves, such as Return, must not be the window's.
    submenu: the text of the menu within the menu that holds it.
    named: what the text is filled with when the subject has nothing to say.
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
    subject: "Callable[[Snapshot], str] | None" = None
    ready: "Callable[[MainWindow], bool] | None" = None
    scope: Scope = "window"
    submenu: str = ""
    named: "Callable[[MainWindow], str] | None" = None


def choose_tool(name: str, menu: str, text: str, key: str, icon: str, divider: bool = False) -> Command:
    """Return the command, of the tool's own name, that puts a tool of the canvas in hand."""
    return Command(
        name,
        menu,
        text,
        lambda w: w.canvas.set_tool(name),
        (key,),
        icon,
        checked=lambda w: w.canvas.tool == name,
        divider=divider,
    )


def has_face(now: Snapshot) -> bool:
    """Say whether there is a picture to work on."""
    return now.has_face


def has_cells(now: Snapshot) -> bool:
    """Say whether any cell is selected."""
    return now.has_cells


def mark(text: str) -> str:
    """Mark a text for translation; the binder translates it when it is shown."""
    return str(QT_TRANSLATE_NOOP("Commands", text))
