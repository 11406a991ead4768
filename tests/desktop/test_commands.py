"""Commands: each named once, on keys of its own, enabled when it can do something, and then doing it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtWidgets import QApplication, QDockWidget, QMessageBox
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs, step_dialogs
from sni_desktop.commands.table import COMMANDS, MENUS, TOOLBAR
from sni_desktop.document import Document
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_engine.api.models import ModelRef

from .fakes import make_codes

Work = Callable[[], None]


def test_commands_are_named_once_and_share_no_keys() -> None:
    names = [command.id for command in COMMANDS]
    assert len(names) == len(set(names))
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))
    assert {name for name in TOOLBAR if name} <= set(names)
    assert {command.menu for command in COMMANDS} == set(MENUS)


def test_every_command_is_in_its_menu_and_its_keys_are_the_table_s(window: MainWindow) -> None:
    for command in COMMANDS:
        action = window.binder.actions[command.id]
        menus = window.binder.submenus if command.submenu else window.binder.menus
        assert action in menus[command.submenu or command.menu].actions()
        assert action.shortcuts() == [QKeySequence(key) for key in command.keys], command.id
        assert all(key.toString() for key in action.shortcuts()), f"Qt does not know the keys of {command.id}"
        assert action.text(), command.id
        assert action.toolTip(), command.id


def test_a_key_held_down_resamples_once_and_undoes_often(window: MainWindow) -> None:
    repeating = {name for name, action in window.binder.actions.items() if action.autoRepeat()}
    walking = {"undo", "redo", "next-candidate", "previous-candidate"}
    assert repeating == walking | {
        "smaller",
        "larger",
        "grow",
        "shrink",
        "zoom-in",
        "zoom-out",
        "split-left",
        "split-right",
    }


def test_the_sheet_names_every_key(window: MainWindow) -> None:
    sheet = " ".join(keys for _, keys in window.binder.list_keys())
    for command in COMMANDS:
        for key in command.keys:
            assert QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) in sheet


def test_every_menu_entry_does_something(
    window: MainWindow, document: Document, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command, enabled by its own rule, leaves a trace: a changed snapshot, view, dialog or question."""
    asked: list[str] = []
    for name in ("ask_open", "ask_model", "ask_seed", "ask_save", "show_about", "show_shortcuts"):
        monkeypatch.setattr(dialogs, name, lambda *_, name=name: asked.append(name))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toString()))
    for name in ("ask_picture", "ask_sheet", "ask_sequence"):
        monkeypatch.setattr(window.exports, name, lambda name=name: asked.append(name))
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: QMessageBox.StandardButton.Discard)
    for name in ("ask_to_delete", "ask_recipe"):
        monkeypatch.setattr(step_dialogs, name, lambda *_, name=name: asked.append(name))
    silent = []
    for command in COMMANDS:
        prepare(command.id, window, document, work)
        action = window.binder.actions[command.id]
        assert action.isEnabled(), command.id
        before = (trace(window), len(asked))
        action.trigger()
        work()
        if (trace(window), len(asked)) == before:
            silent.append(command.id)
    assert silent == []


