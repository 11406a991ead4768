"""The running mean of the generator's weights: what is sampled, shipped and measured."""

import torch
from torch import nn

_MEMORY = 0.1  # the mean remembers no more than this share of the run, so that it soon forgets the random start


@torch.no_grad()
def follow(average: nn.Module, trained: nn.Module, decay: float) -> None:
    """Move `average` a step of (1 - decay) toward `trained`; buffers are copied."""
    for slow, fast in zip(average.parameters(), trained.parameters(), strict=True):
        slow.lerp_(fast, 1 - decay)
    for held, now in zip(average.buffers(), trained.buffers(), strict=True):
        held.copy_(now)


def decay_at(images_seen: int, batch: int, half_life: int) -> float:
    """Return the decay of one step of `batch` images, given the half-life in images (as in StyleGAN2's training)."""
    return 0.5 ** (batch / max(min(half_life, _MEMORY * images_seen), 1e-9))
