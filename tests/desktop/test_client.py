"""The engine's thread: order, the newest draft, cancelling, surviving, ending."""

import threading
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sni_desktop.worker.client import EngineClient
from sni_desktop.worker.tasks import Do, Done
from sni_desktop.worker.writing import WriteFile
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.library import SampleModel
from sni_engine.api.messages import (
    Apply,
    Cancelled,
    Event,
    Failed,
    Finished,
    Influence,
    MeasureInfluence,
    NewFace,
    Opened,
    OpenModel,
    Progress,
)
from sni_engine.api.part_requests import FindParts
from sni_engine.api.pictures import write_picture
from sni_engine.api.selection import select_all

from .fakes import GRID, FakeEngine, draw_picture, make_codes


class Listener:
    def __init__(self, client: EngineClient) -> None:
        self.events: list[Event] = []
        client.answered.connect(self.events.append)

    def last(self, kind: type) -> list[int]:
        return [event.ticket for event in self.events if isinstance(event, kind)]


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(delay_s=0.02)


@pytest.fixture
def client(engine: FakeEngine, qtbot: QtBot):  # type: ignore[no-untyped-def]
    client = EngineClient(lambda: engine)
    yield client
    client.close()


def draft(ticket: int, amount: float) -> Apply:
    return Apply(ticket, make_codes(1), Edit(Resample(amount), select_all(GRID), 3))


def test_commits_are_answered_in_order(client: EngineClient, qtbot: QtBot) -> None:
    listener = Listener(client)
    for ticket in (1, 2, 3):
        client.post(NewFace(ticket, ticket))
    qtbot.waitUntil(lambda: listener.last(Finished) == [1, 2, 3])


def test_of_many_drafts_the_last_is_drawn_and_few_others(client: EngineClient, qtbot: QtBot) -> None:
    listener = Listener(client)
    for ticket in range(1, 51):
        client.post(draft(ticket, ticket / 50), lane="draft")
    qtbot.waitUntil(lambda: 50 in listener.last(Finished))
    assert len(listener.last(Finished)) <= 3
    assert listener.last(Finished) == sorted(listener.last(Finished))


def test_a_commit_overtakes_a_waiting_draft(client: EngineClient, engine: FakeEngine, qtbot: QtBot) -> None:
    listener = Listener(client)
    engine.delay_s = 0.05
    client.post(NewFace(1, 1))
    client.post(draft(2, 0.5), lane="draft")
    client.post(NewFace(3, 3))
    qtbot.waitUntil(lambda: 2 in listener.last(Finished))
    assert listener.last(Finished) == [1, 3, 2]


def test_cancel_stops_at_the_next_step_and_forgets_what_waits(
    client: EngineClient, engine: FakeEngine, qtbot: QtBot
) -> None:
    listener = Listener(client)
    engine.delay_s = 0.2
    for ticket in (1, 2, 3):
        client.post(NewFace(ticket, ticket))
    qtbot.waitUntil(lambda: bool(engine.ran))
    client.cancel()
    qtbot.waitUntil(lambda: sorted(listener.last(Cancelled)) == [1, 2, 3] or listener.last(Finished) == [1])
    assert len(engine.ran) == 1
    client.post(NewFace(4, 4))
    qtbot.waitUntil(lambda: 4 in listener.last(Finished))


