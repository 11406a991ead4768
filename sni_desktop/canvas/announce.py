"""What happens on the canvas in words, for screen readers."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str) -> None:
    """Say something, if anybody listens."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def announce_cell(widget: QWidget, row: int, column: int, chosen: bool, locked: bool, part: str = "") -> None:
    """Say where the cell cursor is, whether its cell is selected and locked, and what part of the picture is there."""
    selected = QCoreApplication.translate("Canvas", "Row {row}, column {column}, selected")
    kept = QCoreApplication.translate("Canvas", "Row {row}, column {column}, not selected")
    text = selected if chosen else kept
    filled = text.replace("{row}", str(row)).replace("{column}", str(column))
    if locked:
        filled += QCoreApplication.translate("Canvas", ", locked")
    announce(widget, f"{filled}, {part}" if part else filled)
