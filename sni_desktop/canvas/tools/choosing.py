"""The tools that choose cells, and what the one in hand does by the keys that are held."""

from PySide6.QtCore import QObject, Qt, Signal

from sni_desktop.activities.painting import Painting
from sni_desktop.canvas.tools.brush import Brush
from sni_desktop.canvas.tools.lock import LockBrush
from sni_desktop.canvas.tools.shapes import Shape
from sni_desktop.canvas.tools.tool import Tool
from sni_desktop.canvas.tools.wand import Wand
from sni_desktop.document import Document


def make_tools(document: Document, painting: Painting) -> list[Tool]:
    """Return brush, eraser, rectangle, lasso and the lock brush."""
    return [
        Brush("brush", document, painting),
        Brush("eraser", document, painting),
        Shape("rectangle", document, painting),
        Shape("lasso", document, painting),
        LockBrush(document, painting),
    ]


class Mode(QObject):
    """What the tool in hand does to the selection, by the keys held; one at work goes on as it began."""

    changed = Signal(str)  # "add", "subtract" or "intersect", "replace" without keys and for other tools

    def __init__(self) -> None:
        super().__init__()
        self._now = "replace"

    def watch(self, tool: Tool, keys: Qt.KeyboardModifier) -> None:
        """Look again, and tell when it is another."""
        now = tool.mode(keys) if isinstance(tool, Brush | Shape | Wand) and tool.name != "eraser" else "replace"
        if now != self._now:
            self._now = now
            self.changed.emit(now)
