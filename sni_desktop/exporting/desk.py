"""Opens the export dialogs with what was chosen last, and hands what is chosen to the activity that writes."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from sni_desktop.activities.exporting import Exporting
from sni_desktop.document import Document
from sni_desktop.exporting.choices import PictureChoices, SequenceChoices, SheetChoices, recall, remember
from sni_desktop.exporting.frame import Place, Subject
from sni_desktop.exporting.picture import PictureDialog
from sni_desktop.exporting.sequence import SequenceDialog
from sni_desktop.exporting.sheet import SheetDialog
from sni_desktop.settings import Settings
from sni_engine.api.codes import Codes
from sni_engine.api.sequences import Timing
from sni_engine.api.sheets import SheetForm, choose_nodes


class ExportDesk(QObject):
    """What the three Export commands do."""

    def __init__(self, window: QWidget, document: Document, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._settings = settings
        self.exporting: Exporting = Exporting(document)

    def ask_picture(self) -> None:
        """Ask how the current step's picture is to be written."""
        subject, choices = self._subject(), recall(self._settings, PictureChoices)
        if subject is not None:
            place, weigh = self._suggest("picture", "", choices.look.suffix), self.exporting.weigh_picture
            PictureDialog(self._window, subject, choices, place, weigh, self._write_picture).open()

    def ask_sheet(self) -> None:
        """Ask which steps go on a sheet, and how."""
        subject, choices = self._subject(), recall(self._settings, SheetChoices)
        if subject is not None:
            place = self._suggest("sheet", tr("-steps"), choices.look.suffix)
            SheetDialog(self._window, subject, choices, place, self._write_sheet).open()

    def ask_sequence(self) -> None:
        """Ask for the way, the length and the format of a sequence."""
        subject, choices = self._subject(), recall(self._settings, SequenceChoices)
        if subject is not None:
            place = self._suggest("sequence", tr("-morph"), choices.look.suffix)
            SequenceDialog(self._window, subject, choices, place, self._write_sequence).open()

    def _subject(self) -> Subject | None:
        """Return what there is to export now."""
        now = self._document.snapshot
        if now.card is None or now.history is None:
            return None
        return Subject(now.history, self._document.picture_of, now.card.resolution_px)

    # -- what was agreed on ------------------------------------------------------------------------------------------

    def _write_picture(self, choices: PictureChoices, path: Path, state: bool) -> None:
        self._keep(choices, "picture", path)
        self.exporting.write_picture(path, choices.look.form, state)

    def _write_sheet(self, choices: SheetChoices, path: Path, state: bool) -> None:
        history = self._document.snapshot.history
        if history is not None:
            self._keep(choices, "sheet", path)
            form = choices.look.form
            sheet = SheetForm(form.size_px, choices.columns or None, choices.labels, form.filter)
            self.exporting.write_sheet(path, choose_nodes(history, choices.nodes), sheet, form, state)

    def _write_sequence(
        self, choices: SequenceChoices, path: Path, state: bool, stops: list[Codes], timing: Timing
    ) -> None:
        self._keep(choices, "sequence", path)
        self.exporting.write_sequence(path, stops, timing, choices.look.form, state)

    def _keep(self, choices: PictureChoices | SheetChoices | SequenceChoices, purpose: str, path: Path) -> None:
        remember(self._settings, choices)
        self._settings.keep_folder(purpose, path.parent)

    def _suggest(self, purpose: str, ending: str, suffix: str) -> Place:
        """Return a name beside the project's, never the project itself, which may be a picture, too."""
        now = self._document.snapshot
        stem, folder = now.path.stem if now.path else tr("face"), self._settings.folder_for(purpose)
        path = folder / f"{stem}{ending}{suffix}"
        if self.exporting.is_project(path):
            path = folder / f"{stem}{tr('-picture')}{suffix}"
        return Place(path, self.exporting.refuse_project)


def tr(text: str) -> str:
    """Translate a text of the export dialogs."""
    return QCoreApplication.translate("Exporting", text)
