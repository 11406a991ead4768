"""How close a model's pictures are to real ones: Fréchet distance, precision and recall over pooled features."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from sni_engine.checkpoints.yardstick import Crowd, describe_crowd
from sni_engine.metrics.eyes import Eye
from sni_engine.metrics.faces import device_of, draw_faces, draw_noises, paint, quantise, split_seeds
from sni_engine.networks.generator import Generator

NEIGHBOURS = 3  # k of Kynkäänniemi et al. 2019
_ROWS = 1024  # of the table of distances at once


@dataclass(frozen=True)
class Closeness:
    """distance: 0 for equal crowds. precision, recall: shares 0..1, from `compared` pictures of each kind."""

    distance: float
    precision: float
    recall: float
    pictures: int
    compared: int


def pool_samples(generator: Generator, eye: Eye, count: int, seed: int) -> Iterator[int | Tensor]:
    """Yield how many faces are drawn, and last the features of all [count, D]."""
    device, parts = device_of(generator), []
    for seeds in split_seeds(seed, count, device):
        faces, noise = draw_faces(generator.config.grid, seeds, device), draw_noises(generator, seeds, device)
        parts.append(eye.pool(quantise(paint(generator, faces, noise))).cpu())
        yield seeds.stop - seed
    yield torch.cat(parts)


def compare_crowds(made: Tensor, real: Crowd) -> Closeness:
    """Return how close features [N, D] are to a real crowd; precision and recall use equally many of both."""
    crowd = describe_crowd(made, len(real.some))
    count = min(len(crowd.some), len(real.some))
    precision, recall = measure_overlap(describe_crowd(made, count).some, real.some[:count])
    distance = frechet_distance(crowd.mean, crowd.covariance, real.mean, real.covariance)
    return Closeness(distance, precision, recall, len(made), count)


def frechet_distance(mean: Tensor, covariance: Tensor, other_mean: Tensor, other_covariance: Tensor) -> float:
    """Return the squared Fréchet distance of two Gaussians (Heusel et al. 2017, equation 6).

    The trace of the root of a product of covariances is that of a symmetric matrix, whose eigenvalues are real and
    stable: tr √(AB) = tr √(√A B √A).
    """
    root = _root(covariance.double())
    eigenvalues = torch.linalg.eigvalsh(root @ other_covariance.double() @ root).clamp_min(0)
    shift = (mean.double() - other_mean.double()).square().sum()
    total = shift + covariance.double().trace() + other_covariance.double().trace() - 2 * eigenvalues.sqrt().sum()
    return max(total.item(), 0.0)


def _root(matrix: Tensor) -> Tensor:
    """Return the symmetric root of a covariance; rounding may have made its smallest eigenvalues negative."""
    values, vectors = torch.linalg.eigh((matrix + matrix.T) / 2)
    return (vectors * values.clamp_min(0).sqrt()) @ vectors.T


def measure_overlap(made: Tensor, real: Tensor, neighbours: int = NEIGHBOURS) -> tuple[float, float]:
    """Return precision and recall of features [N, D] and [M, D] (Kynkäänniemi et al. 2019, equations 1 and 2).

    Precision is the share of made pictures that lie as near to a real one as its third neighbour does, recall the
    same with the two exchanged.
    """
    return _share_covered(made, real, neighbours), _share_covered(real, made, neighbours)


def _share_covered(points: Tensor, crowd: Tensor, neighbours: int) -> float:
    assert len(crowd) > neighbours
    reach = _rows(crowd, crowd).kthvalue(neighbours + 1, 1).values  # the nearest of all is the point itself
    return (_rows(points, crowd) <= reach).any(1).double().mean().item()


def _rows(points: Tensor, crowd: Tensor) -> Tensor:
    """Return distances [N, M], exact for equal points (no matrix product, which would round)."""
    mode = "donot_use_mm_for_euclid_dist"
    return torch.cat([torch.cdist(part, crowd.float(), compute_mode=mode) for part in points.float().split(_ROWS)], 0)
