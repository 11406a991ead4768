"""What a run would meet, before its first step: every problem at once, and how much time, memory and disk it takes.

`make_forecast` serves a command as well as a dialog: it yields events while it measures, and returns a frozen value.
"""

import math
from collections.abc import Generator, Iterator
from pathlib import Path

import torch

from sni_engine.api.forecast import Forecast, Need, Phase
from sni_engine.api.memory import count_available_bytes
from sni_engine.api.paths import cache_folder
from sni_engine.api.runs import TrainEvent
from sni_engine.api.training import TrainConfig
from sni_engine.device import choose_device, free_memory, is_out_of_memory, name_device
from sni_engine.train import memory, rehearsal
from sni_engine.train.batch import wants_bf16
from sni_engine.train.feed import count_held_bytes
from sni_engine.train.keep import SHEET_SEEDS, draw_samples
from sni_engine.train.portrait_set import count_missing
from sni_engine.train.preflight import Findings, check_out, check_pictures, count_run_folder, tell_shortage
from sni_engine.train.run_folder import RunFolder
from sni_engine.train.score import count_score_bytes
from sni_engine.train.state import RunState

_SLACK = 1.15  # memory: allocators round up, and sheets are drawn beside the training


def make_forecast(config: TrainConfig, out: Path, resume: bool = False) -> Generator[TrainEvent, None, Forecast]:
    """Yield events while pictures are read and steps measured, some ten seconds; return what was found.

    The config may be TrainWishes that make no sense: what can be checked is checked all the same. Own pictures are
    scaled and kept as the run itself would; everything else is left as it was found. Never raises EngineError.
    """
    found = Findings([f"{problem}." for problem in config.problems()])
    is_sound = not found.problems
    device = torch.device("cpu")
    with found.collecting():
        device = choose_device(config.device)
    seen = check_out(config, Path(out), resume, found)
    pictures, count = yield from check_pictures(config, found)
    phases: list[Phase] = []
    held: list[Need] = []
    if is_sound:
        checkpoints = math.ceil(max(0, config.images - seen) / config.checkpoint_every)
        found.disk.append(count_run_folder(config, Path(out), checkpoints))
    found.problems += [tell_shortage(need) for need in found.disk if not need.fits]
    if is_sound and not found.problems:
        yield TrainEvent("setup", 0, 1, text="Measuring some steps")
        phases, held = _rehearse(config, device, RunFolder(Path(out)), seen, count)
        found.problems += [tell_shortage(need) for need in held if not need.fits]
    elif found.problems:
        found.notes.append("Time and memory are measured once the problems are solved.")
    return Forecast(
        *(tuple(found.problems), tuple(found.notes), pictures, name_device(device)),
        *(tuple(phases), tuple(held), tuple(found.disk)),
    )


def _rehearse(
    config: TrainConfig, device: torch.device, run: RunFolder, seen: int, count: int
) -> tuple[list[Phase], list[Need]]:
    """Measure the run's phases and memory; stops early where memory proves too small. count: of stored pictures."""
    pictures = count_held_bytes(count, config.resolution_px, device)
    threads = torch.get_num_threads()
    torch.set_num_threads(config.threads or threads)
    torch.set_flush_denormal(True)
    expected = _weigh(config, device)
    try:
        if expected.fits:
            expected = _estimate_memory(config, device, expected)
        if not expected.fits:
            return [], [expected]
        phases = list(_measure_phases(config, device, run, seen, count))
        return phases, _read_memory(device, pictures, count_score_bytes(config))
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        return [], [Need("memory", expected.what, max(expected.needed, (expected.free or 0) + 1), expected.free)]
    finally:
        torch.set_num_threads(threads)
        free_memory()


def _weigh(config: TrainConfig, device: torch.device) -> Need:
    """Return what weights, gradients and moments will hold."""
    what = "GPU memory" if device.type == "cuda" else "main memory"
    counted = memory.count_device_bytes(device)
    free = counted[1] if counted else count_available_bytes()
    return Need("memory", what, rehearsal.count_state_bytes(config)[0], free)


def _estimate_memory(config: TrainConfig, device: torch.device, weights: Need) -> Need:
    """Return what the heaviest step will hold, reckoned from one of two pictures, before anything large is tried."""
    each = rehearsal.count_step_bytes(RunState(config, device))
    return Need("memory", weights.what, weights.needed + each * config.batch, weights.free)


def _measure_phases(
    config: TrainConfig, device: torch.device, run: RunFolder, seen: int, count: int
) -> Iterator[Phase]:
    missing = 0 if config.data else count_missing(config.portrait_spec, cache_folder() / config.portrait_spec.name)
    is_live = not config.data and not config.portraits
    drawing = rehearsal.measure_drawing(config, device) if is_live or missing else math.inf
    if missing:
        yield Phase("drawing portraits", missing, drawing)
    aside = drawing if is_live else math.inf
    if config.recipe == "projected" and not run.features.exists():
        rate = rehearsal.measure_features(config, device)
        yield Phase("learning what portraits have", config.feature_images, _one_after_the_other(rate, aside))
    state = RunState(config, device)
    autocast = wants_bf16(config, device)
    fixed = max(0, min(config.unfreeze_at, config.images) - seen) if config.recipe == "projected" else 0
    free = max(0, config.images - seen - fixed)
    for name, images, is_frozen in (("training, features fixed", fixed, True), ("training", free, False)):
        if images:
            seconds = rehearsal.measure_step(state, is_frozen, autocast)
            yield Phase(name, images, _one_after_the_other(config.batch / seconds, aside))
    sheets = math.ceil(max(0, config.images - seen) / config.checkpoint_every)
    compared = min(config.score_pictures, count or config.score_pictures)
    if sheets:
        seconds = rehearsal.time_call(lambda: draw_samples(state.average, SHEET_SEEDS[:4], device), device) / 4
        yield Phase("sample sheets and scores", sheets * (len(SHEET_SEEDS) + compared), 1 / seconds)


def _one_after_the_other(rate: float, other: float) -> float:
    return 1 / (1 / rate + 1 / other)


def _read_memory(device: torch.device, pictures: int, scoring: int) -> list[Need]:
    """Return what this process has come to hold, and `pictures` bytes on the device: what the run will hold.

    scoring: bytes that a score takes, which is measured between two steps.
    """
    needs = []
    peak, free = memory.read_peak_bytes(), count_available_bytes()
    if peak is not None:
        peak = max(peak, memory.read_resident_bytes() + scoring)
        still = None if free is None else free + memory.read_resident_bytes()
        needs.append(Need("memory", "main memory", int(peak * _SLACK), still))
    counted = memory.count_device_bytes(device)
    if counted:
        needs.append(Need("memory", "GPU memory", int(counted[0] * _SLACK) + pictures, counted[1]))
    return needs
