"""The parts activity: what the model has, where it is, which cells it covers; names that are taken back; finding."""

from collections.abc import Callable

import numpy as np
import pytest

from sni_desktop.activities.part_finding import FindSettings
from sni_desktop.activities.parts import Parts
from sni_desktop.document import Document
from sni_engine.api.messages import Request
from sni_engine.api.part_requests import FindParts, KeepParts, ReadParts, ShowParts
from sni_engine.api.parts import PartMap, name_clusters

from . import fake_parts
from .fake_parts import make_parts, map_parts
from .fakes import CARD, OTHER, DirectClient, FakeEngine

Work = Callable[[], None]
LEFT_EYE, MOUTH = (0.45, 0.25), (0.7, 0.5)


@pytest.fixture
def parts(face: Document, work: Work) -> Parts:
    parts = Parts(face)
    parts.want("test", True)
    work()
    return parts


def asked(engine: FakeEngine, kind: type[Request]) -> int:
    return sum(isinstance(request, kind) for request in engine.ran)


def test_nothing_is_asked_before_it_is_wanted(face: Document, engine: FakeEngine, work: Work) -> None:
    Parts(face)
    work()
    assert asked(engine, ReadParts) + asked(engine, ShowParts) == 0


def test_parts_are_read_once_and_each_picture_is_mapped_once(parts: Parts, engine: FakeEngine, work: Work) -> None:
    document = parts._document
    document.select_all()
    document.resample()
    work()
    document.undo()
    work()
    document.redo()
    work()
    assert (asked(engine, ReadParts), asked(engine, ShowParts)) == (1, 2)
    assert parts.state.map is not None


def test_what_lies_at_a_place_is_told_by_name(parts: Parts) -> None:
    assert [parts.part_at(*place).name for place in (LEFT_EYE, MOUTH, (0.0, 0.0))] == ["eyes", "mouth", "hair"]  # type: ignore[union-attr]
    assert parts.part_at(1.2, 0.5) is None
    parts.point_at(MOUTH)
    assert parts.state.pointed == parts.part_at(*MOUTH)
    parts.point_at(None)
    assert parts.state.pointed is None


def test_a_part_selects_the_cells_it_covers_softly(parts: Parts) -> None:
    parts.select(["mouth"])
    selection = parts._document.snapshot.selection
    assert selection is not None
    np.testing.assert_array_equal(selection.cells[5], [0, 0, 1, 1, 1, 1, 0, 0])
    assert selection.cells[[4, 6]].sum() == 0
    parts.select(["eyes"], "add")
    np.testing.assert_array_equal(parts._document.snapshot.selection.cells[3], [0, 1, 1, 0, 0, 1, 1, 0])  # type: ignore[union-attr]
    assert parts._document.snapshot.selection.cells[5].any()  # type: ignore[union-attr]


