"""Sheets and labelled folders: complete, resumable with the same bytes, and never mixed with other things."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sni_engine.api.errors import EngineError
from sni_engine.portraits import FACTOR_NAMES, FACTORS, PARTS, export, render, sample_factors, write_folder, write_sheet


def read_all(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "BATCH", 2)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished set of five portraits of 16 px with seeds from 20 on."""
    folder = tmp_path_factory.mktemp("sets") / "whole"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "BATCH", 2)
        assert list(write_folder(folder, 5, 16, seed=20)) == [0, 2, 4, 5]
    return folder


def test_files_hold_what_render_draws(whole: Path) -> None:
    pictures, masks = (t.numpy() for t in render(sample_factors([22]), 16))
    assert np.array_equal(np.asarray(Image.open(whole / "pictures" / "000002.png")), pictures[0])
    mask = Image.open(whole / "masks" / "000002.png")
    assert mask.mode == "P" and np.array_equal(np.asarray(mask), masks[0])
    assert sorted(p.name for p in whole.iterdir()) == ["labels.csv", "masks", "pictures"]


def test_the_table_reads_back(whole: Path) -> None:
    with (whole / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["seed"] for row in rows] == ["20", "21", "22", "23", "24"]
    factors = np.array([[float(row[name]) for name in FACTOR_NAMES] for row in rows], np.float32)
    assert np.array_equal(factors, sample_factors(range(20, 25)))
    assert all(row["hair_style_name"].isalpha() for row in rows)
    for number, row in enumerate(rows):
        for factor in FACTORS:
            assert not factor.options or row[f"{factor.name}_name"] == factor.options[int(row[factor.name])]
        mask = np.asarray(Image.open(whole / "masks" / f"{number:06d}.png"))
        for label, part in enumerate(PARTS):
            assert float(row[f"visible_{part}"]) == pytest.approx((mask == label).mean(), abs=1e-6)
        assert sum(float(row[f"visible_{part}"]) for part in PARTS) == pytest.approx(1, abs=1e-4)


def test_a_stopped_run_goes_on_with_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    first = write_folder(folder, 5, 16, seed=20)
    assert [next(first), next(first)] == [0, 2]
    first.close()
    (folder / "masks" / "000001.png").unlink()
    assert list(write_folder(folder, 5, 16, seed=20)) == [1, 3, 5]
    assert read_all(folder) == read_all(whole)


def test_a_finished_set_is_left_alone_and_can_grow(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    list(write_folder(folder, 3, 16, seed=20))
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.png")}
    assert list(write_folder(folder, 3, 16, seed=20)) == [3]
    list(write_folder(folder, 5, 16, seed=20))
    assert all(path.stat().st_mtime_ns == time for path, time in times.items())
    assert read_all(folder) == read_all(whole)


@pytest.mark.parametrize("change", [{"seed": 21}, {"seed": 19}, {"variety": 0.5}, {"size_px": 20}])
def test_another_set_is_not_mixed_in(whole: Path, change: dict[str, float]) -> None:
    before = read_all(whole)
    with pytest.raises(EngineError, match="another seed, size or variety"):
        next(write_folder(whole, **{"count": 5, "size_px": 16, "seed": 20, **change}))
    assert read_all(whole) == before


@pytest.mark.parametrize("stranger", ["notes.txt", "pictures/me.jpg", "masks/old/000001.png"])
def test_a_folder_with_other_things_is_refused(tmp_path: Path, stranger: str) -> None:
    (tmp_path / stranger).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / stranger).write_text("mine")
    before = read_all(tmp_path)
    with pytest.raises(EngineError, match="holds other things") as caught:
        next(write_folder(tmp_path, 2, 16))
    assert "empty folder" in caught.value.hint and read_all(tmp_path) == before


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "set").write_text("mine")
    with pytest.raises(EngineError, match="not a folder"):
        next(write_folder(tmp_path / "set", 2, 16))


def test_bad_numbers_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    for bad in ({"size_px": 8}, {"variety": 2.0}, {"seed": -1}, {"count": -1}):
        with pytest.raises(EngineError):
            next(write_folder(tmp_path / "set", **{"count": 2, "size_px": 16, **bad}))
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(("count", "columns", "cells"), [(64, None, (8, 8)), (5, None, (3, 2)), (5, 5, (5, 1))])
def test_sheets_are_near_square(tmp_path: Path, count: int, columns: int | None, cells: tuple[int, int]) -> None:
    pictures = np.arange(count, dtype=np.uint8)[:, None, None, None] + np.zeros((1, 4, 6, 3), np.uint8)
    write_sheet(pictures, tmp_path / "sheet.png", columns)
    sheet = np.asarray(Image.open(tmp_path / "sheet.png"))
    gap = export.GAP_PX
    assert sheet.shape == (cells[1] * (4 + gap) + gap, cells[0] * (6 + gap) + gap, 3)
    assert (sheet[gap : gap + 4, gap + 6 + gap : gap + 6 + gap + 6] == 1).all()
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.png"]
