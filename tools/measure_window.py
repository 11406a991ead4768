"""Measure the real window with the shipped model: time to window and picture, the longest gaps of its event loop.

    python tools/measure_window.py

A timer fires every millisecond; the time between two of its calls is how long a person's mouse would have waited.
Prints JSON. Needs a display, or QT_QPA_PLATFORM=offscreen.
"""

import json
import time

STARTED = time.perf_counter()

import numpy as np  # noqa: E402
from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from sni_desktop.app import make_engine  # noqa: E402
from sni_desktop.document import Document  # noqa: E402
from sni_desktop.settings import Settings  # noqa: E402
from sni_desktop.theme import Theme  # noqa: E402
from sni_desktop.window import MainWindow  # noqa: E402
from sni_desktop.worker.client import EngineClient  # noqa: E402

RESAMPLINGS = 40
DRAGS = 120


class Gaps:
    """The longest time between two turns of the event loop since the last reading."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._longest = 0.0
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last)
        self._last = now

    def read_ms(self) -> float:
        """Return the longest gap in milliseconds and start anew."""
        longest, self._longest, self._last = self._longest, 0.0, time.perf_counter()
        return round(longest * 1000, 1)


def main() -> None:
    """Start the window, wait for its picture, resample, drag, and print what was measured."""
    app = QApplication([])
    client = EngineClient(lambda: make_engine(None, "auto"))
    document = Document(client)
    window = MainWindow(document, Theme(app, "light"), Settings())
    window.show()
    app.processEvents()
    found: dict[str, float] = {"window_ms": since_start_ms()}
    gaps = Gaps()
    document.new_face(7)
    settle(app, document)
    found["first_picture_ms"] = since_start_ms()
    found["longest_gap_opening_ms"] = gaps.read_ms()
    cells = np.zeros((8, 8), np.float32)
    cells[5:7, 3:5] = 1
    document.set_cells(cells)
    times = [resample(app, document) for _ in range(RESAMPLINGS)]
    found["resample_to_screen_median_ms"] = round(float(np.median(times)), 1)
    found["longest_gap_resampling_ms"] = gaps.read_ms()
    drag(app, document)
    found["longest_gap_dragging_ms"] = gaps.read_ms()
    print(json.dumps(found, indent=2))
    client.close()


def since_start_ms() -> float:
    """Return the time since this program began."""
    return round((time.perf_counter() - STARTED) * 1000, 1)


def settle(app: QApplication, document: Document) -> None:
    """Let the event loop turn until nothing is under way."""
    while document.snapshot.picture is None or document.snapshot.busy:
        app.processEvents()
        time.sleep(0.0005)


def resample(app: QApplication, document: Document) -> float:
    """Resample and return the milliseconds until the picture is painted."""
    started = time.perf_counter()
    document.resample()
    settle(app, document)
    app.processEvents()
    return (time.perf_counter() - started) * 1000


def drag(app: QApplication, document: Document) -> None:
    """Drag the amount as a hand does, sixty moves a second."""
    for step in range(DRAGS):
        document.drag_amount(step / DRAGS)
        until = time.perf_counter() + 1 / 60
        while time.perf_counter() < until:
            app.processEvents()
            time.sleep(0.0005)
    document.release_amount(1.0)
    settle(app, document)


if __name__ == "__main__":
    main()
