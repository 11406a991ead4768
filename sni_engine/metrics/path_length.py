"""Perceptual path length: how much the picture changes for a small step between two faces (Karras et al. 2019, 4.1).

Definition and numbers as in StyleGAN's own code, besides the network that looks (docs/metrics.md):
z is all codes side by side, or those of one level while the others stay; w is what they are mapped to, the mapped
style and the input tensor of the cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from sni_engine.api.codes import LEVELS, GridSpec, Level
from sni_engine.metrics.eyes import Eye, compare, crop_face
from sni_engine.metrics.faces import Faces, device_of, draw_faces, draw_noises, split_seeds
from sni_engine.networks.generator import Generator
from sni_engine.seeds import make_rng

EPSILON = 1e-4
_STREAM = 50
_PARTNER = 2**40  # added to a seed: the other end of its path


@dataclass(frozen=True)
class Path:
    """Which way between two faces: in z the given levels move, in w "style", "cells" or both.

    full: steps anywhere on the way; otherwise at its beginning.
    """

    name: str
    space: Literal["z", "w"]
    moving: tuple[str, ...]
    full: bool = True


@dataclass(frozen=True)
class PathLength:
    """Mean over the pairs that are left after the extremes are dropped, and its standard error."""

    mean: float
    error: float
    pairs: int


def list_paths(grid: GridSpec) -> tuple[Path, ...]:
    """Return the paths that a model is measured on: all codes four ways, then each part of them by itself."""
    here = present_levels(grid)
    both = ("style", "cells") if here != ("style",) else ("style",)
    whole = [
        Path(f"{space}_{'full' if full else 'end'}", space, here if space == "z" else both, full)  # type: ignore[arg-type]
        for space in ("z", "w")
        for full in (True, False)
    ]
    if len(both) == 1:  # a generator without cells: its style is the whole of it
        return tuple(whole)
    levels = [Path(f"z_{level}", "z", (level,)) for level in here]
    return (*whole, *levels, *(Path(f"w_{part}", "w", (part,)) for part in both))


def present_levels(grid: GridSpec) -> tuple[Level, ...]:
    """Return the levels that a model has codes for."""
    return tuple(level for level in LEVELS if grid.size(level))


def measure_path(generator: Generator, eye: Eye, path: Path, pairs: int, seed: int) -> Iterator[int | PathLength]:
    """Yield how many pairs are done, and last the path length. Noise maps are the same at both ends of a step."""
    device, grid, found = device_of(generator), generator.config.grid, []
    times = make_rng(seed, _STREAM).random(pairs) if path.full else [0.0] * pairs
    for seeds in split_seeds(seed, pairs, device):
        here = torch.tensor([times[item - seed] for item in seeds], dtype=torch.float64, device=device)
        faces = draw_faces(grid, seeds, device)
        partners = draw_faces(grid, [item + _PARTNER for item in seeds], device)
        noise = draw_noises(generator, seeds, device)
        ends = [walk(generator, path, faces, partners, t[:, None]) for t in (here, here + EPSILON)]
        features = [eye.look(crop_face(eye.fit(generator.from_map(*end, noise)))) for end in ends]
        found.append(compare(*features).double().cpu() / EPSILON**2)
        yield seeds.stop - seed
    yield summarise(torch.cat(found))


def walk(generator: Generator, path: Path, faces: Faces, partners: Faces, t: Tensor) -> tuple[Tensor, Tensor]:
    """Return input tensor [N, C, R, C] and mapped style [N, D] at t [N, 1] of the way from faces to partners."""
    if path.space == "z":
        levels: Sequence[Level] = [level for level in LEVELS if level in path.moving]
        there = slerp(faces.flatten(levels), partners.flatten(levels), t).float()
        return _map(generator, faces.with_flat(there, levels))
    columns, style = _map(generator, faces)
    other_columns, other_style = _map(generator, partners)
    if "cells" in path.moving:
        columns = lerp(columns, other_columns, t[:, :, None, None]).float()
    return columns, lerp(style, other_style, t).float() if "style" in path.moving else style


def _map(generator: Generator, faces: Faces) -> tuple[Tensor, Tensor]:
    return generator.map_cells(faces.global_, faces.shared, faces.local), generator.map_style(faces.style)


def lerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Return the point t of the way from a to b, in double precision."""
    return a.double() + (b.double() - a.double()) * t


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Return vectors [N, D] turned by t [N, 1] of the angle from a to b, in double precision.

    Their length goes evenly from a's to b's: our codes, unlike StyleGAN's, are not normalised as they are mapped.
    """
    a, b = a.double(), b.double()
    length_a, length_b = (x.norm(dim=1, keepdim=True).clamp_min(1e-12) for x in (a, b))
    one, other = a / length_a, b / length_b
    angle = (one * other).sum(1, keepdim=True).clamp(-1, 1).acos()
    sine = angle.sin()
    flat = sine < 1e-6  # the same or the opposite direction, as codes of one number always are: straight on
    safe = torch.where(flat, torch.ones_like(sine), sine)
    turned = (one * ((1 - t) * angle).sin() + other * (t * angle).sin()) / safe
    return torch.where(flat, lerp(a, b, t), turned * lerp(length_a, length_b, t))


def summarise(distances: Tensor) -> PathLength:
    """Drop what is below the 1st or above the 99th percentile and return mean and standard error of the rest."""
    low = torch.quantile(distances, 0.01, interpolation="lower")
    high = torch.quantile(distances, 0.99, interpolation="higher")
    kept = distances[(distances >= low) & (distances <= high)]
    error = kept.std().item() / len(kept) ** 0.5 if len(kept) > 1 else 0.0
    return PathLength(kept.mean().item(), error, len(kept))
