"""The adain backbone is the published network, layer for layer (Alharbi & Wonka, CVPR 2020, and its released code)."""

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codes import Codes, GridSpec
from sni_engine.networks.adain import blur, double, instance_norm
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes, draw_noise

GRID = GridSpec(style=6, local=3, shared=2, global_=1)
SMALL = GeneratorConfig(GRID, (7, 6, 5), mapping_layers=3, backbone="adain", joint_norm=True)
PUBLISHED = GeneratorConfig(GridSpec(), (512, 512, 512, 256, 128, 64), mapping_layers=8, backbone="adain")
SQUARES = GridSpec(4, 4, style=6, local=3, shared=2, global_=1)


def make(config: GeneratorConfig) -> Generator:
    torch.manual_seed(0)
    generator = Generator(config)
    for name, parameter in generator.named_parameters():
        if name.endswith(("bias", "noise_strength")):
            torch.nn.init.normal_(parameter)
    return generator.eval().requires_grad_(False)


def tensors(codes: Codes) -> tuple[Tensor, Tensor, Tensor]:
    return tuple(torch.tensor(level)[None] for level in (codes.global_, codes.shared, codes.local))  # type: ignore[return-value]


def noise_of(generator: Generator, seed: int) -> list[Tensor]:
    return [torch.from_numpy(noise)[None] for noise in draw_noise(seed, generator.noise_shapes())]


def change(codes: Codes, level: str, place: tuple[int, int]) -> Codes:
    values = codes.level(level).copy()  # type: ignore[arg-type]
    values[place] += 1
    return codes.with_levels({level: values})  # type: ignore[dict-item]


# -- written out from the published facts, slowly


def written_style(weights: dict[str, Tensor], style: Tensor) -> Tensor:
    w = style / (style.square().mean() + 1e-8).sqrt()
    for index in range(SMALL.mapping_layers):
        weight, bias = weights[f"mapping.layers.{index}.weight"], weights[f"mapping.layers.{index}.bias"]
        w = F.leaky_relu(weight * (2**0.5 / 6**0.5) * 0.01 @ w + bias * 0.01, 0.2)
    return w


