"""Fréchet distance against closed forms; precision and recall of crowds whose overlap is known."""

import pytest
import torch
from torch import Tensor

from sni_engine.checkpoints.yardstick import describe_crowd
from sni_engine.metrics.frechet import compare_crowds, frechet_distance, measure_overlap


@pytest.fixture
def features() -> Tensor:
    return torch.randn(400, 6, generator=torch.Generator().manual_seed(0)) * torch.arange(1, 7)


def random_covariance(seed: int) -> Tensor:
    factor = torch.randn(5, 5, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return factor @ factor.T + 0.1 * torch.eye(5)


def test_a_crowd_is_no_distance_from_itself(features: Tensor) -> None:
    found = compare_crowds(features, describe_crowd(features, 400))
    assert found.distance == pytest.approx(0, abs=1e-6)
    assert (found.precision, found.recall) == (1, 1)


def test_gaussians_along_the_axes() -> None:
    mean, other = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 0.0, 2.0])
    spread, other_spread = torch.tensor([1.0, 4.0, 9.0]), torch.tensor([4.0, 4.0, 0.0])
    # (2² + 1²) + (1 - 2)² + 0 + (3 - 0)²
    assert frechet_distance(mean, spread.diag(), other, other_spread.diag()) == pytest.approx(5 + 1 + 0 + 9)


def test_gaussians_in_any_direction() -> None:
    a, b, zero = random_covariance(1), random_covariance(2), torch.zeros(5)
    roots = torch.linalg.eigvals(a @ b).real.sqrt().sum()  # the definition, without our detour
    expected = (a.trace() + b.trace() - 2 * roots).item()
    assert frechet_distance(zero, a, zero, b) == pytest.approx(expected)
    assert frechet_distance(zero, b, zero, a) == pytest.approx(expected)


def test_fewer_pictures_than_features_is_no_trouble() -> None:
    few, others = torch.randn(2, 4, 10)
    distance = compare_crowds_distance(few, others)
    assert 0 < distance < 1000
    assert compare_crowds_distance(few, few) == pytest.approx(0, abs=1e-6)


def compare_crowds_distance(one: Tensor, other: Tensor) -> float:
    a, b = describe_crowd(one, 4), describe_crowd(other, 4)
    return frechet_distance(a.mean, a.covariance, b.mean, b.covariance)


def test_crowds_apart_share_nothing(features: Tensor) -> None:
    assert measure_overlap(features, features + 1000) == (0, 0)


def test_a_model_that_knows_half_of_the_world_is_precise_and_recalls_half(features: Tensor) -> None:
    world = torch.cat([features, features + 1000])
    assert measure_overlap(features, world) == (1, 0.5)
    assert measure_overlap(world, features) == (0.5, 1)
