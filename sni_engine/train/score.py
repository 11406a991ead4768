"""How good the pictures are by now: cheap enough to be measured at every interval, and for any kind of pictures."""

import torch

from sni_engine.api.training import TrainConfig
from sni_engine.metrics.sliced import PATCH_PX, SlicedDistance, choose_real
from sni_engine.networks.generator import Generator
from sni_engine.train.dataset import Pictures
from sni_engine.train.keep import draw_samples

FIRST_SEED = 2**31  # of the pictures that are compared: far from those of the sample sheets


class Scorer:
    """Compares made pictures with some of the set, the same codes and the same pictures each time."""

    def __init__(self, config: TrainConfig, data: Pictures, device: torch.device) -> None:
        self._most = config.score_pictures if config.resolution_px >= PATCH_PX else 0
        self._data, self._device = data, device
        self._count = 0
        self._distance: SlicedDistance | None = None

    def measure(self, generator: Generator) -> dict[str, float]:
        """Return the scores by name: swd, a sliced Wasserstein distance (docs/metrics.md); less is better."""
        if not self._most:
            return {}
        if self._distance is None:
            real = choose_real(self._data.read, self._data.count, self._most)
            self._count, self._distance = len(real), SlicedDistance(real)
        made = draw_samples(generator, range(FIRST_SEED, FIRST_SEED + self._count), self._device)
        return {"swd": round(self._distance.measure(made), 2)}
