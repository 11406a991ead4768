"""The menu of faces that were left for others with steps that nobody saved; they outlast the program."""

import time

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from sni_desktop.document import Document
from sni_desktop.recovering import describe_lost
from sni_desktop.recovery import LeftFaces, Lost, recovery_folder
from sni_desktop.worker.newest import Newest


class LeftMenu(QMenu):
    """Filled whenever its parent is opened, beside the window: a long history takes a while to read. The journal's
    thread puts faces there, and takes away what is on screen again.
    """

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(tr("Faces left &unsaved"), parent)
        self._document = document
        self._faces = LeftFaces()
        self._left: list[Lost] | None = None  # None while nobody has looked yet
        self._beside = Newest("left faces")
        self._beside.done.connect(self._show)
        self.aboutToShow.connect(self.look)
        if isinstance(parent, QMenu):
            parent.aboutToShow.connect(self.look)
        self._say(tr("Nothing yet"))

    def look(self) -> None:
        """Read which faces there are now; they are listed as soon as that is known."""
        if self._left is None:
            self._say(tr("Looking…"))
        folder = recovery_folder()
        self._beside.ask(lambda: self._faces.read(folder))

    def _show(self, left: list[Lost]) -> None:
        before, self._left = self._left, left
        if not left:
            self._say(tr("Nothing yet"))
            return
        if before != left:  # else whoever is about to press one finds it where it was
            self.clear()
            for item in left:
                self.addAction("").triggered.connect(lambda _=False, item=item: self._bring_back(item))
        for action, item in zip(self.actions(), left, strict=True):
            action.setText(describe_lost(item, time.time()).replace("&", "&&"))

    def _say(self, text: str) -> None:
        self.clear()
        self.addAction(text).setEnabled(False)

    def _bring_back(self, item: Lost) -> None:
        self._document.recover(item.state.project, item.state.path)


def tr(text: str) -> str:
    """Translate a text of this menu."""
    return QCoreApplication.translate("LeftMenu", text)
