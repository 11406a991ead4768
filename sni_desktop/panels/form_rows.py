"""The rows of a form: a number on a slider or in a box, one of several values, a list of numbers."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QLineEdit, QWidget

from sni_desktop.panels.choice_box import ChoiceBox
from sni_desktop.panels.live import LiveSlider
from sni_desktop.words import translate
from sni_engine.api.edits import Choice, Numbers, Range

_MOST_STEPS = 1000  # more than a hand can aim at: a box to type into instead

Tell = Callable[[Any], object]


class Row(Protocol):
    """The widgets of one field."""

    def place(self, layout: QGridLayout, at: int, beneath: bool) -> None:
        """Put the widgets into a row; beneath: the name above, the rest in full width under it."""

    def show_value(self, value: Any) -> None:
        """Show a value."""

    def set_help(self, text: str) -> None:
        """Explain the field."""

    def set_enabled(self, enabled: bool) -> None:
        """Let it be changed or not."""


def make_row(name: str, limits: Range | Choice | Numbers, drag: Tell, release: Tell, drop: Callable[[], object]) -> Row:
    """Return the row that suits what a field says of itself. drag, release, drop: what the person does to it."""
    if isinstance(limits, Range):
        return NumberRow(name, limits, drag, release, drop)
    made = ChoiceRow(name, limits, release) if isinstance(limits, Choice) else ListRow(name, limits, release)
    made.set_help(translate(limits.help))
    return made


class NumberRow:
    """The widgets of one number: its name, a slider with its value in words, or a box for many steps."""

    def __init__(
        self,
        name: str,
        limits: Range,
        drag: Tell,
        release: Tell,
        drop: Callable[[], object],
    ) -> None:
        self._limits = limits
        self._label = QLabel(translate(limits.label))
        self._value = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        longest = max((say_number(limits, value) for value in (limits.low, limits.high)), key=len)
        self._value.setMinimumWidth(self._value.fontMetrics().horizontalAdvance(longest) + 2)
        self._box: QDoubleSpinBox | None = None
        self._slider: LiveSlider | None = None
        steps = round((limits.high - limits.low) / limits.step)
        if steps > _MOST_STEPS:
            self._box = self._make_box(name)
            self._box.valueChanged.connect(drag)
            self._box.editingFinished.connect(lambda: release(self._box.value()) if self._box else None)
        else:
            self._slider = LiveSlider(name, steps)
            self._slider.moved.connect(lambda step: drag(self._to_value(step)))
            self._slider.let_go.connect(lambda step: release(self._to_value(step)))
            self._slider.abandoned.connect(drop)
        self._label.setBuddy(self._field)
        self._field.setAccessibleName(translate(limits.label))
        self.set_help(translate(limits.help))

    @property
    def _field(self) -> QWidget:
        field = self._slider or self._box
        assert field is not None
        return field

    def _make_box(self, name: str) -> QDoubleSpinBox:
        limits, box = self._limits, QDoubleSpinBox()
        box.lineEdit().setTextMargins(5, 0, 0, 0)  # styles pad everything but this
        box.setObjectName(name)
        box.setDecimals(len(f"{limits.step:g}".partition(".")[2]))
        box.setRange(limits.low, limits.high)
        box.setSingleStep(limits.step)
        box.setKeyboardTracking(False)
        box.setSuffix(f" {translate(limits.unit)}" if limits.unit else "")
        return box

    def place(self, layout: QGridLayout, at: int, beneath: bool) -> None:
        """Put the widgets into a row; beneath: name and value above, the slider in full width under them."""
        if beneath:
            layout.addWidget(self._label, at, 0)
            layout.addWidget(self._value, at, 1)
            layout.addWidget(self._field, at + 1, 0, 1, 2)
            self._label.setProperty("role", "heading")
            layout.setColumnStretch(0, 1)
            return
        layout.addWidget(self._label, at, 0)
        if self._slider is None:
            layout.addWidget(self._field, at, 1, 1, 2)
        else:
            layout.addWidget(self._field, at, 1)
            layout.addWidget(self._value, at, 2)
        layout.setColumnStretch(1, 1)

    def show_value(self, value: float) -> None:
        """Show a value."""
        if self._slider is not None:
            self._slider.show_value(round((value - self._limits.low) / self._limits.step))
            self._value.setText(say_number(self._limits, value))
        elif self._box is not None:
            with QSignalBlocker(self._box):
                self._box.setValue(value)

    def set_help(self, text: str) -> None:
        """Explain the number."""
        for widget in (self._label, self._field):
            widget.setToolTip(text)
        self._field.setAccessibleDescription(text)

    def set_enabled(self, enabled: bool) -> None:
        """Let it be changed or not."""
        for widget in (self._label, self._field, self._value):
            widget.setEnabled(enabled)

    def _to_value(self, step: int) -> float:
        limits = self._limits
        # rounded, so that the value is the one a person would type, not the nearest sum of steps
        return min(round(limits.low + step * limits.step, 10), limits.high)


class FieldRow:
    """A name, and one field beside or beneath it."""

    def __init__(self, label: str, field: QWidget) -> None:
        self._label = QLabel(translate(label))
        self._field = field
        self._label.setBuddy(field)
        field.setAccessibleName(translate(label))

    def place(self, layout: QGridLayout, at: int, beneath: bool) -> None:
        """Put the widgets into a row; beneath: the name above, the field in full width under it."""
        layout.addWidget(self._label, at, 0)
        if beneath:
            self._label.setProperty("role", "heading")
            layout.addWidget(self._field, at + 1, 0, 1, 3)
        else:
            layout.addWidget(self._field, at, 1, 1, 2)
        layout.setColumnStretch(1, 1)

    def set_help(self, text: str) -> None:
        """Explain the field."""
        for widget in (self._label, self._field):
            widget.setToolTip(text)
        self._field.setAccessibleDescription(text)

    def set_enabled(self, enabled: bool) -> None:
        """Let it be changed or not."""
        for widget in (self._label, self._field):
            widget.setEnabled(enabled)


class ChoiceRow(FieldRow):
    """One of several values; which there are may be known to the open model alone."""

    def __init__(self, name: str, choice: Choice, tell: Tell) -> None:
        self._box = ChoiceBox(name)
        self._box.setPlaceholderText(QCoreApplication.translate("Form", "Choose…"))
        self._box.setMinimumContentsLength(6)
        self._box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.offer([(value, translate(words)) for value, words in choice.options])
        self._box.chosen.connect(tell)
        super().__init__(choice.label, self._box)

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Let other values be chosen."""
        self._box.offer(choices)

    def show_value(self, value: Any) -> None:
        """Show a value; one that cannot be chosen shows as none."""
        self._box.show_value(value)


