"""Faces of a model, side by side, as large as the room allows."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from sni_desktop.canvas.imaging import square_pixmap
from sni_desktop.preferences.dialog import tr
from sni_desktop.theme import Theme
from sni_engine.api.arrays import Array

_GAP_PX = 6
_LEAST_PX, _MOST_PX = 56, 132


class SampleStrip(QWidget):
    """Pictures uint8 [N, H, W, 3]; dashed squares while they are drawn."""

    def __init__(self, theme: Theme, count: int) -> None:
        super().__init__()
        self.setObjectName("samples")
        self._theme = theme
        self._count = count
        self._pictures: Array | None = None
        self._pixmaps: tuple[int, float, list[QPixmap]] = (0, 0.0, [])
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    @property
    def pictures(self) -> Array | None:
        """What is shown."""
        return self._pictures

    def show_samples(self, pictures: Array | None, text: str) -> None:
        """Show pictures, None while they are drawn, and say in words what they are."""
        if pictures is not self._pictures:
            self._pictures, self._pixmaps = pictures, (0, 0.0, [])
            self.update()
        self.setAccessibleName(text)
        self.setToolTip(text)

    def hasHeightForWidth(self) -> bool:
        """Pictures are square."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of as many rows as are needed."""
        columns, side = self._arrange(width)
        rows = -(-self._count // columns)
        return rows * side + (rows - 1) * _GAP_PX

    def sizeHint(self) -> QSize:
        """Ask for one row."""
        width = self._count * 84 + (self._count - 1) * _GAP_PX
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Two rows of small pictures are the least."""
        return QSize(3 * _LEAST_PX + 2 * _GAP_PX, _LEAST_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw pictures, or what stands for them."""
        columns, side = self._arrange(self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pixmaps = self._scale(side)
        for index in range(self._count):
            row, column = divmod(index, columns)
            place = QRectF(column * (side + _GAP_PX), row * (side + _GAP_PX), side, side)
            path = QPainterPath()
            path.addRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            if index < len(pixmaps):
                painter.setClipPath(path)
                painter.drawPixmap(place.topLeft(), pixmaps[index])
                painter.setClipping(False)
            else:
                painter.setPen(QPen(self._theme.colour("line"), 1))
                painter.setBrush(self._theme.colour("panel"))
                painter.drawPath(path)

    def _arrange(self, width: int) -> tuple[int, int]:
        """Return how many columns there are, and the side of a picture in points."""
        columns = self._count if width >= self._count * (_LEAST_PX + _GAP_PX) else -(-self._count // 2)
        return columns, max(_LEAST_PX, min(_MOST_PX, (width + _GAP_PX) // columns - _GAP_PX))

    def _scale(self, side: int) -> list[QPixmap]:
        ratio = self.devicePixelRatioF()
        if self._pixmaps[:2] != (side, ratio) and self._pictures is not None:
            self._pixmaps = side, ratio, [square_pixmap(picture, side, ratio) for picture in self._pictures]
        return self._pixmaps[2]


def describe_samples(seeds: tuple[int, ...]) -> str:
    """Return what the pictures are, in words."""
    text = tr("Faces of the seeds {first} to {last}, not picked")
    return text.replace("{first}", str(seeds[0])).replace("{last}", str(seeds[-1]))
