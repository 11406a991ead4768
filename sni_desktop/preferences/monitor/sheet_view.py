"""A run's sample sheet, every sample as sharp as the editor would show it, or one of them large."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.sheets import COLUMNS, ROWS, Look, SheetDrawer, Shown
from sni_desktop.theme import Theme
from sni_desktop.words import fill
from sni_desktop.worker.newest import Newest

_GAP_PX = 2  # on screen, between two samples


class SheetView(QWidget):
    """A press, or Return, shows one sample large, and again all; Up and Down then go to its neighbours.

    Files are read and samples enlarged beside the window; until the newest are there, what was on screen stays.
    """

    moved = Signal(int)  # Left or Right: a step back or on in time

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._path: Path | None = None
        self._shown: Shown | None = None
        self._pixmap = QPixmap()
        self._number = 0  # of what was asked for last
        self._asked: Look | None = None
        self._message = ""
        self._large: int | None = None
        self._last_large = 0
        self._drawer = SheetDrawer()
        self._beside = Newest("samples")
        self._beside.done.connect(self._take)
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
        if self._shown is not None and (path is None or path.parent != self._shown.path.parent):
            self._shown = None  # of another run
            self.update()
        if path is None and message != self._message:
            self.update()
        self._path, self._message = path, message
        if path is None:
            self._tell()
        else:
            self._ask()

    @property
    def is_settled(self) -> bool:
        """Whether what is on screen is what was asked for last."""
        return self._path is None or (self._shown is not None and self._shown.number == self._number)

    def _ask(self) -> None:
        assert self._path is not None
        self._number += 1
        self._asked = self._look()
        self._beside.ask(partial(self._drawer.draw, self._number, self._path, self._asked))

    def _take(self, shown: Shown) -> None:
        """Show what was drawn, also of a moment that the slider has left meanwhile, but not of another run."""
        if self._path is None or self._path.parent != shown.path.parent:
            return
        if self._shown is None or self._shown.image is not shown.image:
            self._pixmap = QPixmap() if shown.image is None else QPixmap.fromImage(shown.image)
            self.update()
        self._shown = shown
        self._tell()

    # -- input -------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the sample under the pointer large, or all again."""
        if event.button() == Qt.MouseButton.LeftButton and self._has_samples:
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
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._has_samples:
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
        if self._path is not None:
            self._ask()

    @property
    def _has_samples(self) -> bool:
        return self._shown is not None and self._shown.image is not None

    def _tell(self) -> None:
        if not self._has_samples:
            words = self._text()
        elif self._large is None:
            words = fill(tr("{count} samples of fixed codes"), count=str(COLUMNS * ROWS))
        else:
            words = fill(tr("Sample {number}, large"), number=str(self._large + 1))
        self.setAccessibleName(words)

    # -- drawing -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the samples side by side in the middle, or the words that stand for them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("canvas"))
        if self._has_samples:
            self._paint_samples(painter)
        else:
            painter.setPen(self._theme.colour("text"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 8, -16, -8), flags, self._text())
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_samples(self, painter: QPainter) -> None:
        assert self._shown is not None
        look = self._look()
        if look not in (self._shown.look, self._asked):
            self._ask()  # the room has changed
        ratio = self.devicePixelRatioF()
        size = self._pixmap.size() / ratio
        if look == self._shown.look:
            self._pixmap.setDevicePixelRatio(ratio)
            painter.drawPixmap(self._corner(look.side), self._pixmap)
            return
        size.scale(
            self.size() - QSize(2 * _GAP_PX, 2 * _GAP_PX), Qt.AspectRatioMode.KeepAspectRatio
        )  # until it is drawn as it should be
        room = QRect(QPoint(), size)
        room.moveCenter(self.rect().center())
        painter.drawPixmap(room, self._pixmap)

    def _text(self) -> str:
        if self._path is None:
            return self._message
        return tr("The samples of this moment cannot be read.") if self._shown is not None else ""

    def _look(self) -> Look:
        side = self._side()
        return Look(side, self._step(side) - side, self._large)

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
