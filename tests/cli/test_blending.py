"""`sni interpolate`: toward a project, a seed or a node, by level, with the codes that the window's edit gives."""

from pathlib import Path

import numpy as np
import pytest

from sni_engine.api.codec import read_project
from sni_engine.api.edits import Edit, Interpolate
from sni_engine.api.messages import Apply, NewFace
from sni_engine.api.selection import Selection, parse_cells, select_all
from sni_engine.checkpoints.format import read_card

from .conftest import Sni, ask, current


def test_a_seed_s_face_is_the_engine_s(sni: Sni, face: Path, model_path: Path, tmp_path: Path) -> None:
    words = ["--to-seed", 8, "--cells", "4:8,2:6", "--levels", "local", "--amount", 0.25, "--out", "b.sni"]
    assert sni("interpolate", face, *words, "--model", model_path).code == 0
    grid = read_card(model_path).grid
    edit = Edit(
        Interpolate(0.25),
        Selection(parse_cells("4:8,2:6", grid), ("local",)),
        reference=ask(model_path, NewFace(0, 8)).codes,
    )
    assert current(tmp_path / "b.sni") == ask(model_path, Apply(0, current(face), edit)).codes


def test_amounts_set_each_level_s_share_and_leave_the_others(sni: Sni, face: Path, model_path: Path) -> None:
    before, goal = current(face), ask(model_path, NewFace(0, 8)).codes
    words = ["--to-seed", 8, "--amounts", "local=1,style=0.3", "--model", model_path]
    assert sni("interpolate", face, *words).code == 0
    after = current(face)
    assert np.array_equal(after.local, goal.local)
    assert np.allclose(after.style, before.style + 0.3 * (goal.style - before.style), atol=1e-6)
    assert np.array_equal(after.shared, before.shared)
    assert np.array_equal(after.global_, before.global_)
    edit = read_project(face).history.current.edit
    assert edit is not None
    assert edit.params == Interpolate(1.0, 1.0, 0.0, 0.0, 0.3)
    # the same shares, set in the window over the whole face
    same = Edit(edit.params, select_all(read_card(model_path).grid, ("local", "style")), reference=goal)
    assert after == ask(model_path, Apply(0, before, same)).codes


def test_a_node_of_the_history_is_moved_back_to(sni: Sni, face: Path, model_path: Path) -> None:
    sni("resample", face, "--cells", "all", "--levels", "local,style", "--seed", 3, "--model", model_path)
    assert sni("interpolate", face, "--to-node", 0, "--amount", 1, "--model", model_path).code == 0
    history = read_project(face).history
    assert history.current_id == 2
    assert history.current.codes == history.root.codes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Say what to move toward."),
        (["--to-seed", "1", "--to-node", "0"], "Say what to move toward."),
        (["--to-node", "9"], "has no node 9"),
        (["--to-seed", "-4"], "--to-seed"),
        (["--to-seed", "1", "--amounts", "local"], '"local" gives no share'),
        (["--to-seed", "1", "--amounts", "nose=1"], '"nose" is not a level'),
        (["--to-seed", "1", "--amounts", "style=2"], "--amounts: Style must be from 0 to 1"),
        (["--to-seed", "1", "--amount", "2"], "--amount: Amount must be from 0 to 1"),
    ],
)
def test_what_cannot_be_meant_is_told(sni: Sni, face: Path, model_path: Path, words: list[str], said: str) -> None:
    before = face.read_bytes()
    outcome = sni("interpolate", face, *words, "--model", model_path)
    assert outcome.code == 2
    assert said in outcome.err
    assert face.read_bytes() == before
