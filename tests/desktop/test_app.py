"""The start of the program, its thread and its log."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sni_desktop import app
from sni_desktop.document import Document
from sni_desktop.log import log_path, report_mistakes, start_log
from sni_desktop.recovery import new_journal, recovery_folder
from sni_desktop.snapshot import Notice
from sni_desktop.window import MainWindow
from sni_desktop.worker.client import EngineClient
from sni_desktop.worker.journal import JournalWriter

from .conftest import forget_changes
from .fakes import FakeEngine


@pytest.fixture
def slow_client(engine: FakeEngine, qtbot: QtBot) -> Iterator[EngineClient]:
    """A thread on which importing takes half a second, and drawing as long."""
    engine.delay_s = 0.5

    def make() -> FakeEngine:
        time.sleep(0.5)
        return engine

    client = EngineClient(make)
    yield client
    client.close()


@pytest.fixture
def journal(qtbot: QtBot) -> Iterator[JournalWriter]:
    journal = JournalWriter(new_journal(recovery_folder()))
    yield journal
    journal.close()


def start(
    qtbot: QtBot, client: EngineClient, journal: JournalWriter, file: Path | None, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # put back after the test
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    window = app.build_window(application, client, journal, file)
    qtbot.addWidget(window, before_close_func=forget_changes)
    window.show()
    return window


def test_a_face_is_drawn_at_the_start_and_the_window_never_waits(
    slow_client: EngineClient, journal: JournalWriter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start(qtbot, slow_client, journal, None, monkeypatch)
    beats: list[float] = []
    heart = QTimer(window, interval=10)
    heart.timeout.connect(lambda: beats.append(time.monotonic()))
    heart.start()
    qtbot.waitUntil(lambda: window.document.snapshot.picture is not None)
    assert len(beats) > 20, "the window stood still while the engine slept for a second"


def test_a_file_named_at_the_start_is_opened(
    face: Document,
    slow_client: EngineClient,
    journal: JournalWriter,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "face.sni"
    face.save(path)
    window = start(qtbot, slow_client, journal, path, monkeypatch)
    qtbot.waitUntil(lambda: window.document.snapshot.picture is not None)
    assert window.document.snapshot.path == path
    assert window.document.snapshot.history == face.snapshot.history


def test_a_wrong_file_named_at_the_start_is_a_notice_beside_a_new_face(
    slow_client: EngineClient, journal: JournalWriter, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start(qtbot, slow_client, journal, tmp_path / "missing.sni", monkeypatch)
    qtbot.waitUntil(lambda: window.document.snapshot.notice is not None)
    told = window.document.snapshot.notice
    qtbot.waitUntil(lambda: window.document.snapshot.picture is not None)
    QCoreApplication.processEvents()
    assert window.document.snapshot.notice is told, "the face beside it does not settle it"


def test_options() -> None:
    options = app.parse(["face.sni", "--model", "own", "--device", "cpu"])
    assert (options.file, options.model, options.device) == (Path("face.sni"), "own", "cpu")
    with pytest.raises(SystemExit) as wrong:
        app.parse(["--nonsense"])
    assert wrong.value.code == 2


def test_a_start_without_a_display_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(app.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert app.main([]) == 1
    said = capsys.readouterr().err
    assert "no display" in said
    assert "sni --help" in said


STUCK = """
import sys, threading
from PySide6.QtCore import QTimer
from sni_desktop import app
from sni_desktop.worker.client import EngineClient

class Stuck:
    def run(self, request):
        threading.Event().wait()
        yield

def build(*parts):
    window = build_window(*parts)
    QTimer.singleShot(300, window.close)
    return window

close, build_window = EngineClient.close, app.build_window
EngineClient.close = lambda self: close(self, patience_s=0.2)
app.make_engine, app.build_window = lambda *_: Stuck(), build
sys.exit(app.main([]))
"""


def test_an_engine_that_never_stops_keeps_no_program_without_a_window() -> None:
    ended = subprocess.run([sys.executable, "-c", STUCK], capture_output=True, text=True, timeout=60)
    told = [line for line in ended.stderr.splitlines() if "This plugin does not support" not in line]
    assert (ended.returncode, told) == (0, [])
    assert "did not stop" in log_path().read_text()


def test_where_qt_cannot_open_windows_it_says_so_instead_of_aborting() -> None:
    code = "import sys; from sni_desktop.app import main; sys.exit(main([]))"
    environment = {**os.environ, "QT_QPA_PLATFORM": "no-such-platform"}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "sni --help" in ended.stderr.splitlines()[-1]


# -- the log ---------------------------------------------------------------------------------------------------------


def test_mistakes_are_logged_and_told(
    private_home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    told: list[Notice] = []
    path = start_log()
    assert path is not None
    report_mistakes(told.append)
    try:
        raise ZeroDivisionError("oh")
    except ZeroDivisionError as error:
        sys.excepthook(ZeroDivisionError, error, error.__traceback__)
    assert "oh" in told[0].title
    assert "ZeroDivisionError" in told[0].details
    assert "ZeroDivisionError" in path.read_text()
    assert private_home in path.parents
    caplog.clear()
    stop_log()


def stop_log() -> None:
    for name in ("sni_desktop", "sni_engine"):
        logger = logging.getLogger(name)
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()


def test_a_mistake_in_telling_is_not_told_for_ever(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    told: list[Notice] = []

    def tell(notice: Notice) -> None:
        told.append(notice)
        sys.excepthook(ValueError, ValueError("again"), None)

    report_mistakes(tell)
    sys.excepthook(ValueError, ValueError("first"), None)
    assert len(told) == 1
    caplog.clear()
