"""What every step draws: codes and noise maps; and the precision it computes in."""

import contextlib

import torch
from torch import Tensor

from sni_engine.api.training import TrainConfig
from sni_engine.train.state import RunState

Codes = tuple[Tensor, Tensor, Tensor, Tensor, list[Tensor]]
"""Style [N, D], global [N, g], shared [N, r, c, s], local [N, R, C, l], noise maps [N, 1, side, side]."""

# streams of random numbers, see RunState.rng
CODES, NOISE, AUGMENT_REAL, AUGMENT_MADE, AUGMENT_AGAIN, FLIP, LOCALITY, PATH_LENGTH, MIXING = range(9)


def draw_batch(state: RunState, n: int) -> Codes:
    """Return this step's codes and noise maps for n pictures."""
    grid, rng = state.config.generator.grid, state.rng(CODES)

    def codes(*shape: int) -> Tensor:
        return rng.randn(n, *shape).to(state.device)

    noise_rng = state.rng(NOISE, state.device)
    noise = [noise_rng.randn(n, *shape) for shape in state.generator.noise_shapes()]
    levels = (codes(*grid.shape(level)) for level in ("style", "global", "shared", "local"))
    return (*levels, noise)  # type: ignore[return-value]


def wants_bf16(config: TrainConfig, device: torch.device) -> bool:
    """Say whether steps compute in bf16: as configured, or on its own where that is fast."""
    return config.precision == "bf16" or (config.precision == "auto" and device.type == "cuda")


def precision(state: RunState, autocast: bool) -> contextlib.AbstractContextManager[None]:
    """Return the context to compute in: bf16 where it is wanted, else float32."""
    return torch.autocast(state.device.type, torch.bfloat16) if autocast else contextlib.nullcontext()


def map_styles(state: RunState, codes: Codes) -> Tensor:
    """Return w [N, D], or [N, layers, D] where the config asks for pictures of two styles."""
    w = state.generator.map_style(codes[0])
    return _mix(state, w) if state.config.style_mixing else w


def _mix(state: RunState, w: Tensor) -> Tensor:
    """Return a style per layer [N, layers, D]: from a random layer on another one (StyleGAN, section 3.1)."""
    rng, count, n = state.rng(MIXING), len(state.generator.layers), len(w)
    other = state.generator.map_style(rng.randn(*w.shape).to(w.device))
    mixed = rng.rand(n) < state.config.style_mixing
    first_other = (1 + rng.rand(n) * (count - 1)).long().where(mixed, torch.tensor(count)).to(w.device)
    is_other = torch.arange(count, device=w.device) >= first_other[:, None]  # [N, layers]
    return torch.where(is_other[:, :, None], other[:, None], w[:, None])
