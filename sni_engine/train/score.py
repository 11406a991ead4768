"""How good the pictures are by now: cheap enough to be measured at every interval, and for any kind of pictures."""

from collections.abc import Iterator

import numpy as np
import torch

from sni_engine.api.training import TrainConfig
from sni_engine.metrics.sliced import AT_ONCE, PATCH_PX, SlicedDistance, choose_real, count_bytes
from sni_engine.networks.generator import Generator
from sni_engine.train.dataset import Pictures
from sni_engine.train.keep import draw_samples

FIRST_SEED = 2**31  # of the pictures that are compared: far from those of the sample sheets


def count_score_bytes(config: TrainConfig) -> int:
    """Return about how much main memory a score takes beside the run's own."""
    has_scores = config.resolution_px >= PATCH_PX
    return count_bytes(config.score_pictures, config.resolution_px) if has_scores and config.score_pictures else 0


class Scorer:
    """Compares made pictures with some of the set, the same codes and the same pictures each time."""

    def __init__(self, config: TrainConfig, data: Pictures, device: torch.device) -> None:
        self._most = config.score_pictures if config.resolution_px >= PATCH_PX else 0
        self._data, self._device = data, device
        self._distance: SlicedDistance | None = None

    def measure(self, generator: Generator) -> dict[str, float]:
        """Return the scores by name: swd, a sliced Wasserstein distance (docs/metrics.md); less is better."""
        if not self._most:
            return {}
        if self._distance is None:
            self._distance = SlicedDistance(choose_real(self._data.read, self._data.count, self._most))
        return {"swd": round(self._distance.measure(self._draw(generator)), 2)}

    def _draw(self, generator: Generator) -> Iterator[np.ndarray]:
        """Yield as many pictures as real ones are compared with, in blocks."""
        end = FIRST_SEED + min(self._most, self._data.count or self._most)
        for first in range(FIRST_SEED, end, AT_ONCE):
            yield draw_samples(generator, range(first, min(first + AT_ONCE, end)), self._device)
