"""Values to try the contract with: a grid with unequal sides, random codes, a history with branches."""

from collections.abc import Callable

import numpy as np
import pytest

from sni_engine.api.codec import Project
from sni_engine.api.codes import LEVELS, Codes, GridSpec
from sni_engine.api.edits import Edit, Interpolate, Resample
from sni_engine.api.history import History, start_history
from sni_engine.api.models import ModelRef
from sni_engine.api.selection import Selection

MakeCodes = Callable[[int], Codes]


@pytest.fixture
def grid() -> GridSpec:
    return GridSpec(rows=4, columns=6, shared_rows=2, shared_columns=3, style=5, global_=2, shared=3, local=2)


@pytest.fixture
def make_codes(grid: GridSpec) -> MakeCodes:
    def make(seed: int) -> Codes:
        rng = np.random.default_rng(seed)
        style, global_, shared, local = (
            rng.standard_normal(grid.shape(level)) for level in ("style", "global", "shared", "local")
        )
        return Codes(style, global_, shared, local, noise_seed=seed)

    return make


@pytest.fixture
def selection(grid: GridSpec) -> Selection:
    cells = np.random.default_rng(5).random((grid.rows, grid.columns))
    return Selection(cells, LEVELS)


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (16, 16, 3), np.uint8)


@pytest.fixture
def history(make_codes: MakeCodes, selection: Selection) -> History:
    """A root with two branches, a label, a star, and the younger branch on screen."""
    tree = start_history(make_codes(0), seed=2**62, created=1.5)
    tree = tree.push(Edit(Resample(0.25), selection, seed=2**63 - 1), make_codes(1), created=2.5)
    tree = tree.push(Edit(Interpolate(1.0), selection.with_levels(["style"]), reference=make_codes(9)), make_codes(2))
    tree = tree.undo().undo().push(Edit(Resample(), selection, seed=4), make_codes(3))
    return tree.change_node(1, label="Grüße 😀", star=True)


@pytest.fixture
def project(history: History, selection: Selection) -> Project:
    return Project(ModelRef("portraits-64", "ab" * 16), history, selection)
