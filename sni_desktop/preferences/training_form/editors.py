"""What settings of a run are typed into or chosen from: exact numbers of any size, lists, choices, switches.

An editor tells `edited` with the value, or Unread with what makes no sense; `show_value` is nobody's doing.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QStandardItemModel, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QLineEdit, QWidget

from sni_desktop.panels.choice_box import ChoiceBox
from sni_desktop.preferences.training_form.draft import Unread
from sni_engine.api.train_fields import Field

_GROUP = "\u202f"  # a narrow space that does not break, between thousands
_LEAST_GROUPED = 10_000
WIDTH_PX = 196


class NumberEdit(QAbstractSpinBox):
    """A number as exact as Python's: whole ones beyond 2**31, small ones as 1e-07; arrows and keys step it."""

    edited = Signal(object)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field
        self._is_grouped = field.name != "seed"
        self._shown: int | float = 0
        self.setObjectName(field.name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(WIDTH_PX)
        self.lineEdit().setTextMargins(5, 0, 0, 0)
        self.lineEdit().textEdited.connect(lambda text: self.edited.emit(self._read(text)))

    def show_value(self, value: int | float) -> None:
        """Show a number; one that is typed at this moment stays as it is typed."""
        self._shown = value
        if not self.hasFocus() or self._read(self.lineEdit().text()) != value:
            self.lineEdit().setText(write_number(value, self._is_grouped))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Write what was typed as numbers are written."""
        super().focusOutEvent(event)
        value = self._read(self.lineEdit().text())
        if not isinstance(value, Unread):
            self.lineEdit().setText(write_number(value, self._is_grouped))

    def stepBy(self, steps: int) -> None:
        """Go up or down by the field's step, within its limits."""
        read = self._read(self.lineEdit().text())
        now = self._shown if isinstance(read, Unread) else read
        if self._field.kind == "whole":
            value: int | float = now + steps * int(self._field.step)
        else:
            value = float(f"{now + steps * self._field.step:.12g}")
        limits = self._field.limits
        if limits is not None:
            lowest = limits.low if not limits.above else min(now, self._field.step)
            value = type(now)(min(max(value, lowest), limits.high if math.isfinite(limits.high) else value))
        self.lineEdit().setText(write_number(value, self._is_grouped))
        self.edited.emit(self._read(self.lineEdit().text()))

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Let both arrows be pressed; limits hold."""
        return QAbstractSpinBox.StepEnabledFlag.StepUpEnabled | QAbstractSpinBox.StepEnabledFlag.StepDownEnabled

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """Let anything be typed: what makes no sense is told, not swallowed."""
        return QValidator.State.Acceptable, text, at

    def sizeHint(self) -> QSize:
        """Be as wide as other fields."""
        return QSize(self.minimumWidth(), super().sizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page rather than change a number that nobody has chosen."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def _read(self, text: str) -> Any:
        return read_number(text, self._field.kind == "whole")


def write_number(value: int | float, is_grouped: bool = True) -> str:
    """Return a number so that it reads back as the very same; thousands of large whole ones apart."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _LEAST_GROUPED else repr(value)
    return f"{value:,}".replace(",", _GROUP) if is_grouped and abs(value) >= _LEAST_GROUPED else str(value)


def read_number(text: str, whole: bool) -> int | float | Unread:
    """Return the number a text says; thousands may stand apart, and a comma may be the point."""
    bare = re.sub(r"[\s_\u202f\u00a0']", "", text)
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", bare) and whole:
        bare = bare.replace(",", "")
    try:
        if whole:
            return int(bare)
        value = float(bare.replace(",", ".") if bare.count(",") == 1 and "." not in bare else bare)
        return value if math.isfinite(value) else Unread(text)
    except ValueError:
        return Unread(text)


class ListEdit(QLineEdit):
    """Some whole numbers, with commas or spaces between them."""

    edited = Signal(object)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.setObjectName(field.name)
        self.setFixedWidth(WIDTH_PX)
        self.textEdited.connect(lambda text: self.edited.emit(read_list(text)))

    def show_value(self, value: Sequence[int]) -> None:
        """Show numbers; those that are typed at this moment stay as they are typed."""
        if not self.hasFocus() or read_list(self.text()) != tuple(value):
            self.setText(", ".join(map(str, value)))


def read_list(text: str) -> tuple[int, ...] | Unread:
    """Return the whole numbers a text lists."""
    try:
        return tuple(int(part) for part in re.split(r"[\s,;]+", text.strip(" ,;()[]")) if part) or Unread(text)
    except ValueError:
        return Unread(text)


class ChoiceEdit(ChoiceBox):
    """One of several values, each with its words, some of which cannot be chosen now."""

    edited = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        super().__init__(name, choices)
        self.setFixedWidth(WIDTH_PX)
        self.chosen.connect(self.edited)
        self._make_room()

    def set_choices(self, choices: Sequence[tuple[Any, str, str]]) -> None:
        """Offer values with words, and of those that cannot be chosen the reason; the current one stays."""
        self.offer([(value, words) for value, words, _ in choices])
        with QSignalBlocker(self):
            model = self.model()
            for row, (_, _, why) in enumerate(choices):
                if why and isinstance(model, QStandardItemModel):
                    model.item(row).setEnabled(False)
                self.setItemData(row, why or None, Qt.ItemDataRole.ToolTipRole)
        self._make_room()

    def show_value(self, value: object) -> None:
        """Show one; it is offered from then on, if it was not."""
        with QSignalBlocker(self):
            if self.findData(value) < 0:
                self.addItem(str(value), value)
        super().show_value(value)

    def _make_room(self) -> None:
        self.view().setMinimumWidth(max(WIDTH_PX, self.view().sizeHintForColumn(0) + 24))


class SwitchEdit(QCheckBox):
    """Yes or no."""

    edited = Signal(object)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.setObjectName(field.name)
        self.clicked.connect(lambda: self.edited.emit(self.isChecked()))

    def show_value(self, value: bool) -> None:
        """Show whether it is on."""
        self.setChecked(value)


Editor = NumberEdit | ListEdit | ChoiceEdit | SwitchEdit


def make_editor(field: Field, translated: Sequence[tuple[Any, str]]) -> Editor:
    """Return the editor for a field. translated: its choices in the person's language."""
    if field.name == "resolution_px" or field.kind == "choice":
        return ChoiceEdit(field.name, translated)
    if field.kind == "switch":
        return SwitchEdit(field)
    return ListEdit(field) if field.kind == "list" else NumberEdit(field)


def mark_wrong(widget: QWidget, wrong: bool) -> None:
    """Frame a field in the colour of mistakes, or no longer."""
    _restyle(widget, "wrong", wrong)


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget one of the roles of the theme."""
    _restyle(widget, "role", role)


def _restyle(widget: QWidget, name: str, value: object) -> None:
    if (widget.property(name) or type(value)()) != value:  # styling takes time
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
