"""The walk of docs/training.md: a run begun in the settings, watched, paused, stopped, and a face of it edited."""

import sys
from pathlib import Path

import pytest

from sni_engine.api.run_list import list_runs
from sni_engine.api.runs import RunFiles, Wishes

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from walk import list_missing, open_screen  # type: ignore[import-not-found]
from walk_training import go  # type: ignore[import-not-found]

pytestmark = [
    pytest.mark.skipif(bool(list_missing()), reason=f"needs {', '.join(list_missing())}"),
    pytest.mark.timeout(400),
]


def test_a_run_from_the_settings_to_an_edited_face(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_screen(tmp_path / "home", tmp_path / "shots", display=179) as walk:
        stopped = go(walk)
        history = walk.wait_until(lambda state: len(state.project.history.nodes) == 2).project.history
        files = RunFiles(stopped.path)
        assert not files.is_alive()
    assert stopped.config is not None
    assert (stopped.config.recipe, stopped.config.resolution_px) == ("plain", 32), "a folder has no labels"
    assert files.model.exists()
    assert files.has_checkpoint()
    assert stopped.words[0] == "300 pictures, cropped to their middle"
    assert files.read_wishes() == Wishes(stop=True, samples=1)
    assert history.current.edit is not None
    assert history.current.edit.selection.cells.sum() == 8
    assert list((tmp_path / "home" / "data" / "models").glob("pictures*.safetensors"))
    monkeypatch.setenv("SNI_HOME", str(tmp_path / "home"))
    assert list_runs() == (stopped.path,)
