"""The monitor of a run: every state, every button, the time machine, the log; and no work when nothing changed."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QAction, QColor, QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QInputDialog,
    QLabel,
    QProgressBar,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sni_desktop.activities.training import Training
from sni_desktop.activities.training_data import TrainingData
from sni_desktop.document import Document
from sni_desktop.preferences.monitor import sheets
from sni_desktop.preferences.monitor.log import RunLog, find_new
from sni_desktop.preferences.monitor.monitor import Monitor
from sni_desktop.preferences.monitor.questions import ask_images, describe_loss, describe_more
from sni_desktop.preferences.monitor.sheet_view import SheetView
from sni_desktop.preferences.monitor.sheets import Sheet, read_sheet
from sni_desktop.preferences.monitor.track import Track
from sni_desktop.preferences.training import TrainingPage
from sni_desktop.theme import Theme
from sni_desktop.worker.runs import RunKeeper
from sni_desktop.worker.trainer import Trainers
from sni_engine.api.files import replace_file
from sni_engine.api.plain import dump_json
from sni_engine.api.run_disk import RunDisk
from sni_engine.api.run_watch import WARNING, RunNow, State
from sni_engine.api.runs import RunFiles, TrainEvent
from sni_engine.api.training import TrainConfig

from .fakes import child
from .runs import make_now, make_run, write_sheet


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_run(tmp_path / "a run")


@pytest.fixture
def monitor(theme: Theme, run: Path, qtbot: QtBot) -> Monitor:
    monitor = Monitor(theme)
    qtbot.addWidget(monitor)
    monitor._curves.hide()  # their diagrams take a while to make, and have tests of their own
    monitor.show_run(make_now(run))
    monitor.resize(900, 640)
    monitor.show()
    qtbot.waitExposed(monitor)
    QApplication.processEvents()
    return monitor


def button(monitor: Monitor, name: str) -> QPushButton:
    return child(monitor, QPushButton, name)


def moment(monitor: Monitor) -> str:
    return child(monitor, QLabel, "moment").text()


def wait_for_samples(monitor: Monitor) -> None:
    deadline = time.monotonic() + 60
    while not child(monitor, SheetView, "run-sheet").is_settled:
        QApplication.processEvents()
        assert time.monotonic() < deadline, "the samples never come"
        time.sleep(0.001)


def middle(monitor: Monitor) -> int:
    """Return the grey in the middle of the samples on screen."""
    sheet = child(monitor, SheetView, "run-sheet")
    sheet.grab()  # it asks for what there is room for
    wait_for_samples(monitor)
    image: QImage = sheet.grab().toImage()
    return image.pixelColor(round(sheet.width() * 9 / 16), round(sheet.height() * 7 / 12)).red()


# -- states ----------------------------------------------------------------------------------------------------------


def look(run: Path, state: State) -> RunNow:
    now = make_now(run, state=state)
    if state == "preparing":
        return replace(now, last=TrainEvent("setup", 300, 512, text="Drawing portraits"))
    if state == "failed":
        return replace(now, text="Out of memory.", hint="Take a smaller batch.", batch=8)
    return now


@pytest.mark.parametrize("state", get_args(State))
def test_every_state_is_said_in_words_and_every_button_that_rests_says_why(
    monitor: Monitor, run: Path, state: State
) -> None:
    monitor.show_run(look(run, state))
    assert child(monitor, QLabel, "run-state").text()
    for name in ("run-toggle", "run-stop", "run-save", "run-sample", "run-open"):
        found = button(monitor, name)
        assert found.toolTip() and found.accessibleName(), name
    alive = state in ("preparing", "training", "paused")
    assert button(monitor, "run-stop").isEnabled() is alive
    assert button(monitor, "run-save").isEnabled() is (state in ("training", "paused"))
    assert button(monitor, "run-toggle").isEnabled() is (state not in ("missing", "empty"))
    card_speaks = state in ("missing", "empty", "failed", "killed")
    assert button(monitor, "run-toggle").isHidden() is card_speaks, "one Resume at a time"
    assert child(monitor, QFrame, "card").isVisible() is card_speaks


def test_the_head_says_how_far_it_is(monitor: Monitor) -> None:
    values = [child(monitor, QLabel, f"run-number-{place}").accessibleName() for place in range(6)]
    assert values[0] == "Images: 4200 of 8000"
    assert values[1:] == ["Speed: 80 images/s", "Trained: 10 min", "Left: 48 s", "Memory: 512 MiB", "Device: CPU"]
    assert child(monitor, QProgressBar, "run-progress").value() == 525


def test_a_paused_run_has_no_speed_and_its_rest_is_called_paused(monitor: Monitor, run: Path) -> None:
    monitor.show_run(make_now(run, state="paused"))
    values = [child(monitor, QLabel, f"run-number-{place}").accessibleName() for place in (1, 3)]
    assert values == ["Speed: –", "Left: 48 s, paused"]


def test_preparations_are_not_counted_as_images_of_the_run(monitor: Monitor, run: Path) -> None:
    monitor.show_run(look(run, "preparing"))
    assert child(monitor, QLabel, "run-number-0").accessibleName() == "Portraits drawn: 300 of 512"
    assert child(monitor, QLabel, "run-number-3").accessibleName() == "Left: not known yet"
    assert child(monitor, QLabel, "run-state").text() == "Preparing: drawing portraits"
    monitor.show_run(make_now(run, state="paused", last=TrainEvent("paused", 300, 512, rate=9.0)))
    assert child(monitor, QLabel, "run-number-0").accessibleName() == "Prepared: 300 of 512"
    assert child(monitor, QLabel, "run-number-3").accessibleName() == "Left: not known yet"
    assert not button(monitor, "run-save").isEnabled() and button(monitor, "run-toggle").isEnabled()


def test_parts_of_the_preparations_are_counted(monitor: Monitor, run: Path) -> None:
    last = TrainEvent("setup", 300, 6000, text="Learning what portraits have")
    config = TrainConfig(images=8000, recipe="projected")
    monitor.show_run(make_now(run, state="preparing", last=last, config=config))
    assert child(monitor, QLabel, "run-state").text().startswith("Preparing, part 2 of 2: teaching the judge")
    assert child(monitor, QLabel, "run-number-0").accessibleName() == "Portraits studied: 300 of 6000"


def test_a_run_taken_up_again_has_not_prepared_its_images(monitor: Monitor, run: Path) -> None:
    monitor.show_run(make_now(run, state="preparing", last=TrainEvent("stopped", 4200, 8000)))
    assert child(monitor, QLabel, "run-number-0").accessibleName() == "Images: 4200 of 8000"


def test_a_run_that_went_beyond_its_end_has_a_full_bar(monitor: Monitor, run: Path) -> None:
    monitor.show_run(make_now(run, state="done", last=TrainEvent("done", 8004, 8000)))
    bar = child(monitor, QProgressBar, "run-progress")
    assert bar.value() == bar.maximum()


# -- buttons ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "signal", "said"),
    [
        ("run-toggle", "pause_asked", "Pausing…"),
        ("run-stop", "stop_asked", "Stopping…"),
        ("run-save", "save_asked", "Saving…"),
        ("run-sample", "sample_asked", "Sampling…"),
    ],
)
def test_a_press_asks_once_and_shows_until_the_run_has_done_it(
    monitor: Monitor, run: Path, qtbot: QtBot, name: str, signal: str, said: str
) -> None:
    with qtbot.waitSignal(getattr(monitor, signal)):
        button(monitor, name).click()
    monitor.show_run(make_now(run))
    assert button(monitor, name).accessibleName() == said
    with qtbot.assertNotEmitted(getattr(monitor, signal)):
        button(monitor, name).click()
    assert button(monitor, name).isEnabled(), "else Space would press its neighbour next"
    RunFiles(run).checkpoint.write_bytes(b"another")
    os.utime(RunFiles(run).checkpoint, (5, 5))
    states: dict[str, State] = {"run-toggle": "paused", "run-stop": "stopped"}
    sheets = (1000, 2000, 3000, 4000, 4200) if name == "run-sample" else (1000, 2000, 3000, 4000)
    monitor.show_run(make_now(run, state=states.get(name, "training"), sheets=sheets))
    assert button(monitor, name).accessibleName() != said


@pytest.mark.parametrize(("name", "said"), [("run-save", "Saved"), ("run-sample", "Sampled")])
def test_what_was_done_is_said_for_a_moment(monitor: Monitor, run: Path, qtbot: QtBot, name: str, said: str) -> None:
    before = button(monitor, name).accessibleName()
    button(monitor, name).click()
    os.utime(RunFiles(run).checkpoint, (5, 5))
    monitor.show_run(make_now(run, sheets=(1000, 2000, 3000, 4000, 4200)))
    assert button(monitor, name).accessibleName() == said
    monitor._head.buttons._praise.timeout.emit()
    assert button(monitor, name).accessibleName() == before


def test_what_a_roll_back_put_aside_can_be_brought_back(monitor: Monitor, run: Path, qtbot: QtBot) -> None:
    now = make_now(run, state="stopped", last=TrainEvent("stopped", 2000, 8000), put_aside=4200)
    monitor.show_run(now)
    title = child(monitor, QLabel, "card-title").text()
    assert "2000" in title and "4200" in title
    assert not button(monitor, "card-resume").isVisible() and button(monitor, "run-toggle").isVisible()
    with qtbot.waitSignal(monitor.bring_back_asked):
        button(monitor, "card-forward").click()
    assert not button(monitor, "card-forward").isEnabled(), "a second press would undo the roll back before, too"
    monitor.show_run(replace(now, put_aside=6000))
    assert button(monitor, "card-forward").isEnabled()
    monitor.show_run(replace(now, put_aside=0))
    assert not child(monitor, QFrame, "card").isVisible()
    monitor.show_run(replace(now, state="killed"))
    assert button(monitor, "card-forward").isVisible() and button(monitor, "card-resume").isVisible()


def test_a_run_that_is_done_trains_on_when_asked(monitor: Monitor, run: Path, qtbot: QtBot) -> None:
    monitor.show_run(look(run, "done"))
    assert button(monitor, "run-toggle").text() == "Train on…"
    with qtbot.waitSignal(monitor.train_on_asked):
        button(monitor, "run-toggle").click()
    assert button(monitor, "run-toggle").text() == "Train on…", "there is a question to answer first"


def test_questions_say_what_they_are_about(run: Path) -> None:
    now = make_now(run, state="done", starred=(1000, 3000, 4000))
    assert "3000; 4000" in describe_loss(now, 2000)
    assert "at 4000 images" in describe_loss(now, 3000)
    assert "star" not in describe_loss(now, 4000)
    assert "worse" not in describe_more(now, 8000)
    assert "worse" in describe_more(replace(now, config=TrainConfig(settle=0.3)), 8000)


def test_how_many_images_in_all_is_asked(monitor: Monitor, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = make_now(run, state="done", last=TrainEvent("done", 8004, 8000))
    bounds: list[tuple[int, int]] = []

    def accept(box: QInputDialog) -> int:
        bounds.append((box.intMinimum(), box.intValue()))
        return 1

    monkeypatch.setattr(QInputDialog, "exec", accept)
    assert ask_images(monitor, now) == 12_004
    assert bounds == [(8004 + 16, 12_004)]
    monkeypatch.setattr(QInputDialog, "exec", lambda box: 0)
    assert ask_images(monitor, now) == 0


def test_a_run_that_had_nothing_new_to_save_says_so_too(monitor: Monitor, run: Path) -> None:
    monitor.show_run(make_now(run, state="paused"))
    button(monitor, "run-save").click()
    monitor.show_run(make_now(run, state="paused", last=TrainEvent("checkpoint", 4200, 8000, at=7.0)))
    assert button(monitor, "run-save").accessibleName() == "Saved"


def test_while_it_stops_nothing_else_can_be_asked(monitor: Monitor) -> None:
    button(monitor, "run-stop").click()
    assert not button(monitor, "run-toggle").isEnabled()
    assert button(monitor, "run-save").toolTip() == "It is stopping."


def test_a_press_that_nobody_heard_can_be_repeated(monitor: Monitor, run: Path) -> None:
    button(monitor, "run-save").click()
    monitor._head.buttons._patience.timeout.emit()
    assert button(monitor, "run-save").accessibleName() == "Save now"
    monitor.show_run(look(run, "failed"))
    button(monitor, "card-resume").click()
    monitor._head.buttons._patience.timeout.emit()
    assert button(monitor, "card-resume").isEnabled()


@pytest.mark.parametrize(("state", "signal"), [("paused", "go_on_asked"), ("stopped", "resume_asked")])
def test_resume_goes_on_or_starts_the_process_anew(
    monitor: Monitor, run: Path, qtbot: QtBot, state: State, signal: str
) -> None:
    monitor.show_run(make_now(run, state=state))
    assert button(monitor, "run-toggle").text() == "Resume"
    with qtbot.waitSignal(getattr(monitor, signal)):
        button(monitor, "run-toggle").click()
    assert button(monitor, "run-toggle").accessibleName() in ("Resuming…", "Starting…")


def test_the_newest_model_opens_only_once_there_is_one(monitor: Monitor, run: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(monitor.open_asked, check_params_cb=lambda images: images == 0):
        button(monitor, "run-open").click()
    RunFiles(run).model.unlink()
    monitor.show_run(make_now(run, words=("other",)))
    assert not button(monitor, "run-open").isEnabled()


def test_the_rest_of_the_head_asks_too(monitor: Monitor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(monitor.back_asked):
        button(monitor, "run-back").click()
    with qtbot.waitSignal(monitor.reveal_asked):
        child(monitor, QAction, "run-reveal").trigger()
    child(monitor, QAction, "run-copy").trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "images,rate,generator,judge,swd"
    assert lines[1].startswith("100,0,0.5,1.0125,") and len(lines) == 43


def test_no_button_answers_to_return_in_a_dialog(monitor: Monitor) -> None:
    assert [found.objectName() for found in monitor.findChildren(QPushButton) if found.autoDefault()] == []


def test_words_of_buttons_give_way_in_a_narrow_window(monitor: Monitor) -> None:
    assert button(monitor, "run-sample").text() == "Sample now"
    monitor.resize(monitor.minimumSizeHint())
    QApplication.processEvents()
    assert button(monitor, "run-sample").text() == ""
    assert button(monitor, "run-sample").accessibleName() == "Sample now"
    edge = monitor._head.buttons.rect()
    for found in monitor._head.buttons.findChildren(QAbstractButton):
        assert edge.contains(found.geometry()), found.objectName()


# -- trouble ---------------------------------------------------------------------------------------------------------


class Opened(QObject):
    """Takes the place of the program that opens files."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.paths.append(url.toLocalFile())


