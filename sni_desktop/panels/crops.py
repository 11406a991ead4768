"""Which part of a candidate's picture its thumbnail shows, and that part as a sharp pixmap."""

import math

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QPixmap

from sni_desktop.canvas.imaging import enlarge, to_image, to_pixmap
from sni_engine.api.arrays import Array

_HALO = 0.35  # cells shown around those that change
_LEAST = 3.0  # cells; less would show no more than a patch of skin
_MOST = 0.8  # share of the picture from which cropping would only cost the overview


def crop_box(reach: Array, size_px: int) -> QRect:
    """Return the square of a picture [size, size] that holds the cells an edit reaches [R, C], and a little around."""
    rows, columns = reach.shape
    whole = QRect(0, 0, size_px, size_px)
    touched = np.argwhere(reach > 0)  # [N, 2]
    if not len(touched):
        return whole
    (top, left), (bottom, right) = touched.min(0) / reach.shape, (touched.max(0) + 1) / reach.shape
    cell = 1 / min(rows, columns)
    side = max(bottom - top, right - left, (_LEAST - 2 * _HALO) * cell) + 2 * _HALO * cell
    if side >= _MOST:
        return whole
    side_px = math.ceil(side * size_px)
    corner = (round(((low + high) / 2) * size_px - side_px / 2) for low, high in ((left, right), (top, bottom)))
    x, y = (min(max(0, at), size_px - side_px) for at in corner)
    return QRect(x, y, side_px, side_px)


def crop_pixmap(picture: Array, box: QRect, side_px: int, pixel_ratio: float) -> QPixmap:
    """Return a square of a picture uint8 [H, W, 3], `side_px` logical pixels wide."""
    side = round(side_px * pixel_ratio)
    scale = side / box.width()
    part = QRect(round(box.x() * scale), round(box.y() * scale), side, side)
    whole = round(picture.shape[0] * scale)
    part.moveTo(min(part.x(), whole - side), min(part.y(), whole - side))
    return to_pixmap(to_image(enlarge(picture, whole, part)), pixel_ratio)
