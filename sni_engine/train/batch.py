"""What every step draws: codes and noise maps; and the precision it computes in."""

import contextlib

import torch
from torch import Tensor

from sni_engine.train.state import RunState

Codes = tuple[Tensor, Tensor, Tensor, Tensor, list[Tensor]]
"""Style [N, D], global [N, g], shared [N, r, c, s], local [N, R, C, l], noise maps [N, 1, side, side]."""

# streams of random numbers, see RunState.rng
CODES, NOISE, AUGMENT_REAL, AUGMENT_MADE, AUGMENT_AGAIN, FLIP, LOCALITY, PATH_LENGTH = range(8)


def draw_batch(state: RunState, n: int) -> Codes:
    """Return this step's codes and noise maps for n pictures."""
    grid, rng = state.config.generator.grid, state.rng(CODES)

    def codes(*shape: int) -> Tensor:
        return rng.randn(n, *shape).to(state.device)

    noise_rng = state.rng(NOISE, state.device)
    noise = [noise_rng.randn(n, *shape) for shape in state.generator.noise_shapes()]
    levels = (codes(*grid.shape(level)) for level in ("style", "global", "shared", "local"))
    return (*levels, noise)  # type: ignore[return-value]


def precision(state: RunState, autocast: bool) -> contextlib.AbstractContextManager[None]:
    """Return the context to compute in: bf16 where it is wanted, else float32."""
    return torch.autocast(state.device.type, torch.bfloat16) if autocast else contextlib.nullcontext()
