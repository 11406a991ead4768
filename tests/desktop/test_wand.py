"""The magic wand: what it takes by mouse and keys, what it outlines, and what becomes of it without parts or a map."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor
from pytestqt.qtbot import QtBot

from sni_desktop.activities.seeing import Seeing
from sni_desktop.canvas import overlay
from sni_desktop.canvas.parts import show_parts
from sni_desktop.canvas.view import CanvasView
from sni_desktop.document import Document
from sni_desktop.window import MainWindow
from sni_engine.api.arrays import Array
from sni_engine.api.cells import mirror
from sni_engine.api.part_requests import ReadParts, ShowParts

from .fakes import OTHER, FakeEngine
from .test_canvas import LEFT, NONE, move
from .test_shapes import ALT, CONTROL, SHIFT

Work = Callable[[], None]
NO_BUTTON = Qt.MouseButton.NoButton
HAIR, LEFT_EYE, RIGHT_EYE, MOUTH, SKIN = (0.1, 0.5), (0.44, 0.28), (0.44, 0.72), (0.7, 0.5), (0.6, 0.5)


@pytest.fixture
def seeing(face: Document) -> Seeing:
    return Seeing(face)


@pytest.fixture
def wand(canvas: CanvasView, face: Document, seeing: Seeing, work: Work) -> CanvasView:
    """A canvas with the wand in hand, on a picture whose parts are known."""
    show_parts(canvas, face, seeing)
    canvas.set_grid_visible(False)
    canvas.set_tool("wand")
    work()
    return canvas


def at(place: tuple[float, float]) -> QPoint:
    """A place (y, x) of the picture on the canvas, which shows it 400 px wide from (24, 24)."""
    return QPoint(24 + round(400 * place[1]), 24 + round(400 * place[0]))


def cells(document: Document) -> Array:
    assert document.snapshot.selection is not None
    return document.snapshot.selection.cells


def covered(seeing: Seeing, *places: tuple[float, float]) -> Array:
    """What the activity says that the parts at some places cover, all of it."""
    found = []
    for place in places:
        part = seeing.parts.part_at(*place)
        assert part is not None
        found.append(seeing.parts.cells_of(part))
    return np.max(found, 0)


def brightness(canvas: CanvasView, place: QPoint) -> int:
    return QColor(canvas.grab().toImage().pixel(place)).lightness()


# -- by mouse --------------------------------------------------------------------------------------------------------


def test_a_click_takes_the_cells_of_a_part_and_means_it(
    wand: CanvasView, face: Document, seeing: Seeing, qtbot: QtBot
) -> None:
    qtbot.mouseClick(wand, LEFT, NONE, at(MOUTH))
    assert np.array_equal(cells(face), covered(seeing, MOUTH))
    assert 0 < cells(face)[5].sum() == cells(face).sum()
    assert seeing.parts.state.chosen is not None
    assert seeing.parts.state.chosen.name == "mouth"
    qtbot.mouseClick(wand, LEFT, NONE, at(LEFT_EYE))
    assert np.array_equal(cells(face), covered(seeing, LEFT_EYE)), "a second click starts anew"
    qtbot.mouseClick(wand, LEFT, NONE, QPoint(8, 8))
    assert not cells(face).any(), "beside the picture there is nothing to take"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (NONE, lambda mouth, eyes: eyes),
        (SHIFT, lambda mouth, eyes: np.maximum(mouth, eyes)),
        (ALT, lambda mouth, eyes: mouth * (1 - eyes)),
        (CONTROL, lambda mouth, eyes: mouth * (1 - eyes)),
        (SHIFT | ALT, lambda mouth, eyes: mouth * eyes),
    ],
)
def test_keys_held_add_take_away_and_intersect(
    wand: CanvasView,
    face: Document,
    seeing: Seeing,
    qtbot: QtBot,
    keys: Qt.KeyboardModifier,
    expected: Callable[[Array, Array], Array],
) -> None:
    start = np.maximum(covered(seeing, MOUTH), np.eye(8, dtype=np.float32))
    face.set_cells(start)
    told: list[str] = []
    wand.mode.changed.connect(told.append)
    qtbot.mouseClick(wand, LEFT, keys, at(LEFT_EYE))
    np.testing.assert_allclose(cells(face), expected(start, covered(seeing, LEFT_EYE)))
    assert bool(told) == (keys != NONE), "the status bar hears of it"


def test_a_stroke_takes_all_parts_on_its_way_and_escape_takes_it_back(
    wand: CanvasView, face: Document, seeing: Seeing, qtbot: QtBot
) -> None:
    qtbot.mouseClick(wand, LEFT, NONE, at(MOUTH))
    before = cells(face)
    qtbot.mousePress(wand, LEFT, SHIFT, at(LEFT_EYE))
    move(wand, at((0.1, 0.28)), LEFT)  # far off in one move: skin and hair are on the way
    assert np.array_equal(cells(face), covered(seeing, MOUTH, LEFT_EYE, SKIN, HAIR))
    qtbot.keyClick(wand, Qt.Key.Key_Escape)
    assert np.array_equal(cells(face), before)
    qtbot.mouseRelease(wand, LEFT, NONE, at(HAIR))
    assert np.array_equal(cells(face), before)
    assert seeing.parts.state.chosen is not None
    assert seeing.parts.state.chosen.name == "mouth", "what was taken back is not meant"


def test_one_piece_alone_is_taken_and_outlined(wand: CanvasView, face: Document, seeing: Seeing, qtbot: QtBot) -> None:
    wand.painting.set_one_piece(True)
    bare = wand.grab().toImage()
    move(wand, at(LEFT_EYE), NO_BUTTON)
    hovered = wand.grab().toImage()
    changed = [place for place in (LEFT_EYE, RIGHT_EYE) if ring_differs(bare, hovered, place)]
    assert changed == [LEFT_EYE]
    qtbot.mouseClick(wand, LEFT, NONE, at(LEFT_EYE))
    assert cells(face)[:, :4].any()
    assert not cells(face)[:, 4:].any()
    qtbot.mousePress(wand, LEFT, NONE, at(LEFT_EYE))
    move(wand, at(RIGHT_EYE), LEFT)
    qtbot.mouseRelease(wand, LEFT, NONE, at(RIGHT_EYE))
    assert np.array_equal(cells(face), covered(seeing, LEFT_EYE, SKIN)), "a stroke takes both, one by one"


def ring_differs(bare: object, now: object, eye: tuple[float, float]) -> bool:
    """Whether anything differs in the column through an eye, above the pointer's badge."""
    x, y = at(eye).x(), at(eye).y()
    return any(bare.pixel(x, row) != now.pixel(x, row) for row in range(y - 40, y - 4))  # type: ignore[attr-defined]


