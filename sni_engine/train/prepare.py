"""What a run needs before its first step: pictures, and for the projected recipe a network that knows portraits."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from sni_engine.api.paths import cache_folder
from sni_engine.checkpoints.tensors import load_into, read_tensors, write_tensors
from sni_engine.networks.discriminator import ProjectedDiscriminator
from sni_engine.networks.features import AttributeNetwork
from sni_engine.train.attributes import AttributeTraining, features_config, to_signed, train_attributes
from sni_engine.train.config import TrainConfig
from sni_engine.train.dataset import PictureSet, draw_portrait_set, open_folder, open_portrait_set

_MEASURED = 512  # pictures whose features are standardised to


@dataclass(frozen=True)
class TrainEvent:
    """What a run says of itself. rate in images/s; text is for people."""

    kind: str
    images_seen: int
    images_total: int
    step: int = 0
    rate: float = 0.0
    losses: dict[str, float] = field(default_factory=dict)
    text: str = ""


def prepare_pictures(config: TrainConfig, device: str) -> Generator[TrainEvent, None, PictureSet]:
    """Yield events while pictures are drawn or read; return the pictures. Raises EngineError."""
    if config.data:
        yield TrainEvent("setup", 0, 1, text="Reading pictures")
        data = open_folder(Path(config.data), config.resolution_px)
        skipped = f", {len(data.skipped)} files skipped" if data.skipped else ""
        yield TrainEvent("setup", 1, 1, text=f"{len(data)} pictures{skipped}")
        return data
    spec = config.portrait_spec
    folder = cache_folder() / spec.name
    for count in draw_portrait_set(spec, folder, device):
        yield TrainEvent("setup", count, spec.count, text="Drawing portraits")
    return open_portrait_set(spec, folder)


def prepare_features(config: TrainConfig, data: PictureSet, path: Path, device: str) -> Iterator[TrainEvent]:
    """Train the attribute network unless the run has one already; yields events."""
    if path.exists():
        return
    torch.manual_seed(config.seed)
    network = AttributeNetwork(features_config(config.resolution_px, config.judge_widths))
    plan = AttributeTraining(images=config.feature_images, batch=min(64, len(data)), seed=config.seed)
    for seen, losses in train_attributes(network, data, plan, device):
        yield TrainEvent("setup", seen, plan.images, losses=losses, text="Learning what portraits have")
    write_tensors(path, network.state_dict(), {"format": "sni-attributes"})


@torch.no_grad()
def give_eyes(judge: ProjectedDiscriminator, config: TrainConfig, data: PictureSet, path: Path) -> None:
    """Put the attribute network's trunk into a fresh discriminator. Raises EngineError when the file does not fit."""
    network = AttributeNetwork(features_config(config.resolution_px, config.judge_widths))
    tensors, _ = read_tensors(path)
    load_into(network, tensors, path)
    judge.trunk.load_state_dict(network.trunk.state_dict())
    device = next(judge.parameters()).device
    judge.standardise(to_signed(torch.from_numpy(data.pictures[:_MEASURED])).to(device))


class PictureOrder:
    """Which pictures each step takes: a new shuffle per epoch, decided by seed and epoch alone."""

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._seed = seed
        self._epoch = -1
        self._shuffled = torch.empty(0, dtype=torch.long)

    def take(self, start: int, n: int) -> Tensor:
        """Return the rows of images number `start` to `start + n` of the run [n]."""
        return torch.stack([self._row(start + offset) for offset in range(n)])

    def _row(self, number: int) -> Tensor:
        epoch, place = divmod(number, self._count)
        if epoch != self._epoch:
            rng = torch.Generator().manual_seed((self._seed * 7919 + epoch) % 2**63)
            self._shuffled, self._epoch = torch.randperm(self._count, generator=rng), epoch
        return self._shuffled[place]
