"""The canvas: strokes, zoom, pan and keys, as a person makes them with mouse and keyboard."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sni_desktop.activities.painting import Settings
from sni_desktop.canvas.overlay import make_mesh, region
from sni_desktop.canvas.tools.strokes import footprint, start_stroke, stroke_mode
from sni_desktop.canvas.view import CanvasView
from sni_desktop.canvas.viewport import Viewport
from sni_desktop.document import Document
from sni_desktop.theme import Theme

from .fakes import OTHER

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def middle(row: int, column: int) -> QPoint:
    return QPoint(24 + 50 * column + 25, 24 + 50 * row + 25)


def drag(qtbot: QtBot, canvas: CanvasView, *cells: tuple[int, int], keys: Qt.KeyboardModifier = NONE) -> None:
    qtbot.mousePress(canvas, LEFT, keys, middle(*cells[0]))
    for cell in cells[1:]:
        move(canvas, middle(*cell), LEFT)
    qtbot.mouseRelease(canvas, LEFT, keys, middle(*cells[-1]))


def move(canvas: CanvasView, at: QPoint, button: Qt.MouseButton) -> None:
    """Move the pointer while a button is held, or none."""
    where = QPointF(at)
    event = QMouseEvent(QEvent.Type.MouseMove, where, canvas.mapToGlobal(where), Qt.MouseButton.NoButton, button, NONE)
    QApplication.sendEvent(canvas, event)


def selected(document: Document) -> set[tuple[int, int]]:
    assert document.snapshot.selection is not None
    return {(int(row), int(column)) for row, column in np.argwhere(document.snapshot.selection.cells > 0)}


def test_a_click_selects_one_cell_and_the_next_another(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    drag(qtbot, canvas, (2, 3))
    assert selected(face) == {(2, 3)}
    drag(qtbot, canvas, (5, 5))
    assert selected(face) == {(5, 5)}


def test_a_quick_drag_skips_no_cell(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    drag(qtbot, canvas, (6, 1), (6, 6))
    assert selected(face) == {(6, column) for column in range(1, 7)}


def test_shift_adds_and_control_takes_away(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    drag(qtbot, canvas, (1, 1), (1, 3))
    drag(qtbot, canvas, (4, 4), keys=SHIFT)
    assert selected(face) == {(1, 1), (1, 2), (1, 3), (4, 4)}
    drag(qtbot, canvas, (1, 2), keys=Qt.KeyboardModifier.ControlModifier)
    drag(qtbot, canvas, (4, 4), keys=Qt.KeyboardModifier.AltModifier)
    assert selected(face) == {(1, 1), (1, 3)}


def test_the_eraser_takes_away(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    face.select_all()
    canvas.set_tool("eraser")
    drag(qtbot, canvas, (0, 0))
    assert len(selected(face)) == 63


def test_the_hand_moves_the_picture_and_selects_nothing(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    canvas.set_tool("hand")
    drag(qtbot, canvas, (2, 2), (3, 3))
    assert selected(face) == set()
    canvas.set_tool("brush")
    qtbot.mouseClick(canvas, LEFT, NONE, middle(3, 3))
    assert selected(face) == {(2, 2)}, "the picture has moved one cell down and right"


def test_escape_takes_a_stroke_back(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    drag(qtbot, canvas, (1, 1))
    qtbot.mousePress(canvas, LEFT, NONE, middle(5, 5))
    move(canvas, middle(6, 6), LEFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(6, 6))
    assert selected(face) == {(1, 1)}


def test_escape_belongs_to_the_stroke_before_it_belongs_to_the_window(canvas: CanvasView, qtbot: QtBot) -> None:
    def is_kept() -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, NONE)
        event.ignore()
        QApplication.sendEvent(canvas, event)
        return event.isAccepted()

    assert not is_kept()
    qtbot.mousePress(canvas, LEFT, NONE, middle(5, 5))
    assert is_kept()
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(5, 5))
    assert not is_kept()


def test_another_button_does_not_end_a_stroke(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    qtbot.mousePress(canvas, LEFT, NONE, middle(5, 3))
    qtbot.mousePress(canvas, Qt.MouseButton.RightButton, NONE, middle(5, 3))
    qtbot.mouseRelease(canvas, Qt.MouseButton.RightButton, NONE, middle(5, 3))
    move(canvas, middle(5, 4), LEFT)
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(5, 4))
    assert selected(face) == {(5, 3), (5, 4)}


def test_a_button_let_go_over_a_dialog_ends_the_stroke(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    qtbot.mousePress(canvas, LEFT, NONE, middle(2, 2))
    move(canvas, middle(2, 3), LEFT)
    move(canvas, middle(2, 6), Qt.MouseButton.NoButton)
    move(canvas, middle(2, 7), LEFT)
    assert selected(face) == {(2, 2), (2, 3)}
    canvas.set_tool("hand")
    qtbot.mousePress(canvas, LEFT, NONE, middle(2, 2))
    move(canvas, middle(4, 4), Qt.MouseButton.NoButton)
    assert canvas._view.left == 24


def test_a_smaller_grid_keeps_the_cell_cursor_inside(
    canvas: CanvasView, face: Document, qtbot: QtBot, work: Callable[[], None]
) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    qtbot.mousePress(canvas, LEFT, NONE, middle(1, 1))
    face.open_model(OTHER.name)
    work()
    move(canvas, middle(2, 2), LEFT)
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(2, 2))
    face.select_none()
    qtbot.keyClick(canvas, Qt.Key.Key_X)
    assert selected(face) == {(3, 3)}


def test_shift_and_an_arrow_select_on_the_way(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    told: list[object] = []
    canvas.hover_changed.connect(told.append)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    assert selected(face) == {(0, 0), (1, 0), (1, 1)}
    assert told[-1] == (1, 1), "the status bar names the cell under the cursor"


def test_keys_alone_select_cells(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_X, Qt.Key.Key_Left, Qt.Key.Key_X):
        qtbot.keyClick(canvas, key)
    assert selected(face) == {(1, 2), (1, 1)}
    qtbot.keyClick(canvas, Qt.Key.Key_X)
    assert selected(face) == {(1, 2)}


def test_who_comes_by_tab_sees_the_cell_cursor(canvas: CanvasView, face: Document) -> None:
    def picture_with_focus(reason: Qt.FocusReason) -> QImage:
        canvas.clearFocus()
        canvas.setFocus(reason)
        return canvas.grab().toImage()

    by_mouse = picture_with_focus(Qt.FocusReason.MouseFocusReason)
    assert picture_with_focus(Qt.FocusReason.TabFocusReason) != by_mouse


def test_the_brush_shows_beforehand_that_it_would_take_away(canvas: CanvasView, qtbot: QtBot) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseMove(canvas, middle(3, 3))
    plain = canvas.grab().toImage()
    qtbot.keyPress(canvas, Qt.Key.Key_Control)
    taking = canvas.grab().toImage()
    assert taking != plain
    qtbot.keyRelease(canvas, Qt.Key.Key_Control, control)
    assert canvas.grab().toImage() == plain
    canvas.set_tool("eraser")
    assert canvas.grab().toImage() == taking


def scroll(canvas: CanvasView, at: QPoint, turn: int, keys: Qt.KeyboardModifier = NONE, fingers: bool = False) -> None:
    """Turn the wheel, or move two fingers on a touchpad."""
    phase = Qt.ScrollPhase.ScrollUpdate if fingers else Qt.ScrollPhase.NoScrollPhase
    pixels = QPoint(0, turn if fingers else 0)
    where = QPointF(at)
    event = QWheelEvent(where, where, pixels, QPoint(0, turn), Qt.MouseButton.NoButton, keys, phase, False)
    QApplication.sendEvent(canvas, event)


def test_the_wheel_zooms_around_the_pointer(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.zoom_changed):
        scroll(canvas, middle(6, 6), 480)
    qtbot.mouseClick(canvas, LEFT, NONE, middle(6, 6))
    assert selected(face) == {(6, 6)}
    assert canvas._view.side > 700
    canvas.zoom_fit()
    assert canvas._view.side == 400


def test_two_fingers_pan_and_zoom(canvas: CanvasView) -> None:
    scroll(canvas, middle(6, 6), 40, fingers=True)
    assert (canvas._view.side, canvas._view.top) == (400, 24 + 40)
    scroll(canvas, middle(6, 6), 40, Qt.KeyboardModifier.ControlModifier, fingers=True)
    assert canvas._view.side > 400
    canvas.zoom_fit()
    pad, at = QPointingDevice.primaryPointingDevice(), QPointF(middle(4, 4))
    kind = Qt.NativeGestureType.ZoomNativeGesture
    QApplication.sendEvent(canvas, QNativeGestureEvent(kind, pad, 2, at, at, at, 0.5, QPointF()))
    assert canvas._view.side == 600


def test_zoom_can_be_set(canvas: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.zoom_changed, check_params_cb=lambda percent: percent == pytest.approx(1000)):
        canvas.zoom_to(10)
    assert canvas._view.side == 160


def test_only_what_is_in_sight_is_scaled(canvas: CanvasView) -> None:
    canvas.zoom_by(8)
    canvas.grab()
    (first,) = canvas._picture.scaled
    assert first.side == 3200
    assert first.part.width() <= 448 + 2 * 256
    canvas._set_view(canvas._view.pan(60, 0))
    canvas.grab()
    assert canvas._picture.scaled == [first], "a short pan draws nothing anew"


def test_a_draft_is_shown_without_tint(canvas: CanvasView, face: Document, work: Callable[[], None]) -> None:
    face.select_all()
    face.drag_amount(0.0)
    work()
    assert face.snapshot.draft
    canvas.set_grid_visible(False)
    draft = canvas.grab().toImage().pixel(middle(3, 3))
    face.cancel()
    assert canvas.grab().toImage().pixel(middle(3, 3)) != draft
    face.select_none()
    assert canvas.grab().toImage().pixel(middle(3, 3)) == draft


def test_space_pans_while_it_is_held(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    drag(qtbot, canvas, (2, 2), (3, 2))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert selected(face) == set()
    assert canvas._view.top == 24 + 50


def test_hover_tells_the_cell(canvas: CanvasView, qtbot: QtBot) -> None:
    told: list[object] = []
    canvas.hover_changed.connect(told.append)
    qtbot.mouseMove(canvas, middle(3, 4))
    qtbot.mouseMove(canvas, QPoint(5, 5))
    assert told == [(3, 4), None]


def test_the_picture_is_scaled_once_and_not_per_paint(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    canvas.grab()
    (first,) = canvas._picture.scaled
    qtbot.mouseMove(canvas, middle(3, 4))
    drag(qtbot, canvas, (1, 1))
    canvas.grab()
    assert canvas._picture.scaled == [first]


def test_before_there_is_a_picture_the_canvas_waits_calmly(document: Document, theme: Theme, qtbot: QtBot) -> None:
    canvas = CanvasView(document, theme)
    qtbot.addWidget(canvas)
    canvas.show()
    document.new_face(1)
    assert not canvas._spinner.isActive(), "it may come at once"
    document.refresh()
    assert canvas._spinner.isActive()
    canvas.grab()
    canvas.hide()
    assert not canvas._spinner.isActive()


def test_what_is_painted_shows_selection_and_grid(canvas: CanvasView, face: Document) -> None:
    canvas.set_grid_visible(False)
    bare = canvas.grab().toImage()
    canvas.set_grid_visible(True)
    grid = canvas.grab().toImage()
    face.select_all()
    tinted = canvas.grab().toImage()
    assert bare != grid != tinted
    at = middle(3, 3)
    assert bare.pixel(at) == grid.pixel(at) != tinted.pixel(at)


# -- plain parts -----------------------------------------------------------------------------------------------------


def test_footprints_grow_with_the_brush() -> None:
    sizes = [int(footprint(4.5, 4.5, size, 8, 8).sum()) for size in (1, 2, 3, 4)]
    assert sizes[0] == 1
    assert sizes == sorted(sizes)
    assert sizes[-1] >= 9
    assert footprint(-3, -3, 1, 8, 8).sum() == 0


@pytest.mark.parametrize(
    ("erases", "shift", "subtract", "mode"),
    [
        (False, False, False, "replace"),
        (False, True, False, "add"),
        (False, False, True, "subtract"),
        (False, True, True, "intersect"),
        (True, True, False, "subtract"),
    ],
)
def test_stroke_modes(erases: bool, shift: bool, subtract: bool, mode: str) -> None:
    assert stroke_mode(erases, shift, subtract) == mode


def test_a_stroke_from_outside_paints_only_inside() -> None:
    stroke = start_stroke(np.zeros((8, 8), np.float32), "replace", Settings(), -2.0, 4.5).move(1.5, 4.5)
    assert {tuple(cell) for cell in np.argwhere(stroke.cells)} == {(0, 4), (1, 4)}


def test_viewport_zoom_keeps_the_point_and_never_loses_the_picture() -> None:
    view = Viewport(800, 600).fit()
    zoomed = view.zoom(3, 500, 300)
    assert zoomed.to_cells(500, 300, 8, 8) == pytest.approx(view.to_cells(500, 300, 8, 8))
    lost = zoomed.pan(1e6, -1e6)
    assert lost.left < 800
    assert lost.top + lost.side > 0
    assert view.resize(400, 400).side == 400 - 48
    assert zoomed.resize(900, 600).left == zoomed.left + 50


def test_an_outline_is_the_border_of_the_region_and_not_of_each_cell() -> None:
    inside = np.zeros((8, 8), np.float32)
    inside[2:4, 2:5] = 1
    path = region(make_mesh(Viewport(448, 448).fit(), 8, 8, 1.0), inside)
    assert path.elementCount() == 5, "four corners, and back to the first"
    rect = path.boundingRect()
    assert (rect.left(), rect.top(), rect.width(), rect.height()) == (124, 124, 150, 100)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_grid_lines_stand_on_whole_device_pixels(ratio: float) -> None:
    mesh = make_mesh(Viewport(451, 613).fit().zoom(1.37, 3, 5), 8, 8, ratio)
    device = np.array([*mesh.xs, *mesh.ys, mesh.hair]) * ratio
    assert np.allclose(device, device.round())
    assert mesh.hair * ratio >= 1


def test_a_picture_of_another_size_is_another_zoom(canvas: CanvasView, face: Document) -> None:
    told: list[float] = []
    canvas.zoom_changed.connect(told.append)
    canvas._show(replace(face.snapshot, picture=face.snapshot.picture))
    assert told == []
    canvas._show(replace(face.snapshot, picture=np.zeros((32, 32, 3), np.uint8)))
    canvas._show(replace(face.snapshot, picture=np.zeros((64, 64, 3), np.uint8)))
    assert told[-2] == told[-1] * 2
