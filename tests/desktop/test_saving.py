"""Saving beside the window: what was on screen at the press is what is written, and leaving waits for it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs
from sni_desktop.document import Document
from sni_desktop.save_waiting import SavingDialog
from sni_desktop.window import MainWindow
from sni_desktop.worker.client import EngineClient
from sni_engine.api.codec import read_project

from .fakes import TWIN, DirectClient, FakeEngine

Work = Callable[[], None]


@pytest.fixture
def stepped(face: Document, work: Work) -> Document:
    """A face with a step that nobody saved."""
    face.select_all()
    face.resample()
    work()
    return face


def count_steps(path: Path) -> int:
    return len(read_project(path).history.nodes) - 1


def test_what_was_on_screen_at_the_press_is_saved_and_later_steps_are_not(
    stepped: Document, client: DirectClient, work: Work, tmp_path: Path
) -> None:
    client.slow_disk = True
    stepped.save(tmp_path / "face.sni")
    assert stepped.snapshot.saving == tmp_path / "face.sni"
    assert stepped.snapshot.modified, "it is not on the disk yet"
    assert not stepped.snapshot.busy, "one need not wait for it, nor can one cancel it"
    stepped.set_label(1, "later")
    work()
    assert stepped.snapshot.saving is None
    assert stepped.snapshot.path == tmp_path / "face.sni"
    assert read_project(tmp_path / "face.sni").history.node(1).label == ""
    assert stepped.snapshot.modified
    stepped.set_label(1, "")
    assert not stepped.snapshot.modified


def test_of_several_saves_to_one_file_the_newest_is_written_last_and_none_between(
    stepped: Document, client: DirectClient, work: Work, tmp_path: Path
) -> None:
    client.slow_disk = True
    ended: list[tuple[Path, bool]] = []
    stepped.save_ended.connect(lambda path, whole: ended.append((path, whole)))
    for label in ("one", "two", "three"):
        stepped.set_label(1, label)
        stepped.save(tmp_path / "face.sni")
    work()
    assert ended == [(tmp_path / "face.sni", True)] * 2
    assert read_project(tmp_path / "face.sni").history.node(1).label == "three"
    assert not stepped.snapshot.modified


def test_saving_again_goes_where_the_face_is_on_its_way_to(
    stepped: Document, client: DirectClient, work: Work, tmp_path: Path
) -> None:
    client.slow_disk = True
    for name in ("a.sni", "b.sni"):
        stepped.save(tmp_path / name)
        assert stepped.file == tmp_path / name
    work()
    assert stepped.snapshot.path == tmp_path / "b.sni"
    assert count_steps(tmp_path / "a.sni") == count_steps(tmp_path / "b.sni") == 1


def test_trouble_is_a_notice_until_saving_works_and_the_file_is_untouched(
    stepped: Document, work: Work, tmp_path: Path
) -> None:
    (tmp_path / "face.png").write_bytes(b"a file that is no folder")
    stepped.save(tmp_path / "face.png" / "face.sni")
    work()
    assert stepped.snapshot.saving is None
    assert stepped.snapshot.modified
    assert stepped.snapshot.path is None
    assert stepped.snapshot.notice is not None and stepped.snapshot.notice.kind == "error"
    assert (tmp_path / "face.png").read_bytes() == b"a file that is no folder"
    stepped.save(tmp_path / "face.sni")
    work()
    assert stepped.snapshot.notice is None
    assert not stepped.snapshot.modified


def test_a_face_that_came_meanwhile_does_not_take_the_file_of_the_one_before(
    stepped: Document, client: DirectClient, work: Work, tmp_path: Path
) -> None:
    client.slow_disk = True
    stepped.save(tmp_path / "face.sni")
    save = client.queue.pop()
    stepped.new_face(8)
    work()
    client.queue.append(save)
    work()
    assert count_steps(tmp_path / "face.sni") == 1
    assert stepped.snapshot.path is None
    assert not stepped.snapshot.modified


def test_cancel_leaves_a_save_alone(stepped: Document, client: DirectClient, work: Work, tmp_path: Path) -> None:
    client.slow_disk = True
    stepped.save(tmp_path / "face.sni")
    stepped.cancel()
    work()
    assert count_steps(tmp_path / "face.sni") == 1
    assert not stepped.snapshot.modified


def test_another_model_chosen_for_a_saved_face_is_something_to_save(
    stepped: Document, work: Work, tmp_path: Path
) -> None:
    stepped.save(tmp_path / "face.sni")
    work()
    stepped.open_model(TWIN.name)
    work()
    assert stepped.snapshot.modified
    stepped.save(tmp_path / "face.sni")
    work()
    assert read_project(tmp_path / "face.sni").model == TWIN.ref
    assert not stepped.snapshot.modified


def test_another_model_for_a_face_that_nothing_was_done_to_is_not(face: Document, work: Work) -> None:
    face.open_model(TWIN.name)
    work()
    assert not face.snapshot.modified


# -- opening -----------------------------------------------------------------------------------------------------------


def make_files(document: Document, work: Work, folder: Path, *names: str) -> list[Path]:
    for name in names:
        document.set_label(0, name)
        document.save(folder / name)
        work()
    return [folder / name for name in names]


def test_of_two_files_opened_in_a_row_the_last_one_wins(
    face: Document, client: DirectClient, work: Work, tmp_path: Path
) -> None:
    one, two = make_files(face, work, tmp_path, "one.sni", "two.sni")
    face.new_face(8)
    work()
    client.slow_disk = True
    shown: list[Path | None] = []
    face.changed.connect(lambda now: shown.append(now.path))
    face.open(one)
    face.open(two)
    work()
    assert face.snapshot.path == two
    assert one not in shown


def test_opening_can_be_cancelled(face: Document, client: DirectClient, work: Work, tmp_path: Path) -> None:
    (path,) = make_files(face, work, tmp_path, "one.sni")
    face.new_face(8)
    work()
    before, client.slow_disk = face.snapshot.history, True
    face.open(path)
    assert face.snapshot.busy
    face.cancel()
    assert not face.snapshot.busy
    work()
    assert face.snapshot.history is before
    face.open(path)
    work()
    assert face.snapshot.path == path


def test_cancelling_the_first_file_of_a_start_leaves_a_new_face(
    document: Document, client: DirectClient, work: Work, tmp_path: Path
) -> None:
    client.slow_disk = True
    document.open(tmp_path / "any.sni")
    document.cancel()
    work()
    assert document.snapshot.has_face


# -- leaving -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def edited(window: MainWindow, work: Work, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MainWindow:
    """A window with an unsaved step, whose person wants it saved."""
    window.document.select_all()
    window.document.resample()
    work()
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: QMessageBox.StandardButton.Save)
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: tmp_path / "face.sni")
    return window


def close(window: MainWindow) -> bool:
    window.closeEvent(event := QCloseEvent())
    return event.isAccepted()


def when_it_waits(act: Callable[[SavingDialog], object]) -> list[str]:
    """Act once the window waits for a save; returns the list that the dialog's text goes to."""
    texts: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, SavingDialog):
            texts.append(dialog.findChild(QLabel).text())
            act(dialog)
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)
    return texts


