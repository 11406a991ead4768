"""The history panel: the tree of steps with pictures; a click goes there, F2 names, S stars."""

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QImage, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QVBoxLayout, QWidget

from sni_desktop.document import Document
from sni_desktop.panels.tree import NODE_ROLE, bold, build_model, describe, explain
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_engine.api.arrays import Array
from sni_engine.api.history import History, Node
from sni_engine.api.models import ModelCard

THUMB_PX = 40


class HistoryPanel(QWidget):
    """Rebuilt when steps change; only marked anew when the current step does."""

    def __init__(self, document: Document, theme: Theme) -> None:
        super().__init__()
        self._document = document
        self._theme = theme
        self._history: History | None = None
        self._card: ModelCard | None = None
        self._thumbs: dict[str, QIcon] = {}
        self._items: dict[int, QStandardItem] = {}
        self._model = QStandardItemModel()
        self._tree = self._make_tree()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._tree)
        theme.changed.connect(self._rebuild)
        document.changed.connect(self._show)
        self._show(document.snapshot)

    def _make_tree(self) -> QTreeView:
        tree = QTreeView(headerHidden=True, uniformRowHeights=True, indentation=18)
        tree.setIconSize(QSize(THUMB_PX, THUMB_PX))
        tree.setItemsExpandable(False)
        tree.setRootIsDecorated(False)
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        tree.setAccessibleName(self.tr("History"))
        tree.setToolTip(self.tr("Click a step to go there, double-click to name it, S to star it."))
        return tree

    def toggle_star(self) -> None:
        """Star the current step, or take its star away."""
        if self._history is not None:
            self._document.toggle_star(self._history.current_id)

    def _show(self, now: Snapshot) -> None:
        history = now.history
        if now.card is not self._card:
            self._card = now.card
            self._thumbs.clear()  # another model draws other pictures from the same codes
        if history is self._history:
            return
        before, self._history = self._history, history
        if history is None or before is None or before.nodes != history.nodes:
            self._rebuild()
        else:
            self._mark(before.current_id)
            self._mark(history.current_id)
            self._go_in_view(history.current_id)

    def _rebuild(self) -> None:
        """Show a model made anew: simpler than moving rows, and a history of hundreds of steps takes milliseconds."""
        if self._history is None:
            return
        self._model, self._items = build_model(self._history, self._decorate)
        self._model.itemChanged.connect(self._rename)
        self._tree.setModel(self._model)
        self._tree.selectionModel().currentChanged.connect(self._go)
        self._tree.expandAll()
        self._go_in_view(self._history.current_id)

    def _decorate(self, item: QStandardItem, node: Node) -> None:
        assert self._history is not None
        item.setText(("★ " if node.star else "") + describe(node))
        item.setToolTip(explain(node))
        item.setFont(bold(node.id == self._history.current_id))
        item.setIcon(self._thumb(node))
        item.setSizeHint(QSize(0, THUMB_PX + 6))

    def _thumb(self, node: Node) -> QIcon:
        key = node.codes.digest
        if key not in self._thumbs:
            picture = self._document.picture_of(node.id)
            if picture is None:
                return QIcon(blank_pixmap())
            icon = QIcon()
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # the selected row must not tint its picture
                icon.addPixmap(thumb_pixmap(picture), mode)
            self._thumbs[key] = icon
        return self._thumbs[key]

    def _mark(self, node_id: int) -> None:
        assert self._history is not None
        with QSignalBlocker(self._model):
            self._decorate(self._items[node_id], self._history.node(node_id))
        self._tree.viewport().update()

    def _go_in_view(self, node_id: int) -> None:
        index = self._items[node_id].index()
        with QSignalBlocker(self._tree.selectionModel()):
            self._tree.setCurrentIndex(index)
        self._tree.scrollTo(index)
        self._tree.viewport().update()

    def _go(self, current: QModelIndex) -> None:
        node_id = current.data(NODE_ROLE)
        if node_id is not None and self._history is not None and node_id != self._history.current_id:
            self._document.go_to(node_id)

    def _rename(self, item: QStandardItem) -> None:
        node_id = item.data(NODE_ROLE)
        assert self._history is not None
        text = item.text().removeprefix("★ ").strip()
        node = self._history.node(node_id)
        if text == describe(node):
            self._mark(node_id)
        else:  # later, because the list is made anew by it, and this very item is in use now
            QTimer.singleShot(0, self, lambda: self._document.set_label(node_id, text))


def thumb_pixmap(picture: Array) -> QPixmap:
    """Return a picture at thumbnail size, sharp on dense screens."""
    height, width, _ = picture.shape
    image = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    smooth = Qt.TransformationMode.SmoothTransformation
    return QPixmap.fromImage(image.scaled(2 * THUMB_PX, 2 * THUMB_PX, mode=smooth))


def blank_pixmap() -> QPixmap:
    """Return the place of a picture that has not been drawn since the file was opened."""
    pixmap = QPixmap(2 * THUMB_PX, 2 * THUMB_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
