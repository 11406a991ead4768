"""The lock brush, and the cell cursor by Space."""

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sni_desktop.canvas.view import CanvasView
from sni_desktop.document import Document

from .test_canvas import LEFT, NONE, drag, middle, selected


def locked(document: Document) -> list[list[int]]:
    assert document.snapshot.selection is not None
    return np.argwhere(document.snapshot.selection.locked).tolist()


def test_a_stroke_begun_on_a_locked_cell_unlocks(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    canvas.set_tool("lock-brush")
    canvas.painting.set_edge(2)
    drag(qtbot, canvas, (2, 2), (2, 5))
    assert locked(face) == [[2, 2], [2, 3], [2, 4], [2, 5]]
    drag(qtbot, canvas, (2, 5), (2, 4))
    assert locked(face) == [[2, 2], [2, 3]]
    assert selected(face) == set()


def test_escape_takes_a_stroke_of_locks_back(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    canvas.set_tool("lock-brush")
    qtbot.mousePress(canvas, LEFT, NONE, middle(7, 7))
    assert locked(face) == [[7, 7]]
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(7, 7))
    assert locked(face) == []


def test_both_halves_are_locked_when_both_are_painted(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    canvas.painting.set_mirrored(True)
    canvas.set_tool("lock-brush")
    drag(qtbot, canvas, (4, 1))
    assert locked(face) == [[4, 1], [4, 6]]


def test_space_selects_at_the_cell_cursor_unless_it_panned(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert selected(face) == set(), "nobody sees a cell cursor yet"
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert selected(face) == {(0, 1)}
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    qtbot.mousePress(canvas, LEFT, NONE, middle(2, 2))
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(2, 2))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert selected(face) == {(0, 1)}


def test_keys_paint_both_halves_too(canvas: CanvasView, face: Document, qtbot: QtBot) -> None:
    canvas.painting.set_mirrored(True)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert selected(face) == {(0, 0), (0, 1), (0, 6), (0, 7)}
    qtbot.keyClick(canvas, Qt.Key.Key_X)
    assert selected(face) == {(0, 0), (0, 7)}
