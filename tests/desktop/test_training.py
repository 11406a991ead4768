"""Training runs in the window: begun, watched, paused, found again; fake trainers write what real ones would."""

import math
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sni_desktop.activities.training import Training, TrainingNow
from sni_desktop.document import Document
from sni_desktop.preferences.dialog import Page, SettingsDialog
from sni_desktop.preferences.run_list import RunListView, describe
from sni_desktop.theme import Theme
from sni_desktop.worker import trainer
from sni_desktop.worker.runs import RunKeeper
from sni_desktop.worker.trainer import Trainers
from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file
from sni_engine.api.plain import dump_json
from sni_engine.api.run_list import add_run, list_runs, remove_run, replace_run, runs_folder
from sni_engine.api.run_watch import RunNow, RunWatch
from sni_engine.api.runs import RunFiles, TrainEvent, Wishes
from sni_engine.api.train_presets import PRESETS
from sni_engine.api.training import TrainConfig

from .fakes import DirectClient, child

SMOKE = replace(PRESETS["cpu-smoke"], device="cpu")


class FakeKeeper(QObject):
    """Does everything at once, on this thread."""

    looked = Signal(object)
    failed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.watches: dict[Path, RunWatch] = {}

    def watch(self, paths: tuple[Path, ...]) -> None:
        self.watches = {path: self.watches.get(path) or RunWatch(path) for path in paths}

    def do(self, job: Callable[[], object]) -> None:
        try:
            job()
        except EngineError as error:
            self.failed.emit(error.title, error.hint)
        self.look()

    def close(self) -> None:
        self.watches = {}

    def look(self) -> None:
        self.looked.emit(tuple(watch.look() for watch in self.watches.values()))


class FakeTrainers:
    """Writes what a trainer would: its config, and that it lives."""

    def __init__(self) -> None:
        self.started: list[tuple[TrainConfig, Path, bool, float]] = []
        self.locks: dict[Path, object] = {}
        self.problem = ""

    def start(self, config: TrainConfig, path: Path, resume: bool = False, minutes: float = math.inf) -> None:
        if self.problem:
            raise EngineError(self.problem, "Try again.")
        self.started.append((config, path, resume, minutes))
        make_run(path, config)
        self.locks[path] = lock = RunFiles(path).lock
        assert lock.take()

    def end(self, path: Path, kind: str = "") -> None:
        if kind:
            RunFiles(path).append_event(TrainEvent(kind, 8, 8))  # type: ignore[arg-type]
        self.locks.pop(path).close()  # type: ignore[attr-defined]

    are_left = False

    def reap(self) -> tuple[()]:
        """Nothing to forget."""
        return ()


def make_run(path: Path, config: TrainConfig = SMOKE) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    with replace_file(RunFiles(path).config) as stream:
        stream.write(dump_json(config).encode())
    return path


@pytest.fixture
def keeper(qapp: object) -> FakeKeeper:
    return FakeKeeper()


@pytest.fixture
def trainers() -> FakeTrainers:
    return FakeTrainers()


@pytest.fixture
def training(document: Document, keeper: FakeKeeper, trainers: FakeTrainers) -> Training:
    return Training(document, keeper, trainers)


def test_a_run_is_begun_listed_and_shown(training: Training, trainers: FakeTrainers, tmp_path: Path) -> None:
    training.start(SMOKE, tmp_path / "run", 2.0)
    assert trainers.started == [(SMOKE, tmp_path / "run", False, 120.0)]
    assert training.now.run is not None
    assert training.now.run.state == "preparing"
    assert list_runs() == (tmp_path / "run",)
    assert training.now.alive == training.now.runs
    trainers.end(tmp_path / "run")


def test_the_editor_gives_up_its_graphics_card_first(
    training: Training, trainers: FakeTrainers, client: DirectClient, work: Callable[[], None], tmp_path: Path
) -> None:
    training.start(replace(SMOKE, device="auto"), tmp_path / "run")
    assert trainers.started == []
    assert [type(request).__name__ for request, *_ in client.queue] == ["Release"]
    assert training.now.run is not None, "what was asked for is on screen at once"
    assert training.now.run.state == "preparing"
    work()
    assert len(trainers.started) == 1
    assert [run.path.name for run in training.now.alive] == ["run"]
    trainers.end(tmp_path / "run")


