"""A form made from a parameter class: one row for each number that says how it may be set."""

from dataclasses import fields, replace

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QWidget

from sni_engine.api.edits import Params, Range


class NumberBox(QDoubleSpinBox):
    """One number within its range; numbers from 0 to 1 without a unit are shown in percent, as all over the window."""

    def __init__(self, limits: Range) -> None:
        super().__init__()
        is_part = not limits.unit and (limits.low, limits.high) == (0.0, 1.0)
        self._scale = 100.0 if is_part else 1.0
        unit = "%" if is_part else limits.unit
        self.setRange(limits.low * self._scale, limits.high * self._scale)
        self.setSingleStep(limits.step * self._scale)
        self.setDecimals(0 if limits.step * self._scale >= 1 else 2)
        self.setSuffix(f" {unit}" if unit else "")
        self.setKeyboardTracking(False)  # half-typed numbers are nobody's business
        self.setToolTip(_tr(limits.help))
        self.setAccessibleName(_tr(limits.label))
        self.setAccessibleDescription(_tr(limits.help))

    @property
    def number(self) -> float:
        """The number in its own unit."""
        return round(self.value() / self._scale, 6)

    def show_number(self, number: float) -> None:
        """Show another number; nothing is emitted."""
        with QSignalBlocker(self):
            self.setValue(number * self._scale)


class ParamsForm(QWidget):
    """Shows the numbers of one parameter class; emits the whole value when a person changes one of them."""

    changed = Signal(object)

    def __init__(self, params: Params) -> None:
        super().__init__()
        self._params = params
        self._boxes: dict[str, NumberBox] = {}
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for item in fields(params):
            limits = item.metadata.get("range")
            if isinstance(limits, Range):
                box = self._boxes[item.name] = NumberBox(limits)
                box.setObjectName(item.name)
                box.valueChanged.connect(lambda: self.changed.emit(self.params))
                layout.addRow(_tr(limits.label), box)
        self.show_params(params)

    @property
    def params(self) -> Params:
        """What the form says."""
        return replace(self._params, **{name: box.number for name, box in self._boxes.items()})

    def show_params(self, params: Params) -> None:
        """Show other values of the same class; nothing is emitted."""
        self._params = params
        for name, box in self._boxes.items():
            box.show_number(getattr(params, name))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Params", text)
