"""Seeds -> factors: every portrait's row depends on its own seed only."""

import math
from collections.abc import Sequence

import numpy as np
import torch

from sni_engine.api.errors import EngineError
from sni_engine.portraits.factors import FACTOR_NAMES, FACTORS, Factor
from sni_engine.portraits.frame import TRAINING_FRAME, Frame

SEED_LIMIT = 2**63
_SPREAD_BY_VARIETY = ("yaw", "pitch", "roll", "scale", "shift_x", "shift_y", "light_az")
_FRAMING = ("scale", "shift_x", "shift_y")


def sample_factors(
    seeds: Sequence[int] | np.ndarray, variety: float = 1.0, frame: Frame = TRAINING_FRAME
) -> np.ndarray:
    """Return the factors of each seed, float32 [N, 81], columns as in FACTOR_NAMES.

    variety: 0..1; lower makes the rare options rarer (0: never) and poses calmer, for small training budgets.
    Raises EngineError for a variety or a seed out of range.
    """
    check_variety(variety)
    check_seeds(seeds)
    draws = np.stack([_draw(seed) for seed in seeds]) if len(seeds) else np.zeros((0, len(FACTORS), 2))  # [N, 81, 2]
    out = np.zeros(draws.shape[:2], np.float32)  # [N, 81]
    for i, factor in enumerate(FACTORS):
        out[:, i] = _shape_draws(factor, draws[:, i, 0], draws[:, i, 1], variety)
    for name in _SPREAD_BY_VARIETY:
        _damp(out, name, 0.6 + 0.4 * variety)
    for name in _FRAMING:
        _damp(out, name, frame.jitter)
    out[:, FACTOR_NAMES.index("shift_y")] += frame.rise
    return out


def check_variety(variety: float) -> None:
    """Raise EngineError unless variety lies in 0..1."""
    if not 0 <= variety <= 1:
        raise EngineError(f"The variety {variety} is out of range.", "Choose a number from 0 (calm) to 1 (everything).")


def check_seeds(seeds: Sequence[int] | np.ndarray) -> None:
    """Raise EngineError unless every seed is a whole number that can seed a picture."""
    for seed in seeds:
        if int(seed) != seed or not 0 <= seed < SEED_LIMIT:
            raise EngineError(f"The seed {seed} is out of range.", "Choose a whole number from 0 to 2^63 - 1.")


def _draw(seed: int) -> np.ndarray:
    """Two even numbers per factor, so that adding a use for the second never shifts another factor."""
    return np.random.Generator(np.random.Philox(key=int(seed))).random((len(FACTORS), 2))


def _shape_draws(factor: Factor, a: np.ndarray, b: np.ndarray, variety: float) -> np.ndarray:
    """Turn even draws a, b in 0..1, float64 [N], into values of the factor, [N]."""
    if factor.kind == "uniform":
        return factor.low + (factor.high - factor.low) * a
    if factor.kind == "normal":
        return _shape_normal(factor, a)
    if factor.kind == "sparse":
        return np.where(a < factor.zero_share, 0, factor.low + (factor.high - factor.low) * b)
    weights = [w * (variety if name in factor.rare else 1) for name, w in zip(factor.options, factor.weights)]
    total = np.cumsum(weights)
    return np.searchsorted(total / total[-1], a)


def _shape_normal(factor: Factor, a: np.ndarray) -> np.ndarray:
    """Invert the cumulative distribution between the two cuts."""
    low, high = (_find_share_below(factor, edge) for edge in (factor.low, factor.high))
    q = low + (high - low) * a
    return factor.mean + factor.spread * math.sqrt(2) * torch.erfinv(torch.from_numpy(2 * q - 1)).numpy()


def _find_share_below(factor: Factor, x: float) -> float:
    return 0.5 * (1 + math.erf((x - factor.mean) / factor.spread / math.sqrt(2)))


def _damp(out: np.ndarray, name: str, share: float) -> None:
    """Pull a column towards its centre in place, in float32 as the shipped set was made."""
    column, centre = FACTOR_NAMES.index(name), 1.0 if name == "scale" else 0.0
    out[:, column] = centre + (out[:, column] - centre) * np.float32(share)
