"""Path length: zero where nothing changes, the analytic value where it is known, slerp's own promises."""

import math
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn

from sni_engine.api.codes import GridSpec
from sni_engine.metrics.eyes import YardstickEye, compare, crop_face
from sni_engine.metrics.path_length import Path, PathLength, list_paths, measure_path, slerp, summarise
from sni_engine.networks.generator import Generator

from .conftest import GRID


class Turning(nn.Module):
    """A stand-in for a generator whose picture is the first number of the style, everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.config = SimpleNamespace(grid=GRID)
        self.unused = nn.Parameter(torch.zeros(1))

    def noise_shapes(self) -> list[tuple[int, int, int]]:
        return []

    def map_cells(self, global_: Tensor, shared: Tensor, local: Tensor) -> Tensor:
        return local.permute(0, 3, 1, 2)

    def map_style(self, style: Tensor) -> Tensor:
        return style

    def from_map(self, columns: Tensor, w: Tensor, noise: list[Tensor]) -> Tensor:
        return w[:, :1, None, None].expand(-1, 3, 16, 16)


class Angle:
    """Looks at a picture's colour as an angle: its features go round a circle."""

    name = "angle"

    def fit(self, pictures: Tensor) -> Tensor:
        return pictures

    def look(self, pictures: Tensor) -> list[Tensor]:
        colour = pictures[:, :1]
        return [7 * torch.cat([colour.cos(), colour.sin()], 1)]


def last(steps: object) -> PathLength:
    *_, result = steps  # type: ignore[misc]
    assert isinstance(result, PathLength)
    return result


@pytest.mark.parametrize("path", list_paths(GRID), ids=lambda path: path.name)
def test_a_generator_that_ignores_its_codes_has_no_length(blind: Generator, eye: YardstickEye, path: Path) -> None:
    assert last(measure_path(blind, eye, path, 20, 0)).mean == 0


@torch.no_grad()
def test_the_length_of_a_straight_way_round_a_circle_is_its_square() -> None:
    path = Path("w", "w", ("style",))
    found = last(measure_path(Turning(), Angle(), path, 400, 3))  # type: ignore[arg-type]
    # the difference of two normal numbers has variance 2; dropping 1 % at both ends leaves a little less
    assert 1.4 < found.mean < 2.2
    assert last(measure_path(Turning(), Angle(), Path("c", "w", ("cells",)), 40, 3)).mean == 0  # type: ignore[arg-type]


def test_a_step_is_measured_to_a_percent_in_single_precision() -> None:
    angles = torch.linspace(0.1, 3, 50)
    here, there = (Angle().look((angles + step)[:, None, None, None].expand(-1, 3, 8, 8)) for step in (0, 1e-4))
    torch.testing.assert_close(compare(here, there) / 1e-8, torch.ones(50), rtol=0.01, atol=0)


def test_a_seed_decides_and_batches_do_not(generator: Generator, eye: YardstickEye) -> None:
    path = list_paths(GRID)[0]
    once, twice = (last(measure_path(generator, eye, path, 20, 5)) for _ in range(2))
    assert once == twice
    assert once.mean > 0
    assert once != last(measure_path(generator, eye, path, 20, 6))


def test_slerp_turns_evenly_and_keeps_length() -> None:
    a, b = torch.randn(2, 6, 9)
    at = [slerp(a, b, torch.full((6, 1), t)) for t in (0.0, 0.25, 1.0)]
    torch.testing.assert_close(at[0], a.double())
    torch.testing.assert_close(at[2], b.double())
    whole, part = (torch.cosine_similarity(a.double(), x).acos() for x in (at[2], at[1]))
    torch.testing.assert_close(part, whole / 4)
    lengths = 0.75 * a.double().norm(dim=1) + 0.25 * b.double().norm(dim=1)
    torch.testing.assert_close(at[1].norm(dim=1), lengths)


def test_codes_of_one_number_go_straight_on() -> None:
    a, b, half = torch.tensor([[1.0], [1.0]]), torch.tensor([[-1.0], [3.0]]), torch.full((2, 1), 0.5)
    torch.testing.assert_close(slerp(a, b, half), torch.tensor([[0.0], [2.0]], dtype=torch.float64))


def test_extremes_are_dropped() -> None:
    values = torch.cat([torch.ones(982), torch.full((9,), -1e9), torch.full((9,), 1e9)]).double()
    assert math.isclose(summarise(values).mean, 1)
    assert summarise(values).pairs == 982


def test_levels_that_a_model_has_not_are_left_out() -> None:
    names = [path.name for path in list_paths(GridSpec(global_=0, shared=0))]
    assert names == ["z_full", "z_end", "w_full", "w_end", "z_local", "z_style", "w_style", "w_cells"]


def test_the_crop_is_the_middle_of_the_face() -> None:
    picture = torch.arange(64.0).reshape(1, 1, 64, 1).expand(1, 3, 64, 64)
    crop = crop_face(picture)
    assert crop.shape == (1, 3, 32, 32)
    assert (crop[0, 0, 0, 0], crop[0, 0, -1, 0]) == (24, 55)
