"""A training run from start or checkpoint to model file, told as events; closing the iterator saves."""

import platform
import time
from collections import abc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from sni_engine.api.errors import EngineError
from sni_engine.checkpoints.format import write_model
from sni_engine.device import choose_device, name_device
from sni_engine.networks.discriminator import ProjectedDiscriminator
from sni_engine.networks.generator import Generator
from sni_engine.portraits import write_sheet
from sni_engine.seeds import draw_codes, draw_noise
from sni_engine.train.attributes import to_signed
from sni_engine.train.config import MAY_CHANGE, TrainConfig
from sni_engine.train.dataset import Pictures
from sni_engine.train.feed import choose_feed
from sni_engine.train.prepare import PictureOrder, TrainEvent, give_eyes, prepare_features, prepare_pictures
from sni_engine.train.run_folder import RunFolder
from sni_engine.train.state import RunState
from sni_engine.train.step import take_step

__all__ = ["TrainEvent", "train"]

SHEET_SEEDS = range(48)
_READ_EVERY = 10  # steps between two looks at the losses; each look waits for the GPU


def train(config: TrainConfig, out: Path, resume: bool = False) -> abc.Generator[TrainEvent, None, None]:
    """Train into the folder `out`, or go on with the run in it; the config of a resumed run is the one in its folder,
    but for `images`, `device`, `threads` and `checkpoint_every`, which may change.

    Closing the iterator between two events saves a checkpoint first. Raises EngineError for anything a person can mend.
    """
    run = RunFolder(Path(out))
    if resume:
        config = _merge(run.read_config(), config)
    else:
        run.refuse_if_taken()
    device = choose_device(config.device)
    torch.set_flush_denormal(True)
    if config.threads:
        torch.set_num_threads(config.threads)
    data = yield from prepare_pictures(config, str(device))
    if not resume:
        run.start(config)
    if config.recipe == "projected":
        yield from prepare_features(config, data, run.features, str(device))
    state = RunState(config, device)
    if resume and run.checkpoint.exists():
        state.load(run.checkpoint)
        run.start(config)  # only now that the checkpoint has proved to fit
        run.cut_metrics(state.images_seen)
    elif isinstance(state.judge, ProjectedDiscriminator):
        give_eyes(state.judge, config, data, run.features)
    yield from _play(state, data, run)


def _merge(old: TrainConfig, new: TrainConfig) -> TrainConfig:
    return replace(old, **{name: getattr(new, name) for name in MAY_CHANGE})


def _play(state: RunState, data: Pictures, run: RunFolder) -> Iterator[TrainEvent]:
    config = state.config
    autocast = config.precision == "bf16" or (config.precision == "auto" and state.device.type == "cuda")
    feed = choose_feed(data, state.device)
    order = PictureOrder(data.count, config.seed)
    meter = Meter(state)
    saved = state.images_seen
    losses: dict[str, float] = {}
    try:
        while state.images_seen < config.images:
            rows = order.take(state.images_seen, config.batch)
            told = take_step(state, to_signed(feed(rows)), autocast)
            meter.tick()
            if state.step % _READ_EVERY == 0 or state.images_seen >= config.images:
                losses = _read(told, run)
            yield TrainEvent("step", state.images_seen, config.images, state.step, meter.rate, losses)
            if state.images_seen - saved >= config.checkpoint_every or state.images_seen >= config.images:
                yield from _keep(state, run, meter, losses)
                saved = state.images_seen
    except GeneratorExit:
        if state.images_seen > saved and state.is_finite():
            _save(state, run)
        raise
    yield TrainEvent("done", state.images_seen, config.images, state.step, meter.rate, losses, str(run.model))


class Meter:
    """Images per second, lately; and the seconds the whole run has taken."""

    def __init__(self, state: RunState) -> None:
        self._state = state
        self._last = time.perf_counter()
        self.rate = 0.0

    def tick(self) -> None:
        """Count one step."""
        now = time.perf_counter()
        seconds, self._last = now - self._last, now
        self._state.seconds += seconds
        rate = self._state.config.batch / max(seconds, 1e-9)
        self.rate = rate if not self.rate else 0.95 * self.rate + 0.05 * rate


def _read(told: dict[str, Tensor], run: RunFolder) -> dict[str, float]:
    losses = {name: loss.item() for name, loss in told.items()}
    if not all(np.isfinite(loss) for loss in losses.values()):
        raise _unstable(run)
    return losses


def _unstable(run: RunFolder) -> EngineError:
    return EngineError(
        "Training became unstable: its numbers are no longer finite.",
        f"The last good checkpoint is in {run.path}; resume it, with a lower rate if it happens again.",
    )


def _keep(state: RunState, run: RunFolder, meter: Meter, losses: dict[str, float]) -> Iterator[TrainEvent]:
    """Write checkpoint, model, numbers and a sheet of the same faces as ever."""
    config = state.config
    _save(state, run)
    run.append_metrics({"images": state.images_seen, "step": state.step, "rate": round(meter.rate, 2), **losses})
    now = TrainEvent("checkpoint", state.images_seen, config.images, state.step, meter.rate, losses)
    yield replace(now, text=str(run.checkpoint))
    sheet = run.sheet(state.images_seen)
    write_sheet(draw_samples(state.average, SHEET_SEEDS, state.device), sheet, columns=8)
    yield replace(now, kind="sheet", text=str(sheet))


def _save(state: RunState, run: RunFolder) -> None:
    if not state.is_finite():
        raise _unstable(run)
    state.save(run.checkpoint)
    write_model(run.model, state.average, run.path.resolve().name, facts=describe(state))


def describe(state: RunState) -> dict[str, str]:
    """Return where a model comes from, for its card."""
    config = state.config
    portraits = f"{config.portraits or 'endless'} procedural portraits, variety {config.variety:g}"
    return {
        "pictures": Path(config.data).name if config.data else portraits,
        "recipe": config.recipe,
        "steps": str(state.step),
        "images seen": str(state.images_seen),
        "hours": f"{state.seconds / 3600:.2f}",
        "device": name_device(state.device) if state.device.type != "cpu" else f"CPU ({platform.machine()})",
        "torch": torch.__version__,
    }


@torch.no_grad()
def draw_samples(generator: Generator, seeds: range, device: torch.device) -> np.ndarray:
    """Draw the pictures of consecutive seeds, uint8 [N, H, W, 3]."""
    shapes = generator.noise_shapes()
    pictures = []
    for seed in seeds:
        codes = draw_codes(generator.config.grid, seed)
        noise = [torch.from_numpy(n)[None].to(device) for n in draw_noise(codes.noise_seed, shapes)]
        levels = (codes.style, codes.global_, codes.shared, codes.local)
        tensors = [torch.from_numpy(level.copy())[None].to(device) for level in levels]
        pictures.append(generator(*tensors, noise)[0])
    stacked = torch.stack(pictures).float().clamp(-1, 1).add(1).mul(127.5).round()
    return stacked.permute(0, 2, 3, 1).to(torch.uint8).cpu().numpy()
