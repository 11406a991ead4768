"""Keeping a journal: each change reaches the disk, clean ends leave nothing, killed programs leave everything."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from sni_desktop.activities.keeping import Keeping
from sni_desktop.document import Document
from sni_desktop.recovering import Recovering, RecoveryDialog
from sni_desktop.recovery import LeftFaces, find_lost
from sni_desktop.window import MainWindow
from sni_desktop.words import describe_age
from sni_desktop.worker.journal import JournalWriter, shelf_folder
from sni_engine.api.errors import EngineError
from sni_engine.api.history import start_history
from sni_engine.api.journal import State, read_journal
from sni_engine.api.packing import Project
from sni_engine.api.selection import select_none

from .fakes import GRID, child, make_codes, mouth

KILLED = """
import os, signal, sys
from pathlib import Path
from sni_desktop.worker.journal import JournalWriter
from tests.desktop.test_journal import some_state
writer = JournalWriter(Path(sys.argv[1]))
writer.write(some_state(), restart=True)
writer.wait()
os.kill(os.getpid(), signal.SIGKILL)
"""


def some_state() -> State:
    """Return a face with one step that nobody saved."""
    from sni_engine.api.edits import Edit, Resample
    from sni_engine.api.history import start_history
    from sni_engine.api.models import ModelRef
    from sni_engine.api.packing import Project
    from sni_engine.api.selection import select_all, select_none

    from .fakes import CARD, GRID, make_codes

    history = start_history(make_codes(1), seed=1).push(Edit(Resample(), select_all(GRID), 2), make_codes(2))
    return State(Project(ModelRef(CARD.name, CARD.digest), history, select_none(GRID)))


@pytest.fixture
def writer(tmp_path: Path, qtbot: QtBot) -> Iterator[JournalWriter]:
    writer = JournalWriter(tmp_path / "recovery" / "1.journal")
    yield writer
    writer.close()


@pytest.fixture
def keeping(face: Document, writer: JournalWriter) -> Keeping:
    return Keeping(face, writer)


def kept(writer: JournalWriter) -> State:
    assert writer.wait()
    state = read_journal(writer.path)
    assert state is not None
    return state


def leave_work(folder: Path) -> Path:
    """Let a program write its journal and be killed."""
    journal = folder / "2.journal"
    subprocess.run([sys.executable, "-c", KILLED, str(journal)], cwd=Path(__file__).parents[2])
    return journal


def test_each_step_is_on_the_disk(
    keeping: Keeping, face: Document, writer: JournalWriter, work: Callable[[], None]
) -> None:
    assert kept(writer).project.history == face.snapshot.history
    mouth(face)
    face.resample()
    work()
    state = kept(writer)
    assert state.project == face.project
    assert not state.saved
    face.undo()
    face.set_label(1, "smile")
    assert kept(writer).project == face.project


def test_another_face_begins_the_journal_anew(
    keeping: Keeping, face: Document, writer: JournalWriter, work: Callable[[], None]
) -> None:
    mouth(face)
    for _ in range(5):
        face.resample()
        work()
    kept(writer)
    size = writer.path.stat().st_size
    face.new_face(8)
    work()
    assert kept(writer).project == face.project
    assert writer.path.stat().st_size < size


def test_saved_work_is_marked_as_saved(
    keeping: Keeping, face: Document, writer: JournalWriter, work: Callable[[], None], tmp_path: Path
) -> None:
    mouth(face)
    assert face.save(tmp_path / "face.sni")
    work()
    assert kept(writer).saved
    assert kept(writer).path == tmp_path / "face.sni"


def test_locks_are_something_to_save(face: Document, work: Callable[[], None], tmp_path: Path) -> None:
    assert not face.snapshot.modified
    assert face.snapshot.selection is not None
    face.set_locks(face.snapshot.selection.cells * 0 + 1)
    assert face.snapshot.modified
    face.save(tmp_path / "face.sni")
    work()
    assert not face.snapshot.modified


def test_a_clean_end_leaves_nothing(tmp_path: Path, qtbot: QtBot) -> None:
    writer = JournalWriter(tmp_path / "1.journal")
    writer.write(some_state(), restart=True)
    assert kept(writer) == some_state()
    writer.close()
    assert list(tmp_path.iterdir()) == []


def test_a_journal_that_cannot_be_read_is_not_thrown_away(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    journal = leave_work(tmp_path)

    def refuse(path: Path) -> State:
        raise EngineError("The disk does not answer.", "")

    with monkeypatch.context() as patched:
        patched.setattr("sni_desktop.recovery.read_journal", refuse)
        assert find_lost(tmp_path) == []
    caplog.clear()
    assert [lost.journal for lost in find_lost(tmp_path)] == [journal]


def new_face() -> State:
    """Return a face on which nothing was done."""
    history = start_history(make_codes(9), seed=9)
    return State(Project(some_state().project.model, history, select_none(GRID)), saved=True)


def test_a_face_that_was_left_a_moment_before_the_end_outlasts_the_program(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, disk = JournalWriter(tmp_path / "1.journal"), threading.Event()
    monkeypatch.setattr("sni_desktop.worker.journal.os.fsync", lambda _: disk.wait())
    left = some_state()
    writer.write(left, restart=True)
    writer.write(new_face(), restart=True)
    ending = threading.Thread(target=writer.close)
    ending.start()
    disk.set()
    ending.join()
    assert [lost.state for lost in LeftFaces().read(tmp_path)] == [left]
    assert list(tmp_path.glob("*.journal*")) == []


def test_a_face_that_cannot_be_left_is_offered_at_the_next_start(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    writer, disk = JournalWriter(tmp_path / "1.journal"), threading.Event()
    monkeypatch.setattr("sni_desktop.worker.journal.os.fsync", lambda _: disk.wait())
    writer.write(some_state(), restart=True)
    writer.write(new_face(), restart=True)
    ending = threading.Thread(target=writer.close)
    ending.start()
    shelf_folder(tmp_path).write_text("in the way")
    disk.set()
    ending.join()
    assert [lost.state for lost in find_lost(tmp_path)] == [some_state()]
    assert [record.name for record in caplog.records] == ["sni_desktop.worker.journal"]
    caplog.clear()


def test_a_killed_program_leaves_its_work_and_a_living_one_is_let_alone(tmp_path: Path, qtbot: QtBot) -> None:
    alive = JournalWriter(tmp_path / "1.journal")
    alive.write(some_state(), restart=True)
    assert alive.wait()
    journal = leave_work(tmp_path)
    lost = find_lost(tmp_path)
    assert [item.journal for item in lost] == [journal]
    assert lost[0].state == some_state()
    assert not lost[0].is_untouched
    alive.close()


def test_a_full_disk_is_told_once_and_work_goes_on(
    keeping: Keeping,
    face: Document,
    writer: JournalWriter,
    work: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept(writer)

    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sni_desktop.worker.journal.os.fsync", refuse)
    mouth(face)
    face.resample()
    work()
    writer.wait(0.5)
    work()
    assert face.snapshot.notice is not None
    assert "No space left on device" in face.snapshot.notice.title
    assert [record.name for record in caplog.records] == ["sni_desktop.worker.journal"], "told once, logged once"
    caplog.clear()
    monkeypatch.undo()
    face.resample()
    work()
    assert kept(writer).project == face.project


@pytest.fixture
def recovering(window: MainWindow, writer: JournalWriter) -> Recovering:
    Keeping(window.document, writer)
    return Recovering(window.document, writer, writer.path.parent, window)


def test_unsaved_work_is_offered_and_recovered(
    recovering: Recovering, window: MainWindow, writer: JournalWriter, work: Callable[[], None], qtbot: QtBot
) -> None:
    journal = leave_work(writer.path.parent)
    recovering.start(None)
    work()
    dialog = child(window, RecoveryDialog, "")
    assert dialog.isVisible()
    child(dialog, QPushButton, "recover").click()
    work()
    assert window.document.project == some_state().project
    assert window.document.snapshot.modified
    qtbot.waitUntil(lambda: not journal.exists())
    assert kept(writer).project == some_state().project
    window.document.save(writer.path.parent / "kept.sni")


def test_what_is_left_for_later_is_offered_again_and_what_is_discarded_is_not(
    recovering: Recovering, window: MainWindow, writer: JournalWriter, work: Callable[[], None]
) -> None:
    leave_work(writer.path.parent)
    recovering.start(None)
    child(window, RecoveryDialog, "").reject()
    work()
    assert len(find_lost(writer.path.parent)) == 1
    recovering.offer(find_lost(writer.path.parent))
    dialogs = [dialog for dialog in window.findChildren(RecoveryDialog) if dialog.isVisible()]
    child(dialogs[0], QPushButton, "discard").click()
    assert child(dialogs[0], QListWidget, "").count() == 0
    assert find_lost(writer.path.parent) == []


def test_ages_in_words() -> None:
    assert [describe_age(s) for s in (5, 130, 7300, 3 * 86400)] == ["just now", "2 min ago", "2 h ago", "3 days ago"]
