"""Which keys do what: the table's own, or those a person chose instead; two commands never share keys."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from sni_desktop.commands.command import Command
from sni_desktop.commands.reserved import RESERVED
from sni_desktop.settings import Settings

_NATIVE = QKeySequence.SequenceFormat.NativeText
_PORTABLE = QKeySequence.SequenceFormat.PortableText


@dataclass(frozen=True)
class Move:
    """A key that went from one command to another."""

    key: str
    loser: str
    owner: str


class Keymap(QObject):
    """Remembers what was chosen in the settings. Reserved keys belong to no command but one that comes with them."""

    changed = Signal()

    def __init__(self, commands: tuple[Command, ...], settings: Settings) -> None:
        super().__init__()
        self._commands = {command.id: command for command in commands}
        self._settings = settings

    def keys(self, command_id: str) -> tuple[str, ...]:
        """Return a command's keys in Qt's portable words; the first is shown in menus."""
        own, chosen = self._commands[command_id].keys, self._settings.keys(command_id)
        return own if chosen is None else tuple(key for key in chosen if not self.reserved_for(key, command_id))

    def reserved_for(self, key: str, command_id: str) -> str:
        """Return what a key always does, to be translated; "" when a command may have it."""
        if _has(self._commands[command_id].keys, key):
            return ""
        return next((does for keys, does in RESERVED if _has(keys, key)), "")

    def is_changed(self, command_id: str) -> bool:
        """Say whether a command has other keys than it came with."""
        return self._settings.keys(command_id) is not None

    def owner(self, key: str, besides: str) -> str | None:
        """Return the command that has a key already, other than `besides`."""
        return next((name for name in self._commands if name != besides and _has(self.keys(name), key)), None)

    def set_keys(self, command_id: str, keys: tuple[str, ...]) -> None:
        """Give a command keys; whoever had one of them loses it. Reserved ones are left out."""
        self._give(command_id, keys)
        self.changed.emit()

    def reset(self, command_id: str | None = None) -> tuple[Move, ...]:
        """Give a command its own keys back, or every command; returns which keys changed their owner.

        What one command had taken from another goes back there with it.
        """
        if command_id is None:
            for name in self._commands:
                self._settings.set_keys(name, None)
            self.changed.emit()
            return ()
        own = self._commands[command_id].keys
        owners = [(key, self.owner(key, command_id)) for key in own]
        moves = [Move(key, owner, command_id) for key, owner in owners if owner is not None]
        given_up = [key for key in self.keys(command_id) if not _has(own, key)]
        self._give(command_id, own)
        for key in given_up:
            moves += self._give_back(key, command_id)
        self.changed.emit()
        return tuple(moves)

    def _give_back(self, key: str, loser: str) -> list[Move]:
        """Give a key that is free now to the command that came with it, if there is one."""
        home = next((name for name, command in self._commands.items() if _has(command.keys, key)), None)
        if home is None or self.owner(key, "") is not None:
            return []
        own, now = self._commands[home].keys, self.keys(home)
        back = tuple(one for one in own if _has((*now, key), one))
        self._store(home, (*back, *(one for one in now if not _has(own, one))))
        return [Move(key, loser, home)]

    def _give(self, command_id: str, keys: tuple[str, ...]) -> None:
        free = [key for key in keys if key and not self.reserved_for(key, command_id)]
        keys = tuple(dict.fromkeys(QKeySequence(key).toString(_PORTABLE) for key in free))
        for key in keys:
            while (owner := self.owner(key, command_id)) is not None:
                self._store(owner, tuple(k for k in self.keys(owner) if not _has((k,), key)))
        self._store(command_id, keys)

    def _store(self, command_id: str, keys: tuple[str, ...]) -> None:
        own = tuple(QKeySequence(key).toString(_PORTABLE) for key in self._commands[command_id].keys)
        self._settings.set_keys(command_id, None if keys == own else keys)


def _has(keys: tuple[str, ...], key: str) -> bool:
    """Say whether a key is one of several, however it is written."""
    return any(QKeySequence(one) == QKeySequence(key) for one in keys)


def show_keys(keys: tuple[str, ...]) -> str:
    """Return keys as people read them on this system."""
    return ", ".join(QKeySequence(key).toString(_NATIVE) for key in keys)
