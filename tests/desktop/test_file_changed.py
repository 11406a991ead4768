"""Saving over a file that another program has changed since: nothing is lost unless a person says so."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMessageBox

from sni_desktop import dialogs
from sni_desktop.arriving import find_first
from sni_desktop.window import MainWindow
from sni_engine.api.codec import read_project, write_project

from .fakes import DirectClient

Work = Callable[[], None]


class Person:
    """Answers the questions about files, and remembers which were asked."""

    def __init__(self, elsewhere: Path) -> None:
        self.answer: str = "cancel"
        self.elsewhere: Path | None = elsewhere
        self.asked: list[str] = []

    def ask_about_changed(self, _: object, name: str) -> str:
        self.asked.append(name)
        return self.answer


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Person:
    person = Person(tmp_path / "mine.sni")
    monkeypatch.setattr(dialogs, "ask_about_changed", person.ask_about_changed)
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: person.elsewhere)
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: QMessageBox.StandardButton.Save)
    return person


def step(window: MainWindow, work: Work) -> None:
    window.document.select_all()
    window.document.resample()
    work()


def save(window: MainWindow, work: Work) -> None:
    window.binder.actions["save"].trigger()
    work()


def label_of(path: Path) -> str:
    return read_project(path).history.root.label


def write_elsewhere(path: Path) -> None:
    """Do what `sni` does in a terminal: the file gets something that the window does not have."""
    project = read_project(path)
    picture = np.zeros((16, 16, 3), np.uint8)  # wanted for a PNG
    write_project(replace(project, history=project.history.change_node(0, label="theirs")), path, picture)


@pytest.fixture(params=["face.sni", "face.png"])
def path(request: pytest.FixtureRequest, window: MainWindow, work: Work, tmp_path: Path) -> Path:
    """A file that the window wrote."""
    path = tmp_path / request.param
    step(window, work)
    window.document.save(path)
    work()
    assert not window.document.snapshot.modified
    return path


@pytest.fixture
def changed(path: Path, window: MainWindow, work: Work) -> Path:
    """The same, which another program has changed; the window has a step that is not there."""
    write_elsewhere(path)
    step(window, work)
    return path


def test_what_nobody_changed_is_saved_at_once(window: MainWindow, work: Work, path: Path, person: Person) -> None:
    for _ in range(2):
        step(window, work)
        save(window, work)
    window.document.open(path)
    work()
    step(window, work)
    save(window, work)
    path.write_bytes(path.read_bytes())  # another date, the same file
    step(window, work)
    save(window, work)
    assert person.asked == []
    assert len(read_project(path).history.nodes) == 6


def test_cancel_leaves_the_file_and_the_step(window: MainWindow, work: Work, changed: Path, person: Person) -> None:
    save(window, work)
    assert person.asked == [changed.name]
    assert label_of(changed) == "theirs"
    assert window.document.snapshot.modified and window.document.snapshot.saving is None
    save(window, work)
    assert person.asked == [changed.name] * 2


def test_replacing_and_then_saving_on(window: MainWindow, work: Work, changed: Path, person: Person) -> None:
    person.answer = "replace"
    save(window, work)
    assert label_of(changed) == ""
    assert not window.document.snapshot.modified
    step(window, work)
    save(window, work)
    assert person.asked == [changed.name], "it is the window's own again"


def test_another_name_takes_the_face_along(window: MainWindow, work: Work, changed: Path, person: Person) -> None:
    person.answer = "elsewhere"
    save(window, work)
    assert label_of(changed) == "theirs"
    assert window.document.snapshot.path == person.elsewhere
    assert not window.document.snapshot.modified


def test_no_other_name_after_all(window: MainWindow, work: Work, changed: Path, person: Person) -> None:
    person.answer, person.elsewhere = "elsewhere", None
    save(window, work)
    assert label_of(changed) == "theirs"
    assert window.document.snapshot.modified
    assert window.document.refused_file is None


def test_saving_as_the_same_file_asks_too(window: MainWindow, work: Work, path: Path, person: Person) -> None:
    write_elsewhere(path)
    person.elsewhere = path
    window.files.save_as()
    work()
    assert person.asked == [path.name], "also with nothing unsaved: it was asked for by name"
    assert label_of(path) == "theirs"


def test_with_nothing_unsaved_there_is_nothing_to_do(
    window: MainWindow, work: Work, path: Path, person: Person
) -> None:
    write_elsewhere(path)
    save(window, work)
    notice = window.document.snapshot.notice
    assert notice is not None and "changed by another program" in notice.title
    assert person.asked == []
    assert label_of(path) == "theirs"
    window.document.open(path)
    work()
    step(window, work)
    save(window, work)
    assert (person.asked, label_of(path)) == ([], "theirs"), "it was read anew"


def test_a_file_that_is_gone_is_written_again(window: MainWindow, work: Work, path: Path, person: Person) -> None:
    path.unlink()
    step(window, work)
    save(window, work)
    assert person.asked == []
    assert not window.document.snapshot.modified
    assert len(read_project(path).history.nodes) == 3


@pytest.mark.parametrize("how", ["open", "drop"])
def test_a_file_that_was_opened_is_known(window: MainWindow, work: Work, path: Path, person: Person, how: str) -> None:
    window.document._digests.clear()
    if how == "open":
        window.files.open(path)
    else:
        window.files.open(*find_first([path]))
    work()
    write_elsewhere(path)
    step(window, work)
    save(window, work)
    assert person.asked == [path.name]


@pytest.mark.parametrize(
    ("answer", "closes", "held"), [("cancel", False, "theirs"), ("replace", True, ""), ("elsewhere", True, "theirs")]
)
def test_closing_asks_once(
    window: MainWindow,
    client: DirectClient,
    work: Work,
    changed: Path,
    person: Person,
    answer: str,
    closes: bool,
    held: str,
) -> None:
    person.answer = answer
    window.closeEvent(event := QCloseEvent())
    assert event.isAccepted() == closes
    work()
    assert person.asked == [changed.name]
    assert label_of(changed) == held
    assert window.document.snapshot.modified != closes


@pytest.mark.parametrize(("press", "answer"), [("Cancel", "cancel"), ("Replace", "replace"), ("name", "elsewhere")])
def test_the_question_loses_nothing_by_itself(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, press: str, answer: str
) -> None:
    def read(box: QMessageBox) -> int:
        texts = [button.text().replace("&", "") for button in box.buttons()]
        assert set(texts) == {"Save under another name…", "Replace it", "Cancel"}
        assert box.defaultButton() is box.escapeButton() is box.button(QMessageBox.StandardButton.Cancel)
        assert "face.sni was changed by another program" in box.text()
        next(button for button in box.buttons() if press in button.text()).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", read)
    assert dialogs.ask_about_changed(window, "face.sni") == answer
