"""Pictures and devices of a new run, asked for in between: the newest wish counts, trouble is told, nothing is lost."""

import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from sni_desktop.activities import training_data
from sni_desktop.activities.training_data import PictureWish, TrainingData
from sni_desktop.document import Document
from sni_desktop.preferences.training_form.form import TrainingForm
from sni_desktop.preferences.training_form.join import join_form
from sni_desktop.theme import Theme
from sni_desktop.worker.client import EngineClient
from sni_desktop.worker.forecasting import Forecaster
from sni_engine.api.forecast import Forecast
from sni_engine.api.messages import Cancelled, Event, Progress, Request
from sni_engine.api.train_requests import CheckPictures, LookAtPictures, PicturesSeen
from sni_engine.api.training import TrainConfig, TrainWishes

from .fakes import DirectClient, FakeEngine

OWN = PictureWish("/pictures", "crop", 32, 0.0)
DRAWN = PictureWish("", "crop", 16, 0.5)
TINY = TrainConfig(
    resolution_px=16,
    cells=4,
    local=4,
    style=8,
    widths=(8, 8, 8),
    judge_widths=(8, 8, 8),
    batch=4,
    images=8,
    checkpoint_every=4,
    device="cpu",
    threads=1,
)


@pytest.fixture
def data(document: Document, monkeypatch: pytest.MonkeyPatch) -> TrainingData:
    monkeypatch.setattr(training_data, "_PAUSE_MS", 0)
    monkeypatch.setattr(training_data, "_AGAIN_MS", 0)
    return TrainingData(document)


def kinds(engine: FakeEngine) -> list[str]:
    return [type(request).__name__ for request in engine.ran]


def test_pictures_files_and_devices_are_known_after_a_while(
    data: TrainingData, work: Callable[[], None], qtbot: QtBot, client: DirectClient
) -> None:
    data.look(OWN)
    data.list_devices()
    assert data.now.is_looking
    qtbot.waitUntil(lambda: len(client.queue) == 3)
    work()
    now = data.now
    assert now.seen is not None and now.checked is not None and not now.is_looking
    assert (now.seen.files, now.checked.usable, now.best_device) == (301, 300, "cpu")


def test_portraits_are_not_counted_and_the_same_wish_is_asked_once(
    data: TrainingData, work: Callable[[], None], engine: FakeEngine, qtbot: QtBot, client: DirectClient
) -> None:
    data.look(DRAWN)
    qtbot.waitUntil(lambda: len(client.queue) == 1)
    data.look(DRAWN)
    work()
    assert kinds(engine) == ["LookAtPictures"] and not data.now.is_looking
    data.look_again()
    qtbot.waitUntil(lambda: len(client.queue) == 1)
    work()
    assert kinds(engine) == ["LookAtPictures"] * 2 and data.now.seen is not None
    data.look(None)
    assert data.now.seen is None and not data.now.is_looking


def test_answers_to_an_older_wish_are_not_shown(
    data: TrainingData, work: Callable[[], None], qtbot: QtBot, client: DirectClient
) -> None:
    data.look(OWN)
    qtbot.waitUntil(lambda: len(client.queue) == 2)
    data.look(DRAWN)
    client.answer_first()
    QCoreApplication.processEvents()
    assert data.now.seen is None
    qtbot.waitUntil(lambda: len(client.queue) == 2)
    work()
    assert data.now.seen is not None and data.now.seen.pictures.shape[1] == 16 and data.now.checked is None


def test_trouble_is_told_and_a_cancelled_look_begins_again(
    data: TrainingData, work: Callable[[], None], engine: FakeEngine, qtbot: QtBot, client: DirectClient
) -> None:
    engine.fail = lambda request: "No zip file." if isinstance(request, CheckPictures) else None
    data.look(OWN)
    qtbot.waitUntil(lambda: len(client.queue) == 2)
    work()
    assert data.now.trouble == ("No zip file.", "Try again.") and not data.now.is_looking
    engine.fail = lambda request: None
    data.look_again()
    qtbot.waitUntil(lambda: len(client.queue) == 2)
    waiting = [request.ticket for request, _ in client.queue]
    client.queue.clear()
    for ticket in waiting:
        client.answered.emit(Cancelled(ticket))
    qtbot.waitUntil(lambda: len(client.queue) == 2)
    work()
    assert data.now.checked is not None and data.now.trouble is None


