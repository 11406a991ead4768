"""The zoom in the status bar: shows the percentage, takes another, and gives the keys back at once."""

import re

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

STEPS = (100, 200, 400, 800, 1600)


class ZoomBox(QComboBox):
    """An editable list of percentages. It has the keys only while a person types in it."""

    fit_asked = Signal()
    zoom_asked = Signal(float)  # percent
    left = Signal()  # done with it: the keys belong elsewhere

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._percent = 100.0
        self.setObjectName("zoom")
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)  # type: ignore[arg-type]
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.addItem(self.tr("Fit"))
        self.addItems([f"{step} %" for step in STEPS])
        self.setMaxVisibleItems(len(STEPS) + 1)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("1600 %") + 44)
        self.setToolTip(self.tr("Zoom. 100 % is one screen pixel for each pixel of the picture."))
        self.setAccessibleName(self.tr("Zoom"))
        self.setEnabled(False)
        self.activated.connect(self._choose)
        edit = self.lineEdit()
        assert edit is not None
        edit.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        edit.returnPressed.connect(self._type)
        self._write()

    def set_percent(self, percent: float) -> None:
        """Show the zoom, unless another one is being typed."""
        self._percent = percent
        self.setEnabled(True)
        if not self.hasFocus():
            self._write()

    def _write(self) -> None:
        with QSignalBlocker(self):
            self.setCurrentIndex(-1)
            self.setEditText(f"{self._percent:.0f} %")

    def _choose(self, index: int) -> None:
        if index < 0:
            return  # Return was pressed, and what was typed is not in the list
        if index == 0:
            self.fit_asked.emit()
        else:
            self.zoom_asked.emit(float(STEPS[index - 1]))
        self._leave()

    def _type(self) -> None:
        """Take what was typed, if it is a number; else show again what is."""
        edit = self.lineEdit()
        if edit is None or not edit.isModified():
            self._leave()
            return
        text = self.currentText().strip()
        found = re.fullmatch(r"(\d{1,5}(?:[.,]\d*)?)\s*%?", text)
        if found:
            percent = float(found[1].replace(",", "."))
            if percent > 0:
                self.zoom_asked.emit(percent)
        elif text.casefold() == self.itemText(0).casefold():
            self.fit_asked.emit()
        self._leave()

    def _leave(self) -> None:
        self._write()
        self.left.emit()

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the field while it has the keys."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.hasFocus():
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._leave()
                return True
        return super().event(event)

    def focusOutEvent(self, event: object) -> None:
        """What was typed and not confirmed is forgotten."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._write()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms on the canvas; here it would change the zoom by accident."""
        event.ignore()
