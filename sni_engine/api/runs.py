"""RUNS"""

from dataclasses import dataclass, field


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