def test_the_thread_outlives_the_engine_s_mistakes(
    client: EngineClient, engine: FakeEngine, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener(client)
    engine.fail = lambda request: ZeroDivisionError("oh") if request.ticket == 1 else None
    client.post(NewFace(1, 1))
    client.post(NewFace(2, 2))
    qtbot.waitUntil(lambda: listener.last(Finished) == [2])
    (failed,) = [event for event in listener.events if isinstance(event, Failed)]
    assert failed.ticket == 1
    assert "ZeroDivisionError" in failed.details
    assert "oh" in failed.title
    assert "the engine failed at NewFace" in caplog.text
    caplog.clear()


def test_an_engine_that_cannot_be_made_is_a_failure_and_is_tried_again(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    attempts: list[int] = []

    def make() -> FakeEngine:
        attempts.append(1)
        if len(attempts) == 1:
            raise ImportError("no torch here")
        return FakeEngine()

    client = EngineClient(make)
    listener = Listener(client)
    client.post(NewFace(1, 1))
    client.post(NewFace(2, 2))
    qtbot.waitUntil(lambda: listener.last(Finished) == [2])
    (failed,) = [event for event in listener.events if isinstance(event, Failed)]
    assert failed.ticket == 1
    assert "could not be started" in failed.title
    assert "no torch here" in failed.title
    assert failed.hint
    caplog.clear()
    client.close()


def test_closing_waits_for_the_thread_and_closes_the_engine(engine: FakeEngine, qtbot: QtBot) -> None:
    client = EngineClient(lambda: engine)
    client.post(NewFace(1, 1))
    deadline = time.monotonic() + 5
    while not engine.ran and time.monotonic() < deadline:
        time.sleep(0.005)
    client.close()
    assert engine.closed
    assert not any(thread.name == "engine" for thread in threading.enumerate())


def test_closing_still_writes_the_pictures_that_were_to_be_written(
    engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    client = EngineClient(lambda: engine)
    engine.delay_s = 0.1
    client.post(NewFace(1, 1))
    path = tmp_path / "face.png"
    client.post(WriteFile(2, path, lambda: write_picture(path, draw_picture(make_codes(1)))))
    client.post(NewFace(3, 3))
    client.close()
    assert (tmp_path / "face.png").exists()
    assert [request.ticket for request in engine.ran] in ([], [1]), "nothing else is begun"


def test_what_never_ends_is_not_waited_for_and_files_are_written_all_the_same(
    engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    client = EngineClient(lambda: engine)
    begun, freed = threading.Event(), threading.Event()
    engine.fail = lambda request: begun.set() or (freed.wait(30) and None)  # type: ignore[assignment,func-returns-value]
    client.post(NewFace(1, 1))
    assert begun.wait(5)
    path = tmp_path / "face.png"
    client.post(Do(2, lambda: write_picture(path, draw_picture(make_codes(1)))), lane="file")
    assert not client.close(patience_s=0.05)
    assert path.exists()
    freed.set()


def test_cancel_leaves_asides_and_files_alone(client: EngineClient, engine: FakeEngine, qtbot: QtBot) -> None:
    listener = Listener(client)
    begun, freed = threading.Event(), threading.Event()
    engine.fail = lambda request: begun.set() or (freed.wait(30) and None)  # type: ignore[assignment,func-returns-value]
    client.post(NewFace(1, 1), lane="aside")
    assert begun.wait(5)
    client.post(NewFace(2, 2), lane="aside")
    client.post(NewFace(3, 3))
    client.post(Do(4, lambda: freed.wait(30)), lane="file")
    client.cancel()
    freed.set()
    qtbot.waitUntil(lambda: listener.last(Finished) == [1, 2] and listener.last(Done) == [4])
    assert listener.last(Cancelled) == [3]


def test_tickets_grow(client: EngineClient) -> None:
    assert client.next_ticket() < client.next_ticket() < client.next_ticket()


def test_asides_wait_until_nothing_else_does(client: EngineClient, engine: FakeEngine, qtbot: QtBot) -> None:
    listener = Listener(client)
    engine.delay_s = 0.05
    client.post(NewFace(1, 1))
    client.post(draft(2, 0.5), lane="aside")
    client.post(draft(3, 0.5), lane="draft")
    client.post(NewFace(4, 4))
    qtbot.waitUntil(lambda: 2 in listener.last(Finished))
    assert listener.last(Finished) == [1, 4, 3, 2]


def test_an_engine_that_wants_to_exit_does_not_take_the_thread_along(
    client: EngineClient, engine: FakeEngine, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener(client)
    engine.fail = lambda request: SystemExit(3) if request.ticket == 1 else None  # type: ignore[assignment,return-value]
    client.post(NewFace(1, 1))
    client.post(NewFace(2, 2))
    qtbot.waitUntil(lambda: listener.last(Finished) == [2])
    assert listener.last(Failed) == [1]
    caplog.clear()


@pytest.mark.parametrize("aside", [MeasureInfluence(1, (0, 0)), SampleModel(1, Path("model"), (1, 2))])
def test_long_asides_give_way_and_go_on(
    client: EngineClient, engine: FakeEngine, qtbot: QtBot, aside: MeasureInfluence | SampleModel
) -> None:
    listener = Listener(client)
    run = engine.run
    begun, steps = threading.Event(), []

    def measure(request):  # type: ignore[no-untyped-def]
        if request is not aside:
            yield from run(request)
            return
        while len(steps) < 3:
            steps.append(len(steps))
            begun.set()
            time.sleep(0.05)
            yield Progress(request.ticket, len(steps) / 3, "")
        yield Influence(request.ticket, (0, 0), make_codes(1).local[:, :, 0])

    engine.run = measure  # type: ignore[method-assign]
    client.post(aside, lane="aside")
    assert begun.wait(5)
    client.post(NewFace(2, 2))
    qtbot.waitUntil(lambda: listener.last(Influence) == [1])
    order = [event.ticket for event in listener.events if isinstance(event, Finished | Influence)]
    assert order == [2, 1]
    assert len(steps) == 3, "nothing was done twice"
    assert listener.last(Cancelled) == []


class Seeking(FakeEngine):
    """Finds parts step by step, for as long as it is let."""

    def run(self, request):  # type: ignore[no-untyped-def]
        if not isinstance(request, FindParts):
            yield from super().run(request)
            return
        for _ in range(2000):
            yield Progress(request.ticket, 0.1, "Finding parts")
            time.sleep(0.005)
        raise AssertionError("nobody stopped it")


def test_finding_parts_ends_when_another_model_is_to_be_opened(qtbot: QtBot) -> None:
    client = EngineClient(Seeking)
    try:
        listener = Listener(client)
        client.post(FindParts(1))
        qtbot.waitUntil(lambda: bool(listener.events))
        client.post(NewFace(2, 1))
        time.sleep(0.1)
        qtbot.wait(1)
        assert listener.last(Cancelled) == [], "an edit waits for it"
        client.post(OpenModel(3, "other"))
        qtbot.waitUntil(lambda: 3 in listener.last(Opened))
        assert listener.last(Cancelled) == [1]
        assert listener.last(Finished) == [2]
    finally:
        client.close()
