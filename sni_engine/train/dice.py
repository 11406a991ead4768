"""Random numbers of one purpose in one step: drawn for the whole batch, of which each process takes its own share."""

from dataclasses import dataclass

import torch
from torch import Tensor

from sni_engine.train.distributed import ALONE, Ranks


@dataclass(frozen=True, eq=False)
class Dice:
    """What several processes draw is what one would draw. Shapes name this process's pictures, along `dim`."""

    generator: torch.Generator
    ranks: Ranks = ALONE

    def rand(self, *shape: int, dim: int = 0) -> Tensor:
        """Return even numbers from 0 to 1."""
        whole = torch.rand(self._widen(shape, dim), generator=self.generator, device=self.generator.device)
        return self.ranks.deal(whole, dim)

    def randn(self, *shape: int, dim: int = 0) -> Tensor:
        """Return normal numbers."""
        whole = torch.randn(self._widen(shape, dim), generator=self.generator, device=self.generator.device)
        return self.ranks.deal(whole, dim)

    def randint(self, low: int, high: int, *shape: int, dim: int = 0) -> Tensor:
        """Return whole numbers from `low` to below `high`."""
        place = self.generator.device
        whole = torch.randint(low, high, self._widen(shape, dim), generator=self.generator, device=place)
        return self.ranks.deal(whole, dim)

    def _widen(self, shape: tuple[int, ...], dim: int) -> tuple[int, ...]:
        return (*shape[:dim], shape[dim] * self.ranks.count, *shape[dim + 1 :])