def test_both_halves_are_taken_alike(wand: CanvasView, face: Document, qtbot: QtBot) -> None:
    wand.painting.set_one_piece(True)
    wand.painting.set_mirrored(True)
    qtbot.mouseClick(wand, LEFT, NONE, at(LEFT_EYE))
    assert cells(face)[:, :4].any()
    assert np.array_equal(cells(face), mirror(cells(face)))


def test_resampling_what_the_wand_took_leaves_locks_alone(
    wand: CanvasView, face: Document, qtbot: QtBot, work: Work
) -> None:
    locks = np.zeros((8, 8), np.float32)
    locks[5, :4] = 1
    face.set_locks(locks)
    qtbot.mouseClick(wand, LEFT, NONE, at(MOUTH))
    face.resample()
    work()
    history = face.snapshot.history
    assert history is not None
    before, after = history.root.codes.local, history.current.codes.local
    changed = (before != after).any(-1)
    assert changed[5, 4:6].all()
    assert not changed[5, :4].any()
    assert np.array_equal(history.current.edit.selection.cells, cells(face))  # type: ignore[union-attr]


# -- what is seen ----------------------------------------------------------------------------------------------------


def test_the_part_under_the_pointer_is_outlined_and_named(wand: CanvasView, seeing: Seeing) -> None:
    border = at((10 / 16, 0.5))  # the upper edge of the mouth
    far = at((0.9, 0.9))
    away = [max(brightness(wand, border + QPoint(0, dy)) for dy in (-1, 0, 1)), brightness(wand, far)]
    move(wand, at(MOUTH), NO_BUTTON)
    assert max(brightness(wand, border + QPoint(0, dy)) for dy in (-1, 0, 1)) > 220 > away[0]
    assert brightness(wand, far) == away[1]
    assert seeing.parts.state.pointed is not None
    assert seeing.parts.state.pointed.name == "mouth"


