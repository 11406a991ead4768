"""Selections by command: grown, shrunk, brought back, chosen by name; and locks, which nothing gets through."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QLabel, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs
from sni_desktop.activities.selecting import Selecting
from sni_desktop.document import Document
from sni_desktop.panels import places
from sni_desktop.panels.places import PlacesMenu, name_places
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_engine.api.arrays import Array
from sni_engine.api.codes import LEVELS, GridSpec
from sni_engine.api.paths import config_folder
from sni_engine.api.presets import PLACES, place_cells
from sni_engine.api.selection import parse_cells

from .fakes import child

Work = Callable[[], None]


def cells(text: str) -> Array:
    return parse_cells(text, GridSpec())


def mask(document: Document) -> Array:
    assert document.snapshot.selection is not None
    return document.snapshot.selection.cells


def locks(document: Document) -> Array:
    assert document.snapshot.selection is not None
    return document.snapshot.selection.locked


def current(document: Document) -> Array:
    assert document.snapshot.history is not None
    return document.snapshot.history.current.codes.local


@pytest.fixture
def selecting(face: Document) -> Selecting:
    return Selecting(face, config_folder() / "presets.json")


def test_commands_make_exact_masks(window: MainWindow, document: Document) -> None:
    actions = window.binder.actions
    expected = {
        "all": "all",
        "none": "none",
        "invert": "all",
        "shrink": "all",
    }
    for name, text in expected.items():
        actions[name].trigger()
        assert np.array_equal(mask(document), cells(text)), name
    document.set_cells(cells("0:2,0"))
    actions["grow"].trigger()
    assert np.array_equal(mask(document), cells("0:3,0:2")), "growing stops at the border"
    actions["shrink"].trigger()
    assert np.array_equal(mask(document), cells("0:2,0")), "and the border is no rim"
    actions["mirror"].trigger()
    assert np.array_equal(mask(document), cells("0:2,7"))


def test_inverting_twice_changes_nothing(window: MainWindow, document: Document) -> None:
    document.set_cells(cells("2:5,1:4"))
    window.selecting.soften()
    soft = mask(document)
    for _ in range(2):
        window.binder.actions["invert"].trigger()
    assert np.allclose(mask(document), soft, atol=1e-6)
    assert 0 < np.min(soft[soft > 0]) < 1


def test_growing_and_shrinking_by_keys_leaves_the_cell_cursor_alone(
    window: MainWindow, document: Document, qtbot: QtBot
) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    document.set_cells(cells("4,4"))
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Up, both)
    assert np.array_equal(mask(document), cells("3:6,3:6"))
    qtbot.keyClick(window.canvas, Qt.Key.Key_Down, both)
    assert np.array_equal(mask(document), cells("4,4"))
    document.select_none()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Up, both)
    assert not mask(document).any()


def test_reselect_walks_back_and_around(selecting: Selecting, face: Document) -> None:
    chosen = [cells(text) for text in ("0,0", "1,1", "2,2")]
    for one in chosen:
        face.set_cells(one)
        selecting.remember()
    for wanted in (1, 0, 2, 1):
        selecting.reselect()
        assert np.array_equal(mask(face), chosen[wanted])


def test_what_was_selected_a_moment_ago_comes_back_after_selecting_nothing(
    selecting: Selecting, face: Document
) -> None:
    face.set_cells(cells("3,3"))
    face.select_none()
    selecting.reselect()
    assert np.array_equal(mask(face), cells("3,3"))


def test_nothing_to_come_back_to_is_said(selecting: Selecting, face: Document) -> None:
    selecting.reselect()
    assert face.snapshot.notice is not None
    assert "no earlier selection" in face.snapshot.notice.title


def test_a_selection_is_remembered_when_it_has_stood_a_while(
    selecting: Selecting, face: Document, qtbot: QtBot
) -> None:
    face.set_cells(cells("3,3"))
    qtbot.waitUntil(lambda: not selecting._settled.isActive())
    face.set_cells(cells("4,4"))
    selecting.reselect()
    assert np.array_equal(mask(face), cells("3,3"))


# -- places ----------------------------------------------------------------------------------------------------------


def entries(menu: QMenu) -> dict[str, QAction]:
    menu.aboutToShow.emit()
    return {action.text().replace("&&", "\0").replace("&", "").replace("\0", "&"): action for action in menu.actions()}


def places_menu(window: MainWindow) -> PlacesMenu:
    return next(menu for menu in window.binder.menus["select"].findChildren(PlacesMenu))


def test_the_menu_selects_every_place_that_comes_with_the_program(window: MainWindow, document: Document) -> None:
    assert list(name_places()) == list(PLACES)
    menu = places_menu(window)
    for name, text in name_places().items():
        document.select_none()
        entries(menu)[text.replace("&", "")].trigger()
        assert np.array_equal(mask(document), place_cells(PLACES[name], GridSpec())), name


def test_own_places_are_saved_renamed_and_deleted_by_menu(
    window: MainWindow, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    menu, answers = places_menu(window), iter(["smile & more", "grin"])
    monkeypatch.setattr(places, "ask_name", lambda *_: next(answers))
    monkeypatch.setattr(places, "ask_sure", lambda *_: True)
    document.select_none()
    assert not entries(menu)["Save selection as…"].isEnabled()
    document.set_cells(cells("5:7,2:6") * 0.5)
    entries(menu)["Save selection as…"].trigger()
    document.select_none()
    entries(menu)["smile & more"].trigger()
    assert np.allclose(mask(document), cells("5:7,2:6") * 0.5)
    rename = entries(menu)["Rename"].menu()
    assert isinstance(rename, QMenu)
    rename.actions()[0].trigger()
    assert "grin" in entries(menu)
    assert "smile & more" not in entries(menu)
    delete = entries(menu)["Delete"].menu()
    assert isinstance(delete, QMenu)
    delete.actions()[0].trigger()
    assert "grin" not in entries(menu)
    assert not entries(menu)["Delete"].isEnabled()


def test_nothing_of_one_s_own_goes_without_a_yes(
    window: MainWindow, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    document.set_cells(cells("1,1"))
    window.selecting.save_preset("kept")
    document.set_cells(cells("2,2"))
    monkeypatch.setattr(places, "ask_name", lambda *_: "kept")
    monkeypatch.setattr(places, "ask_sure", lambda *_: False)
    menu = places_menu(window)
    entries(menu)["Save selection as…"].trigger()
    delete = entries(menu)["Delete"].menu()
    assert isinstance(delete, QMenu)
    delete.actions()[0].trigger()
    (preset,) = window.selecting.presets
    assert np.array_equal(preset.cells(GridSpec()), cells("1,1"))


def test_own_places_survive_a_restart(selecting: Selecting, face: Document) -> None:
    face.set_cells(cells("5:7,3:5") * 0.25)
    selecting.save_preset("smile")
    again = Selecting(face, config_folder() / "presets.json")
    face.select_none()
    again.choose_preset("smile")
    assert np.allclose(mask(face), cells("5:7,3:5") * 0.25)


def test_a_damaged_file_is_told_kept_and_leaves_the_shipped_places(
    document: Document, theme: Theme, qtbot: QtBot, work: Work
) -> None:
    path = config_folder() / "presets.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{ not quite")
    window = MainWindow(document, theme, Settings())
    qtbot.addWidget(window)
    document.new_face(7)  # which puts messages away
    work()
    assert document.snapshot.notice is not None
    assert "presets.json cannot be read" in document.snapshot.notice.title
    entries(places_menu(window))["Mouth"].trigger()
    assert np.array_equal(mask(document), cells("5:7,3:5"))
    window.selecting.save_preset("new")
    assert path.with_suffix(".damaged.json").read_text() == "{ not quite"
    assert [preset.name for preset in Selecting(document, path).presets] == ["new"]


def test_places_that_cannot_be_written_are_told_and_not_shown(face: Document, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    selecting = Selecting(face, tmp_path / "file" / "presets.json")
    face.select_all()
    face.dismiss_notice()
    selecting.save_preset("new")
    assert selecting.presets == ()
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.kind == "error"


# -- locks -----------------------------------------------------------------------------------------------------------


def test_locks_by_key_and_command(window: MainWindow, document: Document, qtbot: QtBot) -> None:
    document.set_cells(cells("3:5,2:6") * 0.3)
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_L)
    assert np.array_equal(locks(document), cells("3:5,2:6"))
    document.set_cells(cells("3:6,2:6"))
    qtbot.keyClick(window.canvas, Qt.Key.Key_L)
    assert np.array_equal(locks(document), cells("3:6,2:6")), "some were free: all are locked"
    qtbot.keyClick(window.canvas, Qt.Key.Key_L)
    assert not locks(document).any()
    document.set_locks(cells("0,0"))
    window.binder.actions["invert-locks"].trigger()
    assert locks(document).sum() == 63
    window.binder.actions["unlock-all"].trigger()
    assert not locks(document).any()


@pytest.mark.parametrize("how", ["resample", "amount", "new face"])
def test_locked_codes_stay_whatever_is_done(window: MainWindow, document: Document, work: Work, how: str) -> None:
    document.select_all()
    document.set_levels(LEVELS)
    held = cells("3:5,2:6")
    document.set_locks(held)
    before = current(document)
    if how == "resample":
        document.resample()
    elif how == "amount":
        for amount in (0.3, 0.6, 0.8):
            document.drag_amount(amount)
            work()
        document.release_amount(0.8)
    else:
        window.binder.actions["new"].trigger()
    work()
    after = current(document)
    assert np.array_equal(after[held > 0], before[held > 0])
    assert (after[held == 0] != before[held == 0]).all()
    assert document.snapshot.history is not None
    assert len(document.snapshot.history.nodes) == 2, "one step, in the same history"


def test_a_new_face_around_locks_says_so_and_asks_nothing(
    window: MainWindow, document: Document, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    button = child(window, QPushButton, "new_face")
    assert button.text() == "New face"
    assert window.binder.actions["new"].text() == "&New face"
    document.select_all()
    document.resample()
    work()
    document.set_locks(cells("3:5,2:6"))
    document.refresh()
    assert button.text() == "New face around the locks"
    assert window.binder.actions["new"].text() == "&New face around the locks"
    asked: list[object] = []
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: asked.append(_))
    button.click()
    work()
    assert asked == []
    assert document.snapshot.history is not None
    assert len(document.snapshot.history.nodes) == 3


def test_when_all_is_locked_a_new_face_is_refused_in_words(face: Document, work: Work) -> None:
    face.set_locks(cells("all"))
    face.new_face()
    work()
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 1
    assert face.snapshot.notice is not None
    assert "Every cell is locked" in face.snapshot.notice.title


def test_panel_and_status_bar_show_locks(window: MainWindow, document: Document) -> None:
    line, unlock = child(window, QLabel, "locked"), child(window, QPushButton, "unlock")
    assert line.text() == "No locks"
    assert not unlock.isEnabled()
    document.set_locks(cells("3,3"))
    document.refresh()
    assert line.text() == "1 cell locked"
    hover = child(window, QLabel, "hover")
    window.canvas.hover_changed.emit((3, 3))
    assert hover.text() == "row 3, column 3 · locked"
    unlock.click()
    document.refresh()
    assert hover.text() == "row 3, column 3"
    document.set_cells(cells("0:2,0:2"))
    document.refresh()
    child(window, QPushButton, "lock").click()
    document.refresh()
    assert line.text() == "4 cells locked"
    assert child(window, QLabel, "selected").text() == "All that is selected is locked."
    assert not child(window, QPushButton, "resample").isEnabled()


# -- the panel -------------------------------------------------------------------------------------------------------


def test_switches_and_commands_agree(window: MainWindow) -> None:
    soft, both = child(window, QCheckBox, "soft-edge"), child(window, QCheckBox, "both-halves")
    actions, painting = window.binder.actions, window.canvas.painting
    soft.click()
    assert painting.settings.edge == 1
    assert actions["edge-1"].isChecked()
    assert not actions["edge-0"].isChecked()
    actions["edge-2"].trigger()
    assert soft.isChecked()
    actions["edge-0"].trigger()
    assert not soft.isChecked()
    actions["both-halves"].trigger()
    assert both.isChecked()
    both.click()
    assert not painting.settings.mirrored
    assert not actions["both-halves"].isChecked()


def test_chips_select_places(window: MainWindow, document: Document) -> None:
    for name in ("mouth", "eyes", "hair"):
        child(window, QPushButton, f"place-{name}").click()
        assert np.array_equal(mask(document), place_cells(PLACES[name], GridSpec()))


def test_the_look_is_chosen_by_command_and_remembered(window: MainWindow) -> None:
    for name in ("selection-magenta", "tint-40", "selection-hatch", "show-selection"):
        window.binder.actions[name].trigger()
    look = window.canvas.look
    assert (look.colour, look.tint, look.hatch, look.visible) == ("magenta", 40, True, False)
    assert Settings().look.colour == "magenta"
    window.binder.actions["show-selection"].trigger()
    assert window.canvas.look.visible
    assert window.binder.actions["show-selection"].isChecked()


def test_nothing_of_the_edit_panel_is_out_of_reach_on_a_small_screen(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1024, 700)
    assert child(window, QPushButton, "resample").visibleRegion().boundingRect().height() > 20
    slider = child(window, QLabel, "locked").parentWidget()
    assert slider is not None
    assert slider.width() <= 268, "nothing is cut at the right"
    for button in window.findChildren(QPushButton):
        if button.property("role") == "small":
            assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_the_name_of_a_place_is_no_markup(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: asked.append(box) or QMessageBox.StandardButton.No)
    assert not places.ask_sure(window, "Delete <b>mine</b>?")
    assert (asked[0].textFormat(), asked[0].text()) == (Qt.TextFormat.PlainText, "Delete <b>mine</b>?")
