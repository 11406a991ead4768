"""Pictures as files: every pixel kept, enlarged on request, the same bytes each time."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sni_engine.api.errors import EngineError
from sni_engine.api.pictures import (
    LARGEST_PX,
    PictureForm,
    describe_size,
    encode_picture,
    encode_png,
    scale_picture,
    write_picture,
)


def decode(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "PNG"
        assert image.mode == "RGB"
        return np.asarray(image)


def test_every_pixel_is_kept(picture: np.ndarray) -> None:
    assert np.array_equal(decode(encode_png(picture)), picture)
    assert encode_png(picture) == encode_png(picture.copy())


def test_the_pictures_own_size_changes_nothing(picture: np.ndarray) -> None:
    assert encode_png(picture, 16) == encode_png(picture)


@pytest.mark.parametrize("size", [1, 8, 17, 64])
def test_a_picture_takes_the_size_it_is_given(picture: np.ndarray, size: int) -> None:
    assert decode(encode_png(picture, size)).shape == (size, size, 3)


def test_an_even_picture_stays_even_when_enlarged() -> None:
    assert (decode(encode_png(np.full((8, 8, 3), 77, np.uint8), 100)) == 77).all()


@pytest.mark.parametrize("size", [0, -1, LARGEST_PX + 1])
def test_sizes_no_picture_can_have_are_refused(picture: np.ndarray, size: int) -> None:
    with pytest.raises(EngineError, match="cannot be"):
        encode_png(picture, size)


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "PNG"), ("a.JPG", "JPEG"), ("a.jpeg", "JPEG"), ("a.webp", "WEBP")]
)
def test_the_name_decides_the_format(picture: np.ndarray, tmp_path: Path, name: str, kind: str) -> None:
    size = write_picture(tmp_path / name, picture, PictureForm(32))
    assert (tmp_path / name).stat().st_size == size
    with Image.open(tmp_path / name) as image:
        assert (image.format, image.size) == (kind, (32, 32))


@pytest.mark.parametrize("name", ["a.bmp", "a", "a.gif"])
def test_other_names_are_refused(picture: np.ndarray, tmp_path: Path, name: str) -> None:
    with pytest.raises(EngineError, match="kind of picture") as caught:
        write_picture(tmp_path / name, picture)
    assert ".webp" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_sharp_keeps_pixels_and_smooth_does_not(picture: np.ndarray) -> None:
    sharp = scale_picture(picture, PictureForm(64, "sharp"))
    assert np.array_equal(sharp, picture.repeat(4, 0).repeat(4, 1))
    assert not np.array_equal(scale_picture(picture, PictureForm(64)), sharp)


def test_quality_decides_size_and_100_keeps_every_pixel_of_webp(picture: np.ndarray) -> None:
    for kind in ("JPEG", "WEBP"):
        small, large = (encode_picture(picture, kind, PictureForm(64, quality=q)) for q in (20, 99))
        assert len(small) < len(large)
    with Image.open(io.BytesIO(encode_picture(picture, "WEBP", PictureForm(quality=100)))) as image:
        assert np.array_equal(np.asarray(image), picture)


@pytest.mark.parametrize("bad", [{"quality": 0}, {"quality": 101}, {"filter": "blurred"}])
def test_forms_no_picture_can_have_are_refused(bad: dict[str, int]) -> None:
    with pytest.raises(EngineError):
        PictureForm(**bad)  # type: ignore[arg-type]


def test_a_picture_of_another_shape_keeps_it() -> None:
    assert scale_picture(np.zeros((10, 20, 3), np.uint8), PictureForm(40)).shape == (20, 40, 3)


def test_what_a_format_cannot_hold_is_a_sentence() -> None:
    with pytest.raises(EngineError, match="too large for WEBP"):
        encode_picture(np.zeros((1, 17_000, 3), np.uint8), "WEBP")


def test_sizes_are_told_honestly() -> None:
    assert describe_size(64, None) == describe_size(64, 64) == "64 px, as the model draws"
    assert describe_size(64, 512) == "512 px, enlarged from the 64 px that the model draws"
    assert "reduced" in describe_size(64, 32)