def test_a_run_that_waits_for_its_turn_hears_wishes_and_survives_the_window(
    training: Training, trainers: FakeTrainers, client: DirectClient, tmp_path: Path
) -> None:
    training.start(replace(SMOKE, device="auto"), tmp_path / "dropped")
    training.stop(tmp_path / "dropped")
    assert training.now.runs == ()
    training.start(replace(SMOKE, device="auto"), tmp_path / "run")
    training.pause(tmp_path / "run")
    assert training._document.snapshot.notice is None
    training.close()
    assert [path for _, path, *_ in trainers.started] == [tmp_path / "run"]
    assert RunFiles(tmp_path / "run").read_wishes() == Wishes(paused=True)
    trainers.end(tmp_path / "run")


def test_wishes_are_written_for_the_trainer(training: Training, trainers: FakeTrainers, tmp_path: Path) -> None:
    path = tmp_path / "run"
    training.start(SMOKE, path)
    training.pause(path)
    training.save_now(path)
    training.save_now(path)
    training.sample_now(path)
    assert RunFiles(path).read_wishes() == Wishes(paused=True, saves=2, samples=1)
    training.go_on(path)
    training.stop(path)
    assert RunFiles(path).read_wishes() == Wishes(stop=True, saves=2, samples=1)
    trainers.end(path)


def test_a_run_that_ends_while_we_look_is_told_once(
    training: Training, trainers: FakeTrainers, keeper: FakeKeeper, tmp_path: Path
) -> None:
    ended: list[RunNow] = []
    training.ended.connect(ended.append)
    training.start(SMOKE, tmp_path / "run")
    trainers.end(tmp_path / "run", "done")
    keeper.look()
    keeper.look()
    assert [run.state for run in ended] == ["done"]


def test_a_run_is_taken_up_with_a_smaller_batch(
    training: Training, trainers: FakeTrainers, keeper: FakeKeeper, tmp_path: Path
) -> None:
    path = tmp_path / "run"
    training.start(SMOKE, path)
    training.resume(path, 8)
    assert len(trainers.started) == 1  # it lives
    trainers.end(path, "failed")
    keeper.look()
    training.resume(path, 8)
    assert trainers.started[1] == (replace(SMOKE, batch=8), path, True, math.inf)
    trainers.end(path)


def test_a_run_that_is_done_is_trained_on_with_more_images(
    training: Training, trainers: FakeTrainers, keeper: FakeKeeper, tmp_path: Path
) -> None:
    path = tmp_path / "run"
    training.start(SMOKE, path)
    trainers.end(path, "done")
    keeper.look()
    training.resume(path, images=SMOKE.images + 8)
    assert trainers.started[1] == (replace(SMOKE, images=SMOKE.images + 8), path, True, math.inf)
    trainers.end(path)


def test_runs_are_found_again_by_another_window(
    document: Document, training: Training, trainers: FakeTrainers, tmp_path: Path
) -> None:
    training.start(SMOKE, tmp_path / "one")
    make_run(runs_folder() / "two")
    other = Training(document, FakeKeeper(), FakeTrainers())
    other.begin()
    assert [run.path.name for run in other.now.runs] == ["one", "two"]
    assert [run.path.name for run in other.now.alive] == ["one"]
    trainers.end(tmp_path / "one")


def test_what_cannot_be_started_is_told(training: Training, trainers: FakeTrainers, tmp_path: Path) -> None:
    trainers.problem = "The disk is full."
    training.start(SMOKE, tmp_path / "run")
    notice = training._document.snapshot.notice
    assert notice is not None
    assert (notice.kind, notice.title) == ("error", "The disk is full.")
    assert training.now.alive == ()


def test_trouble_with_one_run_drops_no_other_that_is_starting(
    training: Training, trainers: FakeTrainers, client: DirectClient, work: Callable[[], None], tmp_path: Path
) -> None:
    training.start(replace(SMOKE, device="auto"), tmp_path / "run")
    training.star(tmp_path / "elsewhere", 8, True)
    notice = training._document.snapshot.notice
    assert notice is not None
    assert notice.kind == "error"
    assert training.now.run is not None
    work()
    assert [run.path.name for run in training.now.alive] == ["run"]
    trainers.end(tmp_path / "run")


def test_a_folder_without_a_run_is_not_added(training: Training, tmp_path: Path) -> None:
    training.add(tmp_path)
    assert list_runs() == ()
    make_run(tmp_path)
    training.add(tmp_path)
    assert list_runs() == (tmp_path,)
    assert training.now.shown == tmp_path