def test_what_is_no_step_is_neither_outlined_nor_taken(
    wand: CanvasView, face: Document, seeing: Seeing, qtbot: QtBot, work: Work
) -> None:
    face.select_all()
    face.resample()
    work()
    move(wand, at(HAIR), NO_BUTTON)
    move(wand, at(MOUTH), NO_BUTTON)
    assert seeing.parts.state.pointed is not None
    seeing.comparing.toggle("split")
    work()
    without = wand.grab().toImage()
    move(wand, at(HAIR), NO_BUTTON)
    assert wand.grab().toImage() == without
    assert seeing.parts.state.pointed is None
    qtbot.mouseClick(wand, LEFT, NONE, at(MOUTH))
    assert cells(face).all(), "the selection stays"


# -- by keys ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [Qt.Key.Key_X, Qt.Key.Key_Space])
def test_keys_take_the_part_in_the_middle_of_a_cell_and_leave_it_out_again(
    wand: CanvasView, face: Document, seeing: Seeing, qtbot: QtBot, key: Qt.Key
) -> None:
    qtbot.keyClick(wand, Qt.Key.Key_Down)  # the cursor shows, and is in the second row: hair
    bare = brightness(wand, at((0.25, 0.5)))
    assert bare > 200, "the part that the keys would take is outlined"
    qtbot.keyClick(wand, key)
    assert np.array_equal(cells(face), covered(seeing, HAIR))
    qtbot.keyClick(wand, key)
    assert not cells(face).any()
    wand.set_tool("brush")
    qtbot.keyClick(wand, key)
    assert cells(face).sum() == 1, "other tools take the cell alone"


# -- without a map, without parts ------------------------------------------------------------------------------------


def test_nothing_is_asked_before_the_wand_is_taken(
    canvas: CanvasView, face: Document, seeing: Seeing, engine: FakeEngine, work: Work
) -> None:
    show_parts(canvas, face, seeing)
    move(canvas, at(MOUTH), NO_BUTTON)
    work()
    assert not any(isinstance(request, ReadParts | ShowParts) for request in engine.ran)


@pytest.mark.parametrize("held", [False, True])
def test_a_press_before_the_map_has_come_waits_for_it(
    canvas: CanvasView, face: Document, seeing: Seeing, qtbot: QtBot, work: Work, held: bool
) -> None:
    show_parts(canvas, face, seeing)
    canvas.set_tool("wand")
    qtbot.mousePress(canvas, LEFT, NONE, at(MOUTH))
    if not held:
        qtbot.mouseRelease(canvas, LEFT, NONE, at(MOUTH))
    assert not cells(face).any()
    work()
    assert np.array_equal(cells(face), covered(seeing, MOUTH))
    if held:
        move(canvas, at(LEFT_EYE), LEFT)
        qtbot.mouseRelease(canvas, LEFT, NONE, at(LEFT_EYE))
        assert np.array_equal(cells(face), covered(seeing, MOUTH, SKIN, LEFT_EYE))


