"""The settings dialog: pages on the left, their fields on the right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sni_desktop.theme import Theme

_ICON_PX = 20
_SIZE = QSize(1000, 720)


@dataclass(frozen=True)
class Page:
    """A page to be: its names in the program and for people, its icon, and what makes it when it is first seen."""

    id: str
    title: str
    icon: str
    make: Callable[[], QWidget]


class SettingsDialog(QDialog):
    """Shows pages; a page is a widget whose changes count at once, so there is only Close."""

    help_asked = Signal(str)  # the id of the page on screen

    def __init__(self, theme: Theme, offered: Sequence[Page], parent: QWidget, messages: QWidget | None = None) -> None:
        """messages: what shows the program's messages, since this dialog may hide the place they are shown at."""
        super().__init__(parent)
        self._keep_size: Callable[[str], object] | None = None
        self._theme = theme
        self._offered = tuple(offered)
        self._made: dict[str, QWidget] = {}
        self.setWindowTitle(tr("Settings"))
        self._names = QListWidget()
        self._names.setObjectName("pages")
        self._names.setAccessibleName(tr("Pages"))
        self._names.setFixedWidth(170)
        self._names.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self._names.setSpacing(1)
        self._pages = QStackedWidget()
        for page in self._offered:
            self._names.addItem(QListWidgetItem(page.title))
        self._names.currentRowChanged.connect(self._show_row)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)  # Return closes nothing
        buttons.rejected.connect(self.reject)
        upper = QHBoxLayout()
        upper.setSpacing(18)
        upper.addWidget(self._names)
        upper.addWidget(self._pages, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(14)
        layout.addLayout(upper, 1)
        if messages is not None:
            layout.addWidget(messages)
        layout.addWidget(buttons)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        self.resize(_SIZE.boundedTo(parent.screen().availableSize() * 0.9))

    @property
    def page(self) -> str:
        """The id of the page on screen."""
        return self._offered[self._names.currentRow()].id

    def show_page(self, name: str) -> None:
        """Open the dialog at a page."""
        self._names.setCurrentRow([page.id for page in self._offered].index(name))
        self.show()
        self.raise_()
        self.activateWindow()

    def keep_size(self, size: str, keep: Callable[[str], object]) -> None:
        """Take the size of last time, "" for none, and have `keep` remember that of this time."""
        self._keep_size = keep
        numbers = [int(word) for word in size.split() if word.isdecimal()]
        if len(numbers) == 2:
            self.resize(QSize(*numbers).boundedTo(self.screen().availableSize()))

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the size."""
        super().hideEvent(event)
        if self._keep_size is not None and not self.isMaximized():
            self._keep_size(f"{self.width()} {self.height()}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Return, which ends the typing of a value or chooses a row, from pressing Close; F1 opens the guide."""
        if event.key() == Qt.Key.Key_F1:
            self.help_asked.emit(self.page)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _show_row(self, row: int) -> None:
        page = self._offered[row]
        if page.id not in self._made:
            self._made[page.id] = made = page.make()
            self._pages.addWidget(made)
        self._pages.setCurrentWidget(self._made[page.id])

    def _draw_icons(self) -> None:
        for row, page in enumerate(self._offered):
            item = self._names.item(row)
            item.setIcon(self._theme.icon(page.icon))
            item.setSizeHint(QSize(0, 34))


def tr(text: str) -> str:
    """Translate a text of the settings."""
    return QCoreApplication.translate("Settings", text)
