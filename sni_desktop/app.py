"""The start of the program: introduces engine, thread, document, theme and window to each other."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sni_engine import __version__

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from sni_desktop.window import MainWindow
    from sni_desktop.worker.client import EngineClient, EngineLike
    from sni_desktop.worker.journal import JournalWriter


def main(argv: list[str] | None = None) -> int:
    """Run the window until it is closed; returns the exit code."""
    options = parse(sys.argv[1:] if argv is None else argv)
    if not has_display():
        print(
            "There is no display to open a window on; the command line works without one: sni --help", file=sys.stderr
        )
        return 1
    calm_numpy()
    return run(options)


def calm_numpy() -> None:
    """Let numpy, before it is imported, multiply matrices on one thread: ours are small, and its idle threads, which
    turn round waiting for more, held up the window for 60 ms on two cores.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; wrong usage ends the program with code 2."""
    parser = argparse.ArgumentParser(
        "sni-desktop", description="Paint over a generated picture and resample just that."
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a project to open, or a PNG with one in it")
    parser.add_argument("--model", metavar="NAME|FILE", help="the model to start with; the shipped one by default")
    parser.add_argument("--device", help="auto, cpu, cuda or mps; as chosen in the settings by default")
    parser.add_argument("--version", action="version", version=f"SNI Desktop {__version__}")
    return parser.parse_args(arguments)


def has_display() -> bool:
    """Say whether a window can be opened; Qt would end the program without a word one can act on."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def run(options: argparse.Namespace) -> int:
    """Build the program and run it."""
    from sni_desktop.first_sight import FirstSight
    from sni_desktop.log import start_log
    from sni_desktop.recovery import new_journal, recovery_folder
    from sni_desktop.settings import Settings
    from sni_desktop.worker.client import EngineClient
    from sni_desktop.worker.journal import JournalWriter

    app = make_application()
    app.setApplicationName("SNI Desktop")
    app.setDesktopFileName("sni-desktop")
    start_log()
    device = options.device or Settings().device
    sight = FirstSight()
    client = EngineClient(lambda: make_engine(options.model, device, sight.wait))
    journal = JournalWriter(new_journal(recovery_folder()))
    ends_well, code = False, 1
    try:
        window = build_window(app, client, journal, options.file)
        sight.watch(window)
        window.show()
        window.runs.training.begin()
        code = app.exec()
        ends_well = True
        return code
    finally:  # also when building fails: the engine's thread would keep the program alive without a window
        sight.end()
        has_ended = client.close()
        journal.close(forget=ends_well and has_ended)
        if not has_ended:
            leave_at_once(code)


def leave_at_once(code: int) -> None:
    """End the program although the engine's thread does not: without a window it would stay for nobody.

    What there is to keep is on the disk by now: the project, which the person was asked about, journal and settings.
    """
    is_mistake = sys.exc_info()[0] is not None
    logging.getLogger(__name__).warning("the engine did not stop; left without it", exc_info=is_mistake)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def make_application() -> "QApplication":
    """Start Qt; where it cannot open windows, say so and leave, before Qt aborts the program."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    def say(kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
        print(text, file=sys.stderr, flush=True)
        if kind == QtMsgType.QtFatalMsg:
            print("No window can be opened here; the command line works without one: sni --help", file=sys.stderr)
            sys.stderr.flush()
            os._exit(1)  # whatever returns from here aborts

    before = qInstallMessageHandler(say)
    app = QApplication(sys.argv[:1])
    qInstallMessageHandler(before)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal; Python's own waits for an event to come
    return app


def build_window(
    app: "QApplication", client: "EngineClient", journal: "JournalWriter", file: Path | None
) -> "MainWindow":
    """Introduce the parts to each other, and start with the file, with what was on screen, or with a new face."""
    from sni_desktop.activities.keeping import Keeping
    from sni_desktop.document import Document
    from sni_desktop.filing import last_face
    from sni_desktop.log import report_mistakes
    from sni_desktop.recovering import Recovering
    from sni_desktop.settings import Settings
    from sni_desktop.theme import Theme
    from sni_desktop.window import MainWindow

    settings = Settings()
    document = Document(client)
    report_mistakes(document.tell)
    window = MainWindow(document, Theme(app, settings.theme), settings)
    Keeping(document, journal)
    last = settings.last if settings.reopens else None
    goes_on = Recovering(document, journal, journal.path.parent, window).start(file, last)
    if file is None and settings.welcome:
        window.host.show_welcome(goes_on, "" if last is None or last == last_face() else last.name)
    return window


def make_engine(model: str | None, device: str, wait: Callable[[], None] | None = None) -> "EngineLike":
    """Make the engine, after waiting; called on the engine's thread, where importing torch holds nobody up."""
    from sni_desktop.worker.warm_up import collect_nothing, load_libraries

    if wait is not None:
        wait()
    load_libraries()
    with collect_nothing():
        from sni_engine.engine import Engine

    return Engine(model, device)
