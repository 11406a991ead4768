"""What the window does with semantic parts: the activity that knows them, and what shows it."""

from typing import TYPE_CHECKING

from sni_desktop.activities.parts import Parts
from sni_desktop.canvas.parts import show_parts

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow


class PartsDesk:
    """Acts for the commands; the parts themselves are one of the ways to look at a picture."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.parts: Parts = window.seeing.parts
        show_parts(window.canvas, window.document, window.seeing)
