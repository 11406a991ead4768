"""Spherical k-means: directions are of length 1, no step makes it worse, planted clusters are found, seeds repeat."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.api.generators import drain
from sni_engine.parts import kmeans
from sni_engine.parts.kmeans import assign, choose_starts, climb, cluster, move
from sni_engine.seeds import make_rng


def draw_points(count: int, channels: int = 6, seed: int = 0) -> Tensor:
    return F.normalize(torch.randn(count, channels, generator=torch.Generator().manual_seed(seed)), dim=1)


def run(points: Tensor, count: int, seed: int = 0, restarts: int = 2) -> Tensor:
    return drain(cluster(points, count, seed, restarts), lambda done: None)


@pytest.mark.parametrize("count", [1, 2, 7, 39, 40])
def test_any_number_of_directions_has_length_1_and_points_go_to_the_nearest(count: int) -> None:
    points = draw_points(40)
    directions = run(points, count)
    assert directions.shape == (count, 6)
    torch.testing.assert_close(directions.norm(dim=1), torch.ones(count))
    found = assign(points, directions)
    cosines = points @ directions.T
    assert torch.equal(found.nearest, cosines.argmax(1))
    assert found.objective == pytest.approx(float(cosines.max(1).values.mean()))
    if count == len(points):
        assert found.objective == pytest.approx(1, abs=1e-6), "every point has a direction of its own"


@pytest.mark.parametrize("seed", range(5))
def test_the_objective_never_falls(seed: int) -> None:
    points = draw_points(300, seed=seed)
    poor = F.normalize(torch.randn(9, 6) * 0.01 + points[0], dim=1)  # all in one place: most are empty at first
    reached = [objective for _, objective in climb(points, poor, 60)]
    assert len(reached) > 3
    assert all(after >= before - 1e-6 for before, after in zip(reached, reached[1:]))
    assert reached[-1] > reached[0] + 0.05


def test_planted_clusters_are_found() -> None:
    planted = F.normalize(torch.randn(5, 16), dim=1)
    points = F.normalize(planted.repeat(60, 1) + 0.05 * torch.randn(300, 16), dim=1)
    directions = run(points, 5, restarts=3)
    nearest = assign(points, directions).nearest.reshape(60, 5)
    assert (nearest == nearest[0]).all()
    assert len(set(nearest[0].tolist())) == 5
    assert float((planted @ directions.T).max(1).values.min()) > 0.99


def test_the_same_seed_finds_the_same_and_another_starts_elsewhere() -> None:
    points = draw_points(200)
    assert torch.equal(run(points, 8, seed=3), run(points, 8, seed=3))
    starts = [choose_starts(points, 8, make_rng(seed, 0)) for seed in (3, 4)]
    assert not torch.equal(*starts)
    with pytest.raises(AssertionError):
        run(points, 0)
    with pytest.raises(AssertionError):
        run(points, 201)


def test_batches_equal_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    points = draw_points(100)
    whole = assign(points, points[:7])
    monkeypatch.setattr(kmeans, "_BATCH_NUMBERS", 7 * 9)
    parts = assign(points, points[:7])
    assert torch.equal(whole.nearest, parts.nearest)
    torch.testing.assert_close(whole.cosines, parts.cosines)


def test_empty_directions_begin_anew_at_points_that_fit_worst() -> None:
    points = F.normalize(torch.tensor([[1.0, 0, 0], [0.9, 0.1, 0], [0.5, 0.9, 0], [0.6, 0, 0.9]]), dim=1)
    directions = F.normalize(torch.tensor([[1.0, 0, 0], [-1.0, 0, 0], [-1.0, -1, 0]]), dim=1)
    moved = move(points, directions, assign(points, directions))
    cosines = moved[1:] @ points.T
    assert set(cosines.argmax(1).tolist()) == {2, 3}
    torch.testing.assert_close(cosines.max(1).values, torch.ones(2))


def test_points_that_are_all_the_same_and_points_without_a_direction_do_no_harm() -> None:
    same = F.normalize(torch.ones(6, 4), dim=1)
    assert torch.isfinite(run(same, 4)).all()
    nothing = torch.zeros(6, 4)
    nothing[:2] = same[:2]
    assert assign(nothing, run(nothing, 2)).objective == pytest.approx(1 / 3, abs=1e-6)
