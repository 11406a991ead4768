"""How a row of the history looks: picture, name, a quiet line below, a star; and the lines that show branches."""

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QHelpEvent, QIcon, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QTreeView,
    QWidget,
)

from sni_desktop.panels.plain import plain
from sni_desktop.panels.tree import BRANCH_ROLE, CURRENT_ROLE, DETAIL_ROLE, DIM_ROLE, NODE_ROLE, STAR_ROLE
from sni_desktop.theme import Theme

THUMB_PX = 40
ROW_PX = 50
_GAP_PX = 10
_STAR_PX = 18
_Index = QModelIndex | QPersistentModelIndex


class StepDelegate(QStyledItemDelegate):
    """Paints rows; a click on a row's star calls `toggle_star` with the step's number."""

    def __init__(self, view: "StepTree", theme: Theme, toggle_star: Callable[[int], None]) -> None:
        super().__init__(view)
        self._view = view
        self._theme = theme
        self._toggle_star = toggle_star

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Say more of the row under the pointer; asked for when it is shown, since it tells how long ago that was."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        text = self._view.explain(int(index.data(NODE_ROLE)))
        QToolTip.showText(event.globalPos(), plain(text), view, option.rect)  # type: ignore[attr-defined]
        return True

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of every row."""
        return QSize(THUMB_PX + 120, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined]
        self._paint_ground(painter, option, rect, index, hovered)
        if index.data(DIM_ROLE):
            painter.setOpacity(0.45)
        self._paint_thumb(painter, thumb_rect(rect), index.data(Qt.ItemDataRole.DecorationRole))
        if not option.state & QStyle.StateFlag.State_Editing:  # type: ignore[attr-defined]
            self._paint_text(painter, option, rect, index)
        starred = bool(index.data(STAR_ROLE))
        if starred or hovered:
            icon = self._theme.icon(*(("star", "accent") if starred else ("star-outline", "quiet")))
            icon.paint(painter, star_rect(rect))
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, index: _Index, hovered: bool
    ) -> None:
        is_current = bool(index.data(CURRENT_ROLE))
        state = option.state  # type: ignore[attr-defined]
        ground = rect.adjusted(2, 1, -2, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected or is_current:
            painter.setBrush(self._theme.colour("info_back"))
            painter.drawRoundedRect(ground, 5, 5)
        elif hovered:
            painter.setBrush(self._theme.colour("raised"))
            painter.drawRoundedRect(ground, 5, 5)
        if is_current:
            painter.setBrush(self._theme.colour("accent"))
            painter.drawRoundedRect(QRect(ground.left(), ground.top() + 8, 3, ground.height() - 16), 1.5, 1.5)
        if index == self._view.pointed:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("quiet"), 1.5))
            painter.drawRoundedRect(ground.adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 5, 5)
        elif state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("accent"), 1))
            painter.drawRoundedRect(ground.adjusted(0, 0, -1, -1).toRectF().translated(0.5, 0.5), 5, 5)

    def _paint_thumb(self, painter: QPainter, rect: QRect, icon: QIcon | None) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(rect, 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillPath(outline, self._theme.colour("line"))
        if icon is not None and not icon.isNull():
            painter.save()
            painter.setClipPath(outline)
            painter.drawPixmap(rect, icon.pixmap(rect.size(), self._view.devicePixelRatioF()))  # scaled once, and kept
            painter.restore()

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, index: _Index) -> None:
        font = option.font  # type: ignore[attr-defined]
        detail = str(index.data(DETAIL_ROLE) or "")
        upper, lower = text_rects(rect, QFontMetrics(font).height(), bool(detail))
        font.setBold(bool(index.data(CURRENT_ROLE)))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for place, text, colour in ((upper, str(index.data()), "text"), (lower, detail, "quiet")):
            painter.setFont(font)
            painter.setPen(self._theme.colour(colour))
            elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, middle, elided)
            font.setBold(False)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """Put the field for a new name where the text is."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        upper, lower = text_rects(rect, editor.fontMetrics().height(), True)
        editor.setGeometry(upper.united(lower).adjusted(-4, 4, 0, -4))

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """A press on the star is the star's, not the row's."""
        presses = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        if isinstance(event, QMouseEvent) and event.type() in presses:
            on_star = star_rect(option.rect).adjusted(-4, -8, 8, 8)  # type: ignore[attr-defined]
            if on_star.contains(event.position().toPoint()):
                self._toggle_star(int(index.data(NODE_ROLE)))
                return True
        return super().editorEvent(event, model, option, index)


