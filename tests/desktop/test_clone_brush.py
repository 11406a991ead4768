"""The clone brush: what it copies and what it leaves, one step for each stroke, the source, the ghost."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest

from sni_desktop.activities.clone import Clone
from sni_desktop.activities.references import References
from sni_desktop.canvas.tools.clone import CloneBrush
from sni_desktop.canvas.view import CanvasView
from sni_desktop.document import Document
from sni_desktop.theme import Theme
from sni_engine.api.cells import soften
from sni_engine.api.edits import Interpolate
from sni_engine.api.messages import Apply

from .fakes import DirectClient, FakeEngine, current_picture_is_right, make_codes, mouth

Work = Callable[[], None]
GOAL = make_codes(50)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


class Desk:
    """A canvas with the clone brush in hand, and how to use it cell by cell."""

    def __init__(self, document: Document, theme: Theme) -> None:
        self.references = References(document)
        self.clone = Clone(document, self.references)
        self.canvas = CanvasView(document, theme)
        self.canvas.resize(448, 448)
        self.canvas.add_tool(CloneBrush(document, self.clone, self.canvas.painting))
        self.canvas.set_tool("clone")

    def send(self, kind: QEvent.Type, row: float, column: float, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        view = self.canvas._view
        at = QPointF(view.left + view.side * (column + 0.5) / 8, view.top + view.side * (row + 0.5) / 8)
        pressed = NONE if kind == QEvent.Type.MouseMove else LEFT
        held = NONE if kind == QEvent.Type.MouseButtonRelease else LEFT
        event = QMouseEvent(kind, at, self.canvas.mapToGlobal(at), pressed, held, keys)
        handler = {
            QEvent.Type.MouseButtonPress: self.canvas.mousePressEvent,
            QEvent.Type.MouseMove: self.canvas.mouseMoveEvent,
            QEvent.Type.MouseButtonRelease: self.canvas.mouseReleaseEvent,
        }[kind]
        handler(event)

    def press(self, row: float, column: float, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        self.send(QEvent.Type.MouseButtonPress, row, column, keys)

    def move(self, row: float, column: float) -> None:
        self.send(QEvent.Type.MouseMove, row, column)

    def let_go(self, row: float, column: float) -> None:
        self.send(QEvent.Type.MouseButtonRelease, row, column)

    def stroke(self, row: int, start: int, end: int) -> None:
        self.press(row, start)
        self.move(row, end)
        self.let_go(row, end)


@pytest.fixture
def desk(face: Document, theme: Theme, qtbot: object, work: Work) -> Desk:
    desk = Desk(face, theme)
    qtbot.addWidget(desk.canvas)  # type: ignore[attr-defined]
    desk.canvas.show()
    desk.references.take(GOAL, "goal")
    work()
    return desk


def cells_like_goal(document: Document) -> np.ndarray:
    history = document.snapshot.history
    assert history is not None
    return (history.current.codes.local == GOAL.local).all(-1)


def test_a_stroke_copies_the_codes_of_its_cells_as_one_step(desk: Desk, face: Document, work: Work) -> None:
    mouth(face)
    chosen = face.snapshot.selection
    desk.stroke(2, 1, 4)
    work()
    expected = np.zeros((8, 8), bool)
    expected[2, 1:5] = True
    assert np.array_equal(cells_like_goal(face), expected)
    assert face.snapshot.selection is chosen, "what is selected stays selected"
    history = face.snapshot.history
    assert history is not None
    assert len(history.nodes) == 2
    edit = history.current.edit
    assert edit is not None
    assert edit.params == Interpolate(1.0)
    assert edit.selection.levels == ("local",)
    assert edit.reference == GOAL
    desk.stroke(4, 1, 1)
    work()
    expected[4, 1] = True
    assert np.array_equal(cells_like_goal(face), expected)


def test_the_stroke_is_drawn_while_it_grows_and_nothing_twice(
    desk: Desk, face: Document, work: Work, engine: FakeEngine
) -> None:
    desk.press(2, 1)
    work()
    assert face.snapshot.draft
    first = face.snapshot.picture
    for column in (1.2, 2, 3, 4):
        desk.move(2, column)
    work()
    assert not np.array_equal(face.snapshot.picture, first)
    drawn = sum(isinstance(request, Apply) for request in engine.ran)
    assert drawn == 2, "of the four moves only the last"
    desk.let_go(2, 4)
    work()
    assert sum(isinstance(request, Apply) for request in engine.ran) == drawn
    assert not face.snapshot.draft
    assert current_picture_is_right(face)


def test_locked_cells_are_not_painted(desk: Desk, face: Document, work: Work) -> None:
    locks = np.zeros((8, 8), np.float32)
    locks[2, 2] = 1
    face.set_locks(locks)
    desk.stroke(2, 1, 4)
    work()
    assert list(np.flatnonzero(cells_like_goal(face)[2])) == [1, 3, 4]


def test_quick_strokes_all_count(desk: Desk, face: Document, work: Work) -> None:
    """The second begins and ends while the first is still on its way to the engine."""
    desk.stroke(2, 1, 1)
    desk.stroke(3, 1, 1)
    desk.stroke(4, 1, 1)
    work()
    assert list(np.flatnonzero(cells_like_goal(face)[:, 1])) == [2, 3, 4]
    history = face.snapshot.history
    assert history is not None
    assert [node.parent for node in history.nodes] == [None, 0, 1, 2]


def test_escape_takes_the_stroke_back(desk: Desk, face: Document, work: Work) -> None:
    before = face.snapshot.picture
    desk.press(2, 1)
    desk.move(2, 4)
    work()
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    desk.move(2, 6)
    desk.let_go(2, 6)
    work()
    assert np.array_equal(face.snapshot.picture, before)
    desk.stroke(5, 1, 1)
    work()
    assert cells_like_goal(face).sum() == 1


def test_alt_click_paints_from_the_step_on_screen(desk: Desk, face: Document, work: Work) -> None:
    face.select_all()
    face.resample()
    work()
    desk.press(3, 3, Qt.KeyboardModifier.AltModifier)
    desk.let_go(3, 3)
    work()
    source = desk.references.state.current
    history = face.snapshot.history
    assert source is not None
    assert history is not None
    assert source.label == "Step 1: Resample"
    assert len(history.nodes) == 2
    face.undo()
    work()
    desk.stroke(0, 0, 7)
    work()
    history = face.snapshot.history
    assert history is not None
    assert np.array_equal(history.current.codes.local[0], source.codes.local[0])
    assert np.array_equal(history.current.codes.local[1:], history.root.codes.local[1:])


def test_without_a_source_a_press_says_what_to_do(face: Document, theme: Theme, qtbot: object, work: Work) -> None:
    desk = Desk(face, theme)
    qtbot.addWidget(desk.canvas)  # type: ignore[attr-defined]
    desk.stroke(2, 1, 4)
    work()
    assert face.snapshot.notice is not None
    assert "Alt-click" in face.snapshot.notice.hint
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 1


def test_quadrants_codes_come_along_when_asked(desk: Desk, face: Document, work: Work) -> None:
    desk.clone.set_with_shared(True)
    desk.stroke(2, 1, 1)
    work()
    history = face.snapshot.history
    assert history is not None
    assert history.current.edit is not None
    assert history.current.edit.selection.levels == ("local", "shared")


def test_the_reference_shines_through_the_brush_but_not_where_cells_are_locked(
    desk: Desk, face: Document, work: Work, client: DirectClient
) -> None:
    def colour(row: int, column: int) -> tuple[int, ...]:
        image = desk.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        view, ratio = desk.canvas._view, image.devicePixelRatio()
        x, y = view.left + view.side * (column + 0.7) / 8, view.top + view.side * (row + 0.3) / 8
        return image.pixelColor(int(x * ratio), int(y * ratio)).getRgb()[:3]

    plain = colour(2, 2)
    far = colour(6, 6)
    event = QEvent.Type.MouseMove
    view = desk.canvas._view
    at = QPointF(view.left + view.side * 2.5 / 8, view.top + view.side * 2.5 / 8)
    desk.canvas.mouseMoveEvent(QMouseEvent(event, at, desk.canvas.mapToGlobal(at), NONE, NONE, NO_KEYS))
    assert colour(2, 2) != plain
    assert colour(6, 6) == far
    assert client.queue == [], "a ghost asks for nothing"
    face.set_locks(np.ones((8, 8), np.float32))
    locked = colour(2, 2)
    desk.references.forget()
    assert colour(2, 2) == locked


def test_soft_weights_paint_part_of_the_way(desk: Desk, face: Document, work: Work) -> None:
    cells = np.zeros((8, 8), np.float32)
    cells[2, 2], cells[2, 3] = 1.0, 0.5
    desk.clone.paint(cells)
    desk.clone.release(cells)
    work()
    history = face.snapshot.history
    assert history is not None
    before, after = history.root.codes.local[2], history.current.codes.local[2]
    assert np.array_equal(after[2], GOAL.local[2, 2])
    assert np.allclose(after[3], (before[3] + GOAL.local[2, 3]) / 2)


def test_a_soft_edge_copies_the_cells_around_part_of_the_way(desk: Desk, face: Document, work: Work) -> None:
    """As the brush does; the other half stays as it is, since its codes are another part of the face."""
    desk.canvas.painting.set_edge(1.0)
    desk.canvas.painting.set_mirrored(True)
    desk.stroke(2, 2, 2)
    work()
    history = face.snapshot.history
    assert history is not None
    selection = history.current.edit.selection.cells  # type: ignore[union-attr]
    covered = np.zeros((8, 8), np.float32)
    covered[2, 2] = 1
    assert np.array_equal(selection, soften(covered, 1.0))
    assert 0 < selection[2, 3] < selection[2, 2]
    way = selection[2, 3]
    expected = (1 - way) * history.root.codes.local[2, 3] + way * GOAL.local[2, 3]
    assert np.allclose(history.current.codes.local[2, 3], expected)
