"""`sni transfer`: the codes that the window's edit gives, from a project, a seed or a node, undone and replayed."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from sni_engine.api.codec import read_project
from sni_engine.api.edits import Edit, StyleTransfer
from sni_engine.api.generators import drain
from sni_engine.api.messages import Apply, NewFace
from sni_engine.api.part_requests import PartsShown, ShowParts
from sni_engine.api.parts import choose_cells, name_clusters
from sni_engine.api.selection import parse_cells, select_all
from sni_engine.checkpoints.format import read_model
from sni_engine.checkpoints.parts import keep_parts
from sni_engine.drawing import Painter
from sni_engine.engine import Engine
from sni_engine.parts.finding import find_parts

from .conftest import Sni, ask, current


@pytest.fixture(autouse=True)
def hair(model_path: Path, private_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small model's clusters 0 and 2 are called hair, and its channels are weighed on few faces."""
    generator, card = read_model(model_path)
    steps = find_parts(Painter(generator, torch.device("cpu")), card, None, 3, 0, 3)
    keep_parts(name_clusters(drain(steps, lambda done: None), [0, 2], "hair"))
    monkeypatch.setattr("sni_engine.studio.CONTRIBUTION_PICTURES", 4)


def test_it_gives_what_the_engine_gives_from_every_kind_of_reference(
    sni: Sni, face: Path, model_path: Path, tmp_path: Path
) -> None:
    before, goal = current(face), ask(model_path, NewFace(0, 8)).codes
    style = select_all(read_model(model_path)[1].grid, ("style",))
    params = StyleTransfer(0.5, "hair", 0.0, 0.3, "simultaneous")
    expected = ask(model_path, Apply(0, before, Edit(params, style, reference=goal))).codes
    sni("new", "--seed", 8, "--out", "b.sni", "--model", model_path)
    sni("interpolate", face, "--to-seed", 8, "--amount", 1, "--out", "two.sni", "--model", model_path)
    flags = ["--strength", 0.5, "--rho", 0, "--epsilon", 0.3, "--mode", "simultaneous", "--model", model_path]
    for source in ("b.sni", "seed:8"):
        outcome = sni("transfer", face, "--part", "Hair", "--from", source, *flags, "--out", "c.sni")
        assert outcome.code == 0, outcome.err
        assert "style_transfer Hair, strength 0.5; changed" in outcome.out
        assert "outside" in outcome.out
        assert current(tmp_path / "c.sni") == expected
    assert sni("transfer", "two.sni", "--part", "hair", "--from", "node:0", *flags).code == 0
    assert current(tmp_path / "two.sni").style_delta is not None
    assert current(face) == before


def test_it_is_undone_and_replayed_like_any_edit(sni: Sni, face: Path, model_path: Path, tmp_path: Path) -> None:
    model = ["--model", model_path]
    before = current(face)
    assert sni("transfer", face, "--part", "hair", "--from", "seed:8", *model).code == 0
    assert sni("resample", face, "--cells", "4:6,4:6", "--levels", "local", "--seed", 1, *model).code == 0
    history = read_project(face).history
    assert history.current.codes.style_delta == history.undo().current.codes.style_delta
    assert history.undo().current.codes != before
    assert history.undo().undo().current.codes == before
    assert sni("replay", face, "--fresh", "--check", *model).code == 0
    assert sni("recipe", face, "--out", "r.json").code == 0
    assert sni("replay", "r.json", "--seeds", 7, "--out", "again", *model).code == 0
    assert current(tmp_path / "again" / "seed-7.sni") == history.current.codes
    told = sni("measure", face, *model)
    assert told.code == 0
    assert '"method": "style_transfer"' in told.out
    assert '"part": "hair"' in told.out


def test_a_picture_carries_the_offset(sni: Sni, face: Path, model_path: Path, tmp_path: Path) -> None:
    words = ["--part", "hair", "--from", "seed:8", "--out", "a.png", "--model", model_path]
    assert sni("transfer", face, *words).code == 0
    assert sni("draw", "a.png", "--out", "b.png", "--model", model_path).code == 0
    assert current(tmp_path / "a.png").style_delta is not None
    assert current(tmp_path / "b.png") == current(tmp_path / "a.png")


def test_locked_cells_hold_what_they_showed(sni: Sni, face: Path, model_path: Path) -> None:
    before = current(face)
    words = ["--part", "hair", "--from", "seed:8", "--lock", "3:5,2:6", "--model", model_path]
    assert sni("transfer", face, *words).code == 0
    after = current(face)
    assert [hold.codes for hold in after.held] == [before]
    assert np.array_equal(after.held_weight, parse_cells("3:5,2:6", read_model(model_path)[1].grid))


