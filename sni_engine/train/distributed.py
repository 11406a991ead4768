"""Training in several processes, one per device: who writes, who takes which pictures, and how all stay alike."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import gcd
from typing import Any, NoReturn, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn

from sni_engine.api.errors import EngineError
from sni_engine.device import choose_device

T = TypeVar("T")

_PATIENCE = timedelta(days=1)  # the others wait while the first draws pictures and learns features
_TORCHRUN = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT")


@dataclass(frozen=True)
class Ranks:
    """This process among those that train together; alone by default, and then every method is free.

    Each process holds the whole state and sees its share of every batch, dealt like cards: picture i goes to process
    i mod count. So the groups of the minibatch standard deviation, whose members lie a quarter of the batch apart, stay
    together, and the processes do the arithmetic of one.
    """

    rank: int = 0
    count: int = 1
    local: int = 0

    @property
    def is_first(self) -> bool:
        """True for the one process that writes and speaks."""
        return self.rank == 0

    def check_batch(self, batch: int) -> None:
        """Raise EngineError when a batch cannot be dealt without splitting a group of the minibatch deviation."""
        share, left = divmod(batch, self.count)
        odd = self.count > 1 and share % 2  # penalties take half of a share
        if left or odd or gcd(share, 4) != gcd(batch, 4):
            whole = max(1, round(batch / (4 * self.count))) * 4 * self.count
            text = f"A batch of {batch} cannot be dealt evenly to {self.count} processes."
            self.fail(EngineError(text, f"Choose a batch of {whole}."))

    def choose_device(self, wish: str) -> torch.device:
        """Return this process's own device: CUDA devices are dealt by number. Raises EngineError."""
        device = choose_device(wish)
        if self.count > 1 and device.type == "cuda":
            device = choose_device(f"cuda:{self.local}")
            torch.cuda.set_device(device)
        return device

    def deal(self, whole: Tensor, dim: int = 0) -> Tensor:
        """Return this process's share of what is drawn for the whole batch."""
        if self.count == 1:
            return whole
        return whole[(slice(None),) * dim + (slice(self.rank, None, self.count),)].contiguous()

    def average(self, x: Tensor) -> Tensor:
        """Return the mean over all processes, which gradients pass as well."""
        return x if self.count == 1 else _Mean.apply(x)

    def average_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Replace every gradient by its mean over all processes, in one exchange."""
        if self.count == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        flat = _mean(torch.cat([gradient.reshape(-1) for gradient in gradients]))
        parts = flat.split([gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))

    @torch.no_grad()
    def match(self, tensors: Iterable[Tensor]) -> None:
        """Give every process the first one's numbers."""
        if self.count == 1:
            return
        for tensor in tensors:
            numbers = tensor.contiguous().clone()
            dist.broadcast(numbers, 0)
            tensor.copy_(numbers)

    def agree(self, flag: bool) -> bool:
        """Return whether any process says yes; all must ask at the same place."""
        if self.count == 1:
            return flag
        votes = torch.tensor(float(flag))  # on the CPU, where asking does not wait for the GPU's step
        dist.all_reduce(votes)
        return bool(votes)

    def lead(self, action: Callable[[], T]) -> T:
        """Let the first process act while the others wait; all return its result.

        When it raises, the others end quietly with exit code 1: the person is told once.
        """
        if not self.is_first:
            return self.hear()
        try:
            result = action()
        except Exception:
            self.tell(None, failed=True)
            raise
        self.tell(result)
        return result

    def tell(self, result: Any, failed: bool = False) -> None:
        """Send the first process's result to the others, which wait in `hear`."""
        if self.count > 1:
            dist.broadcast_object_list([result, failed], 0, device=torch.device("cpu"))

    def hear(self) -> Any:
        """Wait for what the first process tells."""
        told: list[Any] = [None, False]
        dist.broadcast_object_list(told, 0, device=torch.device("cpu"))
        if told[1]:
            raise SystemExit(1)
        return told[0]

    def fail(self, error: EngineError) -> NoReturn:
        """End all processes for a reason that all have seen; the first one raises it for the person."""
        if self.is_first:
            raise error
        raise SystemExit(1)


ALONE = Ranks()


class _Mean(torch.autograd.Function):
    """The mean over processes. Its gradient is the mean of theirs, because each holds its own share's mean loss."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return _mean(x)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        return _Mean.apply(gradients[0])


def _mean(x: Tensor) -> Tensor:
    total = x.detach().clone(memory_format=torch.contiguous_format)
    dist.all_reduce(total)
    return total / dist.get_world_size()


@contextlib.contextmanager
def join_ranks() -> Iterator[Ranks]:
    """Meet the other processes when torchrun started this one; alone otherwise."""
    if not all(name in os.environ for name in _TORCHRUN) or os.environ["WORLD_SIZE"] == "1":
        yield ALONE
        return
    with_gpus = torch.cuda.is_available() and dist.is_nccl_available()
    dist.init_process_group("cpu:gloo,cuda:nccl" if with_gpus else "gloo", timeout=_PATIENCE)
    try:
        yield Ranks(dist.get_rank(), dist.get_world_size(), int(os.environ["LOCAL_RANK"]))
    finally:
        dist.destroy_process_group()
