"""The list of a model's parts: rows are meant, pointed at, named in place, and their cells selected."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView

from sni_desktop.panels import parts_rows
from sni_desktop.panels.parts_delegate import PartDelegate, read_mode, row_height
from sni_desktop.panels.parts_naming import NamingTree
from sni_desktop.panels.parts_rows import NAME_ROLE
from sni_desktop.theme import Theme
from sni_engine.api.arrays import Array
from sni_engine.api.parts import PartSet

_LEAST_ROWS = 5
_RETURNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_Index = QModelIndex | QPersistentModelIndex


class PartTree(NamingTree):
    """Tells what is done with rows by the names of parts; knows nothing of what that means."""

    meant = Signal(str)
    pointed = Signal(str)  # the part under the pointer; "" for none
    select_asked = Signal(object, str)  # names, and how: as of api.cells.combine
    menu_asked = Signal(QPoint)  # for what is selected, at a place on the screen
    changed = Signal()  # what is selected

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._rows = QStandardItemModel(self)
        self._lit = ""
        self.setModel(self._rows)
        self.setItemDelegate(PartDelegate(self, theme))
        self._prepare()
        self.selectionModel().currentChanged.connect(lambda *_: self._tell())
        self.selectionModel().selectionChanged.connect(lambda *_: self._tell())
        self.clicked.connect(self._press)
        self.entered.connect(lambda index: self.pointed.emit(index.data(NAME_ROLE) or ""))
        self.viewportEntered.connect(lambda: self.pointed.emit(""))
        theme.changed.connect(self.viewport().update)

    def _prepare(self) -> None:
        self.setObjectName("part-list")
        self.setAccessibleName(self.tr("Parts"))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(_LEAST_ROWS * row_height(self.font()) + 2)

    # -- showing -----------------------------------------------------------------------------------------------------

    def show_parts(self, parts: PartSet, unfolds: bool) -> None:
        """Show other parts, or the same by other names; what is selected, or half typed, stays."""
        naming, selected, before = self.hold_naming(), self.selected, self.verticalScrollBar().value()
        is_open = self.is_unfolded or unfolds
        with QSignalBlocker(self.selectionModel()):
            self.items = parts_rows.fill_rows(self._rows, parts)
        self.known = [part.name for part in parts.parts if part.is_named]
        for row in range(self._rows.rowCount()):
            self.setExpanded(self._rows.index(row, 0), is_open)
        self.verticalScrollBar().setValue(before)
        self.mark([name for name in selected if name in self.items])
        if naming is not None:
            self.resume_naming(naming)

    def show_shares(self, shares: Array | None) -> None:
        """Show how much of the picture each part has, in the order of PartSet.parts; None while it is not known."""
        for at, item in enumerate(self.items.values()):
            parts_rows.show_share(item, None if shares is None else float(shares[at]))

    def light(self, name: str) -> None:
        """Mark the row of the part under the pointer lightly; "" for none."""
        if name != self._lit:
            self._lit = name
            self.viewport().update()

    def is_lit(self, index: _Index) -> bool:
        """Say whether a row is marked lightly."""
        return bool(self._lit) and index.data(NAME_ROLE) == self._lit

    def explain(self, index: _Index, on_icon: bool) -> str:
        """Return what a tool tip says of a row, or of its icon."""
        item = self.items.get(index.data(NAME_ROLE) or "")
        if item is None:
            return str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
        return (
            self.tr("Select its cells (Return). Shift adds them, Alt takes them away.")
            if on_icon
            else parts_rows.explain(item)
        )

    # -- meaning -----------------------------------------------------------------------------------------------------

    @property
    def selected(self) -> list[str]:
        """The names of the rows that are selected, from above."""
        chosen = {index.data(NAME_ROLE) for index in self.selectionModel().selectedRows()}
        return [name for name in self.items if name in chosen]

    @property
    def is_unfolded(self) -> bool:
        """Whether the row is open that parts without a name are folded under."""
        rows = [self._rows.index(row, 0) for row in range(self._rows.rowCount())]
        return any(self.isExpanded(index) for index in rows if index.data(NAME_ROLE) is None)

    def mark(self, names: Sequence[str]) -> None:
        """Select rows; this is not the person's doing."""
        selection = self.selectionModel()
        flag = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        with QSignalBlocker(selection):
            selection.clear()
            for name in names:
                selection.select(self.items[name].index(), flag)
            if names:
                selection.setCurrentIndex(self.items[names[0]].index(), flag)
        self.viewport().update()
        self.changed.emit()

    def _tell(self) -> None:
        """The row that has the keys is meant, unless Ctrl has just taken it out; Qt tells both in any order."""
        name = self.currentIndex().data(NAME_ROLE)
        if name in self.selected:
            self.meant.emit(name)
        if self.hasFocus():
            self.pointed.emit(name or "")
        self.changed.emit()

    def _press(self, index: QModelIndex) -> None:
        if index.data(NAME_ROLE) is None:
            self.setExpanded(index, not self.isExpanded(index))

    # -- keys and mouse ----------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the keys that mean something else here than in the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            has_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if event.key() in (*_RETURNS, Qt.Key.Key_F2) and not has_ctrl:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 names, Return selects the cells, with Shift and Alt as on the picture; the rest walks."""
        if event.key() in _RETURNS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # the window's, also while it cannot act on it
        elif event.key() == Qt.Key.Key_F2:
            self.name(self.selected)
        elif event.key() in _RETURNS and self.currentIndex().data(NAME_ROLE) is None:
            self._press(self.currentIndex())
        elif event.key() in _RETURNS:
            self.select_asked.emit(self.selected, read_mode(event.modifiers()))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here; one that is disabled just now must not walk through the parts."""

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        super().leaveEvent(event)
        self.pointed.emit("")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who walked through the rows by keys points at none from elsewhere."""
        super().focusOutEvent(event)
        self.pointed.emit("")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of what is selected."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        if self.selected and (by_key or self.indexAt(event.pos()).data(NAME_ROLE) is not None):
            place = self.visualRect(self.currentIndex()).center() if by_key else event.pos()
            self.menu_asked.emit(self.viewport().mapToGlobal(place))
