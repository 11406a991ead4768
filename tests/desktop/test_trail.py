"""Faces that make way for others come back: by Undo, by the notice's button, and from the shelf after a kill."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs, recovery
from sni_desktop.activities.keeping import Keeping
from sni_desktop.activities.trail import Trail
from sni_desktop.document import Document
from sni_desktop.left_menu import LeftMenu
from sni_desktop.recovery import LeftFaces, find_lost, recovery_folder
from sni_desktop.window import MainWindow
from sni_desktop.worker.journal import JournalWriter, shelf_folder
from sni_engine.api.codes import Codes
from sni_engine.api.history import start_history
from sni_engine.api.journal import State, read_journal
from sni_engine.api.models import ModelRef
from sni_engine.api.packing import Project
from sni_engine.api.selection import select_none

from .fakes import GRID, DirectClient, child, make_codes

Work = Callable[[], None]


@pytest.fixture
def trail(document: Document) -> Trail:
    return Trail(document, pause_s=0.0)


def begin(document: Document, work: Work, seed: int, edits: int = 0) -> Codes:
    """Begin with a face, edit it; return what it is known by."""
    document.new_face(seed)
    work()
    document.select_all()
    for _ in range(edits):
        document.resample()
        work()
    return root(document)


def root(document: Document) -> Codes:
    history = document.snapshot.history
    assert history is not None
    return history.root.codes


def test_undo_goes_on_to_the_face_before_and_redo_comes_back(document: Document, trail: Trail, work: Work) -> None:
    first = begin(document, work, 1, edits=2)
    before = document.project
    second = begin(document, work, 2, edits=1)
    assert trail.name_arrival() == "New face"
    trail.undo()
    work()
    assert root(document) is second, "first the step, then the face"
    trail.undo()
    work()
    assert root(document) is first
    assert document.project == before, "with all its steps, where it was"
    assert document.snapshot.modified
    assert not trail.can_go_back
    trail.redo()
    work()
    assert root(document) is second
    trail.redo()
    work()
    assert document.snapshot.can_undo


def test_a_face_whose_file_was_saved_anew_meanwhile_is_unsaved(
    document: Document, trail: Trail, work: Work, tmp_path: Path
) -> None:
    begin(document, work, 1, edits=1)
    document.save(tmp_path / "face.sni")
    work()
    first = root(document)
    document.open(tmp_path / "face.sni")
    work()
    trail.go_back()
    work()
    assert root(document) is first
    assert not document.snapshot.modified, "the file still holds it"
    trail.redo()
    work()
    document.resample()
    work()
    document.save(tmp_path / "face.sni")
    work()
    assert not document.snapshot.modified
    trail.go_back()
    work()
    assert root(document) is first
    assert document.snapshot.modified, "the file holds a later one"


def leave_while_saving(document: Document, client: DirectClient, path: Path, edits: int = 0) -> None:
    """Press Save, edit, begin with another face before the disk has answered, and let it answer then."""
    client.slow_disk = True
    document.save(path)
    for act in (*[document.resample] * edits, lambda: document.new_face(2)):
        act()
        while len(client.queue) > 1:
            client._answer(1)
            QCoreApplication.processEvents()
    assert document.snapshot.saving == path, "the disk has not answered yet"
    client._answer(0)
    client.slow_disk = False
    QCoreApplication.processEvents()


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_face_that_was_left_while_its_file_was_written_is_in_it(
    document: Document, trail: Trail, work: Work, client: DirectClient, tmp_path: Path, goes_on: bool
) -> None:
    """Only what was done after the press is not."""
    begin(document, work, 1, edits=1)
    first, path = root(document), tmp_path / "face.sni"
    leave_while_saving(document, client, path, edits=int(goes_on))
    work()
    assert root(document) is not first
    trail.go_back()
    work()
    assert root(document) is first
    assert document.snapshot.path == path
    assert document.snapshot.modified == goes_on


def test_who_goes_back_and_begins_anew_finds_every_face(document: Document, trail: Trail, work: Work) -> None:
    faces = [begin(document, work, seed) for seed in (1, 2, 3)]
    for _ in range(2):
        trail.go_back()
        work()
    assert root(document) is faces[0]
    begin(document, work, 4)
    assert not trail.can_go_on
    found = set()
    while trail.can_go_back:
        trail.go_back()
        work()
        found.add(id(root(document)))
    assert found == {id(face) for face in faces}


def test_a_saved_project_comes_back_with_its_file(document: Document, trail: Trail, work: Work, tmp_path: Path) -> None:
    begin(document, work, 1, edits=1)
    document.save(tmp_path / "face.sni")
    begin(document, work, 2)
    trail.go_back()
    work()
    assert document.snapshot.path == tmp_path / "face.sni"
    assert not document.snapshot.modified
    assert trail.name_next() == "New face"
    trail.redo()
    work()
    document.open(tmp_path / "face.sni")
    work()
    assert trail.name_arrival() == "Open face.sni"


def test_a_key_that_is_held_stops_at_the_first_step(document: Document, work: Work) -> None:
    trail = Trail(document, pause_s=100.0)
    begin(document, work, 1)
    second = begin(document, work, 2, edits=1)
    for _ in range(4):
        trail.undo()
        work()
    assert root(document) is second
    assert not document.snapshot.can_undo


@pytest.mark.parametrize("press_new", ["new", "new_face"])
def test_a_new_face_asks_nothing_and_offers_the_one_before(
    window: MainWindow, document: Document, work: Work, monkeypatch: pytest.MonkeyPatch, press_new: str, qtbot: QtBot
) -> None:
    """By the command, and by the button of the edit panel."""
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: pytest.fail("asked"))
    document.select_all()
    document.resample()
    work()
    before = document.snapshot.history
    button = window.findChild(QPushButton, press_new)
    window.binder.actions["new"].trigger() if button is None else button.click()
    work()
    assert document.snapshot.history is not before
    assert window.binder.actions["undo"].text() == "&Undo New face"
    offer = child(window, QPushButton, "notice-offer")
    assert offer.text() == "Bring it back"
    offer.click()
    work()
    assert document.snapshot.history is before
    assert document.snapshot.modified


def test_of_a_face_on_which_nothing_was_done_nobody_is_told(window: MainWindow, document: Document, work: Work) -> None:
    window.binder.actions["new"].trigger()
    work()
    assert document.snapshot.notice is None
    assert window.binder.actions["undo"].isEnabled()


# -- the shelf -------------------------------------------------------------------------------------------------------


def make_state(seed: int, label: str = "kept", saved: bool = False) -> State:
    """A face that is worth keeping, unless it has no name."""
    history = start_history(make_codes(seed), seed=seed, created=1000.0 + seed).change_node(0, label=label)
    return State(Project(ModelRef("fake", "f" * 32), history, select_none(GRID)), None, saved)


@pytest.fixture
def writer() -> Iterator[JournalWriter]:
    made = JournalWriter(recovery_folder() / "1.journal")
    yield made
    made.close()


def names(folder: Path) -> list[str]:
    return [item.state.project.history.root.label for item in LeftFaces().read(folder)]


def test_what_makes_way_unsaved_outlasts_the_program(writer: JournalWriter) -> None:
    for seed in range(4):  # at once, so that the states pile up
        writer.write(make_state(seed, label=""), restart=True)
        writer.write(make_state(seed, label=f"face {seed}"))
    writer.wait()
    writer.close()
    assert sorted(names(writer.path.parent)) == ["face 0", "face 1", "face 2"]
    assert find_lost(writer.path.parent) == [], "nobody is asked about them at the start"


def test_what_is_on_screen_again_or_safe_is_not_on_the_shelf(writer: JournalWriter) -> None:
    for state in (make_state(1), make_state(2, label=""), make_state(3, saved=True), make_state(4)):
        writer.write(state, restart=True)
    writer.wait()
    assert len(LeftFaces().read(writer.path.parent)) == 1
    writer.write(make_state(1), restart=True)
    writer.wait()
    (left,) = LeftFaces().read(writer.path.parent)
    assert left.state.project.history.root.seed == 4


def test_a_face_whose_file_came_late_is_not_on_the_shelf(
    document: Document, writer: JournalWriter, work: Work, client: DirectClient, tmp_path: Path
) -> None:
    Keeping(document, writer)
    begin(document, work, 1, edits=1)
    leave_while_saving(document, client, tmp_path / "face.sni")
    writer.wait()
    assert names(writer.path.parent) == []


def test_only_what_is_whole_in_a_file_goes_from_the_shelf(writer: JournalWriter) -> None:
    """Neither a face with later steps, nor one that came back, was worked on, and was left again."""
    early = make_state(1, label="early")
    late = State(replace(early.project, history=early.project.history.change_node(0, label="late")))
    for state in (late, make_state(2)):
        writer.write(state, restart=True)
    writer.note_saved(early.project)
    writer.wait()
    assert names(writer.path.parent) == ["late"]
    writer.note_saved(late.project)
    writer.wait()
    assert names(writer.path.parent) == []


def test_a_face_that_was_saved_at_the_very_end_is_not_on_the_shelf(writer: JournalWriter) -> None:
    state = make_state(1)
    writer.write(state)
    writer.wait()
    writer.write(make_state(2), restart=True)
    writer.note_saved(state.project)
    writer.close()
    assert names(writer.path.parent) == []


def test_the_shelf_is_bounded(writer: JournalWriter) -> None:
    for seed in range(25):
        writer.write(make_state(seed), restart=True)
    writer.wait()
    assert len(list(shelf_folder(writer.path.parent).iterdir())) == 20


def test_the_menu_reads_beside_the_window_and_brings_a_face_back(
    document: Document,
    work: Work,
    window: MainWindow,
    writer: JournalWriter,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    parent = QMenu(window)
    menu = LeftMenu(document, parent)
    assert [action.isEnabled() for action in menu.actions()] == [False]
    for seed in (1, 2):
        writer.write(make_state(seed), restart=True)
    writer.wait()
    may_go_on, read = threading.Event(), []

    def read_slowly(path: Path) -> State | None:
        read.append((path, threading.current_thread() is threading.main_thread()))
        may_go_on.wait(60)
        return read_journal(path)

    monkeypatch.setattr(recovery, "read_journal", read_slowly)
    parent.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["Looking…"]
    may_go_on.set()
    qtbot.waitUntil(lambda: [action.text()[:8] for action in menu.actions()] == ["Untitled"])
    (action,) = menu.actions()
    menu.aboutToShow.emit()
    menu.look()
    QApplication.processEvents()
    assert menu.actions() == [action], "it stays where it is"
    writer.write(make_state(3), restart=True)
    writer.wait()
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: len(menu.actions()) == 2)
    assert len(read) == len({path for path, _ in read}) == 2, "each once"
    assert not any(on_window_s for _, on_window_s in read)
    menu.actions()[1].trigger()
    work()
    assert root(document) == make_codes(1)
    assert document.snapshot.modified
