"""Parts on the shipped model: hair picked with the wand, its look from another face, undone; and by the command."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from sni_desktop.panels.live import LiveSlider
from sni_desktop.window import MainWindow
from sni_engine.api.codec import read_project
from sni_engine.api.colour import colour_difference
from sni_engine.cli import main

from .conftest import drag_to, settle


@pytest.fixture
def picking(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """Face 36, a dark-haired one, with the wand in hand, and face 42, a red-haired one, as the reference."""
    window.document.new_face(36)
    settle(qtbot, window.document)
    window.canvas.set_tool("wand")
    window.docks.show("blend")
    window.blending.panel.show_way("part")
    window.blending.references.take_seed(42)
    qtbot.waitUntil(lambda: window.blending.references.state.current is not None)
    qtbot.waitUntil(lambda: window.parting.parts.state.map is not None)
    return window


def click(window: MainWindow, qtbot: QtBot, y: float, x: float) -> None:
    view = window.canvas._view
    place = QPoint(round(view.left + x * view.side), round(view.top + y * view.side))
    qtbot.mouseMove(window.canvas, place)
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=place)


def test_hair_from_another_face_and_back_and_by_the_command(picking: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window = picking
    document, parts = window.document, window.parting.parts
    document.save(tmp_path / "face.sni")
    before = document.snapshot.picture
    assert before is not None
    click(window, qtbot, 0.2, 0.5)
    assert window.blending.transfer.state.params.part == "hair"
    assert parts.state.map is not None
    assert parts.state.parts is not None
    hair = parts.state.map.pixels(parts.state.parts.find("hair"))

    drag_to(window.blending.panel._pages["part"].findChild(LiveSlider, "amount"), 80, qtbot, document)
    history = document.snapshot.history
    assert history is not None
    after = document.snapshot.picture
    assert after is not None
    change = colour_difference(before, after)
    assert change[hair].mean() > 10
    assert change[hair].mean() > 3 * change[~hair].mean()

    words = ["transfer", str(tmp_path / "face.sni"), "--part", "hair", "--from", "seed:42", "--strength", "0.8"]
    assert main([*words, "--out", str(tmp_path / "cli.sni")]) == 0
    assert read_project(tmp_path / "cli.sni").history.current.codes == history.current.codes
    document.undo()
    settle(qtbot, document)
    assert np.array_equal(document.snapshot.picture, before)


def test_a_part_that_was_picked_is_resampled_around_locks(picking: MainWindow, qtbot: QtBot) -> None:
    window = picking
    document = window.document
    click(window, qtbot, 0.2, 0.5)
    selection = document.snapshot.selection
    assert selection is not None
    assert 0 < (selection.cells > 0).sum() < 40
    assert ((selection.cells > 0) & (selection.cells < 1)).any(), "softly"
    locks = np.zeros((8, 8), np.float32)
    locks[:, 4:] = 1
    document.set_locks(locks)
    before = document.snapshot.picture
    assert before is not None
    document.resample()
    settle(qtbot, document)
    after = document.snapshot.picture
    assert after is not None
    np.testing.assert_array_equal(after[:, 40:], before[:, 40:])
    assert (after[:, :32] != before[:, :32]).any()
