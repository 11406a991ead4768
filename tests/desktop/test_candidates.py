"""Candidates: asked for at once, looked at one by one, starred, thrown away, crossed; only accepting makes a step."""

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from sni_desktop.activities.candidates import Candidates
from sni_desktop.activities.strip import Candidate, cross
from sni_desktop.document import Document
from sni_engine.api import messages
from sni_engine.api.arrays import Array
from sni_engine.api.codes import Level
from sni_engine.api.edits import Interpolate, Resample
from sni_engine.api.history import History
from sni_engine.api.messages import Apply
from sni_engine.api.style_delta import StyleDelta

from .fakes import CARD, OTHER, DirectClient, FakeEngine, current_picture_is_right, mouth

Work = Callable[[], None]


@pytest.fixture
def candidates(face: Document) -> Candidates:
    return Candidates(face)


@pytest.fixture
def nine(face: Document, candidates: Candidates, work: Work) -> Candidates:
    """Nine candidates for a mouth."""
    mouth(face)
    candidates.ask()
    work()
    return candidates


def history(document: Document) -> History:
    assert document.snapshot.history is not None
    return document.snapshot.history


def shown(document: Document) -> Array:
    assert document.snapshot.picture is not None
    return document.snapshot.picture


def pictures(candidates: Candidates) -> list[Array]:
    return [item.picture for item in candidates.snapshot.items]


# -- asking ----------------------------------------------------------------------------------------------------------


def test_nine_come_in_one_question_and_add_no_step(nine: Candidates, face: Document, engine: FakeEngine) -> None:
    assert [type(request) for request in engine.ran[1:]] == [messages.Candidates]
    strip = nine.snapshot
    assert len(strip.items) == 9
    assert strip.base is not None
    assert strip.base.id == 0
    assert strip.asking == 0
    assert len({item.codes for item in strip.items}) == 9
    assert len({item.edit.seed for item in strip.items}) == 9
    assert len(history(face).nodes) == 1
    assert not face.snapshot.modified
    assert current_picture_is_right(face)


def test_amount_levels_and_locks_are_taken_as_they_stand(face: Document, candidates: Candidates, work: Work) -> None:
    mouth(face)
    face.set_amount(0.4)
    face.set_levels(["local", "shared"])
    locks = np.zeros((8, 8), np.float32)
    locks[5, 3] = 1
    face.set_locks(locks)
    candidates.ask(4)
    work()
    before = history(face).current.codes
    assert len(candidates.snapshot.items) == 4
    for item in candidates.snapshot.items:
        assert item.edit.params == Resample(0.4)
        assert item.edit.selection == face.snapshot.selection
        changed = (item.codes.local != before.local).any(2)
        assert list(zip(*changed.nonzero(), strict=True)) == [(5, 4)]


def test_nothing_to_vary_is_said(face: Document, candidates: Candidates, client: DirectClient) -> None:
    candidates.ask()
    assert face.snapshot.notice is not None
    mouth(face)
    face.set_amount(0)
    face.dismiss_notice()
    candidates.ask()
    assert face.snapshot.notice is not None
    assert client.queue == []


def test_others_keep_the_starred_ones_and_ask_the_same(nine: Candidates, face: Document, work: Work) -> None:
    kept = nine.snapshot.items[4]
    nine.toggle_star(4)
    face.select_all()
    face.set_amount(0.1)
    nine.more()
    work()
    items = nine.snapshot.items
    assert len(items) == 10
    assert items[0].codes == kept.codes
    assert items[0].starred
    assert {item.edit.selection for item in items} == {kept.edit.selection}
    assert {item.edit.params for item in items} == {Resample(1.0)}
    assert len({item.codes for item in items}) == 10


def test_cancelling_leaves_what_was_there(nine: Candidates, face: Document, work: Work, client: DirectClient) -> None:
    before = nine.snapshot.items
    nine.more()
    assert nine.snapshot.asking == 9
    face.cancel()
    work()
    assert nine.snapshot.asking == 0
    assert nine.snapshot.items == before
    nine.more()
    client.answer_first()  # it was drawn before the cancelling reached the engine
    face.cancel()
    work()
    assert nine.snapshot.asking == 0
    assert nine.snapshot.items == before


