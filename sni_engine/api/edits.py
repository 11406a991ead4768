"""What a person asked for: one frozen parameter class per method, and the edit that carries it.

The class is the method. Its field metadata is read by the panel's form, the command's flags and the file's checks.
"""

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal, get_args

from sni_engine.api.codes import LEVELS, Codes, Level, check_seed
from sni_engine.api.plain import LATER
from sni_engine.api.selection import Selection


@dataclass(frozen=True)
class Range:
    """How a number may be set: limits, step, unit and one sentence of help."""

    label: str
    low: float
    high: float
    step: float
    unit: str
    help: str


def number(default: float, later: bool = False, **describe: Any) -> Any:
    """Return a dataclass field whose metadata is a Range; later: it came after files had been written."""
    return field(default=default, metadata={"range": Range(**describe), **(LATER if later else {})})


@dataclass(frozen=True)
class Choice:
    """Which one of several: a label, values with what each is called, and one sentence of help.

    options: empty where only the open model knows them, such as the names of its parts.
    """

    label: str
    options: tuple[tuple[str, str], ...]
    help: str


def choice(label: str, options: tuple[tuple[str, str], ...], help: str) -> dict[str, Any]:
    """Return the metadata of a field that is a Choice."""
    return {"choice": Choice(label, options, help)}


@dataclass(frozen=True)
class Numbers:
    """A list of numbers, each within limits and at most so many; empty: what stands for none, in words."""

    label: str
    low: float
    high: float
    most: int
    empty: str
    help: str


def share(level: str) -> Any:
    """Return the field that says how much of the amount a level takes."""
    help = "How much of the amount this level goes: 0 leaves it as it is, 1 all of it."
    return number(1.0, later=True, label=level, low=0.0, high=1.0, step=0.01, unit="", help=help)


def _check(params: object) -> None:
    for item in fields(params):  # type: ignore[arg-type]
        limits = item.metadata.get("range")
        value = getattr(params, item.name)
        if limits and not limits.low <= value <= limits.high:
            raise ValueError(f"{limits.label} must be from {limits.low:g} to {limits.high:g}, not {value:g}")


_MOST_LAYERS = 64
_LONGEST_PART = 80
_AMOUNT: dict[str, Any] = {"label": "Amount", "low": 0.0, "high": 1.0, "step": 0.01, "unit": ""}


@dataclass(frozen=True)
class Resample:
    """Draw new codes from the prior and move toward them (SNI, section 4)."""

    kind: ClassVar[str] = "resample"
    title: ClassVar[str] = "Resample"
    amount: float = number(1.0, **_AMOUNT, help="0 keeps the picture, 1 takes the new codes in full.")

    def __post_init__(self) -> None:
        _check(self)

    @property
    def amounts(self) -> dict[Level, float]:
        """How far each level goes, 0 to 1."""
        return dict.fromkeys(LEVELS, self.amount)


@dataclass(frozen=True)
class Interpolate:
    """Move the chosen codes toward those of a reference; every other code and the noise stay.

    Each level goes `amount` times its own share of the way.
    """

    kind: ClassVar[str] = "interpolate"
    title: ClassVar[str] = "Interpolate"
    amount: float = number(0.5, **_AMOUNT, help="0 keeps the picture, 1 takes the reference's codes in full.")
    local: float = share("Local")
    shared: float = share("Shared")
    global_: float = share("Global")
    style: float = share("Style")

    def __post_init__(self) -> None:
        _check(self)

    @property
    def amounts(self) -> dict[Level, float]:
        """How far each level goes, 0 to 1."""
        shares = {"local": self.local, "shared": self.shared, "global": self.global_, "style": self.style}
        return {level: self.amount * shares[level] for level in LEVELS}


