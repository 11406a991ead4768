"""The document: what each action does to history, picture and selection, and what never gets lost."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_engine.api.codec import read_project
from sni_engine.api.messages import Apply, Degraded, Request

from .fakes import CARD, OTHER, DirectClient, FakeEngine, current_picture_is_right, make_codes, mouth

Work = Callable[[], None]


def test_a_new_face_is_drawn_and_needs_no_saving(face: Document) -> None:
    now = face.snapshot
    assert now.card == CARD
    assert now.device == "CPU"
    assert now.history is not None
    assert now.history.current.codes == make_codes(7)
    assert current_picture_is_right(face)
    assert not now.modified
    assert not now.busy
    assert not now.can_edit, "nothing is selected yet"


def test_resample_adds_a_step_and_undo_gives_the_picture_back_to_the_byte(face: Document, work: Work) -> None:
    before = face.snapshot.picture
    mouth(face)
    face.resample()
    work()
    assert not np.array_equal(face.snapshot.picture, before)
    assert face.snapshot.locality is not None
    assert face.snapshot.modified
    face.undo()
    assert np.array_equal(face.snapshot.picture, before), "at once, without asking the engine"
    face.redo()
    assert current_picture_is_right(face)


def test_a_new_step_comes_with_its_picture(face: Document, work: Work) -> None:
    """The history's thumbnails are made when the step comes."""
    missing: list[int] = []

    def look(now: Snapshot) -> None:
        if now.history is not None and face.picture_of(now.history.current_id) is None:
            missing.append(now.history.current_id)

    face.changed.connect(look)
    mouth(face)
    face.resample()
    work()
    face.new_face(8)
    work()
    assert missing == []


def test_two_quick_resamplings_build_on_each_other(face: Document, work: Work) -> None:
    mouth(face)
    face.resample()
    face.resample()
    work()
    history = face.snapshot.history
    assert history is not None
    assert [node.parent for node in history.nodes] == [None, 0, 1]


def test_undo_then_edit_loses_nothing(face: Document, work: Work) -> None:
    mouth(face)
    for _ in range(2):
        face.resample()
        work()
    face.undo()
    face.resample()
    work()
    history = face.snapshot.history
    assert history is not None
    assert [node.parent for node in history.nodes] == [None, 0, 1, 1]
    face.go_to(2)
    assert face.snapshot.history is not None
    assert face.snapshot.history.current_id == 2
    assert current_picture_is_right(face)


def test_undo_while_an_edit_is_under_way_waits_its_turn(face: Document, work: Work) -> None:
    mouth(face)
    face.resample()
    face.undo()
    work()
    history = face.snapshot.history
    assert history is not None
    assert (len(history.nodes), history.current_id) == (2, 0)


def test_a_step_chosen_while_another_face_comes_is_not_looked_for_there(face: Document, work: Work) -> None:
    mouth(face)
    face.resample()
    work()
    face.new_face(8)
    face.go_to(1)
    face.toggle_star(0)
    work()
    history = face.snapshot.history
    assert history is not None
    assert len(history.nodes) == 1
    assert not history.root.star
    assert not face.snapshot.busy


def test_nothing_selected_means_no_resampling(face: Document, client: DirectClient) -> None:
    face.resample()
    assert client.queue == []


def test_levels_and_selection(face: Document) -> None:
    face.set_levels(["style", "local"])
    assert face.snapshot.selection is not None
    assert face.snapshot.selection.levels == ("local", "style")
    assert face.snapshot.can_edit, "style needs no cells"
    face.select_all()
    assert face.snapshot.selection.cells.min() == 1
    face.invert_selection()
    assert face.snapshot.selection.cells.max() == 0
    assert not face.snapshot.modified, "selecting is not editing"


# -- files -----------------------------------------------------------------------------------------------------------


def test_save_close_reopen_gives_the_same_tree_and_picture(
    face: Document, work: Work, tmp_path: Path, engine: FakeEngine
) -> None:
    mouth(face)
    face.resample()
    work()
    path = tmp_path / "face.sni"
    assert face.save(path)
    work()
    assert not face.snapshot.modified
    other_client = DirectClient(engine)
    other = Document(other_client)
    other.open(path)
    drain(other_client)
    assert other.snapshot.history == face.snapshot.history
    assert other.snapshot.selection == face.snapshot.selection
    assert np.array_equal(other.snapshot.picture, face.snapshot.picture)
    assert other.snapshot.path == path
    assert not other.snapshot.modified


def test_a_file_is_read_beside_the_window_and_others_wait_for_it(face: Document, work: Work, tmp_path: Path) -> None:
    mouth(face)
    face.resample()
    work()
    face.save(tmp_path / "face.sni")
    saved = face.snapshot.history
    face.new_face()
    work()
    face.open(tmp_path / "face.sni")
    face.resample()
    assert face.snapshot.busy, "nothing is read before the next turn"
    assert face.snapshot.path is None
    work()
    assert face.snapshot.path == tmp_path / "face.sni"
    assert face.snapshot.history is not None and saved is not None
    assert face.snapshot.history.root == saved.root
    assert len(face.snapshot.history.nodes) == len(saved.nodes) + 1, "the edit is one of the face that was opened"


