"""Portraits without a stored set: image number i of a run is the portrait of seed i, drawn when it is needed."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from sni_engine.api.training import PortraitSpec
from sni_engine.train.dataset import Labelled

_CPU_BATCH, _GPU_BATCH = 16, 64  # portraits at once: what is fast on each without taking much memory


@dataclass(frozen=True)
class LivePortraits:
    """Endless portraits. A picture depends on its number alone, so a resumed run sees the very same ones."""

    spec: PortraitSpec
    device: torch.device

    @property
    def count(self) -> None:
        """They do not end."""
        return None

    def draw(self, rows: np.ndarray) -> tuple[Tensor, Tensor, np.ndarray]:
        """Return pictures uint8 [n, H, W, 3] and masks uint8 [n, H, W] on the device, and factors float32 [n, F]."""
        from sni_engine.portraits import TRAINING_FRAME, render

        factors = self.read_factors(rows)
        most = _CPU_BATCH if self.device.type == "cpu" else _GPU_BATCH
        parts = [
            render(factors[first : first + most], self.spec.size_px, TRAINING_FRAME, str(self.device))
            for first in range(0, len(rows), most)
        ]
        pictures, masks = (torch.cat(some) for some in zip(*parts, strict=True))
        return pictures, masks, factors

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Return portraits by number, uint8 [n, H, W, 3]."""
        return self.draw(rows)[0].cpu().numpy()

    def read_labelled(self, rows: np.ndarray) -> Labelled:
        """Return portraits by number with what is known of them."""
        pictures, masks, factors = self.draw(rows)
        return Labelled(pictures.cpu().numpy(), masks.cpu().numpy(), factors)

    def read_factors(self, rows: np.ndarray) -> np.ndarray:
        """Return the factors of portraits by number, float32 [n, F]."""
        from sni_engine.portraits import TRAINING_FRAME, sample_factors

        return sample_factors(np.asarray(rows, np.int64) + self.spec.seed, self.spec.variety, TRAINING_FRAME)