@pytest.mark.parametrize("way", ["escape", "tool", "step"])
def test_a_press_that_waits_is_forgotten_when_it_means_nothing_any_more(
    canvas: CanvasView, face: Document, seeing: Seeing, qtbot: QtBot, work: Work, way: str
) -> None:
    show_parts(canvas, face, seeing)
    canvas.set_tool("wand")
    qtbot.mousePress(canvas, LEFT, NONE, at(MOUTH))
    if way == "escape":
        qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas, LEFT, NONE, at(MOUTH))
    if way == "tool":
        canvas.set_tool("brush")
        seeing.parts.want("somebody", True)
    if way == "step":
        face.new_face(8)
    work()
    assert seeing.parts.state.map is not None
    assert not cells(face).any()


def test_a_model_without_parts_says_so_and_offers_to_find_some(
    wand: CanvasView, face: Document, qtbot: QtBot, work: Work
) -> None:
    face.open_model(OTHER.name)
    face.new_face(3)
    work()
    face.dismiss_notice()
    move(wand, at(MOUTH), NO_BUTTON)
    qtbot.mouseClick(wand, LEFT, NONE, at(MOUTH))
    work()
    notice = face.snapshot.notice
    assert notice is not None
    assert (notice.kind, notice.offer) == ("info", "find-parts")
    assert "no parts" in notice.title
    assert not cells(face).any()


def test_another_model_ends_a_stroke(wand: CanvasView, face: Document, qtbot: QtBot, work: Work) -> None:
    qtbot.mousePress(wand, LEFT, NONE, at(MOUTH))
    face.open_model(OTHER.name)
    work()
    move(wand, at(HAIR), LEFT)
    qtbot.mouseRelease(wand, LEFT, NONE, at(HAIR))
    assert not cells(face).any()


# -- in the window ---------------------------------------------------------------------------------------------------


def test_shift_with_its_key_takes_pieces_and_badge_and_readers_say_so(
    window: MainWindow, qtbot: QtBot, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(overlay, "paint_badge", lambda painter, corner, text, *_: said.append(text))
    qtbot.keyClick(window.canvas, Qt.Key.Key_W)
    work()
    window.canvas._cursor._cell = (3, 2)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Down)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Up)
    window.canvas.grab()
    assert said[-1] == "eyes"
    qtbot.keyClick(window.canvas, Qt.Key.Key_W, SHIFT)
    window.canvas.grab()
    assert said[-1] == "eyes, this piece"
    assert window.binder.actions["one-piece"].isChecked()
    qtbot.keyClick(window.canvas, Qt.Key.Key_W, SHIFT)
    window.canvas.grab()
    assert said[-1] == "eyes"


def test_its_key_takes_it_and_its_switch_is_the_menu_s(window: MainWindow, qtbot: QtBot, work: Work) -> None:
    qtbot.keyClick(window.canvas, Qt.Key.Key_W)
    assert window.canvas.tool == "wand"
    window.binder.actions["one-piece"].trigger()
    assert window.canvas.painting.settings.one_piece
    assert window.binder.actions["one-piece"].isChecked()
    work()
    view = window.canvas._view
    place = QPointF(view.left + 0.28 * view.side, view.top + 0.44 * view.side).toPoint()
    qtbot.mouseClick(window.canvas, LEFT, NONE, place)
    assert window.document.snapshot.can_edit


# -- for who cannot see it -------------------------------------------------------------------------------------------


def test_what_the_wand_is_on_and_takes_is_said(
    wand: CanvasView, face: Document, qtbot: QtBot, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    wand.setFocus()
    qtbot.keyClick(wand, Qt.Key.Key_Right)
    qtbot.keyClick(wand, Qt.Key.Key_X)
    assert said == [
        "Row 0, column 1, not selected, hair",
        "Added to the selection: hair",
        "Row 0, column 1, selected, hair",
    ]
    qtbot.keyClick(wand, Qt.Key.Key_X)
    assert "Taken from the selection: hair" in said
    qtbot.mouseClick(wand, LEFT, NONE, at(MOUTH))
    assert said[-1] == "Selected: mouth"
    wand.set_tool("brush")
    qtbot.keyClick(wand, Qt.Key.Key_Right)
    assert said[-1] == "Row 0, column 2, not selected"
