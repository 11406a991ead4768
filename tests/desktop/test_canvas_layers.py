"""What others put on the canvas: layers, tools, handles, and other pictures than the step's."""

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from pytestqt.qtbot import QtBot

from sni_desktop.canvas.layers import Place, Scene
from sni_desktop.canvas.pictures import Part
from sni_desktop.canvas.tools.tool import Point
from sni_desktop.canvas.view import CanvasView
from sni_desktop.document import Document

from .test_canvas import LEFT, NONE, drag, middle, move, selected

RED, BLUE = QColor(255, 0, 0), QColor(0, 0, 255)


class Fill:
    """Fills one cell."""

    def __init__(self, colour: QColor) -> None:
        self.colour = colour
        self.scenes: list[Scene] = []

    def paint(self, painter: QPainter, scene: Scene) -> None:
        self.scenes.append(scene)
        assert scene.mesh is not None
        painter.fillRect(scene.mesh.cell(2, 2), self.colour)


class Probe:
    """A tool, or a handle on the upper left quarter of the picture, that writes down what it is told."""

    name = "probe"
    cursor = Qt.CursorShape.WhatsThisCursor

    def __init__(self) -> None:
        self.told: list[object] = []

    def takes(self, point: Point) -> bool:
        return max(point.x, point.y) < 0.5

    def press(self, point: Point) -> None:
        self.told.append(point.cell)

    def move(self, point: Point) -> None:
        self.told.append((point.row, point.column))

    def release(self) -> None:
        self.told.append("release")

    def cancel(self) -> None:
        self.told.append("cancel")

    def paint(self, painter: QPainter, scene: Scene) -> None:
        pass


class Asker(QObject):
    asked = Signal(object)


def colour_of(canvas: CanvasView, row: int, column: int) -> QColor:
    return QColor(canvas.grab().toImage().pixel(middle(row, column)))


def test_layers_lie_in_the_order_of_their_places(canvas: CanvasView, face: Document) -> None:
    face.select_all()
    canvas.add_layer(Fill(BLUE), Place.ON_TOP)
    canvas.add_layer(Fill(RED), Place.OVER_SELECTION)
    assert colour_of(canvas, 2, 2) == BLUE
    assert colour_of(canvas, 3, 3) not in (RED, BLUE)


def test_over_the_picture_is_under_the_selection(canvas: CanvasView, face: Document) -> None:
    canvas.add_layer(Fill(RED), Place.OVER_PICTURE)
    assert colour_of(canvas, 2, 2) == RED
    face.select_all()
    assert colour_of(canvas, 2, 2) != RED


def test_a_layer_is_shown_the_pointer_in_cells_and_painted_when_it_asks(canvas: CanvasView, qtbot: QtBot) -> None:
    layer, asker = Fill(RED), Asker()
    canvas.add_layer(layer, Place.ON_TOP, asker.asked)
    move(canvas, middle(3, 4), Qt.MouseButton.NoButton)
    canvas.grab()
    assert layer.scenes[-1].pointer == pytest.approx((3.5, 4.5))
    assert layer.scenes[-1].frame.topLeft() == QPointF(24, 24)
    seen = len(layer.scenes)
    asker.asked.emit(None)
    qtbot.waitUntil(lambda: len(layer.scenes) > seen)


def test_another_picture_or_two_halves_can_be_shown(canvas: CanvasView) -> None:
    red, blue = (np.full((16, 16, 3), colour, np.uint8) for colour in ((255, 0, 0), (0, 0, 255)))
    canvas.set_picture_source(lambda now: (Part(red, right=0.5), Part(blue, left=0.5)))
    assert colour_of(canvas, 4, 3) == RED
    assert colour_of(canvas, 4, 4) == BLUE
    canvas.set_picture_source(None)
    assert colour_of(canvas, 4, 3) not in (RED, BLUE)


def test_a_tool_of_others_gets_the_whole_gesture_and_escape_cancels_it(canvas: CanvasView, qtbot: QtBot) -> None:
    probe = Probe()
    canvas.add_tool(probe)
    canvas.set_tool("probe")
    assert canvas.cursor().shape() == probe.cursor
    drag(qtbot, canvas, (1, 1), (2, 3))
    assert probe.told == [(1, 1), (2.5, 3.5), "release"]
    qtbot.mousePress(canvas, LEFT, NONE, middle(5, 5))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas, LEFT, NONE, middle(5, 5))
    assert probe.told[3:] == [(5, 5), "cancel"]


def test_a_handle_takes_presses_where_it_lies_and_nowhere_else(
    canvas: CanvasView, face: Document, qtbot: QtBot
) -> None:
    handle = Probe()
    canvas.add_handle(handle)
    drag(qtbot, canvas, (1, 1))
    assert handle.told == [(1, 1), "release"]
    assert selected(face) == set()
    drag(qtbot, canvas, (6, 6))
    assert selected(face) == {(6, 6)}
