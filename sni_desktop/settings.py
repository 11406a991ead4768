"""What is remembered between starts: window, docks, theme, grid, last folder."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSettings

from sni_desktop.theme import Mode
from sni_engine.api.paths import config_folder

_MODES = ("system", "light", "dark")


class Settings:
    """An ini file in the program's own folder; wrong entries count as absent."""

    def __init__(self, path: Path | None = None) -> None:
        self._store = QSettings(str(path or config_folder() / "window.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> Mode:
        """Light, dark, or as the system."""
        value = self._store.value("theme", "system")
        return cast(Mode, value) if value in _MODES else "system"

    @theme.setter
    def theme(self, mode: Mode) -> None:
        self._store.setValue("theme", mode)

    @property
    def grid_visible(self) -> bool:
        """Whether the grid is drawn."""
        return self._store.value("grid_visible", "true") != "false"

    @grid_visible.setter
    def grid_visible(self, visible: bool) -> None:
        self._store.setValue("grid_visible", "true" if visible else "false")

    @property
    def folder(self) -> Path:
        """Where files were opened or saved last."""
        folder = Path(str(self._store.value("folder", "")))
        return folder if folder.is_dir() and folder.is_absolute() else Path.home()

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._store.setValue("folder", str(folder.absolute()))

    @property
    def geometry(self) -> QByteArray:
        """The window's place and size."""
        return self._bytes("geometry")

    @property
    def layout(self) -> QByteArray:
        """Docks and tool bars."""
        return self._bytes("layout")

    def keep_window(self, geometry: QByteArray, layout: QByteArray) -> None:
        """Remember place, size, docks and bars."""
        self._store.setValue("geometry", geometry)
        self._store.setValue("layout", layout)
        self._store.sync()

    def _bytes(self, name: str) -> QByteArray:
        value = self._store.value(name)
        return value if isinstance(value, QByteArray) else QByteArray()
