"""A heading that is a field: a name edited in place."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from sni_desktop.preferences.dialog import tr


class NameField(QLineEdit):
    """Return or leaving the field gives the new name, Esc brings the old one back; neither reaches the dialog."""

    renamed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("model-name")
        self.setProperty("role", "title")
        self.setAccessibleName(tr("Name of the model"))
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        self.setFont(font)
        self._name = ""

    def show_name(self, name: str, is_fixed: bool, reason: str) -> None:
        """Show a name, unless that very name is being edited. reason: why it cannot be changed, if so."""
        if name != self._name or not self.hasFocus() or is_fixed:
            self._name = name
            self.setText(name)
            self.setCursorPosition(0)
        self.setReadOnly(is_fixed)
        self.setToolTip(reason if is_fixed else tr("Click to rename"))

    def edit(self) -> None:
        """Put the cursor into the field, with the whole name selected."""
        self.setFocus()
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Return and, while something was changed, Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._name:
            self.setText(self._name)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the field is agreeing, but for a menu or another window that comes in between."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._commit()

    def _commit(self) -> None:
        if self.isReadOnly() or self.text() == self._name:
            return
        if self.text().strip():
            self.renamed.emit(self.text().strip())
        else:
            self.setText(self._name)