def test_budgets_of_layers_and_no_bound(sni: Sni, face: Path, model_path: Path) -> None:
    words = ["transfer", face, "--part", "hair", "--from", "seed:8", "--model", model_path, "--epsilon"]
    assert sni(*words, "0,0.5,inf").code == 0
    assert sni(*words, "inf").code == 0
    first, second = (node.edit for node in read_project(face).history.nodes[1:])
    assert first is not None and second is not None
    assert first.params == StyleTransfer(1.0, "hair", epsilon=0.0, epsilons=(0.0, 0.5, 1.0))
    assert second.params == StyleTransfer(1.0, "hair", epsilon=1.0)


@pytest.mark.parametrize(
    ("words", "told", "code"),
    [
        (["--part", "beard", "--from", "seed:8"], 'no part "beard"', 1),
        (["--part", "hair", "--from", "node:9"], "--from", 2),
        (["--part", "hair", "--from", "seed:x"], "names no seed", 2),
        (["--part", "hair", "--from", "nowhere.sni"], "nowhere.sni", 1),
        (["--part", "hair", "--from", "seed:8", "--strength", 2], "--strength", 2),
        (["--part", "hair", "--from", "seed:8", "--rho", -1], "--rho", 2),
        (["--part", "hair", "--from", "seed:8", "--epsilon", 1.5], "--epsilon", 2),
        (["--part", "hair", "--from", "seed:8", "--epsilon", "0.1,2"], "--epsilon", 2),
        (["--part", "hair", "--from", "seed:8", "--epsilon", "much"], "--epsilon", 2),
        (["--part", "h" * 99, "--from", "seed:8"], "--part", 2),
    ],
)
def test_what_cannot_be_is_a_sentence(
    sni: Sni, face: Path, model_path: Path, words: list[object], told: str, code: int
) -> None:
    before = face.read_bytes()
    outcome = sni("transfer", face, *words, "--model", model_path)
    assert (outcome.code, told in outcome.err) == (code, True), outcome.err
    assert "Traceback" not in outcome.err
    assert face.read_bytes() == before


def test_a_part_that_the_face_does_not_show_is_refused(sni: Sni, face: Path, model_path: Path) -> None:
    """As `sni resample --part` does, with the same sentence."""
    generator, card = read_model(model_path)
    painter, grid = Painter(generator, torch.device("cpu")), card.grid
    keep_parts(drain(find_parts(painter, card, None, 24, 0, 3), lambda done: None))
    shown = list(Engine(str(model_path), "cpu").run(ShowParts(0, current(face))))[-1]
    assert isinstance(shown, PartsShown)
    absent = next(part.name for part in shown.parts.parts if not choose_cells(shown.map, part, grid).any())
    before = face.read_bytes()
    words = ["--part", absent, "--model", model_path]
    told = [sni("transfer", face, "--from", "seed:8", *words), sni("resample", face, "--levels", "style", *words)]
    assert [outcome.code for outcome in told] == [1, 1]
    assert told[0].err == told[1].err
    assert f"This face shows no {absent}" in told[0].err
    assert face.read_bytes() == before


@pytest.mark.parametrize("words", [["--from", "seed:8", "--strength", 0], ["--from", "node:0"], ["--from", "node:1"]])
def test_a_look_that_it_has_already_makes_no_step(
    sni: Sni, face: Path, model_path: Path, tmp_path: Path, words: list[object]
) -> None:
    model = ["--model", model_path]
    sni("resample", face, "--cells", "all", "--levels", "local", "--seed", 1, *model)
    before = read_project(face)
    outcome = sni("transfer", face, "--part", "hair", *words, "--out", "b.sni", "--lock", "0,0", *model)
    assert outcome.code == 0, outcome.err
    assert "nothing has changed" in outcome.out
    after = read_project(tmp_path / "b.sni")
    assert after.history == before.history
    assert after.selection.locked[0, 0] == 1, "what was asked of the file besides holds"


def test_errors_inside_and_outside_are_measured(sni: Sni, model_path: Path, tmp_path: Path) -> None:
    words = ["measure-transfer", model_path, "--parts", "hair, part 1", "--pairs", 4, "--epsilon", "0.1,inf"]
    outcome = sni(*words, "--out", "r.json")
    assert outcome.code == 0, outcome.err
    report = json.loads(outcome.out)
    assert report == json.loads((tmp_path / "r.json").read_text())
    assert list(report["parts"]) == ["hair", "part 1"]
    assert set(report["parts"]["hair"]) == {"whole style", "epsilon 0.1", "epsilon 1", "cells"}
    table = sni(*words, "--markdown")
    assert "| epsilon 0.1 |" in table.out
    assert "4 pairs" in table.out


@pytest.mark.parametrize("words", [["--pairs", 0], ["--epsilon", 2], ["--rho", 2], ["--parts", ","], ["--seed", -1]])
def test_a_measurement_that_cannot_be_is_bad_usage(sni: Sni, model_path: Path, words: list[object]) -> None:
    assert sni("measure-transfer", model_path, *words).code == 2