def prepare(name: str, window: MainWindow, document: Document, work: Work) -> None:
    """Bring the window into a state in which the command has something to do."""
    document.select_all()
    window.seeing.leave()
    if name.startswith(("compare", "split", "difference")):
        document.resample()
        work()
        if name == "compare-parent":
            window.seeing.comparing.compare_with_root()
    document.set_locks(np.zeros((8, 8), np.float32))
    if name in ("undo", "redo"):
        document.resample()
        work()
        if name == "redo":
            document.undo()
    elif name in ("restore-branch", "delete-branch", "export-recipe", "apply-edits"):
        document.resample()
        work()
        if name == "restore-branch":
            document.delete_branch(1)
    elif name in ("find-step", "go-to", "name-step"):
        window.canvas.setFocus()
    elif name == "cancel":
        document.drag_amount(0.5)
    elif name.endswith("-candidate"):
        window.choosing.candidates.ask()
        work()
        window.choosing.candidates.preview(2)
    elif name == "save":
        document.resample()
        work()
    elif name in ("find-model", "replay-here"):
        assert document.project is not None
        document.recover(replace(document.project, model=ModelRef("gone", "a" * 32)), None, saved=True)
        work()
    elif name == "all":
        document.select_none()
    elif name == "blend-all":
        window.blending.references.take(make_codes(50), "goal")
    elif name in ("select-part", "find-parts", "take-back-parts"):
        window.parting.parts.want("test", True)
        work()
        window.parting.parts.choose("mouth")
        if name == "take-back-parts":
            window.parting.parts.split(["mouth"])
    elif name.endswith(("-region", "-tab")):
        window.show()
        window.canvas.setFocus()
    elif name == "brush":
        window.canvas.set_tool("hand")
    elif name in ("grow", "soften", "mirror", "shrink"):
        window.selecting.choose_place("left-eye")
    elif name == "reselect":
        window.selecting.remember()
        document.select_none()
    elif name == "unlock-all":
        document.set_locks(np.eye(8, dtype=np.float32))
    elif name == "edge-0":
        window.canvas.painting.set_edge(1)
    elif name in ("selection-amber", "tint-20"):
        window.change_look(colour="cyan", tint=40)
    elif name == "smaller":
        window.canvas.painting.set_size(3)
    elif name == "zoom-double":
        window.canvas.zoom_fit()
    elif name == "zoom-fit":
        window.canvas.zoom_by(2)
    elif name in ("light", "dark", "system"):
        window.theme.set_mode("dark" if name != "dark" else "light")
    elif name == "reset-layout":
        window.docks[0].hide()
    work() if name != "cancel" else None
    window.binder.refresh()


def trace(window: MainWindow) -> tuple[object, ...]:
    now, canvas = window.document.snapshot, window.canvas
    return (
        now.history,
        now.selection,
        now.path,
        now.modified,
        now.busy,
        now.draft,
        now.notice,
        canvas.tool,
        canvas.painting.settings,
        canvas._view,
        canvas.grid_visible,
        canvas.look,
        window.theme.mode,
        window.choosing.candidates.snapshot,
        window.docks[0].isHidden(),
        window.focusWidget(),
        [dock.visibleRegion().isEmpty() for dock in window.findChildren(QDockWidget)],
        window.blending.references.state,
        window.blending.clone.with_shared,
        window.isVisible(),
        window.isFullScreen(),
        _looks(window),
        [type(widget) for widget in QApplication.topLevelWidgets() if widget.isVisible()],
        window.host.welcome.isHidden(),
        window.host._dialog and window.host._dialog.page,
        QApplication.clipboard().text(),
        window.parting.parts.state.parts,
        window.parting.panel.isVisible(),
    )


def _looks(window: MainWindow) -> tuple[object, ...]:
    now = window.seeing.comparing.now
    ways = window.seeing.influencing.now.is_on, window.seeing.parts.state.is_on
    return now.view, now.held, now.other, now.split, now.fitted, *ways


def test_commands_without_a_face_are_disabled(document: Document, theme: Theme, qtbot: QtBot) -> None:
    window = MainWindow(document, theme, Settings())
    qtbot.addWidget(window)
    enabled = {name for name, action in window.binder.actions.items() if action.isEnabled()}
    assert not enabled & {
        "save",
        "save-as",
        "export",
        "export-sheet",
        "export-sequence",
        "copy",
        "copy-codes",
        "undo",
        "redo",
        "resample",
        "all",
        "none",
        "invert",
        "star",
    }
    assert {"new", "open", "quit", "about"} <= enabled


def test_a_command_of_an_activity_waits_until_that_is_ready(window: MainWindow) -> None:
    """A face alone is not enough: there must be candidates to accept, besides."""
    waiting = [command for command in COMMANDS if command.ready is not None and not command.ready(window)]
    assert waiting
    assert [command.id for command in waiting if window.binder.actions[command.id].isEnabled()] == []
