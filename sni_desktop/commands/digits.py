"""Keys 1 to 9 show candidates, on the canvas and on the strip only: elsewhere digits belong to fields and lists."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


def add_digits(widgets: Sequence[QWidget], pick: Callable[[int], None]) -> None:
    """Let digits pressed on some widgets call `pick` with an index from 0."""
    for index in range(9):
        action = QAction(widgets[0])
        action.setShortcut(QKeySequence(str(index + 1)))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setAutoRepeat(False)
        action.triggered.connect(lambda _=False, index=index: pick(index))
        for widget in widgets:
            widget.addAction(action)
