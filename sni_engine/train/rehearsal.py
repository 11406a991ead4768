"""A few real steps of a run, taken to learn how long they last and how much memory they hold; nothing is kept."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sni_engine.api.training import TrainConfig
from sni_engine.networks.features import AttributeNetwork
from sni_engine.train.attributes import AttributeTraining, features_config, train_attributes
from sni_engine.train.dataset import PictureSet
from sni_engine.train.live_portraits import LivePortraits
from sni_engine.train.state import RunState
from sni_engine.train.step import take_step

_STEPS = 2  # per kind of step, after one that does not count
_PROFILED = 16  # steps whose kernels are timed on a GPU
_ENOUGH_S = 4.0  # a step that takes longer is not repeated
_DRAWN = {"cpu": 8, "cuda": 128}  # portraits that are timed
_TRIED = 2  # pictures of the step whose memory is counted
PENALTIES = (("r1", "r1_every"), ("locality", "locality_every"), ("path_length", "path_length_every"))


def measure_drawing(config: TrainConfig, device: torch.device) -> float:
    """Return how many portraits per second the device draws."""
    portraits = LivePortraits(config.portrait_spec, device)
    if device.type == "cuda":
        portraits.draw(np.arange(16))
    count = _DRAWN.get(device.type, 16)
    return count / time_call(lambda: portraits.draw(np.arange(count)), device)


def measure_features(config: TrainConfig, device: torch.device) -> float:
    """Return at how many images per second the attribute network learns."""
    side, batch = config.resolution_px, min(64, config.portraits or 64)
    rng = np.random.default_rng(0)
    factors = LivePortraits(config.portrait_spec, device).read_factors(np.arange(batch))
    pictures = rng.integers(0, 256, (batch, side, side, 3), np.uint8)
    data = PictureSet(pictures, np.zeros((batch, side, side), np.uint8), factors)
    network = AttributeNetwork(features_config(side, config.judge_widths))
    steps = train_attributes(network, data, AttributeTraining(images=batch * 4, batch=batch), str(device))
    next(steps)  # the first of four does not count
    return batch * 3 / time_call(lambda: list(steps), device)


def measure_step(state: RunState, frozen: bool, autocast: bool, runs: int = _STEPS) -> float:
    """Return the seconds of a mean step with the features fixed or learning: penalties count as often as they come.

    runs: steps of each kind whose median counts. The state is used up: its weights learn from noise.
    """
    whole, extra_s = state.config, 0.0
    try:
        state.config = _with_penalties(whole)
        plain_s = _measure_step(state, frozen, autocast, runs)
        for weight, every in _list_penalties(whole, frozen):
            state.config = _with_penalties(whole, weight)
            slow_s = _measure_step(state, frozen, autocast, runs // 2)
            extra_s += max(0.0, slow_s - plain_s) / getattr(whole, every)
        return plain_s + extra_s
    finally:
        state.config = whole


def _list_penalties(config: TrainConfig, frozen: bool) -> Iterator[tuple[str, str]]:
    for weight, every in PENALTIES:
        if getattr(config, weight) and not (frozen and weight == "r1"):
            yield weight, every


def _with_penalties(config: TrainConfig, *kept: str) -> TrainConfig:
    dropped: dict[str, Any] = {weight: 0.0 for weight, _ in PENALTIES if weight not in kept}
    return replace(config, **dropped)


def _measure_step(state: RunState, frozen: bool, autocast: bool, runs: int) -> float:
    """Return the median seconds of a step with every penalty that the state's config still has."""
    real = _make_noise(state, state.config.batch)

    def step() -> None:
        state.step, state.images_seen = 0, 0 if frozen else max(state.config.unfreeze_at, state.config.locality_from)
        take_step(state, real, autocast)

    first = time_call(step, state.device)
    if runs <= 1 and state.device.type == "cpu":  # nothing is compiled or chosen at a CPU's first call
        return first
    return first if first > _ENOUGH_S else float(np.median([time_call(step, state.device) for _ in range(runs)]))


def measure_utilisation(state: RunState, autocast: bool) -> float:
    """Return the share of the time in which a CUDA device computes during some steps. The state is used up."""
    real = _make_noise(state, state.config.batch)
    take_step(state, real, autocast)
    torch.cuda.synchronize(state.device)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profile:
        wall_s = time_call(lambda: [take_step(state, real, autocast) for _ in range(_PROFILED)], state.device)
    busy_us = sum(event.self_device_time_total for event in profile.key_averages())
    return min(1.0, busy_us / 1e6 / wall_s)


def _make_noise(state: RunState, count: int) -> Tensor:
    side = state.config.resolution_px
    return torch.rand(count, 3, side, side).mul(2).sub(1).to(state.device, memory_format=torch.channels_last)


def time_call(call: Callable[[], object], device: torch.device) -> float:
    """Return the seconds a call and the device's work for it take."""
    started = time.perf_counter()
    call()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return max(time.perf_counter() - started, 1e-9)


def count_state_bytes(config: TrainConfig) -> tuple[int, int]:
    """Return the bytes of all weights, gradients and moments of a run, and of one checkpoint; allocates nothing."""
    with torch.device("meta"):
        state = RunState(config, torch.device("meta"))
    generator, judge = (_count(module.parameters()) for module in (state.generator, state.judge))
    checkpoint = 4 * generator + 3 * judge  # weights, their mean, two moments; the discriminator has no mean
    return checkpoint + generator + judge, checkpoint


def _count(tensors: Iterator[Any]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def count_step_bytes(state: RunState) -> int:
    """Return, from above, the bytes one picture of a batch holds during the heaviest step.

    Counts what autograd keeps (each tensor once) in a step of two pictures with every penalty. The state is used up.
    """
    kept: dict[int, Any] = {}

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage  # held, so that no other takes its address
        return tensor

    weights = {parameter.untyped_storage().data_ptr() for parameter in _list_parameters(state)}
    state.step, state.images_seen = 0, state.config.unfreeze_at
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        take_step(state, _make_noise(state, _TRIED), False)
    return sum(storage.nbytes() for address, storage in kept.items() if address not in weights) // _TRIED


def _list_parameters(state: RunState) -> list[Tensor]:
    return [*state.generator.parameters(), *state.judge.parameters()]