class SlowLooker:
    """Takes forty steps for a look, so that there is time for a newer one."""

    def __init__(self) -> None:
        self.finished: list[int] = []

    def run(self, request: Request) -> Iterator[Event]:
        assert isinstance(request, LookAtPictures)
        for step in range(40):
            time.sleep(0.005)
            yield Progress(request.ticket, step / 40, "")
        self.finished.append(request.ticket)
        yield PicturesSeen(request.ticket, np.zeros((1, 8, 8, 3), np.uint8))

    def close(self) -> None:
        """Hold nothing."""


def test_of_many_looks_only_the_newest_is_finished(qtbot: QtBot) -> None:
    looker = SlowLooker()
    client = EngineClient(lambda: looker)
    told: list[Event] = []
    client.answered.connect(told.append)
    try:
        for variety in np.linspace(0, 1, 30):
            client.post(LookAtPictures(client.next_ticket(), "", "crop", 8, variety), "aside")
            time.sleep(0.002)
        qtbot.waitUntil(lambda: any(isinstance(event, PicturesSeen) for event in told))
    finally:
        client.close()
    assert looker.finished == [30]
    assert sorted(event.ticket for event in told if isinstance(event, Cancelled)) == list(range(1, 30))


def test_a_forecast_comes_from_a_process_of_its_own_and_starts_the_run(
    data: TrainingData, theme: Theme, qtbot: QtBot, tmp_path: Path, work: Callable[[], None]
) -> None:
    """End to end: some ten seconds, nearly all of them for importing torch and measuring steps."""
    for number in range(4):
        Image.new("RGB", (20, 24), (60 * number, 90, 200)).save(tmp_path / f"{number}.png")
    form = TrainingForm(theme, tmp_path / "runs é")
    qtbot.addWidget(form)
    forecaster = Forecaster(form)
    join_form(form, data, forecaster)
    told: list[tuple[object, ...]] = []
    heard: list[str] = []
    form.started.connect(lambda *values: told.append(values))
    forecaster.progressed.connect(lambda text, _: heard.append(text))
    config = TrainConfig(**{**vars(TINY), "data": str(tmp_path)})
    form.show_config(config, "pictures-64")
    qtbot.waitUntil(lambda: form._data.wish is not None)
    work()
    qtbot.wait(20)
    work()
    assert form.problems == ()
    form._ask_to_start()
    assert forecaster.is_busy
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert told == [(config, form.draft.out, math.inf)]
    forecast = form._prediction.forecast
    assert isinstance(forecast, Forecast) and forecast.can_run and forecast.phases and forecast.memory
    assert forecast.pictures.startswith("4 pictures")
    assert "Measuring some steps" in heard
    assert not forecaster.is_busy and not form.draft.out.exists()


def test_a_cancelled_forecast_leaves_no_process_and_says_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    forecaster = Forecaster()
    told: list[object] = []
    forecaster.finished.connect(told.append)
    forecaster.failed.connect(lambda *words: told.append(words))
    forecaster.start(TINY, tmp_path / "run")
    forecaster.start(TINY, tmp_path / "other")  # drops the first
    forecaster.close()
    assert not forecaster.is_busy and told == []


@pytest.mark.parametrize(
    ("program", "word"),
    [
        (("/nowhere/python",), "could not be started"),
        (("python3", "-c", "import sys; sys.exit('odd end')"), "broke off"),
        (("python3", "-c", "print('noise'); print('{\"forecast\": 3}')"), "broke off"),
        (("python3", "-c", 'print(\'{"failed": {"title": "No.", "hint": ""}}\')'), "No."),
    ],
)
def test_a_forecast_that_cannot_be_made_says_why(
    qtbot: QtBot, tmp_path: Path, program: tuple[str, ...], word: str
) -> None:
    forecaster = Forecaster(program=program)
    with qtbot.waitSignal(forecaster.failed, timeout=10_000) as told:
        forecaster.start(TrainWishes(), tmp_path)
    assert word in told.args[0]
    assert not forecaster.is_busy
