"""The yardstick file: an attribute network with what its answers mean and how far they can be trusted.

One .safetensors file, read running nothing; written down in docs/formats/yardstick.md.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from sni_engine.api.arrays import digest
from sni_engine.api.errors import EngineError
from sni_engine.api.paths import shipped_yardsticks
from sni_engine.api.plain import PlainError, dump_json, load_json
from sni_engine.checkpoints.tensors import load_into, read_tensors, write_tensors
from sni_engine.networks.features import AttributeNetwork, FeaturesConfig

FORMAT = "sni-yardstick"
VERSION = 1
SHIPPED = "portraits-64"
_NETWORK = "network."
_LARGEST = 8192  # channels, factors, options and parts of a network
_KINDS = {torch.float16, torch.float32, torch.float64, torch.int64}


@dataclass(frozen=True)
class ReadFactor:
    """A factor as the network reads it. Without options it is a number, in its own unit.

    mean, deviation: the network's answer times deviation plus mean is the factor's value.
    score: on portraits it never saw, the share of variance explained, or of options named rightly.
    chance: the score of always giving the commonest answer. error: mean distance from the truth, in the unit.
    """

    name: str
    unit: str = ""
    options: tuple[str, ...] = ()
    mean: float = 0.0
    deviation: float = 1.0
    score: float = 0.0
    chance: float = 0.0
    error: float = 0.0

    @property
    def skill(self) -> float:
        """How far the network is from guessing (0) toward always right (1)."""
        return (self.score - self.chance) / (1 - self.chance) if self.chance < 1 else 0.0


@dataclass(frozen=True)
class YardstickInfo:
    """The description in the header. factors: in the network's order, numbers and options each among themselves."""

    name: str
    digest: str
    network: FeaturesConfig
    factors: tuple[ReadFactor, ...]
    licence: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        config = self.network
        if not 3 <= len(config.widths) <= 8 or not 16 <= config.resolution_px <= 1024:
            raise ValueError("a yardstick has three to eight widths and reads 16 to 1024 px")
        if config.resolution_px % 2 ** (len(config.widths) - 1) or not _are_sane(config):
            raise ValueError("the network's widths cannot halve its pictures evenly")
        if len(self.numbers) != config.targets or tuple(len(item.options) for item in self.choices) != config.options:
            raise ValueError("the factors are not those that the network reads")

    @property
    def numbers(self) -> tuple[ReadFactor, ...]:
        """The factors that are numbers."""
        return tuple(item for item in self.factors if not item.options)

    @property
    def choices(self) -> tuple[ReadFactor, ...]:
        """The factors that are a choice among options."""
        return tuple(item for item in self.factors if item.options)


def _are_sane(config: FeaturesConfig) -> bool:
    """Refuse what would take the memory of a whole machine: descriptions come from strangers' files too."""
    sizes = (*config.widths, *config.options, config.parts)
    return min(sizes) >= 1 and max(*sizes, config.targets) <= _LARGEST and config.targets >= 0


@dataclass(frozen=True, eq=False)
class Crowd:
    """Many pictures' features: mean [D] and covariance [D, D] of all, float64, and some of the features [K, D]."""

    mean: Tensor
    covariance: Tensor
    some: Tensor


@dataclass(frozen=True, eq=False)
class Yardstick:
    """The network, what its answers mean, and the features of the portraits that models are compared with."""

    network: AttributeNetwork
    info: YardstickInfo
    portraits: Crowd


def describe_crowd(features: Tensor, keep: int) -> Crowd:
    """Return mean and covariance of features [N, D] and an even pick of `keep` of them. Asserts two pictures."""
    assert len(features) > 1
    wide = features.double().cpu()
    rows = torch.linspace(0, len(wide) - 1, min(keep, len(wide))).round().long()
    return Crowd(wide.mean(0), torch.cov(wide.T).reshape(wide.shape[1], wide.shape[1]), wide[rows])


def write_yardstick(path: Path, yardstick: Yardstick) -> YardstickInfo:
    """Write the file with its numbers halved in length, and return the description as written. Raises EngineError."""
    weights = {_NETWORK + name: _halve(tensor) for name, tensor in yardstick.network.state_dict().items()}
    portraits = yardstick.portraits
    tensors = weights | {
        "portraits.mean": portraits.mean.float(),
        "portraits.covariance": portraits.covariance.float(),
        "portraits.some": portraits.some.half(),
    }
    old = yardstick.info
    info = YardstickInfo(old.name, _digest(tensors), old.network, old.factors, old.licence, old.facts)
    write_tensors(path, tensors, {"format": FORMAT, "version": str(VERSION), "yardstick": dump_json(info)})
    return info


def read_yardstick(path: Path | None = None) -> Yardstick:
    """Return a yardstick, the shipped one for None, on the CPU; runs no code of the file's. Raises EngineError."""
    path = path or shipped_yardsticks() / f"{SHIPPED}.safetensors"
    tensors, header = read_tensors(path)
    info = _read_info(path, header)
    if not {tensor.dtype for tensor in tensors.values()} <= _KINDS:
        raise EngineError(f"{path} holds numbers of a kind that no yardstick has.", "Copy the file again.")
    if _digest(tensors) != info.digest:
        raise EngineError(f"The numbers in {path} are not those it was written with.", "Copy the file again.")
    with torch.device("meta"):  # no memory is taken on the word of a description that the weights may not bear out
        network = AttributeNetwork(info.network)
    weights = {name.removeprefix(_NETWORK): _widen(tensors[name]) for name in tensors if name.startswith(_NETWORK)}
    load_into(network, weights, path, assign=True)
    return Yardstick(network.eval().requires_grad_(False), info, _read_crowd(path, tensors, info.network.widths[-1]))


def _read_crowd(path: Path, tensors: dict[str, Tensor], width: int) -> Crowd:
    names = ("portraits.mean", "portraits.covariance", "portraits.some")
    found = [tensors[name].double() for name in names if name in tensors]
    shapes = [tuple(tensor.shape) for tensor in found]
    fits = len(found) == 3 and shapes[:2] == [(width,), (width, width)] and shapes[2][1:] == (width,)
    if not fits or not all(torch.isfinite(tensor).all() for tensor in found):
        raise EngineError(f"The portraits' features in {path} are damaged.", "Copy the file again.")
    return Crowd(*found)


def _halve(tensor: Tensor) -> Tensor:
    return tensor.half() if tensor.is_floating_point() else tensor


def _widen(tensor: Tensor) -> Tensor:
    return tensor.float() if tensor.is_floating_point() else tensor


def _digest(tensors: dict[str, Tensor]) -> str:
    names = sorted(tensors)
    return digest(np.frombuffer(" ".join(names).encode(), np.uint8), *(tensors[name].cpu().numpy() for name in names))


def _read_info(path: Path, header: dict[str, str]) -> YardstickInfo:
    if header.get("format") != FORMAT:
        raise EngineError(f"{path} is not a yardstick of this program.", "Make one with tools/make_yardstick.py.")
    if header.get("version") != str(VERSION):
        raise EngineError(f"{path} was made by another version of this program.", "Make one with this version.")
    try:
        return load_json(YardstickInfo, header.get("yardstick", ""))
    except PlainError as error:
        raise EngineError(f"The description in {path} is damaged ({error}).", "Copy the file again.") from error
