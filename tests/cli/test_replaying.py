"""`sni recipe` and `sni replay` onto other faces: the same bytes as doing it by hand, and nothing lost."""

import json
from pathlib import Path

import pytest
import torch
from PIL import Image

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codec import read_project
from sni_engine.api.codes import GridSpec
from sni_engine.checkpoints.format import write_model
from sni_engine.networks.generator import Generator

from .conftest import Sni


@pytest.fixture
def edited(sni: Sni, face: Path, model_path: Path) -> Path:
    """Two steps, and a branch that is not on the way to the current node."""
    sni("resample", face, "--levels", "local", "--cells", "0:2,0:2", "--seed", 1, "--model", model_path)
    sni("resample", face, "--levels", "style,local", "--cells", "3,3", "--seed", 2, "--model", model_path)
    return face


def make_model(path: Path, name: str, grid: GridSpec, seed: int = 3) -> Path:
    torch.manual_seed(seed)
    write_model(path, Generator(GeneratorConfig(grid, (12, 10, 8))), name, "", {}, ())
    return path


def by_hand(sni: Sni, name: str, model: Path) -> None:
    sni("resample", name, "--levels", "local", "--cells", "0:2,0:2", "--seed", 1, "--model", model)
    sni("resample", name, "--levels", "style,local", "--cells", "3,3", "--seed", 2, "--model", model)
    sni("draw", name, "--out", f"{name}.png", "--model", model)


def test_faces_of_seeds_get_the_edits(sni: Sni, edited: Path, model_path: Path, tmp_path: Path) -> None:
    words = ["--seeds", "1,4:6", "--out", "many/of", "--pictures", "--sheet", "all.png", "--model", model_path]
    assert sni("replay", edited, *words).code == 0
    made = tmp_path / "many" / "of"
    assert sorted(p.name for p in made.glob("*.sni")) == ["seed-1.sni", "seed-4.sni", "seed-5.sni"]
    sni("new", "--seed", 4, "--out", "hand.sni", "--model", model_path)
    by_hand(sni, "hand.sni", model_path)
    hand, machine = read_project(tmp_path / "hand.sni"), read_project(made / "seed-4.sni")
    assert [node.codes for node in machine.history.nodes] == [node.codes for node in hand.history.nodes]
    assert machine.history.root.seed == 4
    with Image.open(made / "seed-4.png") as made_picture, Image.open(tmp_path / "hand.sni.png") as hand_picture:
        assert made_picture.tobytes() == hand_picture.tobytes()
    with Image.open(tmp_path / "all.png") as sheet:
        assert sheet.width >= 2 * 32
    assert sni("replay", made / "seed-4.sni", "--fresh", "--check", "--model", model_path).code == 0


def test_a_sheet_that_cannot_be_written_is_refused_before_the_work(sni: Sni, edited: Path, tmp_path: Path) -> None:
    for seeds, sheet in (("1", "all.txt"), ("0:1001", "all.png")):
        done = sni("replay", edited, "--seeds", seeds, "--out", "many", "--sheet", sheet)
        assert done.code == 2
        assert "--sheet" in done.err
    assert not (tmp_path / "many").exists()