def test_a_failure_is_told_and_loses_nothing(nine: Candidates, face: Document, work: Work, engine: FakeEngine) -> None:
    before = nine.snapshot.items
    nine.preview(2)
    engine.fail = lambda request: "Out of memory." if isinstance(request, messages.Candidates) else None
    nine.more()
    work()
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.title == "Out of memory."
    assert nine.snapshot.asking == 0
    assert nine.snapshot.items == before
    assert nine.snapshot.previewed == 2
    engine.fail = lambda request: None
    nine.more()
    work()
    assert nine.snapshot.items != before


def test_two_questions_at_once_and_only_the_last_counts(
    face: Document, candidates: Candidates, client: DirectClient, work: Work
) -> None:
    mouth(face)
    candidates.ask(4)
    face.select_all()
    candidates.ask(9)
    client.answer_first()
    QCoreApplication.processEvents()
    assert candidates.snapshot.asking == 9
    assert candidates.snapshot.items == ()
    work()
    assert len(candidates.snapshot.items) == 9
    assert {item.edit.selection for item in candidates.snapshot.items} == {face.snapshot.selection}


def test_asking_waits_for_the_step_under_way(face: Document, candidates: Candidates, work: Work) -> None:
    mouth(face)
    face.resample()
    candidates.ask()
    work()
    assert candidates.snapshot.base is not None
    assert candidates.snapshot.base.id == 1
    assert len(candidates.snapshot.items) == 9


# -- looking ---------------------------------------------------------------------------------------------------------


def test_the_canvas_follows_the_preview_and_comes_back(nine: Candidates, face: Document) -> None:
    before = shown(face)
    for by, index in ((1, 0), (1, 1), (-1, 0), (-1, 8), (1, 0)):
        nine.step(by)
        assert nine.snapshot.previewed == index
        assert shown(face) is pictures(nine)[index]
        assert face.snapshot.draft
        assert face.snapshot.preview == f"Candidate {index + 1}"
        assert face.snapshot.locality == nine.snapshot.items[index].locality
    nine.restore()
    assert shown(face) is before
    assert not face.snapshot.draft
    assert len(history(face).nodes) == 1


def test_an_index_without_a_candidate_does_nothing(nine: Candidates, face: Document) -> None:
    before = face.snapshot
    nine.preview(9)
    nine.preview(-1)
    nine.discard(12)
    nine.toggle_star()
    nine.accept()
    nine.accept(99)
    nine.restore()
    assert face.snapshot is before
    assert nine.snapshot.previewed is None


def test_stepping_through_nothing(candidates: Candidates, face: Document) -> None:
    candidates.step(1)
    candidates.step(-1)
    candidates.accept()
    assert not face.snapshot.draft


@pytest.mark.parametrize("leave", ["undo", "drag", "resample", "cancel"])
def test_whatever_else_is_shown_ends_the_preview(nine: Candidates, face: Document, work: Work, leave: str) -> None:
    nine.preview(3)
    {"undo": face.undo, "drag": lambda: face.drag_amount(0.5), "resample": face.resample, "cancel": face.cancel}[
        leave
    ]()
    work()
    assert nine.snapshot.previewed is None
    face.release_amount(0.5)
    work()
    assert current_picture_is_right(face)
    assert len(nine.snapshot.items) == 9


def test_a_preview_takes_the_place_of_a_drag(nine: Candidates, face: Document, work: Work) -> None:
    face.drag_amount(0.3)
    nine.preview(1)
    work()
    face.release_amount(0.3)
    assert shown(face) is pictures(nine)[1]
    assert len(history(face).nodes) == 1


# -- choosing --------------------------------------------------------------------------------------------------------


def test_accepting_draws_nothing_and_adds_one_step_that_can_be_undone(
    nine: Candidates, face: Document, work: Work, engine: FakeEngine
) -> None:
    before, asked = shown(face), len(engine.ran)
    nine.preview(3)
    item = nine.snapshot.items[3]
    nine.accept()
    nine.accept()
    work()
    assert len(engine.ran) == asked
    assert len(history(face).nodes) == 2
    assert history(face).current.edit is item.edit
    assert history(face).current.codes is item.codes
    assert shown(face) is item.picture
    assert not face.snapshot.draft
    assert face.snapshot.locality == item.locality
    face.undo()
    assert shown(face) is before
    assert len(nine.snapshot.items) == 9


