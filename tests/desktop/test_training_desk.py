"""What the window shows of training: the sign in the status bar, the word at the end, the question when it closes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QInputDialog, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from sni_desktop.activities.training import Training
from sni_desktop.document import Document
from sni_desktop.hosting import _CHAPTERS
from sni_desktop.notices import NoticeBar
from sni_desktop.preferences.monitor.monitor import Monitor
from sni_desktop.preferences.training import TrainingPage
from sni_desktop.preferences.training_form import draft as drafts
from sni_desktop.preferences.training_form.form import TrainingForm
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_desktop.training_desk import describe_sign, is_trained_unseen
from sni_desktop.window import MainWindow
from sni_engine.api.run_list import runs_folder
from sni_engine.api.run_watch import RunNow
from sni_engine.api.runs import RunFiles, TrainEvent
from sni_engine.api.train_requests import RollBack

from .conftest import forget_changes
from .fakes import DirectClient, child
from .test_training import SMOKE, FakeKeeper, FakeTrainers, make_run


@pytest.fixture
def keeper(qapp: object) -> FakeKeeper:
    return FakeKeeper()


@pytest.fixture
def trainers() -> Iterator[FakeTrainers]:
    trainers = FakeTrainers()
    yield trainers
    for path in list(trainers.locks):
        trainers.end(path)


@pytest.fixture
def busy(
    document: Document, theme: Theme, qtbot: QtBot, keeper: FakeKeeper, trainers: FakeTrainers, tmp_path: Path
) -> MainWindow:
    """A window with a run under way."""
    window = MainWindow(document, theme, Settings(), Training(document, keeper, trainers))
    qtbot.addWidget(window, before_close_func=forget_changes)
    window.show()
    window.runs.training.start(SMOKE, tmp_path / "mine")
    return window


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
    """Press the button with a text in every question; return what was asked."""
    asked: list[str] = []

    def press(box: QMessageBox) -> int:
        asked.append(box.text())
        next(button for button in box.buttons() if button.text().replace("&", "") == text).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press)
    return asked


def test_the_sign_says_how_far_it_is_and_leads_to_the_run(
    busy: MainWindow, keeper: FakeKeeper, trainers: FakeTrainers, tmp_path: Path
) -> None:
    sign = busy.runs.sign
    assert sign.isVisible()
    assert sign.text() == "Preparing mine 0 %"
    RunFiles(tmp_path / "mine").append_event(TrainEvent("step", 2_000, 8_000, losses={"generator": 1.0}))
    keeper.look()
    assert sign.text() == "Training mine 25 %"
    busy.runs.training.show(None)
    sign.click()
    assert busy.runs.training.now.shown == tmp_path / "mine"
    assert busy.host._dialog is not None
    assert busy.host._dialog.page == "training"
    trainers.end(tmp_path / "mine", "stopped")
    keeper.look()
    assert not sign.isVisible()
    assert busy.document.snapshot.notice is None  # the person stopped it, and knows


@pytest.mark.parametrize(
    ("kind", "word", "told"), [("done", "trained", "info"), ("failed", "problem", "error"), ("", "broke off", "error")]
)
def test_the_end_of_a_run_is_told(
    busy: MainWindow, keeper: FakeKeeper, trainers: FakeTrainers, tmp_path: Path, kind: str, word: str, told: str
) -> None:
    trainers.end(tmp_path / "mine", kind)
    keeper.look()
    notice = busy.document.snapshot.notice
    assert notice is not None
    assert word in notice.title
    assert notice.kind == told


def test_the_end_offers_the_model_and_stays_until_it_is_put_away(
    busy: MainWindow, keeper: FakeKeeper, trainers: FakeTrainers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(busy.runs, "open_model", opened.append)
    trainers.end(tmp_path / "mine", "done")
    keeper.look()
    busy.document.refresh()
    assert not busy._notices._leave.isActive()
    offers = [child(busy._notices, QPushButton, name) for name in ("notice-offer", "notice-other-offer")]
    assert [offer.text() for offer in offers] == ["Open in editor", "Show run"]
    busy.document.dismiss_notice()
    assert (busy.runs.sign.isVisible(), busy.runs.sign.text()) == (True, "mine is trained")
    busy.runs.take_offer("open-trained")
    assert opened == [tmp_path / "mine"]
    assert not busy.runs.sign.isVisible()


def test_the_sign_of_an_end_leads_to_the_run(
    busy: MainWindow, keeper: FakeKeeper, trainers: FakeTrainers, tmp_path: Path
) -> None:
    trainers.end(tmp_path / "mine", "failed")
    keeper.look()
    busy.runs.training.show(None)
    assert busy.runs.sign.text() == "mine broke off"
    busy.runs.sign.click()
    assert busy.runs.training.now.shown == tmp_path / "mine"
    assert not busy.runs.sign.isVisible()


def test_a_run_trained_between_two_looks_is_told_of(tmp_path: Path) -> None:
    before = RunNow(tmp_path, "stopped", last=TrainEvent("stopped", 4, 8))
    done = RunNow(tmp_path, "done", last=TrainEvent("done", 8, 8))
    assert is_trained_unseen(before, done, 4)
    assert not is_trained_unseen(done, done, 8)
    assert not is_trained_unseen(before, done, 8), "it was rolled back and brought back"
    assert not is_trained_unseen(None, done, 0), "it was trained before anybody looked"


def test_messages_are_shown_in_the_settings_too(
    busy: MainWindow, keeper: FakeKeeper, trainers: FakeTrainers, tmp_path: Path
) -> None:
    trainers.end(tmp_path / "mine", "stopped")
    keeper.look()
    busy.host.show_settings("training")
    dialog = busy.host._dialog
    assert dialog is not None
    busy.runs.training.add(Path("/no/run/here"))
    busy.document.refresh()
    bar = child(dialog, NoticeBar, "notice")
    assert bar.isVisible()
    assert "no training run" in " ".join(label.text() for label in bar.findChildren(QLabel))
    child(bar, QPushButton, "close-notice").click()
    busy.document.refresh()
    assert not bar.isVisible()
    assert not busy._notices.isVisible()


def test_f1_opens_the_guide_at_the_page_s_chapter_and_the_size_is_remembered(
    busy: MainWindow, keeper: FakeKeeper, trainers: FakeTrainers, tmp_path: Path
) -> None:
    trainers.end(tmp_path / "mine", "stopped")
    keeper.look()
    for page, heading in _CHAPTERS.items():
        busy.host.show_settings(page)
        assert busy.host._dialog is not None
        # by hand: without a window system the window below would take the key
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier)
        busy.host._dialog.keyPressEvent(key)
        assert busy.host._guide is not None
        assert busy.host._guide._page.textCursor().block().text() == heading
    busy.host._dialog.resize(760, 610)
    busy.host._dialog.hide()
    busy.host._dialog = None
    busy.host.show_settings("models")
    assert busy.host._dialog.size() == QSize(760, 610)


def test_closing_asks_what_becomes_of_the_run(
    busy: MainWindow, trainers: FakeTrainers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = RunFiles(tmp_path / "mine")
    asked = answer(monkeypatch, "Cancel")
    assert not busy.close()
    assert asked == ["mine is still training."]
    answer(monkeypatch, "Keep training")
    assert busy.close()
    assert not files.read_wishes().stop
    busy.show()
    answer(monkeypatch, "Stop and save")
    assert busy.close()
    assert files.read_wishes().stop


def test_runs_that_others_began_are_there_when_the_page_comes_into_sight(
    busy: MainWindow, keeper: FakeKeeper, trainers: FakeTrainers, tmp_path: Path
) -> None:
    make_run(runs_folder() / "by-hand")
    busy.host.show_settings("training")
    assert [run.path.name for run in busy.runs.training.now.runs] == ["mine", "by-hand"]
    trainers.end(tmp_path / "mine", "stopped")
    keeper.look()


def test_a_form_that_could_not_be_begun_stays_filled_in(
    busy: MainWindow, keeper: FakeKeeper, trainers: FakeTrainers
) -> None:
    busy.host.show_settings("training")
    page = busy.findChildren(TrainingPage)[0]
    page.open_form()
    form = child(page, TrainingForm, "")
    form._set(drafts.choose_preset(form.draft, "cpu-smoke"))
    form._set(drafts.change(drafts.change(form.draft, "batch", 24), "device", "cpu"))
    trainers.problem = "The disk is full."
    form._begin()
    assert form.isVisible()
    assert form.draft.wishes.batch == 24
    trainers.problem = ""
    form._begin()
    assert not form.isVisible()
    assert busy.runs.training.now.run is not None
    for path in list(trainers.locks):
        trainers.end(path, "done")
    keeper.look()


def test_a_run_on_its_page_is_brought_back_and_trained_on(
    busy: MainWindow,
    keeper: FakeKeeper,
    trainers: FakeTrainers,
    client: DirectClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainers.end(tmp_path / "mine", "done")
    keeper.look()
    busy.host.show_settings("training")
    monitor = busy.findChildren(Monitor)[0]
    monitor.bring_back_asked.emit()
    asked = [request for request, *_ in client.queue if isinstance(request, RollBack)]
    assert [(request.path, request.images) for request in asked] == [(tmp_path / "mine", 0)]
    monkeypatch.setattr(QInputDialog, "exec", lambda box: 0)
    monitor.train_on_asked.emit()
    assert len(trainers.started) == 1, "the person thought better of it"
    monkeypatch.setattr(QInputDialog, "exec", lambda box: 1)
    monitor.train_on_asked.emit()
    config, path, resume, _ = trainers.started[1]
    assert (config.images > SMOKE.images, path, resume) == (True, tmp_path / "mine", True)
    trainers.end(path, "done")
    keeper.look()


def test_a_roll_back_is_asked_about_with_the_stars_that_go_aside(
    busy: MainWindow,
    keeper: FakeKeeper,
    trainers: FakeTrainers,
    client: DirectClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainers.end(tmp_path / "mine", "stopped")
    RunFiles(tmp_path / "mine").write_stars((8, 24))
    keeper.look()
    busy.host.show_settings("training")
    told: list[str] = []

    def press(box: QMessageBox) -> int:
        told.append(box.informativeText())
        next(button for button in box.buttons() if "Roll back" in button.text()).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press)
    busy.findChildren(Monitor)[0].roll_back_asked.emit(16)
    assert "24 images" in told[0] and "8 images" not in told[0]
    assert [request.images for request, *_ in client.queue if isinstance(request, RollBack)] == [16]


def test_several_runs_are_counted(tmp_path: Path) -> None:
    runs = tuple(RunNow(tmp_path / name, "paused", last=TrainEvent("paused", 1, 4)) for name in "ab")
    assert describe_sign(runs) == "a paused at 25 % +1"
