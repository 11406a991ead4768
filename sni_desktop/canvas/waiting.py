"""What the canvas shows before there is a picture: a turning ring and one calm sentence."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from sni_desktop.theme import Theme

_RING_PX = 36


def paint_ring(painter: QPainter, area: QRect, theme: Theme, angle: int) -> None:
    """Draw the ring with its bright part at `angle` degrees."""
    middle = QRectF(area).center()
    ring = QRectF(middle.x() - _RING_PX / 2, middle.y() - _RING_PX - 10, _RING_PX, _RING_PX)
    for colour, span in (("line", 360), ("accent", 80)):
        pen = QPen(theme.colour(colour), 3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(ring, -angle * 16, span * 16)


def paint_text(painter: QPainter, area: QRect, theme: Theme, text: str) -> None:
    """Write a sentence below the middle."""
    below = QRectF(area).adjusted(24, area.height() / 2 + 8, -24, 0)
    painter.setPen(theme.colour("quiet"))
    painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, text)
