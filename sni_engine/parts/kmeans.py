"""Spherical k-means: directions that a crowd of unit vectors falls into (Buchta et al. 2012, as in Editing in Style).

Lloyd's steps on the sphere: every point goes to the direction of greatest cosine, every direction becomes the
normalised sum of its points. The objective, the mean cosine, never falls.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.networks.layers import check_shape
from sni_engine.seeds import make_rng

_BATCH_NUMBERS = 2**22  # cosines at once
_STILL = 1e-6  # gain of the objective that counts as none
_STARTS = 500  # first of the streams of random numbers


@dataclass(frozen=True, eq=False)
class Assignment:
    """The direction of each point, int64 [M], its cosine with it [M], and the mean of all cosines."""

    nearest: Tensor
    cosines: Tensor
    objective: float


def cluster(
    points: Tensor, count: int, seed: int, restarts: int = 3, most_steps: int = 60
) -> Generator[float, None, Tensor]:
    """Yield how far it is, 0 to 1, and return the best unit directions [count, C] of several starts.

    points: unit vectors [M, C]. The same seed gives the same directions. Asserts 1 <= count <= M.
    """
    check_shape(points, "M C")
    assert 1 <= count <= len(points)
    best, highest = points[:count], -np.inf
    for start in range(restarts):
        starts = choose_starts(points, count, make_rng(seed, _STARTS + start))
        directions, reached = starts, -np.inf
        for step, climbed in enumerate(climb(points, starts, most_steps)):
            yield (start + (step + 1) / (most_steps + 1)) / restarts
            directions, reached = climbed
        if reached > highest:
            best, highest = directions, reached
    return best


def choose_starts(points: Tensor, count: int, dice: np.random.Generator) -> Tensor:
    """Return starting directions [count, C], drawn as k-means++ does: the likelier, the farther from those there are.

    The squared distance of unit vectors is twice one minus their cosine.
    """
    chosen = [int(dice.integers(len(points)))]
    nearest = points @ points[chosen[0]]
    while len(chosen) < count:
        far = (1 - nearest).clamp_min(0).double().cpu().numpy()
        far[chosen] = 0
        total = np.cumsum(far)
        if total[-1] > 0:
            drawn = min(int(np.searchsorted(total, dice.random() * total[-1], "right")), len(points) - 1)
        else:  # every other point is the same as one chosen
            drawn = int(dice.choice(np.setdiff1d(np.arange(len(points)), chosen)))
        chosen.append(drawn)
        nearest = torch.maximum(nearest, points @ points[drawn])
    return points[chosen].clone()


def climb(points: Tensor, directions: Tensor, most_steps: int) -> Iterator[tuple[Tensor, float]]:
    """Yield directions [K, C] and their objective, first as given, then after each step until none helps."""
    found = assign(points, directions)
    yield directions, found.objective
    for _ in range(most_steps):
        directions = move(points, directions, found)
        before, found = found, assign(points, directions)
        yield directions, found.objective
        if found.objective - before.objective < _STILL:
            return


def assign(points: Tensor, directions: Tensor) -> Assignment:
    """Send every point to the direction of greatest cosine, the first of equals; in batches."""
    size = max(1, _BATCH_NUMBERS // len(directions))
    parts = [(batch @ directions.T).max(1) for batch in points.split(size)]
    cosines, nearest = torch.cat([part.values for part in parts]), torch.cat([part.indices for part in parts])
    return Assignment(nearest, cosines, float(cosines.double().mean()))


def move(points: Tensor, directions: Tensor, found: Assignment) -> Tensor:
    """Return each direction moved to the normalised sum of its points.

    Those that no point went to begin anew at the points that fit their own direction worst, each at another one.
    """
    sums = torch.zeros_like(directions).index_add_(0, found.nearest, points)
    lengths = sums.norm(dim=1)
    moved = torch.where((lengths > 1e-6)[:, None], F.normalize(sums, dim=1), directions)
    empty = torch.bincount(found.nearest, minlength=len(directions)) == 0
    if empty.any():
        worst = found.cosines.topk(int(empty.sum()), largest=False).indices
        moved[empty] = points[worst]
    return moved