def test_what_is_accepted_is_what_its_own_edit_gives(nine: Candidates, face: Document, engine: FakeEngine) -> None:
    nine.accept(5)
    node = history(face).current
    assert node.edit is not None
    assert node.edit.params == Resample(1.0)
    assert engine._codes(Apply(0, history(face).root.codes, node.edit)) == node.codes


def test_a_candidate_becomes_one_step_however_often_it_is_accepted(nine: Candidates, face: Document) -> None:
    nine.accept(2)
    nine.accept(2)
    face.undo()
    nine.accept(2)
    assert len(history(face).nodes) == 2
    assert history(face).current_id == 1
    assert nine.snapshot.items[2].kept_as == 1


def test_another_candidate_of_the_same_base_is_a_branch(nine: Candidates, face: Document, work: Work) -> None:
    nine.accept(2)
    assert not nine.snapshot.here
    face.resample()
    work()
    nine.accept(6)
    nodes = history(face).nodes
    assert [node.parent for node in nodes] == [None, 0, 1, 0]
    assert history(face).current.codes is nine.snapshot.items[6].codes
    nine.go_back()
    assert history(face).current_id == 0
    assert nine.snapshot.here


def test_new_ones_start_from_the_step_on_screen(nine: Candidates, face: Document, work: Work) -> None:
    nine.toggle_star(0)
    nine.accept(2)
    nine.ask()
    work()
    strip = nine.snapshot
    assert strip.here
    assert strip.base is not None
    assert strip.base.id == 1
    assert [item.base.id for item in strip.items] == [0] + [1] * 9
    nine.accept(0)
    assert history(face).current.parent == 0


def test_accepting_waits_for_the_step_under_way(nine: Candidates, face: Document, work: Work) -> None:
    face.resample()
    nine.preview(1)
    nine.accept()
    assert len(history(face).nodes) == 1
    work()
    assert [node.parent for node in history(face).nodes] == [None, 0, 0]
    assert current_picture_is_right(face)


def test_a_discarded_one_makes_way_for_the_next(nine: Candidates, face: Document) -> None:
    before = nine.snapshot.items
    nine.preview(3)
    nine.discard()
    assert nine.snapshot.items == (*before[:3], *before[4:])
    assert nine.snapshot.previewed == 3
    assert shown(face) is before[4].picture
    nine.discard(0)
    assert nine.snapshot.previewed == 2
    assert shown(face) is before[4].picture
    for _ in range(7):
        nine.discard(0)
    assert nine.snapshot.items == ()
    assert not face.snapshot.draft


# -- what does not fit any more --------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["face", "model", "clear"])
def test_another_face_or_model_empties_the_strip(nine: Candidates, face: Document, work: Work, what: str) -> None:
    nine.preview(1)
    {"face": lambda: face.new_face(8), "model": lambda: face.open_model(OTHER.name), "clear": nine.clear}[what]()
    work()
    strip = nine.snapshot
    assert strip.items == ()
    assert strip.base is None
    assert strip.previewed is None
    assert current_picture_is_right(face)


def test_candidates_of_a_face_that_is_gone_are_not_taken(face: Document, candidates: Candidates, work: Work) -> None:
    mouth(face)
    candidates.ask()
    face.new_face(9)
    nodes = history(face).nodes
    work()
    assert history(face).nodes != nodes
    assert candidates.snapshot.items == ()
    assert candidates.snapshot.asking == 0


def test_the_same_model_opened_again_keeps_them(nine: Candidates, face: Document, work: Work) -> None:
    face.open_model(CARD.name)
    work()
    assert len(nine.snapshot.items) == 9


def test_naming_and_walking_keep_them(nine: Candidates, face: Document) -> None:
    face.set_label(0, "Before")
    assert nine.snapshot.base is not None
    assert nine.snapshot.base.label == "Before"
    assert len(nine.snapshot.items) == 9


# -- crossing --------------------------------------------------------------------------------------------------------


