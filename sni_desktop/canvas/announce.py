"""The cell cursor in words, for screen readers."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce_cell(widget: QWidget, row: int, column: int, chosen: bool, locked: bool) -> None:
    """Say where the cell cursor is and whether its cell is selected and locked, if anybody listens."""
    if not QAccessible.isActive():
        return
    selected = QCoreApplication.translate("Canvas", "Row {row}, column {column}, selected")
    kept = QCoreApplication.translate("Canvas", "Row {row}, column {column}, not selected")
    text = selected if chosen else kept
    filled = text.replace("{row}", str(row)).replace("{column}", str(column))
    if locked:
        filled += QCoreApplication.translate("Canvas", ", locked")
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, filled))
