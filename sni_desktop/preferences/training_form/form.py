"""The form of a new training run: everything that can be set, what is wrong with it, and what it would take."""

import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sni_desktop.activities.training_data import DataNow, PictureWish
from sni_desktop.panels.groups import divider, heading
from sni_desktop.panels.scroll import Scroll
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.push_buttons import make_button
from sni_desktop.preferences.training_form import draft as drafts
from sni_desktop.preferences.training_form.devices import describe_chosen, list_choices
from sni_desktop.preferences.training_form.draft import DATA, HOURS, OUT, Draft
from sni_desktop.preferences.training_form.editors import ChoiceEdit
from sni_desktop.preferences.training_form.forecast import ForecastLine, Prediction
from sni_desktop.preferences.training_form.place import BudgetPart, StartPart
from sni_desktop.preferences.training_form.problems import ProblemList
from sni_desktop.preferences.training_form.rows import FieldGroup, FieldRow
from sni_desktop.preferences.training_form.source import SourcePart
from sni_desktop.theme import Theme
from sni_desktop.words import fill
from sni_engine.api.forecast import Forecast
from sni_engine.api.paths import data_folder
from sni_engine.api.train_command import join_words, list_words
from sni_engine.api.train_fields import GROUPS, list_fields, say_limits
from sni_engine.api.train_presets import PRESETS
from sni_engine.api.train_problems import Problem
from sni_engine.api.train_shapes import list_resolutions
from sni_engine.api.training import TrainConfig

_LARGEST_PORTRAIT_PX = 128  # larger ones take seconds to draw, and are shown small


