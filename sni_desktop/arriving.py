"""What comes in by drop, paste or File > Open: each is opened, applied, or answered with one sentence."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QMimeData, QObject, QTimer, Signal

from sni_desktop.activities.models import Models, describe_added
from sni_desktop.document import Document
from sni_desktop.snapshot import Notice
from sni_desktop.worker.projects import Held, hold_project, prepare
from sni_desktop.worker.tasks import Fetch
from sni_engine.api.codec import decode_project
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
    """Takes what Qt hands over, and reads it beside the window; of several drops the last one counts.

    open_file: asks about unsaved steps, then opens a file, whose project is read already unless it is a model;
    may_leave: only asks.
    """

    accepted = Signal()  # something was opened or applied

    def __init__(
        self,
        document: Document,
        models: Models,
        open_file: Callable[[Path, Held | None], bool],
        may_leave: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._taken = 0  # how often something came
        self._document = document
        self._models = models
        self._open_file = open_file
        self._may_leave = may_leave

    def take(self, data: "Content") -> None:
        """Answer a drop or a paste."""
        self._taken += 1
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

        def open_it(found: tuple[Path, Held | None]) -> None:
            if is_model(found[0]):
                self._add_models([path for path in paths[:20] if is_model(path)])
            elif self._open_file(*found):
                self.accepted.emit()
                if len(paths) > 1 and self._document.snapshot.notice is None:
                    title = tr("Only {name} is opened: there is room for one face at a time.")
                    self._document.tell(Notice("info", title.replace("{name}", found[0].name)))

        self._fetch(lambda: find_first(paths[:20]), open_it)

    def _add_models(self, paths: list[Path]) -> None:
        """Copy models in among the person's own, and open the first; what is no model changes nothing."""
        self._document.dismiss_notice()
        for path in paths:
            self._models.add(path, done=self._tell_added if path != paths[0] else self._open_added, failed=self._fail)

    def _open_added(self, event: ModelAdded) -> None:
        self._tell_added(event)
        # later: there may be a question to ask, and whoever brings the answer has others to bring
        QTimer.singleShot(0, self, lambda: self._use(event.entry.path))

    def _use(self, path: Path) -> None:
        if self._may_leave():
            self._models.use(path)
            self.accepted.emit()

    def _tell_added(self, event: ModelAdded) -> None:
        self._document.tell(Notice("info", describe_added(event)))

    def _fail(self, event: Failed) -> None:
        self._document.tell(Notice("error", event.title, event.hint, event.details))

    def _take_picture(self, png: bytes) -> None:
        def open_it(project: Project) -> None:
            if self._may_leave():
                self._document.recover(project, None)
                self.accepted.emit()

        self._fetch(lambda: prepare(decode_project(png, tr("The picture"))), open_it)

    def _fetch(self, act: Callable[[], Any], take: Callable[[Any], None]) -> None:
        """Read something beside the window, and take it unless something else came meanwhile."""
        mine = self._taken

        def act_on(value: Any) -> None:
            if mine == self._taken:
                take(value)

        self._document.requests.ask(
            lambda ticket: Fetch(ticket, act),
            # later: there may be a question to ask, and whoever brings the answer has others to bring
            lambda done: QTimer.singleShot(0, self, lambda: act_on(done.value)),
            lambda event: self._refuse(event.title, event.hint),
            lane="file",
        )

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
        whole = selection.everywhere(LEVELS)
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


def find_first(paths: Sequence[Path]) -> tuple[Path, Held | None]:
    """Return the first file that can be opened and what is in it, None for a model, which is judged when it is opened.

    Raises EngineError, when there is none, for what is wrong with the first.
    """
    problems = []
    for path in paths:
        try:
            return path, _read(path)
        except EngineError as error:
            problems.append(error)
    raise problems[0]


def _read(path: Path) -> Held | None:
    if is_model(path):
        return None
    if path.is_dir():
        title = tr("{name} is a folder.").replace("{name}", path.name)
        raise EngineError(title, tr("Drop one file: a .sni, a PNG with a project, or a model."))
    refuse_pickle(path)
    return hold_project(path)


def is_model(path: Path) -> bool:
    """Say whether a file wants to be a model, or a folder is a training run's that holds one."""
    return path.suffix.lower() == MODEL_SUFFIX or (path / f"model{MODEL_SUFFIX}").is_file()


def tr(text: str) -> str:
    """Translate a text about what arrives."""
    return QCoreApplication.translate("Arrivals", text)
