"""A model without codes of some level: edits there are refused in a sentence, all others work as ever."""

from pathlib import Path

import numpy as np
import pytest
import torch

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codec import Project, read_project, write_project
from sni_engine.api.codes import LEVELS, GridSpec, Level
from sni_engine.api.edits import Edit, Interpolate, Resample
from sni_engine.api.history import start_history
from sni_engine.api.messages import Apply, Failed, Finished, NewFace
from sni_engine.api.models import ModelRef
from sni_engine.api.selection import select_all, select_none
from sni_engine.checkpoints.format import write_model
from sni_engine.cli import main
from sni_engine.engine import Engine
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes

GRID = GridSpec(4, 4, style=6, global_=0, shared=0, local=0)


@pytest.fixture
def baseline(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    path = tmp_path / "baseline.safetensors"
    write_model(path, Generator(GeneratorConfig(GRID, (6, 5), first_styled=0, source="constant")), "baseline")
    return path


def answer(engine: Engine, edit: Edit) -> Finished | Failed:
    codes = draw_codes(GRID, 1)
    event = list(engine.run(Apply(1, codes, edit)))[-1]
    assert isinstance(event, Finished | Failed)
    return event


@pytest.mark.parametrize("levels", [("local",), ("shared",), ("global",), ("local", "shared", "global")])
def test_resampling_absent_levels_is_refused(baseline: Path, levels: tuple[Level, ...]) -> None:
    event = answer(Engine(str(baseline), "cpu"), Edit(Resample(), select_all(GRID, levels)))
    assert isinstance(event, Failed)
    assert event.title == f"This model has no {' or '.join(levels)} codes."
    assert event.hint == "Choose the level style."


def test_what_is_there_moves_and_what_is_not_does_not_count(baseline: Path) -> None:
    engine = Engine(str(baseline), "cpu")
    for params in (Resample(), Interpolate(1.0)):
        reference = draw_codes(GRID, 5)
        event = answer(engine, Edit(params, select_all(GRID, LEVELS), 5, reference))
        assert isinstance(event, Finished)
        assert np.array_equal(event.codes.style, reference.style)
        assert event.locality is not None
        assert event.locality.inside > 0


def test_absent_levels_reach_no_cell() -> None:
    assert GRID.levels == ("style",)
    assert not select_all(GRID, ("local", "shared", "global")).reach(GRID).any()
    assert select_all(GRID, ("style",)).reach(GRID).all()
    assert select_none(GRID).levels == ("style",)
    assert select_none(GridSpec(local=0)).levels == ("shared",)
    assert select_none(GridSpec()).levels == ("local",)
    assert select_none(GridSpec(), ()).levels == ()


def test_a_project_of_such_a_model_survives(tmp_path: Path) -> None:
    codes = draw_codes(GRID, 3)
    assert codes.fits(GRID)
    project = Project(ModelRef("m", "d"), start_history(codes, 3, 0.0), select_none(GRID))
    write_project(project, tmp_path / "x.sni")
    back = read_project(tmp_path / "x.sni")
    assert back.history.current.codes == codes
    assert back.selection == project.selection


def test_the_commands_work_on_it(baseline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "x.sni")
    model = ["--model", str(baseline), "--device", "cpu"]
    assert main(["new", "--out", file, "--seed", "1", *model]) == 0
    assert main(["resample", file, "--seed", "2", *model]) == 0
    assert read_project(Path(file)).history.current.edit.selection.levels == ("style",)  # type: ignore[union-attr]
    assert main(["interpolate", file, "--to", file, *model]) == 0
    assert main(["replay", file, "--fresh", "--check", *model]) == 0
    assert main(["models", "show", str(baseline)]) == 0
    assert "constant input" in capsys.readouterr().out
    assert main(["resample", file, "--levels", "local", *model]) != 0
    assert "This model has no local codes." in capsys.readouterr().err


def test_a_face_with_cells_does_not_fit_it(baseline: Path) -> None:
    engine = Engine(str(baseline), "cpu")
    assert isinstance(list(engine.run(NewFace(1, 1)))[-1], Finished)
    event = list(engine.run(Apply(2, draw_codes(GridSpec(4, 4, style=6), 1), Edit(Resample(), select_all(GRID)))))[-1]
    assert isinstance(event, Failed)
    assert "does not fit the model" in event.title
