"""Export contact sheet: steps side by side with their names."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from sni_desktop.exporting.choices import SheetChoices
from sni_desktop.exporting.fields import LookFields, add_row, fill_combo, spin, tr
from sni_desktop.exporting.frame import ExportFrame, Place, Subject, check_suffix
from sni_desktop.exporting.picture import SUFFIXES
from sni_engine.api.errors import EngineError
from sni_engine.api.pictures import PictureForm
from sni_engine.api.sheets import SheetForm, choose_nodes, count_columns, describe_nodes, draw_sheet

_MOST_SHOWN = 36
_CELL_PX = 64
Agreed = Callable[[SheetChoices, Path, bool], None]


class SheetDialog(QDialog):
    """Tells while one chooses how many pictures there will be. agreed: what Export does."""

    def __init__(self, parent: QWidget, subject: Subject, choices: SheetChoices, place: Place, agreed: Agreed) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._subject = subject
        self._agreed = agreed
        self._frame = ExportFrame(self, tr("Export contact sheet"), self._check, self._agree)
        steps = [
            (tr("All steps up to the current one"), "path"),
            (tr("Starred steps"), "starred"),
            (tr("All steps of all branches"), "all"),
        ]
        self._nodes = fill_combo(steps, choices.nodes, self._change)
        self._columns = spin(0, 100, "")
        self._columns.setSpecialValueText(tr("balanced"))
        self._columns.setValue(choices.columns)
        self._columns.valueChanged.connect(lambda: self._change())
        self._labels = QCheckBox(tr("Number, name and star under each"))
        self._labels.setChecked(choices.labels)
        add_row(self._frame.form, tr("Steps"), self._nodes, "nodes")
        add_row(self._frame.form, tr("Columns"), self._columns, "columns")
        self._frame.form.addRow("", self._labels)
        self._fields = LookFields(self._frame.form, SUFFIXES, subject.own_px, choices.look)
        self._target = self._frame.add_target(place, tr("Export contact sheet"), self._tell)
        self._fields.changed.connect(self._change)
        self._change()

    @property
    def choices(self) -> SheetChoices:
        """What is chosen."""
        nodes, labels = self._nodes.currentData(), self._labels.isChecked()
        return SheetChoices(self._fields.look, nodes, self._columns.value(), labels)

    def _check(self) -> None:
        check_suffix(self._target.path, self._fields.look.suffix)
        choose_nodes(self._subject.history, self._nodes.currentData())

    def _agree(self) -> None:
        self._agreed(self.choices, self._target.path, self._fields.state)

    def _change(self) -> None:
        self._target.set_suffix(self._fields.look.suffix)
        self._show_sheet()
        self._tell()

    def _show_sheet(self) -> None:
        """Show the sheet as it will be, of the pictures that are at hand."""
        now = self.choices
        try:
            nodes = choose_nodes(self._subject.history, now.nodes)
        except EngineError:
            nodes = ()
        known = [(node, picture) for node in nodes if (picture := self._subject.picture_of(node.id)) is not None]
        if known:
            few = known[:_MOST_SHOWN]
            form = SheetForm(min(_CELL_PX, self._subject.own_px), now.columns or None, now.labels, now.look.filter)
            sheet = draw_sheet([picture for _, picture in few], describe_nodes([node for node, _ in few]), form)
            self._frame.show_picture(sheet, PictureForm(None, now.look.filter))

    def _tell(self) -> None:
        now, told = self.choices, ""
        if self._frame.find_problem() is None:
            count = len(choose_nodes(self._subject.history, now.nodes))
            told = tr("{count} pictures of {size} px in {columns} columns.").replace("{count}", str(count))
            told = told.replace("{size}", str(now.look.size_px or self._subject.own_px))
            told = told.replace("{columns}", str(count_columns(count, now.columns or None)))
        self._frame.refresh(told)
