"""Dragging the amount: what is shown on the way, what letting go keeps, and what Esc gives back."""

from collections.abc import Callable

import numpy as np

from sni_desktop.document import Document
from sni_engine.api.messages import Apply

from .fakes import DirectClient, FakeEngine, current_picture_is_right, mouth

Work = Callable[[], None]


def test_a_drag_shows_drafts_and_letting_go_computes_nothing_twice(
    face: Document, work: Work, engine: FakeEngine
) -> None:
    mouth(face)
    face.drag_amount(0.3)
    work()
    assert face.snapshot.draft
    face.drag_amount(0.6)
    work()
    asked = len(engine.ran)
    face.release_amount(0.6)
    work()
    assert len(engine.ran) == asked
    history = face.snapshot.history
    assert history is not None
    assert len(history.nodes) == 2
    assert history.current.edit is not None
    assert history.current.edit.params.amount == 0.6
    assert not face.snapshot.draft
    assert current_picture_is_right(face)


def test_only_the_newest_draft_is_drawn(face: Document, work: Work, engine: FakeEngine) -> None:
    mouth(face)
    for amount in (0.1, 0.2, 0.3):
        face.drag_amount(amount)
    work()
    drafts = [request.edit.params.amount for request in engine.ran if isinstance(request, Apply)]
    assert drafts == [0.3]
    assert not face.snapshot.busy


def test_letting_go_before_the_draft_came_still_commits_it(face: Document, work: Work) -> None:
    mouth(face)
    face.drag_amount(0.4)
    face.release_amount(0.5)
    work()
    history = face.snapshot.history
    assert history is not None
    assert history.current.edit is not None
    assert history.current.edit.params.amount == 0.5
    assert len(history.nodes) == 2
    assert not face.snapshot.draft


def test_dragging_again_reblends_the_same_step_as_a_sibling(face: Document, work: Work) -> None:
    mouth(face)
    face.resample()
    work()
    face.drag_amount(0.5)
    work()
    face.release_amount(0.5)
    work()
    history = face.snapshot.history
    assert history is not None
    first, second = history.nodes[1], history.nodes[2]
    assert first.edit is not None
    assert second.edit is not None
    assert (first.parent, second.parent) == (0, 0)
    assert first.edit.seed == second.edit.seed


def test_a_drag_that_comes_back_adds_no_step(face: Document, work: Work) -> None:
    mouth(face)
    face.resample()
    work()
    face.drag_amount(0.2)
    work()
    face.release_amount(1.0)
    work()
    history = face.snapshot.history
    assert history is not None
    assert len(history.nodes) == 2
    assert current_picture_is_right(face)


def test_cancel_in_a_drag_restores_the_picture(face: Document, work: Work) -> None:
    mouth(face)
    before = face.snapshot.picture
    face.drag_amount(0.7)
    work()
    face.cancel()
    face.release_amount(0.7)
    work()
    assert np.array_equal(face.snapshot.picture, before)
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 1


def test_a_late_draft_changes_nothing(face: Document, client: DirectClient, work: Work) -> None:
    mouth(face)
    face.drag_amount(0.7)
    late = client.queue.pop()
    face.cancel()
    client.queue.append(late)
    work()
    assert current_picture_is_right(face)
    assert not face.snapshot.draft
    assert not face.snapshot.busy


def test_after_escape_the_rest_of_the_drag_does_nothing(face: Document, work: Work, client: DirectClient) -> None:
    mouth(face)
    face.drag_amount(0.7)
    work()
    face.cancel()
    face.drag_amount(0.6)
    assert client.queue == [], "the slider is still held, but this drag is over"
    face.release_amount(0.6)
    face.drag_amount(0.5)
    work()
    assert face.snapshot.draft


def test_a_draft_of_the_drag_before_is_not_shown(face: Document, client: DirectClient, work: Work) -> None:
    mouth(face)
    face.drag_amount(0.7)
    late = client.queue.pop()
    face.select_all()
    face.release_amount(0.0)
    face.drag_amount(0.3)
    client.queue.clear()
    client.queue.append(late)
    work()
    assert not face.snapshot.draft
    assert current_picture_is_right(face)


def test_escape_gives_the_old_amount_back(face: Document, work: Work) -> None:
    mouth(face)
    face.set_amount(0.8)
    face.drag_amount(0.6)
    face.drag_amount(0.3)
    work()
    face.cancel()
    assert face.snapshot.amount == 0.8
    face.cancel()
    face.drag_amount(0.2)
    face.release_amount(0.2)
    assert face.snapshot.amount == 0.8, "what comes until letting go, and letting go, mean nothing"


def test_a_step_in_mid_drag_ends_the_drag(face: Document, work: Work, client: DirectClient) -> None:
    mouth(face)
    face.resample()
    work()
    face.drag_amount(0.6)
    work()
    face.undo()
    assert not face.snapshot.draft
    face.drag_amount(0.4)
    assert client.queue == []
    face.release_amount(0.4)
    work()
    history = face.snapshot.history
    assert history is not None
    assert (len(history.nodes), history.current_id) == (2, 0)
    assert current_picture_is_right(face)
