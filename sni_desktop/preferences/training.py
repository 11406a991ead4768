"""The page of training runs: their list, the form of a new one, and the monitor of one, each in its turn."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFileDialog, QStackedLayout, QWidget

from sni_desktop.activities.training import Training, TrainingNow
from sni_desktop.activities.training_data import TrainingData
from sni_desktop.outside import open_outside
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.monitor import Monitor
from sni_desktop.preferences.monitor.questions import ask_images, asks_to_roll_back
from sni_desktop.preferences.run_list import RunListView
from sni_desktop.preferences.training_form.form import TrainingForm
from sni_desktop.preferences.training_form.join import join_form
from sni_desktop.theme import Theme
from sni_desktop.worker.forecasting import Forecaster


class TrainingPage(QWidget):
    """Asks the activities for what the person wants, and shows what they say. Form and monitor are made when wanted."""

    def __init__(self, training: Training, data: TrainingData, theme: Theme) -> None:
        super().__init__()
        self._training = training
        self._data = data
        self._theme = theme
        self._form: TrainingForm | None = None
        self._monitor: Monitor | None = None
        self._list = RunListView(theme)
        self._list.new_asked.connect(self.open_form)
        self._list.chosen.connect(training.show)
        self._list.removed.connect(training.remove)
        self._list.add_asked.connect(self._ask_run)
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._list)
        training.changed.connect(self._show)
        self._show(training.now)

    def open_form(self) -> None:
        """Begin a new run."""
        self._training.show(None)
        form = self._form or self._make_form()
        form.open_new()
        self._data.list_devices()
        self._pages.setCurrentWidget(form)

    def open_list(self) -> None:
        """Show which runs there are."""
        self._training.show(None)
        self._pages.setCurrentWidget(self._list)

    # -- the form ----------------------------------------------------------------------------------------------------

    def _make_form(self) -> TrainingForm:
        self._form = form = TrainingForm(self._theme)
        form.started.connect(self._training.start)
        form.resume_asked.connect(self._training.add)
        form.left.connect(self.open_list)
        forecaster = Forecaster(self)
        join_form(form, self._data, forecaster)
        self._training.closing.connect(forecaster.close)
        self._pages.addWidget(form)
        return form

    # -- the monitor -------------------------------------------------------------------------------------------------

    def _make_monitor(self) -> Monitor:
        self._monitor = monitor = Monitor(self._theme)
        training = self._training
        for signal, act in (
            (monitor.pause_asked, training.pause),
            (monitor.go_on_asked, training.go_on),
            (monitor.stop_asked, training.stop),
            (monitor.save_asked, training.save_now),
            (monitor.sample_asked, training.sample_now),
            (monitor.reveal_asked, open_outside),
            (monitor.locate_asked, self._ask_place),
        ):
            signal.connect(partial(self._do, act))
        monitor.back_asked.connect(self.open_list)
        monitor.resume_asked.connect(lambda batch: self._do(lambda path: training.resume(path, batch)))
        monitor.star_asked.connect(lambda images, on: self._do(lambda path: training.star(path, images, on)))
        monitor.open_asked.connect(lambda images: self._do(lambda path: training.model_wanted.emit(path, images)))
        monitor.roll_back_asked.connect(self._ask_to_roll_back)
        training.star_refused.connect(monitor.give_up_stars)
        monitor.bring_back_asked.connect(lambda: self._do(lambda path: training.roll_back(path, 0)))
        monitor.train_on_asked.connect(self._ask_to_train_on)
        self._pages.addWidget(monitor)
        return monitor

    def _do(self, act: Callable[[Path], object]) -> None:
        """Do something with the run that is shown."""
        if self._training.now.shown is not None:
            act(self._training.now.shown)

    def _ask_to_roll_back(self, images: int) -> None:
        run = self._training.now.run
        if run is not None and asks_to_roll_back(self, run, images):
            self._training.roll_back(run.path, images)

    def _ask_to_train_on(self) -> None:
        run = self._training.now.run
        images = ask_images(self, run) if run is not None else 0
        if run is not None and images:
            self._training.resume(run.path, images=images)

    # -- showing -----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """What was not looked at meanwhile is shown now; a terminal or another window may have begun runs, too."""
        if event.type() == QEvent.Type.Show:
            self._training.begin()
            self._show(self._training.now)
        return super().event(event)

    def _show(self, now: TrainingNow) -> None:
        self._list.show_runs(now.runs)
        if now.run is None:
            if self._form is not None and now.shown == self._form.draft.out:
                self._form.take_back()
                self.open_form()  # what was filled in could not be begun
            elif self._pages.currentWidget() is self._monitor:
                self._pages.setCurrentWidget(self._list)
            return
        monitor = self._monitor or self._make_monitor()
        self._pages.setCurrentWidget(monitor)
        if self.isVisible():
            monitor.show_run(now.run)

    def _ask_run(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("The folder of a training run"))
        if folder:
            self._training.add(Path(folder))

    def _ask_place(self, path: Path) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Where is {name} now?").replace("{name}", path.name))
        if folder:
            self._training.locate(path, Path(folder))