def test_a_part_that_the_face_does_not_show_leaves_the_selection(
    parts: Parts, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, shown = parts._document, map_parts()
    monkeypatch.setattr(
        fake_parts, "map_parts", lambda: PartMap(shown.clusters, np.where(shown.fine == 2, 3, shown.fine))
    )
    document.select_all()
    document.resample()
    work()
    parts.select(["mouth"])
    assert document.snapshot.selection is not None
    assert document.snapshot.selection.cells.all()
    assert document.snapshot.notice is not None
    assert document.snapshot.notice.title == "This face shows no mouth."


def test_one_piece_of_a_part_is_selected_alone(parts: Parts) -> None:
    eye = parts.part_at(*LEFT_EYE)
    assert eye is not None
    both, left = parts.cells_of(eye), parts.cells_of(eye, LEFT_EYE)
    assert both is not None
    assert left is not None
    assert left[:, :4].any()
    assert not left[:, 4:].any()
    assert both[:, 4:].any()


def test_names_and_merging_are_kept_and_can_be_taken_back(parts: Parts, engine: FakeEngine, work: Work) -> None:
    before = parts.state.parts
    parts.choose("mouth")
    parts.rename(["mouth", "eyes"], "features")
    work()
    assert parts.state.parts is not None
    assert parts.state.parts.find("features").clusters == (1, 2)
    assert parts.state.chosen == parts.state.parts.find("features")
    assert engine.parts.own["f" * 32].names == parts.state.parts.names
    parts.split(["features"])
    work()
    assert "part 1" in parts.state.parts.names
    for _ in range(2):
        assert parts.state.can_take_back
        parts.take_back()
        work()
    assert parts.state.parts.parts == before.parts  # type: ignore[union-attr]
    assert not parts.state.can_take_back
    assert asked(engine, ShowParts) == 1, "names move no border"


def test_a_name_that_cannot_be_is_refused_in_a_sentence(parts: Parts, engine: FakeEngine, work: Work) -> None:
    parts.rename(["mouth"], "part 7")
    work()
    assert parts._document.snapshot.notice is not None
    assert asked(engine, KeepParts) == 0


def test_finding_is_waited_for_and_taken_back(parts: Parts, engine: FakeEngine, work: Work) -> None:
    before = parts.state.parts
    parts.find(FindSettings(clusters=7, seed=3))
    assert parts.state.is_finding
    assert parts._document.snapshot.busy
    work()
    assert not parts.state.is_finding
    assert parts.state.parts is not None
    assert len(parts.state.parts.parts) == 7
    assert asked(engine, ShowParts) == 2, "other clusters, another map"
    parts.take_back()
    work()
    assert parts.state.parts.digest == before.digest  # type: ignore[union-attr]


def test_what_was_there_comes_back_although_nobody_had_looked(face: Document, engine: FakeEngine, work: Work) -> None:
    own = make_parts(engine.first_card, seed=5)
    engine.parts.own["f" * 32] = own
    parts = Parts(face)
    parts.find(FindSettings(clusters=7))
    work()
    parts.take_back()
    work()
    assert engine.parts.own["f" * 32].digest == own.digest


def test_changes_build_upon_each_other_however_fast_they_come(parts: Parts, work: Work) -> None:
    parts.rename(["mouth"], "lips")
    parts.rename(["eyes"], "iris")
    parts.split(["hair"])
    work()
    assert parts.state.parts is not None
    assert parts.state.parts.names == ("iris", "lips", "skin", "part 0")
    parts.take_back()
    parts.take_back()
    work()
    assert parts.state.parts.names == ("eyes", "hair", "lips", "skin")


def test_what_another_program_has_named_meanwhile_stays(parts: Parts, engine: FakeEngine, work: Work) -> None:
    engine.parts.own[CARD.digest] = name_clusters(make_parts(CARD), [2], "lips")
    parts.rename(["eyes"], "iris")
    work()
    assert engine.parts.own[CARD.digest].names == ("hair", "iris", "lips", "skin")
    engine.parts.own[CARD.digest] = name_clusters(engine.parts.own[CARD.digest], [0], "curls")
    parts._document.select_all()
    parts._document.resample()
    work()
    assert parts.state.parts is not None
    assert parts.state.parts.names == ("curls", "iris", "lips", "skin"), "the next map tells, too"


def test_going_back_while_another_model_is_opened_is_about_the_one_before(
    parts: Parts, engine: FakeEngine, work: Work
) -> None:
    parts.rename(["mouth"], "lips")
    work()
    engine.parts.own[OTHER.digest] = theirs = make_parts(OTHER)
    parts._document.open_model(OTHER.name)
    parts._keeper.keep(parts.state.parts, None)  # as `forget` does once it has read
    work()
    assert engine.parts.own == {OTHER.digest: theirs}
    assert parts.state.parts is not None
    assert parts.state.parts.names == theirs.names


def test_what_is_found_is_kept_although_another_model_waits_to_be_opened(
    parts: Parts, engine: FakeEngine, work: Work
) -> None:
    parts.find(FindSettings(clusters=7))
    parts._document.open_model(OTHER.name)
    work()
    assert not parts.state.is_finding
    assert len(engine.parts.own[CARD.digest].parts) == 7
    assert OTHER.digest not in engine.parts.own
    assert parts._document.snapshot.notice is None


def test_the_part_that_is_meant_stays_meant_under_any_name(parts: Parts, work: Work) -> None:
    parts.choose("mouth")
    for change, name in (
        (lambda: parts.rename(["mouth"], "lips"), "lips"),
        (parts.take_back, "mouth"),
        (lambda: parts.rename(["mouth"], "skin"), "skin"),
        (lambda: parts.split(["skin"]), "part 2"),
    ):
        change()
        work()
        assert parts.state.chosen is not None
        assert parts.state.chosen.name == name
    parts.find(FindSettings(clusters=7, seed=3))
    work()
    assert parts.state.chosen == parts.state.parts.find("part 2")  # type: ignore[union-attr]


def test_a_map_that_does_not_come_is_asked_for_again_by_who_wants_it(
    parts: Parts, engine: FakeEngine, work: Work
) -> None:
    document = parts._document
    engine.fail = lambda request: "No memory." if isinstance(request, ShowParts) else None
    document.select_all()
    document.resample()
    work()
    document.select_none()
    document.dismiss_notice()
    parts.select(["mouth"])
    work()
    assert document.snapshot.notice is not None, "it is told again"
    assert document.snapshot.selection is not None
    engine.fail = lambda request: None
    document.undo()
    work()
    assert not document.snapshot.selection.cells.any(), "what could not be done is not done later, unasked"
    document.redo()
    work()
    parts.select(["mouth"])
    work()
    assert document.snapshot.selection.cells.any()


def test_finding_that_is_cancelled_changes_nothing(parts: Parts, client: DirectClient, work: Work) -> None:
    before = parts.state.parts
    parts.find(FindSettings())
    parts._document.cancel()
    work()
    assert not parts.state.is_finding
    assert parts.state.parts is before
    assert asked(client.engine, FindParts) == 0


def test_what_cannot_be_found_is_a_sentence_and_the_end_of_finding(
    parts: Parts, engine: FakeEngine, work: Work
) -> None:
    engine.fail = lambda request: "No memory." if isinstance(request, FindParts) else None
    parts.find(FindSettings())
    work()
    assert not parts.state.is_finding
    assert parts._document.snapshot.notice.title == "No memory."  # type: ignore[union-attr]
    parts.find(FindSettings(clusters=1000))
    assert not parts.state.is_finding


def test_what_cannot_be_kept_is_not_shown(parts: Parts, engine: FakeEngine, work: Work) -> None:
    engine.fail = lambda request: "The disk is full." if isinstance(request, KeepParts) else None
    before = parts.state.parts
    parts.rename(["mouth"], "lips")
    work()
    assert parts.state.parts is before
    assert not parts.state.can_take_back
    assert parts._document.snapshot.notice.title == "The disk is full."  # type: ignore[union-attr]


def test_another_model_has_parts_of_its_own_or_none(parts: Parts, work: Work) -> None:
    parts.choose("mouth")
    parts._document.open_model(OTHER.name)
    work()
    assert parts.state.is_known
    assert (parts.state.parts, parts.state.map, parts.state.chosen) == (None, None, None)
    parts.find(FindSettings())
    work()
    assert parts.state.parts is not None
    assert parts.state.parts.model.digest == OTHER.digest
    assert parts.state.can_take_back
    parts.take_back()
    work()
    assert parts.state.parts is None


def test_the_overlay_asks_for_the_map(face: Document, engine: FakeEngine, work: Work) -> None:
    parts = Parts(face)
    parts.toggle()
    work()
    assert parts.state.is_on
    assert parts.state.map is not None
    parts.toggle()
    face.select_all()
    face.resample()
    work()
    assert asked(engine, ShowParts) == 1
