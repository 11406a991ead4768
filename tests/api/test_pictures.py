"""Pictures as PNG: every pixel kept, enlarged on request, the same bytes each time."""

import io

import numpy as np
import pytest
from PIL import Image

from sni_engine.api.errors import EngineError
from sni_engine.api.pictures import LARGEST_PX, encode_png


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (16, 16, 3), np.uint8)


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
