"""Recipes: what they take of a history, that their text is exact, and that anything else is refused."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sni_engine.api.codec import Project
from sni_engine.api.codes import Codes, GridSpec, Hold
from sni_engine.api.edits import PARAMS, Edit, Interpolate, Resample
from sni_engine.api.errors import EngineError
from sni_engine.api.history import History, Node
from sni_engine.api.models import ModelRef
from sni_engine.api.recipes import (
    Recipe,
    Step,
    apply_to,
    check_recipe,
    decode_recipe,
    encode_recipe,
    read_recipe,
    take_recipe,
    write_recipe,
)
from sni_engine.api.selection import Selection

MakeCodes = Callable[[int], Codes]
MODEL = ModelRef("portraits-64", "ab" * 16)


@pytest.fixture
def recipe(history: History) -> Recipe:
    return take_recipe(history, MODEL, 2)


def test_a_recipe_is_the_path_and_nothing_beside_it(history: History, recipe: Recipe) -> None:
    assert [step.edit for step in recipe.steps] == [history.node(1).edit, history.node(2).edit]
    assert [step.label for step in recipe.steps] == ["Grüße 😀", ""]
    assert take_recipe(history, MODEL).edits == (history.current.edit,), "the branch on screen"
    assert take_recipe(history, MODEL, 0).steps == ()


def test_what_came_before_a_face_from_elsewhere_is_no_part_of_it(history: History, make_codes: MakeCodes) -> None:
    foreign = Node(9, 2, make_codes(7))
    tree = History((*history.nodes, foreign), current_id=9).push(Edit(Resample(), _all(history)), make_codes(8))
    assert len(take_recipe(tree, MODEL).steps) == 1


def _all(history: History) -> Selection:
    edit = history.node(1).edit
    assert edit is not None
    return edit.selection


def test_text_and_back_is_the_same_recipe(recipe: Recipe, tmp_path: Path) -> None:
    assert decode_recipe(encode_recipe(recipe), "a") == recipe
    write_recipe(recipe, tmp_path / "a.json")
    assert read_recipe(tmp_path / "a.json") == recipe


def test_locks_and_holds_come_along(recipe: Recipe, make_codes: MakeCodes) -> None:
    cells = np.eye(4, 6, dtype=np.float32)
    held = replace(make_codes(3), held=(Hold(cells / 2, make_codes(4)),))
    selection = recipe.steps[0].edit.selection.with_locks(cells)
    locked = replace(recipe, steps=(Step(Edit(Interpolate(0.5, shared=0.25), selection, 1, held)),))
    assert decode_recipe(encode_recipe(locked), "a") == locked
    assert "locks" not in encode_recipe(recipe)


def test_every_method_and_every_field_of_an_edit_is_written(recipe: Recipe, make_codes: MakeCodes) -> None:
    selection = recipe.steps[0].edit.selection.with_levels(["style"])
    edits = tuple(Edit(kind(), selection, reference=make_codes(1)) for kind in PARAMS.values())
    every = Recipe(MODEL, tuple(Step(edit) for edit in edits))
    assert decode_recipe(encode_recipe(every), "a") == every
    written = json.loads(encode_recipe(every))["steps"][0]
    assert {item.name for item in fields(Edit)} <= set(written)


def test_rows_of_numbers_stand_on_one_line_and_names_are_left_alone(recipe: Recipe) -> None:
    odd = replace(recipe, steps=(replace(recipe.steps[0], label='[\n 1,\n 2\n], "[ 3 ]"'),))
    text = encode_recipe(odd)
    assert decode_recipe(text, "a") == odd
    rows, columns = recipe.steps[0].edit.selection.cells.shape
    lines = [line for line in text.splitlines() if line.strip().startswith("[") and line.count(",") >= columns - 1]
    assert len(lines) == rows


def test_any_float32_survives() -> None:
    numbers = np.random.default_rng(3).integers(0, 2**32, 4000, dtype=np.uint32).view(np.float32)
    style = numbers[np.isfinite(numbers)]
    codes = Codes(style, np.zeros(1), np.zeros((1, 1, 0)), np.zeros((1, 1, 2)))
    recipe = Recipe(MODEL, (Step(Edit(Interpolate(), Selection(np.ones((1, 1))), reference=codes)),))
    assert decode_recipe(encode_recipe(recipe), "a") == recipe


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        *keys, last = path.split(".")
        inner: Any = document
        for key in keys:
            inner = inner[int(key) if key.isdigit() else key]
        inner[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("format", "sni-project"),
        _set("version", 0),
        _set("colour", "red"),
        _set("steps.0.method", "melt"),
        _set("steps.0.params.amount", 2),
        _set("steps.0.params.amount", "much"),
        _set("steps.0.params.speed", 1),
        _set("steps.0.seed", -1),
        _set("steps.0.seed", 1.5),
        _set("steps.0.selection.levels", ["loud"]),
        _set("steps.0.selection.cells", [[1, 0], [1]]),
        _set("steps.0.selection.cells", [[1, True]]),
        _set("steps.0.selection.cells", [["1"]]),
        _set("steps.0.selection.cells", [[2]]),
        _set("steps.0.selection.cells", [1]),
        _set("steps.0.selection.cells", 1),
        _set("steps.1.reference", None),
        _set("steps.1.reference.style", [1e300]),
        _set("steps.1.reference.style", [[1]]),
        _set("steps.1.reference.local", [[[1.0]]]),
        _set("steps.1.reference.noise_seed", "x"),
    ],
)
def test_what_is_not_a_recipe_is_refused_in_a_sentence(
    recipe: Recipe, change: Callable[[dict[str, Any]], None]
) -> None:
    document = json.loads(encode_recipe(recipe))
    change(document)
    with pytest.raises(EngineError, match=r"^mine\.json cannot be read: .*\.$"):
        decode_recipe(json.dumps(document), "mine.json")


@pytest.mark.parametrize("text", ["", "[]", "{", "NaN", "[" * 5000, b"\xff\xfe", '{"format": "sni-recipe"}'])
def test_any_other_text_is_refused(text: str | bytes) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        decode_recipe(text, "a")


def test_a_newer_recipe_asks_for_an_update(recipe: Recipe) -> None:
    with pytest.raises(EngineError, match="newer SNI Desktop"):
        decode_recipe(encode_recipe(recipe).replace('"version": 1', '"version": 3'), "a")


def test_another_grid_is_one_sentence(recipe: Recipe, grid: GridSpec) -> None:
    check_recipe(recipe.edits, grid, "mine")
    with pytest.raises(EngineError, match=r'made on 4 × 6 cells, but the model "mine" has 8 × 8'):
        check_recipe(recipe.edits, GridSpec(), "mine")
    with pytest.raises(EngineError, match="reference"):
        check_recipe(recipe.edits, replace(grid, style=9), "mine")
    check_recipe(recipe.edits[:1], replace(grid, style=9), "mine")
    with pytest.raises(EngineError, match="no edits"):
        check_recipe((), grid, "mine")


def test_steps_are_pushed_with_their_names(project: Project, recipe: Recipe, make_codes: MakeCodes) -> None:
    results = [make_codes(20), make_codes(21)]
    tree = apply_to(project.history, recipe.steps, results, created=9)
    assert tree.nodes[: len(project.history.nodes)] == project.history.nodes
    path = tree.path()[-2:]
    assert [node.codes for node in path] == results
    assert [node.label for node in path] == ["Grüße 😀", ""]
    assert path[0].parent == project.history.current_id
    assert take_recipe(tree, MODEL).edits[-2:] == recipe.edits