def test_a_moved_folder_is_said_and_shown(training: Training, keeper: FakeKeeper, tmp_path: Path) -> None:
    training.add(make_run(tmp_path / "old"))
    (tmp_path / "old").rename(tmp_path / "new")
    keeper.look()
    assert [run.state for run in training.now.runs] == ["missing"]
    training.locate(tmp_path / "old", tmp_path / "new")
    assert [run.path for run in training.now.runs] == [tmp_path / "new"]
    assert training.now.run is not None


# -- the list on disk ------------------------------------------------------------------------------------------------


def test_the_list_keeps_order_and_survives_damage(tmp_path: Path) -> None:
    own = make_run(runs_folder() / "own")
    for name in ("a", "b", "a"):
        add_run(tmp_path / name)
    assert list_runs() == (tmp_path / "a", tmp_path / "b", own)
    remove_run(own)
    remove_run(tmp_path / "b")
    assert list_runs() == (tmp_path / "a",)
    add_run(own)
    assert list_runs() == (own, tmp_path / "a")
    replace_run(tmp_path / "a", tmp_path / "c")
    assert list_runs() == (own, tmp_path / "c")
    (next(path for path in Path(own).parents if path.name == "data").parent / "state" / "runs.json").write_text("{")
    assert list_runs() == (own,)


# -- the thread ------------------------------------------------------------------------------------------------------


SAYS = "import sys; print('noise'); print('The folder already holds a run.', file=sys.stderr); sys.exit({code})"
SPEAKS = """
import sys
from pathlib import Path
from sni_engine.api.runs import RunFiles, TrainEvent
RunFiles(Path(sys.argv[1])).append_event(TrainEvent("failed", 0, 8, text="The pictures are gone."))
sys.exit(1)
"""


@pytest.fixture
def real(document: Document, qtbot: QtBot) -> Iterator[Training]:
    """Processes and a thread, rather than those of the tests."""
    training = Training(document, RunKeeper(every_s=0.01), Trainers())
    yield training
    training.close()


def pretend(monkeypatch: pytest.MonkeyPatch, program: str, path: Path) -> None:
    """Let another program be the trainer."""
    launch = trainer.launch
    words = [sys.executable, "-c", program, str(path)]
    monkeypatch.setattr(trainer, "launch", lambda _, log: launch(words, log))


@pytest.mark.parametrize("is_there", [False, True])
def test_a_trainer_that_is_refused_its_run_is_told_of(
    real: Training,
    document: Document,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    is_there: bool,
) -> None:
    """It says so in its log alone, and looked as if it prepared for a minute."""
    path = tmp_path / "mine"
    if is_there:
        RunFiles(make_run(path)).append_event(TrainEvent("stopped", 4, 8))
        RunFiles(path).log.write_text("Old words.\n")
        os.utime(RunFiles(path).events, (5, 5))
    pretend(monkeypatch, SAYS.format(code=1), path)
    real.start(SMOKE, path)
    qtbot.waitUntil(lambda: document.snapshot.notice is not None)
    notice = document.snapshot.notice
    assert (notice.title, notice.hint) == ("mine could not begin.", "The folder already holds a run.")
    qtbot.waitUntil(lambda: not real.now.alive)
    qtbot.waitUntil(lambda: [run.state for run in real.now.runs] == ["stopped" if is_there else "empty"])
    qtbot.waitUntil(lambda: not real._ear.isActive())


@pytest.mark.parametrize(("program", "state"), [(SPEAKS, "failed"), (SAYS.format(code=0), "preparing")])
def test_a_trainer_that_has_spoken_or_ended_well_is_no_trouble(
    real: Training,
    document: Document,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    program: str,
    state: str,
) -> None:
    pretend(monkeypatch, program, tmp_path / "mine")
    real.start(SMOKE, tmp_path / "mine")
    qtbot.waitUntil(real._ear.isActive)
    qtbot.waitUntil(lambda: not real._ear.isActive())
    qtbot.waitUntil(lambda: bool(real.now.runs) and real.now.runs[0].state == state)
    assert document.snapshot.notice is None


