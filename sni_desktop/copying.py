"""Copies the picture, with the project in it, or the codes as text."""

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QClipboard

from sni_desktop.canvas.imaging import to_image
from sni_desktop.document import Document
from sni_desktop.snapshot import Notice
from sni_desktop.worker.tasks import Do, Done
from sni_engine.api.arrays import Array
from sni_engine.api.codec import encode_project
from sni_engine.api.codes_text import write_codes
from sni_engine.api.pictures import OWN_SIZE, encode_picture


class Copying(QObject):
    """Writes to the clipboard what is on screen."""

    def __init__(self, document: Document, clipboard: QClipboard) -> None:
        super().__init__(document)
        self._document = document
        self._clipboard = clipboard
        self._asked = 0

    def copy_picture(self) -> None:
        """Copy the current step's picture; pasted here, it brings back the whole project."""
        project = self._document.project
        picture = None if project is None else self._document.picture_of(project.history.current_id)
        if project is None or picture is None:
            title = self.tr("This step's picture is not drawn yet.")
            self._document.tell(Notice("error", title, self.tr("Try again in a moment.")))
            return
        self._asked += 1
        mine = self._asked

        def put(done: Done) -> None:
            if mine == self._asked:  # else something else was copied meanwhile
                self._put(picture, done.value)

        self._document.requests.ask(
            lambda ticket: Do(ticket, lambda: encode_picture(picture, "PNG", OWN_SIZE, encode_project(project))),
            put,
            lane="file",
        )

    def _put(self, picture: Array, png: bytes) -> None:
        data = QMimeData()
        data.setImageData(to_image(picture))
        data.setData("image/png", png)
        self._clipboard.setMimeData(data)
        self._document.tell(Notice("info", self.tr("The picture is copied, with the project in it.")))

    def copy_codes(self) -> None:
        """Copy the current step's codes as a line of text."""
        project = self._document.project
        if project is not None:
            self._asked += 1
            self._clipboard.setText(write_codes(project.history.current.codes, project.model))
            self._document.tell(Notice("info", self.tr("The codes are copied as text.")))
