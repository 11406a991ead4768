"""Words beside the picture that say what it is, whenever it is not simply the current step."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from sni_desktop.activities.comparing import Comparison
from sni_desktop.activities.parts import PartsState
from sni_desktop.activities.seeing import Seeing
from sni_desktop.canvas.layers import Scene
from sni_desktop.snapshot import Snapshot
from sni_desktop.words import name_step, number_part

_GAP_PX = 3
_INSET_PX = 10
_DOT = {"draft": QColor(240, 170, 30), "other": QColor(90, 160, 240), "foreign": QColor(214, 96, 160)}


@dataclass(frozen=True)
class Pill:
    """One badge. kind: draft for what is no step yet, other for what is looked at besides the step, foreign for what
    another model draws.
    """

    text: str
    kind: Literal["draft", "other", "foreign"]
    side: Literal["left", "right"] = "left"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Badge", text)


def list_pills(now: Snapshot, seeing: Seeing) -> list[Pill]:
    """Return what has to be said of the picture on screen, in order."""
    comparison, influence = seeing.comparing.now, seeing.influencing.now
    pills = _describe_comparison(now, comparison)
    if not pills and now.draft:
        pills = [_describe_after(now)]
    if not comparison.is_on and influence.is_on:
        pills.append(_describe_influence(influence.cell))
    if seeing.parts.state.is_on and not now.draft and not comparison.is_on:
        pills.append(_describe_parts(seeing.parts.state))
    if now.is_foreign and now.card is not None and now.made_with is not None:
        text = _tr("Drawn by {model}, made with {other}")
        filled = text.replace("{model}", now.card.name).replace("{other}", now.made_with.name)
        pills.append(Pill(filled, "foreign", "right" if comparison.shown != "split" else "left"))
    return pills


def _describe_comparison(now: Snapshot, comparison: Comparison) -> list[Pill]:
    name = "" if comparison.node is None else name_step(comparison.node)
    match comparison.shown:
        case "before":
            return [Pill(_tr("Before · {name}").replace("{name}", name), "other")]
        case "split":
            return [Pill(_tr("Before · {name}").replace("{name}", name), "other"), _describe_after(now, "right")]
        case "difference":
            return [Pill(_tr("Difference from {name}").replace("{name}", name), "other")]
        case _:
            return [Pill(_tr("Drawing what it is compared with…"), "other")] if comparison.is_on else []


def _describe_after(now: Snapshot, side: Literal["left", "right"] = "left") -> Pill:
    if now.draft:
        return Pill(now.preview or _tr("Draft"), "draft", side)
    name = "" if now.history is None else name_step(now.history.current)
    return Pill(_tr("Now · {name}").replace("{name}", name), "other", side)


def _describe_influence(cell: tuple[int, int] | None) -> Pill:
    if cell is None:
        return Pill(_tr("Influence: point at a cell"), "other")
    text = _tr("Influence of row {row}, column {column}")
    return Pill(text.replace("{row}", str(cell[0])).replace("{column}", str(cell[1])), "other")


def _describe_parts(now: PartsState) -> Pill:
    if now.is_known and now.parts is None:
        return Pill(_tr("This model has no parts yet"), "other")
    if now.pointed is None:
        return Pill(_tr("Parts"), "other")
    return Pill(_tr("Part: {name}").replace("{name}", number_part(now.pointed.name)), "other")


class BadgeLayer:
    """Draws the badges above the picture, or inside its upper edge where there is no room above."""

    def __init__(self, seeing: Seeing) -> None:
        self._seeing = seeing

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw all that have something to say, from the picture's left and right edge inwards."""
        pills = list_pills(scene.snapshot, self._seeing)
        if not pills:
            return
        font = QFont(painter.font())
        font.setPointSizeF(font.pointSizeF() * 0.92)
        painter.setFont(font)
        frame, metrics = scene.frame, QFontMetricsF(font)
        height = metrics.height() + 4
        outside = frame.top() >= height + 2 * _GAP_PX - 2
        top = frame.top() - height - _GAP_PX if outside else max(frame.top(), 0) + _INSET_PX
        inset = 0 if outside else _INSET_PX
        left = max(frame.left(), _GAP_PX) + inset
        right = min(frame.right(), scene.viewport.width - _GAP_PX) - inset
        for pill in pills:
            room = right - left
            text = metrics.elidedText(pill.text, Qt.TextElideMode.ElideRight, room - 2 * height)
            width = metrics.horizontalAdvance(text) + height * 1.6
            if width > room or not text:
                continue
            place = QRectF(left if pill.side == "left" else right - width, top, width, height)
            _paint_pill(painter, scene, place, text, _DOT[pill.kind])
            if pill.side == "left":
                left += width + 2 * _GAP_PX
            else:
                right -= width + 2 * _GAP_PX


def _paint_pill(painter: QPainter, scene: Scene, place: QRectF, text: str, dot: QColor) -> None:
    """Draw a rounded plate in the theme's colours, a dot that says of which kind it is, and the words."""
    round_px = place.height() / 2
    painter.setPen(QPen(scene.theme.colour("line"), 1))
    painter.setBrush(scene.theme.colour("raised"))
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), round_px, round_px)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(dot)
    painter.drawEllipse(QRectF(place.left() + round_px * 0.75, place.center().y() - 3, 6, 6))
    painter.setPen(scene.theme.colour("text"))
    words = place.adjusted(place.height() * 1.0, 0, 0, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
