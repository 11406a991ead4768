"""How fast the trainer's steps are, penalties counted as often as they come."""

from dataclasses import replace
from pathlib import Path

import torch

from sni_engine.api.train_presets import PRESETS
from sni_engine.api.training import TrainConfig
from sni_engine.bench.report import describe_machine, peak_memory_mib, print_rows, write_results
from sni_engine.train.batch import wants_bf16
from sni_engine.train.rehearsal import measure_step, measure_utilisation
from sni_engine.train.state import RunState

# the channels of StyleGAN2-ADA's reference code with --cfg cbase=4096, cmax=128, from the grid's 8 px up, and from full
# size down; its discriminator, too, ends at 4 px
_REFERENCE_64 = TrainConfig(
    widths=(128, 128, 128, 64), judge_widths=(64, 128, 128, 128, 128), augment="none", flip=False, r1=1.0
)
_REFERENCE_128 = replace(
    _REFERENCE_64, resolution_px=128, widths=(128, 128, 128, 64, 32), judge_widths=(32, 64, 128, 128, 128, 128)
)


def list_cases() -> dict[str, TrainConfig]:
    """Return the runs whose steps are timed."""
    projected = PRESETS["portraits-64"]
    return {
        "plain, 64 px": replace(projected, recipe="plain", locality=0.0, judge_widths=(32, 64, 128, 192, 192)),
        "projected, 64 px, features fixed": projected,
        "projected, 64 px, features learning": replace(projected, unfreeze_at=0),
        "plain, 64 px, StyleGAN2-ADA's channels (cbase 4096, cmax 128)": _REFERENCE_64,
        "plain, 128 px, StyleGAN2-ADA's channels (cbase 4096, cmax 128)": _REFERENCE_128,
    }


def run_training_bench(json_path: Path | None = None, quick: bool = False) -> dict[str, object]:
    """Measure the trainer's images/s on random pictures, print them, write JSON, and return them."""
    torch.set_flush_denormal(True)
    runs = 2 if quick else 8
    cases = {name: time_case(config, runs) for name, config in list_cases().items()}
    results: dict[str, object] = {**describe_machine(), "training": cases, "peak_memory_mib": peak_memory_mib()}
    rows = [(name, *(f"{number:.3g}" for number in case.values())) for name, case in cases.items()]
    head = ("training step", *(next(iter(cases.values()))))
    print_rows(f"training, batch {_REFERENCE_64.batch}, on {results['device']}", head, rows)
    write_results(results, json_path)
    return results


def time_case(config: TrainConfig, runs: int) -> dict[str, float]:
    """Return images/s, and on a GPU which share of the time it computes: what is missing to 1, it waits for Python."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    state, autocast = RunState(config, device), wants_bf16(config, device)
    found = {
        "weights, M": round(_count(state.generator) + _count(state.judge), 2),
        "images/s": round(config.batch / measure_step(state, state.is_frozen, autocast, runs), 2),
    }
    if device.type == "cuda":
        found["GPU busy"] = round(measure_utilisation(state, autocast), 2)
    return found


def _count(module: torch.nn.Module) -> float:
    return sum(parameter.numel() for parameter in module.parameters()) / 1e6