@pytest.fixture
def opened() -> Iterator[Opened]:
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "take")
    yield opened
    QDesktopServices.unsetUrlHandler("file")


def test_a_failure_says_what_happened_and_offers_a_smaller_batch(
    monitor: Monitor, run: Path, qtbot: QtBot, opened: Opened
) -> None:
    monitor.show_run(look(run, "failed"))
    assert child(monitor, QLabel, "card-title").text() == "Out of memory."
    assert child(monitor, QLabel, "card-hint").text() == "Take a smaller batch."
    assert button(monitor, "card-batch").text() == "Resume with batch 8"
    for name, batch in (("card-batch", 8), ("card-resume", 0)):
        monitor.show_run(replace(look(run, "failed"), words=(name,)))  # it failed again
        with qtbot.waitSignal(monitor.resume_asked, check_params_cb=lambda told, batch=batch: told == batch):
            button(monitor, name).click()
        assert button(monitor, "card-resume").text() == "Starting…"
        assert not button(monitor, "card-resume").isEnabled() and not button(monitor, "card-batch").isEnabled()
    button(monitor, "card-log").click()
    assert opened.paths == [str(RunFiles(run).log)]
    assert not button(monitor, "card-locate").isVisible()


def test_a_killed_run_says_whether_it_goes_on_or_begins_anew(monitor: Monitor, run: Path) -> None:
    monitor.show_run(look(run, "killed"))
    assert "last checkpoint" in child(monitor, QLabel, "card-hint").text()
    RunFiles(run).checkpoint.unlink()
    RunFiles(run).log.unlink()
    monitor.show_run(make_now(run, state="killed", words=()))
    assert "begins anew" in child(monitor, QLabel, "card-hint").text()
    assert not button(monitor, "card-log").isEnabled()


