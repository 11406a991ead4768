"""What a person asked for: one frozen parameter class per method, and the edit that carries it.

The class is the method. Its field metadata is read by the panel's form, the command's flags and the file's checks.
"""

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

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


_AMOUNT: dict[str, Any] = {"label": "Amount", "low": 0.0, "high": 1.0, "step": 0.01, "unit": ""}


@dataclass(frozen=True)
class Resample:
    """Draw new codes from the prior and move toward them (SNI, section 4)."""

    kind: ClassVar[str] = "resample"
    title: ClassVar[str] = "Resample"
    amount: float = number(1.0, **_AMOUNT, help="0 keeps the picture, 1 takes the new codes in full.")

    def __post_init__(self) -> None:
        _check(self)


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


Params = Resample | Interpolate
PARAMS: dict[str, type[Params]] = {cls.kind: cls for cls in (Resample, Interpolate)}


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

    @property
    def changes_nothing(self) -> bool:
        """True when it leaves every code as it is: no cell, no level, or no way to go."""
        params = self.params
        amounts = params.amounts if isinstance(params, Interpolate) else dict.fromkeys(LEVELS, params.amount)
        return self.selection.touches_nothing or not any(amounts[level] for level in self.selection.levels)
