"""What comes in by drop, paste or File > Open: each is opened, applied, or answered with one sentence."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QMimeData, QObject, Signal

from sni_desktop.activities.models import Models, describe_added
from sni_desktop.document import Document
from sni_desktop.snapshot import Notice
from sni_engine.api.codec import decode_project, read_project
from sni_engine.api.codes import LEVELS, Codes
from sni_engine.api.codes_text import is_codes_text, read_codes
from sni_engine.api.edits import Edit, Interpolate
from sni_engine.api.errors import EngineError
from sni_engine.api.history import start_history
from sni_engine.api.library import ModelAdded
from sni_engine.api.messages import Failed
from sni_engine.api.model_names import MODEL_SUFFIX, refuse_pickle
from sni_engine.api.models import ModelRef
from sni_engine.api.packing import Project
from sni_engine.api.png_state import carries_state
from sni_engine.api.selection import Selection


class Arrivals(QObject):
    """Takes what Qt hands over. open_file: asks about unsaved steps, then opens; may_leave: only asks."""

    accepted = Signal()  # something was opened or applied

    def __init__(
        self,
        document: Document,
        models: Models,
        open_file: Callable[[Path], bool],
        may_leave: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._models = models
        self._open_file = open_file
        self._may_leave = may_leave

    def take(self, data: "Content") -> None:
        """Answer a drop or a paste."""
        if not data.paths and carries_state(data.png):
            self._take_picture(data.png)
        elif data.paths:
            self._take_files(data.paths)
        elif is_codes_text(data.text):
            self._take_codes(data.text)
        elif data.is_elsewhere:
            self._refuse(tr("Only files on this computer can be opened."), tr("Save it first, then drop the file."))
        elif data.has_image:
            self._refuse(
                tr("This picture holds no project."),
                tr("Only a picture copied here, or a PNG exported with its project, can be edited on."),
            )
        elif data.text.strip():
            self._refuse(tr("This text holds no codes."), tr("Copy the codes of a face with Copy codes, then paste."))
        else:
            self._refuse(
                tr("There is nothing here to open."), tr("Drop a .sni file, a PNG with a project, or a model.")
            )

    # -- what it may be ----------------------------------------------------------------------------------------------

    def _take_files(self, paths: tuple[Path, ...]) -> None:
        """Open the first file that can be, and say so if there are more; trouble with it matters more than that."""
        problems = {path: find_problem(path) for path in paths[:20]}
        good = [path for path, problem in problems.items() if problem is None]
        if not good:
            problem = problems[paths[0]]
            assert problem is not None
            self._refuse(problem.title, problem.hint)
        elif is_model(good[0]):
            self._add_models([path for path in good if is_model(path)])
        elif self._open_file(good[0]):
            self.accepted.emit()
            if len(paths) > 1 and self._document.snapshot.notice is None:
                title = tr("Only {name} is opened: there is room for one face at a time.")
                self._document.tell(Notice("info", title.replace("{name}", good[0].name)))

    def _add_models(self, paths: list[Path]) -> None:
        """Copy models in among the person's own, and open the first; what is no model changes nothing."""
        self._document.dismiss_notice()
        for path in paths:
            self._models.add(path, done=self._tell_added if path != paths[0] else self._open_added, failed=self._fail)

    def _open_added(self, event: ModelAdded) -> None:
        if self._may_leave():
            self._models.use(event.entry.path)
            self.accepted.emit()
        self._tell_added(event)

    def _tell_added(self, event: ModelAdded) -> None:
        self._document.tell(Notice("info", describe_added(event)))

    def _fail(self, event: Failed) -> None:
        self._document.tell(Notice("error", event.title, event.hint, event.details))

    def _take_picture(self, png: bytes) -> None:
        try:
            project = decode_project(png, tr("The picture"))
        except EngineError as error:
            self._refuse(error.title, error.hint)
            return
        if self._may_leave():
            self._document.recover(project, None)
            self.accepted.emit()

    def _take_codes(self, text: str) -> None:
        try:
            codes, model = read_codes(text)
        except EngineError as error:
            self._refuse(error.title, error.hint)
            return
        now = self._document.snapshot
        if now.history is None or now.selection is None:
            nothing = Selection(np.zeros(codes.local.shape[:2], np.float32))
            self._document.recover(Project(model, start_history(codes), nothing), None)
            self.accepted.emit()
        elif now.grid is None or not codes.fits(now.grid):
            self._refuse(tr("These codes belong to another grid."), tr("Open the model they were made with."))
        else:
            self._apply(codes, now.selection, model)

    def _apply(self, codes: Codes, selection: Selection, model: ModelRef) -> None:
        whole = Selection(selection.cells * 0 + 1, LEVELS, selection.locked)
        self._document.dismiss_notice()
        self._document.apply(Edit(Interpolate(1.0), whole, reference=codes))
        self.accepted.emit()
        card = self._document.snapshot.card
        if card is not None and card.digest != model.digest:
            title = tr("The codes were made with the model {model}; here they make another face.")
            self._document.tell(Notice("info", title.replace("{model}", model.name)))

    def _refuse(self, title: str, hint: str) -> None:
        self._document.tell(Notice("error", title, hint))


class Content:
    """What a drop or the clipboard holds, copied: Qt's own is gone soon after."""

    def __init__(self, data: QMimeData) -> None:
        urls = data.urls() if data.hasUrls() else []
        self.paths: tuple[Path, ...] = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
        self.is_elsewhere: bool = bool(urls) and not self.paths
        self.png: bytes = bytes(data.data("image/png").data()) if data.hasFormat("image/png") else b""
        self.has_image: bool = data.hasImage() or bool(self.png)
        self.text: str = data.text() if data.hasText() else ""


def find_problem(path: Path) -> EngineError | None:
    """Return why a file cannot be opened, None when it seems it can; models are judged when they are opened."""
    if is_model(path):
        return None
    if path.is_dir():
        title = tr("{name} is a folder.").replace("{name}", path.name)
        return EngineError(title, tr("Drop one file: a .sni, a PNG with a project, or a model."))
    try:
        refuse_pickle(path)
        read_project(path)
    except EngineError as error:
        return error
    return None


def is_model(path: Path) -> bool:
    """Say whether a file wants to be a model, or a folder is a training run's that holds one."""
    return path.suffix.lower() == MODEL_SUFFIX or (path / f"model{MODEL_SUFFIX}").is_file()


def tr(text: str) -> str:
    """Translate a text about what arrives."""
    return QCoreApplication.translate("Arrivals", text)