def test_a_folder_that_moved_can_be_located(monitor: Monitor, run: Path, qtbot: QtBot) -> None:
    monitor.show_run(make_now(run, state="missing"))
    assert str(run) in child(monitor, QLabel, "card-title").text()
    with qtbot.waitSignal(monitor.locate_asked):
        button(monitor, "card-locate").click()
    monitor.show_run(make_now(run))
    assert not child(monitor, QFrame, "card").isVisible()


# -- time machine ----------------------------------------------------------------------------------------------------


def test_new_samples_show_by_themselves_unless_the_person_went_back(monitor: Monitor, run: Path) -> None:
    assert moment(monitor) == "4000 images" and middle(monitor) == 160
    write_sheet(RunFiles(run).sheet(5000), 200)
    monitor.show_run(make_now(run, sheets=(1000, 2000, 3000, 4000, 5000)))
    assert moment(monitor) == "5000 images" and middle(monitor) == 200
    QApplication.processEvents()
    track = child(monitor, Track, "time-track")
    track.setFocus()
    for _ in range(3):
        press(track, Qt.Key.Key_Left)
    assert moment(monitor) == "2000 images" and middle(monitor) == 80
    write_sheet(RunFiles(run).sheet(6000), 240)
    monitor.show_run(make_now(run, sheets=(1000, 2000, 3000, 4000, 5000, 6000)))
    assert moment(monitor) == "2000 images" and middle(monitor) == 80
    button(monitor, "moment-newest").click()
    assert moment(monitor) == "6000 images" and middle(monitor) == 240
    monitor.show_run(make_now(run, sheets=(1000, 2000, 3000, 4000, 5000, 6000, 7000)))
    assert moment(monitor) == "7000 images", "it follows again"


