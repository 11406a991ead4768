"""What looks at pictures for the metrics: the yardstick, or a person's own feature network.

An eye gives features to compare pictures by; only the yardstick also reads factors.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.api.errors import EngineError
from sni_engine.checkpoints.yardstick import Yardstick
from sni_engine.networks.layers import check_shape


class Eye(Protocol):
    """Looks at pictures [N, 3, H, W] in -1..1."""

    name: str

    def fit(self, pictures: Tensor) -> Tensor:
        """Return the pictures at the size this eye wants."""

    def look(self, pictures: Tensor) -> list[Tensor]:
        """Return features [N, C, h, w], from fine to coarse."""

    def pool(self, pictures: Tensor) -> Tensor:
        """Return one vector of features for each picture [N, D]."""


@dataclass(frozen=True, eq=False)
class Reading:
    """Factors read off N pictures, in the yardstick's order: numbers [N, T] in their units, options [N, K].

    usual: how likely each factor has its first, usual option [N, K]. sure: how likely the option that was read is.
    """

    numbers: Tensor
    options: Tensor
    usual: Tensor
    sure: Tensor


class YardstickEye:
    """The yardstick on a device. Pictures of other sizes are resized to its own first."""

    def __init__(self, yardstick: Yardstick, device: torch.device) -> None:
        self.yardstick = yardstick
        self.name = yardstick.info.name
        self._network = yardstick.network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        numbers = yardstick.info.numbers
        self._mean = torch.tensor([item.mean for item in numbers], device=device)
        self._deviation = torch.tensor([item.deviation for item in numbers], device=device)

    def fit(self, pictures: Tensor) -> Tensor:
        return resize(pictures, self.yardstick.info.network.resolution_px)

    def look(self, pictures: Tensor) -> list[Tensor]:
        return self._network.trunk(pictures.contiguous(memory_format=torch.channels_last))

    def pool(self, pictures: Tensor) -> Tensor:
        return self._network.pool(self.fit(pictures))

    def read(self, pictures: Tensor) -> Reading:
        """Return the factors of pictures [N, 3, H, W]."""
        found = self._network(self.fit(pictures).contiguous(memory_format=torch.channels_last))
        chances = [F.softmax(logits, 1) for logits in found.logits]
        return Reading(
            found.targets * self._deviation + self._mean,
            torch.stack([item.argmax(1) for item in chances], 1),
            torch.stack([item[:, 0] for item in chances], 1),
            torch.stack([item.amax(1) for item in chances], 1),
        )


class OwnEye:
    """A person's own network: a TorchScript file, pictures [N, 3, H, W] in -1..1 to features [N, D].

    Reading such a file runs the code in it, so it must be one the person trusts.
    """

    def __init__(self, path: Path, device: torch.device) -> None:
        self.name = path.name
        if not path.is_file():
            raise EngineError(f"There is no file {path}.", "Check the name.")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # torch would rather have exports
                self._network = torch.jit.load(str(path), map_location=device).eval()
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"{path} is not a TorchScript file.", "Write it with torch.jit.save.") from error

    def fit(self, pictures: Tensor) -> Tensor:
        return pictures

    def look(self, pictures: Tensor) -> list[Tensor]:
        return [self.pool(pictures)[:, :, None, None]]

    def pool(self, pictures: Tensor) -> Tensor:
        try:
            features = self._network(pictures)
        except RuntimeError as error:
            said = str(error).strip().splitlines()[-1]
            hint = "It must take pictures [N, 3, H, W] of any size from -1 to 1."
            raise EngineError(f"The network {self.name} failed ({said}).", hint) from error
        if not isinstance(features, Tensor) or features.ndim != 2 or len(features) != len(pictures):
            raise EngineError(f"The network {self.name} does not give one row of features per picture.")
        return features.float()


def resize(pictures: Tensor, size_px: int) -> Tensor:
    """Return square pictures at another size: averaged when smaller, bilinear when larger."""
    check_shape(pictures, "N C H W")
    if pictures.shape[-1] == size_px:
        return pictures
    if pictures.shape[-1] > size_px:
        return F.interpolate(pictures, size=(size_px, size_px), mode="area")
    return F.interpolate(pictures, size=(size_px, size_px), mode="bilinear", align_corners=False)


def crop_face(pictures: Tensor) -> Tensor:
    """Return the middle of an aligned face: rows 3/8 to 7/8, columns 2/8 to 6/8 (StyleGAN's path length)."""
    eighth = pictures.shape[-1] // 8
    return pictures[:, :, 3 * eighth : 7 * eighth, 2 * eighth : 6 * eighth]


def compare(one: list[Tensor], other: list[Tensor]) -> Tensor:
    """Return the perceptual distance of pictures by their features [N].

    As LPIPS (Zhang et al. 2018, equation 1) without learnt weights: at every place features are scaled to length 1;
    squared differences are summed over channels and averaged over places, then over levels.
    """
    parts = [_scale(a).sub_(_scale(b)).square_().sum(1).mean((1, 2)) for a, b in zip(one, other, strict=True)]
    return torch.stack(parts).mean(0)


def _scale(features: Tensor) -> Tensor:
    return features / (features.square().sum(1, keepdim=True).sqrt() + 1e-10)
