"""The scale of a map, drawn beside the picture: which colour stands for how much."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPen

from sni_desktop.activities.comparing import FIXED_TOP
from sni_desktop.activities.seeing import Seeing
from sni_desktop.canvas.colourmap import map_colours
from sni_desktop.canvas.imaging import to_image
from sni_desktop.canvas.layers import Scene
from sni_desktop.words import fill

_BAR_PX = 12
_LONGEST_PX = 220
_SHORTER_PX = 130  # where it lies on the picture
_SPACE_PX = 14
_PARTS = 4


@dataclass(frozen=True)
class Scale:
    """What a legend says. ticks: from 0 to the top, in words; notes: quiet lines below."""

    ticks: tuple[str, ...]
    notes: tuple[str, ...] = ()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Legend", text)


def describe_scale(seeing: Seeing) -> Scale | None:
    """Return the scale of what is shown, None when that is a picture."""
    comparison, influence = seeing.comparing.now, seeing.influencing.now
    if comparison.shown == "difference" and comparison.change is not None:
        change = comparison.change
        notes = [_tr("mean {value}").replace("{value}", f"{change.mean():.2f}")]
        notes.append(_tr("most {value}").replace("{value}", f"{change.max():.1f}"))
        if not change.any():
            notes = [_tr("no difference")]
        return Scale(_list_ticks(comparison.top, opens=not comparison.fitted), tuple(notes))
    if comparison.shown != "after" or not influence.is_on:
        return None
    notes = []
    if influence.done < influence.total:
        notes.append(fill(_tr("{done} of {total}"), done=influence.done, total=influence.total))
        notes.append(_tr("measured"))
    if influence.change is None:
        return Scale((), tuple(notes))
    share = _tr("moves {percent} %").replace("{percent}", f"{influence.share * 100:.0f}")
    return Scale(_list_ticks(influence.strongest, opens=False), (share, *notes))


def _list_ticks(top: float, opens: bool) -> tuple[str, ...]:
    digits = 0 if top == FIXED_TOP else 1 if top >= 2 else 2
    ticks = [f"{top * part / _PARTS:.{digits}f}" for part in range(_PARTS + 1)]
    return (*ticks[:-1], ticks[-1] + ("+" if opens else ""))


class LegendLayer:
    """Stands to the right of the picture, or on a plate upon it where there is no room."""

    def __init__(self, seeing: Seeing) -> None:
        self._seeing = seeing

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw the legend of the map on screen, if there is one."""
        scale = describe_scale(self._seeing)
        if scale is None:
            return
        font = QFont(painter.font())
        font.setPointSizeF(font.pointSizeF() * 0.92)
        painter.setFont(font)
        metrics, frame = QFontMetricsF(font), scene.frame
        line, view = metrics.height(), scene.viewport
        width = max(_BAR_PX + 8 + max(map(metrics.horizontalAdvance, (*scale.ticks, *scale.notes, "ΔE"))), 56)
        is_beside = frame.right() + _SPACE_PX + width + 4 <= view.width
        bar = min(_LONGEST_PX if is_beside else _SHORTER_PX, frame.height() * 0.5) if scale.ticks else 0
        height = (bar + 1.8 * line if bar else 0) + len(scale.notes) * line
        top = min(frame.bottom(), view.height - _SPACE_PX) - height
        place = QRectF(frame.right() + _SPACE_PX, top, width, height)
        if not is_beside:
            place.moveTo(min(frame.right(), view.width) - width - 2 * _SPACE_PX, top - 2 * _SPACE_PX)
            _paint_plate(painter, scene, place.adjusted(-10, -8, 10, 8))
        _paint_scale(painter, scene, scale, place, bar)


def _paint_plate(painter: QPainter, scene: Scene, place: QRectF) -> None:
    painter.setPen(QPen(scene.theme.colour("line"), 1))
    painter.setBrush(scene.theme.colour("raised", 246))
    painter.drawRoundedRect(place, 7, 7)


def _paint_scale(painter: QPainter, scene: Scene, scale: Scale, place: QRectF, bar_px: float) -> None:
    line = QFontMetricsF(painter.font()).height()
    y = place.top()
    if scale.ticks:
        painter.setPen(scene.theme.colour("text"))
        painter.drawText(QRectF(place.left(), y, place.width(), line), Qt.AlignmentFlag.AlignLeft, "ΔE")
        bar = QRectF(place.left(), y + 1.4 * line, _BAR_PX, bar_px - 0.4 * line)
        painter.drawImage(bar, _draw_bar())
        painter.setPen(QPen(scene.theme.colour("faint"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        painter.setPen(scene.theme.colour("text"))
        for index, text in enumerate(scale.ticks):
            at = bar.bottom() - bar.height() * index / (len(scale.ticks) - 1)
            beside = QRectF(bar.right() + 7, at - line / 2, place.width(), line)
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        y = bar.bottom() + 0.8 * line
    painter.setPen(scene.theme.colour("text" if scale.ticks else "quiet"))
    for index, text in enumerate(scale.notes):
        rect = QRectF(place.left(), y + index * line, place.width() + 40, line)
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft, text)


def _draw_bar() -> QImage:
    """Return the colour map upright, its top above."""
    return to_image(map_colours(np.linspace(1, 0, 256)[:, None], 1.0))
