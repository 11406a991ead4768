"""Opens files and folders in the system's own programs."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_outside(path: Path) -> None:
    """Show a folder in the system's file manager, or a file in the program it belongs to."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
