"""Arrays as Qt images: the pixels are right, and enlarging a part gives that part of the whole."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from sni_desktop.canvas.imaging import NEAREST_FROM, enlarge, enlarge_quickly, paint_quickly, scale, to_image
from sni_desktop.canvas.lanczos import magnify
from sni_engine.api.arrays import Array


@pytest.fixture
def picture() -> Array:
    return np.random.default_rng(3).integers(64, 192, (16, 16, 3)).astype(np.uint8)


def test_images_have_the_array_s_pixels(picture: Array) -> None:
    image = to_image(picture)
    colour = image.pixelColor(5, 2)
    assert (colour.red(), colour.green(), colour.blue()) == tuple(picture[2, 5])


def test_images_of_turned_arrays_are_right_too(picture: Array) -> None:
    colour = to_image(picture[::-1, ::2]).pixelColor(3, 0)
    assert (colour.red(), colour.green(), colour.blue()) == tuple(picture[15, 6])


def test_large_pixels_stay_squares_and_small_ones_are_smoothed(picture: Array) -> None:
    squares = enlarge(picture, 16 * NEAREST_FROM)
    assert np.array_equal(squares[::NEAREST_FROM, ::NEAREST_FROM], picture)
    smooth = enlarge(picture, 128)
    assert len(np.unique(smooth.reshape(-1, 3), axis=0)) > 16 * 16


@pytest.mark.parametrize("side", [37, 128, 16 * NEAREST_FROM])
def test_a_part_is_that_part_of_the_whole(picture: Array, side: int) -> None:
    whole = enlarge(picture, side).astype(int)
    left, top, width, height = 5, 3, side // 2, side // 3
    part = enlarge(picture, side, QRect(left, top, width, height)).astype(int)
    assert np.abs(whole[top : top + height, left : left + width] - part).max() <= 1


def read_image(image: QImage) -> Array:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


@pytest.mark.parametrize("side", [40, 64, 83, 100, 200, 350, 16 * NEAREST_FROM])
@pytest.mark.parametrize("place", [(0, 0, 1, 1), (0.2, 0.3, 0.5, 0.4), (0.6, 0.6, 0.4, 0.4)])
def test_the_quick_way_shows_the_same(side: int, place: tuple[float, ...]) -> None:
    """Portraits are far smoother than these waves; a shift by half a pixel of the picture would show."""
    y, x = np.mgrid[:16, :16]
    waves = np.stack([np.sin(x), np.cos(y), np.sin(x / 2 + y / 3)], 2)
    picture = (128 + 90 * waves).round().astype(np.uint8)
    part = QRect(*(round(side * number) for number in place))
    quick = read_image(enlarge_quickly(picture, side, part)).astype(int)
    exact = enlarge(picture, side, part).astype(int)
    assert quick.shape == exact.shape
    assert np.abs(quick - exact).mean() < 1.5
    assert np.abs(quick - exact).max() < 12


def test_what_is_scaled_knows_when_it_no_longer_serves(qapp: QApplication, picture: Array) -> None:
    sight = QRect(600, 700, 100, 80)
    scaled = scale(picture, 2000, 2.0, sight)
    assert scaled.pixmap.devicePixelRatio() == 2.0
    assert scaled.offset == QPointF((600 - 256) / 2, (700 - 256) / 2)
    assert scaled.shows(picture, 2000, 2.0, sight.translated(200, -200))
    assert not scaled.shows(picture, 2000, 2.0, sight.translated(400, 0))
    assert not scaled.shows(picture.copy(), 2000, 2.0, sight), "another picture, even where the first one lay"
    assert not scaled.shows(picture, 1999, 2.0, sight)
    assert not scaled.shows(picture, 2000, 1.0, sight)


@pytest.mark.parametrize("shape", [(64, 64), (20, 33), (1, 7), (130, 140)])
def test_magnifying_is_pillow_s_lanczos(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(1).integers(60, 196, (*shape, 3), np.uint8)
    words = magnify(picture, 4)
    size = (4 * shape[1], 4 * shape[0])
    exact = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS)).astype(int)
    colours = np.stack([words >> 16 & 255, words >> 8 & 255, words & 255], 2).astype(int)
    assert words.shape == exact.shape[:2]
    assert np.abs(colours - exact).max() <= 2  # Pillow rounds, and clips, between the two passes too
    assert (words >> 24 == 255).all()


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_what_goes_straight_to_the_screen_is_what_is_kept(qapp: QApplication, picture: Array, ratio: float) -> None:
    """The first painting of a picture is the one, every later one the other: nothing may jump between them."""
    side = 200
    screen = QImage(260, 230, QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(ratio)
    screen.fill(0)
    painter = QPainter(screen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_quickly(painter, picture, side, QRect(0, 0, side, side), QPointF(24, 12) / ratio, ratio)
    painter.end()
    kept = read_image(enlarge_quickly(picture, side, QRect(0, 0, side, side))).astype(int)
    painted = read_image(screen).astype(int)
    assert np.abs(painted[12:212, 24:224] - kept).max() <= 1
    painted[12:212, 24:224] = 0
    assert not painted.any(), "nothing is painted around it"
