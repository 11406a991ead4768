"""Training pictures: any file a person has, the order of an epoch, portraits stored once."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sni_engine.api.errors import EngineError
from sni_engine.train.dataset import PortraitSpec, draw_portrait_set, open_folder, open_portrait_set
from sni_engine.train.prepare import PictureOrder


def test_a_folder_of_odd_files_is_read_and_bad_ones_are_listed(tmp_path: Path) -> None:
    grey = np.full((30, 50), 128, np.uint8)
    Image.fromarray(grey).save(tmp_path / "grey.png")
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    Image.new("CMYK", (40, 40)).save(tmp_path / "print.jpg")
    Image.fromarray(np.full((20, 20), 128 * 257, np.uint16)).save(tmp_path / "deep.png")
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    (tmp_path / "notes.txt").write_text("hello")
    data = open_folder(tmp_path, 16)
    assert data.pictures.shape == (4, 16, 16, 3)
    assert len(data.skipped) == 1
    assert data.skipped[0].startswith("broken.png")
    clear = data.pictures[0]  # files are read in order of name
    assert clear.min() == 255, "a transparent picture lies on white"
    assert np.abs(data.pictures[1].astype(int) - 128).max() <= 1, "sixteen bits are scaled, not clipped"
    assert np.abs(data.pictures[2].astype(int) - 128).max() <= 1


def test_orientation_is_obeyed(tmp_path: Path) -> None:
    picture = np.zeros((32, 32, 3), np.uint8)
    picture[:16] = 255
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    for name in ("a.png", "b.png"):
        Image.fromarray(picture).save(tmp_path / name, exif=exif)
    read = open_folder(tmp_path, 16).pictures[0]
    assert read[:6].max() < 5
    assert read[10:].min() > 250


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_pictures_are_refused(tmp_path: Path, count: int) -> None:
    for index in range(count):
        Image.new("RGB", (8, 8)).save(tmp_path / f"{index}.png")
    with pytest.raises(EngineError, match=f"{count} readable"):
        open_folder(tmp_path, 16)


def test_every_epoch_shows_every_picture_once_in_another_order() -> None:
    order = PictureOrder(10, seed=3)
    first, second = order.take(0, 10), order.take(10, 10)
    assert sorted(first.tolist()) == sorted(second.tolist()) == list(range(10))
    assert first.tolist() != second.tolist()
    assert PictureOrder(10, seed=3).take(7, 6).tolist() == [*first.tolist()[7:], *second.tolist()[:3]]


def test_a_portrait_set_is_drawn_once_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    spec = PortraitSpec(count=6, size_px=16)
    assert list(draw_portrait_set(spec, tmp_path / "set")) == [6]
    blocks = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "set").iterdir()}
    assert list(draw_portrait_set(spec, tmp_path / "set")) == [6]
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "set").iterdir()} == blocks
    data = open_portrait_set(spec, tmp_path / "set")
    assert data.pictures.shape == (6, 16, 16, 3)
    assert data.masks is not None
    assert data.masks.shape == (6, 16, 16)


def test_a_damaged_block_is_named(tmp_path: Path) -> None:
    spec = PortraitSpec(count=2, size_px=16)
    list(draw_portrait_set(spec, tmp_path / "set"))
    (tmp_path / "set" / "000000.npz").write_bytes(b"PK")
    with pytest.raises(EngineError, match=r"000000\.npz"):
        open_portrait_set(spec, tmp_path / "set")


def test_another_set_in_the_folder_is_refused(tmp_path: Path) -> None:
    list(draw_portrait_set(PortraitSpec(count=2, size_px=16), tmp_path / "set"))
    with pytest.raises(EngineError, match="another portrait set"):
        list(draw_portrait_set(PortraitSpec(count=3, size_px=16), tmp_path / "set"))
