"""The running mean of the generator's weights: what is sampled, shipped and measured."""

import torch
from torch import nn


@torch.no_grad()
def follow(average: nn.Module, trained: nn.Module, decay: float) -> None:
    """Move `average` a step of (1 - decay) toward `trained`; buffers are copied."""
    for slow, fast in zip(average.parameters(), trained.parameters(), strict=True):
        slow.lerp_(fast, 1 - decay)
    for held, now in zip(average.buffers(), trained.buffers(), strict=True):
        held.copy_(now)


def decay_at(step: int, decay: float) -> float:
    """Return a decay that is shorter at first, so that the mean does not remember the random start."""
    return min(decay, (1 + step) / (10 + step))
