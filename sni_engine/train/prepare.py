"""What a run needs before its first step: pictures, and for the projected recipe a network that knows portraits."""

from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from sni_engine.api.generators import reword
from sni_engine.api.paths import cache_folder
from sni_engine.api.runs import TrainEvent
from sni_engine.api.training import TrainConfig
from sni_engine.checkpoints.tensors import load_into, read_tensors, write_tensors
from sni_engine.networks.discriminator import ProjectedDiscriminator
from sni_engine.networks.features import AttributeNetwork
from sni_engine.train.attributes import AttributeTraining, features_config, to_signed, train_attributes
from sni_engine.train.dataset import LabelledPictures, Pictures, PictureSet
from sni_engine.train.live_portraits import LivePortraits
from sni_engine.train.own_pictures import open_pictures
from sni_engine.train.portrait_set import draw_portrait_set, open_portrait_set

_TOLD = 20  # skipped files that are named one by one
_MEASURED = 512  # pictures whose features are standardised to


def prepare_pictures(config: TrainConfig, device: str) -> Generator[TrainEvent, None, PictureSet | LivePortraits]:
    """Yield events while pictures are drawn or read; return the pictures. Raises EngineError."""
    if config.data:
        return (yield from _prepare_own(config))
    return (yield from prepare_portraits(config, device))


def prepare_portraits(config: TrainConfig, device: str) -> Generator[TrainEvent, None, PictureSet | LivePortraits]:
    """Yield events while portraits are drawn; return them, or what draws them when they are endless."""
    spec = config.portrait_spec
    if not spec.count:
        yield TrainEvent("note", 1, 1, text="Endless portraits, drawn as they are needed")
        return LivePortraits(spec, torch.device(device))
    folder = cache_folder() / spec.name
    for count in draw_portrait_set(spec, folder, device):
        yield TrainEvent("setup", count, spec.count, text="Drawing portraits")
    return open_portrait_set(spec, folder)


def _prepare_own(config: TrainConfig) -> Generator[TrainEvent, None, PictureSet]:
    """Say once how pictures become squares, and name the files that cannot be used."""
    data = yield from read_own(config)
    yield TrainEvent("note", 1, 1, text=describe_own(config, data))
    for line in data.skipped[:_TOLD]:
        yield TrainEvent("note", 1, 1, text=f"Skipped {line}")
    if len(data.skipped) > _TOLD:
        yield TrainEvent("note", 1, 1, text=f"Skipped {len(data.skipped) - _TOLD} more; sni train --dry-run lists all.")
    return data


def read_own(config: TrainConfig) -> Generator[TrainEvent, None, PictureSet]:
    """Yield events while a person's own pictures are read; return them. Raises EngineError."""
    reading = open_pictures(Path(config.data), config.resolution_px, config.fit, cache_folder())
    return (yield from reword(reading, lambda counts: TrainEvent("setup", *counts, text="Reading pictures")))


def describe_own(config: TrainConfig, data: PictureSet) -> str:
    """Return how many pictures there are and how they became squares."""
    count = len(data.skipped)
    skipped = f", {count} file{'s' if count > 1 else ''} skipped" if count else ""
    how = "cropped to their middle" if config.fit == "crop" else "padded with white"
    return f"{data.count} pictures, {how}{skipped}"


def prepare_features(config: TrainConfig, data: LabelledPictures, path: Path, device: str) -> Iterator[TrainEvent]:
    """Train the attribute network unless the run has one already; yields events."""
    if path.exists():
        return
    torch.manual_seed(config.seed)
    network = AttributeNetwork(features_config(config.resolution_px, config.judge_widths))
    plan = AttributeTraining(images=config.feature_images, batch=min(64, data.count or 64), seed=config.seed)
    for seen, losses in train_attributes(network, data, plan, device):
        yield TrainEvent("setup", seen, plan.images, losses=losses, text="Learning what portraits have")
    write_tensors(path, network.state_dict(), {"format": "sni-attributes"})


@torch.no_grad()
def give_eyes(judge: ProjectedDiscriminator, config: TrainConfig, data: Pictures, path: Path) -> None:
    """Put the attribute network's trunk into a fresh discriminator. Raises EngineError when the file does not fit."""
    network = AttributeNetwork(features_config(config.resolution_px, config.judge_widths))
    tensors, _ = read_tensors(path)
    load_into(network, tensors, path)
    judge.trunk.load_state_dict(network.trunk.state_dict())
    device = next(judge.parameters()).device
    measured = data.read(np.arange(min(data.count or _MEASURED, _MEASURED)))
    judge.standardise(to_signed(torch.from_numpy(measured)).to(device))


class PictureOrder:
    """Which pictures each step takes: a new shuffle per epoch, decided by seed and epoch alone.

    count: None where pictures are endless; then image number i of the run is picture i.
    """

    def __init__(self, count: int | None, seed: int) -> None:
        self._count = count
        self._seed = seed
        self._epoch = -1
        self._shuffled = torch.empty(0, dtype=torch.long)

    def take(self, start: int, n: int) -> Tensor:
        """Return the rows of images number `start` to `start + n` of the run [n]."""
        if self._count is None:
            return torch.arange(start, start + n)
        return torch.stack([self._row(start + offset) for offset in range(n)])

    def _row(self, number: int) -> Tensor:
        assert self._count is not None
        epoch, place = divmod(number, self._count)
        if epoch != self._epoch:
            rng = torch.Generator().manual_seed((self._seed * 7919 + epoch) % 2**63)
            self._shuffled, self._epoch = torch.randperm(self._count, generator=rng), epoch
        return self._shuffled[place]
