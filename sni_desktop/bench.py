"""What `sni bench desktop` runs: the real window with the real engine, timed from outside, as JSON on stdout.

    python -m sni_desktop.bench [--model NAME|FILE] [--started SECONDS] [--edits N] [--start-only]

It is a program of its own, because a start can be timed only from the start, and the engine's package knows no window.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from sni_desktop.activities.keeping import Keeping
from sni_desktop.app import make_engine
from sni_desktop.document import Document
from sni_desktop.first_sight import FirstSight
from sni_desktop.recovery import new_journal
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_desktop.worker.client import EngineClient
from sni_desktop.worker.journal import JournalWriter
from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes
from sni_engine.api.messages import OpenModel

_BEAT_MS = 10
_TURNS = 3  # of the event loop, in which panels follow the canvas
_DRAGS = 120
_WARM_UP = 500  # edits after which memory is counted: caches are full by then
_BOUND = 50  # steps after which memory is measured on a new face, because a history keeps its steps by design


class Gaps:
    """The longest time between two turns of the event loop since the last reading; a timer asks every 10 ms."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._longest = 0.0
        self._timer = QTimer(interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last)
        self._last = now

    def read_ms(self) -> float:
        """Return the longest gap in milliseconds and start anew."""
        self._beat()
        longest, self._longest = self._longest, 0.0
        return round(longest * 1000, 1)


