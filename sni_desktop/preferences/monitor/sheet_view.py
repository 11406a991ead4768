"""A run's sample sheet, every sample as sharp as the editor would show it, or one of them large."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from sni_desktop.canvas.imaging import enlarge, to_image
from sni_desktop.preferences.dialog import tr
from sni_desktop.theme import Theme
from sni_desktop.words import fill
from sni_engine.api.arrays import Array

COLUMNS, ROWS = 8, 6  # of the sheets that the trainer writes
_LINE_PX = 2  # between two samples, in the file
_GAP_PX = 2  # and on screen
_KEPT = 12  # drawn sheets, so that going back and forth costs nothing


@dataclass(frozen=True, eq=False)
class Sheet:
    """The samples of one moment, each uint8 [S, S, 3], row by row."""

    samples: tuple[Array, ...]


class SheetView(QWidget):
    """A press, or Return, shows one sample large, and again all; Up and Down then go to its neighbours."""

    moved = Signal(int)  # Left or Right: a step back or on in time

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._key: tuple[Path, int] | None = None
        self._sheet: Sheet | None = None
        self._message = ""
        self._large: int | None = None
        self._last_large = 0
        self._sheets: OrderedDict[tuple[Path, int], Sheet | None] = OrderedDict()
        self._drawn: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setToolTip(tr("Press a sample to see it large."))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Samples of a good size to judge them by."""
        return QSize(COLUMNS * 64, ROWS * 64)

    def minimumSizeHint(self) -> QSize:
        """Samples that can still be told apart."""
        return QSize(COLUMNS * 28, ROWS * 28)

    def show_sheet(self, path: Path | None, message: str) -> None:
        """Show the sheet in a file, or a message where there is none; nothing is drawn anew for the same file."""
        key = None if path is None else (path, _read_time(path))
        if key == self._key and message == self._message:
            return
        self._key, self._message = key, message
        self._sheet = None if key is None else self._read(key)
        self._tell()
        self.update()

    # -- input -------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the sample under the pointer large, or all again."""
        if event.button() == Qt.MouseButton.LeftButton and self._sheet is not None:
            places = self._places(self._side())
            at = event.position().toPoint()
            under = next((place for place, rect in enumerate(places) if rect.contains(at)), None)
            self._show_large(under if self._large is None else None)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right go through time, Return enlarges, Up and Down go to other samples, Esc shows all."""
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.moved.emit(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._sheet is not None:
            self._show_large(self._last_large if self._large is None else None)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._large is not None:
            step = -1 if key == Qt.Key.Key_Up else 1
            self._show_large((self._large + step) % (COLUMNS * ROWS))
        elif key == Qt.Key.Key_Escape and self._large is not None:
            self._show_large(None)
        else:
            super().keyPressEvent(event)

    def _show_large(self, place: int | None) -> None:
        self._large = place
        if place is not None:
            self._last_large = place
        self._tell()
        self.update()

    def _tell(self) -> None:
        if self._sheet is None:
            words = self._text()
        elif self._large is None:
            words = fill(tr("{count} samples of fixed codes"), count=str(len(self._sheet.samples)))
        else:
            words = fill(tr("Sample {number}, large"), number=str(self._large + 1))
        self.setAccessibleName(words)

    # -- drawing -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the samples side by side in the middle, or the words that stand for them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("canvas"))
        if self._sheet is None:
            painter.setPen(self._theme.colour("text"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 8, -16, -8), flags, self._text())
        else:
            side = self._side()
            pixmap = self._draw(side)
            painter.drawPixmap(self._corner(side), pixmap)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _text(self) -> str:
        return self._message if self._key is None else tr("The samples of this moment cannot be read.")

    def _side(self) -> int:
        """Return the side of a sample in device pixels."""
        ratio = self.devicePixelRatioF()
        if self._large is not None:
            return max(1, int((min(self.width(), self.height()) - 2 * _GAP_PX) * ratio))
        across = (self.width() - (COLUMNS + 1) * _GAP_PX) * ratio / COLUMNS
        down = (self.height() - (ROWS + 1) * _GAP_PX) * ratio / ROWS
        return max(1, int(min(across, down)))

    def _step(self, side: int) -> int:
        return side + round(_GAP_PX * self.devicePixelRatioF())

    def _corner(self, side: int) -> QPoint:
        """Return where the samples begin, on a whole device pixel."""
        ratio = self.devicePixelRatioF()
        columns, rows = (1, 1) if self._large is not None else (COLUMNS, ROWS)
        gap = self._step(side) - side
        width, height = ((count * self._step(side) - gap) / ratio for count in (columns, rows))
        return QPoint(max(0, int((self.width() - width) / 2)), max(0, int((self.height() - height) / 2)))

    def _places(self, side: int) -> list[QRect]:
        """Return where the samples are, in logical pixels."""
        ratio, step, corner = self.devicePixelRatioF(), self._step(side), self._corner(side)
        size = QSize(int(side / ratio), int(side / ratio))
        return [
            QRect(corner + QPoint(int(place % COLUMNS * step / ratio), int(place // COLUMNS * step / ratio)), size)
            for place in range(COLUMNS * ROWS)
        ]

    def _draw(self, side: int) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (self._key, side, ratio, self._large)
        if key not in self._drawn:
            self._drawn[key] = self._compose(side)
            self._drawn[key].setDevicePixelRatio(ratio)
        self._drawn.move_to_end(key)
        while len(self._drawn) > _KEPT:
            self._drawn.popitem(last=False)
        return self._drawn[key]

    def _compose(self, side: int) -> QPixmap:
        assert self._sheet is not None
        if self._large is not None:
            return QPixmap.fromImage(to_image(enlarge(self._sheet.samples[self._large], side)))
        step = self._step(side)
        gap = step - side
        made = QPixmap(COLUMNS * step - gap, ROWS * step - gap)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        for place, sample in enumerate(self._sheet.samples):
            painter.drawImage(place % COLUMNS * step, place // COLUMNS * step, to_image(enlarge(sample, side)))
        painter.end()
        return made

    def _read(self, key: tuple[Path, int]) -> Sheet | None:
        if key not in self._sheets:
            self._sheets[key] = read_sheet(key[0])
        self._sheets.move_to_end(key)
        while len(self._sheets) > _KEPT:
            self._sheets.popitem(last=False)
        return self._sheets[key]


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


def _read_time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
