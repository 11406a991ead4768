"""The generator's promises: exact isolation of cells, quadrants that touch their own cells, the same bytes."""

from typing import Literal

import numpy as np
import pytest
import torch

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codes import Codes, GridSpec
from sni_engine.drawing import Painter
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes

GRID = GridSpec(style=16, local=4, shared=2, global_=1)
CONFIG = GeneratorConfig(GRID, widths=(12, 10, 8, 6))


@pytest.fixture
def generator() -> Generator:
    torch.manual_seed(0)
    network = Generator(CONFIG)
    for layer in network.layers:
        torch.nn.init.normal_(layer.noise_strength)
        torch.nn.init.normal_(layer.bias)
    return network.eval().requires_grad_(False)


def tensors(codes: Codes) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    return tuple(torch.tensor(level)[None] for level in (codes.global_, codes.shared, codes.local))  # type: ignore[return-value]


def change_cell(codes: Codes, row: int, column: int) -> Codes:
    local = codes.local.copy()
    local[row, column] += 1
    return codes.with_levels({"local": local})


@pytest.mark.parametrize(("row", "column"), [(0, 0), (3, 5), (7, 7)])
def test_a_cell_changes_its_own_column_and_no_other(generator: Generator, row: int, column: int) -> None:
    codes = draw_codes(GRID, 1)
    before = generator.map_cells(*tensors(codes))
    after = generator.map_cells(*tensors(change_cell(codes, row, column)))
    changed = (before != after).any(1)[0]
    assert changed[row, column]
    assert changed.sum() == 1


@pytest.mark.parametrize(("row", "column"), [(0, 0), (4, 4), (7, 2)])
def test_pixels_beyond_the_receptive_field_do_not_change_at_all(generator: Generator, row: int, column: int) -> None:
    codes = draw_codes(GRID, 2)
    painter = Painter(generator, torch.device("cpu"))
    before, after = painter.forward(codes), painter.forward(change_cell(codes, row, column))
    changed = (before != after).any(1)[0]
    reach = receptive_field(row, column)
    assert changed.any()
    assert not changed[~reach].any()


def receptive_field(row: int, column: int) -> torch.Tensor:
    """Pixels that a cell can reach: its square grown by every 3x3 convolution and bilinear doubling in turn."""
    low, high, side = [row, column], [row + 1, column + 1], GRID.rows
    for _ in CONFIG.widths[1:]:
        low, high = convolve(low, high, side)
        low, high, side = [max(0, 2 * v - 1) for v in low], [min(2 * side, 2 * v + 1) for v in high], 2 * side
        low, high = convolve(low, high, side)
    field = torch.zeros(side, side, dtype=torch.bool)
    field[low[0] : high[0], low[1] : high[1]] = True
    return field


def convolve(low: list[int], high: list[int], side: int) -> tuple[list[int], list[int]]:
    return [max(0, v - 1) for v in low], [min(side, v + 1) for v in high]


def test_a_shared_quadrant_touches_exactly_its_sixteen_cells(generator: Generator) -> None:
    codes = draw_codes(GRID, 3)
    shared = codes.shared.copy()
    shared[1, 0] += 1
    before = generator.map_cells(*tensors(codes))
    after = generator.map_cells(*tensors(codes.with_levels({"shared": shared})))
    changed = (before != after).any(1)[0]
    expected = torch.zeros(8, 8, dtype=torch.bool)
    expected[4:, :4] = True
    assert torch.equal(changed, expected)


def test_style_does_not_touch_the_input_tensor_and_changes_the_picture(generator: Generator) -> None:
    codes = draw_codes(GRID, 4)
    other = codes.with_levels({"style": draw_codes(GRID, 5).style})
    painter = Painter(generator, torch.device("cpu"))
    assert not np.array_equal(painter.draw(codes), painter.draw(other))


def test_the_same_codes_give_the_same_bytes(generator: Generator) -> None:
    codes = draw_codes(GRID, 6)
    first = Painter(generator, torch.device("cpu")).draw(codes)
    painter = Painter(generator, torch.device("cpu"))
    for seed in range(8):  # push the style out of the painter's memory and back
        painter.draw(draw_codes(GRID, seed))
    assert first.tobytes() == painter.draw(codes).tobytes()


def test_the_noise_seed_alone_changes_the_picture(generator: Generator) -> None:
    codes = draw_codes(GRID, 7)
    other = Codes(codes.style, codes.global_, codes.shared, codes.local, noise_seed=8)
    painter = Painter(generator, torch.device("cpu"))
    assert not np.array_equal(painter.draw(codes), painter.draw(other))


def test_folded_drawing_is_the_network(generator: Generator) -> None:
    from sni_engine.seeds import draw_noise

    codes = draw_codes(GRID, 9)
    noise = [torch.from_numpy(array)[None] for array in draw_noise(codes.noise_seed, generator.noise_shapes())]
    plain = generator(torch.tensor(codes.style)[None], *tensors(codes), noise)
    folded = Painter(generator, torch.device("cpu")).forward(codes)
    torch.testing.assert_close(folded, plain, rtol=1e-4, atol=1e-4)


def test_a_batch_is_its_pictures_one_by_one(generator: Generator) -> None:
    many = [draw_codes(GRID, seed) for seed in range(3)]
    style = torch.stack([torch.tensor(codes.style) for codes in many])
    levels = [torch.cat(level) for level in zip(*(tensors(codes) for codes in many), strict=True)]
    noise = [torch.zeros(1, *shape) for shape in generator.noise_shapes()]
    together = generator(style, *levels, noise)
    for index, codes in enumerate(many):
        alone = generator(style[index : index + 1], *tensors(codes), noise)
        torch.testing.assert_close(together[index : index + 1], alone, rtol=1e-4, atol=1e-4)


def test_the_input_tensor_has_unit_scale_per_cell(generator: Generator) -> None:
    columns = generator.map_cells(*tensors(draw_codes(GRID, 10)))
    torch.testing.assert_close(columns.square().mean(1), torch.ones(1, 8, 8), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("widths", [(8,), (8, 0), ()])
def test_senseless_widths_are_refused(widths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="two widths"):
        GeneratorConfig(GRID, widths=widths)


@pytest.mark.parametrize("backbone", ["modulated", "adain"])
def test_under_autocast_layers_stay_in_bf16_and_colours_in_float32(backbone: Literal["modulated", "adain"]) -> None:
    grid = GridSpec(4, 4, style=8, global_=1, shared=1, local=2)
    generator = Generator(GeneratorConfig(grid, (8, 8, 8), backbone=backbone))
    kinds = []
    for layer in generator.layers:
        layer.register_forward_hook(lambda module, given, made: kinds.append(made.dtype))
    codes = [torch.randn(2, *grid.shape(level)) for level in ("style", "global", "shared", "local")]
    with torch.autocast("cpu", torch.bfloat16):
        pictures = generator(*codes, [torch.randn(2, *shape) for shape in generator.noise_shapes()])
    assert set(kinds) == {torch.bfloat16}
    assert pictures.dtype == torch.float32
