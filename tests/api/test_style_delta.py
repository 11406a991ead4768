"""Offsets in style space: values that blend along lines, tell codes apart, and come through every kind of file."""

import json
from dataclasses import replace

import numpy as np
import pytest

from sni_engine.api.codec import Project, decode_project, encode_project
from sni_engine.api.codes import Codes, Hold
from sni_engine.api.codes_text import read_codes, write_codes
from sni_engine.api.edits import Edit, Interpolate, StyleTransfer
from sni_engine.api.history import History, start_history
from sni_engine.api.models import ModelRef
from sni_engine.api.plain import from_plain, to_plain
from sni_engine.api.recipes import Recipe, Step, decode_recipe, encode_recipe
from sni_engine.api.selection import Selection
from sni_engine.api.sequences import blend_codes
from sni_engine.api.style_delta import StyleDelta, mix_deltas

from .conftest import MakeCodes

CHANNELS = (4, 3, 0, 70_000 // 10)
MODEL = ModelRef("fake", "ab" * 16)


def draw_delta(seed: int, share: float = 0.3) -> StyleDelta:
    rng = np.random.default_rng(seed)
    layers = [np.where(rng.random(count) < share, rng.standard_normal(count), 0) for count in CHANNELS]
    layers[0][0] = 1
    delta = StyleDelta.gather([layer.astype(np.float32) for layer in layers])
    assert delta is not None
    return delta


def dense(delta: StyleDelta | None) -> np.ndarray:
    return np.zeros(sum(CHANNELS)) if delta is None else np.concatenate(delta.spread(CHANNELS))


@pytest.mark.parametrize("seed", range(5))
def test_sparse_and_dense_are_the_same(seed: int) -> None:
    delta = draw_delta(seed)
    assert StyleDelta.gather(delta.spread(CHANNELS)) == delta
    assert delta.fits(CHANNELS)
    assert not delta.fits(CHANNELS[:2])
    assert not delta.fits((4, 3, 0, 10))
    assert StyleDelta.gather([np.zeros(5, np.float32)]) is None


@pytest.mark.parametrize("way", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("ends", [(1, 2), (1, None), (None, 2), (None, None)])
def test_offsets_blend_along_the_line(ends: tuple[int | None, int | None], way: float) -> None:
    start, goal = (None if seed is None else draw_delta(seed) for seed in ends)
    mixed = mix_deltas(start, goal, way)
    assert np.allclose(dense(mixed), (1 - way) * dense(start) + way * dense(goal), atol=1e-6)
    assert mix_deltas(start, goal, 0) is start
    assert mix_deltas(start, goal, 1) is goal


def test_what_cancels_out_leaves_nothing() -> None:
    delta = draw_delta(1)
    assert mix_deltas(delta, StyleDelta(delta.places, -delta.values), 0.5) is None


@pytest.mark.parametrize(
    ("places", "values"),
    [
        ([], []),
        ([[0, 1]], [1, 2]),
        ([[0, 1, 2]], [1]),
        ([[0, 1], [0, 1]], [1, 2]),
        ([[1, 0], [0, 1]], [1, 2]),
        ([[0, 2], [0, 1]], [1, 2]),
        ([[0, 0.5]], [1]),
        ([[-1, 0]], [1]),
        ([[0, 2**16]], [1]),
        ([[0, 1]], [float("nan")]),
        ([[float("inf"), 1]], [1]),
    ],
)
def test_anything_else_is_refused(places: list[list[float]], values: list[float]) -> None:
    with pytest.raises(ValueError, match=r"offset|finite"):
        StyleDelta(np.array(places, np.float32), np.array(values, np.float32))


def test_an_offset_tells_codes_apart_and_its_absence_changes_nothing(make_codes: MakeCodes) -> None:
    plain = make_codes(1)
    changed = replace(plain, style_delta=draw_delta(1))
    assert len({plain, changed, replace(plain, style_delta=draw_delta(2))}) == 3
    assert replace(changed, style_delta=None) == plain
    assert not changed.differs_only_in_holds(plain)
    assert "style_delta" not in to_plain(plain)
    assert from_plain(Codes, to_plain(changed)) == changed
    assert len({item.style_digest for item in (plain, changed, make_codes(2))}) == 3


def every_way(codes: Codes, selection: Selection, other: Codes) -> dict[str, History]:
    """Histories with an offset in the codes of a node, in a reference, behind a hold, and with its edit."""
    cells = np.eye(*selection.cells.shape, dtype=np.float32)
    plain, style = start_history(other, 1), selection.with_levels(["style"])
    return {
        "codes": start_history(codes, 1),
        "reference": plain.push(Edit(Interpolate(), selection, reference=codes), other),
        "hold": start_history(replace(other, held=(Hold(cells, codes),)), 1),
        "edit": plain.push(Edit(StyleTransfer(0.5, "hair", epsilons=(0.1, 1.0)), style, reference=other), other),
    }


@pytest.mark.parametrize("way", ["codes", "reference", "hold", "edit"])
def test_every_file_keeps_it_and_asks_for_a_reader_that_knows_it(
    make_codes: MakeCodes, selection: Selection, way: str
) -> None:
    delta = draw_delta(1)
    history = every_way(replace(make_codes(1), style_delta=delta), selection, make_codes(2))[way]
    project = Project(MODEL, history, selection)
    data = encode_project(project)
    assert decode_project(data, "a") == project
    assert b'"version": 3' in _document(data)
    assert read_codes(write_codes(history.current.codes, MODEL))[0] == history.current.codes
    edits = [node.edit for node in history.nodes if node.edit]
    recipe = Recipe(MODEL, tuple(Step(edit) for edit in edits))
    assert decode_recipe(encode_recipe(recipe), "a") == recipe
    assert json.loads(encode_recipe(recipe))["version"] == (2 if edits else 1)


def test_files_without_it_stay_readable_for_older_programs(project: Project) -> None:
    assert b'"version": 2' not in _document(encode_project(project))
    assert b'"version": 3' not in _document(encode_project(project))


def _document(data: bytes) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("project.json")


def test_frames_between_two_faces_have_offsets_between(make_codes: MakeCodes) -> None:
    start, goal = replace(make_codes(1), style_delta=draw_delta(1)), make_codes(2)
    middle = blend_codes(start, goal, 0.25)
    assert np.allclose(dense(middle.style_delta), 0.75 * dense(start.style_delta), atol=1e-6)
    assert blend_codes(start, replace(start, style_delta=None), 0.5).style_delta is not None
