"""What a recipe is applied to: how seeds are written, which files a folder means, and how results are called."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sni_engine.api.codec import Project, encode_project, write_project
from sni_engine.api.codes import LARGEST_SEED
from sni_engine.api.errors import EngineError
from sni_engine.api.pictures import PictureForm, write_picture
from sni_engine.api.recipes import take_recipe
from sni_engine.api.targets import (
    MOST_SEEDS,
    Target,
    find_projects,
    find_start,
    list_targets,
    make_project,
    parse_seeds,
    read_target,
    refuse_overwriting,
)


@pytest.mark.parametrize(
    ("text", "seeds"),
    [
        ("7", (7,)),
        ("1,2,5:9", (1, 2, 5, 6, 7, 8)),
        (" 1, 2, 5-9 ", (1, 2, 5, 6, 7, 8, 9)),
        ("5..7", (5, 6, 7)),
        ("3 - 4, 4, 3", (3, 4)),
        (str(LARGEST_SEED), (LARGEST_SEED,)),
    ],
)
def test_seeds_are_read(text: str, seeds: tuple[int, ...]) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize(
    "text", ["", "1,,2", "-1", "a", "1.5", "9-5", "5:5", str(LARGEST_SEED + 1), f"0-{MOST_SEEDS}", "٣"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(EngineError):
        parse_seeds(text)


def test_a_folder_means_the_projects_in_it(project: Project, tmp_path: Path) -> None:
    inside = tmp_path / "faces"
    inside.mkdir()
    for name in ("b.sni", "a.SNI", "notes.txt"):
        write_project(project, inside / name)
    assert find_projects([inside / "b.sni", inside]) == (inside / "b.sni", inside / "a.SNI")
    with pytest.raises(EngineError, match="no project in"):
        find_projects([tmp_path])
    with pytest.raises(EngineError, match="is not there"):
        find_projects([tmp_path / "no.sni"])


def test_in_a_folder_pictures_with_a_project_count_unless_they_show_more(project: Project, tmp_path: Path) -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    write_project(project, tmp_path / "face.PNG", picture)
    write_picture(tmp_path / "sheet.png", picture, PictureForm(), encode_project(project), one_face=False)
    write_picture(tmp_path / "bare.png", picture)
    (tmp_path / "cut.png").write_bytes((tmp_path / "face.PNG").read_bytes()[:40])
    (tmp_path / "folder.png").mkdir()
    assert find_projects([tmp_path]) == (tmp_path / "face.PNG",)
    assert find_projects([tmp_path / "sheet.png"]) == (tmp_path / "sheet.png",), "one that is named is taken"


def test_no_two_results_bear_the_same_name() -> None:
    paths = [Path("x/face.sni"), Path("y/Face.sni"), Path("face-2.sni"), Path("seed-1.sni")]
    names = [target.name for target in list_targets([1], paths)]
    assert names[:3] == ["seed-1", "face", "Face-2"]
    assert len({name.casefold() for name in names}) == 5


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    refuse_overwriting([tmp_path / "a"], "no")
    (tmp_path / "a").touch()
    with pytest.raises(EngineError, match="is there already"):
        refuse_overwriting([tmp_path / "b", tmp_path / "a"], "no")


def test_a_project_keeps_its_tree_and_a_seed_gets_one(project: Project, tmp_path: Path) -> None:
    recipe = take_recipe(project.history, project.model, 2)
    made = [node.codes for node in project.history.nodes[:3]]
    write_project(project, tmp_path / "a.sni")
    target = Target("a", path=tmp_path / "a.sni")
    before = read_target(target)
    assert before == project
    assert find_start(target, before) == project.history.current.codes
    grown = make_project(target, before, recipe, made, project.model)
    assert grown.history.nodes[:4] == project.history.nodes
    assert [node.parent for node in grown.history.nodes[4:]] == [3, 4]
    assert grown.selection == project.selection
    fresh = make_project(replace(target, seed=5, path=None), None, recipe, made, project.model)
    assert (fresh.history.root.seed, fresh.history.root.codes) == (5, made[0])
    assert len(fresh.history.nodes) == 3
    assert fresh.selection == recipe.edits[-1].selection
