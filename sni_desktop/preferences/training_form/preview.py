"""A few pictures as a run will see them: each original with its square, and beside it what becomes of it."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from sni_desktop.panels.plain import plain
from sni_desktop.preferences.dialog import tr
from sni_desktop.theme import Theme
from sni_desktop.words import fill
from sni_engine.api.arrays import Array
from sni_engine.api.train_requests import Original, PicturesSeen

_SIDE = 76
_GAP, _BETWEEN = 4, 14
_EXPECTED = 8
_FADED = 0.35  # pictures that are about to be replaced


class PreviewSheet(QWidget):
    """Paints tiles in rows, as many as fit. Old pictures fade until the new ones are there."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._seen: PicturesSeen | None = None
        self._squares: list[QImage] = []
        self._originals: list[tuple[Original, QImage]] = []
        self._pairs = False
        self._is_fading = False
        self.setObjectName("picture-preview")
        self.setAccessibleName(tr("How pictures will be cropped"))
        theme.changed.connect(self.update)

    def show_pictures(self, seen: PicturesSeen | None, pairs: bool) -> None:
        """Show what has been seen, or that it is not there yet. pairs: originals are beside the pictures."""
        if seen is self._seen and pairs == self._pairs:
            return
        self._is_fading = seen is None and pairs == self._pairs and bool(self._squares)
        self._seen, self._pairs = seen, pairs
        if self._is_fading:  # better something than a flash of nothing at every key
            self.update()
            return
        self._squares = [_to_image(picture) for picture in seen.pictures] if seen else []
        self._originals = [(original, _to_image(original.small)) for original in seen.originals] if seen else []
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        """Fit four pairs in a row."""
        return QSize(4 * self._tile + 3 * _BETWEEN, self.heightForWidth(4 * self._tile + 3 * _BETWEEN))

    def minimumSizeHint(self) -> QSize:
        """Fit one pair."""
        return QSize(self._tile, _SIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the rows are at this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self.heightForWidth(self.width()))

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows."""
        rows = math.ceil(max(1, self._count) / self._columns(width))
        return rows * (_SIDE + _GAP) - _GAP + 2

    @property
    def _count(self) -> int:
        return len(self._squares) if self._seen is not None or self._is_fading else _EXPECTED

    @property
    def _tile(self) -> int:
        return 2 * _SIDE + _GAP if self._pairs else _SIDE

    def _columns(self, width: int) -> int:
        between = _BETWEEN if self._pairs else _GAP
        return max(1, (width + between) // (self._tile + between))

    def _place(self, index: int) -> QPointF:
        row, column = divmod(index, self._columns(self.width()))
        between = _BETWEEN if self._pairs else _GAP
        return QPointF(column * (self._tile + between) + 1, row * (_SIDE + _GAP) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every tile."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(_FADED if self._is_fading else 1)
        for index in range(self._count):
            corner = self._place(index)
            box = QRectF(corner, QSize(_SIDE, _SIDE))
            if index < len(self._originals):
                self._paint_original(painter, box, *self._originals[index])
            elif self._pairs:
                self._paint_empty(painter, box)
            if self._pairs:
                box.translate(_SIDE + _GAP, 0)
            if index < len(self._squares):
                square = self._squares[index]
                # enlarged pixels stay pixels: that is all the run has to learn from
                is_larger = square.width() >= _SIDE * self.devicePixelRatioF()
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_larger)
                painter.drawImage(box, square)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            else:
                self._paint_empty(painter, box)

    def _paint_empty(self, painter: QPainter, box: QRectF) -> None:
        painter.fillRect(box, self._theme.colour("panel"))
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_original(self, painter: QPainter, box: QRectF, original: Original, image: QImage) -> None:
        painter.fillRect(box, self._theme.colour("canvas"))
        left, top, across, down = original.square
        # picture and square together fill the box
        span_x, span_y = max(1.0, across) * original.width, max(1.0, down) * original.height
        scale = _SIDE / max(span_x, span_y)
        width, height = original.width * scale, original.height * scale
        centre = box.center()
        picture = QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)
        painter.drawImage(picture, image)
        square = QRectF(picture.left() + left * width, picture.top() + top * height, across * width, down * height)
        if across < 1 or down < 1:  # what is lost lies in the shade
            shade = QPainterPath()
            shade.addRect(picture)
            kept = QPainterPath()
            kept.addRect(square)
            painter.fillPath(shade.subtracted(kept), self._theme.colour("canvas", 170))
        inner = square.adjusted(0.75, 0.75, -0.75, -0.75)
        painter.setPen(QPen(self._theme.colour("on_accent"), 2.5))
        painter.drawRect(inner)
        painter.setPen(QPen(self._theme.colour("accent"), 1.5))
        painter.drawRect(inner)

    def event(self, event: object) -> bool:
        """Name the picture under the pointer, and say how large it is."""
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            for index, (original, _) in enumerate(self._originals):
                if QRectF(self._place(index), QSize(self._tile, _SIDE)).contains(QPointF(event.pos())):
                    size = fill(tr("{width} × {height} px"), width=original.width, height=original.height)
                    QToolTip.showText(event.globalPos(), plain(f"{original.name}\n{size}"), self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)  # type: ignore[arg-type]


def _to_image(picture: Array) -> QImage:
    """Return an image of its own of a picture uint8 [H, W, 3]."""
    height, width, _ = picture.shape
    return QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def describe_preview(seen: PicturesSeen | None, fit: str, px: int) -> str:
    """Return what the sheet shows, in a sentence."""
    if seen is not None and seen.originals:
        crop, pad = tr("what is in the frame, at {px} px."), tr("with white bars, at {px} px.")
        words = tr("On the left your pictures, on the right what the run sees of each:")
        return f"{words} {fill(crop if fit == 'crop' else pad, px=px)}"
    return ""
