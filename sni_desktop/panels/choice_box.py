"""A box to choose one of several values from, each with its words; the wheel scrolls the page it stands on."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class ChoiceBox(QComboBox):
    """Tells what a person chooses; showing a value is nobody's doing."""

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[Any, str]] = ()) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(lambda: self.chosen.emit(self.currentData()))
        self.offer(choices)

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer values with their words; the current one stays, if it is still among them."""
        with QSignalBlocker(self):
            now = self.currentData()
            self.clear()
            for value, words in choices:
                self.addItem(words, value)
            self.setCurrentIndex(0 if now is None and choices and not self.placeholderText() else self.findData(now))

    def show_value(self, value: object) -> None:
        """Show one of the values; one that is not offered shows as none."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page rather than change a choice that nobody has begun."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()
