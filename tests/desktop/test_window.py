"""The window: titles, files, closing, commands and shortcuts, all through what a person can press."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs
from sni_desktop.commands.table import COMMANDS, TOOLBAR
from sni_desktop.document import Document
from sni_desktop.settings import Settings
from sni_desktop.theme import DARK, LIGHT, Theme
from sni_desktop.window import MainWindow

from .fakes import FakeEngine

Work = Callable[[], None]
BUTTONS = QMessageBox.StandardButton


@pytest.fixture
def window(document: Document, theme: Theme, qtbot: QtBot, work: Work) -> MainWindow:
    window = MainWindow(document, theme, Settings())
    qtbot.addWidget(window, before_close_func=forget_changes)
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    document.new_face(7)
    work()
    return window


def forget_changes(window: MainWindow) -> None:
    """Let the test end without being asked to save."""
    window.document._saved = window.document.snapshot.history
    window.document._show()


def press(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(window.canvas, key, keys)


CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_road_by_keys(window: MainWindow, document: Document, qtbot: QtBot, work: Work) -> None:
    press(qtbot, window, Qt.Key.Key_A, CTRL)
    before = document.snapshot.picture
    press(qtbot, window, Qt.Key.Key_R)
    work()
    assert not np.array_equal(document.snapshot.picture, before)
    locality = window.findChild(QLabel, "locality")
    assert locality is not None
    assert "inside" in locality.text()
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(document.snapshot.picture, before)
    press(qtbot, window, Qt.Key.Key_Return, CTRL)
    work()
    assert document.snapshot.history is not None
    assert len(document.snapshot.history.nodes) == 3


def test_the_title_says_what_is_open_and_whether_it_is_saved(
    window: MainWindow, document: Document, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.windowTitle() == "Untitled[*] — SNI Desktop"
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: tmp_path / "face.sni")
    document.select_all()
    document.resample()
    work()
    assert window.isWindowModified()
    assert window.save()
    assert window.windowTitle() == "face.sni[*] — SNI Desktop"
    assert not window.isWindowModified()


@pytest.mark.parametrize(
    ("answer", "closes", "saves"),
    [(BUTTONS.Save, True, True), (BUTTONS.Discard, True, False), (BUTTONS.Cancel, False, False)],
)
def test_closing_asks_about_unsaved_changes(
    window: MainWindow,
    document: Document,
    work: Work,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: BUTTONS,
    closes: bool,
    saves: bool,
) -> None:
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: answer)
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: tmp_path / "kept.sni")
    document.select_all()
    document.resample()
    work()
    event = QCloseEvent()
    window.closeEvent(event)
    assert event.isAccepted() == closes
    assert (tmp_path / "kept.sni").exists() == saves


def test_closing_without_changes_asks_nothing(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: pytest.fail("asked"))
    event = QCloseEvent()
    window.closeEvent(event)
    assert event.isAccepted()


def test_a_dropped_file_is_opened(window: MainWindow, document: Document, work: Work, tmp_path: Path) -> None:
    path = tmp_path / "dropped.sni"
    document.save(path)
    document.new_face(8)
    work()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(drop)
    work()
    assert document.snapshot.path == path


def test_trouble_is_a_bar_that_can_be_closed(
    window: MainWindow, document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    document.open(tmp_path / "missing.sni")
    bar = window.findChild(QPushButton, "close-notice")
    assert bar is not None
    assert bar.isVisible()
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_export_writes_a_png_of_the_size_asked_for(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    monkeypatch.setattr(dialogs, "ask_export", lambda *_: (tmp_path / "out.png", 96))
    window.export()
    with Image.open(tmp_path / "out.png") as image:
        assert image.size == (96, 96)


# -- commands --------------------------------------------------------------------------------------------------------


def test_commands_are_named_once_and_share_no_keys() -> None:
    names = [command.id for command in COMMANDS]
    assert len(names) == len(set(names))
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))
    assert {name for name in TOOLBAR if name} <= set(names)


def test_every_menu_entry_does_something(
    window: MainWindow, document: Document, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command, enabled by its own rule, leaves a trace: a changed snapshot, view, dialog or question."""
    asked: list[str] = []
    for name in ("ask_open", "ask_save", "ask_export", "show_about", "show_shortcuts"):
        monkeypatch.setattr(dialogs, name, lambda *_, name=name: asked.append(name))
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: BUTTONS.Discard)
    monkeypatch.setattr("sni_desktop.window.QInputDialog.getInt", lambda *_: (asked.append("seed") or 5, True))
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
    if name in ("undo", "redo"):
        document.resample()
        work()
        if name == "redo":
            document.undo()
    elif name == "cancel":
        document.drag_amount(0.5)
    elif name == "save":
        document.resample()
        work()
    elif name == "all":
        document.select_none()
    elif name == "brush":
        window.canvas.set_tool("hand")
    elif name == "smaller":
        window.canvas.set_brush_size(3)
    elif name == "zoom-fit":
        window.canvas.zoom_by(2)
    elif name in ("light", "dark", "system"):
        window.theme.set_mode("dark" if name != "dark" else "light")
    elif name == "reset-layout":
        window._docks[0].hide()
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
        canvas.tool,
        canvas.brush_size,
        canvas._view,
        canvas.grid_visible,
        window.theme.mode,
        window._docks[0].isHidden(),
        window.isVisible(),
    )


