"""Parts as values: always a whole partition, names that people give and take away, maps that say what covers a cell."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from sni_engine.api.codes import GridSpec
from sni_engine.api.edits import Range
from sni_engine.api.errors import EngineError
from sni_engine.api.models import ModelRef
from sni_engine.api.part_pictures import colour_parts, draw_parts, measure_shares
from sni_engine.api.part_requests import FindParts, describe_finding
from sni_engine.api.parts import (
    Part,
    PartMap,
    PartSet,
    check_part_name,
    choose_cells,
    name_clusters,
    name_unnamed,
)

REF = ModelRef("small", "a" * 32)


@pytest.fixture
def parts() -> PartSet:
    return PartSet(REF, 2, 4, np.eye(5, 7), 0, 10, name_unnamed(5))


def held(parts: PartSet) -> dict[str, tuple[int, ...]]:
    return {part.name: part.clusters for part in parts.parts}


def test_naming_merging_and_taking_names_away_keeps_a_partition(parts: PartSet) -> None:
    hair = name_clusters(parts, [3, 1], " hair ")
    assert held(hair) == {"hair": (1, 3), "part 0": (0,), "part 2": (2,), "part 4": (4,)}
    more = name_clusters(hair, [4], "Hair")
    assert held(more)["hair"] == (1, 3, 4), "capitals make no other part"
    moved = name_clusters(more, [1, 3, 4], "hat")
    assert "hair" not in held(moved), "a part left empty is gone"
    assert held(name_clusters(moved, [1, 3, 4], "")) == held(parts)
    renamed = name_clusters(hair, hair.find("HAIR").clusters, "part of the hair")
    assert renamed.find("part of the hair").clusters == (1, 3)
    hat = name_clusters(hair, [0], "hat")
    merged = name_clusters(hat, hat.find("hat").clusters, "hair")
    assert held(merged)["hair"] == (0, 1, 3)
    assert merged.digest == parts.digest, "what parts are called does not change where they are"
    assert [merged.part_of(cluster).name for cluster in range(5)] == ["hair", "hair", "part 2", "hair", "part 4"]


@pytest.mark.parametrize(("clusters", "name"), [([], "a"), ([5], "a"), ([-1], "a"), ([0], "part 3"), ([0], "x" * 41)])
def test_what_cannot_be_named_is_refused(parts: PartSet, clusters: list[int], name: str) -> None:
    with pytest.raises(EngineError):
        name_clusters(parts, clusters, name)


def test_names_are_cleaned_and_unknown_ones_told(parts: PartSet) -> None:
    assert check_part_name("  upper \t lip ") == "upper lip"
    for bad in ("", "  ", "a\x07b"):
        with pytest.raises(EngineError):
            check_part_name(bad)
    with pytest.raises(EngineError, match='no part "ears"') as error:
        parts.find("ears")
    assert "part 0" in error.value.hint


@pytest.mark.parametrize(
    "change",
    [
        {"centroids": np.eye(5, 7) * 2},
        {"centroids": np.zeros((0, 7))},
        {"centroids": np.eye(129)},
        {"centroids": np.full((5, 7), np.nan)},
        {"parts": name_unnamed(4)},
        {"parts": (Part("a", (0, 1, 2)), Part("A", (3, 4)))},
        {"parts": (Part("a", (0, 1, 2, 3, 4)), Part("b", ()))},
        {"parts": (Part("a", (0, 1, 2, 3)), Part("b", (3, 4)))},
        {"parts": (Part("part 7", (0, 1, 2, 3, 4)),)},
        {"parts": (Part(" a", (0, 1, 2, 3, 4)),)},
        {"layer": -1},
        {"side_px": 0},
        {"seed": -1},
        {"samples": 0},
    ],
    ids=lambda change: f"{next(iter(change))}",
)
def test_sets_that_cannot_be_are_refused(parts: PartSet, change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"clusters|directions|numbers|parts|part|samples|seeds"):
        replace(parts, **change)


def test_a_map_tells_masks_cells_and_places(parts: PartSet) -> None:
    named = name_clusters(parts, [1, 2], "hair")
    fine = np.zeros((8, 8), np.uint8)
    fine[:2, :4], fine[2:4, :2] = 1, 2
    map = PartMap(fine[::2, ::2], fine)
    hair = named.find("hair")
    assert map.mask(hair).sum() == 3
    cover = map.cover(hair, 2, 2)
    np.testing.assert_allclose(cover, [[0.75, 0], [0, 0]])
    assert map.cover(hair, 3, 3).shape == (3, 3), "a grid that does not divide the picture"
    assert map.cover(hair, 3, 3)[0, 1] == pytest.approx(2 / 3)
    total = sum(map.cover(part, 3, 3) for part in named.parts)
    np.testing.assert_allclose(total, 1)
    assert named.part_of(map.cluster_at(0, 0)).name == "hair"
    assert map.cluster_at(-3, 7) == 0
    assert map.cluster_at(1, 1) == 0


def make_map(fine: np.ndarray) -> PartMap:
    return PartMap(fine, fine)


def test_cells_are_taken_softly_and_small_parts_in_full() -> None:
    fine = np.zeros((16, 16), np.uint8)
    fine[0:4, 0:4] = 1  # all of the first cell
    fine[0:4, 4:5] = 1  # a quarter of the next
    fine[4:5, 0:1] = 1  # a sixteenth of the one below
    large, small = Part("large", (1,)), Part("small", (2,))
    fine[12:14, 12:14] = 2  # a quarter of the last cell, and nothing else
    grid = GridSpec(rows=4, columns=4, style=4, local=3)
    cells = choose_cells(make_map(fine), large, grid)
    np.testing.assert_allclose(cells[0], [1, 0.5, 0, 0])
    assert cells[1, 0] == pytest.approx(0.125)
    assert choose_cells(make_map(fine), small, grid)[3, 3] == 1
    assert not choose_cells(make_map(fine), Part("nowhere", (3,)), grid).any()


def test_a_piece_of_a_part_is_what_hangs_together_with_a_place() -> None:
    fine = np.zeros((640, 640), np.uint8)
    fine[:160, :160] = fine[:160, 480:] = 1
    fine[160:320, 160:320] = 1  # touches the first at a corner
    part, grid = Part("part", (1,)), GridSpec(rows=4, columns=4, style=4, local=3)
    piece = choose_cells(make_map(fine), part, grid, (0.1, 0.1))
    expected = np.zeros((4, 4))
    expected[0, 0] = expected[1, 1] = 1
    np.testing.assert_array_equal(piece, expected)
    assert not choose_cells(make_map(fine), part, grid, (0.9, 0.9)).any(), "nothing of it lies there"


def test_a_piece_of_a_large_picture_is_found_by_every_pixel_of_it() -> None:
    fine = np.zeros((1030, 1030), np.uint8)
    fine[401:403, 401:403] = 1  # less than what is taken together at this size
    fine[901:903] = 2
    map = PartMap(fine[::10, ::10], fine)
    for row, column in ((401, 401), (402, 402), (401, 402)):
        near = ((row + 0.5) / 1030, (column + 0.5) / 1030)
        piece = map.pixels(Part("mole", (1,)), near)
        assert piece.any()
        assert piece[int(near[0] * len(piece)), int(near[1] * len(piece))]
        assert choose_cells(map, Part("mole", (1,)), GridSpec(8, 8), near).any()
    assert map.pixels(Part("line", (2,)), (902 / 1030, 0.5)).any(1).sum() == 1


def test_colours_stay_apart_and_shares_sum_to_one(parts: PartSet) -> None:
    assert len({tuple(colour) for colour in colour_parts(name_unnamed(128)).tolist()}) == 128
    colours = colour_parts(parts.parts)
    fine = np.arange(16, dtype=np.uint8).reshape(4, 4) % 5
    map = PartMap(fine, fine)
    assert measure_shares(map, parts).sum() == pytest.approx(1)
    picture = np.full((4, 4, 3), 200, np.uint8)
    np.testing.assert_array_equal(draw_parts(map, parts, picture, 0), picture)
    np.testing.assert_array_equal(draw_parts(map, parts), colours[fine])


def test_naming_a_part_leaves_the_colours_of_the_others(parts: PartSet) -> None:
    before = dict(zip(parts.names, colour_parts(parts.parts).tolist(), strict=True))
    named = name_clusters(parts, [3], "hat")
    after = dict(zip(named.names, colour_parts(named.parts).tolist(), strict=True))
    assert after.pop("hat") == before.pop("part 3")
    assert after == before


def test_settings_of_finding_say_what_they_are() -> None:
    described = describe_finding()
    assert set(described) == {item.name for item in fields(FindParts)} - {"ticket"}
    assert all(each.label and each.help for each in described.values())
    for name, each in described.items():
        for value in (each.low, each.high) if isinstance(each, Range) else (dict(each.options) or (0,)):
            settings: dict[str, Any] = {name: value}
            FindParts(1, **settings)


@pytest.mark.parametrize(
    "flags", [{"clusters": 129}, {"clusters": 1}, {"clusters": -1}, {"samples": 0}, {"seed": -1}, {"names": "x"}]
)
def test_requests_out_of_range_are_refused(flags: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"clusters|samples|seeds|names"):
        FindParts(1, **flags)  # type: ignore[arg-type]
