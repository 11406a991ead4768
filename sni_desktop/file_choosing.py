"""Asks for files to open, by the system's own dialog where it has one, else by Qt's."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QListView, QWidget


def choose_file(parent: QWidget, title: str, folder: Path | str, kinds: str) -> Path | None:
    """Return the file that the person chooses to open, None for none. kinds: which are listed, as Qt writes them."""
    chosen = choose_files(parent, title, folder, kinds, QFileDialog.FileMode.ExistingFile)
    return chosen[0] if chosen else None


def choose_files(
    parent: QWidget,
    title: str,
    folder: Path | str,
    kinds: str,
    mode: QFileDialog.FileMode = QFileDialog.FileMode.ExistingFiles,
) -> list[Path]:
    """Return the files that the person chooses to open; empty for none."""
    dialog = QFileDialog(parent, title, str(folder), kinds)  # no class of our own: Qt would not ask the system then
    dialog.setFileMode(mode)
    _mend_typing(dialog)
    try:
        return [Path(name) for name in dialog.selectedFiles()] if dialog.exec() else []
    finally:
        dialog.deleteLater()


def _mend_typing(dialog: QFileDialog) -> None:
    """Let a typed path count alone. Qt selects in the list what is typed, also each folder on the way, and forgets to
    take the last one back: with Return it then goes to that folder, and the path is gone (seen with Qt 6.11).
    """
    typed, listed = dialog.findChild(QLineEdit, "fileNameEdit"), dialog.findChild(QListView, "listView")
    if typed is None or listed is None:
        return  # the system's own dialog

    def forget_folders(text: str) -> None:
        if "/" in text or "\\" in text:
            listed.selectionModel().clearSelection()

    typed.textChanged.connect(forget_folders)
