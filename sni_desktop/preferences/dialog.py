"""The settings dialog: pages on the left, their fields on the right."""

from PySide6.QtCore import QCoreApplication, QSize
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


class SettingsDialog(QDialog):
    """Shows pages by name; a page is a widget whose changes count at once, so there is only Close."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons: list[str] = []
        self.setWindowTitle(tr("Settings"))
        self._names = QListWidget()
        self._names.setObjectName("pages")
        self._names.setAccessibleName(tr("Pages"))
        self._names.setFixedWidth(170)
        self._names.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self._names.setSpacing(1)
        self._pages = QStackedWidget()
        self._names.currentRowChanged.connect(self._pages.setCurrentIndex)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        upper = QHBoxLayout()
        upper.setSpacing(18)
        upper.addWidget(self._names)
        upper.addWidget(self._pages, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(14)
        layout.addLayout(upper, 1)
        layout.addWidget(buttons)
        theme.changed.connect(self._draw_icons)
        self.resize(760, 520)

    def add_page(self, name: str, icon: str, page: QWidget) -> None:
        """Add a page at the end."""
        self._names.addItem(QListWidgetItem(name))
        self._icons.append(icon)
        self._pages.addWidget(page)
        if self._names.currentRow() < 0:
            self._names.setCurrentRow(0)
        self._draw_icons()

    def show_page(self, index: int) -> None:
        """Open the dialog at a page."""
        self._names.setCurrentRow(index)
        self.show()
        self.raise_()
        self.activateWindow()

    def _draw_icons(self) -> None:
        for row, icon in enumerate(self._icons):
            item = self._names.item(row)
            item.setIcon(self._theme.icon(icon))
            item.setSizeHint(QSize(0, 34))


def tr(text: str) -> str:
    """Translate a text of the settings."""
    return QCoreApplication.translate("Settings", text)
