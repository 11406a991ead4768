"""The menu of faces that were left for others with steps that nobody saved; they outlast the program."""

import time

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from sni_desktop.document import Document
from sni_desktop.recovering import describe_lost
from sni_desktop.recovery import Lost, list_left, recovery_folder


class LeftMenu(QMenu):
    """Filled whenever it is opened. The journal's thread puts faces there, and takes away what is on screen again."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(tr("Faces left &unsaved"), parent)
        self._document = document
        self.aboutToShow.connect(self.fill)
        self.addAction(tr("Nothing yet")).setEnabled(False)

    def fill(self) -> None:
        """List the faces as they are now."""
        self.clear()
        left = list_left(recovery_folder())
        for item in left:
            action = self.addAction(describe_lost(item, time.time()).replace("&", "&&"))
            action.triggered.connect(lambda _=False, item=item: self._bring_back(item))
        if not left:
            self.addAction(tr("Nothing yet")).setEnabled(False)

    def _bring_back(self, item: Lost) -> None:
        self._document.recover(item.state.project, item.state.path)


def tr(text: str) -> str:
    """Translate a text of this menu."""
    return QCoreApplication.translate("LeftMenu", text)
