"""What is remembered between starts: window, docks, theme, grid, keys, device, files opened lately, last folders."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSettings

from sni_desktop.canvas.look import Look, read_look, write_look
from sni_desktop.theme import Mode
from sni_engine.api.paths import config_folder

_COUNTS = ("4", "9", "16")
_MODES = ("system", "light", "dark")
_DEVICES = ("auto", "cpu", "cuda", "mps")
_LAYOUT = 3  # grows when docks come or go, so that an old arrangement is not forced upon new docks
_RECENT = 12
_MARKS = ("format", "layout_version")  # one is in every file of ours; the second in those from before the first
_FORMAT = 1


class Settings:
    """An ini file in the program's own folder; wrong entries count as absent."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or config_folder() / "window.ini"
        self._store = QSettings(str(path), QSettings.Format.IniFormat)
        # Qt reads nearly anything as something, so a file without our mark counts as damaged
        is_there = path.is_file() and path.stat().st_size > 0
        self.is_damaged: bool = is_there and not any(self._store.contains(name) for name in _MARKS)

    @property
    def device(self) -> str:
        """What the engine computes on: auto, cpu, cuda or mps."""
        value = self._store.value("device", "auto")
        return str(value) if value in _DEVICES else "auto"

    @device.setter
    def device(self, device: str) -> None:
        self._keep("device", device)

    @property
    def welcome(self) -> bool:
        """Whether the welcome page is shown at the start."""
        return self._store.value("welcome", "true") != "false"

    @welcome.setter
    def welcome(self, shown: bool) -> None:
        self._keep("welcome", "true" if shown else "false")

    @property
    def reopens(self) -> bool:
        """Whether a start goes on with what was on screen at the end."""
        return self._store.value("reopens", "true") != "false"

    @reopens.setter
    def reopens(self, wanted: bool) -> None:
        self._keep("reopens", "true" if wanted else "false")

    @property
    def last(self) -> Path | None:
        """The project that was on screen when the program ended, None when there was none or it has gone."""
        name = self._store.value("last", "")
        path = Path(name) if isinstance(name, str) and name else None
        return path if path is not None and path.is_absolute() and path.is_file() else None

    @last.setter
    def last(self, path: Path | None) -> None:
        self._keep("last", "" if path is None else str(path))

    @property
    def has_started(self) -> bool:
        """False before the program was ever closed as it should be."""
        return self._store.contains("geometry")

    @property
    def recent(self) -> list[Path]:
        """Projects opened or saved lately, the last one first; some may be gone by now."""
        value = self._store.value("recent", [])
        names = value if isinstance(value, list) else [value]
        return [Path(name) for name in names if isinstance(name, str) and name][:_RECENT]

    @recent.setter
    def recent(self, paths: list[Path]) -> None:
        self._keep("recent", [str(path) for path in paths[:_RECENT]])

    def remember(self, path: Path) -> None:
        """Put a project at the head of the recent ones."""
        self.recent = [path.absolute(), *(other for other in self.recent if other != path.absolute())]

    def keys(self, command_id: str) -> tuple[str, ...] | None:
        """Return the keys a person chose for a command, None when they are its own."""
        value = self._store.value(f"keys/{command_id}")
        return None if value is None else tuple(key for key in str(value).split("\t") if key)

    def set_keys(self, command_id: str, keys: tuple[str, ...] | None) -> None:
        """Remember a command's keys; None forgets them."""
        if keys is None:
            self._store.remove(f"keys/{command_id}")
        else:
            self._keep(f"keys/{command_id}", "\t".join(keys))

    @property
    def theme(self) -> Mode:
        """Light, dark, or as the system."""
        value = self._store.value("theme", "system")
        return cast(Mode, value) if value in _MODES else "system"

    @theme.setter
    def theme(self, mode: Mode) -> None:
        self._keep("theme", mode)

    @property
    def grid_visible(self) -> bool:
        """Whether the grid is drawn."""
        return self._store.value("grid_visible", "true") != "false"

    @grid_visible.setter
    def grid_visible(self, visible: bool) -> None:
        self._keep("grid_visible", "true" if visible else "false")

    @property
    def candidates(self) -> int:
        """How many candidates are drawn at once."""
        value = str(self._store.value("candidates", "9"))
        return int(value) if value in _COUNTS else 9

    @candidates.setter
    def candidates(self, count: int) -> None:
        self._keep("candidates", str(count))

    @property
    def whole_candidates(self) -> bool:
        """Whether candidates are shown as whole faces rather than as what changes."""
        return self._store.value("whole_candidates", "false") == "true"

    @whole_candidates.setter
    def whole_candidates(self, whole: bool) -> None:
        self._keep("whole_candidates", "true" if whole else "false")

    @property
    def look(self) -> Look:
        """How selection and locks are drawn."""
        return read_look(str(self._store.value("look", "")))

    @look.setter
    def look(self, look: Look) -> None:
        self._keep("look", write_look(look))

    @property
    def folder(self) -> Path:
        """Where files were opened or saved last."""
        folder = Path(str(self._store.value("folder", "")))
        return folder if folder.is_dir() and folder.is_absolute() else Path.home()

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._keep("folder", str(folder.absolute()))

    def recall_text(self, name: str) -> str:
        """Return a text that was remembered, empty when there is none."""
        return str(self._store.value(f"remembered/{name}", ""))

    def keep_text(self, name: str, text: str) -> None:
        """Remember a text."""
        self._keep(f"remembered/{name}", text)

    def folder_for(self, purpose: str) -> Path:
        """Return the folder used last for a purpose, such as "picture"; else the one of files."""
        folder = Path(self.recall_text(f"folder-{purpose}"))
        return folder if folder.is_dir() and folder.is_absolute() else self.folder

    def keep_folder(self, purpose: str, folder: Path) -> None:
        """Remember the folder used for a purpose."""
        self.keep_text(f"folder-{purpose}", str(folder.absolute()))

    @property
    def geometry(self) -> QByteArray:
        """The window's place and size."""
        return self._bytes("geometry")

    @property
    def layout(self) -> QByteArray:
        """Docks and tool bars; nothing when the program had other docks then."""
        return self._bytes("layout") if str(self._store.value("layout_version")) == str(_LAYOUT) else QByteArray()

    def keep_window(self, geometry: QByteArray, layout: QByteArray) -> None:
        """Remember place, size, docks and bars."""
        self._keep("geometry", geometry)
        self._keep("layout", layout)
        self._keep("layout_version", _LAYOUT)
        self._store.sync()

    def _keep(self, name: str, value: object) -> None:
        """Write an entry, and the mark of a file of ours."""
        if not self._store.contains(_MARKS[0]):
            self._store.setValue(_MARKS[0], _FORMAT)
        self._store.setValue(name, value)

    def _bytes(self, name: str) -> QByteArray:
        value = self._store.value(name)
        return value if isinstance(value, QByteArray) else QByteArray()