def left_cell() -> Array:
    cells = np.zeros((8, 8), np.float32)
    cells[5, 3] = 1
    return cells


def test_a_cross_has_one_s_cells_and_the_other_s(nine: Candidates, face: Document, work: Work) -> None:
    one, other = nine.snapshot.items[0], nine.snapshot.items[1]
    nine.crossbreed(0, 1, left_cell())
    work()
    cross = nine.snapshot.items[-1]
    assert len(nine.snapshot.items) == 10
    assert np.array_equal(cross.codes.local[5, 3], other.codes.local[5, 3])
    assert np.array_equal(cross.codes.local[5, 4], one.codes.local[5, 4])
    outside = left_cell() == 0
    outside[5, 4] = False
    assert np.array_equal(cross.codes.local[outside], history(face).root.codes.local[outside])
    assert len(history(face).nodes) == 1


def test_a_cross_is_accepted_as_one_interpolation(
    nine: Candidates, face: Document, work: Work, engine: FakeEngine
) -> None:
    nine.crossbreed(0, 1, left_cell())
    work()
    nine.accept(9)
    node = history(face).current
    assert node.parent == 0
    assert node.edit is not None
    assert node.edit.params == Interpolate(1.0)
    assert engine._codes(Apply(0, history(face).root.codes, node.edit)) == node.codes


@pytest.mark.parametrize(("levels", "taken"), [(("style",), 2), (("local",), 1), (("local", "style"), 2)])
def test_an_offset_in_style_space_goes_with_the_style_that_is_taken(
    nine: Candidates, levels: tuple[Level, ...], taken: int
) -> None:
    def with_offset(item: Candidate, value: float) -> Candidate:
        return replace(item, codes=replace(item.codes, style_delta=StyleDelta(np.zeros((1, 2)), np.array([value]))))

    one, other = (with_offset(nine.snapshot.items[index], index + 1.0) for index in (0, 1))
    goal = cross(one, other, left_cell(), levels, CARD.grid).reference
    assert goal is not None
    assert goal.style_delta == {1: one, 2: other}[taken].codes.style_delta


def test_the_mix_follows_the_selection(nine: Candidates, face: Document, work: Work) -> None:
    face.set_cells(left_cell())
    nine.mix(2, 4)
    work()
    mix = nine.snapshot.mix
    assert mix is not None
    assert mix.result is not None
    assert shown(face) is mix.result.picture
    assert face.snapshot.preview == "3 with parts of 5"
    face.select_none()
    work()
    assert np.array_equal(shown(face), pictures(nine)[2])
    face.select_all()
    work()
    assert np.array_equal(shown(face), pictures(nine)[4])
    nine.keep_mix()
    assert nine.snapshot.mix is None
    assert len(nine.snapshot.items) == 10
    assert nine.snapshot.previewed == 9
    assert len(history(face).nodes) == 1


def test_leaving_the_mix_restores_the_step(nine: Candidates, face: Document, work: Work) -> None:
    before = shown(face)
    nine.mix(0, 1)
    nine.restore()  # before it is drawn
    work()
    assert shown(face) is before
    nine.mix(0, 1)
    work()
    face.undo()
    assert nine.snapshot.mix is None
    assert shown(face) is before


def test_accepting_a_mix_keeps_what_is_on_screen(nine: Candidates, face: Document, work: Work) -> None:
    face.set_cells(left_cell())
    nine.mix(0, 1)
    work()
    picture = shown(face)
    nine.accept()
    assert shown(face) is picture
    assert len(history(face).nodes) == 2
    assert isinstance(history(face).current.edit.params, Interpolate)  # type: ignore[union-attr]


def test_only_candidates_of_one_step_can_be_crossed(nine: Candidates, face: Document, work: Work) -> None:
    nine.toggle_star(0)
    nine.accept(2)
    nine.ask(4)
    work()
    assert [item.base.id for item in nine.snapshot.items] == [0, 1, 1, 1, 1]
    nine.mix(0, 1)
    assert nine.snapshot.mix is None
    assert nine.snapshot.partner(0) is None
    assert nine.snapshot.partner(4) == 1


