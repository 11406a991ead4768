"""Parts of a model: found in any generator of ours, drawn for any picture, kept with the model and with no other."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from sni_engine.api.codes import Hold
from sni_engine.api.errors import EngineError
from sni_engine.api.generators import drain
from sni_engine.api.messages import Failed, Progress, Request
from sni_engine.api.models import ModelCard
from sni_engine.api.part_requests import FindParts, KeepParts, PartsFound, PartsShown, ReadParts, ShowParts
from sni_engine.api.parts import PartSet, list_card_sides, name_clusters
from sni_engine.checkpoints.parts import own_parts
from sni_engine.drawing import Painter
from sni_engine.engine import Engine
from sni_engine.parts import features
from sni_engine.parts.features import check_layer, choose_layer, draw_samples, gather_points, list_sides
from sni_engine.parts.finding import find_parts, map_parts
from sni_engine.seeds import draw_codes

from .conftest import SMALL


def ask(engine: Engine, request: Request) -> object:
    return list(engine.run(request))[-1]


def find(engine: Engine, clusters: int = 5, samples: int = 6, seed: int = 0) -> PartSet:
    answer = ask(engine, FindParts(1, clusters=clusters, samples=samples, seed=seed))
    assert isinstance(answer, PartsFound)
    assert answer.parts is not None
    return answer.parts


def make_card(painter: Painter) -> ModelCard:
    config = painter.generator.config
    return ModelCard("small", "b" * 32, config.grid, config.resolution_px, config.backbone, source=config.source)


def test_parts_of_every_layer_of_every_kind_of_generator(painter: Painter) -> None:
    config, card = painter.generator.config, make_card(painter)
    assert len(list_sides(config)) == len(painter.generator.layers)
    assert list_card_sides(card) == tuple(list_sides(config)), "who knows the card alone can offer every layer"
    codes = draw_codes(config.grid, 3)
    for layer, side in enumerate(list_sides(config)):
        parts = drain(find_parts(painter, card, layer, 3, 0, 4), lambda done: None)
        assert (parts.layer, parts.side_px) == (layer, side)
        map = map_parts(painter, codes, parts)
        assert map.clusters.shape == (side, side)
        assert map.fine.shape == (config.resolution_px, config.resolution_px)
        assert map.clusters.max() < 3
    with pytest.raises(EngineError, match="no layer 40"):
        check_layer(config, 40)


def test_features_are_those_the_picture_is_drawn_from_alone_and_in_a_batch(painter: Painter) -> None:
    grid, last = painter.generator.config.grid, len(painter.generator.layers) - 1
    codes = [draw_codes(grid, seed) for seed in range(3)]
    painter.largest_batch = 2
    batches = list(painter.features_many(codes, last))
    assert [start for start, _ in batches] == [0, 2]
    together = torch.cat([found for _, found in batches])
    for index, each in enumerate(codes):
        torch.testing.assert_close(painter.features(each, last)[0], together[index], atol=1e-4, rtol=1e-4)


def test_held_cells_have_the_parts_of_what_they_hold(painter: Painter) -> None:
    grid = painter.generator.config.grid
    old, new = draw_codes(grid, 1), draw_codes(grid, 2)
    cells = np.zeros((grid.rows, grid.columns), np.float32)
    cells[:, : grid.columns // 2] = 1
    held = replace(new, held=(Hold(cells, old),))
    last = len(painter.generator.layers) - 1
    half = painter.generator.config.resolution_px // 2
    ours, theirs = painter.features(held, last), painter.features(old, last)
    torch.testing.assert_close(ours[..., :half], theirs[..., :half], atol=1e-4, rtol=1e-4)
    assert not torch.allclose(ours[..., half:], theirs[..., half:], atol=1e-3)


def test_the_layer_that_suits_is_the_first_of_the_largest_grid_within_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list_sides(SMALL) == [16, 16, 32, 32]
    assert choose_layer(SMALL) == 2
    monkeypatch.setattr(features, "SIDE_PX", 16)
    assert choose_layer(SMALL) == 0
    monkeypatch.setattr(features, "SIDE_PX", 4)
    assert choose_layer(SMALL) == 0


def test_points_stay_within_their_room(engine: Engine, monkeypatch: pytest.MonkeyPatch, model_path: Path) -> None:
    find(engine)
    assert engine._studio is not None
    painter, codes = engine._studio.painter, draw_samples(SMALL.grid, 0, 4)
    whole = drain(gather_points(painter, codes, 2, 0), lambda done: None)
    assert whole.shape == (4 * 32 * 32, 8)
    monkeypatch.setattr(features, "_MOST_POINTS", 400)
    some = drain(gather_points(painter, codes, 2, 0), lambda done: None)
    assert some.shape == (400, 8)
    assert torch.equal(some, drain(gather_points(painter, codes, 2, 0), lambda done: None))
    monkeypatch.setattr(features, "_MOST_NUMBERS", 80)
    assert drain(gather_points(painter, codes, 2, 0), lambda done: None).shape == (8, 8)


def test_finding_tells_how_far_it_is_and_repeats(engine: Engine) -> None:
    events = list(engine.run(FindParts(7, clusters=4, samples=6, seed=2)))
    told = [event.fraction for event in events if isinstance(event, Progress)]
    assert told == sorted(told)
    assert len(told) > 5
    assert told[-1] <= 1
    assert isinstance(events[-1], PartsFound)
    assert events[-1].ticket == 7
    first = events[-1].parts
    assert first is not None
    assert first.digest == find(engine, 4, 6, 2).digest
    assert first.digest != find(engine, 4, 6, 3).digest


def test_closing_it_halfway_changes_nothing(engine: Engine) -> None:
    running = engine.run(FindParts(1, clusters=4, samples=6))
    for event in running:
        if isinstance(event, Progress) and event.fraction > 0.7:
            break
    running.close()  # type: ignore[attr-defined]
    answer = ask(engine, ReadParts(2))
    assert isinstance(answer, PartsFound)
    assert answer.parts is None


def test_what_is_kept_is_read_shown_and_forgotten(engine: Engine) -> None:
    codes = draw_codes(SMALL.grid, 3)
    missing = ask(engine, ShowParts(1, codes))
    assert isinstance(missing, Failed)
    assert "no parts yet" in missing.title
    parts = name_clusters(find(engine), [0, 2], "hair")
    kept = ask(engine, KeepParts(2, parts))
    assert isinstance(kept, PartsFound)
    assert kept.parts is not None
    assert kept.parts.parts == parts.parts
    shown = ask(engine, ShowParts(3, codes))
    assert isinstance(shown, PartsShown)
    assert shown.parts.digest == parts.digest
    assert shown.codes == codes
    assert shown.map.fine.shape == (32, 32)
    forgotten = ask(engine, KeepParts(4, None))
    assert isinstance(forgotten, PartsFound)
    assert forgotten.parts is None


def test_parts_of_another_model_are_refused(engine: Engine) -> None:
    parts = find(engine)
    other = replace(parts, model=replace(parts.model, name="other", digest="c" * 32))
    for request in (ShowParts(1, draw_codes(SMALL.grid, 3), other), KeepParts(2, other)):
        answer = ask(engine, request)
        assert isinstance(answer, Failed)
        assert '"other"' in answer.title
    assert own_parts("c" * 32) is not None
    assert not own_parts("c" * 32).exists()  # type: ignore[union-attr]
    for wrong in (replace(parts, side_px=16), replace(parts, layer=9), replace(parts, centroids=np.eye(5, 7))):
        assert isinstance(ask(engine, ShowParts(3, draw_codes(SMALL.grid, 3), wrong)), Failed)


def test_what_is_kept_of_a_model_that_was_open_leaves_the_open_one_alone(engine: Engine) -> None:
    parts = find(engine)
    other = replace(parts, model=replace(parts.model, name="other", digest="c" * 32))
    ask(engine, KeepParts(1, parts))
    kept = ask(engine, KeepParts(2, other, "c" * 32))
    assert isinstance(kept, PartsFound)
    assert kept.parts is not None
    assert kept.parts.model.digest == "c" * 32
    assert ask(engine, KeepParts(3, None, "c" * 32)).parts is None  # type: ignore[union-attr]
    assert not own_parts("c" * 32).exists()  # type: ignore[union-attr]
    assert ask(engine, ReadParts(4)).parts is not None  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="another model"):
        KeepParts(5, parts, "c" * 32)


def test_more_clusters_than_places_is_a_sentence(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_MOST_POINTS", 3)
    answer = ask(engine, FindParts(1, clusters=4, samples=3))
    assert isinstance(answer, Failed)
    assert "3 places cannot fall into 4 clusters" in answer.title