def test_the_keeper_tells_what_is_new_and_no_more(qtbot: QtBot, tmp_path: Path) -> None:
    path = make_run(tmp_path / "run")
    keeper, seen = RunKeeper(every_s=0.01), []
    keeper.looked.connect(seen.append)
    keeper.watch((path,))
    qtbot.waitUntil(lambda: len(seen) == 1)
    keeper.do(lambda: RunFiles(path).append_event(TrainEvent("done", 8, 8)))
    qtbot.waitUntil(lambda: seen[-1][0].state == "done")
    count = len(seen)
    qtbot.wait(100)
    assert len(seen) == count
    keeper.close()


def test_runs_that_no_process_has_are_looked_at_rarely(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead, alive = (make_run(tmp_path / name) for name in ("dead", "alive"))
    lock = RunFiles(alive).lock
    assert lock.take()
    looks: Counter[str] = Counter()
    look = RunWatch.look
    monkeypatch.setattr(RunWatch, "look", lambda watch: looks.update([watch._files.path.name]) or look(watch))
    keeper, seen = RunKeeper(every_s=0.001, rarely_s=600, soon_s=0), []
    keeper.looked.connect(seen.append)
    keeper.watch((dead, alive))
    qtbot.waitUntil(lambda: looks["alive"] >= 5)
    assert looks["dead"] == 1
    RunFiles(alive).append_event(TrainEvent("done", 8, 8))
    keeper.do(lambda: None)
    qtbot.waitUntil(lambda: looks["dead"] == 2)
    lock.close()
    qtbot.waitUntil(lambda: [run.state for run in seen[-1]] == ["killed", "done"])
    keeper.close()


def test_a_job_that_fails_is_told_and_the_next_is_done(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = RunKeeper(every_s=0.01)
    told: list[tuple[str, str]] = []
    done: list[int] = []
    keeper.failed.connect(lambda title, hint: told.append((title, hint)))

    def refuse() -> None:
        raise EngineError("No room.", "Make some.")

    keeper.do(refuse)
    keeper.do(lambda: 1 // 0)
    keeper.do(lambda: done.append(1))
    qtbot.waitUntil(lambda: len(told) == 2 and bool(done))
    keeper.close()
    assert told[0] == ("No room.", "Make some.")
    assert "division" in told[1][0]
    caplog.clear()


def test_closing_does_what_was_asked_for(tmp_path: Path) -> None:
    keeper, done = RunKeeper(every_s=60), []
    keeper.do(lambda: done.append(1))
    keeper.close()
    assert done == [1]


# -- the list in the window ------------------------------------------------------------------------------------------


def test_the_list_shows_runs_and_tells_what_is_wanted(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    view = RunListView(theme)
    qtbot.addWidget(view)
    assert not view._show.isEnabled()
    first = RunNow(tmp_path / "a", "training", last=TrainEvent("step", 12_000, 48_000))
    second = RunNow(tmp_path / "b", "stopped")
    view.show_runs((first, second))
    assert describe(first)[:3] == ("a", "Training", "25 %")
    chosen: list[Path] = []
    removed: list[Path] = []
    view.chosen.connect(chosen.append)
    view.removed.connect(removed.append)
    view._show.click()
    assert not view._remove.isEnabled()  # it lives
    view._tree.setCurrentItem(view._rows[second.path])
    view.show_runs((RunNow(tmp_path / "c", "done"), second, first))
    assert view._current == second.path
    view._remove.click()
    assert (chosen, removed) == ([first.path], [second.path])


def test_return_on_a_row_shows_the_run_and_closes_nothing(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    parent, view = QWidget(), RunListView(theme)
    qtbot.addWidget(parent)
    view.show_runs((RunNow(tmp_path / "mine", "done"),))
    dialog = SettingsDialog(theme, [Page("training", "Training", "school-outline", lambda: view)], parent)
    dialog.show_page("training")
    told: list[object] = []
    view.chosen.connect(told.append)
    for other in (view.new_asked, view.add_asked):
        other.connect(lambda: told.append("a button"))
    for name in ("runs", "pages"):
        QTest.keyClick(child(dialog, QWidget, name), Qt.Key.Key_Return)
    assert told == [tmp_path / "mine"]
    assert dialog.isVisible()


def test_snapshots_find_runs(tmp_path: Path) -> None:
    run = RunNow(tmp_path, "paused")
    now = TrainingNow((run,), tmp_path)
    assert now.run is run
    assert now.alive == (run,)
    assert now.of(None) is None
