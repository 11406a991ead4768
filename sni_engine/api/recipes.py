"""Recipes: the edits on the way to a node, to be applied to other faces; taken from a history, kept as readable JSON.

The format is described in docs/formats/recipe.md. Nothing in such a file is ever executed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sni_engine.api.codes import Codes, GridSpec
from sni_engine.api.edits import PARAMS, Edit, StyleTransfer
from sni_engine.api.errors import EngineError
from sni_engine.api.files import read_bytes, replace_file
from sni_engine.api.headers import check_header
from sni_engine.api.history import History
from sni_engine.api.models import ModelRef
from sni_engine.api.plain import LATER, PlainError, dump_json, from_plain, parse_json, to_plain
from sni_engine.api.selection import Selection

FORMAT = "sni-recipe"
VERSION = 2
SUFFIX = ".json"
_MAX_FILE_BYTES = 1 << 28
_NUMBERS = re.compile(r"\[\n\s+(-?\d[^\[\]{}\"]*?)\s+\]")  # a line break inside brackets is never within a text


@dataclass(frozen=True)
class Step:
    """One edit of a recipe, with the name its step bears."""

    edit: Edit
    label: str = ""


@dataclass(frozen=True)
class Recipe:
    """Edits in order, and the model they were made with."""

    model: ModelRef
    steps: tuple[Step, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits without their names."""
        return tuple(step.edit for step in self.steps)


@dataclass(frozen=True)
class _Step:
    label: str
    method: str
    params: dict[str, Any]
    selection: Selection
    seed: int
    reference: Codes | None = field(default=None, metadata=LATER)


@dataclass(frozen=True)
class _Document:
    format: str
    version: int
    model: ModelRef
    steps: tuple[_Step, ...]


def take_recipe(history: History, model: ModelRef, node_id: int | None = None) -> Recipe:
    """Return the edits from the face on the way to `node_id`, the current node when not given. Raises KeyError."""
    steps: list[Step] = []
    for node in history.path(node_id):
        if node.edit is None:
            steps.clear()  # what came before a face from elsewhere did not make it
        else:
            steps.append(Step(node.edit, node.label))
    return Recipe(model, tuple(steps))


def check_recipe(edits: Iterable[Edit], grid: GridSpec, model_name: str) -> None:
    """Raise EngineError when the edits were made on another grid than a model's, or when there are none."""
    checked = False
    for edit in edits:
        checked = True
        rows, columns = edit.selection.cells.shape
        if (rows, columns) != (grid.rows, grid.columns):
            raise EngineError(
                f'These edits were made on {rows} × {columns} cells, but the model "{model_name}" has '
                f"{grid.rows} × {grid.columns}.",
                "Choose a model with the same grid.",
            )
        if edit.reference is not None and not edit.reference.fits(grid):
            raise EngineError(
                f'An edit moves toward a reference whose codes do not fit the model "{model_name}".',
                "Choose a model with codes of the same lengths.",
            )
    if not checked:
        raise EngineError("There are no edits on this path.", "Choose a step that was edited.")


def apply_to(history: History, steps: Sequence[Step], results: Sequence[Codes], created: float) -> History:
    """Return a history with the steps after its current node, given the codes that each one made of it."""
    for step, codes in zip(steps, results, strict=True):
        history = history.push(step.edit, codes, created)
        if step.label:
            history = history.change_node(history.current_id, label=step.label)
    return history


# -- files


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Write a recipe in one step. Raises EngineError; what was at `path` is then unchanged."""
    text = encode_recipe(recipe)
    with replace_file(path) as stream:
        stream.write(text.encode())


def read_recipe(path: Path) -> Recipe:
    """Read a recipe. Raises EngineError with one sentence when it is missing, damaged, foreign or too new."""
    return decode_recipe(read_bytes(path, _MAX_FILE_BYTES), str(path))


def encode_recipe(recipe: Recipe) -> str:
    """Return a recipe as JSON text; rows of numbers stand on one line."""
    steps = [_pack_step(step) for step in recipe.steps]
    version = VERSION if any(_needs_new_reader(step.edit) for step in recipe.steps) else 1
    text = dump_json({"format": FORMAT, "version": version, "model": recipe.model, "steps": steps})
    return _NUMBERS.sub(lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"


def decode_recipe(data: str | bytes, name: str) -> Recipe:
    """Build a recipe from the text of a file called `name`. Raises EngineError."""
    try:
        header = parse_json(data)
    except PlainError as error:
        raise _not_a_recipe(name, "it is not a recipe") from error
    check_header(header, (FORMAT, "recipe"), VERSION, name, lambda why: _not_a_recipe(name, why))
    try:
        document = from_plain(_Document, header)
        return Recipe(document.model, tuple(_unpack_step(step) for step in document.steps))
    except (ValueError, RecursionError) as error:
        raise _not_a_recipe(name, f"it is damaged ({str(error)[:120]})") from error


def _needs_new_reader(edit: Edit) -> bool:
    """Say whether anything is in an edit that version 1 had no words for; else older programs can go on reading it."""
    return isinstance(edit.params, StyleTransfer) or (edit.reference is not None and edit.reference.has_delta)


def _not_a_recipe(name: str, why: str) -> EngineError:
    return EngineError(f"{name} cannot be read: {why}.", 'Choose a file that "sni recipe" or the window wrote.')


def _pack_step(step: Step) -> dict[str, Any]:
    edit = step.edit
    params = to_plain(edit.params)
    packed = to_plain(_Step(step.label, edit.params.kind, params, edit.selection, edit.seed, edit.reference))
    if not edit.selection.locked.any():
        del packed["selection"]["locks"]
    return dict(packed)


def _unpack_step(packed: _Step) -> Step:
    if packed.method not in PARAMS:
        raise PlainError(f"unknown method {packed.method}")
    reference = packed.reference
    if reference is not None and not _belongs_to(reference, packed.selection):
        raise PlainError("codes of a wrong shape")
    params = from_plain(PARAMS[packed.method], packed.params)
    try:
        return Step(Edit(params, packed.selection, packed.seed, reference), packed.label)
    except ValueError as error:
        raise PlainError(str(error)) from error


def _belongs_to(codes: Codes, selection: Selection) -> bool:
    sizes = [codes.level(name).ndim for name in ("style", "global", "shared", "local")]
    return sizes == [1, 1, 3, 3] and codes.local.shape[:2] == selection.cells.shape
