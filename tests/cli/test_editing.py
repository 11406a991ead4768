"""Editing, drawing, checking: the operations of the window, with the bytes of the engine."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sni_engine.api.codec import read_project, write_project
from sni_engine.api.codes import LEVELS
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.messages import Apply, Draw, NewFace
from sni_engine.api.selection import Selection, parse_cells
from sni_engine.checkpoints.format import read_card

from .conftest import Sni, ask


def read_png(path: Path) -> np.ndarray:
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        return np.asarray(image)


def test_a_new_project_holds_the_face_of_its_seed(face: Path, model_path: Path) -> None:
    project = read_project(face)
    assert project.history.root.seed == 7
    assert project.history.current.codes == ask(model_path, NewFace(0, 7)).codes
    assert project.model.name == "small"
    assert project.selection.touches_nothing


def test_without_a_seed_every_face_is_another(sni: Sni, model_path: Path, tmp_path: Path) -> None:
    seeds = set()
    for name in ("a.sni", "b.sni"):
        outcome = sni("new", "--out", name, "--model", model_path)
        seed = read_project(tmp_path / name).history.root.seed
        assert f"seed {seed}" in outcome.out
        seeds.add(seed)
    assert len(seeds) == 2


def test_resampling_is_the_engines_edit(sni: Sni, face: Path, model_path: Path, tmp_path: Path) -> None:
    before = face.read_bytes()
    words = ["--levels", "local", "--cells", "4:8,2:6", "--seed", 3, "--out", "b.sni", "--model", model_path]
    outcome = sni("resample", face, *words)
    assert outcome.code == 0
    assert "inside" in outcome.out
    assert face.read_bytes() == before
    project = read_project(tmp_path / "b.sni")
    node = project.history.current
    assert node.edit is not None
    assert node.edit.selection == Selection(np.pad(np.ones((4, 4)), ((4, 0), (2, 2))), ("local",))
    assert node.codes == ask(model_path, Apply(0, project.history.root.codes, node.edit)).codes
    changed = (node.codes.local != project.history.root.codes.local).any(-1)
    assert changed[4:8, 2:6].all()
    assert changed.sum() == 16


def test_without_out_the_file_itself_gets_the_node(sni: Sni, face: Path, model_path: Path) -> None:
    for seed in (1, 2):
        assert sni("resample", face, "--cells", "0,0", "--seed", seed, "--model", model_path).code == 0
    history = read_project(face).history
    assert [(node.id, node.parent) for node in history.nodes] == [(0, None), (1, 0), (2, 1)]
    assert history.current_id == 2


def test_the_files_own_selection_is_the_default(sni: Sni, face: Path, model_path: Path) -> None:
    sni("resample", face, "--cells", "1:3,1:3", "--levels", "shared", "--seed", 1, "--model", model_path)
    sni("resample", face, "--seed", 2, "--model", model_path)
    first, second = (node.edit for node in read_project(face).history.nodes[1:])
    assert first is not None
    assert second is not None
    assert first.selection == second.selection
    assert second.selection.levels == ("shared",)


@pytest.mark.parametrize(
    "words",
    [
        ["resample", "--amount", 0],
        ["interpolate", "--to-seed", 8, "--amount", 0],
        ["interpolate", "--to-node", 0],
        ["interpolate", "--to-seed", 7, "--amount", 0.3],
    ],
)
def test_what_changes_nothing_says_so_and_adds_no_step(
    sni: Sni, face: Path, model_path: Path, tmp_path: Path, words: list[object]
) -> None:
    told = sni(words[0], face, "--cells", "all", *words[1:], "--out", "b.png", "--model", model_path)
    assert told.code == 0, told.err
    assert "b.png: nothing has changed" in told.out
    assert len(read_project(tmp_path / "b.png").history.nodes) == 1


def test_setting_a_lock_free_is_a_change_where_it_held_another_look(sni: Sni, face: Path, model_path: Path) -> None:
    words = ["--cells", "all", "--levels", "style", "--seed", 1, "--model", model_path, "--lock"]
    for lock in ("0:4,0:4", "none"):
        told = sni("resample", face, *words, lock)
        assert "nothing has changed" not in told.out, "the second has the first's codes, and shows them everywhere"
    assert len(read_project(face).history.nodes) == 3


def test_interpolating_all_the_way_gives_the_other_face_but_its_noise(
    sni: Sni, face: Path, model_path: Path, tmp_path: Path
) -> None:
    sni("new", "--seed", 8, "--out", "other.sni", "--model", model_path)
    sni("interpolate", face, "--to", "other.sni", "--amount", 1, "--out", "c.sni", "--model", model_path)
    made = read_project(tmp_path / "c.sni").history.current.codes
    other = read_project(tmp_path / "other.sni").history.current.codes
    assert all(np.array_equal(made.level(level), other.level(level)) for level in LEVELS)
    assert made.noise_seed == 7


def test_drawing_gives_the_engines_picture(sni: Sni, face: Path, model_path: Path, tmp_path: Path) -> None:
    assert sni("draw", face, "--out", "a.png", "--model", model_path).code == 0
    picture = ask(model_path, Draw(0, read_project(face).history.current.codes)).picture
    assert np.array_equal(read_png(tmp_path / "a.png"), picture)
    sni("draw", face, "--out", "big.png", "--size", 100, "--model", model_path)
    assert read_png(tmp_path / "big.png").shape == (100, 100, 3)


def test_any_node_can_be_drawn(sni: Sni, face: Path, model_path: Path, tmp_path: Path) -> None:
    sni("draw", face, "--out", "before.png", "--model", model_path)
    sni("resample", face, "--cells", "all", "--seed", 1, "--model", model_path)
    sni("draw", face, "--out", "after.png", "--model", model_path)
    sni("draw", face, "--out", "root.png", "--node", 0, "--model", model_path)
    before, after, root = (read_png(tmp_path / f"{name}.png") for name in ("before", "after", "root"))
    assert np.array_equal(root, before)
    assert not np.array_equal(root, after)


@pytest.fixture
def edited(sni: Sni, face: Path, model_path: Path) -> Path:
    sni("resample", face, "--levels", "local", "--cells", "0:2,0:2", "--seed", 1, "--model", model_path)
    sni("resample", face, "--levels", "style,local", "--seed", 2, "--model", model_path)
    return face


def test_a_history_can_be_made_again_from_its_recipes(sni: Sni, edited: Path, model_path: Path) -> None:
    for flags in (["--check"], ["--fresh", "--check"], []):
        outcome = sni("replay", edited, *flags, "--model", model_path)
        assert outcome.code == 0
        assert outcome.out.count("the same") == 3


def test_a_history_that_was_tampered_with_is_found(sni: Sni, edited: Path, model_path: Path) -> None:
    project = read_project(edited)
    codes = project.history.node(1).codes
    cells = parse_cells("0,0", read_card(model_path).grid)
    odd = project.history.push(Edit(Resample(), Selection(cells), seed=5), codes)
    write_project(type(project)(project.model, odd, project.selection), edited)
    assert sni("replay", edited, "--fresh", "--model", model_path).code == 0
    outcome = sni("replay", edited, "--fresh", "--check", "--model", model_path)
    assert outcome.code == 1
    assert "1 of 4 nodes are different: 3" in outcome.err


def test_measure_prints_json_for_every_edit(sni: Sni, edited: Path, model_path: Path) -> None:
    outcome = sni("measure", edited, "--model", model_path)
    assert outcome.code == 0
    local, style = json.loads(outcome.out)["edits"]
    assert local["levels"] == ["local"]
    assert local["inside"] > local["outside"] > 0
    assert local["ratio"] == pytest.approx(local["inside"] / local["outside"])
    assert style["outside"] is None
    assert style["ratio"] is None


def test_models_are_listed_and_shown(sni: Sni, model_path: Path, private_home: Path) -> None:
    folder = private_home / "data" / "models"
    folder.mkdir(parents=True)
    (folder / "mine.safetensors").write_bytes(model_path.read_bytes())
    (folder / "broken.safetensors").write_bytes(b"nothing")
    assert "mine" in sni("models", "list").out
    rows = json.loads(sni("models", "list", "--json").out)
    mine = next(row for row in rows if row["name"] == "mine")
    assert mine["card"]["resolution_px"] == 32
    shown = sni("models", "show", "mine")
    assert "It is not trained." in shown.out
    assert sni("new", "--seed", 1, "--out", "a.sni", "--model", "mine").code == 0
    assert sni("draw", "a.sni", "--out", "a.png").code == 0  # the model is found by its digest


def test_locked_cells_stay_to_the_pixel_and_the_file_keeps_them(
    sni: Sni, face: Path, model_path: Path, tmp_path: Path
) -> None:
    def run(*words: object) -> None:
        assert sni(*words, "--model", model_path).code == 0

    everything = ("--cells", "all", "--levels", "local,shared,global,style")
    run("resample", face, *everything, "--seed", 3, "--lock", "3,2:6", "--out", "b.sni")
    assert read_project(tmp_path / "b.sni").selection.locked.sum() == 4
    run("resample", "b.sni", "--levels", "style", "--seed", 4)  # the file's own locks count
    run("interpolate", "b.sni", "--to", face, "--amount", 0.5)
    assert read_project(tmp_path / "b.sni").history.current.codes.depth == 1
    for name in ("face", "b"):
        run("draw", f"{name}.sni", "--out", f"{name}.png")
    old, new = read_png(tmp_path / "face.png"), read_png(tmp_path / "b.png")
    cell = old.shape[0] // 8
    eyes = (slice(3 * cell, 4 * cell), slice(2 * cell, 6 * cell))
    assert np.array_equal(old[eyes], new[eyes])
    assert not np.array_equal(old, new)


def test_locks_are_set_free_and_mistakes_named(sni: Sni, face: Path, model_path: Path, tmp_path: Path) -> None:
    model = ("--model", model_path)
    outcome = sni("resample", face, "--cells", "all", "--seed", 3, "--lock", "0:4,0:8", "--out", "b.sni", *model)
    assert outcome.code == 0
    words = ("resample", "b.sni", "--cells", "1,1", "--levels", "local", *model)
    outcome = sni(*words)
    assert outcome.code == 1
    assert "locked" in outcome.err
    assert sni(*words, "--lock", "none").code == 0
    assert not read_project(tmp_path / "b.sni").selection.locked.any()
    outcome = sni("resample", face, "--lock", "9,9", *model)
    assert outcome.code == 2
    assert "--lock" in outcome.err
