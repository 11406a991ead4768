"""How long drawing takes at the channels of StyleGAN2-ADA, whose reference code is the one to compare with."""

import statistics
import time
from pathlib import Path

import torch

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.bench.report import describe_machine, print_rows, write_results
from sni_engine.device import choose_device
from sni_engine.drawing import Painter
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes

# its --cfg with cbase=16384, cmax=256, from the grid's 8 px up
_WIDTHS = {64: (256, 256, 256, 256), 128: (256, 256, 256, 256, 128), 256: (256, 256, 256, 256, 128, 64)}


def run_channels_bench(json_path: Path | None = None, quick: bool = False) -> dict[str, object]:
    """Draw with random weights, which changes nothing about the time; print, write JSON, and return medians."""
    cases = {str(side): time_case(side, 3 if quick else 25) for side in _WIDTHS}
    results: dict[str, object] = {**describe_machine(), "channels": cases}
    rows = [(f"{side} px", *(f"{number:.1f}" for number in case.values())) for side, case in cases.items()]
    head = ("StyleGAN2-ADA's channels (cbase 16384, cmax 256)", *next(iter(cases.values())))
    print_rows(f"drawing one picture, style kept, on {results['device']}", head, rows)
    write_results(results, json_path)
    return results


def time_case(side: int, runs: int) -> dict[str, float]:
    """Return median and best time of a picture of `side` pixels, in milliseconds."""
    torch.manual_seed(0)
    config = GeneratorConfig(widths=_WIDTHS[side])
    painter = Painter(Generator(config), choose_device())
    first, other = draw_codes(config.grid, 1), draw_codes(config.grid, 2)
    times = []
    for run in range(-2, runs):
        codes = (first, first.with_levels({"local": other.local}))[run % 2]
        started = time.perf_counter()
        painter.draw(codes)
        if run >= 0:
            times.append((time.perf_counter() - started) * 1000)
    return {"median, ms": round(statistics.median(times), 2), "best, ms": round(min(times), 2)}
