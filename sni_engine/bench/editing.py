"""How fast this machine draws and edits: whole requests to the engine."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from sni_engine.api.codes import GridSpec
from sni_engine.api.edits import Edit, Resample, StyleTransfer
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Apply, Draw, Event, Failed, NewFace, Opened, Request
from sni_engine.api.part_requests import PartsFound, ReadParts, ShowParts
from sni_engine.api.selection import Selection, select_all
from sni_engine.bench.report import describe_machine, peak_memory_mib, print_rows, write_results
from sni_engine.engine import Engine
from sni_engine.seeds import draw_codes


@dataclass(frozen=True)
class Timing:
    """One line of the table: median and 95th percentile of `runs` repetitions, in milliseconds."""

    name: str
    median_ms: float
    p95_ms: float
    runs: int


def run_editing_bench(
    model: str | None = None, json_path: Path | None = None, quick: bool = False
) -> dict[str, object]:
    """Measure, print a table, write JSON when a path is given, and return what was measured. Raises EngineError."""
    engine = Engine(model)
    opened = next(event for event in _run(engine, NewFace(0, 0)) if isinstance(event, Opened))
    timings = time_engine(engine, opened, 10 if quick else 60)
    engine.close()
    results: dict[str, object] = {
        "model": opened.card.name,
        "resolution_px": opened.card.resolution_px,
        **describe_machine(),
        "timings": [asdict(timing) for timing in timings],
        "peak_memory_mib": peak_memory_mib(),
    }
    rows = [(timing.name, f"{timing.median_ms:.1f} ms", f"{timing.p95_ms:.1f} ms") for timing in timings]
    title = f"{opened.card.name}, {opened.card.resolution_px} px, on {opened.device}"
    print_rows(title, ("what", "median", "95th percentile"), rows)
    write_results(results, json_path)
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
    return timings + time_parts(engine, grid, runs)


def time_parts(engine: Engine, grid: GridSpec, runs: int) -> list[Timing]:
    """Time what one waits for who drags a part's strength, or points at parts; nothing for a model without parts."""
    found = _run(engine, ReadParts(0))[-1]
    if not isinstance(found, PartsFound) or found.parts is None or "style" not in grid.levels:
        return []
    part, base, reference = found.parts.parts[0].name, draw_codes(grid, 1), draw_codes(grid, 2)
    everywhere = select_all(grid, ("style",))

    def draft(index: int) -> Request:
        params = StyleTransfer((index % 100 + 1) / 100, part)
        return Apply(0, base, Edit(params, everywhere, reference=reference))

    return [
        measure("part style, another strength", lambda index: _run(engine, draft(index)), runs),
        measure("map the parts of a face", lambda index: _run(engine, ShowParts(0, draw_codes(grid, index))), runs),
    ]


def measure(name: str, call: Callable[[int], object], runs: int) -> Timing:
    """Time `call` with 1000, 1001, …, after three calls that do not count."""
    times = []
    for index in range(-3, runs):
        started = time.perf_counter()
        call(1000 + index)
        if index >= 0:
            times.append((time.perf_counter() - started) * 1000)
    return Timing(name, round(float(np.median(times)), 2), round(float(np.percentile(times, 95)), 2), runs)


def _run(engine: Engine, request: Request) -> list[Event]:
    events = list(engine.run(request))
    if isinstance(events[-1], Failed):
        raise EngineError(events[-1].title, events[-1].hint)
    return events
