"""The field that finds steps by name, method, level or seed, and the button that leaves only those with a star."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from sni_desktop.theme import Theme


class SearchField(QLineEdit):
    """Esc empties it, then leaves it, before it cancels anything; Down leads to what was found."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Keep Esc: who types here means this field."""
        asks = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if asks and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty the field, go on to the rows, or type; letters are commands again afterwards."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SearchBar(QWidget):
    """Says by `changed` what to look for: the words, and whether only stars count."""

    changed = Signal(str, bool)
    chosen = Signal()  # Return: go to what was found first
    left = Signal()  # Down: on to the rows

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._field = SearchField()
        self._field.setObjectName("search-steps")
        self._field.setPlaceholderText(self.tr("Find a step"))
        self._field.setAccessibleName(self.tr("Find a step"))
        self._field.setToolTip(self.tr("Find a step by name, method, level or seed"))
        self._field.setClearButtonEnabled(True)
        self._stars = QToolButton()
        self._stars.setCheckable(True)
        self._stars.setObjectName("only-stars")
        self._stars.setText(self.tr("Only starred steps"))
        self._stars.setToolTip(self.tr("Only starred steps"))
        self._stars.setAccessibleName(self.tr("Only starred steps"))
        self._stars.setAutoRaise(True)
        self._stars.setProperty("role", "icon")
        self._stars.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self._field, 1)
        layout.addWidget(self._stars)
        self._field.textChanged.connect(self._tell)
        self._stars.toggled.connect(self._tell)
        self._field.returnPressed.connect(self.chosen)
        self._field.returnPressed.connect(self.left)  # from here on Ctrl+Z is the window's again
        self._field.left.connect(self.left)
        theme.changed.connect(self._draw)
        self._draw()

    def take_focus(self) -> None:
        """Put the cursor into the field."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def clear(self) -> None:
        """Look for nothing, so that every step is there."""
        self._field.clear()
        self._stars.setChecked(False)

    def _tell(self) -> None:
        self._draw()
        self.changed.emit(self._field.text().strip(), self._stars.isChecked())

    def _draw(self) -> None:
        name, colour = ("star", "accent") if self._stars.isChecked() else ("star-outline", "quiet")
        self._stars.setIcon(self._theme.icon(name, colour))
