"""What the window does with models: their page in the settings, and faces made with a model that is not here."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from sni_desktop import dialogs
from sni_desktop.activities.models import Models
from sni_desktop.activities.replay_here import ReplayHere
from sni_desktop.preferences.dialog import Page
from sni_desktop.preferences.models.page import ModelsPage
from sni_desktop.snapshot import Notice
from sni_engine.api.library import ModelAdded
from sni_engine.api.messages import Failed

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow


class ModelsDesk(QObject):
    """Offers the page, and asks about unsaved steps before another model is opened."""

    def __init__(self, window: "MainWindow", models: Models) -> None:
        super().__init__(window)
        self._window = window
        self.models: Models = models
        self._again = ReplayHere(window.document)
        window.host.offer_page(Page("models", tr("Models"), "cube-outline", self._make_page))

    def show(self) -> None:
        """Show the page of models."""
        self._window.host.show_settings("models")

    def use(self, path: Path) -> None:
        """Open a model, after asking about unsaved changes."""
        if self._window.files.may_leave():
            self.models.use(path)

    def replay(self) -> None:
        """Make a face whose model is not here again with the open one."""
        self._again.replay()

    def find(self) -> None:
        """Ask where the model of a face is, copy it in, and show the face with it."""
        project = self._again.project
        path = dialogs.ask_model(self._window, self._window.folder) if project is not None else None
        if project is None or path is None:
            return
        wanted, unopened = project.model, self._window.document.snapshot.unopened

        def added(event: ModelAdded) -> None:
            card = event.entry.card
            if card is None or card.digest != wanted.digest:
                self._tell_other(event.entry.name, wanted.name)
            elif unopened is not None:
                self._window.document.recover(unopened.project, unopened.path, saved=True)
            else:
                self.models.use(event.entry.path)

        def failed(event: Failed) -> None:
            self._window.document.tell(Notice("error", event.title, event.hint, event.details, "find-model"))

        self.models.add(path, done=added, failed=failed)

    def _tell_other(self, name: str, wanted: str) -> None:
        title = tr('"{name}" is another model than "{wanted}", which made this face.')
        filled = title.replace("{name}", name).replace("{wanted}", wanted)
        hint = tr("It is among your models now; look for the right one.")
        self._window.document.tell(Notice("error", filled, hint, offer="find-model"))

    def _make_page(self) -> QWidget:
        return ModelsPage(self.models, self._window.theme, self.use)


def tr(text: str) -> str:
    """Translate a text about models."""
    return QCoreApplication.translate("Models", text)
