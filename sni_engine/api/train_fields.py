"""How each setting of a training run is shown: its name, group, step, unit and the words for its choices.

Limits come from train_problems; help is what stands under each field of TrainConfig, as on the command line.
"""

import ast
import functools
import inspect
from dataclasses import dataclass, fields
from typing import Literal

from sni_engine.api.train_problems import LIMITS, Limits, list_choices
from sni_engine.api.training import TrainConfig

Kind = Literal["text", "choice", "switch", "whole", "number", "list"]


@dataclass(frozen=True)
class Group:
    """Settings that belong together. folded: only for those who look for it."""

    name: str
    title: str
    folded: bool = True


GROUPS = (
    Group("pictures", "Pictures", folded=False),
    Group("model", "Model", folded=False),
    Group("budget", "Length of the run", folded=False),
    Group("computer", "Computer", folded=False),
    Group("keeping", "Checkpoints and scores"),
    Group("generator", "Generator"),
    Group("judge", "Discriminator"),
    Group("learning", "Learning"),
    Group("variation", "Changing pictures while learning"),
    Group("penalties", "Penalties"),
)


@dataclass(frozen=True)
class Field:
    """One setting. choices: value and words. limits: of a number, or of each in a list; None for the rest."""

    name: str
    kind: Kind
    label: str
    group: str
    step: float
    unit: str
    choices: tuple[tuple[str, str], ...]
    limits: Limits | None
    help: str

    @property
    def flag(self) -> str:
        """What the command line calls it."""
        return f"--{self.name.replace('_', '-')}"


@dataclass(frozen=True)
class _Look:
    """What is written down here of a field; everything else is known elsewhere."""

    group: str
    label: str
    unit: str = ""
    step: float = 1
    words: tuple[str, ...] = ()


_DEVICES = ("auto", "cpu", "cuda", "mps")
_LOOKS = {
    "data": _Look("pictures", "Folder or zip file"),
    "fit": _Look("pictures", "Make them square by", words=("cropping to the middle", "adding white bars")),
    "portraits": _Look("pictures", "Portraits", "portraits", 1024),
    "variety": _Look("pictures", "Variety", step=0.05),
    "flip": _Look("pictures", "Mirror half of them"),
    "resolution_px": _Look("model", "Resolution", "px", 1),
    "cells": _Look("model", "Grid", "rows and columns", 2),
    "local": _Look("model", "Code of each cell", "numbers"),
    "shared": _Look("model", "Code of each quadrant", "numbers"),
    "global_code": _Look("model", "Code all cells share", "numbers"),
    "style": _Look("model", "Style code", "numbers", 16),
    "images": _Look("budget", "Images to learn from", "images", 10_000),
    "batch": _Look("budget", "Images per step", "images", 2),
    "checkpoint_every": _Look("budget", "Save every", "images", 1000),
    "keep": _Look("keeping", "Keep", "checkpoints"),
    "score_pictures": _Look("keeping", "Score by", "pictures"),
    "device": _Look("computer", "Compute on", words=("the fastest there is", "processor (CPU)", "CUDA", "Apple (MPS)")),
    "precision": _Look("computer", "Precision", words=("as fits the device", "32 bits", "16 bits (bf16)")),
    "threads": _Look("computer", "CPU threads", "threads"),
    "widths": _Look("generator", "Generator channels"),
    "mapping_layers": _Look("generator", "Mapping layers", "layers"),
    "backbone": _Look("generator", "Backbone", words=("modulated (StyleGAN2)", "AdaIN (as published)")),
    "source": _Look("generator", "Input", words=("the cells' codes", "learned (StyleGAN)")),
    "first_styled": _Look("generator", "First styled layer"),
    "noise": _Look("generator", "Noise for each pixel"),
    "joint_norm": _Look("generator", "Common scale of codes"),
    "judge_widths": _Look("judge", "Discriminator channels"),
    "recipe": _Look("judge", "Recipe", words=("plain (as in the papers)", "projected (for portraits)")),
    "feature_images": _Look("judge", "Learn attributes from", "images", 10_000),
    "unfreeze_at": _Look("judge", "Free its features after", "images", 4_000),
    "feature_rate": _Look("judge", "Rate of its features", step=1e-4),
    "rate": _Look("learning", "Learning rate", step=5e-4),
    "settle": _Look("learning", "Slow down at the end", step=0.05),
    "ema_images": _Look("learning", "Average over", "images", 1000),
    "style_mixing": _Look("learning", "Mix two styles", step=0.1),
    "seed": _Look("learning", "Seed"),
    "augment": _Look(
        *("variation", "Change pictures by"),
        words=("nothing", "small moves", "colour, moves and holes", "as they need (adaptive)"),
    ),
    "augment_target": _Look("variation", "Sureness to allow", step=0.05),
    "augment_images": _Look("variation", "From none to all in", "images", 50_000),
    "r1": _Look("penalties", "Gradient (R1)", step=0.1),
    "r1_every": _Look("penalties", "Gradient: every", "steps"),
    "range_weight": _Look("penalties", "Colours out of range", step=1),
    "locality": _Look("penalties", "Locality", step=0.5),
    "locality_from": _Look("penalties", "Locality: after", "images", 10_000),
    "locality_every": _Look("penalties", "Locality: every", "steps"),
    "path_length": _Look("penalties", "Path length", step=0.5),
    "path_length_every": _Look("penalties", "Path length: every", "steps"),
}


