"""One factor at a time: tables in which a single factor walks through its range and everything else stands still."""

from collections.abc import Sequence

import numpy as np

from sni_engine.api.errors import EngineError
from sni_engine.portraits.factors import FACTOR_NAMES, FACTORS, Factor, find_factor
from sni_engine.portraits.frame import TRAINING_FRAME, Frame
from sni_engine.portraits.sampling import sample_factors

STEPS = 7

NEEDS: dict[str, dict[str, str | float]] = {
    "hair_volume": {"hair_style": "curly", "hat": "none"},
    "hair_length": {"hair_style": "long", "hat": "none"},
    "fringe": {"hair_style": "bob", "hat": "none"},
    "hair_part": {"hair_style": "sidepart", "fringe": "swept", "hat": "none"},
    "hairline": {"hair_style": "crop", "fringe": "none", "hat": "none"},
    "hair_tone": {"hair_style": "bob", "hair_dye": "natural", "hair_grey": 0, "hair_red": 0, "hat": "none"},
    "hair_red": {"hair_style": "bob", "hair_dye": "natural", "hair_grey": 0, "hair_tone": 0.6, "hat": "none"},
    "hair_grey": {"hair_style": "bob", "hair_dye": "natural", "hat": "none"},
    "hair_dye": {"hair_style": "bob", "hat": "none"},
    "hair_style": {"hat": "none"},
    "beard": {"age": 0.5},
    "beard_len": {"beard": "full", "age": 0.5},
    "ear_size": {"hair_style": "crop", "hat": "none"},
    "eyeshadow_hue": {"eyeshadow": 1},
    "lipstick_hue": {"lipstick": 1},
    "mouth_open": {"smile": 0.8},
    "glasses_hue": {"glasses": "rect", "glasses_dark": 0},
    "glasses_dark": {"glasses": "rect", "glasses_hue": 0.55},
    "hat_hue": {"hat": "beanie"},
    "hat_light": {"hat": "beret"},
    "earring": {"hair_style": "crop"},
    "earring_metal": {"earring": "hoop", "hair_style": "crop"},
    "rim_hue": {"rim": 1},
    "bg_hue": {"bg_sat": 1},
    "bg_hue2": {"bg_sat": 1, "bg_kind": "vertical"},
    "bg_seed": {"bg_kind": "bokeh"},
    "cloth_hue": {"cloth_sat": 0.8},
    "cloth_pattern": {"clothes": "crew"},
}
"""What else must hold for a factor to show: other factors' options or values."""


def list_values(factor: Factor, steps: int = STEPS) -> list[float]:
    """Return the values of a sweep: every option of a category, 0 and the range of a sparse factor, else even steps."""
    if factor.options:
        return [float(i) for i in range(len(factor.options))]
    if factor.kind == "sparse":
        return [0.0, *np.linspace(factor.low, factor.high, steps - 1).tolist()]
    return [float(value) for value in np.linspace(factor.low, factor.high, steps)]


def sweep_factor(row: np.ndarray, name: str, steps: int = STEPS) -> np.ndarray:
    """Return factors [S, 81] of one portrait, float32 [81], with the factor swept and set so that the factor shows.

    Raises EngineError for a name that is no factor.
    """
    factor = _find(name)
    values = list_values(factor, steps)
    table = np.repeat(row[None], len(values), 0)
    for other, value in NEEDS.get(name, {}).items():
        table[:, FACTOR_NAMES.index(other)] = find_factor(other).options.index(value) if isinstance(value, str) else value
    table[:, FACTOR_NAMES.index(name)] = values
    return table


def sweep_many(
    names: Sequence[str], seeds: Sequence[int], variety: float = 0.0, frame: Frame = TRAINING_FRAME
) -> list[tuple[str, np.ndarray]]:
    """Return a caption and factors [S, 81] for each line of a sheet: every named factor for every seed."""
    rows = sample_factors(seeds, variety, frame)
    return [(name, sweep_factor(row, name)) for name in names for row in rows]


def choose_names(word: str) -> list[str]:
    """Return the factors a word stands for: 'all', a group such as 'nose', or one name. Raises EngineError."""
    if word == "all":
        return list(FACTOR_NAMES)
    group = [factor.name for factor in FACTORS if factor.group == word]
    return group or [_find(word).name]


def _find(name: str) -> Factor:
    try:
        return find_factor(name)
    except KeyError:
        raise EngineError(
            f"There is no factor {name}.", "Choose one of docs/portraits.md, one of its groups, or 'all'."
        ) from None
