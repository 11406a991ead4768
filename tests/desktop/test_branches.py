"""Nothing is lost by undo and edit (ux.md, checks 8 and 9); a branch goes only on purpose, and comes back."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sni_desktop import step_dialogs
from sni_desktop.commands.edit import COMMANDS
from sni_desktop.document import Document
from sni_desktop.window import MainWindow
from sni_engine.api.history import History

from .fakes import child, current_picture_is_right

Work = Callable[[], None]


def tree(document: Document) -> History:
    history = document.snapshot.history
    assert history is not None
    return history


def grow(document: Document, work: Work, steps: int) -> None:
    document.select_all()
    for _ in range(steps):
        document.resample()
        work()


def picture_hash(document: Document) -> bytes:
    assert document.snapshot.picture is not None
    return document.snapshot.picture.tobytes()


def test_thirty_random_edits_undone_and_redone_show_every_picture_again(face: Document, work: Work) -> None:
    dice = random.Random(8)
    seen = [picture_hash(face)]
    for _ in range(30):
        face.set_cells(np.array([[dice.random() < 0.3 for _ in range(8)] for _ in range(8)], np.float32))
        face.set_levels(dice.sample(["local", "shared", "global", "style"], 2))
        face.set_amount(dice.uniform(0.2, 1))
        if dice.random() < 0.5:
            face.resample()
        else:
            face.drag_amount(0.4)
            work()
            face.release_amount(0.4)
        work()
        if len(tree(face).nodes) > len(seen):
            seen.append(picture_hash(face))
    seen = []
    while tree(face).can_undo:
        seen.append(picture_hash(face))
        face.undo()
        work()
    for picture in [picture_hash(face), *reversed(seen)][1:]:
        face.redo()
        work()
        assert picture_hash(face) == picture
        assert current_picture_is_right(face)
    assert not tree(face).can_redo
    face._pictures.clear()  # now with every picture drawn anew
    for picture in seen:
        face._show_current()
        work()
        assert picture_hash(face) == picture
        face.undo()
        work()


def test_an_edit_after_undo_leaves_the_old_branch_whole(window: MainWindow, document: Document, work: Work) -> None:
    grow(document, work, 5)
    before = tree(document)
    for _ in range(3):
        document.undo()
    grow(document, work, 1)
    assert tree(document).nodes[:6] == before.nodes
    assert set(window._history._items) == set(range(7))
    window._history._tree.setCurrentIndex(window._history._items[5].index())
    work()
    assert tree(document).current_id == 5
    assert [node.id for node in tree(document).path()] == [0, 1, 2, 3, 4, 5]
    assert current_picture_is_right(document)


@pytest.mark.parametrize("meanwhile", ["another face", "another step", "a longer branch"])
def test_only_what_was_asked_about_is_deleted(
    window: MainWindow, document: Document, work: Work, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    """A step of the same number may be another one by the time the question is answered."""
    grow(document, work, 2)

    def answer(*_: object) -> bool:
        if meanwhile == "another face":
            document.new_face(9)
            work()
        elif meanwhile == "another step":
            document.delete_branch(2)
        grow(document, work, 2 if meanwhile == "another face" else 1)
        return True

    monkeypatch.setattr(step_dialogs, "ask_to_delete", answer)
    window.binder.actions["delete-branch"].trigger()
    assert document.snapshot.deletion is None or meanwhile == "another step"
    assert 2 in {node.id for node in tree(document).nodes}
    assert document.snapshot.notice is not None
    assert "nothing is deleted" in document.snapshot.notice.title


def test_a_branch_goes_after_one_question_and_comes_back(
    window: MainWindow, document: Document, work: Work, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    grow(document, work, 3)
    document.toggle_star(3)
    document.go_to(2)
    work()
    before, asked = tree(document), []
    monkeypatch.setattr(step_dialogs, "ask_to_delete", lambda _, branch: bool(asked.append(branch)))
    window.binder.actions["delete-branch"].trigger()
    assert tree(document) is before, "the answer was no"
    monkeypatch.setattr(step_dialogs, "ask_to_delete", lambda _, branch: True)
    window.binder.actions["delete-branch"].trigger()
    work()
    assert [node.id for node in asked[0]] == [2, 3]
    assert [node.id for node in tree(document).nodes] == [0, 1]
    assert set(window._history._items) == {0, 1}
    assert document.snapshot.modified
    assert current_picture_is_right(document)
    assert window.binder.actions["undo"].text() == "&Undo Delete branch"
    offer = child(window, QPushButton, "notice-offer")
    assert offer.isVisible()
    offer.click()
    work()
    assert tree(document) == before
    assert not offer.isVisible()
    assert not window.binder.actions["restore-branch"].isEnabled()


def test_undo_puts_back_what_was_just_deleted_and_an_edit_ends_that(face: Document, work: Work) -> None:
    grow(face, work, 3)
    before = tree(face)
    face.delete_branch(1)
    face.undo()
    assert tree(face) == before
    face.delete_branch(2)
    face.undo()
    assert tree(face).current_id == 3
    face.delete_branch(2)
    face.go_to(0)
    face.redo()
    assert face.snapshot.can_restore
    assert not face.snapshot.has_just_deleted, "undo goes a step back again"
    grow(face, work, 1)
    assert not face.snapshot.can_restore
    face.restore_branch()
    assert [node.id for node in tree(face).nodes] == [0, 1, 2]
    face.delete_branch(0)
    assert len(tree(face).nodes) == 3


def test_another_face_ends_it_too(face: Document, work: Work) -> None:
    grow(face, work, 1)
    face.delete_branch(1)
    face.new_face(9)
    work()
    assert not face.snapshot.can_restore
    face.restore_branch()
    assert tree(face).root.seed == 9


def test_the_question_counts_steps_and_names_those_with_a_star(face: Document, work: Work) -> None:
    grow(face, work, 3)
    face.set_label(2, "smile")
    branch = tree(face).branch(1)
    assert step_dialogs.count_steps(branch) == 'Delete "Resample" and the 2 steps that grew from it?'
    assert "starred" not in step_dialogs.warn_of_stars(branch)
    face.toggle_star(2)
    assert 'starred: "smile".' in step_dialogs.warn_of_stars(tree(face).branch(1))
    assert step_dialogs.count_steps(tree(face).branch(3)) == 'Delete the step "Resample"?'


def test_undo_and_redo_say_what_they_do(window: MainWindow, document: Document, work: Work) -> None:
    undo, redo = (window.binder.actions[name] for name in ("undo", "redo"))
    assert (undo.text(), redo.text()) == ("&Undo", "&Redo")
    grow(document, work, 1)
    document.set_label(1, "a & b " * 9)
    document.refresh()
    assert undo.text().startswith("&Undo a && b ")
    assert undo.text().endswith("…")
    assert "a & b" in undo.toolTip()
    document.undo()
    document.refresh()
    assert undo.text() == "&Undo"
    assert redo.text().startswith("&Redo a && b")
    assert {"undo", "redo"} <= {command.id for command in COMMANDS if command.subject}
