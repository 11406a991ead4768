"""How candidates look: tiles as large as fit, each with its number, its star and how much it changes."""

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from sni_desktop.theme import Theme

NUMBER_ROLE = Qt.ItemDataRole.UserRole + 1  # from 1; 0 for one that is being drawn
STAR_ROLE = Qt.ItemDataRole.UserRole + 2
CHOSEN_ROLE = Qt.ItemDataRole.UserRole + 3  # True for the one on the canvas
LETTER_ROLE = Qt.ItemDataRole.UserRole + 4  # A or B while it is being crossed
KEPT_ROLE = Qt.ItemDataRole.UserRole + 5  # True once it is a step
CAPTION_ROLE = Qt.ItemDataRole.UserRole + 6
GAP_PX = 8
SMALLEST_PX, LARGEST_PX = 68, 240
_CAPTION_FROM_PX = 96
_STAR_PX = 16
_SLACK_PX = 2  # Qt begins a new row a little before the old one is full
_PLATE_ALPHA = 225
_Index = QModelIndex | QPersistentModelIndex
_Place = Callable[[int], QPixmap | None]


def fits(width: int, height: int, count: int, side: int, line_px: int) -> bool:
    """Say whether so many tiles are all in sight."""
    columns = max((width - _SLACK_PX) // (side + GAP_PX), 1)
    return -(-count // columns) * (side + caption_height(side, line_px) + GAP_PX) <= height


def tile_side(width: int, height: int, count: int, line_px: int) -> int:
    """Return the side of the largest tiles of which `count` fit; at the smallest one they scroll."""
    best = 0
    for columns in range(1, max(count, 1) + 1):
        rows = -(-count // columns)
        across = (width - _SLACK_PX) // columns - GAP_PX
        down = height // max(rows, 1) - GAP_PX
        with_caption = min(across, down - line_px)
        best = max(best, with_caption if with_caption >= _CAPTION_FROM_PX else min(across, down, _CAPTION_FROM_PX - 1))
    return min(max(best, SMALLEST_PX), LARGEST_PX)


def caption_height(side: int, line_px: int) -> int:
    """Return the height of the line below a tile; small ones have none."""
    return line_px if side >= _CAPTION_FROM_PX else 0


class TileDelegate(QStyledItemDelegate):
    """Paints tiles; a press on a tile's star calls `toggle_star` with its row."""

    def __init__(self, view: QListView, theme: Theme, find_pixmap: _Place, toggle_star: Callable[[int], None]) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._find_pixmap = find_pixmap
        self._toggle_star = toggle_star
        self.side = SMALLEST_PX

    @property
    def line_px(self) -> int:
        """The height of a caption with the air above it."""
        return self._view.fontMetrics().height() + 2

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the room of every tile, with the gap around it."""
        return QSize(self.side + GAP_PX, self.side + caption_height(self.side, self.line_px) + GAP_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one tile."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        place = picture_rect(rect, self.side)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        number = int(index.data(NUMBER_ROLE) or 0)
        self._paint_picture(painter, place, self._find_pixmap(index.row()) if number else None)
        if number:
            self._paint_badges(painter, place, index, number)
            self._paint_star(painter, place, bool(index.data(STAR_ROLE)), hovered)
        focused = bool(state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange)
        self._paint_frame(painter, place, bool(index.data(CHOSEN_ROLE)), hovered and bool(number), focused)
        if caption_height(self.side, self.line_px):
            self._paint_caption(painter, place, index)
        painter.restore()

    def _paint_picture(self, painter: QPainter, place: QRect, pixmap: QPixmap | None) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(place), 5, 5)
        if pixmap is None:
            painter.fillPath(outline, self._theme.colour("raised"))
            painter.setPen(self._theme.colour("faint"))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "…")
            return
        painter.save()
        painter.setClipPath(outline)
        painter.drawPixmap(place, pixmap)
        painter.restore()

    def _paint_badges(self, painter: QPainter, place: QRect, index: _Index, number: int) -> None:
        letter = str(index.data(LETTER_ROLE) or "")
        corner = QPointF(place.topLeft()) + QPointF(5, 5)
        self._paint_plate(painter, corner, f"{number}")
        if letter:
            below = QPointF(corner.x(), place.bottom() - 5 - painter.fontMetrics().height())
            self._paint_plate(painter, below, letter, "accent", "on_accent")
        if index.data(KEPT_ROLE):
            where = QRect(place.right() - 20, place.bottom() - 20, 16, 16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent"))
            painter.drawEllipse(where)
            self._theme.icon("check-bold", "on_accent").paint(painter, where.adjusted(2, 2, -2, -2))

    def _paint_plate(
        self, painter: QPainter, corner: QPointF, text: str, ground: str = "raised", ink: str = "text"
    ) -> None:
        """Write a few letters on a plate."""
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        height = metrics.height() + 1
        plate = QRectF(corner.x(), corner.y(), max(height, metrics.horizontalAdvance(text) + 9), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(ground, _PLATE_ALPHA if ground == "raised" else 255))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(self._theme.colour(ink))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
        font.setBold(False)
        painter.setFont(font)

    def _paint_star(self, painter: QPainter, place: QRect, starred: bool, hovered: bool) -> None:
        if not starred and not hovered:
            return
        where = star_rect(place)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("raised", _PLATE_ALPHA))
        painter.drawRoundedRect(where.adjusted(-3, -3, 3, 3), 4, 4)
        self._theme.icon(*(("star", "accent") if starred else ("star-outline", "quiet"))).paint(painter, where)

    def _paint_frame(self, painter: QPainter, place: QRect, chosen: bool, hovered: bool, focused: bool) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        frame = QRectF(place)
        if chosen:
            painter.setPen(QPen(self._theme.colour("window"), 2))
            painter.drawRoundedRect(frame.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
            painter.setPen(QPen(self._theme.colour("accent"), 3))
            painter.drawRoundedRect(frame.adjusted(-1, -1, 1, 1), 6, 6)
        elif hovered or focused:
            painter.setPen(QPen(self._theme.colour("text" if focused else "accent"), 2))
            painter.drawRoundedRect(frame.adjusted(-1, -1, 1, 1), 6, 6)

    def _paint_caption(self, painter: QPainter, place: QRect, index: _Index) -> None:
        chosen = bool(index.data(CHOSEN_ROLE))
        painter.setPen(self._theme.colour("text" if chosen else "quiet"))
        line = QRect(place.left(), place.bottom() + 3, place.width(), self.line_px)
        text = str(index.data(CAPTION_ROLE) or "")
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, elided)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """A press on the star is the star's, not the tile's."""
        presses = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        pressed = isinstance(event, QMouseEvent) and event.type() in presses and index.data(NUMBER_ROLE)
        if pressed and self.is_on_star(rect, event.position().toPoint()):  # type: ignore[attr-defined]
            self._toggle_star(index.row())
            return True
        return super().editorEvent(event, model, option, index)

    def is_on_star(self, rect: QRect, point: QPoint) -> bool:
        """Say whether a point of a tile's room is on its star."""
        return star_rect(picture_rect(rect, self.side)).adjusted(-5, -5, 5, 5).contains(point)


def picture_rect(room: QRect, side: int) -> QRect:
    """Return where a tile's picture is."""
    return QRect(room.left() + GAP_PX // 2, room.top() + GAP_PX // 2, side, side)


def star_rect(place: QRect) -> QRect:
    """Return where the star on a picture is."""
    return QRect(place.right() - _STAR_PX - 7, place.top() + 8, _STAR_PX, _STAR_PX)