class Painted(QObject):
    """Knows which picture the canvas painted last, and when it had painted it the first time."""

    def __init__(self, canvas: QObject, document: Document) -> None:
        super().__init__()
        self._document = document
        self.picture: Array | None = None
        self.time = 0.0
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the canvas paint, and look at the clock afterwards."""
        if event.type() != QEvent.Type.Paint:
            return False
        watched.event(event)
        picture = self._document.snapshot.picture
        if picture is not self.picture:
            self.picture, self.time = picture, time.perf_counter()
        return True


class Hand:
    """A person's hand at the window: acts, and waits until the answer is on screen."""

    def __init__(self, app: QApplication, model: str | None, started: float) -> None:
        self.app = app
        self._started = started
        sight = FirstSight()
        self.client = EngineClient(lambda: make_engine(model, "auto", sight.wait))
        self._folder = TemporaryDirectory()
        self.journal = JournalWriter(new_journal(Path(self._folder.name)))
        self.document = Document(self.client)
        self.window = MainWindow(self.document, Theme(app, "light"), Settings(Path("no such file")))
        Keeping(self.document, self.journal)
        sight.watch(self.window)
        self._painted = Painted(self.window.canvas, self.document)
        self.gaps = Gaps()  # its timer also ends every wait for events

    def start(self) -> dict[str, float]:
        """Show the window and wait for its first face; returns how long either took since the program began."""
        self.document.new_face(7)
        self.window.show()
        self.app.processEvents()
        found = {"window_ms": self._age_ms()}
        self.gaps.read_ms()
        self.settle()
        return {**found, "first_picture_ms": self._age_ms(), "gap_starting_ms": self.gaps.read_ms()}

    def _age_ms(self) -> float:
        return round((time.time() - self._started) * 1000, 1)

    def settle(self) -> None:
        """Let the event loop turn until nothing is under way and the picture is painted."""
        while self.document.snapshot.busy or self._painted.picture is not self.document.snapshot.picture:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        assert self.document.snapshot.picture is not None, self.document.snapshot.notice

    def close(self) -> None:
        """End both threads, and leave no journal."""
        self.client.close()
        self.journal.close()
        self._folder.cleanup()

    def select_mouth(self) -> None:
        """Select the cells where the shipped model has the mouth."""
        grid = self.document.snapshot.grid
        assert grid is not None
        cells = np.zeros((grid.rows, grid.columns), np.float32)
        cells[grid.rows * 5 // 8 : grid.rows * 7 // 8, grid.columns * 3 // 8 : grid.columns * 5 // 8] = 1
        self.document.set_cells(cells)

    def resample(self) -> float:
        """Resample, and return the milliseconds from the command to the end of the canvas' painting of the new picture,
        as large and as smooth as it stays. What follows, such as the history's rows, has ended when this returns.
        """
        started = time.perf_counter()
        self.document.resample()
        self.settle()
        taken = (self._painted.time - started) * 1000
        for _ in range(_TURNS):
            self.app.processEvents()
        return taken

    def drag(self) -> None:
        """Drag the amount as a hand does, sixty moves a second."""
        for step in range(_DRAGS):
            self.document.drag_amount(step / _DRAGS)
            until = time.perf_counter() + 1 / 60
            while time.perf_counter() < until:
                self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        self.document.release_amount(1.0)
        self.settle()

    def open_model(self, model: str | None) -> None:
        """Open the model once more, as from the menu."""
        opened: list[object] = []
        self.document.requests.ask(lambda ticket: OpenModel(ticket, model or ""), opened.append)
        self.settle()
        assert opened


def measure(hand: Hand, model: str | None, edits: int, keep: int) -> dict[str, float]:
    """Return everything that is measured of an open window. keep: edits of one long history."""
    from sni_engine.bench.bare import BareEngine

    hand.select_mouth()
    bare, gaps = BareEngine(model), hand.gaps
    for _ in range(5):
        hand.resample()
        bare.draw(current_codes(hand))
    gaps.read_ms()
    screen, drawn, longest = [], [], []
    for _ in range(min(edits, 100)):
        screen.append(hand.resample())
        longest.append(gaps.read_ms())
        drawn.append(bare.time_draw_ms(current_codes(hand)))  # in turn, so that a slow moment slows both
        gaps.read_ms()
    found = {
        "edit_to_screen_ms": statistics.median(screen),
        "bare_draw_ms": statistics.median(drawn),
        "edit_to_screen_ratio": statistics.median(a / b for a, b in zip(screen, drawn, strict=True)),
        "gap_resampling_ms": max(longest),
    }
    for name, action in (("dragging", hand.drag), ("opening_a_model", lambda: hand.open_model(model))):
        gaps.read_ms()
        action()
        found[f"gap_{name}_ms"] = gaps.read_ms()
    found |= bare.time_nine()
    return {**found, **measure_memory(hand, edits, keep)}


def current_codes(hand: Hand) -> Codes:
    """Return the codes that were drawn last."""
    history = hand.document.snapshot.history
    assert history is not None
    return history.current.codes


def measure_memory(hand: Hand, edits: int, keep: int) -> dict[str, float]:
    """Return how memory grows: over edits whose histories are let go, and per step of one history that is kept."""
    from sni_engine.bench.report import memory_mib

    def run(count: int, bound: int) -> None:
        for index in range(count):
            if index % bound == bound - 1:
                hand.document.new_face()
                hand.settle()
            hand.resample()

    run(min(edits, _WARM_UP), _BOUND)
    before = memory_mib()
    run(max(0, edits - _WARM_UP), _BOUND)
    after = memory_mib()
    run(keep, keep + 1)
    kept = memory_mib()
    if before is None or after is None or kept is None:
        return {}
    found = {"memory_mib": before, "memory_growth_mib": after - before, "memory_growth_edits": max(0, edits - _WARM_UP)}
    return {**found, "memory_per_step_kib": (kept - after) * 1024 / keep} if keep else found


def main(words: list[str]) -> int:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser("sni_desktop.bench")
    parser.add_argument("--model")
    parser.add_argument("--started", type=float, default=None)
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--keep", type=int, default=0)
    parser.add_argument("--start-only", action="store_true")
    options = parser.parse_args(words)
    app = QApplication([])
    hand = Hand(app, options.model, options.started or time.time())
    try:
        found = hand.start()
        if not options.start_only:
            found |= measure(hand, options.model, options.edits, options.keep)
        print(json.dumps({name: round(value, 3) for name, value in found.items()}))
    finally:
        hand.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
