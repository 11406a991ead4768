"""How fast this machine draws, edits and trains: medians of repeated runs, as a table and as JSON."""

import json
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from sni_engine.api.edits import Edit, Resample
from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file
from sni_engine.api.messages import Apply, Draw, Event, Failed, NewFace, Opened, Request
from sni_engine.api.selection import Selection
from sni_engine.engine import Engine
from sni_engine.seeds import draw_codes
from sni_engine.train.config import PRESETS, TrainConfig
from sni_engine.train.state import RunState
from sni_engine.train.step import take_step


@dataclass(frozen=True)
class Timing:
    """One line of the table: median and 95th percentile of `runs` repetitions, in milliseconds."""

    name: str
    median_ms: float
    p95_ms: float
    runs: int


def run_bench(model: str | None = None, json_path: Path | None = None, quick: bool = False) -> dict[str, object]:
    """Measure, print a table, write JSON when a path is given, and return what was measured. Raises EngineError."""
    engine = Engine(model)
    opened = next(event for event in _run(engine, NewFace(0, 0)) if isinstance(event, Opened))
    timings = time_engine(engine, opened, 10 if quick else 60)
    engine.close()
    rates = {name: measure_training(config, 3 if quick else 12) for name, config in training_cases().items()}
    results: dict[str, object] = {
        "model": opened.card.name,
        "resolution_px": opened.card.resolution_px,
        "device": opened.device,
        "threads": torch.get_num_threads(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}, torch {torch.__version__}",
        "timings": [asdict(timing) for timing in timings],
        "training_images_per_s": rates,
        "peak_memory_mib": peak_memory_mib(),
    }
    print_table(results, timings, rates)
    if json_path is not None:
        with replace_file(json_path) as stream:
            stream.write(json.dumps(results, indent=2).encode() + b"\n")
    return results


def time_engine(engine: Engine, opened: Opened, runs: int) -> list[Timing]:
    """Time whole requests, from codes or edit to a finished picture in memory."""
    grid = opened.card.grid
    cells = np.zeros((grid.rows, grid.columns), np.float32)
    cells[grid.rows // 2 :, grid.columns // 4 : -grid.columns // 4] = 1
    base = draw_codes(grid, 1)

    def edit(level: str) -> Callable[[int], Request]:
        selection = Selection(cells, (level,))  # type: ignore[arg-type]
        return lambda index: Apply(0, base, Edit(Resample(), selection, seed=index))

    timings = [measure("draw a new face", lambda index: _run(engine, Draw(0, draw_codes(grid, index))), runs)]
    if "local" in grid.levels:
        timings.append(measure("resample cells", lambda index: _run(engine, edit("local")(index)), runs))
    timings.append(measure("resample style", lambda index: _run(engine, edit("style")(index)), runs))
    return timings


def measure(name: str, call: Callable[[int], object], runs: int) -> Timing:
    """Time `call` with 1000, 1001, …, after three calls that do not count."""
    times = []
    for index in range(-3, runs):
        started = time.perf_counter()
        call(1000 + index)
        if index >= 0:
            times.append((time.perf_counter() - started) * 1000)
    return Timing(name, round(float(np.median(times)), 2), round(float(np.percentile(times, 95)), 2), runs)


def training_cases() -> dict[str, TrainConfig]:
    """The steps that are timed: both recipes at 64 px, the projected one before and after its features learn."""
    projected = PRESETS["portraits-64"]
    return {
        "plain, 64 px": replace(projected, recipe="plain", judge_widths=PRESETS["pictures-64"].judge_widths),
        "projected, 64 px, features fixed": projected,
        "projected, 64 px, features learning, between penalties": replace(projected, unfreeze_at=0),
    }


def measure_training(config: TrainConfig, steps: int) -> float:
    """Return images/s of the training step alone, the median over steps, on random pictures."""
    torch.set_flush_denormal(True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    state = RunState(config, device)
    real = torch.rand(config.batch, 3, config.resolution_px, config.resolution_px).to(device).mul(2).sub(1)
    times = []
    for index in range(-2, steps):
        started = time.perf_counter()
        take_step(state, real, device.type == "cuda")
        if device.type == "cuda":
            torch.cuda.synchronize()
        if index >= 0:
            times.append(time.perf_counter() - started)
    return round(config.batch / float(np.median(times)), 1)


PORTRAITS = {"cpu": {64: 64, 128: 32, 256: 8}, "cuda": {64: 1024, 128: 256, 256: 64}}
"""How many portraits are timed at once on each kind of device, by their size in pixels."""


def run_portrait_bench(json_path: Path | None = None, quick: bool = False) -> dict[str, object]:
    """Measure how fast portraits are drawn at 64, 128 and 256 px, print it, write JSON, and return it."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    share, runs = (4, 1) if quick else (1, 3)
    rates = {
        f"{size} px": measure_portraits(size, count // share, runs, device) for size, count in PORTRAITS[device].items()
    }
    results: dict[str, object] = {
        "device": torch.cuda.get_device_name() if device == "cuda" else "cpu",
        "threads": torch.get_num_threads(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}, torch {torch.__version__}",
        "portraits_per_s": rates,
        "peak_memory_mib": peak_memory_mib(),
    }
    for name, rate in rates.items():
        print(f"portraits of {name}: {rate:.1f} a second on {results['device']}")
    if json_path is not None:
        with replace_file(json_path) as stream:
            stream.write(json.dumps(results, indent=2).encode() + b"\n")
    return results


def measure_portraits(size_px: int, count: int, runs: int, device: str) -> float:
    """Return portraits/s with masks, from seeds to bytes in memory: the median over `runs` after a warm one."""
    from sni_engine.portraits import render_batches

    times = []
    for run in range(-1, runs):
        started = time.perf_counter()
        seeds = range(count * (run + 1), count * (run + 2)) if run >= 0 else range(max(count // 8, 1))
        for _ in render_batches(seeds, size_px, batch=count, device=device):
            pass
        if run >= 0:
            times.append(time.perf_counter() - started)
    return round(count / float(np.median(times)), 2)


def peak_memory_mib() -> float | None:
    """Return the most memory this process has held, in MiB; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def print_table(results: dict[str, object], timings: list[Timing], rates: dict[str, float]) -> None:
    """Print the results for people."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=f"{escape(str(results['model']))}, {results['resolution_px']} px, on {results['device']}")
    table.add_column("what")
    table.add_column("median", justify="right")
    table.add_column("95th percentile", justify="right")
    for timing in timings:
        table.add_row(timing.name, f"{timing.median_ms:.1f} ms", f"{timing.p95_ms:.1f} ms")
    for name, rate in rates.items():
        table.add_row(f"training step: {name}", f"{rate:.1f} images/s", "")
    memory = results["peak_memory_mib"]
    table.add_row("peak memory", "unknown" if memory is None else f"{memory:.0f} MiB", "")
    Console().print(table)


def _run(engine: Engine, request: Request) -> list[Event]:
    events = list(engine.run(request))
    if isinstance(events[-1], Failed):
        raise EngineError(events[-1].title, events[-1].hint)
    return events
