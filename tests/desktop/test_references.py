"""References: where they come from, what they are called, the shelf, and pictures that come late or not at all."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sni_desktop.activities.references import DEALT, SHELF, References
from sni_desktop.document import Document
from sni_engine.api.codec import Project, write_project
from sni_engine.api.history import start_history
from sni_engine.api.messages import Apply, Draw, NewFace
from sni_engine.api.models import ModelRef
from sni_engine.api.selection import select_none

from .fakes import CARD, GRID, OTHER, FakeEngine, draw_picture, make_codes, mouth

Work = Callable[[], None]


@pytest.fixture
def references(face: Document) -> References:
    return References(face)


def write(path: Path, seed: int, grid=GRID) -> Path:  # type: ignore[no-untyped-def]
    history = start_history(make_codes(seed, grid), seed=seed)
    write_project(Project(ModelRef("fake", CARD.digest), history, select_none(grid)), path)
    return path


def test_a_step_is_taken_with_its_picture_and_stays_across_steps(
    face: Document, references: References, work: Work
) -> None:
    mouth(face)
    face.resample()
    work()
    references.take_current()
    taken = references.state.current
    assert taken is not None
    assert taken.label == "Step 1: Resample"
    assert taken.picture is face.snapshot.picture
    face.undo()
    work()
    assert references.state.current is taken


def test_a_seed_a_file_and_codes_are_drawn_on_the_side(
    face: Document, references: References, work: Work, tmp_path: Path
) -> None:
    asked_for_steps = face.snapshot.history
    references.take_seed(123)
    references.take_project(write(tmp_path / "b.sni", 5))
    references.take(make_codes(9), "candidate 3")
    assert not face.snapshot.busy
    work()
    assert face.snapshot.history is asked_for_steps
    assert {item.label for item in references.state.shelf} == {"Seed 123", "b.sni", "candidate 3"}
    for item in references.state.shelf:
        assert np.array_equal(item.picture, draw_picture(item.codes))
    assert make_codes(123) in [item.codes for item in references.state.shelf]


def test_the_shelf_is_bounded_and_holds_nothing_twice(references: References, work: Work) -> None:
    for seed in (*range(SHELF + 3), 5):
        references.take(make_codes(seed), str(seed))
    labels = [item.label for item in references.state.shelf]
    assert len(labels) == SHELF
    assert labels[:2] == ["5", "14"]
    assert len(set(labels)) == SHELF
    work()
    references.choose(references.state.shelf[3])
    assert references.state.current is references.state.shelf[3]
    assert [item.label for item in references.state.shelf] == labels


def test_a_face_of_another_grid_is_refused_in_a_sentence(
    face: Document, references: References, work: Work, tmp_path: Path
) -> None:
    references.take(make_codes(1), "first")
    references.take_project(write(tmp_path / "small.sni", 5, OTHER.grid))
    work()
    notice = face.snapshot.notice
    assert notice is not None
    assert notice.title == "small.sni was made with another grid of codes."
    assert notice.hint
    assert references.state.current is not None
    assert references.state.current.label == "first"


def test_what_is_no_project_leaves_the_reference(
    face: Document, references: References, work: Work, tmp_path: Path
) -> None:
    references.take(make_codes(1), "first")
    (tmp_path / "notes.sni").write_text("hello")
    references.take_project(tmp_path / "notes.sni")
    work()
    assert face.snapshot.notice is not None
    assert references.state.current is not None
    assert references.state.current.label == "first"


def test_six_seeds_are_dealt_and_one_is_taken(references: References, work: Work) -> None:
    references.deal()
    assert len(references.state.deals) == DEALT
    references.take_deal(references.state.deals[0])
    assert references.state.current is None, "its face is not drawn yet"
    work()
    deal = references.state.deals[2]
    assert deal.face is not None
    references.take_deal(deal)
    assert references.state.current is not None
    assert references.state.current.label == f"Seed {deal.seed}"
    assert references.state.current.codes == make_codes(deal.seed)
    assert len(references.state.deals) == DEALT
    seeds = {deal.seed for deal in references.state.deals}
    references.deal()
    assert not seeds & {deal.seed for deal in references.state.deals}
    references.end_deal()
    work()
    assert references.state.deals == ()


def test_faces_lost_to_cancel_come_all_the_same(face: Document, references: References, work: Work) -> None:
    references.deal()
    references.take(make_codes(3), "lost")
    face.cancel()
    work()
    assert all(deal.face is not None for deal in references.state.deals)
    assert references.state.current is not None
    assert references.state.current.picture is not None


def test_pictures_that_cannot_be_drawn_are_not_asked_for_for_ever(
    face: Document, references: References, work: Work, engine: FakeEngine
) -> None:
    engine.fail = lambda request: "Out of paint." if isinstance(request, Draw | NewFace) else None
    references.take(make_codes(3), "lost")
    work()
    assert sum(isinstance(request, Draw) for request in engine.ran) == 1
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.title == "Out of paint."


def test_another_model_hides_what_does_not_fit_and_draws_the_rest_anew(
    face: Document, references: References, work: Work
) -> None:
    references.take(make_codes(3), "large")
    work()
    face.open_model("other")
    work()
    assert references.state.current is None
    assert references.state.shelf == ()
    small = make_codes(4, OTHER.grid)
    references.take(small, "small")
    work()
    assert [item.label for item in references.state.shelf] == ["small"]
    face.open_model("fake")
    work()
    assert [item.label for item in references.state.shelf] == ["large"]
    assert references.state.shelf[0].picture is not None


def test_taking_a_reference_is_no_step(face: Document, references: References, work: Work, engine: FakeEngine) -> None:
    references.take_seed(4)
    references.take_current()
    work()
    assert not face.snapshot.modified or face.snapshot.history is not None
    assert not any(isinstance(request, Apply) for request in engine.ran)
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 1


def test_a_step_of_another_face_says_so(face: Document, work: Work) -> None:
    references = References(face)
    references.take_current()
    references.take_seed(5)
    work()
    face.new_face(99)
    work()
    labels = [item.label for item in references.state.shelf]
    assert labels == ["Seed 5", "Step 0: Face (another face)"]
    face.new_face(7)
    work()
    assert references.state.shelf[1].label == "Step 0: Face", "at home again"
