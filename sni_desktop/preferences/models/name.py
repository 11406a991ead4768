"""A heading that is a field: a name edited in place."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from sni_desktop.preferences.dialog import tr


class NameField(QLineEdit):
    """Return or leaving the field gives the new name, Esc brings the old one back; neither reaches the dialog.

    A name that was refused stays to be mended: leaving the field does not ask for the same again.
    """

    renamed = Signal(str)
    settled = Signal()  # the name that was asked for is the name now, asked for with Return

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("model-name")
        self.setProperty("role", "title")
        self.setAccessibleName(tr("Name of the model"))
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        self.setFont(font)
        self._name = ""
        self._asked = ""
        self._is_sent = False  # by Return, so that the person is still here
        self.textEdited.connect(self._forget_asked)

    def show_name(self, name: str, is_fixed: bool, reason: str) -> None:
        """Show a name, unless that very name is being edited. reason: why it cannot be changed, if so."""
        if name != self._name or not self.hasFocus() or is_fixed:
            is_done = self._is_sent and name == self._asked
            self._name = name
            self.setText(name)
            self.setCursorPosition(0)
            if is_done:
                self._asked, self._is_sent = "", False
                self.settled.emit()
        self.setReadOnly(is_fixed)
        self.setToolTip(reason if is_fixed else tr("Click to rename"))

    def _forget_asked(self) -> None:
        self._asked, self._is_sent = "", False

    def edit(self) -> None:
        """Put the cursor into the field, with the whole name selected."""
        self.setFocus()
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Return and, while something was changed, Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._asked = ""  # who presses Return means it
            self._commit()
            self._is_sent = bool(self._asked)
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
        name = self.text().strip()
        if self.isReadOnly() or self.text() == self._name or (name and name == self._asked):
            return
        if name:
            self._asked = name
            self.renamed.emit(name)
        else:
            self.setText(self._name)