Mode = Literal["greedy", "simultaneous"]
MODES = (("greedy", "The best first"), ("simultaneous", "All in proportion"))
_MODE_HELP = "Whether the channels that fit the part best go all the way, or all of them as far as they fit."
_EPSILONS = Numbers(
    "Spill by layer",
    0.0,
    1.0,
    _MOST_LAYERS,
    "the same for all",
    "One number for each layer of style, from coarse to fine; the last one counts for all that follow.",
)
_STRENGTH: dict[str, Any] = _AMOUNT | {"label": "Strength"}
_SHARE: dict[str, Any] = {"low": 0.0, "high": 1.0, "step": 0.01, "unit": ""}


@dataclass(frozen=True)
class StyleTransfer:
    """Give a part the look it has in a reference, by the style of the channels that belong to it (Editing in Style).

    epsilon: Collins et al.'s budget over the layer's channels, so that it means the same for wide layers and narrow
    ones: theirs of 50 in 512 channels is 0.1, and at 1 there is no bound. epsilons: one for each layer of style space,
    from coarse to fine, instead of the same for all; its last one counts for all that follow.
    """

    kind: ClassVar[str] = "style_transfer"
    title: ClassVar[str] = "Part style"
    amount: float = number(1.0, **_STRENGTH, help="0 keeps the picture, 1 takes the reference's look in full.")
    part: str = field(default="", metadata=choice("Part", (), "Which part takes its look from the reference."))
    rho: float = number(
        0.1, **_SHARE, label="Purity", help="How much change elsewhere weighs against change of the part, 0 to 1."
    )
    epsilon: float = number(
        0.1, **_SHARE, label="Spill", help="How much may change outside the part: 0 nothing, 1 as much as it takes."
    )
    mode: Mode = field(default="greedy", metadata=choice("Channels", MODES, _MODE_HELP))
    epsilons: tuple[float, ...] = field(default=(), metadata={"numbers": _EPSILONS, **LATER})

    def __post_init__(self) -> None:
        _check(self)
        if self.mode not in get_args(Mode):
            raise ValueError(f"the mode is {' or '.join(get_args(Mode))}, not {self.mode}")
        if not all(0 <= budget <= 1 for budget in self.epsilons) or len(self.epsilons) > _MOST_LAYERS:
            raise ValueError(f"there are at most {_MOST_LAYERS} budgets of layers, from 0 to 1 each")
        if len(self.part) > _LONGEST_PART:
            raise ValueError("the name of the part is too long")

    def epsilon_of(self, layer: int) -> float:
        """Return the budget of one layer of style space."""
        return self.epsilons[min(layer, len(self.epsilons) - 1)] if self.epsilons else self.epsilon

    @property
    def amounts(self) -> dict[Level, float]:
        """How far each level goes, 0 to 1: style alone, and nothing without a budget."""
        bounded = max(self.epsilons or (self.epsilon,)) == 0
        return dict.fromkeys(LEVELS, 0.0) | {"style": 0.0 if bounded else self.amount}


Params = Resample | Interpolate | StyleTransfer
PARAMS: dict[str, type[Params]] = {cls.kind: cls for cls in (Resample, Interpolate, StyleTransfer)}


@dataclass(frozen=True)
class Edit:
    """One request to change a picture: the recipe that history keeps and replay runs again.

    seed: feeds every random number of the method, 0 to 2**63 - 1.
    reference: the codes to move toward, for methods that take one.
    """

    params: Params
    selection: Selection
    seed: int = 0
    reference: Codes | None = None

    def __post_init__(self) -> None:
        check_seed(self.seed)
        if isinstance(self.params, Interpolate) and self.reference is None:
            raise ValueError("an interpolation needs a reference")
        if isinstance(self.params, StyleTransfer) and self.reference is None:
            raise ValueError("a transfer of style needs a reference")
        if isinstance(self.params, StyleTransfer) and self.selection.levels != ("style",):
            raise ValueError("a transfer of style works on the level style and on no other")

    @property
    def changes_nothing(self) -> bool:
        """True when it leaves every code as it is: no cell, no level, or no way to go."""
        amounts = self.params.amounts
        return self.selection.touches_nothing or not any(amounts[level] for level in self.selection.levels)
