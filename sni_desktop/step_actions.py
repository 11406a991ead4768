"""What can be done with a step: from the menu bar with the current one, from a row's menu with that row's."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QMenu

from sni_desktop import step_dialogs
from sni_desktop.activities.replays import Replays
from sni_desktop.apply_dialog import ApplyDialog
from sni_desktop.panels.history import HistoryPanel
from sni_desktop.snapshot import Notice, Snapshot
from sni_desktop.words import name_step
from sni_engine.api.errors import EngineError
from sni_engine.api.recipes import write_recipe

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow

MENU = (
    *("go-to", "name-step", "star", None),
    *("compare-with", "reference-step", None),
    *("delete-branch", None),
    *("export-recipe", "apply-edits"),
)
"""A row's menu by the ids of commands, None for a line; those that no table holds are left out."""

_LONGEST = 32


def has_branch(now: Snapshot) -> bool:
    """Say whether the current step may be deleted; the first one stays."""
    return now.history is not None and now.history.can_undo


def has_edits(now: Snapshot) -> bool:
    """Say whether there are edits on the way to the current step."""
    return now.history is not None and any(node.edit for node in now.history.path())


def name_undo(now: Snapshot) -> str:
    """Return the name of what undo takes back."""
    if now.has_just_deleted:
        return step_dialogs.tr("Delete branch")
    return _shorten(name_step(now.history.current)) if now.history is not None and now.history.can_undo else ""


def name_redo(now: Snapshot) -> str:
    """Return the name of what redo does again."""
    return _shorten(name_step(now.history.redo().current)) if now.history is not None and now.history.can_redo else ""


def _shorten(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"


class StepActions:
    """Acts on the step that a row's menu is about, else on the current one."""

    def __init__(self, window: "MainWindow", panel: HistoryPanel, replays: Replays) -> None:
        self._window = window
        self._panel = panel
        self.replays: Replays = replays
        self._pointed: int | None = None
        self._dialog: ApplyDialog | None = None
        panel.menu_asked.connect(self.show_menu)

    @property
    def meant_id(self) -> int | None:
        """The number of the step that is meant; None without a face."""
        history = self._window.document.snapshot.history
        if history is None:
            return None
        if self._pointed is not None and any(node.id == self._pointed for node in history.nodes):
            return self._pointed
        return history.current_id

    def show_menu(self, node_id: int, at: QPoint) -> QMenu:
        """Open the menu of a row; what it holds is in the menu bar, too."""
        actions = self._window.binder.actions
        menu = QMenu(self._window)
        for name in MENU:
            if name is None:
                menu.addSeparator()
            elif name in actions:
                menu.addAction(actions[name])
        self._point_at(node_id)
        # later: the action that was chosen runs after the menu has gone, and still means this row
        menu.aboutToHide.connect(lambda: QTimer.singleShot(0, self._window, lambda: self._point_at(None)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
        return menu

    def _point_at(self, node_id: int | None) -> None:
        self._pointed = node_id
        self._panel.point_at(node_id)
        self._window.binder.refresh()
        history = self._window.document.snapshot.history
        if node_id is not None and history is not None:
            actions, edited = self._window.binder.actions, any(node.edit for node in history.path(node_id))
            actions["delete-branch"].setEnabled(history.node(node_id).parent is not None)
            for name in ("export-recipe", "apply-edits"):
                actions[name].setEnabled(edited)

    def find(self) -> None:
        """Put the cursor into the field that finds steps."""
        self._window.docks.show("history")
        self._panel.find_step()

    def go(self) -> None:
        """Go to the step; when it is on screen already, show where it is in the history."""
        self._window.docks.show("history")
        if self.meant_id is not None:
            self._window.document.go_to(self.meant_id)
            self._panel.show_current()

    def name(self) -> None:
        """Open the field for the step's name."""
        self._window.docks.show("history")
        if self.meant_id is not None:
            self._panel.name_step(self.meant_id)

    def toggle_star(self) -> None:
        """Star the step, or take its star away."""
        if self.meant_id is not None:
            self._window.document.toggle_star(self.meant_id)

    def delete(self) -> None:
        """Delete the step and all that grew from it, after asking once."""
        history, node_id = self._window.document.snapshot.history, self.meant_id
        if history is None or node_id is None or history.node(node_id).parent is None:
            return
        branch = history.branch(node_id)
        if step_dialogs.ask_to_delete(self._window, branch):
            self._window.document.delete_branch(node_id, branch)

    def export_recipe(self) -> None:
        """Ask for a file and write the edits on the way to the step."""
        recipe = None if self.meant_id is None else self._window.document.take_recipe(self.meant_id)
        if recipe is None or not recipe.steps:
            return
        path = step_dialogs.ask_recipe(self._window, self._window.folder / f"{self._name_file()}.json")
        if path is None:
            return
        try:
            write_recipe(recipe, path)
        except EngineError as error:
            self._window.document.tell(Notice.of(error))
            return
        self._window.document.tell(Notice("info", step_dialogs.tr("{name} is written.").replace("{name}", path.name)))

    def apply_edits(self) -> None:
        """Open the dialog that applies the edits on the way to the step to other faces."""
        recipe = None if self.meant_id is None else self._window.document.take_recipe(self.meant_id)
        if recipe is None or not recipe.steps:
            return
        if self._dialog is None:
            self._dialog = ApplyDialog(self._window, self.replays, self._window.theme)
            self._dialog.open_asked.connect(self._open)
        self._dialog.ask(recipe, self._window.folder / f"{self._name_file()}-applied", self._window.document.snapshot)

    def _open(self, path: str) -> None:
        self._window.files.open(Path(path))

    def _name_file(self) -> str:
        path = self._window.document.snapshot.path
        return path.stem if path is not None else step_dialogs.tr("face")
