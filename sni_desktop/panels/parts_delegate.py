"""How a row of the list of parts looks: its colour on the picture, name, share, and what selects its cells."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from sni_desktop.panels.parts_naming import MEANING_KEYS, NameField
from sni_desktop.panels.parts_rows import COLOUR_ROLE, NAME_ROLE, QUIET_ROLE, SHARE_ROLE, say_share
from sni_desktop.panels.plain import plain
from sni_desktop.theme import Theme

if TYPE_CHECKING:
    from sni_desktop.panels.parts_list import PartTree

_SWATCH_PX, _ICON_PX, _GAP_PX, _EDGE_PX = 14, 18, 9, 14
_LEAST_PX, _AIR_PX = 30, 13
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex


class PartDelegate(QStyledItemDelegate):
    """Paints rows of `parts_rows`; a press on a row's icon asks the list to select its cells."""

    def __init__(self, tree: "PartTree", theme: Theme) -> None:
        super().__init__(tree)
        self._tree = tree
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of every row, with room for a field to type into."""
        return QSize(160, row_height(option.font))  # type: ignore[attr-defined]

    # -- painting ----------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.setFont(option.font)  # type: ignore[attr-defined]
        self._paint_ground(painter, rect, state, index)
        if index.data(NAME_ROLE) is None:
            self._paint_fold(painter, rect, index)
        else:
            self._paint_part(painter, rect, state, index)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, index: _Index) -> None:
        is_lit = bool(state & QStyle.StateFlag.State_MouseOver) or self._tree.is_lit(index)
        ground = rect.adjusted(2, 1, -2, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected or is_lit:
            painter.setBrush(self._theme.colour("info_back" if state & QStyle.StateFlag.State_Selected else "raised"))
            painter.drawRoundedRect(ground, 5, 5)
        has_keys = state & QStyle.StateFlag.State_HasFocus and self._tree.hasFocus()
        if is_lit or has_keys:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("accent" if has_keys else "line"), 1))
            painter.drawRoundedRect(ground.adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 5, 5)

    def _paint_fold(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        is_open = self._tree.isExpanded(index)  # type: ignore[arg-type]
        swatch = swatch_rect(rect)
        self._theme.icon("chevron-down" if is_open else "chevron-right", "quiet").paint(
            painter, swatch.adjusted(-2, -2, 2, 2)
        )
        place = QRect(swatch.right() + _GAP_PX, rect.top(), rect.right() - swatch.right() - 2 * _GAP_PX, rect.height())
        self._paint_text(painter, place, str(index.data()), "quiet", Qt.AlignmentFlag.AlignLeft)

    def _paint_part(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, index: _Index) -> None:
        painter.setPen(QPen(self._theme.colour("quiet"), 1))
        painter.setBrush(index.data(COLOUR_ROLE))
        painter.drawRoundedRect(swatch_rect(rect).toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if not state & QStyle.StateFlag.State_Editing:
            name, share = self._text_rects(rect)
            colour = "quiet" if index.data(QUIET_ROLE) else "text"
            self._paint_text(painter, name, str(index.data()), colour, Qt.AlignmentFlag.AlignLeft)
            text = say_share(index.data(SHARE_ROLE))
            self._paint_text(painter, share, text, "quiet", Qt.AlignmentFlag.AlignRight)
        is_lively = state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected)
        self._theme.icon("selection", "text" if is_lively else "faint").paint(painter, icon_rect(rect))

    def _paint_text(self, painter: QPainter, place: QRect, text: str, colour: str, side: Qt.AlignmentFlag) -> None:
        painter.setPen(self._theme.colour(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, _MIDDLE | side, shown)

    def _text_rects(self, rect: QRect) -> tuple[QRect, QRect]:
        wide = self._tree.fontMetrics().horizontalAdvance("100 %")
        right, left = icon_rect(rect).left() - _GAP_PX, swatch_rect(rect).right() + _GAP_PX
        share = QRect(right - wide, rect.top(), wide, rect.height())
        return QRect(left, rect.top(), max(0, share.left() - _GAP_PX - left), rect.height()), share

    # -- pointing ----------------------------------------------------------------------------------------------------

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Say more of the row under the pointer, or of its icon."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        on_icon = icon_rect(rect).contains(event.pos())
        wide = self._tree.fontMetrics().horizontalAdvance(str(index.data()))
        # a tip covers the next row: of a part whose name and share are read in its row there is nothing to say
        is_told = index.data(NAME_ROLE) is not None and wide <= self._text_rects(rect)[0].width()
        text = "" if is_told and not on_icon else plain(self._tree.explain(index, on_icon))
        QToolTip.showText(event.globalPos(), text, view, rect)
        return True

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """A press on the icon is the icon's, not the row's."""
        presses = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        if isinstance(event, QMouseEvent) and event.type() in presses and event.button() == Qt.MouseButton.LeftButton:
            on_icon = icon_rect(option.rect).adjusted(-5, -6, 8, 6)  # type: ignore[attr-defined]
            name = index.data(NAME_ROLE)
            if name is not None and on_icon.contains(event.position().toPoint()):
                self._tree.select_asked.emit([name], read_mode(event.modifiers()))
                return True
        return super().editorEvent(event, model, option, index)

    # -- naming ------------------------------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return the field for a name."""
        return self._tree.make_field(parent, index)

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Nothing: the field has begun with a name, and shares that come meanwhile must not change it."""

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        """Tell the name when the field is left; the row follows when it is kept."""
        if isinstance(editor, NameField):
            self._tree.take_name(editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """Put the field where the texts are."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        name, share = self._text_rects(rect)
        editor.setGeometry(name.united(share).adjusted(-5, 1, 4, -1))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Leave Return and Tab to the field, which knows what is marked in its list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in MEANING_KEYS:
            return False
        return super().eventFilter(editor, event)


def read_mode(keys: Qt.KeyboardModifier) -> str:
    """Return what becomes of cells by the keys held, as on the picture: as of api.cells.combine."""
    adds = bool(keys & Qt.KeyboardModifier.ShiftModifier)
    away = bool(keys & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier))
    return ("intersect" if adds else "subtract") if away else ("add" if adds else "replace")


def row_height(font: QFont) -> int:
    """Return the height of every row, in which there is room for a field to type into."""
    return max(_LEAST_PX, QFontMetrics(font).height() + _AIR_PX)


def swatch_rect(row: QRect) -> QRect:
    """Return where a row's colour is."""
    return QRect(row.left() + _EDGE_PX, row.top() + (row.height() - _SWATCH_PX) // 2, _SWATCH_PX, _SWATCH_PX)


def icon_rect(row: QRect) -> QRect:
    """Return where a row's icon is."""
    return QRect(row.right() - _ICON_PX - _EDGE_PX + 4, row.top() + (row.height() - _ICON_PX) // 2, _ICON_PX, _ICON_PX)
