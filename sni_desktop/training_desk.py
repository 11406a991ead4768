"""What the window does with training runs: their page in the settings, a sign in the status bar, a word at the end."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from sni_desktop.activities.models import describe_added
from sni_desktop.activities.training import Training, TrainingNow
from sni_desktop.activities.training_data import TrainingData
from sni_desktop.preferences.dialog import Page
from sni_desktop.preferences.training import TrainingPage
from sni_desktop.snapshot import Notice
from sni_engine.api.library import ModelAdded
from sni_engine.api.messages import Failed
from sni_engine.api.run_watch import RunNow, State

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow


class TrainingDesk(QObject):
    """Offers the page and the sign, and asks what is to become of trainers when the window closes."""

    def __init__(self, window: "MainWindow", training: Training) -> None:
        super().__init__(window)
        self._window = window
        self.training: Training = training
        self.sign: QPushButton = QPushButton(flat=True)
        self.sign.setObjectName("training-sign")
        self.sign.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        self.sign.clicked.connect(lambda: self.show_alive())
        self.sign.hide()
        window.host.offer_page(Page("training", tr("Training"), "school-outline", self._make_page))
        training.changed.connect(self._show)
        training.ended.connect(self._tell_end)
        training.model_wanted.connect(self.open_model)

    def show(self) -> None:
        """Show the page of training runs."""
        self._window.host.show_settings("training")

    def show_alive(self) -> None:
        """Show the run that a process has now."""
        alive = self.training.now.alive
        if alive:
            self.training.show(alive[0].path)
        self.show()

    def open_model(self, path: Path, images: int = 0) -> None:
        """Put a run's model among the person's own, and show a fresh face of it.

        images: of a kept moment; 0 for the newest.
        """
        models, window = self._window.library.models, self._window

        def use(path: Path) -> None:
            if window.files.may_leave():
                window.host.leave_settings()
                window.host.leave_welcome()
                models.use(path, fresh=True)
                window.raise_()
                window.activateWindow()

        def added(event: ModelAdded) -> None:
            window.document.tell(Notice("info", describe_added(event)))
            # later: there may be a question to ask, and whoever brings the answer has others to bring
            QTimer.singleShot(0, self, lambda: use(event.entry.path))

        def failed(event: Failed) -> None:
            window.document.tell(Notice.of(event))

        name = f"{path.name} {images}" if images else path.name
        self.training.take_model(path, images, lambda file: models.add(file, name, "trained", added, failed))

    def may_close(self) -> bool:
        """Ask what is to become of runs that are under way; says whether the window may close."""
        alive = self.training.now.alive
        if not alive:
            return True
        box = QMessageBox(QMessageBox.Icon.Question, tr("Close"), "", parent=self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        names = ", ".join(run.path.name for run in alive)
        box.setText(tr("{names} is still training.").replace("{names}", names))
        box.setInformativeText(
            tr("It can go on without this window, and is found again at the next start. Stopped, it saves first.")
        )
        keep = box.addButton(tr("Keep training"), QMessageBox.ButtonRole.AcceptRole)
        stop = box.addButton(tr("Stop and save"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(keep)
        box.exec()
        if box.clickedButton() is stop:
            for run in alive:
                self.training.stop(run.path)
        return box.clickedButton() in (keep, stop)

    def _make_page(self) -> QWidget:
        return TrainingPage(self.training, TrainingData(self._window.document), self._window.theme)

    def _show(self, now: TrainingNow) -> None:
        alive = now.alive
        self.sign.setVisible(bool(alive))
        if not alive:
            return
        text = describe_sign(alive)
        if text != self.sign.accessibleName():
            self.sign.setText(text.replace("&", "&&"))
            self.sign.setAccessibleName(text)
            self.sign.setToolTip(tr("Show the run"))

    def _tell_end(self, run: RunNow) -> None:
        texts: dict[State, tuple[str, str]] = {
            "done": (tr("{name} is trained."), tr("Open it from the settings, page Training.")),
            "failed": (tr("Training of {name} ended with a problem: {text}"), run.hint),
            "killed": (
                tr("Training of {name} broke off."),
                tr("It can go on from its last checkpoint."),
            ),
            "missing": (tr("The folder of {name} is gone."), tr("Say where it is now: settings, page Training.")),
        }
        if run.state in texts:
            title, hint = texts[run.state]
            title = title.replace("{name}", run.path.name).replace("{text}", run.text)
            self._window.document.tell(Notice("info" if run.state == "done" else "error", title, hint))


def describe_sign(alive: tuple[RunNow, ...]) -> str:
    """Return how far the first run is, and how many others there are."""
    run = alive[0]
    words = {"preparing": tr("Preparing {name}"), "paused": tr("{name} paused at")}
    text = words.get(run.state, tr("Training {name}")).replace("{name}", run.path.name)
    more = f" +{len(alive) - 1}" if len(alive) > 1 else ""
    return f"{text} {run.fraction * 100:.0f} %{more}"


def tr(text: str) -> str:
    """Translate a text about training."""
    return QCoreApplication.translate("Training", text)
