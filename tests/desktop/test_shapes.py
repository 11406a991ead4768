"""Drawing selections: what each tool takes in each mode, whatever keys come later, mirrored and with soft edges."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from sni_desktop.canvas.locks import find_regions, padlock_places
from sni_desktop.canvas.look import COLOURS, Look, read_look, write_look
from sni_desktop.canvas.overlay import make_mesh
from sni_desktop.canvas.view import CanvasView
from sni_desktop.canvas.viewport import Viewport
from sni_desktop.document import Document
from sni_desktop.settings import Settings
from sni_desktop.window import MainWindow
from sni_engine.api.arrays import Array
from sni_engine.api.cells import mirror
from sni_engine.api.codes import GridSpec
from sni_engine.api.selection import parse_cells

from .fakes import OTHER, child
from .test_canvas import LEFT, NONE, middle, move, selected

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
BEFORE, DRAWN = "2:6,2:6", "0:4,0:4"


def cells(text: str) -> Array:
    return parse_cells(text, GridSpec())


def mask(document: Document) -> Array:
    assert document.snapshot.selection is not None
    return document.snapshot.selection.cells


def draw(qtbot: QtBot, canvas: CanvasView, tool: str, keys: Qt.KeyboardModifier) -> None:
    """Take the upper left quarter with a tool; keys held at the press are let go before the first move."""
    canvas.set_tool(tool)
    corners = {
        "rectangle": [(0.5, 0.5), (3.5, 3.5)],
        "lasso": [(-0.2, -0.2), (-0.2, 4.1), (4.1, 4.1), (4.1, -0.2)],
        "brush": [(r + 0.5, c + 0.5) for r in range(4) for c in ((0, 1, 2, 3) if r % 2 == 0 else (3, 2, 1, 0))],
    }[tool]
    points = [QPoint(24 + round(50 * x), 24 + round(50 * y)) for y, x in corners]
    qtbot.mousePress(canvas, LEFT, keys, points[0])
    for point in points[1:]:
        move(canvas, point, LEFT)
    qtbot.mouseRelease(canvas, LEFT, NONE, points[-1])


EXPECTED = [
    (NONE, cells(DRAWN)),
    (SHIFT, cells(f"{BEFORE};{DRAWN}")),
    (ALT, cells(BEFORE) * (1 - cells(DRAWN))),
    (CONTROL, cells(BEFORE) * (1 - cells(DRAWN))),
    (SHIFT | ALT, cells("2:4,2:4")),
    (SHIFT | CONTROL, cells("2:4,2:4")),
]


@pytest.mark.parametrize("tool", ["brush", "rectangle", "lasso"])
@pytest.mark.parametrize(("keys", "expected"), EXPECTED)
def test_keys_at_the_press_decide_what_becomes_of_all_64_cells(
    canvas: CanvasView, face: Document, qtbot: QtBot, tool: str, keys: Qt.KeyboardModifier, expected: Array
) -> None:
    face.set_cells(cells(BEFORE))
    draw(qtbot, canvas, tool, keys)
    assert np.array_equal(mask(face), expected)


@pytest.mark.parametrize("tool", ["rectangle", "lasso"])
def test_a_click_takes_one_cell_and_escape_takes_a_shape_back(
    canvas: CanvasView, face: Document, qtbot: QtBot, tool: str
) -> None:
    canvas.set_tool(tool)
    qtbot.mouseClick(canvas, LEFT, NONE, middle(2, 3))
    assert selected(face) == {(2, 3)}
    qtbot.mousePress(canvas, LEFT, NONE, middle(5, 5))
    for cell in ((5, 7), (7, 7), (7, 5)):
        move(canvas, middle(*cell), LEFT)
    assert len(selected(face)) > 1, "what the shape takes shows while it is drawn"
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(7, 5))
    assert selected(face) == {(2, 3)}


def test_another_model_s_grid_ends_a_shape(
    canvas: CanvasView, face: Document, qtbot: QtBot, work: Callable[[], None]
) -> None:
    canvas.set_tool("lasso")
    qtbot.mousePress(canvas, LEFT, NONE, middle(1, 1))
    move(canvas, middle(5, 5), LEFT)
    face.open_model(OTHER.name)
    work()
    move(canvas, middle(6, 2), LEFT)
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(6, 2))
    assert selected(face) == set()


@pytest.mark.parametrize("tool", ["brush", "rectangle", "lasso"])
def test_both_halves_are_painted_alike(canvas: CanvasView, face: Document, qtbot: QtBot, tool: str) -> None:
    canvas.painting.set_mirrored(True)
    draw(qtbot, canvas, tool, NONE)
    assert np.array_equal(mask(face), cells("0:4,0:8"))
    assert np.array_equal(mask(face), mirror(mask(face)))


@pytest.mark.parametrize("tool", ["brush", "rectangle", "lasso"])
def test_a_soft_edge_fades_and_its_inside_is_whole(canvas: CanvasView, face: Document, qtbot: QtBot, tool: str) -> None:
    canvas.painting.set_edge(1)
    draw(qtbot, canvas, tool, NONE)
    row = mask(face)[1]
    assert row[0] > 0.95
    assert all(one >= next_ for one, next_ in zip(row, row[1:], strict=False))
    assert 0 < row[4] < row[3] < 1
    assert row[7] == 0


def test_the_shape_under_way_is_drawn(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    canvas.set_tool("lasso")
    canvas.set_look(Look(visible=True, tint=0))
    qtbot.mousePress(canvas, LEFT, NONE, middle(1, 1))
    for cell in ((1, 5), (5, 5)):
        move(canvas, middle(*cell), LEFT)
    on_the_line = middle(1, 3)
    assert QColor(canvas.grab().toImage().pixel(on_the_line)).lightness() > 200
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(5, 5))
    assert QColor(canvas.grab().toImage().pixel(on_the_line)).lightness() < 200


def test_the_status_bar_says_what_the_keys_held_do(window: MainWindow) -> None:
    def key(kind: QEvent.Type, name: Qt.Key, before: Qt.KeyboardModifier) -> str:
        QApplication.sendEvent(window.canvas, QKeyEvent(kind, name, before))
        return child(window, QLabel, "locality").text()

    press, release = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
    assert key(press, Qt.Key.Key_Shift, NONE) == "Adds to the selection."
    assert "both" in key(press, Qt.Key.Key_Control, SHIFT)
    assert key(release, Qt.Key.Key_Shift, SHIFT | CONTROL) == "Takes from the selection."
    assert "selection" not in key(release, Qt.Key.Key_Control, CONTROL)


def test_the_mode_of_a_stroke_under_way_stays(canvas: CanvasView, qtbot: QtBot) -> None:
    told: list[str] = []
    canvas.mode.changed.connect(told.append)
    qtbot.mousePress(canvas, LEFT, SHIFT, middle(1, 1))
    move(canvas, middle(1, 3), LEFT)  # Shift is let go
    assert told == ["add"]
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(1, 3))
    assert told == ["add", "replace"]


# -- how it looks ----------------------------------------------------------------------------------------------------


def colour_in(canvas: CanvasView, row: int, column: int) -> QColor:
    """The colour in a cell, off its middle, where a padlock may be."""
    at = middle(row, column) + QPoint(16, 18)
    return QColor(canvas.grab().toImage().pixel(at))


def test_a_locked_cell_takes_no_tint(canvas: CanvasView, face: Document) -> None:
    canvas.set_grid_visible(False)
    face.set_locks(cells("2,2"))
    bare = [colour_in(canvas, 2, 2), colour_in(canvas, 5, 5)]
    face.select_all()
    assert colour_in(canvas, 2, 2) == bare[0]
    assert colour_in(canvas, 5, 5) != bare[1]


def test_locks_show_on_any_colour_and_hide_with_the_selection(canvas: CanvasView, face: Document) -> None:
    canvas.set_grid_visible(False)
    bare = canvas.grab().toImage()
    face.set_locks(cells("2,2"))
    locked = canvas.grab().toImage()
    near = range(-9, 10)
    shades = {QColor(locked.pixel(middle(2, 2) + QPoint(dx, dy))).lightness() for dx in near for dy in near}
    assert max(shades) == 255
    assert min(shades) < 90
    canvas.set_look(Look(visible=False))
    assert canvas.grab().toImage() == bare


def test_a_hidden_selection_shows_while_it_is_painted(canvas: CanvasView, qtbot: QtBot, face: Document) -> None:
    canvas.set_look(Look(visible=False))
    bare = colour_in(canvas, 3, 3)
    qtbot.mousePress(canvas, LEFT, NONE, middle(3, 3))
    assert colour_in(canvas, 3, 3) != bare
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(3, 3))
    assert colour_in(canvas, 3, 3) == bare


def test_weights_show_as_strength(canvas: CanvasView, face: Document) -> None:
    canvas.set_grid_visible(False)
    bare = colour_in(canvas, 3, 3)

    def difference(weight: float) -> int:
        face.set_cells(cells("all") * weight)
        now = colour_in(canvas, 3, 3)
        return abs(now.red() - bare.red()) + abs(now.green() - bare.green()) + abs(now.blue() - bare.blue())

    assert 0 < difference(0.1) < difference(0.4) < difference(1.0)


def test_colour_tint_and_hatching_change_what_is_drawn(canvas: CanvasView, face: Document) -> None:
    face.select_all()
    looks = [Look(colour) for colour in COLOURS] + [Look(tint=60), Look(hatch=True)]
    pictures = []
    for look in looks:
        canvas.set_look(look)
        pictures.append(canvas.grab().toImage())
    assert all(one != other for index, one in enumerate(pictures) for other in pictures[index + 1 :])


@pytest.mark.parametrize("text", ["", "amber", "green 20 plain", "amber 21 plain", "\x00"])
def test_a_damaged_look_is_the_first_one(text: str) -> None:
    assert read_look(text) == Look()


def test_the_look_is_remembered_but_a_selection_never_starts_hidden() -> None:
    assert read_look(write_look(Look("cyan", 40, True, visible=False))) == Look("cyan", 40, True, visible=True)
    Settings().look = Look("white", 0)
    assert Settings().look == Look("white", 0)


def test_each_region_of_locks_has_one_padlock_inside_it() -> None:
    locked = cells("0,0:2;3:5,2:6;7,7;1:4,7;1,5:8")
    assert sorted(len(region) for region in find_regions(locked)) == [1, 2, 5, 8]
    mesh = make_mesh(Viewport(448, 448).fit(), 8, 8, 2.0)
    places = padlock_places(mesh, locked)
    assert len(places) == 4
    middles = {(int((place.center().y() - 24) // 50), int((place.center().x() - 24) // 50)) for place in places}
    assert all(locked[cell] for cell in middles)
    assert QPointF(24 + 4 * 50, 24 + 4 * 50) in [place.center() for place in places], "between cells, in the middle"
