"""Before and after: what is compared with what, the numbers, and what belongs to no comparison any more."""

from collections.abc import Callable

import numpy as np
import pytest

from sni_desktop.activities.comparing import FIXED_TOP, Comparing
from sni_desktop.activities.steps_between import reach_between
from sni_desktop.document import Document
from sni_engine.api.arrays import Array

from .fakes import GRID, OTHER, DirectClient, draw_picture, mouth

Work = Callable[[], None]


@pytest.fixture
def comparing(face: Document) -> Comparing:
    return Comparing(face)


@pytest.fixture
def steps(face: Document, work: Work) -> Document:
    """A face with two steps: another mouth, then another upper left corner."""
    mouth(face)
    face.resample()
    work()
    corner = np.zeros((8, 8), np.float32)
    corner[0, 0] = 1
    face.set_cells(corner)
    face.resample()
    work()
    return face


def picture_of(document: Document, node_id: int) -> Array:
    assert document.snapshot.history is not None
    return draw_picture(document.snapshot.history.node(node_id).codes)


def test_off_it_compares_nothing(comparing: Comparing, steps: Document) -> None:
    assert not comparing.now.is_on
    assert comparing.now.shown == "after"
    assert comparing.now.before is None


def test_it_compares_with_the_step_before_and_follows(comparing: Comparing, steps: Document, work: Work) -> None:
    comparing.toggle("split")
    assert comparing.now.shown == "split"
    np.testing.assert_array_equal(comparing.now.before, picture_of(steps, 1))
    steps.undo()
    work()
    np.testing.assert_array_equal(comparing.now.before, picture_of(steps, 0))
    comparing.toggle("split")
    assert comparing.now.shown == "after"


def test_it_compares_with_the_root_or_a_chosen_step(comparing: Comparing, steps: Document) -> None:
    comparing.compare_with_root()
    assert comparing.now.shown == "split"
    np.testing.assert_array_equal(comparing.now.before, picture_of(steps, 0))
    comparing.compare_with(1)
    steps.go_to(0)
    np.testing.assert_array_equal(comparing.now.before, picture_of(steps, 1))
    comparing.compare_with_parent()
    steps.go_to(2)
    np.testing.assert_array_equal(comparing.now.before, picture_of(steps, 1))


def test_a_draft_is_compared_with_the_step_it_departs_from(comparing: Comparing, steps: Document, work: Work) -> None:
    comparing.toggle("split")
    steps.drag_amount(0.5)  # of the current step's own edit: its parent is where it departs
    work()
    assert steps.snapshot.draft
    np.testing.assert_array_equal(comparing.now.before, picture_of(steps, 1))
    steps.cancel()
    steps.release_amount(1.0)
    mouth(steps)
    steps.drag_amount(0.5)  # of something new: the current step is
    work()
    np.testing.assert_array_equal(comparing.now.before, picture_of(steps, 2))


def test_a_forgotten_picture_is_drawn_when_nothing_else_waits(
    comparing: Comparing, steps: Document, client: DirectClient, work: Work
) -> None:
    steps._pictures.clear()
    comparing.toggle("split")
    assert comparing.now.shown == "after"
    assert [lane for _, lane in client.queue] == ["aside"]
    comparing.toggle("difference")
    assert len(client.queue) == 1, "what is on its way is not asked for again"
    work()
    assert comparing.now.shown == "difference"
    np.testing.assert_array_equal(comparing.now.before, picture_of(steps, 1))


def test_a_picture_that_cannot_be_drawn_is_asked_for_once(
    comparing: Comparing, steps: Document, client: DirectClient, work: Work
) -> None:
    steps._pictures.clear()
    client.engine.fail = lambda request: "It cannot be drawn."
    comparing.toggle("split")
    work()
    steps.select_all()
    assert client.queue == []
    assert comparing.now.shown == "after"


def test_the_difference_is_that_of_the_two_pictures(comparing: Comparing, steps: Document) -> None:
    comparing.toggle("difference")
    change = comparing.now.change
    assert change is not None
    assert change[:2, :2].min() > 0
    assert change[2:].max() == change[:, 2:].max() == 0
    assert comparing.now.change_at(1 / 16, 1 / 16) == pytest.approx(change[1, 1])
    assert comparing.now.change_at(0.99, 0.99) == 0
    assert comparing.now.change_at(1.0, 0.5) is None
    assert comparing.now.top == FIXED_TOP
    comparing.toggle_fitted()
    assert comparing.now.top == pytest.approx(float(change.max()))


def test_what_the_edits_reach_is_all_that_lies_between_the_two(comparing: Comparing, steps: Document) -> None:
    comparing.toggle("difference")
    assert comparing.now.reach is not None
    assert {(0, 0)} == set(zip(*comparing.now.reach.nonzero(), strict=True))
    comparing.compare_with_root()
    assert comparing.now.reach is not None
    assert comparing.now.reach.sum() == 3
    history = steps.snapshot.history
    assert history is not None
    assert not reach_between(history, 2, 2, GRID).any()


def test_another_face_or_a_missing_step_ends_it(comparing: Comparing, steps: Document, work: Work) -> None:
    comparing.compare_with(1)
    steps.new_face(3)
    work()
    assert not comparing.now.is_on
    assert comparing.now.other == "parent"
    comparing.compare_with(1)
    assert comparing.now.other == "parent", "the new face has no such step"


def test_another_model_draws_both_pictures_anew(comparing: Comparing, steps: Document, work: Work) -> None:
    comparing.toggle("split")
    old = comparing.now.before
    steps.open_model(OTHER.name)
    work()
    assert comparing.now.before is None or comparing.now.before is not old


def test_it_speaks_only_when_something_changes(comparing: Comparing, steps: Document) -> None:
    told: list[object] = []
    comparing.changed.connect(told.append)
    steps.select_all()
    assert told == []
    comparing.hold(True)
    comparing.hold(True)
    assert len(told) == 1
    comparing.move_split(7)
    assert comparing.now.split == 1.0


def test_escape_does_not_leave_it_waiting_for_ever(comparing: Comparing, steps: Document, work: Work) -> None:
    steps._pictures.clear()
    steps.resample()
    comparing.toggle("split")
    assert comparing.now.before is None
    steps.cancel()
    work()
    assert comparing.now.shown == "split"
    np.testing.assert_array_equal(comparing.now.before, picture_of(steps, 1))
