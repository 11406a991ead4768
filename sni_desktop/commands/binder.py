"""Commands to actions: menus, tool bar, keys, and each one enabled when it may run."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QToolBar

from sni_desktop.commands.command import Command
from sni_desktop.commands.table import COMMANDS, MENUS, MOUSE_HELP, TOOLBAR
from sni_desktop.keymap import Keymap, show_keys
from sni_desktop.panels.plain import plain
from sni_desktop.snapshot import Snapshot

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow


def tr(text: str) -> str:
    """Translate a text of the command table."""
    return QCoreApplication.translate("Commands", text)


def plain_text(command: Command) -> str:
    """Return a command's text without marks of mnemonics and questions."""
    return tr(command.text).replace("&", "").replace("{subject}", "").strip().rstrip("…")


class Binder(QObject):
    """Owns one action per command of the table."""

    def __init__(self, window: "MainWindow", keymap: Keymap) -> None:
        super().__init__(window)
        self._window = window
        self._keymap = keymap
        self.actions = {command.id: self._make_action(command) for command in COMMANDS}
        self.submenus: dict[str, QMenu] = {}
        self.menus = self._fill_menus()
        window.theme.changed.connect(self.draw_icons)
        window.document.refreshed.connect(self.refresh)
        keymap.changed.connect(self._take_keys)
        window.installEventFilter(self)
        self.draw_icons()
        self._take_keys()
        self.refresh(window.document.snapshot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Before a key is looked up among the actions, each must know whether it may run now."""
        if event.type() == QEvent.Type.ShortcutOverride:
            self._window.document.refresh()
        return False

    def fill_toolbar(self, bar: QToolBar) -> None:
        """Put the everyday commands into a bar."""
        for name in TOOLBAR:
            if name is None:
                bar.addSeparator()
            else:
                bar.addAction(self.actions[name])

    def refresh(self, now: Snapshot | None = None) -> None:
        """Enable and check every action by what is on screen."""
        now = now or self._window.document.snapshot
        for command in COMMANDS:
            action = self.actions[command.id]
            action.setEnabled(self._may_run(command, now))  # once: each turn and back costs a layout
            if command.subject is not None:
                self._set_text(command, self._name_subject(command, now))
            if command.checked is not None:
                action.setChecked(command.checked(self._window))

    def _may_run(self, command: Command, now: Snapshot) -> bool:
        return command.when(now) and (command.ready is None or command.ready(self._window))

    def draw_icons(self) -> None:
        """Draw the icons in the theme's colours."""
        for command in COMMANDS:
            if command.icon:
                self.actions[command.id].setIcon(self._window.theme.icon(command.icon))

    def list_keys(self) -> list[tuple[str, str]]:
        """Return text and keys of everything that has keys, and what the mouse does."""
        rows = [(tr(text), tr(keys)) for text, keys in MOUSE_HELP]
        for command in COMMANDS:
            keys = self._keymap.keys(command.id)
            if keys:
                rows.append((plain_text(command), show_keys(keys)))
        return rows

    def _take_keys(self) -> None:
        """Give every action its keys, and name the first in its tool tip."""
        now = self._window.document.snapshot
        for command in COMMANDS:
            self.actions[command.id].setShortcuts([QKeySequence(key) for key in self._keymap.keys(command.id)])
            self._set_text(command, self._name_subject(command, now))

    def _name_subject(self, command: Command, now: Snapshot) -> str:
        subject = command.subject(now) if command.subject is not None else ""
        return subject or (command.named(self._window) if command.named is not None else "")

    def _set_text(self, command: Command, subject: str) -> None:
        """Write an action's text and tool tip; a subject's own ampersands are no mnemonics."""
        action, keys = self.actions[command.id], self._keymap.keys(command.id)
        text = tr(command.text).replace("{subject}", subject.replace("&", "&&")).strip()
        name = f"{plain_text(command)} {subject}".strip()
        tip = plain(f"{name} ({show_keys(keys[:1])})" if keys else name)
        if (action.text(), action.toolTip()) != (text, tip):
            action.setText(text)
            action.setToolTip(tip)

    def _make_action(self, command: Command) -> QAction:
        action = QAction(self._window)
        action.setObjectName(command.id)
        action.setAutoRepeat(command.repeats)
        action.setCheckable(command.checked is not None)
        if command.scope != "window":
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            for widget in self._window.choosing.scopes[command.scope]:
                widget.addAction(action)
        action.triggered.connect(lambda: self._run(command))
        return action

    def _run(self, command: Command) -> None:
        if self._may_run(command, self._window.document.snapshot):
            command.do(self._window)
        self.refresh()

    def _fill_menus(self) -> dict[str, QMenu]:
        menus = {name: self._window.menuBar().addMenu(tr(text)) for name, text in MENUS.items()}
        for command in COMMANDS:
            if command.divider:
                menus[command.menu].addSeparator()
            self._menu_of(command, menus[command.menu]).addAction(self.actions[command.id])
        return menus

    def _menu_of(self, command: Command, menu: QMenu) -> QMenu:
        """Return the menu of a command, or its submenu, which comes to be with its first command."""
        if not command.submenu:
            return menu
        if command.submenu not in self.submenus:
            self.submenus[command.submenu] = menu.addMenu(tr(command.submenu))
        return self.submenus[command.submenu]
