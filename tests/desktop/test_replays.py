"""Applying edits to other faces in the window: results on disk as promised, editing goes on, failures are named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from sni_desktop import step_dialogs
from sni_desktop.activities.replays import Replays
from sni_desktop.apply_dialog import ApplyDialog
from sni_desktop.document import Document
from sni_desktop.window import MainWindow
from sni_engine.api.codec import Project, read_project, write_project
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Apply, Release, Replay
from sni_engine.api.models import ModelRef
from sni_engine.api.recipes import Recipe, read_recipe

from . import fakes
from .fakes import CARD, DirectClient, FakeEngine, child, draw_picture, make_codes, mouth

Work = Callable[[], None]


@pytest.fixture
def recipe(face: Document, work: Work) -> Recipe:
    """Two edits, the second one named."""
    for label in ("", "smile"):
        mouth(face)
        face.resample()
        work()
        face.set_label(2, label) if label else None
    made = face.take_recipe(2)
    assert made is not None
    return made


@pytest.fixture
def other_project(face: Document, recipe: Recipe, tmp_path: Path) -> Path:
    """A project of its own, of two steps."""
    path = tmp_path / "other.sni"
    assert face.save(path)
    return path


def test_each_target_becomes_a_project_with_the_steps(
    face: Document, recipe: Recipe, other_project: Path, work: Work, tmp_path: Path
) -> None:
    replays = Replays(face)
    states = []
    replays.changed.connect(states.append)
    replays.start(recipe, [3, 4], [other_project], tmp_path / "out")
    work()
    assert [result.path.name for result in replays.state.results if result.path] == [
        "seed-3.sni",
        "seed-4.sni",
        "other.sni",
    ]
    assert [len(state.results) for state in states] == [0, 1, 2, 3, 3]
    assert not replays.state.is_running
    fresh = read_project(tmp_path / "out" / "seed-3.sni").history
    assert fresh.root.codes == make_codes(3)
    assert [node.edit for node in fresh.nodes[1:]] == list(recipe.edits)
    assert [node.label for node in fresh.nodes] == ["", "", "smile"]
    grown = read_project(tmp_path / "out" / "other.sni").history
    assert [node.parent for node in grown.nodes] == [None, 0, 1, 2, 3]


@pytest.mark.parametrize("answered", [0, 1, 2, 3])
def test_no_run_is_of_two_models(
    face: Document, recipe: Recipe, work: Work, client: DirectClient, tmp_path: Path, answered: int
) -> None:
    replays = Replays(face)
    replays.start(recipe, range(9), [], tmp_path)
    for _ in range(answered):
        client.answer_first()
        QCoreApplication.processEvents()
    face.open_model("twin")
    work()
    state = replays.state
    assert (state.is_running, state.was_stopped) == (False, True)
    assert "Another model" in state.problem
    assert {read_project(path).model.name for path in tmp_path.glob("*.sni")} <= {"fake"}
    replays.start(recipe, range(20, 22), [], tmp_path, model="other")
    face.open_model("fake")
    work()
    assert (replays.state.made, replays.state.problem) == (2, "")


def test_of_large_pictures_only_thumbnails_are_kept(
    face: Document, recipe: Recipe, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = draw_picture(make_codes(3)).repeat(32, 0).repeat(32, 1)
    monkeypatch.setattr(fakes, "draw_picture", lambda *_: large)
    replays = Replays(face)
    replays.start(recipe, [3, 4], [], tmp_path / "out")
    work()
    kept = [result.thumbnail for result in replays.state.results]
    assert all(small is not None and small.shape == (128, 128, 3) and small.base is not large for small in kept)
    assert abs(kept[0].mean() - large.mean()) < 2  # type: ignore[union-attr]


def test_the_person_s_own_edits_go_first(
    face: Document, recipe: Recipe, work: Work, client: DirectClient, engine: FakeEngine, tmp_path: Path
) -> None:
    replays = Replays(face)
    replays.start(recipe, [3], [], tmp_path)
    assert not face.snapshot.busy
    face.resample()
    client.answer_first()
    assert isinstance(engine.ran[-1], Apply)
    work()
    assert replays.state.made == 1


def test_stopping_keeps_what_is_on_disk_and_leaves_out_the_rest(
    face: Document, recipe: Recipe, work: Work, tmp_path: Path
) -> None:
    replays = Replays(face)
    replays.changed.connect(lambda state: replays.stop() if len(state.results) == 2 and state.is_running else None)
    replays.start(recipe, range(9), [], tmp_path)
    work()
    assert (replays.state.made, replays.state.total, replays.state.was_stopped) == (2, 9, True)
    assert sorted(path.name for path in tmp_path.glob("*")) == ["seed-0.sni", "seed-1.sni"]
    replays.start(recipe, [9], [], tmp_path)
    work()
    assert (replays.state.made, replays.state.total, replays.state.was_stopped) == (1, 1, False)


def test_what_comes_after_stopping_is_not_written(
    face: Document, recipe: Recipe, work: Work, client: DirectClient, tmp_path: Path
) -> None:
    replays = Replays(face)
    replays.start(recipe, [3], [], tmp_path)
    client.answer_first()
    replays.stop()
    work()
    assert list(tmp_path.iterdir()) == []
    assert replays.state.made == 0


def test_esc_in_the_window_does_not_end_it(face: Document, recipe: Recipe, work: Work, tmp_path: Path) -> None:
    replays = Replays(face)
    replays.start(recipe, [3, 4], [], tmp_path)
    face.cancel()
    work()
    assert replays.state.made == 2


def test_what_cannot_be_done_is_named_and_the_others_are(
    face: Document, recipe: Recipe, other_project: Path, work: Work, engine: FakeEngine, tmp_path: Path
) -> None:
    foreign, broken = tmp_path / "foreign.sni", tmp_path / "broken.sni"
    project = read_project(other_project)
    write_project(Project(ModelRef("elsewhere", "0" * 32), project.history, project.selection), foreign)
    broken.write_bytes(b"nothing")
    engine.fail = lambda r: "Too hard." if isinstance(r, Replay) and r.start == 5 else None
    replays = Replays(face)
    replays.start(recipe, [5, 6], [foreign, broken], tmp_path / "out")
    work()
    problems = [result.problem for result in replays.state.results]
    assert problems[0] == "Too hard. Try again."
    assert problems[1] == ""
    assert 'made with the model "elsewhere"' in problems[2]
    assert "broken.sni cannot be opened" in problems[3]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["seed-6.sni"]
    assert face.snapshot.notice is None
    replays.start(recipe, [], [foreign], tmp_path / "named", model="other")
    work()
    assert read_project(tmp_path / "named" / "foreign.sni").model.name == "other"
    assert [r.guest_only for r in engine.ran if isinstance(r, Release)] == [True], "that model need not stay in memory"


def test_nothing_is_overwritten(face: Document, recipe: Recipe, work: Work, tmp_path: Path) -> None:
    (tmp_path / "seed-3.sni").write_bytes(b"precious")
    replays = Replays(face)
    with pytest.raises(EngineError, match="is there already"):
        replays.start(recipe, [3, 4], [], tmp_path)
    with pytest.raises(EngineError, match="no face"):
        replays.start(recipe, [], [], tmp_path)
    work()
    assert not replays.state.is_running
    assert [path.name for path in tmp_path.iterdir()] == ["seed-3.sni"]
    replays.start(recipe, [4, 5], [], tmp_path)
    (tmp_path / "seed-5.sni").write_bytes(b"came meanwhile")
    work()
    assert "is there already" in replays.state.results[1].problem
    assert (tmp_path / "seed-5.sni").read_bytes() == b"came meanwhile"


@pytest.fixture
def dialog(window: MainWindow, document: Document, work: Work, tmp_path: Path) -> ApplyDialog:
    mouth(document)
    document.resample()
    work()
    window.binder.actions["apply-edits"].trigger()
    dialog = window.findChild(ApplyDialog)
    assert dialog is not None
    child(dialog, QLineEdit, "folder").setText(str(tmp_path / "out"))
    return dialog


def test_the_dialog_asks_applies_and_shows_the_results(
    dialog: ApplyDialog, window: MainWindow, document: Document, work: Work, qtbot: QtBot, tmp_path: Path
) -> None:
    child(dialog, QLineEdit, "seeds").setText("1, 3-4")
    child(dialog, QSpinBox, "fresh").setValue(2)
    apply, stop = (child(dialog, QPushButton, name) for name in ("apply", "stop"))
    apply.click()
    assert not apply.isEnabled()
    assert stop.isEnabled()
    work()
    assert apply.isEnabled()
    strip = child(dialog, QListWidget, "results")
    assert strip.count() == 5
    assert not any(strip.item(row).icon().isNull() for row in range(5))
    assert child(dialog, QLabel, "applied").text() == f"5 of 5 faces are in {tmp_path / 'out'}."
    assert document.save(tmp_path / "mine.sni")
    strip.itemDoubleClicked.emit(strip.item(1))
    work()
    assert document.snapshot.path == tmp_path / "out" / "seed-3.sni"


def test_what_is_wrong_stands_in_the_dialog(
    dialog: ApplyDialog, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = child(dialog, QLabel, "problem")
    for text, said in (("", "no face"), ("seven", "not a seed"), ("9-2", "no seeds")):
        child(dialog, QLineEdit, "seeds").setText(text)
        child(dialog, QPushButton, "apply").click()
        assert said in problem.text()
    child(dialog, QLineEdit, "seeds").setText("7")
    monkeypatch.chdir(tmp_path)
    child(dialog, QLineEdit, "folder").setText(" ")
    child(dialog, QPushButton, "apply").click()
    work()
    assert "no folder" in problem.text()
    assert list(tmp_path.glob("*")) == []
    child(dialog, QLineEdit, "folder").setText(str(tmp_path / "out"))
    child(dialog, QPushButton, "apply").click()
    work()
    assert problem.text() == ""
    child(dialog, QPushButton, "apply").click()
    assert "is there already" in problem.text()


def test_why_it_stopped_stands_in_the_dialog(dialog: ApplyDialog, document: Document, work: Work) -> None:
    child(dialog, QLineEdit, "seeds").setText("1-9")
    child(dialog, QPushButton, "apply").click()
    document.open_model("twin")
    work()
    assert "Another model" in child(dialog, QLabel, "problem").text()
    assert child(dialog, QPushButton, "apply").isEnabled()


def test_projects_can_be_dropped_and_taken_out(dialog: ApplyDialog, qtbot: QtBot, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("a.sni", "b.sni", "a.sni")])
    actions, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for _ in range(2):
        dialog.dropEvent(QDropEvent(QPoint(9, 9), actions, data, buttons, keys))
    projects = child(dialog, QListWidget, "projects")
    assert [projects.item(row).text() for row in range(projects.count())] == [
        str(tmp_path / "a.sni"),
        str(tmp_path / "b.sni"),
    ]
    projects.setCurrentRow(0)
    qtbot.keyClick(projects, Qt.Key.Key_Delete)
    assert projects.count() == 1


def test_the_recipe_of_any_step_can_be_exported(
    window: MainWindow, document: Document, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mouth(document)
    for _ in range(2):
        document.resample()
        work()
    monkeypatch.setattr(step_dialogs, "ask_recipe", lambda *_: tmp_path / "r.json")
    window.steps.show_menu(1, QPoint(5, 5))
    window.binder.actions["export-recipe"].trigger()
    recipe = read_recipe(tmp_path / "r.json")
    assert recipe == document.take_recipe(1)
    assert len(recipe.steps) == 1
    assert recipe.model == CARD.ref
    assert document.snapshot.notice is not None
    assert "r.json" in document.snapshot.notice.title
    monkeypatch.setattr(step_dialogs, "ask_recipe", lambda *_: tmp_path / "no" / "r.json")
    window.binder.actions["export-recipe"].trigger()
    assert document.snapshot.notice.kind == "error"
