"""The history panel: a field to find steps, the tree of steps with pictures, and a slider over the way to the last."""

import time

from PySide6.QtCore import QModelIndex, QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QLabel, QVBoxLayout, QWidget

from sni_desktop.activities.thumbnails import Thumbnails
from sni_desktop.canvas.imaging import square_pixmap
from sni_desktop.document import Document
from sni_desktop.panels.change import describe_locality
from sni_desktop.panels.scrub import ScrubSlider
from sni_desktop.panels.search import SearchBar
from sni_desktop.panels.steps import THUMB_PX, StepDelegate, StepTree
from sni_desktop.panels.tree import (
    NODE_ROLE,
    explain_step,
    fill_item,
    matches,
    place_item,
    sift_rows,
)
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_desktop.words import name_goal, name_step
from sni_engine.api.arrays import Array
from sni_engine.api.history import History, Node

_AT_ONCE = 24  # pictures made smaller in one turn of the event loop, so that a long history does not hold it up


class HistoryPanel(QWidget):
    """A new step adds a row, a changed one fills its row anew; another history is built from nothing.

    A click goes to a step, F2 names it, S stars it; the right button or the menu key asks for a menu.
    """

    menu_asked = Signal(int, QPoint)  # the step's number, and where on the screen

    def __init__(self, document: Document, theme: Theme) -> None:
        super().__init__()
        self._document = document
        self._theme = theme
        self._history: History | None = None
        self._picture: Array | None = None
        self._model_digest = ""
        self._thumbs: dict[str, QIcon] = {}
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: self._fill_bare())
        self._bare: set[int] = set()  # steps whose picture was not there yet
        self._items: dict[int, QStandardItem] = {}
        self._model = QStandardItemModel()
        self._query, self._only_stars = "", False
        self._search = SearchBar(theme)
        self._search.changed.connect(self._find)
        self._search.chosen.connect(self._go_to_first)
        self._search.left.connect(lambda: self._tree.setFocus())
        self._nothing = QLabel(self.tr("No step is like that."), wordWrap=True)
        self._nothing.setProperty("role", "quiet")
        self._nothing.setContentsMargins(12, 4, 12, 4)
        self._nothing.hide()
        self._tree: StepTree = self._make_tree()
        self._arrange(ScrubSlider(document))
        theme.changed.connect(self._tree.viewport().update)
        document.refreshed.connect(self._show)
        self._show(document.snapshot)

    def _arrange(self, scrub: ScrubSlider) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(0)
        layout.addWidget(self._search)
        layout.addWidget(self._nothing)
        layout.addWidget(self._tree, 1)
        layout.addWidget(scrub)

    def _make_tree(self) -> StepTree:
        tree = StepTree(self._theme)
        tree.setItemDelegate(StepDelegate(tree, self._theme, self._document.toggle_star))
        # later: the click that ended the naming may be about to mark another row
        tree.named.connect(lambda: self._go_in_view(), Qt.ConnectionType.QueuedConnection)
        tree.clicked.connect(self._press)
        tree.menu_asked.connect(lambda index, at: self.menu_asked.emit(int(index.data(NODE_ROLE)), at))
        tree.explain = self._explain
        tree.setHeaderHidden(True)
        tree.setUniformRowHeights(True)
        tree.setIndentation(18)
        tree.setItemsExpandable(False)
        tree.setRootIsDecorated(False)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        tree.setAccessibleName(self.tr("History"))
        return tree

    def point_at(self, node_id: int | None) -> None:
        """Outline the step that a menu is about, without going there; none at all with None."""
        item = None if node_id is None else self._items.get(node_id)
        self._tree.point_at(None if item is None else item.index())

    def show_current(self) -> None:
        """Put the keys on the current step's row, wherever it is."""
        self._tree.setFocus()
        if self._history is not None:
            self._tree.scrollTo(self._items[self._history.current_id].index())

    def find_step(self) -> None:
        """Put the cursor into the field that finds steps."""
        self._search.take_focus()

    def name_step(self, node_id: int) -> None:
        """Open the field for a step's name."""
        item = self._items.get(node_id)
        if item is not None and not (self._tree.is_naming and item.index() == self._tree.currentIndex()):
            self.commit_name()
            if self._tree.isRowHidden(item.row(), item.index().parent()):
                self._search.clear()
            self._tree.scrollTo(item.index())
            self._tree.edit(item.index())

    def add_thumbnails(self, drawn: Thumbnails) -> None:
        """Show pictures that were drawn on the side."""
        for digest, picture in drawn.pictures.items():
            self._thumbs[digest] = QIcon(square_pixmap(picture, 2 * THUMB_PX))
        self._fill_bare()

    def commit_name(self) -> None:
        """Take the name that is being typed as it stands."""
        self._tree.commit_name()

    def _explain(self, node_id: int) -> str:
        """Return a row's tool tip: what was done, and how much it changed where."""
        if self._history is None:
            return ""
        node = self._history.node(node_id)
        text = explain_step(node, time.time(), name_goal(self._history, node))
        locality = self._document.locality_of(node_id)
        return text if locality is None else f"{text}\n{describe_locality(locality)}"

    # -- showing -----------------------------------------------------------------------------------------------------

    def _show(self, now: Snapshot) -> None:
        is_redrawn = now.card is not None and now.card.digest != self._model_digest
        if now.card is not None and is_redrawn:
            self._model_digest = now.card.digest
            self._thumbs.clear()  # another model draws the same codes differently
        if now.history is None:
            self._clear()
        elif now.history is not self._history:
            self._show_history(now.history)
        if is_redrawn:
            self._bare = set(self._items)
            self._fill(self._bare)
        if now.picture is not self._picture:
            self._picture = now.picture
            self._fill_bare()
        if not now.busy:
            self._go_in_view()  # a click that was taken back, as by Esc, left the mark elsewhere

    def _show_history(self, history: History) -> None:
        before, self._history = self._history, history
        if before is None or not _has_grown(before, history):
            self._build(history)
        else:
            changed = {new.id for old, new in zip(before.nodes, history.nodes, strict=False) if old is not new}
            for node in history.nodes[len(before.nodes) :]:
                self._add(history, node)
            self._fill(changed | {before.current_id, history.current_id})
        if self._query or self._only_stars:
            self._sift()
        self._go_in_view()

    def _clear(self) -> None:
        self._history = None
        self._items = {}
        self._bare.clear()
        self._model.clear()

    def _build(self, history: History) -> None:
        self._model, self._items = QStandardItemModel(), {}
        digests = {node.codes.digest for node in history.nodes}
        self._thumbs = {key: icon for key, icon in self._thumbs.items() if key in digests}  # else they pile up
        self._bare.clear()
        for node in history.nodes:
            place_item(self._model, self._items, history, node)
        self._fill(set(self._items), scales=False)
        self._model.itemChanged.connect(self._rename)
        self._tree.setModel(self._model)
        self._tree.selectionModel().currentChanged.connect(self._go)
        self._tree.expandAll()
        self._fill_bare()

    def _add(self, history: History, node: Node) -> None:
        place_item(self._model, self._items, history, node)
        self._fill({node.id})
        if node.parent is not None and self._tree.model() is self._model:
            self._tree.expand(self._items[node.parent].index())

    def _fill(self, node_ids: set[int], scales: bool = True) -> None:
        """Write rows anew, with their pictures where these are known; scales: also those still to be made smaller."""
        if self._history is None:
            return
        for node_id in sorted(node_ids):
            node, item = self._history.node(node_id), self._items[node_id]
            icon = self._thumb(node) if scales else self._thumbs.get(node.codes.digest, QIcon())
            with QSignalBlocker(self._model):
                fill_item(item, node, node_id == self._history.current_id, name_goal(self._history, node))
                item.setIcon(icon)
            (self._bare.add if icon.isNull() else self._bare.discard)(node_id)
        self._tree.viewport().update()

    def _fill_bare(self) -> None:
        """Give rows their pictures that had none; of many rows only those whose picture has come are touched, the
        newest first and a few at a time.
        """
        if self._history is None:
            return
        known = [node_id for node_id in sorted(self._bare, reverse=True) if self._is_pictured(node_id)]
        self._fill(set(known[:_AT_ONCE]))
        if len(known) > _AT_ONCE:
            self._soon.start()

    def _is_pictured(self, node_id: int) -> bool:
        assert self._history is not None
        is_scaled = self._history.node(node_id).codes.digest in self._thumbs
        return is_scaled or self._document.picture_of(node_id) is not None

    def _find(self, query: str, only_stars: bool) -> None:
        self._query, self._only_stars = query, only_stars
        self._sift()

    def _sift(self) -> None:
        """Leave only what was looked for, and dim what is there just to hold it."""
        if self._history is None:
            return
        found = {node.id for node in self._history.nodes if self._is_found(node)}
        with QSignalBlocker(self._model):
            sift_rows(self._tree, self._model.invisibleRootItem(), found)
        self._nothing.setVisible(not found)
        if self._history.current_id in found:
            self._tree.scrollTo(self._items[self._history.current_id].index())
        self._tree.viewport().update()

    def _is_found(self, node: Node) -> bool:
        return (node.star or not self._only_stars) and matches(node, self._query)

    def _go_to_first(self) -> None:
        found = [] if self._history is None else [node.id for node in self._history.nodes if self._is_found(node)]
        if found and (self._query or self._only_stars):
            later = [node_id for node_id in found if self._history and node_id > self._history.current_id]
            self._document.go_to((later or found)[0])

    def _thumb(self, node: Node) -> QIcon:
        key = node.codes.digest
        if key not in self._thumbs:
            picture = self._document.picture_of(node.id)
            if picture is None:
                return QIcon()
            self._thumbs[key] = QIcon(square_pixmap(picture, 2 * THUMB_PX))
        return self._thumbs[key]

    def _go_in_view(self) -> None:
        """Mark the current step, but leave the row whose name is being typed alone: moving on would end that."""
        if self._history is None or self._tree.is_naming:
            return
        index = self._items[self._history.current_id].index()
        if index != self._tree.currentIndex():
            self._tree.setCurrentIndex(index)
            self._tree.scrollTo(index)

    # -- writing to the document -------------------------------------------------------------------------------------

    def _go(self, current: QModelIndex) -> None:
        node_id = current.data(NODE_ROLE)
        if node_id is not None and self._history is not None and node_id != self._history.current_id:
            self._document.go_to(node_id)

    def _press(self, index: QModelIndex) -> None:
        """A row that is marked already can be clicked too: to go back to it, or to have its picture drawn."""
        if self._history is None or index != self._tree.currentIndex():
            return  # a click on another row's star marks nothing
        node_id = index.data(NODE_ROLE)
        if node_id != self._history.current_id or self._document.snapshot.picture is None:
            self._document.go_to(node_id)

    def _rename(self, item: QStandardItem) -> None:
        assert self._history is not None
        node = self._history.node(item.data(NODE_ROLE))
        text = item.text().strip()
        self._fill({node.id})
        if text != name_step(node, name_goal(self._history, node)):
            self._document.set_label(node.id, text)


def _has_grown(before: History, after: History) -> bool:
    """Say whether every row of `before` still stands where it stood."""
    kept = after.nodes[: len(before.nodes)]
    return [(node.id, node.parent) for node in before.nodes] == [(node.id, node.parent) for node in kept]
