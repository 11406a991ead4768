"""What no training run can have, found setting by setting: limits of single numbers, and what must fit together.

LIMITS are the one place where limits stand: the settings' own check, the command line and the form read them.
"""

import functools
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args, get_origin, get_type_hints

from sni_engine.api.architecture import LARGEST_PX, MOST_WIDTHS
from sni_engine.api.codes import LARGEST_SEED

if TYPE_CHECKING:
    from sni_engine.api.training import TrainConfig

LARGEST_CODE = 8192
MOST_CELLS = 64
MOST_MAPPING = 32


@dataclass(frozen=True)
class Problem:
    """What is wrong, in a few words that begin small, and the field it is about; "" when no field is to blame."""

    field: str
    text: str


@dataclass(frozen=True)
class Limits:
    """From low to high, both included; above: low itself is not. also: one more value that is allowed.

    words: the rule in a sentence about the field. checked_here: False where the network's own description refuses it.
    """

    low: float
    high: float = math.inf
    above: bool = False
    also: float | None = None
    words: str = ""
    checked_here: bool = True

    def allows(self, value: float) -> bool:
        """Say whether a number is within them; infinity and what is no number never are."""
        if value == self.also:
            return True
        is_low = value <= self.low if self.above else value < self.low
        return abs(value) <= sys.float_info.max and not is_low and value <= self.high


_COUNT = Limits(1, words="must be 1 or more")
_FROM_ZERO = Limits(0, words="cannot be negative")
_SHARE = Limits(0, 1, words="must be from 0 to 1")
_RATE = Limits(0, above=True, words="must be above 0 and finite")
_WEIGHT = Limits(0, words="cannot be negative, and must be finite")
_CODE = Limits(0, LARGEST_CODE, checked_here=False)

_COUNTS = ("images", "r1_every", "locality_every", "path_length_every", "ema_images", "augment_images")
LIMITS: dict[str, Limits] = {
    **dict.fromkeys((*_COUNTS, "checkpoint_every"), _COUNT),
    "cells": Limits(1, MOST_CELLS, words="must be 1 or more"),
    "mapping_layers": Limits(1, MOST_MAPPING, words="must be 1 or more"),
    "unfreeze_at": _FROM_ZERO,
    "locality_from": _FROM_ZERO,
    "batch": Limits(2, words="must be 2 or more"),
    "portraits": Limits(2, also=0, words="must be 2 or more, or 0 for endless ones"),
    **dict.fromkeys(("variety", "augment_target", "settle", "style_mixing"), _SHARE),
    **dict.fromkeys(("rate", "feature_rate"), _RATE),
    **dict.fromkeys(("r1", "range_weight", "locality", "path_length", "threads", "keep", "score_pictures"), _WEIGHT),
    "seed": Limits(0, LARGEST_SEED, words=f"must be from 0 to {LARGEST_SEED}"),
    **dict.fromkeys(("local", "shared", "global_code"), _CODE),
    "style": Limits(1, LARGEST_CODE, checked_here=False),
    "widths": Limits(1, LARGEST_CODE, checked_here=False),
    "judge_widths": Limits(1, LARGEST_CODE, checked_here=False),
    "resolution_px": Limits(2, LARGEST_PX, checked_here=False),
    "first_styled": Limits(0, 2 * (MOST_WIDTHS - 1), checked_here=False),
    "feature_images": Limits(1, checked_here=False),
}
"""Limits of every number among the settings; of lists, those of each number in them."""


def find_problems(config: "TrainConfig") -> Iterator[Problem]:
    """Yield everything that no run can have."""
    yield from _find_bad_numbers(config)
    yield from _find_bad_choices(config)
    yield from _find_misfits(config)


def _find_bad_numbers(config: "TrainConfig") -> Iterator[Problem]:
    for name, limits in LIMITS.items():
        if not limits.checked_here:
            continue
        value = getattr(config, name)
        if name in ("cells", "mapping_layers") and value > limits.high:
            continue  # the network's own description says so, once
        if not limits.allows(value):
            shown = value if isinstance(value, int) else f"{value:g}"
            yield Problem(name, f"{name} {limits.words}, not {shown}")


@functools.cache
def list_choices(kind: type, name: str) -> tuple[str, ...]:
    """Return what a setting may be chosen from; () for what is no choice."""
    hint = get_type_hints(kind)[name]
    return get_args(hint) if get_origin(hint) is Literal else ()


def _find_bad_choices(config: "TrainConfig") -> Iterator[Problem]:
    for name in ("fit", "recipe", "augment", "precision"):
        allowed = list_choices(type(config), name)  # type: ignore[arg-type]  # mypy knows no hash of a class
        if getattr(config, name) not in allowed:
            yield Problem(name, f"{name} must be one of {', '.join(allowed)}, not {getattr(config, name)}")


def _find_misfits(config: "TrainConfig") -> Iterator[Problem]:
    """What is wrong with settings that must fit each other."""
    try:
        grid = config.generator.grid  # refuses what no generator can be
        if config.locality and not grid.local:
            yield Problem(
                "locality", "the locality penalty resamples local codes, and here are none: set locality to 0"
            )
    except ValueError as error:
        yield Problem(_blame(config), str(error))
    made = config.cells * 2 ** (len(config.widths) - 1)
    if config.widths and config.resolution_px != made:
        text = f"{len(config.widths)} widths over {config.cells} cells make {made} px, not {config.resolution_px}"
        yield Problem("widths", text)
    if not config.judge_widths or min(config.judge_widths) < 1:
        yield Problem("judge_widths", "judge_widths must be 1 or more")
    halvings = max(0, len(config.judge_widths) - 1)
    if config.resolution_px >> halvings < 2 or config.resolution_px % 2**halvings:
        text = f"{len(config.judge_widths)} judge widths cannot halve {config.resolution_px} px evenly"
        yield Problem("judge_widths", text)
    yield from _find_projected(config, halvings)


def _find_projected(config: "TrainConfig", halvings: int) -> Iterator[Problem]:
    if config.recipe != "projected":
        return
    if config.data:
        yield Problem("recipe", "the projected recipe needs our labelled portraits; use the plain one for a folder")
    needs = "the projected recipe needs three judge widths, and feature_images for one batch at least"
    if halvings < 2:
        yield Problem("judge_widths", needs)
    elif config.feature_images < min(64, config.portraits or 64):
        yield Problem("feature_images", needs)


def _blame(config: "TrainConfig") -> str:
    """Return which field keeps the generator from being described."""
    for name in ("cells", "style", "local", "shared", "global_code", "mapping_layers"):
        if not LIMITS[name].allows(getattr(config, name)):
            return name
    if config.cells % 2:
        return "cells"
    is_bad = any(not LIMITS["widths"].allows(width) for width in config.widths)
    if is_bad or not 2 <= len(config.widths) <= MOST_WIDTHS:
        return "widths"
    for name in ("backbone", "source"):
        if getattr(config, name) not in list_choices(type(config), name):  # type: ignore[arg-type]
            return name
    if config.source == "constant" and config.joint_norm:
        return "joint_norm"
    if config.source == "cells" and not config.local + config.shared + config.global_code:
        return "local"
    last = 2 * (len(config.widths) - 1) - (config.backbone == "adain")
    return "widths" if 0 <= config.first_styled <= last else "first_styled"
