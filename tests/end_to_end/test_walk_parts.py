"""The walk of docs/parts.md: hair picked, its look from another face, undone, and another mouth."""

import sys
from pathlib import Path

import pytest

from sni_engine.api.edits import Resample, StyleTransfer

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from walk import list_missing, open_screen  # type: ignore[import-not-found]
from walk_parts import go  # type: ignore[import-not-found]

pytestmark = pytest.mark.skipif(bool(list_missing()), reason=f"needs {', '.join(list_missing())}")


def test_parts_by_mouse_and_keys(tmp_path: Path) -> None:
    with open_screen(tmp_path / "home", tmp_path / "shots", display=180) as walk:
        history = go(walk)
    assert len(list((tmp_path / "shots").glob("*.png"))) == 6
    hair, mouth = history.node(1), history.node(2)
    assert hair.edit is not None
    assert mouth.edit is not None
    assert hair.edit.params == StyleTransfer(1.0, "hair")
    assert hair.codes.style_delta is not None
    assert mouth.edit.params == Resample(1.0)
    assert mouth.parent == 0
    assert mouth.codes.style_delta is None
    assert 0 < (mouth.edit.selection.cells > 0).sum() < 8
