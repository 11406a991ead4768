"""How long a new run may take, and where it is kept: images or hours, a name, a folder."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from sni_desktop.panels.plain import plain
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.training_form.draft import HOURS, OUT, Draft
from sni_desktop.preferences.training_form.editors import WIDTH_PX, ChoiceEdit, NumberEdit, mark_wrong
from sni_desktop.preferences.training_form.forecast import say_seconds
from sni_desktop.words import fill
from sni_engine.api.forecast import Forecast
from sni_engine.api.train_fields import Field
from sni_engine.api.train_presets import PRESETS, PURPOSES
from sni_engine.api.train_problems import Limits

_LABEL_PX = 148
_HOURS = Field(HOURS, "number", "Hours", "budget", 1, "hours", (), Limits(0, above=True), "")


class StartPart(QWidget):
    """Name, folder and preset of a run."""

    name_chosen = Signal(str)
    folder_chosen = Signal(object)  # Path
    preset_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path()
        self.name: QLineEdit = QLineEdit()
        self.name.setObjectName(OUT)
        self.name.setAccessibleName(tr("Name of the run"))
        self.name.textEdited.connect(self.name_chosen)
        self._where = QLabel(wordWrap=False, textFormat=Qt.TextFormat.PlainText)
        self._where.setProperty("role", "quiet")
        self._where.setMinimumWidth(40)
        self._change = QPushButton(tr("Elsewhere…"))
        self._change.setObjectName("choose-folder")
        self._change.setToolTip(tr("Keep the run in another folder"))
        self._change.clicked.connect(lambda: self._ask())
        self.preset: ChoiceEdit = ChoiceEdit("preset", [(name, name) for name in PRESETS])
        for at, name in enumerate(PRESETS):
            self.preset.setItemData(at, tr(PURPOSES[name]), Qt.ItemDataRole.ToolTipRole)
        self.preset.setAccessibleName(tr("Settings of"))
        self.preset.setToolTip(tr("All settings below at once. The model itself begins from nothing."))
        self.preset.edited.connect(lambda name: self.preset_chosen.emit(name))
        self._about = QLabel(wordWrap=True)
        self._about.setProperty("role", "quiet")
        self._lay_out()

    def show_draft(self, draft: Draft, problems: dict[str, str]) -> None:
        """Show what is chosen."""
        if self.name.text() != draft.name:
            self.name.setText(draft.name)
        mark_wrong(self.name, OUT in problems)
        self._folder = draft.folder
        self._where.setToolTip(plain(str(draft.folder)))
        self._elide()
        self.preset.show_value(draft.preset)
        base = PRESETS[draft.preset]
        purpose = fill(tr("For {what}"), what=tr(PURPOSES[draft.preset]))
        about = fill(tr("{px} px, {images} images"), px=base.resolution_px, images=f"{base.images:,}".replace(",", " "))
        changed = fill(tr("{count} changed"), count=len(draft.changed)) if draft.changed else ""
        self._about.setText("; ".join(part for part in (f"{purpose}: {about}", changed) if part))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shorten the folder's name to what there is room for."""
        if event.type() == QEvent.Type.Resize:
            self._elide()
        return super().eventFilter(watched, event)

    def _elide(self) -> None:
        text = fill(tr("in {folder}"), folder=self._folder)
        width = max(40, self._where.width())
        self._where.setText(self._where.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for at, (text, field) in enumerate(((tr("Name"), self.name), (tr("Settings of"), self.preset))):
            label = QLabel(text)
            label.setFixedWidth(_LABEL_PX)
            label.setBuddy(field)
            grid.addWidget(label, at, 0)
            grid.addWidget(field, at, 1)
        self.name.setFixedWidth(WIDTH_PX)
        grid.addWidget(self._where, 0, 2)
        grid.addWidget(self._change, 0, 3)
        grid.addWidget(self._about, 1, 2, 1, 2)
        grid.setColumnStretch(2, 1)
        self._where.installEventFilter(self)

    def _ask(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Where runs are kept"), str(self._folder))
        if folder:
            self.folder_chosen.emit(Path(folder))


class BudgetPart(QWidget):
    """Whether a run ends after so many images, or already after so many hours."""

    switched = Signal(bool)  # by hours
    hours_edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._by: ChoiceEdit = ChoiceEdit("budget", [(False, tr("after all images")), (True, tr("after some hours"))])
        self._by.setAccessibleName(tr("The run ends"))
        self._by.edited.connect(lambda by_hours: self.switched.emit(by_hours))
        self.hours: NumberEdit = NumberEdit(_HOURS)
        self.hours.setFixedWidth(90)
        self.hours.setAccessibleName(tr("Hours"))
        self.hours.edited.connect(self.hours_edited)
        self._unit = QLabel(tr("hours"))
        self._about = QLabel(wordWrap=True)
        self._about.setProperty("role", "quiet")
        label = QLabel(tr("The run ends"))
        label.setFixedWidth(_LABEL_PX)
        label.setBuddy(self._by)
        row = QHBoxLayout()
        row.setSpacing(10)
        for widget in (label, self._by, self.hours, self._unit):
            row.addWidget(widget)
        row.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.addLayout(row, 0, 0)
        grid.addWidget(self._about, 1, 0)

    def show_draft(self, draft: Draft, problems: dict[str, str], forecast: Forecast | None) -> None:
        """Show what is chosen, and what it comes to. forecast: what is predicted of these settings, if anything is."""
        self._by.show_value(draft.by_hours)
        for widget in (self.hours, self._unit):
            widget.setVisible(draft.by_hours)
        if HOURS not in dict(draft.unread):
            self.hours.show_value(draft.hours)
        mark_wrong(self.hours, HOURS in problems)
        self._about.setText(_describe(draft, forecast))


def _describe(draft: Draft, forecast: Forecast | None) -> str:
    if draft.by_hours:
        words = tr("Saved and ended then, or after all images if that is sooner. It can be resumed.")
        if forecast is not None and forecast.phases:
            share = min(1.0, draft.hours * 3600 / max(forecast.seconds, 1e-9))
            words += " " + fill(tr("About {share} % of the run."), share=round(100 * share))
        return words
    if forecast is not None and forecast.phases:
        return fill(tr("About {time} on this computer."), time=say_seconds(forecast.seconds))
    return ""