class TrainingForm(QWidget):
    """Holds a draft; every change makes another one, which all widgets show. Knows neither engine nor processes.

    A start is asked for once a prediction of these very settings found nothing in the way, or could not be made.
    """

    started = Signal(object, object, float)  # TrainConfig, the run's folder, hours or infinity
    resume_asked = Signal(object)  # the folder of the run that is in the way
    left = Signal()  # without starting anything
    pictures_wanted = Signal(object)  # PictureWish, or None
    look_again_asked = Signal()
    forecast_wanted = Signal(object, object)  # TrainConfig, folder
    forecast_cancelled = Signal()

    def __init__(self, theme: Theme, folder: Path | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._folder = folder or data_folder() / "runs"
        self._draft = drafts.start_draft(self._folder)
        self._before = self._draft  # as it was before another preset took its changes away
        self._data = DataNow()
        self._prediction = Prediction()
        self._starts_after = False
        self._has_begun = False  # what is filled in: another run is another form
        self._wish: PictureWish | None = None
        self.rows: dict[str, FieldRow] = {name: self._make_row(name) for name in list_fields() if name != DATA}
        self._make_parts()
        self._lay_out()
        self.setAcceptDrops(True)
        self._show()

    @property
    def draft(self) -> Draft:
        """What is filled in."""
        return self._draft

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that keeps the run from starting."""
        own = drafts.find_problems(self._draft, self._data.devices)
        blamed = {problem.field for problem in own}
        checked = self._data.checked if self._draft.source != "portraits" and DATA not in blamed else None
        found = [*own, *(Problem(DATA, text) for text in (checked.problems if checked else ()))]
        if self._data.trouble is not None and self._draft.source != "portraits" and DATA not in blamed:
            found.append(Problem(DATA, " ".join(self._data.trouble).strip()))
        if self._prediction.counts and not found:
            found += [Problem("", text) for text in self._prediction.forecast.problems]  # type: ignore[union-attr]
        return tuple(found)

    def open_new(self) -> None:
        """Show what was filled in and not begun, else a form anew, with a free name.

        Whoever has come to answer its questions since is asked all of them.
        """
        self._wish = None
        now = self._draft
        if self._has_begun:
            self._prediction = Prediction()
            self._set(drafts.start_after(now))
        else:
            self._prediction = self._prediction.expire()
            self._set(drafts.choose_folder(now, now.folder))
        self._has_begun = False
        self._help.setText(_describe_form())
        self._show()
        self._scroll.verticalScrollBar().setValue(0)
        self._start.name.setFocus()
        self._start.name.selectAll()

    def show_config(self, config: TrainConfig, preset: str) -> None:
        """Fill in settings there are already."""
        self._set(drafts.show_config(self._folder, config, preset))

    def show_data(self, now: DataNow) -> None:
        """Show what is known of pictures and devices."""
        has_other_devices = now.devices != self._data.devices
        self._data = now
        if has_other_devices:
            editor = self.rows["device"].editor
            assert isinstance(editor, ChoiceEdit)
            editor.set_choices(list_choices(now.devices, now.best_device))
        self._show()

    def show_progress(self, text: str, fraction: float) -> None:
        """Show how far a prediction is."""
        if self._prediction.is_running:
            self._prediction = Prediction(self._prediction.forecast, True, True, tr(text), fraction)
            self._line.show_prediction(self._prediction)

    def show_forecast(self, forecast: Forecast) -> None:
        """Show a prediction; start if that is what it was for and nothing is in the way."""
        starts, self._starts_after = self._starts_after, False
        self._prediction = Prediction(forecast)
        self._show()
        if starts and forecast.can_run and not self.problems:
            self._begin()

    def show_forecast_failure(self, title: str, hint: str) -> None:
        """Say that nothing could be predicted; the next Start starts all the same."""
        self._starts_after = False
        self._prediction = Prediction(trouble=(title, hint))
        self._show()

    def focus_field(self, name: str) -> None:
        """Go to a field, wherever it is folded away."""
        places = {OUT: self._start.name, DATA: self._source.path_field, HOURS: self._budget.hours}
        for group in self._groups.values():
            if any(row.field.name == name for row in group.rows):
                group.unfold()
        field = places.get(name) or self.rows[name].editor
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        # once what was folded away has its place
        QTimer.singleShot(0, field, lambda: self._scroll.ensureWidgetVisible(field, 0, 60))

    def write_command(self) -> str:
        """Return the line that starts the same run in a terminal."""
        now = self._draft
        words = list_words(now.wishes, now.preset, PRESETS[now.preset], now.out, now.limit)
        return join_words(words, windows=sys.platform == "win32")

    # -- building ----------------------------------------------------------------------------------------------------

    def _make_row(self, name: str) -> FieldRow:
        row = FieldRow(list_fields()[name], self._theme, self)
        row.edited.connect(lambda name, value: self._set(drafts.change(self._draft, name, value)))
        row.reset_asked.connect(lambda name: self._set(drafts.reset(self._draft, name)))
        row.entered.connect(self._explain)
        return row

    def _make_parts(self) -> None:
        self._groups = {
            group.name: FieldGroup(
                tr(group.title),
                [row for row in self.rows.values() if row.field.group == group.name],
                self._theme,
                group.folded,
            )
            for group in GROUPS
        }
        self._start = StartPart()
        self._start.name_chosen.connect(lambda name: self._set(drafts.choose_name(self._draft, name)))
        self._start.folder_chosen.connect(lambda folder: self._set(drafts.choose_folder(self._draft, folder)))
        self._start.preset_chosen.connect(self._choose_preset)
        self._source = SourcePart(self._theme, self._groups["pictures"])
        self._source.source_chosen.connect(lambda source: self._set(drafts.choose_source(self._draft, source)))
        self._source.data_chosen.connect(lambda path: self._set(drafts.choose_data(self._draft, path)))
        self._source.look_asked.connect(self.look_again_asked)
        self._budget = BudgetPart()
        self._budget.switched.connect(lambda by_hours: self._set(drafts.choose_budget(self._draft, by_hours)))
        self._budget.hours_edited.connect(lambda hours: self._set(drafts.change(self._draft, HOURS, hours)))
        self._problems = ProblemList(self._theme)
        self._problems.followed.connect(self.focus_field)
        self._problems.resume_asked.connect(lambda: self.resume_asked.emit(self._draft.out))
        self._line = ForecastLine()
        self._line.cancelled.connect(self._cancel_forecast)
        self._help = QLabel(wordWrap=True)
        self._help.setObjectName("field-help")
        self._help.setProperty("role", "quiet")
        self._help.setMinimumHeight(2 * self._help.fontMetrics().lineSpacing())
        self._help.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._help.setText(_describe_form())
        self._help.linkActivated.connect(self._bring_back)
        self._buttons = {
            "back": make_button("form-back", tr("Back"), self._leave),
            "copy": make_button("copy-command", tr("Copy as command"), self._copy),
            "predict": make_button("predict", tr("Predict"), self._predict),
            "start": make_button("start-run", tr("Start"), self._ask_to_start),
        }
        self._buttons["start"].setProperty("role", "primary")

    def _lay_out(self) -> None:
        page = QWidget()
        body = QVBoxLayout(page)
        body.setContentsMargins(0, 0, 8, 8)
        body.setSpacing(10)
        parts: dict[str, list[QWidget]] = {"pictures": [self._source], "budget": [self._groups["budget"], self._budget]}
        body.addWidget(self._start)
        for group in GROUPS:
            if not group.folded:
                body.addWidget(divider())
                body.addWidget(heading(tr(group.title)))
            for part in parts.get(group.name, [self._groups[group.name]]):
                body.addWidget(part)
            if group.name == "computer":
                body.addWidget(divider())
                body.addWidget(heading(tr("Advanced")))
        body.addStretch(1)
        self._scroll = Scroll(page)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._buttons["back"])
        buttons.addStretch(1)
        for name in ("copy", "predict", "start"):
            buttons.addWidget(self._buttons[name])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(divider())
        for widget in (self._help, self._problems, self._line):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Return in a field is to press none of them

    # -- what the person does ----------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take folders and zip files."""
        if _find_dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Learn from what is dropped."""
        path = _find_dropped(event)
        if path:
            event.acceptProposedAction()
            self._set(drafts.choose_data(self._draft, path))

    def _set(self, draft: Draft) -> None:
        if draft == self._draft:
            return
        if (draft.wishes, draft.out) != (self._draft.wishes, self._draft.out):
            if self._prediction.is_running:
                self.forecast_cancelled.emit()
            self._starts_after = False
            self._prediction = self._prediction.expire()
        self._draft = draft
        self._show()

    def _leave(self) -> None:
        """Go without starting: a check on the way to a start is given up, what is filled in stays."""
        if self._prediction.is_running:
            self._cancel_forecast()
        self.left.emit()

    def _choose_preset(self, name: str) -> None:
        """Take a preset's settings; those that the person had changed can be brought back."""
        before = self._draft
        count = len(before.changed - {"fit", "device", "threads"})
        self._set(drafts.choose_preset(before, name))
        if count and name != before.preset:
            self._before = before
            words = tr("One setting that you had changed is as in {preset} now.")
            if count > 1:
                words = fill(tr("{count} settings that you had changed are as in {preset} now."), count=count)
            words = fill(words, preset=name)
            self._help.setText(f'{words} <a href="back" style="color:{self._theme.colours.accent}">{tr("Undo")}</a>')

    def _bring_back(self) -> None:
        self._help.setText(_describe_form())
        self._set(self._before)

    def _predict(self) -> None:
        self._prediction = self._prediction.begin()
        self.forecast_wanted.emit(self._draft.wishes.checked(), self._draft.out)
        self._show()

    def _cancel_forecast(self) -> None:
        self._starts_after = False
        self._prediction = self._prediction.expire()
        self.forecast_cancelled.emit()
        self._show()

    def _ask_to_start(self) -> None:
        """Start, after a prediction of these settings; without one when the last could not be made."""
        if self._prediction.counts or self._prediction.trouble is not None:
            self._begin()
        else:
            self._starts_after = True
            self._predict()

    def take_back(self) -> None:
        """Keep what is filled in: it could not be begun."""
        self._has_begun = False

    def _begin(self) -> None:
        self._has_begun = True
        self.started.emit(self._draft.wishes.checked(), self._draft.out, self._draft.limit)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.write_command())
        self._help.setText(tr("Copied: paste it into a terminal to start the same run there."))

    # -- showing -----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        now, problems = self._draft, self.problems
        by_field = {problem.field: problem.text for problem in reversed(problems) if problem.field}
        resolution = self.rows["resolution_px"].editor
        assert isinstance(resolution, ChoiceEdit)
        resolution.set_choices([(side, f"{side} px", "") for side in list_resolutions(now.wishes.cells)])
        self._start.show_draft(now, by_field)
        self._source.show_draft(now, by_field)
        for group in self._groups.values():
            group.show_draft(now, by_field)
        devices, best = self._data.devices, self._data.best_device
        self.rows["device"].set_note(describe_chosen(devices, best, now.wishes.device))
        counts = self._prediction.forecast if self._prediction.counts else None
        self._budget.show_draft(now, by_field, counts)
        self._source.show_data(self._data)
        self._problems.show_problems(problems, drafts.holds_run(now.out) if now.name.strip() else False)
        self._line.show_prediction(self._prediction)
        self._judge(problems)
        self._want_pictures()

    def _judge(self, problems: tuple[Problem, ...]) -> None:
        """Let be pressed what makes sense now."""
        busy = self._prediction.is_running
        is_sound = not any(problem.field for problem in problems)
        is_looking = self._data.is_looking and self._draft.source != "portraits"
        self._buttons["start"].setEnabled(not problems and not busy and not is_looking)
        self._buttons["predict"].setEnabled(is_sound and not busy)
        self._buttons["copy"].setEnabled(is_sound)
        self._buttons["start"].setText(tr("Checking…") if busy and self._starts_after else tr("Start"))

    def _want_pictures(self) -> None:
        """Ask for pictures when what they depend on has changed and makes sense."""
        draft, now = self._draft, self._draft.wishes
        blamed = {problem.field for problem in drafts.find_problems(draft)}
        if blamed & {"resolution_px", "variety", "fit"}:
            return  # what is shown may stay while a number is being typed
        wish = None
        if draft.source == "portraits":
            wish = PictureWish("", "crop", min(now.resolution_px, _LARGEST_PORTRAIT_PX), now.variety)
        elif now.data and DATA not in blamed:
            wish = PictureWish(now.data, now.fit, now.resolution_px, 0.0)
        if wish != self._wish:
            self._wish = wish
            self.pictures_wanted.emit(wish)

    def _explain(self, name: str) -> None:
        field = list_fields()[name]
        limits = say_limits(field) if field.limits else ""
        parts = [f"{tr(field.label)}: {tr(field.help)}", f"{tr(limits)}." if limits else "", field.flag]
        self._help.setText("  ".join(part for part in parts if part))


def _describe_form() -> str:
    return tr("Go to a field to read here what it does. “Predict” tells how long the run takes, and how much memory.")


def _find_dropped(event: QDropEvent) -> str:
    """Return the folder or zip file that is dragged, "" for anything else."""
    for url in event.mimeData().urls():
        path = Path(url.toLocalFile())
        if url.isLocalFile() and (path.is_dir() or path.suffix.lower() == ".zip"):
            return str(path)
    return ""
