"""The list of models: a small face, the name, and what kind of model it is."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from sni_desktop.activities.models import ModelsState
from sni_desktop.canvas.imaging import square_pixmap
from sni_desktop.panels.plain import plain
from sni_desktop.preferences.dialog import tr
from sni_desktop.theme import Theme
from sni_engine.api.arrays import Array
from sni_engine.api.library import ModelEntry

_FACE_PX = 40
_PATH, _FACE, _LINE, _BAD, _OPEN = (Qt.ItemDataRole.UserRole + number for number in range(5))
_GAP_PX = 8


class ModelList(QListWidget):
    """Emits which model is looked at, and which one is to be used: by Return or a double click."""

    chosen = Signal(object)  # a path
    used = Signal(object)  # a path

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("models")
        self.setAccessibleName(tr("Models"))
        self.setItemDelegate(_Rows(theme, self))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(self._choose)
        self.itemActivated.connect(lambda item: self.used.emit(item.data(_PATH)))
        theme.changed.connect(self.viewport().update)

    def show_state(self, now: ModelsState) -> None:
        """Show the models there are, and which one is looked at; rows that stay are not made anew."""
        self.blockSignals(True)
        while self.count() > len(now.entries):
            self.takeItem(self.count() - 1)
        while self.count() < len(now.entries):
            self.addItem(QListWidgetItem())
        for row, entry in enumerate(now.entries):
            self._fill(self.item(row), entry, now)
            if entry.path == now.chosen and self.currentRow() != row:
                self.setCurrentRow(row)
        self.blockSignals(False)
        self.viewport().update()

    def paths(self) -> list[Path]:
        """Return what is listed, in order."""
        return [self.item(row).data(_PATH) for row in range(self.count())]

    def sizeHint(self) -> QSize:
        """Be wide enough for a name of some length."""
        return QSize(_FACE_PX + 4 * _GAP_PX + self.fontMetrics().horizontalAdvance("m") * 13, 200)

    def minimumSizeHint(self) -> QSize:
        """Names are shortened where there is less room."""
        return QSize(_FACE_PX + 4 * _GAP_PX + self.fontMetrics().horizontalAdvance("m") * 7, 120)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_PATH))

    def _fill(self, item: QListWidgetItem, entry: ModelEntry, now: ModelsState) -> None:
        pictures = now.samples.get(entry.card.digest) if entry.card is not None else None
        is_open, line = now.is_open(entry), describe_kind(entry)
        item.setText(entry.name)
        for role, value in (
            (_PATH, entry.path),
            (_FACE, None if pictures is None or entry.problem else pictures[0]),
            (_LINE, line),
            (_BAD, bool(entry.problem)),
            (_OPEN, is_open),
        ):
            item.setData(role, value)
        spoken = [entry.name, line, *([tr("open in the editor")] if is_open else [])]
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(spoken))
        item.setToolTip(plain(entry.problem or entry.name))


class _Rows(QStyledItemDelegate):
    """Paints a row: face, name, a quiet line below, and a dot for the model in the editor."""

    def __init__(self, theme: Theme, parent: QListWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Leave room for the face, or for two lines of a large font."""
        lines = 2 * option.fontMetrics.lineSpacing() + 2
        return QSize(0, max(_FACE_PX, lines) + 2 * _GAP_PX - 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = option.rect.adjusted(1, 1, -2, -1)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            focused = bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(self._theme.colour("accent"), 2) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("info_back"))
            painter.drawRoundedRect(frame, 5, 5)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("raised"))
            painter.drawRoundedRect(frame, 5, 5)
        face = QRect(frame.left() + _GAP_PX - 2, frame.center().y() - _FACE_PX // 2, _FACE_PX, _FACE_PX)
        self._paint_face(painter, face, index)
        left = face.right() + _GAP_PX + 2
        self._paint_texts(painter, QRect(left, frame.top(), frame.right() - left - _GAP_PX + 3, frame.height()), index)
        painter.restore()

    def _paint_face(self, painter: QPainter, face: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        picture: Array | None = index.data(_FACE)
        path = QPainterPath()
        path.addRoundedRect(QRectF(face), 4, 4)
        if picture is not None:
            painter.save()
            painter.setClipPath(path)
            painter.drawPixmap(face, square_pixmap(picture, _FACE_PX, painter.device().devicePixelRatioF()))
            painter.restore()
            return
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.setBrush(self._theme.colour("panel"))
        painter.drawPath(path)
        name, colour = ("alert-circle-outline", "danger") if index.data(_BAD) else ("cube-outline", "faint")
        icon = self._theme.icon(name, colour).pixmap(QSize(20, 20), painter.device().devicePixelRatioF())
        painter.drawPixmap(face.center() - QPoint(9, 9), icon)

    def _paint_texts(self, painter: QPainter, room: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        metrics = QFontMetrics(painter.font())
        top = room.center().y() - metrics.lineSpacing()
        name_room = QRect(room.left(), top, room.width(), metrics.lineSpacing())
        if index.data(_OPEN):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent"))
            painter.drawEllipse(QPoint(room.right() - 4, name_room.center().y()), 4, 4)
            name_room.setWidth(room.width() - 14)
        middle = Qt.TextElideMode.ElideMiddle
        painter.setPen(self._theme.colour("text"))
        painter.drawText(name_room, 0, metrics.elidedText(index.data(), middle, name_room.width()))
        painter.setPen(self._theme.colour("danger" if index.data(_BAD) else "quiet"))
        line = metrics.elidedText(index.data(_LINE), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(
            QRect(room.left(), top + metrics.lineSpacing() + 1, room.width(), metrics.lineSpacing()), 0, line
        )


def name_kind(entry: ModelEntry) -> str:
    """Return what a model's kind is called."""
    names = {"shipped": tr("Comes with the program"), "trained": tr("Trained here"), "imported": tr("Added")}
    return names[entry.kind]


def describe_kind(entry: ModelEntry) -> str:
    """Return kind and size of pictures in a few words."""
    if entry.problem or entry.card is None:
        return tr("Damaged")
    names = {"shipped": tr("Built in"), "trained": tr("Trained"), "imported": tr("Added")}
    return f"{names[entry.kind]} · {entry.card.resolution_px} px"
