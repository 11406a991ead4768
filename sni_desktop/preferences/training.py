"""The page of training runs: their list, the form of a new one, and the monitor of one, each in its turn."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QStackedLayout, QWidget

from sni_desktop.activities.training import Training, TrainingNow
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.run_list import RunListView
from sni_desktop.theme import Theme


class TrainingPage(QWidget):
    """Asks the activity for what the person wants, and shows what it says."""

    def __init__(self, training: Training, theme: Theme) -> None:
        super().__init__()
        self._training = training
        self._list = RunListView(theme)
        self._list.chosen.connect(training.show)
        self._list.removed.connect(training.remove)
        self._list.add_asked.connect(self._ask_folder)
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._list)
        training.changed.connect(self._show)
        self._show(training.now)

    def _show(self, now: TrainingNow) -> None:
        self._list.show_runs(now.runs)

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("The folder of a training run"))
        if folder:
            self._training.add(Path(folder))
