"""What the canvas shows before there is a picture: a turning ring and one calm sentence."""

from PySide6.QtCore import QCoreApplication, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from sni_desktop.theme import Theme

_RING_PX = 36


class Spinner(QTimer):
    """Turns the ring on a widget while it is active."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget, interval=40)
        self._angle = 0
        self.timeout.connect(lambda: self._turn(widget))

    @property
    def angle(self) -> int | None:
        """Where the ring's bright part is, in degrees; None when it stands still."""
        return self._angle if self.isActive() else None

    def _turn(self, widget: QWidget) -> None:
        self._angle = (self._angle + 9) % 360
        widget.update()


def paint_waiting(painter: QPainter, area: QRect, theme: Theme, angle: int | None, has_face: bool) -> None:
    """Draw what stands in for the picture; angle: of the ring, None when nothing is under way."""
    if has_face:
        text = QCoreApplication.translate("Canvas", "This step's picture is not drawn.")
    elif angle is None:
        text = QCoreApplication.translate(
            "Canvas", "No picture yet. Start a new face with Ctrl+R, or open a file with Ctrl+O."
        )
    else:
        text = QCoreApplication.translate("Canvas", "Opening the model…")
    if angle is not None:
        _paint_ring(painter, area, theme, angle)
    _paint_text(painter, area, theme, text)


def _paint_ring(painter: QPainter, area: QRect, theme: Theme, angle: int) -> None:
    middle = QRectF(area).center()
    ring = QRectF(middle.x() - _RING_PX / 2, middle.y() - _RING_PX - 10, _RING_PX, _RING_PX)
    for colour, span in (("line", 360), ("accent", 80)):
        pen = QPen(theme.colour(colour), 3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(ring, -angle * 16, span * 16)


def _paint_text(painter: QPainter, area: QRect, theme: Theme, text: str) -> None:
    below = QRectF(area).adjusted(24, area.height() / 2 + 8, -24, 0)
    painter.setPen(theme.colour("quiet"))
    painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, text)