def press(widget: QWidget, key: Qt.Key) -> None:
    from PySide6.QtTest import QTest

    QTest.keyClick(widget, key)


def test_a_press_on_the_track_goes_to_the_nearest_moment(monitor: Monitor, qtbot: QtBot) -> None:
    track = child(monitor, Track, "time-track")
    at = QPoint(round(track.width() * 0.36), track.height() // 2)
    qtbot.mouseClick(track, Qt.MouseButton.LeftButton, pos=at)
    assert moment(monitor) == "2000 images"
    assert track.accessibleDescription() == "2000 images, checkpoint kept"


def test_a_single_moment_is_called_the_only_one(monitor: Monitor, run: Path) -> None:
    monitor.show_run(make_now(run, sheets=(2000,), kept=(2000,), starred=()))
    assert "the only moment so far" in [label.text() for label in monitor._time.findChildren(QLabel)]


def test_curves_and_time_machine_go_together(monitor: Monitor) -> None:
    monitor._curves.moment_asked.emit(1900)
    assert moment(monitor) == "2000 images"
    assert monitor._curves._at == 2000


def test_rolling_back_needs_a_checkpoint_of_the_past(monitor: Monitor, run: Path, qtbot: QtBot) -> None:
    back, opens = button(monitor, "moment-back"), button(monitor, "moment-open")
    assert not back.isEnabled() and "checkpoint" in back.toolTip()
    monitor._time.go_to(2000)
    for found, signal in ((back, monitor.roll_back_asked), (opens, monitor.open_asked)):
        assert found.isEnabled()
        with qtbot.waitSignal(signal, check_params_cb=lambda images: images == 2000):
            found.click()
    last = TrainEvent("stopped", 2000, 8000)
    monitor.show_run(make_now(run, state="stopped", last=last))
    assert not back.isEnabled() and back.toolTip() == "The run is at this moment."


def test_a_run_that_was_rolled_back_shows_its_newest_moment(monitor: Monitor, run: Path) -> None:
    monitor._time.go_to(3000)
    monitor.show_run(make_now(run, sheets=(1000, 2000), starred=()))
    assert moment(monitor) == "2000 images"


def test_stars_show_at_once_and_stay_as_the_run_says(monitor: Monitor, run: Path, qtbot: QtBot) -> None:
    star = button(monitor, "moment-star")
    asked: list[tuple[int, bool]] = []
    monitor.star_asked.connect(lambda images, on: asked.append((images, on)))
    star.click()
    assert star.accessibleName() == "Unstar"
    monitor.show_run(make_now(run, words=("other",)))  # the run has not heard of it yet
    assert star.accessibleName() == "Unstar"
    monitor.show_run(make_now(run, starred=(3000, 4000)))
    monitor.show_run(make_now(run, starred=(3000,)))  # somebody else took it off
    assert star.accessibleName() == "Star"
    monitor._time.go_to(3000)
    star.click()
    assert asked == [(4000, True), (3000, False)]


def test_a_star_that_cannot_be_written_goes_again(
    theme: Theme, document: Document, work: Callable[[], None], run: Path, qtbot: QtBot
) -> None:
    with replace_file(RunFiles(run).config) as stream:
        stream.write(dump_json(TrainConfig(images=8000, checkpoint_every=1000)).encode())
    keeper = RunKeeper(every_s=0.01)
    training = Training(document, keeper, Trainers())
    page = TrainingPage(training, TrainingData(document), theme)
    qtbot.addWidget(page)
    training.add(run)
    page.show()
    qtbot.waitUntil(lambda: training.now.run is not None)
    star = child(page, QPushButton, "moment-star")
    star.click()
    qtbot.waitUntil(lambda: training.now.run.starred == (4000,))
    assert star.accessibleName() == "Unstar"
    RunFiles(run).stars.unlink()
    qtbot.waitUntil(lambda: star.accessibleName() == "Star")
    RunFiles(run).stars.symlink_to(run / "elsewhere.json")  # such a one is refused
    star.click()
    assert star.accessibleName() == "Unstar", "until it is known better"
    qtbot.waitUntil(lambda: star.accessibleName() == "Star")
    qtbot.waitUntil(lambda: document.snapshot.notice is not None)
    training.close()


def test_the_newest_is_held_up_while_c_or_the_button_is_held(monitor: Monitor, qtbot: QtBot) -> None:
    monitor._time.go_to(1000)
    assert middle(monitor) == 40
    qtbot.keyPress(child(monitor, SheetView, "run-sheet"), Qt.Key.Key_C)
    assert middle(monitor) == 160 and moment(monitor) == "4000 images"
    qtbot.keyRelease(child(monitor, SheetView, "run-sheet"), Qt.Key.Key_C)
    assert middle(monitor) == 40
    for widget in (child(monitor, Track, "time-track"), child(monitor, RunLog, "run-log"), button(monitor, "run-stop")):
        qtbot.keyPress(widget, Qt.Key.Key_C)
        assert moment(monitor) == "4000 images", "wherever the focus is"
        qtbot.keyRelease(widget, Qt.Key.Key_C)
    assert moment(monitor) == "1000 images"
    qtbot.mousePress(button(monitor, "moment-compare"), Qt.MouseButton.LeftButton)
    assert middle(monitor) == 160
    qtbot.mouseRelease(button(monitor, "moment-compare"), Qt.MouseButton.LeftButton)
    assert middle(monitor) == 40


def test_a_window_that_is_left_while_c_is_held_shows_the_moment_again(monitor: Monitor, qtbot: QtBot) -> None:
    monitor._time.go_to(1000)
    qtbot.keyPress(monitor, Qt.Key.Key_C)
    QApplication.sendEvent(monitor, QEvent(QEvent.Type.WindowDeactivate))
    assert moment(monitor) == "1000 images"


def test_another_run_begins_at_its_newest_moment(monitor: Monitor, tmp_path: Path) -> None:
    monitor._time.go_to(1000)
    button(monitor, "run-save").click()
    other = make_run(tmp_path / "other", (1000, 2000))
    monitor.show_run(make_now(other, sheets=(1000, 2000)))
    assert moment(monitor) == "2000 images"
    assert button(monitor, "run-save").accessibleName() == "Save now"


# -- samples ---------------------------------------------------------------------------------------------------------


def test_samples_are_cut_out_of_the_sheet_exactly(run: Path) -> None:
    sheet = read_sheet(RunFiles(run).sheet(2000))
    assert sheet is not None and len(sheet.samples) == 48
    assert (sheet.samples[0] == 255).all() and (sheet.samples[47] == 80).all()


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_a_sheet_that_cannot_be_read_says_so(monitor: Monitor, run: Path, content: bytes) -> None:
    RunFiles(run).sheet(5000).write_bytes(content)
    monitor.show_run(make_now(run, sheets=(4000, 5000)))
    wait_for_samples(monitor)
    assert "cannot be read" in child(monitor, SheetView, "run-sheet").accessibleName()


def test_before_the_first_samples_it_says_when_they_come(monitor: Monitor, run: Path) -> None:
    monitor.show_run(make_now(run, sheets=(), kept=(), starred=()))
    assert "1000 images" in child(monitor, SheetView, "run-sheet").accessibleName()
    assert not child(monitor, Track, "time-track").isEnabled()


def test_a_sample_is_seen_large_by_mouse_and_keys(monitor: Monitor, qtbot: QtBot) -> None:
    view = child(monitor, SheetView, "run-sheet")
    wait_for_samples(monitor)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._places(view._side())[0].center())
    assert view.accessibleName() == "Sample 1, large" and middle(monitor) == 255
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.accessibleName() == "Sample 2, large" and middle(monitor) == 160
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert moment(monitor) == "3000 images" and middle(monitor) == 120
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.accessibleName() == "48 samples of fixed codes"


