"""Offsets in style space when pictures are drawn: both backbones, one picture or many, held cells and blends."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.arrays import Array
from sni_engine.api.codes import LEVELS, Codes, Hold
from sni_engine.api.errors import EngineError
from sni_engine.api.models import ModelCard
from sni_engine.api.selection import parse_cells, select_all
from sni_engine.api.style_delta import StyleDelta
from sni_engine.drawing import Painter
from sni_engine.methods.base import blend
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes
from sni_engine.studio import Studio


def draw_delta(painter: Painter, seed: int, scale: float = 1.0) -> StyleDelta:
    rng = np.random.default_rng(seed)
    channels = painter.generator.config.style_channels
    delta = StyleDelta.gather([(scale * rng.standard_normal(count)).astype(np.float32) for count in channels])
    assert delta is not None
    return delta


def face(painter: Painter, seed: int, offset: int | None = None) -> Codes:
    codes = replace(draw_codes(painter.generator.config.grid, seed), noise_seed=7)
    return codes if offset is None else replace(codes, style_delta=draw_delta(painter, offset))


def forward(painter: Painter, codes: Codes) -> Array:
    return painter.forward(codes).numpy()


def test_channels_are_counted_as_the_generator_has_them(variant: GeneratorConfig) -> None:
    generator = Generator(variant)
    styles = generator.read_styles(generator.map_style(torch.zeros(1, variant.grid.style)))
    assert tuple(each.shape[1] for each in styles) == variant.style_channels


def test_what_an_offset_adds_is_what_is_read(painter: Painter) -> None:
    plain, changed = face(painter, 1), face(painter, 1, 2)
    delta = changed.style_delta
    assert delta is not None
    added = [after - before for before, after in zip(painter.read_styles(plain), painter.read_styles(changed))]
    spread = delta.spread(painter.generator.config.style_channels)
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(added, spread, strict=True))


def test_every_layer_counts(painter: Painter) -> None:
    plain = face(painter, 1)
    for layer in range(len(painter.generator.config.style_channels)):
        one = replace(plain, style_delta=StyleDelta(np.array([[layer, 1]]), np.array([2.0])))
        assert np.abs(forward(painter, one) - forward(painter, plain)).max() > 1e-4


def test_the_way_to_another_style_ends_at_its_picture(painter: Painter) -> None:
    start, goal = face(painter, 1), face(painter, 2)
    steps = [b - a for a, b in zip(painter.read_styles(start), painter.read_styles(goal), strict=True)]
    moved = replace(start, style_delta=StyleDelta.gather(steps))
    there = painter.read_styles(goal)
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(painter.read_styles(moved), there, strict=True))
    if painter.generator.config.backbone == "modulated":  # there, scales are all that a style is
        assert np.allclose(
            forward(painter, moved), forward(painter, start.with_levels({"style": goal.style})), atol=1e-4
        )


def test_many_are_drawn_as_each_one_is(painter: Painter) -> None:
    codes = [face(painter, 1, 2), face(painter, 1), face(painter, 3, 4), face(painter, 1, 5), face(painter, 3, 5)]
    many, single = painter.draw_many(codes), np.stack([painter.draw(item) for item in codes])
    assert np.abs(many.astype(int) - single).max() <= 1
    cells_alone = [face(painter, 1, 2), replace(face(painter, 1, 2), local=face(painter, 3).local)]
    offset_alone = [face(painter, 1, 2), face(painter, 1, 5), face(painter, 1)]
    for alike in (cells_alone, offset_alone):
        assert np.abs(painter.draw_many(alike).astype(int) - [painter.draw(item) for item in alike]).max() <= 1


def test_many_that_hold_the_same_are_drawn_as_each_one_is(painter: Painter) -> None:
    held = (Hold(parse_cells("0,0", painter.generator.config.grid), face(painter, 9, 9)),)
    codes = [replace(face(painter, seed, offset), held=held) for seed, offset in ((1, 2), (3, 4), (5, None))]
    many, single = painter.draw_many(codes), np.stack([painter.draw(item) for item in codes])
    assert np.abs(many.astype(int) - single).max() <= 1


def test_features_follow_the_offset(painter: Painter) -> None:
    plain, changed = face(painter, 1), face(painter, 1, 2)
    layer = len(painter.generator.layers) - 1
    ((_, many),) = painter.features_many([plain, changed], layer)
    for index, codes in enumerate((plain, changed)):
        assert torch.allclose(painter.features(codes, layer)[0], many[index], atol=1e-4)
    assert not torch.allclose(many[0], many[1], atol=1e-2)


def test_locked_cells_keep_the_offset_they_had(painter: Painter) -> None:
    grid = painter.generator.config.grid
    before, locks = face(painter, 1, 2), parse_cells("1,1:3", grid)
    after = blend(before, face(painter, 3), select_all(grid, ("style",)).with_locks(locks), 1.0, grid)
    assert after.style_delta is None
    mask = locks.repeat(4, 0).repeat(4, 1) > 0
    old, new = painter.draw(before), painter.draw(after)
    assert (old[mask] == new[mask]).all()
    assert (old[~mask] != new[~mask]).any()


@pytest.mark.parametrize("level", LEVELS)
def test_an_offset_goes_with_the_style_and_with_nothing_else(painter: Painter, level: str) -> None:
    grid = painter.generator.config.grid
    before, source = face(painter, 1, 2), face(painter, 3)
    if not grid.size(level):  # type: ignore[arg-type]
        return
    chosen = select_all(grid, (level,))  # type: ignore[arg-type]
    sizes = []
    for amount in (0.0, 0.25, 0.5, 1.0):
        delta = blend(before, source, chosen, amount, grid).style_delta
        sizes.append(0.0 if delta is None else float(np.abs(delta.values).sum()))
    whole = sizes[0]
    assert sizes == pytest.approx([whole, 0.75 * whole, 0.5 * whole, 0.0] if level == "style" else [whole] * 4)
    assert all(more >= less for more, less in pairwise(sizes))
    taken = blend(source, before, chosen, 1.0, grid).style_delta
    assert taken == (before.style_delta if level == "style" else None)


def test_an_offset_of_another_model_is_refused_in_a_sentence(painter: Painter) -> None:
    config = painter.generator.config
    studio = Studio(painter, ModelCard("small", "ab" * 16, config.grid, config.resolution_px))
    far = StyleDelta(np.array([[len(config.style_channels), 0]]), np.array([1.0]))
    wide = StyleDelta(np.array([[0, config.style_channels[0]]]), np.array([1.0]))
    for delta in (far, wide):
        with pytest.raises(EngineError, match="does not fit the model"):
            studio.draw(replace(face(painter, 1), style_delta=delta))
        behind = Hold(parse_cells("0,0", config.grid), replace(face(painter, 1), style_delta=delta))
        with pytest.raises(EngineError, match="does not fit the model"):
            studio.draw(replace(face(painter, 1), held=(behind,)))
