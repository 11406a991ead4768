"""Which keys do what: the table's own, or those a person chose instead; two commands never share keys."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from sni_desktop.commands.command import Command
from sni_desktop.settings import Settings

_NATIVE = QKeySequence.SequenceFormat.NativeText
_PORTABLE = QKeySequence.SequenceFormat.PortableText


class Keymap(QObject):
    """Remembers what was chosen in the settings."""

    changed = Signal()

    def __init__(self, commands: tuple[Command, ...], settings: Settings) -> None:
        super().__init__()
        self._commands = {command.id: command for command in commands}
        self._settings = settings

    def keys(self, command_id: str) -> tuple[str, ...]:
        """Return a command's keys in Qt's portable words; the first is shown in menus."""
        chosen = self._settings.keys(command_id)
        return self._commands[command_id].keys if chosen is None else chosen

    def is_changed(self, command_id: str) -> bool:
        """Say whether a command has other keys than it came with."""
        return self._settings.keys(command_id) is not None

    def owner(self, key: str, besides: str) -> str | None:
        """Return the command that has a key already, other than `besides`."""
        wanted = QKeySequence(key)
        for other in self._commands:
            if other != besides and any(QKeySequence(taken) == wanted for taken in self.keys(other)):
                return other
        return None

    def set_keys(self, command_id: str, keys: tuple[str, ...]) -> None:
        """Give a command keys; whoever had one of them loses it."""
        keys = tuple(dict.fromkeys(QKeySequence(key).toString(_PORTABLE) for key in keys if key))
        for key in keys:
            while (owner := self.owner(key, command_id)) is not None:
                self._store(owner, tuple(k for k in self.keys(owner) if QKeySequence(k) != QKeySequence(key)))
        self._store(command_id, keys)
        self.changed.emit()

    def reset(self, command_id: str | None = None) -> None:
        """Give a command its own keys back, or every command."""
        if command_id is not None:
            self.set_keys(command_id, self._commands[command_id].keys)
            return
        for name in self._commands:
            self._settings.set_keys(name, None)
        self.changed.emit()

    def _store(self, command_id: str, keys: tuple[str, ...]) -> None:
        own = tuple(QKeySequence(key).toString(_PORTABLE) for key in self._commands[command_id].keys)
        self._settings.set_keys(command_id, None if keys == own else keys)


def show_keys(keys: tuple[str, ...]) -> str:
    """Return keys as people read them on this system."""
    return ", ".join(QKeySequence(key).toString(_NATIVE) for key in keys)
