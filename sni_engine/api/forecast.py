"""What a run would meet, found before its first step: problems, time, memory, disk."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Need:
    """Bytes that something takes, and that there are for it; None where the system does not say."""

    kind: Literal["disk", "memory"]
    what: str
    needed: int
    free: int | None

    @property
    def fits(self) -> bool:
        """Whether there is enough, as far as is known."""
        return self.free is None or self.needed <= self.free


@dataclass(frozen=True)
class Phase:
    """A stretch of a run: so many images at so many per second."""

    name: str
    images: int
    rate: float

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self.images / self.rate


@dataclass(frozen=True)
class Forecast:
    """What a run would meet. problems: what keeps it from starting. notes: what its owner should know."""

    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    pictures: str = ""
    device: str = ""
    phases: tuple[Phase, ...] = ()
    memory: tuple[Need, ...] = ()
    disk: tuple[Need, ...] = ()

    @property
    def can_run(self) -> bool:
        """Whether nothing is in the way."""
        return not self.problems

    @property
    def seconds(self) -> float:
        """How long all of it takes."""
        return sum(phase.seconds for phase in self.phases)
