"""The menu of projects opened lately: numbered, missing ones greyed, and a way to clear it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from sni_desktop.panels.plain import plain
from sni_desktop.settings import Settings


class RecentMenu(QMenu):
    """Filled anew whenever it is opened, since files come and go."""

    def __init__(self, settings: Settings, open_file: Callable[[Path], object], parent: QWidget) -> None:
        super().__init__(tr("Open &recent"), parent)
        self._settings = settings
        self._open = open_file
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """List the projects as they are now."""
        self.clear()
        for number, path in enumerate(self._settings.recent, 1):
            mnemonic = f"&{number} " if number < 10 else f"{number} "
            action = self.addAction(mnemonic + path.name.replace("&", "&&"), partial(self._open, path))
            action.setToolTip(plain(str(path)))
            if not path.is_file():
                action.setEnabled(False)
                action.setText(action.text() + tr(" (missing)"))
        if self.isEmpty():
            self.addAction(tr("Nothing yet")).setEnabled(False)
            return
        self.addSeparator()
        self.addAction(tr("&Clear this list"), self._forget)

    def _forget(self) -> None:
        self._settings.recent = []
        self.fill()


def tr(text: str) -> str:
    """Translate a text of this menu."""
    return QCoreApplication.translate("Recent", text)