def test_commands_without_a_face_are_disabled(document: Document, theme: Theme, qtbot: QtBot) -> None:
    window = MainWindow(document, theme, Settings())
    qtbot.addWidget(window)
    enabled = {name for name, action in window.binder.actions.items() if action.isEnabled()}
    assert not enabled & {"save", "save-as", "export", "undo", "redo", "resample", "all", "none", "invert", "star"}
    assert {"new", "open", "quit", "about"} <= enabled


def test_cancel_in_the_status_bar(window: MainWindow, document: Document, qtbot: QtBot, work: Work) -> None:
    cancel = window.findChild(QPushButton, "cancel")
    assert cancel is not None
    assert not cancel.isVisible()
    document.select_all()
    document.resample()
    assert cancel.isVisible()
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    work()
    assert document.snapshot.history is not None
    assert len(document.snapshot.history.nodes) == 1
    assert not document.snapshot.busy


# -- what is remembered ----------------------------------------------------------------------------------------------


def test_settings_survive_a_restart_and_nonsense(private_home: Path) -> None:
    first = Settings()
    assert (first.theme, first.grid_visible) == ("system", True)
    first.theme, first.grid_visible = "dark", False
    first.folder = private_home
    first._store.sync()
    second = Settings()
    assert (second.theme, second.grid_visible, second.folder) == ("dark", False, private_home)
    second._store.setValue("theme", "purple")
    second._store.setValue("folder", "relative/nowhere")
    assert second.theme == "system"
    assert second.folder == Path.home()


def test_themes_switch_live(window: MainWindow) -> None:
    window.set_theme("dark")
    assert window.palette().window().color().name() == DARK.window
    dark = window.grab().toImage()
    window.set_theme("light")
    assert QApplication.palette().window().color().name() == LIGHT.window
    assert window.grab().toImage() != dark


def test_text_is_readable_in_both_themes() -> None:
    """Contrast of at least 4.5 (WCAG AA) for text on every ground it stands on."""
    for colours in (LIGHT, DARK):
        for text in (colours.text, colours.quiet):
            for ground in (colours.window, colours.panel, colours.raised, colours.canvas):
                assert contrast(text, ground) >= 4.5, (text, ground)
        assert contrast(colours.on_accent, colours.accent) >= 4.5
        assert contrast(colours.text, colours.danger_back) >= 4.5


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def test_a_start_without_a_display_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from sni_desktop import app

    monkeypatch.setattr(app.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert app.main([]) == 1
    said = capsys.readouterr().err
    assert "no display" in said
    assert "sni --help" in said


def test_the_engine_may_fail_at_the_very_start(
    document: Document, theme: Theme, qtbot: QtBot, work: Work, engine: FakeEngine
) -> None:
    window = MainWindow(document, theme, Settings())
    qtbot.addWidget(window)
    engine.fail = lambda request: "There is no model."
    document.new_face()
    work()
    assert document.snapshot.notice is not None
    window.grab()
    engine.fail = lambda request: None
    document.new_face()
    work()
    assert document.snapshot.picture is not None
