"""Blending toward a reference: drafts while dragging, one step at the end, the region, the shares, locks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sni_desktop.activities.blend import Blend
from sni_desktop.activities.references import References
from sni_desktop.document import Document
from sni_engine.api.codes import LEVELS
from sni_engine.api.edits import Interpolate, Resample
from sni_engine.api.messages import Apply

from .fakes import OTHER, DirectClient, FakeEngine, current_picture_is_right, make_codes, mouth

Work = Callable[[], None]
GOAL = make_codes(50)


@pytest.fixture
def blend(face: Document, work: Work) -> Blend:
    """A face, and another one to blend toward."""
    references = References(face)
    blend = Blend(face, references)
    references.take(GOAL, "goal")
    work()
    return blend


def slide(blend: Blend, *amounts: float) -> None:
    for amount in amounts:
        blend.drag(replace(blend.state.params, amount=amount))


def let_go(blend: Blend, work: Work) -> None:
    blend.release(blend.state.params)
    work()


def steps(document: Document) -> int:
    assert document.snapshot.history is not None
    return len(document.snapshot.history.nodes)


def edit_of(document: Document):  # type: ignore[no-untyped-def]
    history = document.snapshot.history
    assert history is not None and history.current.edit is not None
    return history.current.edit


def test_two_hundred_moves_draw_few_pictures_show_the_last_and_make_one_step(
    blend: Blend, face: Document, work: Work, client: DirectClient, engine: FakeEngine
) -> None:
    before = len(engine.ran)
    for move in range(1, 201):
        slide(blend, move / 250)
        if move % 40 == 0:
            client.answer_first()
    work()
    assert len(engine.ran) - before <= 24
    assert face.snapshot.draft
    codes = face.snapshot.picture
    let_go(blend, work)
    assert steps(face) == 2
    assert np.array_equal(face.snapshot.picture, codes), "letting go keeps what the last move showed"
    assert edit_of(face).params.amount == 0.8
    assert current_picture_is_right(face)


def test_all_the_way_is_the_reference(blend: Blend, face: Document, work: Work) -> None:
    blend.go_all_way()
    work()
    edit = edit_of(face)
    assert edit.params == Interpolate(1.0)
    assert edit.selection.levels == LEVELS
    assert edit.selection.cells.all()
    assert edit.reference == GOAL
    assert face.snapshot.history is not None
    assert np.array_equal(face.snapshot.history.current.codes.local, GOAL.local)
    blend.go_all_way()
    work()
    assert steps(face) == 2, "it is there already"


def test_amount_0_adds_no_step(blend: Blend, face: Document, work: Work) -> None:
    slide(blend, 0.4, 0.0)
    work()
    let_go(blend, work)
    assert steps(face) == 1
    assert current_picture_is_right(face)
    assert not face.snapshot.draft


def test_dragging_on_makes_the_step_anew_and_0_is_the_step_before(blend: Blend, face: Document, work: Work) -> None:
    slide(blend, 0.4)
    let_go(blend, work)
    assert blend.state.params.amount == 0.4
    slide(blend, 0.7)
    let_go(blend, work)
    history = face.snapshot.history
    assert history is not None
    assert [node.parent for node in history.nodes] == [None, 0, 0]
    slide(blend, 0.0)
    let_go(blend, work)
    assert face.snapshot.history is not None
    assert (steps(face), face.snapshot.history.current_id) == (3, 0)
    face.redo()
    work()
    assert blend.state.params.amount == 0.7


def test_for_selected_cells_only_their_own_codes_move_until_the_person_says_otherwise(
    blend: Blend, face: Document, work: Work
) -> None:
    assert blend.state.levels == LEVELS
    mouth(face)
    assert blend.state.levels == ("local",)
    assert (blend.state.cells, blend.state.is_automatic) == (2, True)
    slide(blend, 0.5)
    let_go(blend, work)
    edit = edit_of(face)
    assert edit.selection.levels == ("local",)
    assert edit.selection.cells.sum() == 2
    blend.drag(replace(blend.state.params, style=0.3))
    let_go(blend, work)
    assert edit_of(face).selection.levels == ("local", "style")
    assert edit_of(face).params.style == 0.3
    assert not blend.state.is_automatic
    assert steps(face) == 3
    blend.reset_shares()
    work()
    assert blend.state.is_automatic
    assert edit_of(face).params == Interpolate(0.5, 1.0, 0.0, 0.0, 0.0)


def test_locked_cells_stay_out(blend: Blend, face: Document, work: Work) -> None:
    locks = np.zeros((8, 8), np.float32)
    locks[:4] = 1
    face.set_locks(locks)
    blend.go_all_way()
    work()
    history = face.snapshot.history
    assert history is not None
    assert np.array_equal(history.current.codes.local[:4], history.root.codes.local[:4])
    assert np.array_equal(history.current.codes.local[4:], GOAL.local[4:])
    face.set_locks(locks * 0 + 1)
    assert not blend.state.can_blend


def test_escape_puts_slider_shares_and_picture_back(blend: Blend, face: Document, work: Work) -> None:
    blend.drag(replace(blend.state.params, amount=0.5, style=0.2))
    work()
    face.cancel()
    slide(blend, 0.9)
    assert blend.state.params == Interpolate(0.0), "the rest of the drag means nothing"
    let_go(blend, work)
    assert steps(face) == 1
    assert blend.state.is_automatic
    assert current_picture_is_right(face)


def test_two_sliders_never_fight(blend: Blend, face: Document, work: Work) -> None:
    """A drag of the one is kept when the other is moved, and each letting go ends its own."""
    mouth(face)
    slide(blend, 0.5)
    work()
    face.drag_amount(0.6)
    work()
    face.drag_amount(0.7)
    work()
    blend.release(blend.state.params)
    assert face.snapshot.draft, "the other drag goes on"
    face.release_amount(0.7)
    work()
    history = face.snapshot.history
    assert history is not None
    kinds = [type(node.edit.params) for node in history.nodes[1:] if node.edit is not None]
    assert kinds == [Interpolate, Resample]
    assert [node.parent for node in history.nodes] == [None, 0, 1]


def test_another_reference_or_region_starts_from_the_picture_on_screen(
    blend: Blend, face: Document, work: Work
) -> None:
    slide(blend, 0.4)
    let_go(blend, work)
    mouth(face)
    assert blend.state.params.amount == 0
    slide(blend, 1.0)
    let_go(blend, work)
    history = face.snapshot.history
    assert history is not None
    assert [node.parent for node in history.nodes] == [None, 0, 1]


def test_without_a_reference_nothing_moves(face: Document, work: Work, engine: FakeEngine) -> None:
    blend = Blend(face, References(face))
    assert not blend.state.can_blend
    slide(blend, 0.5)
    blend.go_all_way()
    work()
    assert not any(isinstance(request, Apply) for request in engine.ran)


def test_all_the_way_waits_for_a_model_that_is_being_opened_and_then_says_what_is_missing(
    blend: Blend, face: Document, work: Work
) -> None:
    face.open_model(OTHER.name)
    blend.go_all_way()
    work()
    assert steps(face) == 1
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.title == "There is nothing to move toward yet."