def test_samples_are_read_beside_the_window_and_the_newest_wins(
    monitor: Monitor, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slider runs through all moments while the disk is slow."""
    wait_for_samples(monitor)
    is_fast, read = threading.Event(), []

    def read_slowly(path: Path) -> Sheet | None:
        read.append((path, threading.current_thread() is threading.main_thread()))
        is_fast.wait(60)
        return read_sheet(path)

    monkeypatch.setattr(sheets, "read_sheet", read_slowly)
    for images in (3000, 2000, 1000):
        monitor._time.go_to(images)
    child(monitor, SheetView, "run-sheet").grab()
    is_fast.set()
    assert middle(monitor) == 40
    assert read == [(RunFiles(run).sheet(images), False) for images in (3000, 1000)]


def test_another_run_s_samples_do_not_stay_on_screen(monitor: Monitor, tmp_path: Path) -> None:
    assert middle(monitor) == 160
    other = make_run(tmp_path / "other", (1000,))
    monitor.show_run(make_now(other, sheets=(1000,), kept=(1000,), starred=()))
    assert not child(monitor, SheetView, "run-sheet").is_settled
    assert child(monitor, SheetView, "run-sheet").grab().toImage().pixelColor(60, 60).red() != 160
    assert middle(monitor) == 40


# -- log -------------------------------------------------------------------------------------------------------------


def test_lines_are_added_and_warnings_stand_out(monitor: Monitor, run: Path, theme: Theme) -> None:
    log = child(monitor, RunLog, "run-log")
    monitor.show_run(make_now(run, words=("Learning from 512 portraits", WARNING + "3 were skipped", "Saved")))
    assert log.toPlainText() == "Learning from 512 portraits\n⚠ 3 were skipped\nSaved"
    colours = [
        log.document().findBlockByNumber(place).begin().fragment().charFormat().foreground().color()
        for place in range(3)
    ]
    assert colours == [QColor(theme.colours.text), QColor(theme.colours.danger), QColor(theme.colours.text)]
    monitor.show_run(make_now(run, words=(WARNING + "3 were skipped", "Saved", "More")))
    assert log.toPlainText() == "⚠ 3 were skipped\nSaved\nMore"


def test_new_lines_are_those_after_the_known_ones() -> None:
    assert find_new(("a", "b"), ("a", "b", "c")) == ("c",)
    assert find_new(("a", "b"), ("b", "b")) == ("b",)
    assert find_new((), ("a",)) == find_new(("x",), ("a",)) == ("a",)


def test_the_window_does_not_ask_the_disk_for_what_a_look_has_told(
    monitor: Monitor, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network drive that hangs would hold it up at every look."""
    now, asked, stat = make_now(run, state="killed"), [], os.stat
    wait_for_samples(monitor)

    def ask(path: Any, *rest: Any, **more: Any) -> os.stat_result:
        if threading.current_thread() is threading.main_thread() and str(run) in str(path):
            asked.append(path)
        return stat(path, *rest, **more)

    monkeypatch.setattr(os, "stat", ask)
    for shown in (now, replace(now, disk=RunDisk(has_model=True)), make_now(run)):
        asked.clear()
        monitor.show_run(shown)
        assert not asked
        assert button(monitor, "run-open").isEnabled()
    monitor.show_run(replace(now, disk=RunDisk(has_log=True)))
    assert button(monitor, "card-log").isEnabled() and not button(monitor, "run-open").isEnabled()


# -- cost ------------------------------------------------------------------------------------------------------------


class Paints(QObject):
    """Counts what is painted, and what is laid out anew."""

    def __init__(self, root: QWidget) -> None:
        super().__init__()
        self.count = 0
        for widget in (root, *root.findChildren(QWidget)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() in (QEvent.Type.Paint, QEvent.Type.LayoutRequest, QEvent.Type.StyleChange)
        return False


def settle(rounds: int = 20) -> None:
    for _ in range(rounds):
        QApplication.processEvents()


def test_nothing_is_painted_when_nothing_changed(monitor: Monitor, run: Path) -> None:
    monitor._curves.show()
    wait_for_samples(monitor)
    settle()
    assert monitor._curves._plots is not None and monitor._curves._plots.isVisible()
    paints = Paints(monitor)
    for _ in range(5):
        monitor.show_run(make_now(run))
        settle(3)
    assert paints.count == 0
    monitor.show_run(make_now(run, words=("Learning from 512 portraits", "more")))
    settle(3)
    assert paints.count > 0, "else the counting sees nothing"


def test_a_step_leaves_the_samples_alone(monitor: Monitor, run: Path) -> None:
    wait_for_samples(monitor)
    settle()
    paints = Paints(child(monitor, SheetView, "run-sheet"))
    last = TrainEvent("step", 4300, 8000, 540, 81.0)
    monitor.show_run(make_now(run, last=last))
    settle(3)
    assert paints.count == 0


def test_pyqtgraph_is_imported_only_when_a_monitor_is_seen() -> None:
    source = """
import sys
from PySide6.QtWidgets import QApplication
from sni_desktop.preferences.monitor.monitor import Monitor
from sni_desktop.theme import Theme
app = QApplication([])
monitor = Monitor(Theme(app, "light"))
app.processEvents()
assert "pyqtgraph" not in sys.modules and "torch" not in sys.modules
monitor.show()
app.processEvents()
assert "pyqtgraph" in sys.modules
monitor.close()
print("fine")
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, env=environment, timeout=60)
    assert "fine" in done.stdout, done.stderr
