"""The influence view: the cell that is looked at first, the others in idle time, and once for each model."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from sni_desktop.activities.influencing import Influencing
from sni_desktop.activities.seeing import Seeing
from sni_desktop.document import Document
from sni_engine.api.influence import read_influence
from sni_engine.api.messages import MeasureInfluence

from .fakes import CARD, GRID, OTHER, DirectClient, draw_influence, mouth

Work = Callable[[], None]


@pytest.fixture
def influencing(face: Document) -> Influencing:
    return Influencing(face)


def answer(client: DirectClient, times: int) -> None:
    """Let the engine answer so many questions and no more."""
    for _ in range(times):
        client.answer_first()
        QCoreApplication.processEvents()


def asked(client: DirectClient) -> list[tuple[int, int]]:
    return [request.cell for request in client.engine.ran if isinstance(request, MeasureInfluence)]


def test_it_measures_nothing_before_it_is_wanted(influencing: Influencing, client: DirectClient, work: Work) -> None:
    influencing.look_at((2, 2))
    work()
    assert asked(client) == []


def test_the_cell_that_is_looked_at_comes_first_and_then_its_neighbours(
    influencing: Influencing, client: DirectClient
) -> None:
    influencing.look_at((5, 3))
    influencing.toggle()
    assert [(request.cell, lane) for request, lane in client.queue] == [((5, 3), "aside")]  # type: ignore[union-attr]
    assert influencing.now.change is None
    answer(client, 1)
    np.testing.assert_array_equal(influencing.now.change, draw_influence((5, 3)))
    assert (influencing.now.done, influencing.now.total) == (1, 64)
    influencing.look_at((0, 7))
    answer(client, 2)  # the neighbour that was asked for already, and then
    assert asked(client)[2] == (0, 7), "the next to be measured is the one looked at now"


def test_an_edit_goes_before_measuring(
    influencing: Influencing, face: Document, client: DirectClient, work: Work
) -> None:
    influencing.toggle()
    mouth(face)
    face.resample()
    client.answer_first()
    assert asked(client) == []
    work()
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == 2


def test_what_was_measured_is_there_at_the_next_start(
    influencing: Influencing, face: Document, client: DirectClient, work: Work
) -> None:
    influencing.toggle()
    work()
    assert influencing.now.done == 64
    assert sorted(asked(client)) == list(np.ndindex(8, 8)), "each cell once"
    maps = read_influence(CARD.digest, GRID)
    assert maps is not None
    np.testing.assert_allclose(maps[5, 3], draw_influence((5, 3)), rtol=1e-2)
    again = Influencing(face)
    again.look_at((1, 1))
    again.toggle()
    assert client.queue == []
    np.testing.assert_allclose(again.now.change, draw_influence((1, 1)), rtol=1e-2)


def test_cancel_does_not_end_the_measuring(
    influencing: Influencing, face: Document, client: DirectClient, work: Work
) -> None:
    influencing.toggle()
    face.cancel()
    work()
    assert influencing.now.done == 64


def test_putting_it_away_ends_the_measuring(influencing: Influencing, client: DirectClient, work: Work) -> None:
    influencing.toggle()
    influencing.toggle()
    work()
    assert len(asked(client)) == 1


def test_another_model_has_other_influences(
    influencing: Influencing, face: Document, client: DirectClient, work: Work
) -> None:
    influencing.look_at((5, 3))
    influencing.toggle()
    answer(client, 3)
    face.open_model(OTHER.name)
    work()
    assert influencing.now.total == influencing.now.done == 16
    assert influencing.now.cell is None


def test_trouble_is_told_once_and_ends_it(
    influencing: Influencing, face: Document, client: DirectClient, work: Work
) -> None:
    client.engine.fail = lambda request: "It cannot be measured." if isinstance(request, MeasureInfluence) else None
    influencing.toggle()
    work()
    assert not influencing.now.is_on
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.title == "It cannot be measured."
    assert len(asked(client)) == 1


def test_one_way_of_looking_puts_the_other_away(face: Document, work: Work) -> None:
    seeing = Seeing(face)
    mouth(face)
    face.resample()
    work()
    seeing.comparing.toggle("split")
    seeing.influencing.toggle()
    assert (seeing.comparing.now.view, seeing.influencing.now.is_on) == ("off", True)
    seeing.comparing.hold(True)
    assert seeing.influencing.now.is_on, "what is held up shows over it for a moment"
    seeing.comparing.hold(False)
    seeing.comparing.toggle("difference")
    assert (seeing.comparing.now.view, seeing.influencing.now.is_on) == ("difference", False)
    seeing.leave()
    assert not seeing.is_on