@functools.cache
def list_fields() -> dict[str, Field]:
    """Return all settings by name, in the order in which they are shown."""
    kinds = {item.name: _find_kind(item.name, item.default) for item in fields(TrainConfig)}
    helps = read_help()
    order = [group.name for group in GROUPS]
    ranked = sorted(_LOOKS, key=lambda name: order.index(_LOOKS[name].group))
    return {name: _make_field(name, kinds[name], helps.get(name, "")) for name in ranked}


def _make_field(name: str, kind: Kind, help: str) -> Field:
    look = _LOOKS[name]
    values = _DEVICES if name == "device" else list_choices(TrainConfig, name)
    choices = tuple(zip(values, look.words, strict=True))
    return Field(name, kind, look.label, look.group, look.step, look.unit, choices, LIMITS.get(name), help)


def _find_kind(name: str, default: object) -> Kind:
    if name == "device" or list_choices(TrainConfig, name):
        return "choice"
    kinds: dict[type, Kind] = {bool: "switch", int: "whole", float: "number", tuple: "list", str: "text"}
    return kinds[type(default)]


@functools.cache
def read_help() -> dict[str, str]:
    """Return the sentences written under each field of TrainConfig, by name; none where its source was not kept."""
    try:
        tree = ast.parse(inspect.getsource(TrainConfig))
    except OSError:
        return {}
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    found = {}
    for before, after in zip(body, body[1:], strict=False):
        match before, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split())
    return found


def counts_for(config: TrainConfig, name: str) -> bool:
    """Say whether a run with these settings looks at a setting at all."""
    match name:
        case "fit":
            return bool(config.data)
        case "portraits" | "variety":
            return not config.data
        case "feature_images" | "unfreeze_at" | "feature_rate":
            return config.recipe == "projected"
        case "augment_target" | "augment_images":
            return config.augment == "adaptive"
        case "locality_from" | "locality_every":
            return config.locality > 0
        case "path_length_every":
            return config.path_length > 0
        case "r1_every":
            return config.r1 > 0
        case "local" | "shared" | "global_code" | "first_styled" | "joint_norm":
            return config.source == "cells"
    return True


def say_limits(field: Field) -> str:
    """Return the range of a number in a few words, with its unit; "" for what has none."""
    limits = field.limits
    if limits is None or field.name == "seed":
        return field.unit
    if field.name == "resolution_px":
        return "the grid’s rows, doubled a few times"
    words = f"{_say_range(limits)} {'each' if field.kind == 'list' else field.unit}".strip()
    return words if limits.also is None else f"{words}, or {limits.also:g} for endless ones"


def _say_range(limits: Limits) -> str:
    if limits.above:
        return f"above {limits.low:g}"
    if limits.high == float("inf"):
        return f"{limits.low:g} or more"
    return f"{limits.low:g} to {limits.high:g}"