class ListRow(FieldRow):
    """Numbers with spaces between them; what makes no sense is framed in the colour of mistakes, and not told."""

    def __init__(self, name: str, limits: Numbers, tell: Tell) -> None:
        self._limits = limits
        self._line = QLineEdit()
        self._line.setObjectName(name)
        self._line.setPlaceholderText(translate(limits.empty))
        self._line.textEdited.connect(lambda text: self._mark(read_numbers(text, limits) is None))
        self._line.editingFinished.connect(self._finish)
        self._shown: tuple[float, ...] = ()
        self._tell = tell
        super().__init__(limits.label, self._line)

    def show_value(self, value: Sequence[float]) -> None:
        """Show numbers; those that are typed at this moment stay as they are typed."""
        self._shown = tuple(value)
        if not self._line.hasFocus():
            self._line.setText("  ".join(f"{number:g}" for number in value))
            self._mark(False)

    def _finish(self) -> None:
        numbers = read_numbers(self._line.text(), self._limits)
        if numbers is not None and numbers != self._shown:
            self._tell(numbers)

    def _mark(self, wrong: bool) -> None:
        if bool(self._line.property("wrong")) != wrong:
            self._line.setProperty("wrong", wrong)
            self._line.style().unpolish(self._line)
            self._line.style().polish(self._line)


def read_numbers(text: str, limits: Numbers) -> tuple[float, ...] | None:
    """Return the numbers a text lists; None when it lists anything else, too many, or what is out of range."""
    words = re.split(r"[\s;]+", text.strip(" ;")) if text.strip(" ;") else []
    try:
        numbers = tuple(float(word.rstrip(",").replace(",", ".")) for word in words)
    except ValueError:
        return None
    fits = all(math.isfinite(number) and limits.low <= number <= limits.high for number in numbers)
    return numbers if fits and len(numbers) <= limits.most else None


def say_number(limits: Range, value: float) -> str:
    """Return a number as people say it: shares of 1 in per cent, others with their unit."""
    if (limits.low, limits.high, limits.unit) == (0.0, 1.0, ""):
        return f"{round(value * 100)} %"
    return f"{value:g} {translate(limits.unit)}".strip()
