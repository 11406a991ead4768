"""Pictures, sheets, sequences: PNGs that hold their project go wherever a project goes."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sni_engine.api.codec import read_project, write_project
from sni_engine.api.png_state import is_png
from sni_engine.api.sequences import Timing, plan_frames
from sni_engine.cli.session import Session

from .conftest import Sni


def read_png(path: Path) -> np.ndarray:
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        return np.asarray(image.convert("RGB"))


@pytest.fixture
def edited(sni: Sni, face: Path, model_path: Path) -> Path:
    for seed in (1, 2):
        sni("resample", face, "--levels", "local,style", "--cells", "all", "--seed", seed, "--model", model_path)
    project = read_project(face)
    write_project(type(project)(project.model, project.history.change_node(1, star=True), project.selection), face)
    return face


def test_every_command_that_takes_a_project_takes_its_picture(sni: Sni, edited: Path, model_path: Path) -> None:
    words = ["--model", model_path]
    assert sni("draw", edited, "--out", "a.png", "--size", 64, *words).code == 0
    path = edited.parent / "a.png"
    assert read_project(path) == read_project(edited)
    for line in (
        "draw a.png --out b.png",
        "draw a.png --out b.jpg --quality 50",
        "resample a.png --cells 0,0 --seed 3 --out c.sni",
        "interpolate face.sni --to a.png --out d.png",
        "replay a.png --check",
        "measure a.png",
        "sheet a.png --nodes all --out s.png",
        "sequence a.png --out m.webp --frames 6",
    ):
        outcome = sni(*line.split(), *words)
        assert outcome.code == 0, f"{line}: {outcome.err}"
    assert read_project(edited.parent / "d.png").history.current.edit is not None


def test_a_step_in_place_keeps_the_picture_and_draws_it_anew(sni: Sni, edited: Path, model_path: Path) -> None:
    sni("draw", edited, "--out", "a.png", "--size", 64, "--model", model_path)
    path = edited.parent / "a.png"
    before = read_png(path)
    assert sni("resample", path, "--cells", "all", "--seed", 5, "--model", model_path).code == 0
    assert is_png(path.read_bytes())
    assert len(read_project(path).history.nodes) == 4
    after = read_png(path)
    assert after.shape == before.shape
    sni("draw", path, "--out", "again.png", "--size", 64, "--model", model_path)
    assert np.array_equal(read_png(path.parent / "again.png"), after)
    assert not np.array_equal(after, before)


def test_a_new_face_may_be_a_picture_but_not_a_jpeg(sni: Sni, model_path: Path, tmp_path: Path) -> None:
    assert sni("new", "--seed", 7, "--out", "a.png", "--model", model_path).code == 0
    assert read_project(tmp_path / "a.png").history.root.seed == 7
    outcome = sni("new", "--out", "a.jpg", "--model", model_path)
    assert (outcome.code, "cannot hold a project" in outcome.err) == (1, True)


def test_a_picture_may_leave_the_project_out(sni: Sni, edited: Path, model_path: Path) -> None:
    outcome = sni("draw", edited, "--out", "a.png", "--no-state", "--model", model_path)
    assert "without the project" in outcome.out
    refused = sni("draw", "a.png", "--out", "b.png", "--model", model_path)
    assert refused.code == 1
    assert "a picture without a project" in refused.err


def test_another_nodes_picture_holds_the_project_at_that_node(sni: Sni, edited: Path, model_path: Path) -> None:
    sni("draw", edited, "--node", 0, "--out", "root.png", "--model", model_path)
    history = read_project(edited.parent / "root.png").history
    assert history.current_id == 0
    assert history.nodes == read_project(edited).history.nodes


def test_sizes_are_told_honestly(sni: Sni, face: Path, model_path: Path, tmp_path: Path) -> None:
    told = sni("draw", face, "--out", "a.webp", "--size", 96, "--filter", "sharp", "--model", model_path).out
    assert "96 px, enlarged from the 32 px that the model draws" in told
    with Image.open(tmp_path / "a.webp") as image:
        assert image.size == (96, 96)


def test_a_sheet_holds_the_chosen_nodes_and_is_never_replaced(sni: Sni, edited: Path, model_path: Path) -> None:
    outcome = sni("sheet", edited, "--nodes", "all", "--out", "s.png", "--columns", 3, "--model", model_path)
    assert "3 pictures in 3 columns" in outcome.out
    path = edited.parent / "s.png"
    assert read_project(path) == read_project(edited)
    before = path.read_bytes()
    assert sni("resample", path, "--cells", "all", "--model", model_path).code == 1
    assert path.read_bytes() == before
    assert "1 pictures in 1" in sni("sheet", edited, "--nodes", "starred", "--out", "t.jpg", "--model", model_path).out


def test_a_sequence_shows_its_ends_and_has_its_length(sni: Sni, edited: Path, model_path: Path) -> None:
    words = ["--from", 0, "--to", 2, "--frames", 9, "--size", 40, "--model", model_path]
    assert "9 frames, 0.4 s" in sni("sequence", edited, "--out", "frames", *words).out
    files = sorted((edited.parent / "frames").iterdir())
    assert len(files) == 9
    sni("draw", edited, "--node", 0, "--size", 40, "--out", "first.png", "--model", model_path)
    off = read_png(files[0]).astype(int) - read_png(edited.parent / "first.png")
    assert np.abs(off).max() <= 2  # drawn in a batch
    for name in ("m.gif", "m.webp", "m.apng"):
        assert sni("sequence", edited, "--out", name, *words).code == 0
        with Image.open(edited.parent / name) as image:
            assert (image.n_frames, image.size) == (9, (40, 40))


def test_a_sequence_goes_along_the_path_and_back(sni: Sni, edited: Path, model_path: Path) -> None:
    outcome = sni("sequence", edited, "--out", "m.gif", "--loop", "--hold", 2, "--frames", 20, "--model", model_path)
    assert "20 frames" in outcome.out
    codes = [node.codes for node in read_project(edited).history.path()]
    plan = plan_frames(codes, Timing(20, hold=2, loop=True))
    with Image.open(edited.parent / "m.gif") as image:
        assert image.n_frames == len(plan)


def test_an_interrupt_leaves_no_partial_file(
    sni: Sni, edited: Path, model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = Session.draw_many

    def draw_once(self: Session, codes: list[object]) -> np.ndarray:
        monkeypatch.setattr(Session, "draw_many", interrupt)
        return drawn(self, codes)  # type: ignore[arg-type]

    def interrupt(self: Session, codes: object) -> np.ndarray:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "draw_many", draw_once)
    before = sorted(edited.parent.iterdir())
    assert sni("sequence", edited, "--out", "m.webp", "--frames", 40, "--model", model_path).code == 130
    assert sorted(edited.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("sequence face.sni --out m.avi --from 0 --to 1", 2),
        ("sequence face.sni --out m.gif --frames 0", 2),
        ("sequence face.sni --out m.gif --frames 2", 2),
        ("sequence face.sni --out m.gif --from 0 --to 0", 2),
        ("sequence face.sni --out m.gif --from 0 --to 9", 2),
        ("sequence face.sni --out m.gif --fps 90", 1),
        ("sheet face.sni --out s.png --nodes 9", 1),
        ("sheet face.sni --out s.png --nodes all --columns 0", 2),
        ("sheet face.sni --out s.tiff --nodes all", 2),
        ("draw face.sni --out a.png --quality 0", 2),
        ("draw face.sni --out a.bmp", 2),
        ("draw face.sni --out a.png --filter blurred", 2),
    ],
)
def test_what_cannot_be_is_a_sentence_and_leaves_nothing(
    sni: Sni, edited: Path, model_path: Path, line: str, code: int
) -> None:
    outcome = sni(*line.split(), "--model", model_path)
    assert outcome.code == code, outcome.err
    assert outcome.err.strip()
    assert "Traceback" not in outcome.err
    assert [item.name for item in edited.parent.iterdir()] == ["face.sni"]
