"""What the window does with training runs: their page in the settings, a sign in the status bar, a word at the end."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtGui import QIcon
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
        self.sign.clicked.connect(lambda: self.show_news())
        self.sign.hide()
        self._news: RunNow | None = None  # how a run has ended, until somebody has looked at it
        self._told: Path | None = None  # the run that the newest notice is about
        self._seen: dict[Path, RunNow] = {}
        self._most: dict[Path, int] = {}  # images that a run was ever seen at, before it was rolled back, say
        window.host.offer_page(Page("training", tr("Training"), "school-outline", self._make_page))
        training.changed.connect(self._show)
        training.ended.connect(self._tell_end)
        training.model_wanted.connect(self.open_model)

    def show(self) -> None:
        """Show the page of training runs."""
        self._window.host.show_settings("training")

    def show_news(self) -> None:
        """Show the run that has ended meanwhile, else the one that a process has now."""
        alive = self.training.now.alive
        run = self._news or (alive[0] if alive else None)
        if run is not None:
            self.training.show(run.path)
        self._put_news_away()
        self.show()

    def take_offer(self, offer: str) -> bool:
        """Do what a notice about the end of a run offers; says whether the offer was one of these."""
        path = self._told
        if path is None or offer not in ("open-trained", "show-run"):
            return False
        self._window.document.dismiss_notice()
        self._put_news_away()
        if offer == "open-trained":
            self.open_model(path)
        else:
            self.training.show(path)
            self.show()
        return True

    def _put_news_away(self) -> None:
        self._news = None
        self._show(self.training.now)

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
        for run in now.runs:
            if is_trained_unseen(self._seen.get(run.path), run, self._most.get(run.path, 0)):
                self._tell_end(run)
            self._most[run.path] = max(self._most.get(run.path, 0), count_images(run))
            if self._news is not None and self._news.path == run.path and run.is_alive:
                self._news = None  # it goes on
        self._seen = {run.path: run for run in now.runs}
        alive = now.alive
        self.sign.setVisible(bool(alive or self._news))
        if not alive and not self._news:
            return
        text = describe_news(self._news) if self._news else describe_sign(alive)
        icon = ("check" if self._news.state == "done" else "alert-circle-outline") if self._news else ""
        self.sign.setIcon(self._window.theme.icon(icon, "accent") if icon else QIcon())
        if text != self.sign.accessibleName():
            self.sign.setText(text.replace("&", "&&"))
            self.sign.setAccessibleName(text)
            self.sign.setToolTip(tr("Show the run"))

    def _tell_end(self, run: RunNow) -> None:
        texts: dict[State, tuple[str, str]] = {
            "done": (tr("{name} is trained."), ""),
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
            self._told = run.path
            self._news = run if run.state != "missing" else None
            if run.state == "done":
                notice = Notice("info", title, hint, offer="open-trained", other_offer="show-run")
            else:
                notice = Notice("error", title, hint, offer="show-run")
            self._window.document.tell(notice)
            self._show(self.training.now)


def count_images(run: RunNow) -> int:
    """Return how many images a run has seen."""
    return run.last.images_seen if run.last else 0


def is_trained_unseen(before: RunNow | None, run: RunNow, most: int) -> bool:
    """Say whether a run was taken up and trained to its end between two looks, as from a terminal.

    most: images that it was ever seen at; one that was rolled back and brought back has no more.
    """
    was_resting = before is not None and not before.is_alive and before.state != "missing"
    return was_resting and run.state == "done" and count_images(run) > most


def describe_news(run: RunNow) -> str:
    """Return how a run has ended, in a few words."""
    text = tr("{name} is trained") if run.state == "done" else tr("{name} broke off")
    return text.replace("{name}", run.path.name)


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
