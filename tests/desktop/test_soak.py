"""Three hundred things of every kind at random: nothing breaks, no step is lost or changed, undo and redo agree."""

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs, step_dialogs
from sni_desktop.commands.table import COMMANDS
from sni_desktop.window import MainWindow
from sni_engine.api.codec import read_project
from sni_engine.api.codes import LEVELS
from sni_engine.api.history import History

from .fakes import DirectClient, current_picture_is_right, make_codes

Work = Callable[[], None]
ACTIONS = 300
LEAVING = {"quit", "open-log-folder"}


@pytest.fixture
def answers(window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question that would wait for a person is answered at once."""
    chance = random.Random(1)
    path = tmp_path / "soak.sni"
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: path)
    monkeypatch.setattr(dialogs, "ask_open", lambda *_: path if path.exists() else None)
    monkeypatch.setattr(dialogs, "ask_model", lambda *_: None)
    monkeypatch.setattr(dialogs, "ask_seed", lambda *_: chance.randrange(99))
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: QMessageBox.StandardButton.Discard)
    monkeypatch.setattr(step_dialogs, "ask_to_delete", lambda *_: chance.random() < 0.5)
    monkeypatch.setattr(step_dialogs, "ask_recipe", lambda *_: None)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: True)
    monkeypatch.setattr(QMenu, "exec", lambda *_: None)
    monkeypatch.setattr(window.blending, "take_file", lambda: None)
    monkeypatch.setattr(window.blending, "take_seed", lambda: window.blending.references.take(make_codes(3), "three"))


class Person:
    """Presses, drags and walks by chance, the same for the same seed; after each, the engine may have answered."""

    def __init__(self, window: MainWindow, client: DirectClient, qtbot: QtBot, seed: int) -> None:
        self.window = window
        self.client = client
        self.qtbot = qtbot
        self.chance = random.Random(seed)
        self.did = ""

    def act(self) -> None:
        """Do something, and check what must hold at any time."""
        before, self.did = self.window.document.snapshot.history, ""
        self.chance.choice([self.command, self.stroke, self.key, self.slide, self.walk, self.choose])()
        if self.chance.random() < 0.7:
            self.answer()
        self.close_dialogs()
        self.check(before)

    def command(self) -> None:
        """Trigger an entry of a menu that is enabled."""
        names = [item.id for item in COMMANDS if item.id not in LEAVING]
        enabled = [name for name in names if self.window.binder.actions[name].isEnabled()]
        self.did = self.chance.choice(enabled)
        self.window.binder.actions[self.did].trigger()

    def stroke(self) -> None:
        """Draw something on the canvas with whatever tool it is, any keys held."""
        canvas = self.window.canvas
        points = [QPointF(self.chance.randrange(canvas.width()), self.chance.randrange(canvas.height())) for _ in "abc"]
        held = self.chance.choice(["NoModifier", "ShiftModifier", "ControlModifier", "AltModifier"])
        keys = Qt.KeyboardModifier[held]
        self.qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, keys, points[0].toPoint())
        for point in points[1:]:
            self.qtbot.mouseMove(canvas, point.toPoint())
        if self.chance.random() < 0.1:
            self.qtbot.keyClick(canvas, Qt.Key.Key_Escape)
        self.qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, keys, points[-1].toPoint())

    def key(self) -> None:
        """Press a key on the canvas."""
        self.qtbot.keyClick(self.window.canvas, self.chance.choice("rrrbehkwxgcilp123s.,[]"))

    def slide(self) -> None:
        """Drag the amount, and perhaps let it go."""
        document = self.window.document
        for _ in range(3):
            document.drag_amount(self.chance.randrange(11) / 10)
        if self.chance.random() < 0.8:
            document.release_amount(self.chance.randrange(11) / 10)

    def walk(self) -> None:
        """Go to any step."""
        history = self.window.document.snapshot.history
        if history is not None:
            self.window.document.go_to(self.chance.choice(history.nodes).id)

    def choose(self) -> None:
        """Choose levels and cells; who finds everything locked sets it free."""
        selection = self.window.document.snapshot.selection
        if selection is not None and selection.locked.all():
            self.window.selecting.unlock_all()
        self.window.document.set_levels(self.chance.sample(LEVELS, 2))
        cells = np.array([self.chance.choice([0, 0, 0.5, 1]) for _ in range(64)], np.float32).reshape(8, 8)
        self.window.document.set_cells(cells)

    def answer(self) -> None:
        """Let the engine answer what was asked first."""
        QApplication.processEvents()
        if self.client.queue:
            self.client.answer_first()
        QApplication.processEvents()

    def close_dialogs(self) -> None:
        """Nothing modal stays open."""
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.close()

    def check(self, before: History | None) -> None:
        """No step is lost or changed but by deleting a branch on purpose or by another face."""
        now = self.window.document.snapshot.history
        if before is None or now is None or now.root is not before.root:
            return
        there = {node.id: node.codes for node in now.nodes}
        assert all(node.parent is None or node.parent in there for node in now.nodes)
        kept = {node.id: node.codes for node in before.nodes if node.id in there}
        assert kept.items() <= there.items()
        assert len(kept) == len(before.nodes) or self.deletes(before, now)

    def deletes(self, before: History, now: History) -> bool:
        """Say whether what went was one branch, whole."""
        gone = [node for node in before.nodes if node.id not in {other.id for other in now.nodes}]
        return self.did == "delete-branch" and len({node.parent for node in gone} - {node.id for node in gone}) == 1


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("seed", range(4))
def test_three_hundred_things_at_random(
    window: MainWindow, client: DirectClient, work: Work, qtbot: QtBot, tmp_path: Path, seed: int
) -> None:
    person = Person(window, client, qtbot, seed)
    longest = 0
    for _ in range(ACTIONS):
        person.act()
        history = window.document.snapshot.history
        longest = max(longest, 0 if history is None else len(history.nodes))
    assert longest > 10, "a person does more than that"
    document = window.document
    document.cancel()
    work()
    if document.snapshot.history is None:
        document.new_face(1)
        work()
    there = walk(window, work, "undo")
    back = walk(window, work, "redo")
    assert there[::-1][: len(back)] == back[: len(there)] == there[::-1]
    assert document.save(tmp_path / "end.sni")
    assert read_project(tmp_path / "end.sni").history == document.snapshot.history


def walk(window: MainWindow, work: Work, name: str) -> list[str]:
    """Undo to the first face, or redo to the end; returns what was passed, and each step's own picture was shown."""
    document, passed = window.document, []
    while True:
        work()
        history = document.snapshot.history
        assert history is not None
        assert current_picture_is_right(document)
        passed.append(history.current.codes.digest)
        if not (document.snapshot.can_undo if name == "undo" else document.snapshot.can_redo):
            return passed
        getattr(document, name)()