def test_projects_of_a_folder_keep_their_trees(sni: Sni, edited: Path, model_path: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for seed in (8, 9):
        sni("new", "--seed", seed, "--out", f"mine/{seed}.sni", "--model", model_path)
    sni("resample", "mine/9.sni", "--cells", "7,7", "--seed", 5, "--model", model_path)
    originals = {path: path.read_bytes() for path in (tmp_path / "mine").iterdir()}
    assert sni("replay", edited, "--onto", "mine", "--out", "done", "--model", model_path).code == 0
    assert originals == {path: path.read_bytes() for path in (tmp_path / "mine").iterdir()}
    assert [n.parent for n in read_project(tmp_path / "done" / "9.sni").history.nodes] == [None, 0, 1, 2]
    by_hand(sni, "mine/9.sni", model_path)
    codes = read_project(tmp_path / "mine" / "9.sni").history.current.codes
    assert read_project(tmp_path / "done" / "9.sni").history.current.codes == codes


def test_a_recipe_file_serves_as_well_as_the_project(sni: Sni, edited: Path, model_path: Path, tmp_path: Path) -> None:
    sni("resample", edited, "--cells", "all", "--seed", 6, "--model", model_path)
    assert sni("recipe", edited, "--node", 2, "--out", "r.json").code == 0
    assert [step["seed"] for step in json.loads((tmp_path / "r.json").read_text())["steps"]] == [1, 2]
    assert sni("replay", "r.json", "--seeds", 3, "--out", "a", "--model", model_path).code == 0
    assert sni("replay", edited, "--node", 2, "--seeds", 3, "--out", "b", "--model", model_path).code == 0
    one, two = (read_project(tmp_path / name / "seed-3.sni").history.current.codes for name in "ab")
    assert one == two
    kept = (tmp_path / "r.json").read_bytes()
    assert sni("recipe", edited, "--out", "r.json").code == 1
    assert (tmp_path / "r.json").read_bytes() == kept
    assert sni("recipe", edited, "--out", "r.json", "--force").code == 0
    assert (tmp_path / "r.json").read_bytes() != kept


def test_nothing_is_overwritten_unless_forced(sni: Sni, edited: Path, model_path: Path, tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "seed-2.sni").write_bytes(b"precious")
    words = ["replay", edited, "--seeds", "1,2", "--out", "o", "--model", model_path]
    outcome = sni(*words)
    assert outcome.code == 1
    assert "seed-2.sni is there already" in outcome.err
    assert [path.name for path in (tmp_path / "o").iterdir()] == ["seed-2.sni"]
    assert sni(*words, "--force").code == 0
    assert read_project(tmp_path / "o" / "seed-2.sni").history.root.seed == 2


def test_another_model_is_refused_unless_it_was_named(
    sni: Sni, edited: Path, model_path: Path, private_home: Path, tmp_path: Path
) -> None:
    models = private_home / "data" / "models"
    models.mkdir(parents=True)
    grid = GridSpec(style=16, local=4, shared=2, global_=1)
    other = make_model(tmp_path / "other.safetensors", "other", grid)
    absent = sni("replay", edited, "--seeds", 1, "--out", "a")
    assert absent.code == 1
    assert '"small"' in absent.err, "the recipe's own model is not here"
    (models / "other.safetensors").write_bytes(other.read_bytes())
    sni("new", "--seed", 1, "--out", "theirs.sni", "--model", other)
    (models / "small.safetensors").write_bytes(model_path.read_bytes())
    refused = sni("replay", edited, "--onto", "theirs.sni", "--out", "a")
    assert refused.code == 1
    assert "theirs.sni was made with the model" in refused.err
    assert "--model" in refused.err
    assert not list((tmp_path / "a").glob("*"))
    assert sni("replay", edited, "--onto", "theirs.sni", "--out", "a", "--model", "other").code == 0
    assert read_project(tmp_path / "a" / "theirs.sni").model.name == "other"


def test_another_grid_is_one_sentence(sni: Sni, edited: Path, tmp_path: Path) -> None:
    small = make_model(tmp_path / "s.safetensors", "coarse", GridSpec(4, 4, style=16, local=4, shared=2, global_=1))
    outcome = sni("replay", edited, "--seeds", 1, "--out", "a", "--model", small)
    assert outcome.code == 1
    assert "8 × 8" in outcome.err
    assert "4 × 4" in outcome.err
    assert not (tmp_path / "a").exists()


def test_one_bad_file_among_many_is_named_and_the_others_done(
    sni: Sni, edited: Path, model_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.sni").write_bytes(b"nothing")
    outcome = sni("replay", edited, "--seeds", 1, "--onto", "bad.sni", "--out", "a", "--model", model_path)
    assert outcome.code == 1
    assert "bad.sni cannot be opened" in outcome.err
    assert "1 of 2 faces were left out." in outcome.err
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["seed-1.sni"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("replay face.sni --seeds 1", 2),
        ("replay face.sni --seeds x --out a", 2),
        ("replay face.sni --out a", 2),
        ("replay face.sni --node 1", 2),
        ("replay face.sni --seeds 1 --out a --check", 2),
        ("replay face.sni --seeds 1 --out a --node 9", 2),
        ("replay face.sni --onto nothing.sni --out a", 1),
        ("replay face.sni --seeds 1 --out face.sni", 1),
        ("replay face.sni --seeds 1 --out a --node 0", 1),
        ("recipe face.sni --out a.sni", 2),
        ("recipe face.sni --out a.json --node 0", 1),
        ("recipe face.sni", 2),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    sni: Sni, edited: Path, model_path: Path, line: str, code: int
) -> None:
    before = edited.read_bytes()
    words = line.split()
    outcome = sni(*words, *(["--model", model_path] if words[0] == "replay" else []))
    assert outcome.code == code
    assert outcome.err.strip()
    assert "Traceback" not in outcome.err
    assert edited.read_bytes() == before
    assert sorted(item.name for item in edited.parent.iterdir()) == ["face.sni"]
