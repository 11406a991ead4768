"""The list of projects and folders that edits are applied to."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sni_desktop import dialogs


class FileList(QWidget):
    """Files come by buttons or by being dropped on the dialog; Delete takes the marked ones out."""

    def __init__(self) -> None:
        super().__init__()
        self._list = _List()
        self._list.setAccessibleName(self.tr("Projects"))
        self._list.setObjectName("projects")
        self._list.setFixedHeight(64)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._list.setToolTip(self.tr("Projects and folders can be dropped here"))
        remove = QPushButton(self.tr("Remove"))
        remove.clicked.connect(self._list.remove)
        files = QPushButton(self.tr("Add projects…"))
        files.clicked.connect(self._ask_files)
        folder = QPushButton(self.tr("Add folder…"))
        folder.clicked.connect(self._ask_folder)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (files, folder, remove):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._list)
        layout.addLayout(row)
        self.setFocusProxy(self._list)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files and folders in the list."""
        return tuple(Path(self._list.item(row).text()) for row in range(self._list.count()))

    def add(self, paths: Sequence[Path]) -> None:
        """Add files and folders that are not in the list yet."""
        known = set(self.paths)
        self._list.addItems([str(path) for path in dict.fromkeys(paths) if path not in known])

    def _ask_files(self) -> None:
        kinds = dialogs.project_kinds()
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Add projects"), "", kinds)
        self.add([Path(name) for name in names])

    def _ask_folder(self) -> None:
        folder = dialogs.ask_folder(self, Path())
        if folder is not None:
            self.add([folder])


class _List(QListWidget):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take marked rows out by Delete."""
        if event.matches(QKeySequence.StandardKey.Delete):
            self.remove()
        else:
            super().keyPressEvent(event)

    def remove(self) -> None:
        """Take the marked rows out."""
        for item in self.selectedItems():
            self.takeItem(self.row(item))
