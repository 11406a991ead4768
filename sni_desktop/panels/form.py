"""A form made from a method's parameter class: labels, limits and help come from the metadata of its fields."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QWidget

from sni_desktop.panels.live import LiveSlider
from sni_desktop.words import translate
from sni_engine.api.edits import Params, Range

_MOST_STEPS = 1000  # more than a hand can aim at: a box to type into instead


class Form(QWidget):
    """One row for each number. Holds the values shown, and tells what the person makes of them.

    only: the fields to show, all that have a range when not given; the others keep the values they are shown with.
    """

    dragged = Signal(object)  # the parameters while a number moves
    released = Signal(object)  # the parameters that are meant
    dropped = Signal()  # a drag ended over something else, such as a dialog

    def __init__(self, params: Params, only: Sequence[str] = (), beneath: bool = False) -> None:
        super().__init__()
        self._params = params
        self._rows: dict[str, Row] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(2)
        for name, limits in find_ranges(params):
            if not only or name in only:
                self._rows[name] = self._add_row(layout, name, limits, beneath)
        self.show_params(params)

    @property
    def params(self) -> Params:
        """The values shown."""
        return self._params

    def show_params(self, params: Params) -> None:
        """Show values; this is not the person's doing."""
        self._params = params
        for name, row in self._rows.items():
            row.show_value(getattr(params, name))

    def set_help(self, name: str, text: str) -> None:
        """Say something more fitting of a field than its class does."""
        self._rows[name].set_help(text)

    def enable(self, name: str, enabled: bool) -> None:
        """Let a field be changed or not."""
        self._rows[name].set_enabled(enabled)

    def _add_row(self, layout: QGridLayout, name: str, limits: Range, beneath: bool) -> "Row":
        row = Row(
            name,
            limits,
            lambda value: self.dragged.emit(self._change(name, value)),
            lambda value: self.released.emit(self._change(name, value)),
            self.dropped.emit,
        )
        row.place(layout, layout.rowCount(), beneath)
        return row

    def _change(self, name: str, value: float) -> Params:
        changes: dict[str, Any] = {name: value}
        self._params = replace(self._params, **changes)
        self._rows[name].show_value(value)
        return self._params


class Row:
    """The widgets of one number: its name, a slider with its value in words, or a box for many steps."""

    def __init__(
        self,
        name: str,
        limits: Range,
        drag: Callable[[float], object],
        release: Callable[[float], object],
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


def find_ranges(params: Params) -> list[tuple[str, Range]]:
    """Return the fields that are numbers with limits, in order."""
    found: list[tuple[str, Any]] = [(item.name, item.metadata.get("range")) for item in fields(params)]
    return [(name, limits) for name, limits in found if limits is not None]


def say_number(limits: Range, value: float) -> str:
    """Return a number as people say it: shares of 1 in per cent, others with their unit."""
    if (limits.low, limits.high, limits.unit) == (0.0, 1.0, ""):
        return f"{round(value * 100)} %"
    return f"{value:g} {translate(limits.unit)}".strip()