def drain(client: DirectClient) -> None:
    QCoreApplication.processEvents()
    while client.queue:
        client.answer_first()
        QCoreApplication.processEvents()


def test_going_back_to_what_was_saved_needs_no_saving(face: Document, work: Work, tmp_path: Path) -> None:
    mouth(face)
    face.resample()
    work()
    face.save(tmp_path / "face.sni")
    work()
    face.undo()
    assert face.snapshot.modified
    face.redo()
    assert not face.snapshot.modified
    face.set_label(1, "smile")
    assert face.snapshot.modified
    face.set_label(1, "")
    assert not face.snapshot.modified


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 truncated", b"not a project"])
def test_a_damaged_file_leaves_what_is_open(face: Document, work: Work, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.sni"
    path.write_bytes(content)
    before = face.snapshot
    face.open(path)
    work()
    assert face.snapshot.history == before.history
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.kind == "error"
    assert "bad.sni" in face.snapshot.notice.title
    face.dismiss_notice()
    assert face.snapshot.notice is None


def test_a_folder_that_cannot_be_written_keeps_the_work(face: Document, work: Work, tmp_path: Path) -> None:
    face.save(tmp_path / "nowhere" / "face.sni")
    work()
    assert face.snapshot.notice is not None
    assert face.snapshot.path is None


def test_a_file_of_an_unknown_model_that_fits_is_shown_and_says_so(
    face: Document, work: Work, tmp_path: Path, engine: FakeEngine
) -> None:
    face.save(tmp_path / "face.sni")
    strange = tmp_path / "strange.sni"
    rewrite_model(tmp_path / "face.sni", strange, "stranger")
    face.open(strange)
    work()
    assert face.snapshot.path == strange
    face.save(tmp_path / "again.sni")
    assert read_project(tmp_path / "again.sni").model.name == "stranger", "saving does not forget whose it is"
    assert face.snapshot.notice is not None
    assert "stranger" in face.snapshot.notice.title
    assert current_picture_is_right(face)


def test_a_file_that_does_not_fit_is_refused(face: Document, work: Work, tmp_path: Path) -> None:
    face.save(tmp_path / "face.sni")
    strange = tmp_path / "strange.sni"
    rewrite_model(tmp_path / "face.sni", strange, "stranger")
    face.open_model("other")
    work()
    assert face.snapshot.card == OTHER
    before = face.snapshot.history
    face.open(strange)
    work()
    assert face.snapshot.history == before
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.kind == "error"


def test_a_step_under_way_is_something_to_lose(face: Document, work: Work) -> None:
    mouth(face)
    face.resample()
    assert face.snapshot.modified
    face.cancel()
    assert not face.snapshot.modified, "it was given up"
    work()
    face.drag_amount(0.5)
    assert not face.snapshot.modified, "a draft is none"
    face.release_amount(0.5)
    assert face.snapshot.modified


def rewrite_model(source: Path, target: Path, name: str) -> None:
    from dataclasses import replace

    from sni_engine.api.codec import write_project
    from sni_engine.api.models import ModelRef

    write_project(replace(read_project(source), model=ModelRef(name, "0" * 32)), target)


# -- trouble ---------------------------------------------------------------------------------------------------------


def test_a_failed_edit_is_a_notice_and_the_next_one_works(face: Document, work: Work, engine: FakeEngine) -> None:
    def fail_edits(request: Request) -> str | None:
        return "Out of paint." if isinstance(request, Apply) else None

    mouth(face)
    engine.fail = fail_edits
    face.resample()
    work()
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.title == "Out of paint."
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 1
    assert not face.snapshot.busy
    engine.fail = lambda request: None
    face.resample()
    work()
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 2


def test_an_edit_that_ends_in_spite_of_cancel_is_dropped(face: Document, work: Work, client: DirectClient) -> None:
    mouth(face)
    face.resample()
    nearly_done = client.queue.pop()
    face.cancel()
    client.queue.append(nearly_done)
    work()
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 1
    assert not face.snapshot.busy


def test_what_the_engine_does_about_short_memory_is_told_and_the_step_is_made(
    face: Document, client: DirectClient, work: Work
) -> None:
    mouth(face)
    face.resample()
    client.answered.emit(Degraded(99, "Memory is short.", "Close other programs."))
    work()
    assert face.snapshot.notice is not None
    assert (face.snapshot.notice.kind, face.snapshot.notice.title) == ("info", "Memory is short.")
    assert face.snapshot.can_undo
    assert current_picture_is_right(face)
