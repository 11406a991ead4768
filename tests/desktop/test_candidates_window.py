"""The strip in the window: keys where they belong and nowhere else, tiles, the mixer, and what is remembered."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from sni_desktop.document import Document
from sni_desktop.panels import tiles
from sni_desktop.panels.contact import ContactView
from sni_desktop.panels.crops import crop_box
from sni_desktop.panels.mixer import Mixer
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_engine.api.arrays import Array

from .conftest import forget_changes
from .fakes import FakeEngine, child, current_picture_is_right, mouth

Work = Callable[[], None]
Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def strip(window: MainWindow, document: Document, qtbot: QtBot, work: Work) -> ContactView:
    """The tiles of nine candidates for a mouth, asked for by keys."""
    mouth(document)
    qtbot.keyClick(window.canvas, Key.Key_R, CTRL | SHIFT)
    work()
    found = child(window, ContactView, "candidate-tiles")
    assert found.isVisible()
    return found


def steps(document: Document) -> int:
    assert document.snapshot.history is not None
    return len(document.snapshot.history.nodes)


def shown(document: Document) -> Array:
    assert document.snapshot.picture is not None
    return document.snapshot.picture


def picture(window: MainWindow, index: int) -> Array:
    return window.choosing.candidates.snapshot.items[index].picture


def test_the_dock_comes_when_it_is_asked_for_and_stays(
    window: MainWindow, document: Document, theme: Theme, qtbot: QtBot
) -> None:
    dock = window.choosing
    assert dock.isHidden()
    assert not window.binder.actions["variations"].isEnabled()
    mouth(document)
    window.binder.actions["variations"].trigger()
    assert not dock.isHidden()
    window.closeEvent(QCloseEvent())
    again = MainWindow(document, theme, Settings())
    qtbot.addWidget(again, before_close_func=forget_changes)
    again.show()
    assert not again.choosing.isHidden()


@pytest.mark.parametrize("from_canvas", [True, False])
def test_ask_nine_look_star_leave_accept(
    window: MainWindow, document: Document, qtbot: QtBot, strip: ContactView, from_canvas: bool
) -> None:
    """The acceptance check: the canvas follows, Esc restores the original, only Return adds one step."""
    before = shown(document)
    place: QWidget = window.canvas if from_canvas else strip
    forth, back = (Key.Key_Period, Key.Key_Comma) if from_canvas else (Key.Key_Right, Key.Key_Left)
    place.setFocus()
    assert len(window.choosing.candidates.snapshot.items) == 9
    for index in (0, 1, 2):
        qtbot.keyClick(place, forth)
        assert shown(document) is picture(window, index)
    qtbot.keyClick(place, back)
    assert shown(document) is picture(window, 1)
    qtbot.keyClick(strip, Key.Key_S) if not from_canvas else window.choosing.candidates.toggle_star()
    assert [item.starred for item in window.choosing.candidates.snapshot.items] == [False, True] + [False] * 7
    qtbot.keyClick(place, Key.Key_7)
    assert shown(document) is picture(window, 6)
    qtbot.keyClick(place, Key.Key_Escape)
    assert shown(document) is before
    assert not document.snapshot.draft
    qtbot.keyClick(place, Key.Key_Return)
    assert steps(document) == 1
    qtbot.keyClick(place, Key.Key_2)
    assert steps(document) == 1
    qtbot.keyClick(place, Key.Key_Return)
    qtbot.keyClick(place, Key.Key_Return)
    assert steps(document) == 2
    assert shown(document) is picture(window, 1)
    qtbot.keyClick(place, Key.Key_Z, CTRL)
    assert shown(document) is before


def test_s_stars_the_step_where_no_candidate_is_meant(
    window: MainWindow, document: Document, qtbot: QtBot, strip: ContactView
) -> None:
    window.choosing.candidates.preview(0)
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Key.Key_S)
    assert document.snapshot.history is not None
    assert document.snapshot.history.current.star
    assert not any(item.starred for item in window.choosing.candidates.snapshot.items)


def test_delete_discards_on_the_strip_only(
    window: MainWindow, document: Document, qtbot: QtBot, strip: ContactView
) -> None:
    window.canvas.setFocus()
    window.choosing.candidates.preview(4)
    qtbot.keyClick(window.canvas, Key.Key_Delete)
    assert len(window.choosing.candidates.snapshot.items) == 9
    strip.setFocus()
    qtbot.keyClick(strip, Key.Key_Delete)
    assert len(window.choosing.candidates.snapshot.items) == 8
    assert window.choosing.candidates.snapshot.previewed == 4


@pytest.mark.parametrize("kind", [QLineEdit, QSpinBox, QComboBox, QPushButton])
def test_fields_and_buttons_keep_their_keys(
    window: MainWindow, document: Document, qtbot: QtBot, strip: ContactView, kind: type[QWidget]
) -> None:
    window.choosing.candidates.preview(3)
    field = kind(strip.parentWidget())
    field.show()
    field.setFocus()
    for key in (Key.Key_1, Key.Key_Period, Key.Key_Comma, Key.Key_Return, Key.Key_Delete, Key.Key_Left):
        QTest.keyClick(field, key)
    assert window.choosing.candidates.snapshot.previewed == 3
    assert len(window.choosing.candidates.snapshot.items) == 9
    assert steps(document) == 1


def test_two_hundred_quick_keys(window: MainWindow, document: Document, qtbot: QtBot, strip: ContactView) -> None:
    keys = [Key.Key_Right, Key.Key_Left, Key.Key_1, Key.Key_9, Key.Key_Escape, Key.Key_S, Key.Key_5, Key.Key_Down]
    strip.setFocus()
    for index in range(200):
        qtbot.keyClick(strip, keys[index * 7 % len(keys)])
    qtbot.keyClick(strip, Key.Key_4)
    assert shown(document) is picture(window, 3)
    assert steps(document) == 1
    qtbot.keyClick(strip, Key.Key_Escape)
    assert current_picture_is_right(document)


@pytest.mark.parametrize("by", ["Esc", "Cancel"])
def test_cancelling_means_the_same_by_key_and_by_button(
    window: MainWindow, document: Document, qtbot: QtBot, strip: ContactView, work: Work, by: str
) -> None:
    """It stops what is drawn, and leaves the candidate that was looked at; those in the strip stay."""
    before = window.choosing.candidates.snapshot.items
    window.choosing.candidates.preview(0)
    window.choosing.candidates.more()
    button = child(window, QPushButton, "cancel")
    if by == "Esc":
        qtbot.keyClick(window.canvas, Key.Key_Escape)
    else:
        qtbot.waitUntil(button.isVisible)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    work()
    assert not document.snapshot.draft
    assert window.choosing.candidates.snapshot.asking == 0
    assert window.choosing.candidates.snapshot.items == before
    assert window.choosing.candidates.snapshot.previewed is None


# -- with the mouse --------------------------------------------------------------------------------------------------


def tile_point(strip: ContactView, index: int) -> QPoint:
    return strip.visualRect(strip.model().index(index, 0)).center()


def test_a_click_previews_and_a_double_click_accepts(
    window: MainWindow, document: Document, qtbot: QtBot, strip: ContactView
) -> None:
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=tile_point(strip, 2))
    assert shown(document) is picture(window, 2)
    window.choosing.candidates.restore()
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=tile_point(strip, 2))
    assert shown(document) is picture(window, 2)
    qtbot.mouseDClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=tile_point(strip, 2))
    assert steps(document) == 2


def test_the_star_on_a_tile_previews_nothing(
    window: MainWindow, document: Document, qtbot: QtBot, strip: ContactView
) -> None:
    room = strip.visualRect(strip.model().index(5, 0))
    star = tiles.star_rect(tiles.picture_rect(room, strip._tiles.side)).center()
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=star)
    assert window.choosing.candidates.snapshot.items[5].starred
    assert window.choosing.candidates.snapshot.previewed is None


def test_ctrl_click_mixes_with_the_one_on_the_canvas(
    window: MainWindow, document: Document, qtbot: QtBot, strip: ContactView, work: Work
) -> None:
    mixer = child(window, Mixer, "mixer")
    for index in (2, 6):
        qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, CTRL, tile_point(strip, index))
    work()
    mix = window.choosing.candidates.snapshot.mix
    assert mix is not None
    assert (mix.of, mix.other) == (2, 6)
    assert mixer.isVisible()
    assert np.array_equal(shown(document), picture(window, 6))  # the mouth is still selected
    qtbot.keyClick(window.canvas, Key.Key_4)
    work()
    assert np.array_equal(shown(document), picture(window, 3))
    qtbot.mouseClick(child(window, QPushButton, "swap-mix"), Qt.MouseButton.LeftButton)
    work()
    assert np.array_equal(shown(document), picture(window, 2))
    qtbot.mouseClick(child(window, QPushButton, "keep-mix"), Qt.MouseButton.LeftButton)
    assert not mixer.isVisible()
    assert len(window.choosing.candidates.snapshot.items) == 10
    assert steps(document) == 1


def test_the_mixer_offers_the_levels_that_differ(
    window: MainWindow, document: Document, strip: ContactView, work: Work
) -> None:
    document.set_levels(["local", "shared"])
    window.choosing.candidates.ask()
    work()
    child(window, QPushButton, "candidates-mix").click()
    work()
    assert child(window, QWidget, "mix-shared").isVisible()
    assert not child(window, QWidget, "mix-style").isVisible()
    child(window, QCheckBox, "mix-shared").click()
    mix = window.choosing.candidates.snapshot.mix
    assert mix is not None
    assert mix.levels == ("local",)


def test_the_menu_of_a_tile_does_what_it_says(window: MainWindow, document: Document, strip: ContactView) -> None:
    def look() -> tuple[object, ...]:
        return window.choosing.candidates.snapshot, document.snapshot, window.blending.references.state

    for index in range(7):
        menu = strip.make_menu(1)
        actions = [action for action in menu.actions() if not action.isSeparator()]
        if index < len(actions):
            before = look()
            actions[index].trigger()
            assert look() != before, actions[index].text()
            window.choosing.candidates.restore()


# -- what is said ----------------------------------------------------------------------------------------------------


def test_an_empty_strip_says_what_to_do(window: MainWindow, document: Document, work: Work) -> None:
    window.choosing.show()
    ask, text = child(window, QPushButton, "candidates-ask"), child(window, QLabel, "candidates-empty")
    assert not ask.isEnabled()
    assert "Select cells" in text.text()
    mouth(document)
    assert ask.isEnabled()
    ask.click()
    work()
    assert not ask.isVisible()
    assert len(window.choosing.candidates.snapshot.items) == 9


def test_candidates_of_another_step_say_so(
    window: MainWindow, document: Document, strip: ContactView, work: Work
) -> None:
    window.choosing.candidates.accept(0)
    text, back = child(window, QLabel, "candidates-text"), child(window, QPushButton, "candidates-back")
    assert "Face" in text.accessibleName()
    assert back.isVisible()
    back.click()
    assert document.snapshot.history is not None
    assert document.snapshot.history.current_id == 0
    assert not back.isVisible()
    document.redo()
    child(window, QPushButton, "candidates-here").click()
    work()
    assert window.choosing.candidates.snapshot.base is not None
    assert window.choosing.candidates.snapshot.base.id == 1


def test_what_is_chosen_is_remembered(window: MainWindow, document: Document, strip: ContactView, work: Work) -> None:
    counts = child(window, QComboBox, "candidates-count")
    counts.setCurrentIndex(0)
    counts.activated.emit(0)
    child(window, QPushButton, "candidates-whole").click()
    settings = Settings()
    assert (settings.candidates, settings.whole_candidates) == (4, True)
    child(window, QPushButton, "candidates-more").click()
    work()
    assert len(window.choosing.candidates.snapshot.items) == 4
    settings._store.setValue("candidates", "many")
    assert settings.candidates == 9


def test_tiles_are_named_for_who_cannot_see(strip: ContactView, window: MainWindow) -> None:
    window.choosing.candidates.toggle_star(1)
    spoken = strip.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Candidate 2" in spoken
    assert "Starred" in spoken
    assert "outside" in spoken


def test_buttons_are_named(strip: ContactView, window: MainWindow) -> None:
    for button in window.choosing._panel.findChildren(QPushButton):
        assert button.text() or (button.accessibleName() and button.toolTip()), button.objectName()


# -- how tiles are placed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [700, 755, 761, 797, 800])
def test_tiles_use_the_room_there_is(strip: ContactView, window: MainWindow, width: int) -> None:
    window.resize(width, 600)
    window.choosing.setFloating(True)
    window.choosing.resize(width, 180)
    QApplication.processEvents()
    rooms = [strip.visualRect(strip.model().index(index, 0)) for index in range(9)]
    assert all(strip.viewport().rect().contains(room) for room in rooms)
    assert len({room.topLeft().toTuple() for room in rooms}) == 9


@pytest.mark.parametrize("count", [1, 4, 9, 16, 25])
@pytest.mark.parametrize(("width", "height"), [(850, 90), (700, 300), (260, 600), (1600, 120), (300, 76)])
def test_the_largest_tiles_that_fit(width: int, height: int, count: int) -> None:
    side = tiles.tile_side(width, height, count, 17)
    assert tiles.SMALLEST_PX <= side <= tiles.LARGEST_PX
    if side > tiles.SMALLEST_PX:
        assert tiles.fits(width, height, count, side, 17)
    if side < tiles.LARGEST_PX:
        larger = [s for s in range(side + 1, tiles.LARGEST_PX) if tiles.fits(width, height, count, s, 17)]
        assert larger == []


def test_a_crop_shows_what_changes() -> None:
    reach = np.zeros((8, 8), np.float32)
    assert crop_box(reach, 64) == QRect(0, 0, 64, 64)
    assert crop_box(reach + 1, 64) == QRect(0, 0, 64, 64)
    for row, column in ((0, 0), (7, 7), (3, 4)):
        reach[:] = 0
        reach[row, column] = 1
        box = crop_box(reach, 64)
        assert box.width() == box.height()
        assert box.width() < 32
        assert QRect(0, 0, 64, 64).contains(box)
        assert box.contains(QRect(8 * column, 8 * row, 8, 8))


def test_asking_shows_where_they_will_be(
    window: MainWindow, document: Document, engine: FakeEngine, work: Work
) -> None:
    mouth(document)
    window.choosing.ask()
    found = child(window, ContactView, "candidate-tiles")
    assert found.model().rowCount() == 9
    window.grab()
    engine.fail = lambda request: "No memory."
    work()
    assert found.model().rowCount() == 0
    assert document.snapshot.notice is not None


def test_a_closed_strip_is_not_picked_from(window: MainWindow, work: Work, qtbot: QtBot) -> None:
    mouth(window.document)
    window.choosing.ask()
    work()
    assert window.choosing.candidates.snapshot.items
    window.choosing.close()
    qtbot.keyClick(window.canvas, Qt.Key.Key_5)
    assert window.choosing.candidates.snapshot.previewed is None
    window.binder.refresh()
    assert not window.binder.actions["next-candidate"].isEnabled()
    window.choosing.show()
    qtbot.keyClick(window.canvas, Qt.Key.Key_5)
    assert window.choosing.candidates.snapshot.previewed == 4


def test_a_candidate_becomes_the_reference(window: MainWindow, strip: ContactView) -> None:
    menu = strip.make_menu(2)
    next(action for action in menu.actions() if action.text() == "Use as reference").trigger()
    current = window.blending.references.state.current
    assert current is not None
    assert current.codes == window.choosing.candidates.snapshot.items[2].codes
    assert current.label == "Candidate 3"
    assert current.picture is not None
    assert window.blending.panel.isVisible()
