"""The window: titles, files, closing, commands and shortcuts, all through what a person can press."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
)
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs
from sni_desktop.document import Document
from sni_desktop.key_sheet import KeySheet
from sni_desktop.settings import Settings
from sni_desktop.theme import DARK, LIGHT, Theme
from sni_desktop.window import MainWindow
from sni_engine.api.errors import EngineError

from .conftest import forget_changes
from .fakes import CARD, OTHER, FakeEngine, child

Work = Callable[[], None]
BUTTONS = QMessageBox.StandardButton


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
    assert window.files.save()
    work()
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
    window: MainWindow, document: Document, qtbot: QtBot, work: Work, tmp_path: Path
) -> None:
    document.open(tmp_path / "missing.sni")
    work()
    bar = window.findChild(QPushButton, "close-notice")
    assert bar is not None
    assert bar.isVisible()
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton)
    document.refresh()
    assert not bar.isVisible()


def test_escape_stops_what_runs_before_it_puts_a_message_away(
    window: MainWindow, document: Document, qtbot: QtBot, work: Work, tmp_path: Path
) -> None:
    document.select_all()
    document.open(tmp_path / "missing.sni")
    work()
    document.resample()
    press(qtbot, window, Qt.Key.Key_Escape)
    work()
    assert not document.snapshot.busy
    assert document.snapshot.history is not None
    assert len(document.snapshot.history.nodes) == 1
    assert document.snapshot.notice is not None
    press(qtbot, window, Qt.Key.Key_Escape)
    assert document.snapshot.notice is None


def test_a_message_does_not_move_the_picture(window: MainWindow, document: Document, tmp_path: Path) -> None:
    before = window.canvas.geometry()
    document.open(tmp_path / "missing.sni")
    QApplication.processEvents()
    document.refresh()
    QApplication.processEvents()
    bar = window.findChild(QFrame, "notice")
    assert bar is not None
    assert bar.isVisible()
    assert window.canvas.geometry() == before
    assert bar.width() == window.canvas.width()
    assert bar.height() < window.canvas.height() / 3


def test_the_sheet_of_keys_fits_a_small_screen(window: MainWindow, qtbot: QtBot) -> None:
    window.show_shortcuts()
    sheet = window.findChild(KeySheet)
    assert sheet is not None
    assert sheet.width() < 1024
    assert sheet.height() < 700
    area = sheet.findChild(QScrollArea)
    assert area is not None
    assert area.widget().width() <= area.viewport().width(), "read from top to bottom, not from side to side"
    sheet.close()


def test_cancel_in_the_status_bar(window: MainWindow, document: Document, qtbot: QtBot, work: Work) -> None:
    cancel = window.findChild(QPushButton, "cancel")
    assert cancel is not None
    assert not cancel.isVisible()
    document.select_all()
    document.resample()
    qtbot.waitUntil(cancel.isVisible)
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    work()
    assert document.snapshot.history is not None
    assert len(document.snapshot.history.nodes) == 1
    assert not document.snapshot.busy


# -- questions -------------------------------------------------------------------------------------------------------


def test_a_suffix_added_for_the_person_replaces_no_file_unasked(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "face.sni").write_bytes(b"precious")
    asked: list[Path] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "face"), ""))
    monkeypatch.setattr(dialogs, "ask_to_replace", lambda _, path: bool(asked.append(path)))
    assert not window.files.save()
    assert asked == [tmp_path / "face.sni"]
    assert (tmp_path / "face.sni").read_bytes() == b"precious"


def test_seeds_as_people_type_them() -> None:
    assert dialogs.read_seed(" 42\n") == 42
    assert dialogs.read_seed(str(2**63 - 1)) == 2**63 - 1
    for wrong in ("", "-1", "1.5", "seven", str(2**63), "9" * 5000):
        with pytest.raises(EngineError, match="is not a seed"):
            dialogs.read_seed(wrong)


def test_a_wrong_seed_is_asked_about_again_with_what_was_typed(
    window: MainWindow, document: Document, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = document.snapshot.history
    answers = iter([("seven", True), ("8", True), ("seven", True), ("", False)])
    asked: list[tuple[str, str]] = []

    def ask(box: QInputDialog) -> int:
        asked.append((box.labelText(), box.textValue()))
        assert box.width() > box.fontMetrics().horizontalAdvance(box.windowTitle()) + 80, "the title has room"
        text, agreed = next(answers)
        box.setTextValue(text)
        return int(agreed)

    monkeypatch.setattr(QInputDialog, "exec", ask)
    window.files.new_face_from_seed()
    work()
    assert document.snapshot.history != before
    assert document.snapshot.history is not None
    assert document.snapshot.history.current.seed == 8
    assert asked[1][1] == "seven"
    assert "is not a seed" in asked[1][0]
    now = document.snapshot.history
    window.files.new_face_from_seed()
    work()
    assert document.snapshot.history is now


def test_a_model_of_another_grid_makes_way_for_a_new_face_after_asking(
    window: MainWindow, document: Document, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_model", lambda *_: OTHER.name)
    document.select_all()
    document.resample()
    work()
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: BUTTONS.Cancel)
    window.files.open_model_asking()
    work()
    assert document.snapshot.card == CARD
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: BUTTONS.Discard)
    window.files.open_model_asking()
    work()
    assert document.snapshot.card == OTHER
    assert document.snapshot.selection is not None
    assert document.snapshot.selection.cells.shape == (4, 4)


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


def test_docks_and_size_survive_a_restart_and_can_be_reset(
    window: MainWindow, document: Document, theme: Theme, qtbot: QtBot
) -> None:
    window.resize(761, 661)  # the screen of the tests is small
    window.docks[1].hide()
    window.closeEvent(QCloseEvent())
    again = MainWindow(document, theme, Settings())
    qtbot.addWidget(again, before_close_func=forget_changes)
    again.show()
    assert (again.width(), again.height()) == (761, 661)
    assert again.docks[1].isHidden()
    again.docks.reset()
    assert not again.docks[1].isHidden()


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


def test_a_button_of_the_panel_gives_the_keys_back(window: MainWindow, qtbot: QtBot) -> None:
    field = child(window, QLineEdit, "search-steps")
    field.setFocus()
    child(window, QPushButton, "resample").setEnabled(True)
    child(window, QPushButton, "resample").click()
    assert window.canvas.hasFocus()


def test_resampling_nothing_says_why(window: MainWindow, document: Document, work: Work) -> None:
    assert document.snapshot.selection is not None
    steps = document.snapshot.history
    window.binder.actions["resample"].trigger()
    assert document.snapshot.notice is not None
    assert "Nothing is selected" in document.snapshot.notice.title
    document.select_all()
    document.set_locks(document.snapshot.selection.cells)
    window.binder.actions["resample"].trigger()
    assert "locked" in document.snapshot.notice.title
    document.set_locks(document.snapshot.selection.cells * 0)
    work()
    assert document.snapshot.history is steps
