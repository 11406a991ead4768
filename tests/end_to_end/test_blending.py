"""Blending on the model that is shipped: a slider with drafts, a clone stroke, and the command line's same bytes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from sni_desktop.panels.live import LiveSlider
from sni_desktop.window import MainWindow
from sni_engine.api.codec import read_project
from sni_engine.api.codes import LEVELS
from sni_engine.cli import main

from .conftest import drag_to, settle


@pytest.fixture
def blended(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with a reference."""
    window.blending.references.take_seed(12)
    qtbot.waitUntil(lambda: window.blending.references.state.current is not None, timeout=30_000)
    return window


def test_a_drag_a_stroke_and_the_command_line_agree(blended: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window = blended
    document, reference = window.document, window.blending.references.state.current
    assert reference is not None
    document.save(tmp_path / "face.sni")
    drag_to(window.blending.panel.findChild(LiveSlider, "amount"), 60, qtbot, document)
    history = document.snapshot.history
    assert history is not None

    words = ["interpolate", str(tmp_path / "face.sni"), "--to-seed", "12", "--amount", "0.6"]
    assert main([*words, "--out", str(tmp_path / "cli.sni")]) == 0
    assert read_project(tmp_path / "cli.sni").history.current.codes == history.current.codes

    before = history.current.codes
    window.canvas.set_tool("clone")
    view, left = window.canvas._view, Qt.MouseButton.LeftButton
    mouth = QPoint(round(view.left + 3.5 * view.side / 8), round(view.top + 5.5 * view.side / 8))
    qtbot.mousePress(window.canvas, left, pos=mouth)
    settle(qtbot, document)
    assert document.snapshot.draft
    qtbot.mouseRelease(window.canvas, left, pos=mouth)
    settle(qtbot, document)
    history = document.snapshot.history
    assert history is not None
    after = history.current.codes
    assert len(history.nodes) == 3
    assert np.array_equal(after.local[5, 3], reference.codes.local[5, 3])
    rest = np.ones((8, 8), bool)
    rest[5, 3] = False
    assert np.array_equal(after.local[rest], before.local[rest])
    assert np.array_equal(after.style, before.style)

    window.blending.blend.drag(replace(window.blending.blend.state.params, amount=1.0))
    window.blending.blend.release(window.blending.blend.state.params)
    settle(qtbot, document)
    history = document.snapshot.history
    assert history is not None
    for level in LEVELS:
        assert np.array_equal(history.current.codes.level(level), reference.codes.level(level))
