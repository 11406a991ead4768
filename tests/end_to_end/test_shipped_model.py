"""The whole road once, on the model that is shipped: window, file and command line agree to the byte."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from sni_desktop.window import MainWindow
from sni_engine.api.arrays import Array
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.messages import Apply, Finished, NewFace, OpenModel
from sni_engine.api.pictures import OWN_SIZE, encode_png
from sni_engine.api.selection import Selection, parse_cells
from sni_engine.cli import main
from sni_engine.engine import Engine

from .conftest import settle

MOUTH = "5:7,3:5"
Settle = Callable[[], None]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine(None, "cpu")
    yield engine
    engine.close()


def cell_point(window: MainWindow, row: int, column: int) -> QPoint:
    view = window.canvas._view
    return QPoint(round(view.left + (column + 0.5) * view.side / 8), round(view.top + (row + 0.5) * view.side / 8))


def test_paint_resample_undo_save_reopen_and_draw(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, canvas = window.document, window.canvas
    before = document.snapshot.picture
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(canvas, left, pos=cell_point(window, 5, 3))
    qtbot.mouseMove(canvas, cell_point(window, 5, 4))
    qtbot.mouseMove(canvas, cell_point(window, 6, 4))
    qtbot.mouseRelease(canvas, left, pos=cell_point(window, 6, 4))
    qtbot.keyClick(canvas, Qt.Key.Key_R)
    settle(qtbot, document)
    after, locality = document.snapshot.picture, document.snapshot.locality
    assert locality is not None
    assert locality.outside is not None
    assert locality.inside > locality.outside
    assert not np.array_equal(before, after)

    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(document.snapshot.picture, before)
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert np.array_equal(document.snapshot.picture, after)

    path = tmp_path / "face.sni"
    assert document.save(path)
    history = document.snapshot.history
    document.new_face(8)
    settle(qtbot, document)
    document.open(path)
    settle(qtbot, document)
    assert document.snapshot.history == history
    assert np.array_equal(document.snapshot.picture, after)

    assert main(["draw", str(path), "--out", str(tmp_path / "face.png")]) == 0
    window.exports.exporting.write_picture(tmp_path / "window.png", OWN_SIZE, state=True)
    settle(qtbot, document)
    assert (tmp_path / "face.png").read_bytes() == (tmp_path / "window.png").read_bytes()
    assert main(["replay", str(path), "--fresh", "--check"]) == 0
    capsys.readouterr()


def test_a_project_from_the_command_line_opens_in_the_window(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cli.sni"
    assert main(["new", "--seed", "11", "--out", str(path)]) == 0
    assert main(["resample", str(path), "--cells", MOUTH, "--seed", "3"]) == 0
    assert main(["draw", str(path), "--no-state", "--out", str(tmp_path / "cli.png")]) == 0
    capsys.readouterr()
    window.document.open(path)
    settle(qtbot, window.document)
    picture = window.document.snapshot.picture
    assert picture is not None
    assert (tmp_path / "cli.png").read_bytes() == encode_png(picture)
    with Image.open(io.BytesIO(encode_png(picture))) as image:
        assert image.size == (64, 64)


def face(engine: Engine, seed: int) -> Finished:
    *_, last = engine.run(NewFace(0, seed))
    assert isinstance(last, Finished)
    return last


def edited(engine: Engine, before: Finished, level: str, cells: str, seed: int) -> Finished:
    selection = Selection(parse_cells(cells, engine_grid(engine)), (level,))  # type: ignore[arg-type]
    *_, last = engine.run(Apply(0, before.codes, Edit(Resample(), selection, seed)))
    assert isinstance(last, Finished)
    return last


def engine_grid(engine: Engine):  # type: ignore[no-untyped-def]
    opened = list(engine.run(OpenModel(0, "")))[-1]
    return opened.card.grid  # type: ignore[union-attr]


def distance(a: Array, b: Array) -> float:
    return float(np.abs(a.astype(np.float32) - b.astype(np.float32)).mean())


def test_faces_are_varied_and_inside_the_range(engine: Engine) -> None:
    faces = [face(engine, seed).picture for seed in range(12)]
    distances = [distance(a, b) for index, a in enumerate(faces) for b in faces[:index]]
    assert min(distances) > 8, "two seeds gave nearly the same face"
    assert 60 < np.mean(faces) < 220


def test_mouth_edits_are_local(engine: Engine) -> None:
    """Inside changes more than outside in every face, and more than twice as much on average."""
    found = [edited(engine, face(engine, seed), "local", MOUTH, seed + 100).locality for seed in range(20)]
    inside = np.array([locality.inside for locality in found if locality])
    outside = np.array([locality.outside for locality in found if locality], np.float64)
    assert (inside > outside).all()
    assert inside.mean() / outside.mean() > 2


@pytest.mark.parametrize("cells", ["0,0", "7,7", "5,4"])
def test_far_pixels_do_not_change_at_all(engine: Engine, cells: str) -> None:
    before = face(engine, 3)
    after = edited(engine, before, "local", cells, 9)
    changed = (before.picture != after.picture).any(2)
    row, column = (int(part) for part in cells.split(","))
    rows, columns = np.nonzero(changed)
    assert len(rows) > 0
    reach = 28  # pixels; six convolutions and three doublings reach three cells and a half
    assert rows.min() >= 8 * row - reach
    assert rows.max() < 8 * (row + 1) + reach
    assert columns.min() >= 8 * column - reach
    assert columns.max() < 8 * (column + 1) + reach


def test_style_changes_the_whole_picture(engine: Engine) -> None:
    before = face(engine, 5)
    after = edited(engine, before, "style", "none", 6)
    assert distance(before.picture, after.picture) > 5


def test_a_candidate_that_is_kept_can_be_replayed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of nine, and a cross of two: each is the step that its own recipe makes, to the byte."""
    document, candidates = window.document, window.choosing.candidates
    grid = document.snapshot.grid
    assert grid is not None
    document.set_cells(parse_cells(MOUTH, grid))
    document.set_levels(["local", "shared"])
    document.set_amount(0.8)
    window.choosing.ask()
    settle(qtbot, document)
    assert len(candidates.snapshot.items) == 9
    qtbot.keyClick(window.canvas, Qt.Key.Key_4)
    shown = document.snapshot.picture
    qtbot.keyClick(window.canvas, Qt.Key.Key_Return)
    candidates.crossbreed(0, 6, parse_cells("5:7,3", grid), ("local",))
    settle(qtbot, document)
    candidates.accept(9)
    history = document.snapshot.history
    assert history is not None
    assert [node.parent for node in history.nodes] == [None, 0, 0]
    path = tmp_path / "face.sni"
    assert document.save(path)
    qtbot.waitUntil(path.exists)
    assert main(["replay", str(path), "--fresh", "--check"]) == 0
    assert main(["draw", str(path), "--node", "1", "--out", str(tmp_path / "one.png")]) == 0
    capsys.readouterr()
    with Image.open(tmp_path / "one.png") as image:
        difference = np.abs(np.asarray(image, np.int16) - shown.astype(np.int16))  # type: ignore[union-attr]
    assert difference.max() <= 1, "alone and in a batch, a picture is the same but for rounding"
