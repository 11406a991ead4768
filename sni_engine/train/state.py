"""The state of a run: two players, their optimisers, the running mean, the step; saved to one file and back, exactly.

Nothing random is kept: every random number of a step is derived from the run's seed and the step's number.
"""

import json
import math
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

from sni_engine.api.arrays import digest
from sni_engine.api.errors import EngineError
from sni_engine.api.training import TrainConfig
from sni_engine.checkpoints.tensors import load_into, read_tensors, write_tensors
from sni_engine.networks.discriminator import ProjectedDiscriminator, ResidualDiscriminator
from sni_engine.networks.generator import Generator
from sni_engine.train.dice import Dice
from sni_engine.train.distributed import ALONE, Ranks

M = TypeVar("M", bound=nn.Module)

BETAS = (0.0, 0.99)
_MOMENTS = ("exp_avg", "exp_avg_sq", "step")  # what Adam keeps per parameter


class RunState:
    """Built anew from a config; `save` and `load` move it to and from a checkpoint.

    numbers: what else a step carries to the next one, by name; saved and restored exactly.
    """

    def __init__(self, config: TrainConfig, device: torch.device, ranks: Ranks = ALONE) -> None:
        torch.manual_seed(config.seed)
        self.config = config
        self.device = device
        self.ranks = ranks
        self.generator = _place(Generator(config.generator), device)
        self.average = _place(Generator(config.generator), device).eval().requires_grad_(False)
        self.average.load_state_dict(self.generator.state_dict())
        self.judge: ProjectedDiscriminator | ResidualDiscriminator
        if config.recipe == "projected":
            judge = ProjectedDiscriminator(config.discriminator)
            if ranks.count > 1:
                judge.share_statistics(ranks.average)
            self.judge = judge = _place(judge, device)
            judge.trunk.requires_grad_(False)
            groups = [
                {"params": list(judge.heads.parameters()), "lr": config.rate},
                {"params": list(judge.trunk.parameters()), "lr": config.feature_rate},
            ]
        else:
            self.judge = _place(ResidualDiscriminator(config.discriminator, config.resolution_px), device)
            groups = [{"params": list(self.judge.parameters()), "lr": config.rate}]
        self.generator_optimiser = torch.optim.Adam(self.generator.parameters(), config.rate, BETAS, eps=1e-8)
        self.judge_optimiser = torch.optim.Adam(groups, betas=BETAS, eps=1e-8)
        self.step = 0
        self.images_seen = 0
        self.seconds = 0.0
        self.numbers: dict[str, float] = {}

    @property
    def is_frozen(self) -> bool:
        """True while the discriminator's features do not learn."""
        return self.config.recipe == "projected" and self.images_seen < self.config.unfreeze_at

    def rng(self, stream: int, device: torch.device | str = "cpu") -> Dice:
        """Return this step's random numbers of one purpose."""
        place = _scatter(self.config.seed) + 16 * self.step + stream
        return Dice(torch.Generator(device).manual_seed(_scatter(place)), self.ranks)

    def is_finite(self) -> bool:
        """Say whether every number kept is finite; a run that is not must not replace its last good checkpoint."""
        finite = [torch.isfinite(tensor).all().to(self.device) for tensor in self._tensors().values()]
        return bool(torch.stack(finite).all()) and all(math.isfinite(number) for number in self.numbers.values())

    def match_ranks(self) -> None:
        """Let every process start from the first one's weights."""
        self.ranks.match(tensor for _, tensor in sorted(self._tensors().items()))  # files are read in any order

    def _tensors(self) -> dict[str, Tensor]:
        return {
            **_named("generator", self.generator.state_dict()),
            **_named("average", self.average.state_dict()),
            **_named("judge", self.judge.state_dict()),
            **_named("generator_optimiser", _moments(self.generator_optimiser)),
            **_named("judge_optimiser", _moments(self.judge_optimiser)),
        }

    def save(self, path: Path, keep: Path | None = None) -> None:
        """Write everything needed to go on; the file before it stays until this one is whole, then moves to `keep`."""
        tensors = {name: tensor.detach().cpu() for name, tensor in self._tensors().items()}
        counts = {"step": str(self.step), "images_seen": str(self.images_seen), "seconds": f"{self.seconds:.1f}"}
        checked = {"digest": _digest(tensors), "numbers": json.dumps(self.numbers)}
        write_tensors(path, tensors, {"format": "sni-run", "version": "1", **checked, **counts}, keep)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint. Raises EngineError when it is damaged or from another configuration."""
        tensors, header = read_tensors(path)
        if header.get("format") != "sni-run" or header.get("version") != "1":
            raise EngineError(f"{path} is not a checkpoint of this version.", "Start the run anew.")
        if not {tensor.dtype for tensor in tensors.values()} <= {torch.float32, torch.int64}:
            raise EngineError(f"{path} holds numbers of another kind than a checkpoint's.", "Start the run anew.")
        if header.get("digest", "") not in ("", _digest(tensors)):  # runs from before had none
            raise EngineError(f"The numbers in {path} are not those that were saved.", "Start the run anew.")
        load_into(self.generator, _under("generator", tensors), path)
        load_into(self.average, _under("average", tensors), path)
        load_into(self.judge, _under("judge", tensors), path)
        _restore(self.generator_optimiser, _under("generator_optimiser", tensors), path)
        _restore(self.judge_optimiser, _under("judge_optimiser", tensors), path)
        try:
            self.step, self.images_seen = int(header["step"]), int(header["images_seen"])
            self.seconds = float(header["seconds"])
            numbers = json.loads(header.get("numbers", "{}"))  # checkpoints from before had none
            self.numbers = {name: float(number) for name, number in numbers.items()}
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise EngineError(f"The header of {path} is damaged.", "Start the run anew.") from error


def _scatter(key: int) -> int:
    """Return a seed for torch, whose CPU generator reads the low 32 bits only: near keys far apart (SplitMix64)."""
    mixed = (key + 0x9E3779B97F4A7C15) % 2**64
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
    return (mixed ^ (mixed >> 31)) % 2**63


def _place(module: M, device: torch.device) -> M:
    return module.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def _named(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"{prefix}.{name}": tensor for name, tensor in tensors.items()}


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name[len(prefix) + 1 :]: tensor for name, tensor in tensors.items() if name.startswith(prefix + ".")}


def _digest(tensors: dict[str, Tensor]) -> str:
    return digest(*(tensors[name].numpy() for name in sorted(tensors)))


def _parameters(optimiser: torch.optim.Optimizer) -> list[Tensor]:
    return [parameter for group in optimiser.param_groups for parameter in group["params"]]


def _moments(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Return Adam's state by the parameter's place: exp_avg, exp_avg_sq, step."""
    return {
        f"{index}.{name}": value
        for index, parameter in enumerate(_parameters(optimiser))
        for name, value in optimiser.state.get(parameter, {}).items()
    }


def _restore(optimiser: torch.optim.Optimizer, moments: dict[str, Tensor], path: Path) -> None:
    parameters = _parameters(optimiser)
    known = {f"{index}.{name}": (index, name) for index in range(len(parameters)) for name in _MOMENTS}
    touched = {key.split(".", 1)[0] for key in moments}
    if set(moments) != {f"{index}.{name}" for index in touched for name in _MOMENTS} or not set(moments) <= set(known):
        raise EngineError(f"The optimiser's state in {path} is incomplete.", "Start the run anew.")
    optimiser.state.clear()
    for key, value in moments.items():
        index, name = known[key]
        parameter = parameters[index]
        if value.shape != (() if name == "step" else parameter.shape) or not torch.isfinite(value).all():
            raise EngineError(f"The optimiser's state in {path} does not fit.", "Start the run anew.")
        # "step" stays on the CPU, where Adam keeps it; the moments follow their parameter's device and layout
        optimiser.state[parameter][name] = value if name == "step" else torch.empty_like(parameter).copy_(value)
