"""How fast the whole program is: starts the window in processes of its own, and tells what they measured."""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.bench.report import describe_machine, print_rows, write_results

_LABELS = {
    "window_ms": "start to the window, ms",
    "first_picture_ms": "start to the first picture, ms",
    "edit_to_screen_ms": "resample cells: edit to painted picture, ms",
    "bare_draw_ms": "the same codes drawn alone, ms",
    "edit_to_screen_ratio": "edit to painted picture / drawn alone",
    "nine_together_ms": "nine candidates in one request, edits and locality included, ms",
    "nine_singly_ms": "their codes drawn one by one, ms",
    "nine_ratio": "nine together / one by one",
    "gap_starting_ms": "longest gap of the event loop: starting, ms",
    "gap_resampling_ms": "… resampling, ms",
    "gap_dragging_ms": "… dragging the amount, ms",
    "gap_opening_a_model_ms": "… opening a model, ms",
    "memory_mib": "memory, MiB",
    "memory_growth_mib": "… its growth over the edits after the first 500, MiB",
    "memory_growth_edits": "… how many edits those are",
    "memory_per_step_kib": "… each step that a history keeps, KiB",
}


def run_desktop_bench(
    model: str | None = None,
    json_path: Path | None = None,
    quick: bool = False,
    long: bool = False,
    on_screen: bool = False,
) -> dict[str, object]:
    """Measure, print a table, write JSON when a path is given, and return what was measured. Raises EngineError.

    long: 10 000 edits instead of 1 500. on_screen: in a window one can see, not in Qt's offscreen one.
    """
    starts = [_run_window(model, on_screen, "--start-only") for _ in range(2 if quick else 7)]
    edits = 30 if quick else 10_000 if long else 1500
    found = _run_window(model, on_screen, "--edits", str(edits), "--keep", str(0 if quick else 500))
    found |= {name: round(statistics.median(start[name] for start in starts), 1) for name in starts[0]}
    results: dict[str, object] = {**describe_machine(), "starts": len(starts), "edits": edits, "desktop": found}
    rows = [(label, f"{found[name]:.4g}") for name, label in _LABELS.items() if name in found]
    print_rows("the window, on " + ("a display" if on_screen else "Qt's offscreen one"), ("what", "median"), rows)
    write_results(results, json_path)
    return results


def _run_window(model: str | None, on_screen: bool, *words: str) -> dict[str, float]:
    """Start the window in a process of its own and return what it measured."""
    environment = {"OPENBLAS_NUM_THREADS": "1", **os.environ}  # as the program itself says, before numpy is imported
    if not on_screen:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "sni_desktop.bench", "--started", str(time.time()), *words]
    if model is not None:
        command += ["--model", model]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise EngineError(f"The window could not be measured: {last}", "Start it by itself: sni-desktop.")
    found: dict[str, float] = json.loads(done.stdout)
    return found
