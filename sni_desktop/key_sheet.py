"""The sheet of keys: what keys and mouse do, in columns, scrolled where the screen is small."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

_LARGEST = 960, 640  # with the window's frame it fits a screen of 1024 by 700
Rows = list[tuple[str, str]]


def tr(text: str) -> str:
    """Translate a text of the sheet."""
    return QCoreApplication.translate("Dialogs", text)


class KeySheet(QDialog):
    """rows: what is done, and the keys or the movement of the mouse that do it."""

    def __init__(self, parent: QWidget, rows: Rows) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keyboard and mouse"))
        columns = next(made for count in (2, 1) if fits(made := make_columns(rows, count)) or count == 1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(columns)
        area.setAccessibleName(tr("Keyboard and mouse"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 10, 14)
        layout.addWidget(area)
        layout.addWidget(buttons)
        bar = area.verticalScrollBar().sizeHint().width()
        wanted = columns.sizeHint()
        self.resize(
            min(wanted.width() + bar + 32, _LARGEST[0]),
            min(wanted.height() + buttons.sizeHint().height() + 44, _LARGEST[1]),
        )


def fits(columns: QWidget) -> bool:
    """Say whether it can be read from top to bottom, without scrolling sideways."""
    return columns.sizeHint().width() < _LARGEST[0] - 60


def make_columns(rows: Rows, count: int) -> QWidget:
    """Return the rows in columns of nearly equal length, to be read one column after the other."""
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 8, 0)
    layout.setSpacing(36)
    length = -(-len(rows) // count)
    for first in range(0, len(rows), length):
        layout.addLayout(_make_column(rows[first : first + length]))
    return holder


def _make_column(rows: Rows) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(4)
    for at, (what, keys) in enumerate(rows):
        name, held = QLabel(what), QLabel(keys)
        held.setProperty("role", "heading")
        for label in (name, held):
            label.setTextFormat(Qt.TextFormat.PlainText)
        grid.addWidget(name, at, 0)
        grid.addWidget(held, at, 1, Qt.AlignmentFlag.AlignLeft)
    grid.setColumnStretch(0, 1)
    grid.setRowStretch(len(rows), 1)
    return grid
