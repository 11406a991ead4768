"""The tour of docs/tour.md, walked by mouse and keyboard through the real window, where there is a screen for it."""

import sys
from pathlib import Path

import pytest

from sni_engine.api.codec import read_project

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from walk import go, list_missing, open_screen  # type: ignore[import-not-found]

pytestmark = pytest.mark.skipif(bool(list_missing()), reason=f"needs {', '.join(list_missing())}")


def test_the_tour(tmp_path: Path) -> None:
    with open_screen(tmp_path / "home", tmp_path / "shots", display=178) as walk:
        path = go(walk)
        history = walk.wait_until(lambda state: True).project.history
    assert len(list((tmp_path / "shots").glob("*.png"))) == 8
    saved = read_project(path).history
    assert saved.nodes == history.nodes[:-1], "what was saved is where the second start went on"
    mouth, style = saved.node(1), saved.node(2)
    assert mouth.edit is not None
    assert style.edit is not None
    assert mouth.edit.selection.levels == ("local",)
    assert style.edit.selection.locked[3:5, 2:6].all()
    assert style.codes.held[0].codes == mouth.codes, "the eyes are those of the step before"
    assert saved.node(3).parent == 1, "the second thing done to the mouth's step is a branch"
    assert (tmp_path / "home" / "face-morph.webp").stat().st_size > 10_000