def thumb_rect(row: QRect) -> QRect:
    """Return where a row's picture is."""
    return QRect(row.left() + 10, row.top() + (row.height() - THUMB_PX) // 2, THUMB_PX, THUMB_PX)


def star_rect(row: QRect) -> QRect:
    """Return where a row's star is."""
    return QRect(row.right() - _STAR_PX - 8, row.top() + (row.height() - _STAR_PX) // 2, _STAR_PX, _STAR_PX)


def text_rects(row: QRect, line_px: int, two_lines: bool) -> tuple[QRect, QRect]:
    """Return where a row's name and the line below it are; a name alone stands in the middle."""
    left, right = thumb_rect(row).right() + _GAP_PX, star_rect(row).left() - 4
    top = row.center().y() - (line_px if two_lines else line_px // 2)
    upper = QRect(left, top, max(0, right - left), line_px)
    return upper, upper.translated(0, line_px + 1)


class StepTree(QTreeView):
    """A tree whose indented rows hang on a line; a short stroke marks where a branch begins."""

    named = Signal()  # the field for a name is closed again
    menu_asked = Signal(QModelIndex, QPoint)  # for a row, at a place on the screen

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.pointed: _Index = QModelIndex()  # the row that a menu is about
        self.explain: Callable[[int], str] = str  # what a tool tip says of a step's number
        self.setMouseTracking(True)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here; one that is disabled just now must not walk through the history."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave the right button to the menu: asking what can be done with a step does not go there."""
        if event.button() == Qt.MouseButton.RightButton:
            event.accept()
        else:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the row under the pointer, or of the marked one when a key asked."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            self.scrollTo(index)
            place = self.visualRect(index).center() if by_key else event.pos()
            self.menu_asked.emit(index, self.viewport().mapToGlobal(place))

    def point_at(self, index: _Index | None) -> None:
        """Outline a row, or none."""
        self.pointed = QPersistentModelIndex(QModelIndex() if index is None else index)
        self.viewport().update()

    @property
    def is_naming(self) -> bool:
        """True while a name is being typed."""
        return self.state() == QTreeView.State.EditingState

    def commit_name(self) -> None:
        """Take the name that is being typed as it stands."""
        field = self.indexWidget(self.currentIndex())
        if self.is_naming and field is not None:
            self.commitData(field)
            self.closeEditor(field, QStyledItemDelegate.EndEditHint.NoHint)

    def closeEditor(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        """Close the field for a name."""
        super().closeEditor(editor, hint)
        self.named.emit()

    def drawBranches(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        """Draw the lines to the left of a row."""
        step = self.indentation()
        painter.save()
        painter.setPen(QPen(self._theme.colour("faint"), 1))
        at, x = index.sibling(index.row(), 0), rect.right() + 1 - step / 2 + 0.5
        middle = rect.top() + rect.height() / 2
        is_own = True
        while at.parent().isValid():
            ends = not at.sibling(at.row() + 1, 0).isValid()
            if is_own or not ends:
                painter.drawLine(QPointF(x, rect.top()), QPointF(x, middle if ends else rect.bottom() + 1))
            if is_own and (index.data(BRANCH_ROLE) or ends):
                painter.drawLine(QPointF(x, middle), QPointF(rect.right() + 1, middle))
            at, x, is_own = at.parent(), x - step, False
        painter.restore()