def written_cells(weights: dict[str, Tensor], codes: Codes) -> Tensor:
    levels = [torch.tensor(level) for level in (codes.global_, codes.shared, codes.local)]
    scale = (torch.cat([level.flatten() for level in levels]).square().mean() + 1e-8).sqrt()
    global_, shared, local = (level / scale for level in levels)
    columns = torch.zeros(7, 8, 8)
    for row in range(8):
        for column in range(8):
            cell = torch.cat([global_, shared[row // 4, column // 4], local[row, column]])
            columns[:, row, column] = cell @ weights["cells.weight"][8 * row + column] * (2 / 6) ** 0.5
    return F.leaky_relu(columns + weights["cells.bias"][:, None, None], 0.2)


def written_norm(x: Tensor) -> Tensor:
    x = x - x.mean((1, 2), keepdim=True)
    return x / (x.square().mean((1, 2), keepdim=True) + 1e-8).sqrt()


def written_picture(weights: dict[str, Tensor], x: Tensor, w: Tensor, noise: list[Tensor]) -> Tensor:
    x = written_norm(x)
    line = torch.tensor([1.0, 2.0, 1.0])
    for index in range(4):
        kernel = weights[f"layers.{index}.weight"] * (2 / (9 * len(x))) ** 0.5
        if index % 2 == 0:
            x = x.repeat_interleave(2, 1).repeat_interleave(2, 2)
        x = F.conv2d(x[None], kernel, padding=1)[0]
        if index % 2 == 0:
            x = F.conv2d(x[:, None], (line[:, None] * line / 16)[None, None], padding=1)[:, 0]
        x = x + noise[index][0] * weights[f"layers.{index}.noise_strength"][:, None, None]
        x = written_norm(F.leaky_relu(x + weights[f"layers.{index}.bias"][:, None, None], 0.2))
        if index > 0:  # published: layer index above 4, where the first doubling holds layers 4 and 5
            style = weights[f"layers.{index}.affine.weight"] @ w / 6**0.5 + weights[f"layers.{index}.affine.bias"]
            scale, shift = style[:, None, None].chunk(2)
            x = x * (scale + 1) + shift
    return F.conv2d(x[None], weights["to_rgb.0.weight"] / 5**0.5, weights["to_rgb.0.bias"])


@pytest.mark.parametrize("seed", [1, 2])
def test_the_whole_network_is_what_was_published(seed: int) -> None:
    generator, codes = make(SMALL), draw_codes(GRID, seed)
    weights, noise = generator.state_dict(), noise_of(generator, seed)
    x, w = written_cells(weights, codes), written_style(weights, torch.tensor(codes.style))
    torch.testing.assert_close(generator.map_cells(*tensors(codes))[0], x)
    torch.testing.assert_close(generator.map_style(torch.tensor(codes.style)[None])[0], w)
    drawn = generator(torch.tensor(codes.style)[None], *tensors(codes), noise)
    torch.testing.assert_close(drawn, written_picture(weights, x, w, noise), rtol=1e-4, atol=1e-4)


def test_the_published_size_has_the_published_number_of_weights() -> None:
    with torch.device("meta"):
        generator = Generator(PUBLISHED)
    count = sum(parameter.numel() for parameter in generator.parameters())
    assert PUBLISHED.resolution_px == 256
    assert count == pytest.approx(16.96e6, rel=1e-3)  # the released code also has an unused RGB output for each size


def test_styles_begin_at_the_second_convolution_of_the_first_doubling() -> None:
    with torch.device("meta"):
        layers = list(Generator(PUBLISHED).layers)
    assert [layer.affine is not None for layer in layers] == [False] + [True] * 9
    assert [layer.size_px for layer in layers] == [16, 16, 32, 32, 64, 64, 128, 128, 256, 256]


@pytest.mark.parametrize("first_styled", [0, 3])
def test_styles_begin_where_the_config_says(first_styled: int) -> None:
    generator = make(GeneratorConfig(SQUARES, (6, 5, 4), backbone="adain", first_styled=first_styled))
    columns = torch.randn(1, 6, 4, 4)
    noise = noise_of(generator, 1)
    seen: list[list[Tensor]] = []
    for seed in (1, 2):
        x, levels = instance_norm(columns), []
        w = generator.map_style(torch.tensor(draw_codes(SQUARES, seed).style)[None])
        for index, layer in enumerate(generator.layers):
            x = layer(x, w, noise[index])
            levels.append(x)
        seen.append(levels)
    assert [not torch.equal(a, b) for a, b in zip(*seen, strict=True)] == [index >= first_styled for index in range(4)]


@pytest.mark.parametrize(
    ("grid", "place"), [(GRID, (0, 0)), (GRID, (3, 5)), (GRID, (7, 7)), (SQUARES, (0, 3)), (SQUARES, (2, 1))]
)
def test_a_cell_changes_its_own_column_and_no_other(grid: GridSpec, place: tuple[int, int]) -> None:
    generator = make(GeneratorConfig(grid, (6, 5), backbone="adain"))
    codes = draw_codes(grid, 1)
    before, after = (generator.map_cells(*tensors(item)) for item in (codes, change(codes, "local", place)))
    changed = (before != after).any(1)[0]
    assert changed[place]
    assert changed.sum() == 1


@pytest.mark.parametrize(("grid", "side"), [(GRID, 4), (SQUARES, 2)])
@pytest.mark.parametrize("place", [(0, 0), (1, 0), (1, 1)])
def test_a_shared_quadrant_touches_exactly_its_cells(grid: GridSpec, side: int, place: tuple[int, int]) -> None:
    generator = make(GeneratorConfig(grid, (6, 5), backbone="adain"))
    codes = draw_codes(grid, 2)
    before, after = (generator.map_cells(*tensors(item)) for item in (codes, change(codes, "shared", place)))
    expected = torch.zeros(grid.rows, grid.columns, dtype=torch.bool)
    expected[place[0] * side : (place[0] + 1) * side, place[1] * side : (place[1] + 1) * side] = True
    assert torch.equal((before != after).any(1)[0], expected)


def test_the_published_norm_moves_every_other_cell_by_one_common_factor() -> None:
    generator = make(SMALL)
    generator.cells.bias.zero_()
    codes = draw_codes(GRID, 3)
    before, after = (generator.map_cells(*tensors(item))[0] for item in (codes, change(codes, "local", (3, 3))))
    factor = torch.cat([(after / before).flatten(1)[:, :27], (after / before).flatten(1)[:, 28:]], 1)
    assert 0.9 < factor.mean() < 1
    torch.testing.assert_close(factor, factor.mean().expand_as(factor), rtol=1e-4, atol=1e-4)


def test_the_first_block_has_zero_mean_and_unit_variance() -> None:
    generator = make(SMALL)
    block = instance_norm(generator.map_cells(*tensors(draw_codes(GRID, 4))))
    torch.testing.assert_close(block.mean((2, 3)), torch.zeros(1, 7), rtol=0, atol=1e-5)
    torch.testing.assert_close(block.square().mean((2, 3)), torch.ones(1, 7), rtol=0, atol=1e-4)


def test_parts_are_what_their_names_say() -> None:
    x, weight = torch.randn(2, 3, 5, 5), torch.randn(4, 3, 3, 3)
    slow = F.conv2d(F.interpolate(x, scale_factor=2, mode="nearest"), weight, padding=1)
    torch.testing.assert_close(double(x, weight), slow, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(instance_norm(x), F.instance_norm(x, eps=1e-8), rtol=1e-4, atol=1e-4)
    spot = torch.zeros(1, 2, 5, 5)
    spot[0, 1, 2, 2] = 16
    line = np.array([1, 2, 1], np.float32)
    assert np.array_equal(blur(spot)[0, 1, 1:4, 1:4], np.outer(line, line))
    assert not blur(spot)[0, 0].any()


@pytest.mark.parametrize("cells", [4, 8])
@pytest.mark.parametrize("resolution_px", [32, 64, 128, 256])
def test_every_size_and_grid_draws(cells: int, resolution_px: int) -> None:
    grid = GridSpec(cells, cells, style=4, local=2)
    widths = (4,) * (resolution_px // cells).bit_length()
    generator = make(GeneratorConfig(grid, widths, backbone="adain"))
    codes = draw_codes(grid, 1)
    drawn = generator(torch.tensor(codes.style)[None], *tensors(codes), noise_of(generator, 1))
    assert drawn.shape == (1, 3, resolution_px, resolution_px)
    assert torch.isfinite(drawn).all()


def test_styles_that_no_layer_would_read_are_refused() -> None:
    with pytest.raises(ValueError, match="first_styled"):
        GeneratorConfig(GRID, (6, 5), backbone="adain", first_styled=2)
    GeneratorConfig(GRID, (6, 5), first_styled=2)  # modulated colours are styled still
