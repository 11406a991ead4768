"""Drawing: what is kept, folded or batched gives the network's own pictures, for every kind of generator."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sni_engine import drawing
from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codes import Codes
from sni_engine.drawing import Painter
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes, draw_noise

CPU = torch.device("cpu")


def faces(painter: Painter, count: int) -> list[Codes]:
    return [draw_codes(painter.generator.config.grid, seed) for seed in range(count)]


def test_drawing_is_the_network(painter: Painter) -> None:
    codes = faces(painter, 1)[0]
    noise = [torch.from_numpy(array)[None] for array in draw_noise(0, painter.generator.noise_shapes())]
    levels = (torch.tensor(level)[None] for level in (codes.style, codes.global_, codes.shared, codes.local))
    torch.testing.assert_close(painter.forward(codes), painter.generator(*levels, noise), rtol=1e-4, atol=1e-4)


def test_the_same_codes_give_the_same_bytes_whatever_came_between(painter: Painter) -> None:
    first = [painter.draw(codes) for codes in faces(painter, 8)]  # more than are remembered
    assert len({picture.tobytes() for picture in first}) == 8
    for picture, codes in zip(first, faces(painter, 8), strict=True):
        assert picture.tobytes() == painter.draw(codes).tobytes()


@pytest.mark.parametrize("at_once", [1, 3, 7])
def test_many_pictures_are_the_single_ones(painter: Painter, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch adds up in another order than a single picture, so a value may round to its neighbour."""
    monkeypatch.setattr(drawing, "_MOST_AT_ONCE", at_once)
    codes = faces(painter, 7)
    many, single = painter.draw_many(codes), np.stack([painter.draw(item) for item in codes])
    assert many.shape == single.shape == (7, 16, 16, 3)
    assert many.dtype == np.uint8
    assert np.abs(many.astype(int) - single).max() <= 1
    assert (many != single).mean() < 0.01


def test_no_pictures_are_none(painter: Painter) -> None:
    assert painter.draw_many([]).shape == (0, 16, 16, 3)


def test_large_layers_are_drawn_in_small_batches(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_NUMBERS_AT_ONCE", 2 * painter.generator.config.largest_layer)
    assert [(start, len(drawn)) for start, drawn in painter.forward_many(faces(painter, 5))] == [(0, 2), (2, 2), (4, 1)]


def test_alternatives_are_drawn_in_even_batches(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_NUMBERS_IN_CACHE", 4 * painter.generator.config.largest_layer)
    first, *others = faces(painter, 5)
    codes = [first, *(first.with_levels({"local": other.local}) for other in others)]
    counts = [len(drawn) for _, drawn in painter.forward_many(codes)]
    assert counts == ([3, 2] if painter._can_fold(codes) else [5])


def test_noise_alone_changes_a_picture_and_can_be_left_out(variant: GeneratorConfig, painter: Painter) -> None:
    codes = faces(painter, 1)[0]
    other = Codes(codes.style, codes.global_, codes.shared, codes.local, noise_seed=8)
    assert not np.array_equal(painter.draw(codes), painter.draw(other))
    quiet = Painter(Generator(replace(variant, noise=False)), CPU)
    assert quiet.generator.noise_shapes() == []
    assert np.array_equal(quiet.draw(codes), quiet.draw(other))
    assert np.array_equal(*quiet.draw_many([codes, other]))


def test_alternatives_of_one_face_are_drawn_with_its_folded_style(painter: Painter) -> None:
    first, *others = faces(painter, 5)
    codes = [first, *(first.with_levels({"local": other.local, "shared": other.shared}) for other in others)]
    many, single = painter.draw_many(codes), np.stack([painter.draw(item) for item in codes])
    assert np.abs(many.astype(int) - single).max() <= 1
    folds = painter.generator.config.backbone == "modulated"
    assert painter._can_fold(codes) == folds
    assert not painter._can_fold([*codes, others[0]])


def test_wide_layers_draw_the_network_too() -> None:
    generator = Generator(GeneratorConfig(widths=(96, 96, 80)))
    painter = Painter(generator, CPU)
    codes = faces(painter, 1)[0]
    kernels = painter._fold(codes).layers
    assert [kernel.is_winograd for kernel in kernels] == [False, True, True, True]
    noise = [torch.from_numpy(array)[None] for array in draw_noise(0, generator.noise_shapes())]
    levels = (torch.tensor(level)[None] for level in (codes.style, codes.global_, codes.shared, codes.local))
    torch.testing.assert_close(painter.forward(codes), generator(*levels, noise), rtol=1e-3, atol=1e-3)