def test_a_cross_that_was_overtaken_comes_later(
    nine: Candidates, face: Document, work: Work, client: DirectClient, engine: FakeEngine
) -> None:
    face.set_cells(left_cell())
    nine.mix(0, 1)
    codes = history(face).current.codes
    face.requests.ask(lambda ticket: messages.Draw(ticket, codes), lambda _: None, lane="draft")
    assert len(client.queue) == 1
    work()
    assert nine.snapshot.mix is not None
    assert nine.snapshot.mix.result is not None
    engine.fail = lambda request: "Out of paint." if isinstance(request, messages.Candidates) else None
    face.set_cells(left_cell())
    work()
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.title == "Out of paint."


def lock_mouth(face: Document) -> Array:
    locks = np.zeros((8, 8), np.float32)
    locks[5, 3] = 1
    face.set_locks(locks)
    return locks


@pytest.mark.parametrize("what", ["others", "an old one", "a cross", "under way"])
def test_cells_locked_since_stay_as_they_are(
    nine: Candidates, face: Document, work: Work, engine: FakeEngine, what: str
) -> None:
    before = history(face).current.codes
    if what == "under way":
        nine.ask()
    locks = lock_mouth(face)
    if what == "others":
        nine.more()
        work()
        assert not any(nine.snapshot.breaks_locks(item) for item in nine.snapshot.items)
    elif what == "a cross":
        face.set_cells(left_cell())
        nine.mix(0, 1)
    work()
    nine.accept(None if what == "a cross" else 2)
    work()
    kept = history(face).current
    assert kept.edit is not None
    assert np.array_equal(kept.edit.selection.locked, locks)
    assert np.array_equal(kept.codes.local[5, 3], before.local[5, 3])
    assert not np.array_equal(kept.codes.local[5, 4], before.local[5, 4])
    assert current_picture_is_right(face)
    found = [item for item in nine.snapshot.items if item.kept_as == kept.id]
    assert [item.codes for item in found] == [kept.codes]
    nine.accept(nine.snapshot.find(found[0]))
    assert len(history(face).nodes) == 2
    face.set_locks(locks * 0)
    nine.accept(5)
    work()
    assert len(history(face).nodes) == 3


def test_a_step_around_new_locks_can_be_cancelled(nine: Candidates, face: Document, work: Work) -> None:
    lock_mouth(face)
    nine.accept(2)
    assert face.snapshot.modified
    face.cancel()
    work()
    assert len(history(face).nodes) == 1
    assert current_picture_is_right(face)


def act_hastily(candidates: Candidates, face: Document, chance: random.Random) -> None:
    """Do one of all the things that can be done."""
    index = chance.randrange(10)
    plain = [candidates.restore, candidates.more, candidates.ask, candidates.keep_mix, candidates.discard]
    plain += [candidates.go_back, face.undo, face.redo, face.resample, face.cancel, face.select_all, candidates.accept]
    with_index = [candidates.preview, candidates.preview, candidates.toggle_star, candidates.accept]
    others = [lambda: mouth(face), lambda: face.drag_amount(0.4), lambda: face.release_amount(0.7)]
    others += [lambda: lock_mouth(face), lambda: face.set_locks(np.zeros((8, 8), np.float32))]
    others += [lambda: candidates.step(1), lambda: candidates.step(-1), lambda: candidates.mix(index, 1)]
    chance.choice([*plain, *others, *(lambda act=act: act(index) for act in with_index)])()  # type: ignore[misc]


# -- in any order ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_two_hundred_hasty_actions_end_well(
    nine: Candidates, face: Document, client: DirectClient, work: Work, seed: int
) -> None:
    chance = random.Random(seed)
    steps = len(history(face).nodes)
    for _ in range(200):
        act_hastily(nine, face, chance)
        if client.queue and chance.random() < 0.6:
            client.answer_first()
            QCoreApplication.processEvents()
        strip, now = nine.snapshot, face.snapshot
        assert len(history(face).nodes) >= steps
        steps = len(history(face).nodes)
        if strip.previewed is not None:
            assert now.picture is strip.items[strip.previewed].picture
    face.release_amount(0.5)
    work()
    nine.restore()
    work()
    assert not face.snapshot.busy
    assert not face.snapshot.draft
    assert nine.snapshot.asking == 0
    assert current_picture_is_right(face)
