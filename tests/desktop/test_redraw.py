"""Pictures that must be drawn anew: never another step's on screen, never asked for without need or for ever."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from sni_desktop.activities.thumbnails import ThumbnailDrawer
from sni_desktop.document import Document
from sni_desktop.pictures import PictureCache
from sni_engine.api.codec import read_project
from sni_engine.api.messages import Apply, Cancelled, Draw, NewFace

from .fakes import OTHER, DirectClient, FakeEngine, current_picture_is_right, mouth

Work = Callable[[], None]


def test_a_face_that_the_new_model_cannot_draw_is_gone_even_when_no_new_one_comes(
    face: Document, client: DirectClient, work: Work
) -> None:
    """The new model's first face is cancelled: there is nothing on screen, rather than what no edit can work on."""
    mouth(face)
    face.open_model("other")
    client.answer_first()
    QCoreApplication.processEvents()
    face.cancel()
    work()
    now = face.snapshot
    assert now.card == OTHER
    assert (now.history, now.selection, now.picture) == (None, None, None)
    assert not now.modified
    assert not now.busy
    face.new_face(8)
    work()
    assert current_picture_is_right(face)


def test_a_failing_first_face_of_another_grid_leaves_nothing_behind(
    face: Document, work: Work, engine: FakeEngine
) -> None:
    engine.fail = lambda request: "Out of paint." if isinstance(request, NewFace) else None
    face.open_model("other")
    work()
    assert face.snapshot.history is None
    assert face.snapshot.picture is None
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.title == "Out of paint."


def test_forgotten_pictures_are_drawn_again(face: Document, work: Work, engine: FakeEngine) -> None:
    mouth(face)
    face.resample()
    work()
    face._pictures.clear()
    face.undo()
    work()
    assert isinstance(engine.ran[-1], Draw)
    assert current_picture_is_right(face)


def test_cancel_while_a_step_s_picture_is_drawn_never_leaves_another_step_s(face: Document, work: Work) -> None:
    mouth(face)
    face.resample()
    work()
    face._pictures.clear()
    face.undo()
    face.cancel()
    work()
    assert current_picture_is_right(face)


def walk_without_pictures(face: Document, work: Work) -> None:
    """Five steps whose pictures are forgotten, and four steps back over them."""
    mouth(face)
    for _ in range(5):
        face.resample()
        work()
    face._pictures.clear()
    for _ in range(4):
        face.undo()


def test_of_the_steps_walked_over_only_the_last_is_drawn(face: Document, work: Work, engine: FakeEngine) -> None:
    walk_without_pictures(face, work)
    asked = len(engine.ran)
    work()
    assert len(engine.ran) == asked + 1
    assert current_picture_is_right(face)
    assert not face.snapshot.busy


def test_a_picture_overtaken_by_a_failing_edit_is_drawn_all_the_same(
    face: Document, client: DirectClient, work: Work, engine: FakeEngine
) -> None:
    walk_without_pictures(face, work)
    draw, _ = client.queue.pop()
    client.answered.emit(Cancelled(draw.ticket))  # as the thread does when a commit comes
    engine.fail = lambda request: "Out of paint." if isinstance(request, Apply) else None
    face.resample()
    work()
    assert current_picture_is_right(face)


def test_a_picture_that_keeps_being_cancelled_is_asked_for_once_more_and_then_none_is_shown(
    face: Document, client: DirectClient, work: Work
) -> None:
    walk_without_pictures(face, work)
    for _ in range(2):
        client.cancel()
        QCoreApplication.processEvents()
    assert client.queue == []
    now = face.snapshot
    assert now.picture is None
    assert now.history is not None
    assert now.notice is not None
    assert not now.busy
    face.go_to(now.history.current_id)
    work()
    assert current_picture_is_right(face)


def test_a_picture_that_cannot_be_drawn_is_not_another_step_s(face: Document, work: Work, engine: FakeEngine) -> None:
    engine.fail = lambda request: "Out of paint." if isinstance(request, Draw) else None
    walk_without_pictures(face, work)
    asked = len(engine.ran)
    work()
    assert len(engine.ran) == asked + 1
    assert face.snapshot.picture is None
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.title == "Out of paint."


def test_the_picture_on_screen_is_not_forgotten_for_thumbnails(face: Document, work: Work, tmp_path: Path) -> None:
    """However little memory there is, what is on screen can be saved and copied."""
    mouth(face)
    for _ in range(8):
        face.resample()
        work()
    face.go_to(3)
    work()
    assert face.save(tmp_path / "face.png")
    face._pictures = PictureCache(limit=3 * 16 * 16 * 3)
    drawer = ThumbnailDrawer(face)
    face.open(tmp_path / "face.png")
    work()
    assert len(drawer._done) > 3
    assert current_picture_is_right(face)
    assert face.snapshot.history is not None
    assert face.picture_of(3) is face.snapshot.picture
    face.toggle_star(1)
    assert face.save(tmp_path / "face.png")
    assert read_project(tmp_path / "face.png") == face.project