def test_the_window_closes_after_the_file_is_on_the_disk(
    edited: MainWindow, client: DirectClient, tmp_path: Path
) -> None:
    client.slow_disk = True
    texts = when_it_waits(lambda _: client.answer_first())
    assert close(edited)
    assert texts == ["Saving face.sni…"]
    assert count_steps(tmp_path / "face.sni") == 1


def test_a_save_under_way_is_waited_for_and_nothing_is_asked(
    edited: MainWindow, client: DirectClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client.slow_disk = True
    edited.binder.actions["save"].trigger()
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: pytest.fail("asked"))
    when_it_waits(lambda _: client.answer_first())
    assert close(edited)
    assert count_steps(tmp_path / "face.sni") == 1


def test_one_may_go_back_rather_than_wait(edited: MainWindow, client: DirectClient, work: Work, tmp_path: Path) -> None:
    client.slow_disk = True
    when_it_waits(lambda dialog: dialog.reject())
    assert not close(edited)
    assert edited.document.snapshot.notice is not None
    assert "still being saved" in edited.document.snapshot.notice.title
    work()
    assert count_steps(tmp_path / "face.sni") == 1


def test_a_save_that_fails_while_closing_asks_again(
    edited: MainWindow, work: Work, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[int] = []
    answers = iter([QMessageBox.StandardButton.Save, QMessageBox.StandardButton.Discard])
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: asked.append(1) or next(answers))
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: tmp_path / "no folder" / "face.sni")
    assert not close(edited)
    notice = edited.document.snapshot.notice
    assert notice is not None and notice.kind == "error"
    assert close(edited)
    assert asked == [1, 1]


def test_a_long_save_is_told_in_title_and_status_bar(
    edited: MainWindow, client: DirectClient, qtbot: QtBot, work: Work
) -> None:
    client.slow_disk = True
    edited.binder.actions["save"].trigger()
    assert "Saving" not in edited.windowTitle(), "most are done before one can read it"
    qtbot.waitUntil(lambda: "Saving face.sni…" in edited.windowTitle())
    locality = edited.findChild(QLabel, "locality")
    assert locality is not None and locality.text() == "Saving face.sni…"
    work()
    assert edited.windowTitle() == "face.sni[*] — SNI Desktop"
    assert "Saving" not in locality.text()


def test_files_do_not_wait_for_the_engine(qtbot: QtBot, tmp_path: Path, stepped: Document) -> None:
    """On real threads: a picture that takes long to draw holds up no save, and the end waits for what is written."""
    engine = FakeEngine(delay_s=0.0)
    client = EngineClient(lambda: engine)
    document = Document(client)
    document.new_face(7)
    qtbot.waitUntil(lambda: document.snapshot.picture is not None)
    engine.delay_s = 2.0
    document.select_all()
    document.resample()
    document.save(tmp_path / "face.sni")
    qtbot.waitUntil(lambda: document.snapshot.saving is None)
    assert document.snapshot.path == tmp_path / "face.sni"
    assert document.requests.is_editing, "the step is still being drawn"
    document.save(tmp_path / "last.sni")
    assert client.close()
    assert read_project(tmp_path / "last.sni") == document.project
