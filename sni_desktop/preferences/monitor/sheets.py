"""A trainer's sample sheets: read from their files, and enlarged for the screen, off the window's thread."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from sni_desktop.canvas.imaging import enlarge, to_image
from sni_engine.api.arrays import Array

COLUMNS, ROWS = 8, 6  # of the sheets that the trainer writes
_LINE_PX = 2  # between two samples, in the file
_KEPT = 12  # sheets, so that going back and forth costs nothing
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, eq=False)
class Sheet:
    """The samples of one moment, each uint8 [S, S, 3], row by row."""

    samples: tuple[Array, ...]


@dataclass(frozen=True)
class Look:
    """How a sheet is to be shown. side: of a sample; gap: between two; both in device pixels. large: the one sample
    that is shown, None for all.
    """

    side: int
    gap: int
    large: int | None


@dataclass(frozen=True, eq=False)
class Shown:
    """A sheet for the screen, under the number it was asked for; image: None when its file cannot be read."""

    number: int
    path: Path
    look: Look
    image: QImage | None


class SheetDrawer:
    """Remembers what it has read and drawn; for one thread at a time."""

    def __init__(self) -> None:
        self._sheets: OrderedDict[tuple[Path, int], Sheet | None] = OrderedDict()
        self._images: OrderedDict[tuple[Path, int, Look], QImage | None] = OrderedDict()

    def draw(self, number: int, path: Path, look: Look) -> Shown:
        """Return a sheet as it is in its file now; the same image for the same file."""
        time = _read_time(path)
        image = _recall(self._images, (path, time, look), lambda: self._compose((path, time), look))
        return Shown(number, path, look, image)

    def _compose(self, key: tuple[Path, int], look: Look) -> QImage | None:
        sheet = _recall(self._sheets, key, lambda: read_sheet(key[0]))
        if sheet is None:
            return None
        if look.large is not None:
            return to_image(enlarge(sheet.samples[look.large], look.side))
        step = look.side + look.gap
        size = (COLUMNS * step - look.gap, ROWS * step - look.gap)
        made = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        for place, sample in enumerate(sheet.samples):
            at = (place % COLUMNS * step, place // COLUMNS * step)
            painter.drawImage(*at, to_image(enlarge(sample, look.side)))
        painter.end()
        return made


def read_sheet(path: Path) -> Sheet | None:
    """Return the samples in a trainer's sheet; None when the file is no such sheet."""
    image = QImageReader(str(path), b"png").read().convertToFormat(QImage.Format.Format_RGB888)
    step, rest = divmod(image.width() - _LINE_PX, COLUMNS)
    if image.isNull() or rest or step <= _LINE_PX or image.height() != ROWS * step + _LINE_PX:
        return None
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    side = step - _LINE_PX
    corners = [
        (_LINE_PX + place // COLUMNS * step, _LINE_PX + place % COLUMNS * step) for place in range(COLUMNS * ROWS)
    ]
    return Sheet(tuple(pixels[top : top + side, left : left + side].copy() for top, left in corners))


def _recall(known: OrderedDict[K, V], key: K, make: Callable[[], V]) -> V:
    """Return what is known under a key, made when it is not; the oldest is forgotten."""
    if key not in known:
        known[key] = make()
    known.move_to_end(key)
    while len(known) > _KEPT:
        known.popitem(last=False)
    return known[key]


def _read_time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
