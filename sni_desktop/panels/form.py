"""A form made from a method's parameter class: labels, limits, choices and help come from the fields' metadata."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from sni_desktop.panels.form_rows import ChoiceRow, Row, make_row
from sni_engine.api.edits import Choice, Numbers, Params, Range


class Form(QWidget):
    """One row for each field that says how it may be set. Holds the values shown, and tells what becomes of them.

    only: the fields to show, all of them when not given; the others keep the values they are shown with.
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
        for name, limits in find_rows(params):
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

    def offer(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        """Let other values be chosen in a field, each with its words."""
        row = self._rows[name]
        assert isinstance(row, ChoiceRow)
        row.offer(choices)
        row.show_value(getattr(self._params, name))

    def _add_row(self, layout: QGridLayout, name: str, limits: Range | Choice | Numbers, beneath: bool) -> Row:
        row = make_row(
            name,
            limits,
            lambda value: self.dragged.emit(self._change(name, value)),
            lambda value: self.released.emit(self._change(name, value)),
            self.dropped.emit,
        )
        row.place(layout, layout.rowCount(), beneath)
        return row

    def _change(self, name: str, value: Any) -> Params:
        changes: dict[str, Any] = {name: value}
        self._params = replace(self._params, **changes)
        self._rows[name].show_value(value)
        return self._params


def find_rows(params: Params) -> list[tuple[str, Range | Choice | Numbers]]:
    """Return the fields that say how they may be set, in order."""
    found: list[tuple[str, Any]] = []
    for item in fields(params):
        known = (item.metadata[kind] for kind in ("range", "choice", "numbers") if kind in item.metadata)
        found += [(item.name, limits) for limits in known]
    return found
