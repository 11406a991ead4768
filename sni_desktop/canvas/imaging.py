"""Arrays to Qt images, and sharp enlargement."""

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage, QPixmap

from sni_engine.api.arrays import Array

NEAREST_FROM = 24  # device pixels per picture pixel from which single pixels are what the person wants to see


def to_image(picture: Array) -> QImage:
    """Return a copy of a picture uint8 [H, W, 3] that owns its memory."""
    height, width, _ = picture.shape
    data = np.ascontiguousarray(picture)
    return QImage(data.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def enlarge(picture: Array, side: int) -> Array:
    """Return a picture scaled to `side` pixels: Lanczos, or plain squares when each pixel is large."""
    filtering = Image.Resampling.LANCZOS if side < picture.shape[0] * NEAREST_FROM else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(picture).resize((side, side), filtering))


def to_pixmap(picture: Array, side: int, pixel_ratio: float) -> QPixmap:
    """Return a pixmap `side` logical pixels wide, exact on a screen of this pixel ratio."""
    pixmap = QPixmap.fromImage(to_image(enlarge(picture, max(1, round(side * pixel_ratio)))))
    pixmap.setDevicePixelRatio(pixel_ratio)
    return pixmap
