"""How fast portraits are drawn, with their masks."""

import time
from pathlib import Path

import numpy as np
import torch

from sni_engine.bench.report import describe_machine, peak_memory_mib, print_rows, write_results
from sni_engine.portraits import render_batches

COUNTS = {"cpu": {64: 64, 128: 32, 256: 8}, "cuda": {64: 1024, 128: 256, 256: 64}}
"""How many portraits are timed at once on each kind of device, by their size in pixels."""


def run_portrait_bench(json_path: Path | None = None, quick: bool = False) -> dict[str, object]:
    """Measure how fast portraits are drawn at 64, 128 and 256 px, print it, write JSON, and return it."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    share, runs = (4, 1) if quick else (1, 3)
    rates = {
        f"{size} px": measure_portraits(size, count // share, runs, device) for size, count in COUNTS[device].items()
    }
    results: dict[str, object] = {
        **describe_machine(),
        "portraits_per_s": rates,
        "peak_memory_mib": peak_memory_mib(),
    }
    rows = [(name, f"{rate:.1f} / s") for name, rate in rates.items()]
    print_rows(f"portraits, on {results['device']}", ("size", "median"), rows)
    write_results(results, json_path)
    return results


def measure_portraits(size_px: int, count: int, runs: int, device: str) -> float:
    """Return portraits/s with masks, from seeds to bytes in memory: the median over `runs` after a warm one."""
    times = []
    for run in range(-1, runs):
        started = time.perf_counter()
        seeds = range(count * (run + 1), count * (run + 2)) if run >= 0 else range(max(count // 8, 1))
        for _ in render_batches(seeds, size_px, batch=count, device=device):
            pass
        if run >= 0:
            times.append(time.perf_counter() - started)
    return round(count / float(np.median(times)), 2)
