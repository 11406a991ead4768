"""`--part` in the place of `--cells`: the cells that parts cover, as the window's wand takes them."""

from pathlib import Path

import numpy as np
import pytest
import torch

from sni_engine.api.codec import read_project
from sni_engine.api.generators import drain
from sni_engine.api.part_requests import PartsShown, ShowParts
from sni_engine.api.parts import PartSet, choose_cells, join_parts, name_clusters
from sni_engine.checkpoints.format import read_model
from sni_engine.checkpoints.parts import keep_parts
from sni_engine.drawing import Painter
from sni_engine.engine import Engine
from sni_engine.parts.finding import find_parts

from .conftest import Sni


@pytest.fixture
def parts(model_path: Path, private_home: Path) -> PartSet:
    """The small model's clusters 0 and 2 are called hair."""
    generator, card = read_model(model_path)
    steps = find_parts(Painter(generator, torch.device("cpu")), card, None, 4, 0, 3)
    named = name_clusters(drain(steps, lambda done: None), [0, 2], "hair")
    keep_parts(named)
    return named


def cover(face: Path, model: Path, parts: PartSet, *names: str) -> np.ndarray:
    """What the engine says that parts of a face cover."""
    shown = list(Engine(str(model), "cpu").run(ShowParts(0, read_project(face).history.current.codes)))[-1]
    assert isinstance(shown, PartsShown)
    return choose_cells(shown.map, join_parts(parts, names), read_model(model)[1].grid)


@pytest.mark.parametrize("names", [["hair"], ["hair", "part 1"], ["Hair", " part 3 "]])
def test_the_cells_of_parts_are_resampled_softly(
    sni: Sni, face: Path, model_path: Path, parts: PartSet, names: list[str]
) -> None:
    expected = cover(face, model_path, parts, *names)
    words = ["--part", ",".join(names), "--levels", "local", "--seed", 3, "--model", model_path]
    outcome = sni("resample", face, *words)
    assert outcome.code == 0, outcome.err
    project = read_project(face)
    node = project.history.current
    assert node.edit is not None
    np.testing.assert_array_equal(node.edit.selection.cells, expected)
    assert not np.array_equal(expected, np.ones_like(expected))
    changed = (node.codes.local != project.history.root.codes.local).any(-1)
    np.testing.assert_array_equal(changed, expected > 0)


def test_parts_move_toward_another_face_and_locks_hold(sni: Sni, face: Path, model_path: Path, parts: PartSet) -> None:
    expected = cover(face, model_path, parts, "hair")
    words = ["--part", "hair", "--to-seed", 8, "--levels", "local", "--lock", "0:2,0:8", "--model", model_path]
    assert sni("interpolate", face, *words).code == 0
    node = read_project(face).history.current
    assert node.edit is not None
    np.testing.assert_array_equal(node.edit.selection.cells, expected)
    assert node.edit.selection.locked[:2].all()


@pytest.mark.parametrize(
    ("words", "told", "code"),
    [
        (["resample", "--part", "beard"], 'no part "beard"', 1),
        (["resample", "--part", "hair", "--cells", "mouth"], "--part", 2),
        (["interpolate", "--to-seed", 8, "--part", "hair", "--cells", "all"], "--part", 2),
        (["resample", "--part", " , "], "--part", 2),
    ],
)
def test_what_cannot_be_is_a_sentence(
    sni: Sni, face: Path, model_path: Path, parts: PartSet, words: list[object], told: str, code: int
) -> None:
    before = face.read_bytes()
    outcome = sni(words[0], face, *words[1:], "--model", model_path)
    assert (outcome.code, told in outcome.err) == (code, True), outcome.err
    assert "Traceback" not in outcome.err
    assert face.read_bytes() == before


def test_a_model_without_parts_says_so(sni: Sni, face: Path, model_path: Path) -> None:
    outcome = sni("resample", face, "--part", "hair", "--model", model_path)
    assert outcome.code == 1
    assert "no parts yet" in outcome.err
