"""Arrays to Qt images, and sharp enlargement of the part that is in sight."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from sni_desktop.canvas.lanczos import magnify
from sni_engine.api.arrays import Array

NEAREST_FROM = 24  # device pixels per picture pixel from which single pixels are what the person wants to see
_FINE = (
    4  # times a picture is enlarged by Lanczos at most; from there on bilinear differs by one grey level in the mean
)
_MARGIN = 4  # pixels of the picture that Lanczos reads beyond the ones it draws
_SPARE_PX = 256  # drawn beyond what is in sight, so that small pans draw nothing anew


def to_image(picture: Array) -> QImage:
    """Return a copy of a picture uint8 [H, W, 3] that owns its memory."""
    height, width, _ = picture.shape
    data = np.ascontiguousarray(picture)
    return QImage(data.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def to_pixmap(image: QImage, pixel_ratio: float) -> QPixmap:
    """Return an image in device pixels as a pixmap for screens of that pixel ratio."""
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(pixel_ratio)
    return pixmap


def square_pixmap(picture: Array, side: int, pixel_ratio: float = 1.0) -> QPixmap:
    """Return a picture uint8 [H, W, 3] scaled smoothly to `side` logical pixels, sharp at that pixel ratio."""
    device = round(side * pixel_ratio)
    return to_pixmap(
        to_image(picture).scaled(device, device, mode=Qt.TransformationMode.SmoothTransformation), pixel_ratio
    )


def enlarge(picture: Array, side: int, part: QRect | None = None, squares: bool = False) -> Array:
    """Return a picture scaled to `side` pixels, or just the `part` of the result: Lanczos, or plain squares when each
    pixel is large, or when that is asked for.
    """
    part = part or QRect(0, 0, side, side)
    smooth = not squares and side < picture.shape[0] * NEAREST_FROM
    filtering = Image.Resampling.LANCZOS if smooth else Image.Resampling.NEAREST
    shrink = picture.shape[0] / side
    edges = (part.left(), part.top(), part.left() + part.width(), part.top() + part.height())
    box = tuple(edge * shrink for edge in edges)
    return np.asarray(Image.fromarray(picture).resize((part.width(), part.height()), filtering, box))


def is_quick(picture: Array, side: int, squares: bool = False) -> bool:
    """Say whether a picture shown `side` pixels large is enlarged in two steps, which `paint_quickly` does."""
    return not squares and picture.shape[0] * _FINE * 1.25 < side < picture.shape[0] * NEAREST_FROM


def enlarge_quickly(picture: Array, side: int, part: QRect, squares: bool = False) -> QImage:
    """Return what `enlarge` does, to within what can be seen, five to ten times faster where pixels become large."""
    if not is_quick(picture, side, squares):
        return to_image(enlarge(picture, side, part, squares))
    grown = QImage(part.size(), QImage.Format.Format_RGB32)
    painter = QPainter(grown)
    paint_quickly(painter, picture, side, part, QPointF(-part.x(), -part.y()))
    painter.end()
    return grown


def paint_quickly(
    painter: QPainter, picture: Array, side: int, part: QRect, corner: QPointF, pixel_ratio: float = 1.0
) -> None:
    """Enlarge a picture by Lanczos as far as that can be seen, and from there on by painting it, bilinearly.

    side, part: in device pixels of the whole, which lies at `corner`, in the painter's. A little more than the part is
    painted, as far as the picture goes. The painter's hints change.
    """
    whole = picture.shape[0]
    pixels = _read_from(part, whole / side, whole)
    words = magnify(picture[pixels.top() : pixels.bottom() + 1, pixels.left() : pixels.right() + 1], _FINE)
    height, width = words.shape
    fine = QImage(words.data, width, height, 4 * width, QImage.Format.Format_RGB32)  # of the same memory
    scale = side / whole / pixel_ratio
    place = QRectF(pixels.left() * scale, pixels.top() * scale, pixels.width() * scale, pixels.height() * scale)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place.translated(corner), fine)


def _read_from(part: QRect, shrink: float, whole: int) -> QRect:
    """Return the picture's pixels that are needed for a part of the enlarged one."""
    left, top = (max(0, math.floor(edge * shrink) - _MARGIN) for edge in (part.left(), part.top()))
    edges = (part.left() + part.width(), part.top() + part.height())
    right, bottom = (min(whole, math.ceil(edge * shrink) + _MARGIN) for edge in edges)
    return QRect(left, top, right - left, bottom - top)


def enlarge_values(values: Array, side: int) -> Array:
    """Return a map of numbers [H, W] at `side` × `side`, smooth in between and never below 0."""
    smooth = Image.fromarray(np.ascontiguousarray(values, np.float32)).resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(smooth).clip(0)


@dataclass(frozen=True, eq=False)
class Scaled:
    """The part of an enlarged picture around what is in sight. side, part: in device pixels of the whole."""

    picture: Array
    side: int
    pixel_ratio: float
    part: QRect
    pixmap: QPixmap

    def shows(self, picture: Array, side: int, pixel_ratio: float, sight: QRect) -> bool:
        """Say whether this is still what has to be drawn."""
        same = self.picture is picture and self.side == side and self.pixel_ratio == pixel_ratio
        return same and self.part.contains(sight)

    @property
    def offset(self) -> QPointF:
        """From the picture's corner to this part's, in logical pixels."""
        return QPointF(self.part.topLeft()) / self.pixel_ratio


def scale(picture: Array, side: int, pixel_ratio: float, sight: QRect, squares: bool = False) -> Scaled:
    """Enlarge a picture to `side` device pixels where it is in sight, and a little around."""
    around = sight.adjusted(-_SPARE_PX, -_SPARE_PX, _SPARE_PX, _SPARE_PX)
    part = around.intersected(QRect(0, 0, side, side))
    pixmap = to_pixmap(enlarge_quickly(picture, side, part, squares), pixel_ratio)
    return Scaled(picture, side, pixel_ratio, part, pixmap)
