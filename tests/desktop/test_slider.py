"""The amount slider: mouse, keys and wheel, and what happens when a drag is taken back."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QSlider
from pytestqt.qtbot import QtBot

from sni_desktop.document import Document
from sni_desktop.panels.edit import EditPanel

from .fakes import child

Work = Callable[[], None]


def move(slider: QSlider, at: QPoint, button: Qt.MouseButton) -> None:
    """Move the pointer while a button is held, or none."""
    where, keys = QPointF(at), Qt.KeyboardModifier.NoModifier
    kind = QEvent.Type.MouseMove
    event = QMouseEvent(kind, where, slider.mapToGlobal(where), Qt.MouseButton.NoButton, button, keys)
    QApplication.sendEvent(slider, event)


def press_slider(edit: EditPanel, face: Document, qtbot: QtBot) -> QSlider:
    """Press in the middle of the groove, and hold."""
    face.select_all()
    slider = child(edit, QSlider, "amount")
    slider.ensurePolished()
    at = QPoint(slider.width() // 2, slider.height() // 2)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=at)
    assert slider.value() == pytest.approx(50, abs=2)
    return slider


def test_dragging_the_slider_makes_drafts_and_letting_go_a_step(edit: EditPanel, face: Document, work: Work) -> None:
    face.select_all()
    slider = child(edit, QSlider, "amount")
    slider.setSliderDown(True)
    slider.setValue(40)
    work()
    assert face.snapshot.draft
    slider.setSliderDown(False)
    work()
    assert face.snapshot.history is not None
    assert face.snapshot.history.current.edit is not None
    assert face.snapshot.history.current.edit.params.amount == pytest.approx(0.4)


def test_a_press_beside_the_handle_brings_it_and_the_drag_goes_on(
    edit: EditPanel, face: Document, work: Work, qtbot: QtBot
) -> None:
    face.select_all()
    edit.resize(268, 420)
    slider = child(edit, QSlider, "amount")
    slider.ensurePolished()
    at = QPoint(slider.width() // 2, slider.height() // 2)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=at)
    assert face.snapshot.amount == pytest.approx(0.5, abs=0.02)
    move(slider, at - QPoint(slider.width() // 4, 0), Qt.MouseButton.LeftButton)
    work()
    assert face.snapshot.draft
    way = slider.width() - 14  # the handle's own width is no way
    assert face.snapshot.amount == pytest.approx(0.5 - slider.width() // 4 / way, abs=0.03)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at - QPoint(slider.width() // 4, 0))
    work()
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 2


def test_escape_in_a_drag_gives_the_handle_back(edit: EditPanel, face: Document, work: Work, qtbot: QtBot) -> None:
    slider = press_slider(edit, face, qtbot)
    work()
    face.cancel()
    face.refresh()
    assert slider.value() == 100
    move(slider, QPoint(slider.width() // 4, slider.height() // 2), Qt.MouseButton.LeftButton)
    assert slider.value() == 100
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton)
    work()
    assert slider.value() == 100
    assert face.snapshot.amount == 1
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 1


def test_a_button_let_go_over_a_dialog_ends_the_drag(edit: EditPanel, face: Document, work: Work, qtbot: QtBot) -> None:
    slider = press_slider(edit, face, qtbot)
    work()
    assert face.snapshot.draft
    move(slider, QPoint(9, 9), Qt.MouseButton.NoButton)
    move(slider, QPoint(19, 9), Qt.MouseButton.NoButton)
    work()
    assert not slider.isSliderDown()
    assert not face.snapshot.draft
    assert slider.value() == 100
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 1


def test_keys_on_the_slider_try_less_of_the_same(edit: EditPanel, face: Document, qtbot: QtBot, work: Work) -> None:
    face.select_all()
    face.resample()
    work()
    slider = child(edit, QSlider, "amount")
    for _ in range(3):
        qtbot.keyClick(slider, Qt.Key.Key_PageDown)
        work()
    assert face.snapshot.draft
    qtbot.waitUntil(lambda: not face.snapshot.draft)
    history = face.snapshot.history
    assert history is not None
    assert history.nodes[1].edit is not None
    assert history.current.edit is not None
    assert len(history.nodes) == 3, "three keys, one step"
    assert history.current.edit.seed == history.nodes[1].edit.seed
    assert history.current.edit.params.amount == pytest.approx(0.7)


def test_a_wheel_on_its_way_past_changes_no_amount(edit: EditPanel, face: Document) -> None:
    slider = child(edit, QSlider, "amount")
    where, still = QPointF(9, 9), QPoint()
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(where, where, still, QPoint(0, -120), none, keys, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(slider, event)
    assert face.snapshot.amount == 1
    assert not event.isAccepted()
