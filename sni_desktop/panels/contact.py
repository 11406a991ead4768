"""The tiles of the strip as a list view: arrows and clicks preview, a double click accepts, Ctrl+click crosses."""

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPixmap,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu

from sni_desktop.activities.candidates import Candidates
from sni_desktop.activities.strip import Candidate, Strip
from sni_desktop.panels import tiles
from sni_desktop.panels.crops import crop_box, crop_pixmap
from sni_desktop.theme import Theme
from sni_engine.api.codes import GridSpec
from sni_engine.api.messages import Locality


class ContactView(QListView):
    """Shows a strip; what is done here goes to the activity, and comes back as the next strip."""

    reference_asked = Signal(int)  # the candidate's row

    def __init__(self, candidates: Candidates, theme: Theme) -> None:
        super().__init__()
        self._candidates = candidates
        self._theme = theme
        self._strip: Strip = candidates.snapshot
        self._grid: GridSpec | None = None
        self._whole = False
        self._pixmaps: dict[int, tuple[Candidate, float, QPixmap]] = {}  # by the candidate's identity
        self._tiles = tiles.TileDelegate(self, theme, self._find_pixmap, candidates.toggle_star)
        self._rows = QStandardItemModel(self)
        self._prepare()
        self.selectionModel().currentChanged.connect(self._go)
        self.doubleClicked.connect(self._accept)
        theme.changed.connect(self.viewport().update)

    def _prepare(self) -> None:
        self.setModel(self._rows)
        self.setItemDelegate(self._tiles)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setViewportMargins(6, 0, 2, 0)
        self.setMouseTracking(True)
        self.setMinimumHeight(tiles.SMALLEST_PX + 2 * tiles.GAP_PX)
        self.setObjectName("candidate-tiles")
        self.setAccessibleName(self.tr("Candidates"))

    # -- showing -----------------------------------------------------------------------------------------------------

    @property
    def whole(self) -> bool:
        """Whether tiles show whole faces rather than what changes."""
        return self._whole

    def set_whole(self, whole: bool) -> None:
        """Show whole faces, or the part that changes."""
        self._whole = whole
        self._pixmaps.clear()
        self.viewport().update()

    def show_strip(self, strip: Strip, grid: GridSpec | None) -> None:
        """Show the strip as it is now."""
        self._strip, self._grid = strip, grid
        count = len(strip.items) or strip.asking
        with QSignalBlocker(self.selectionModel()):
            if count != self._rows.rowCount():
                self._rows.clear()
                for _ in range(count):
                    self._rows.appendRow(QStandardItem())
        for row in range(count):
            self._fill(row)
        known = {id(item) for item in strip.items}
        self._pixmaps = {key: entry for key, entry in self._pixmaps.items() if key in known}
        self._arrange()
        self._mark()
        self.viewport().update()

    def _fill(self, row: int) -> None:
        strip, item = self._strip, self._rows.item(row)
        if row >= len(strip.items):
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setData(0, tiles.NUMBER_ROLE)
            item.setData(self.tr("being drawn"), Qt.ItemDataRole.AccessibleTextRole)
            return
        found, mix = strip.items[row], strip.mix
        letter = "" if mix is None else {mix.of: self.tr("A"), mix.other: self.tr("B")}.get(row, "")
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setData(row + 1, tiles.NUMBER_ROLE)
        item.setData(found.starred, tiles.STAR_ROLE)
        item.setData(row == strip.previewed, tiles.CHOSEN_ROLE)
        item.setData(letter, tiles.LETTER_ROLE)
        item.setData(found.kept_as is not None, tiles.KEPT_ROLE)
        item.setData(self._caption(found.locality), tiles.CAPTION_ROLE)
        text = self._explain(row, found)
        item.setToolTip(text)
        item.setData(text.replace("\n", ", "), Qt.ItemDataRole.AccessibleTextRole)

    def _caption(self, locality: Locality | None) -> str:
        if locality is None:
            return ""
        inside = f"{locality.inside:.1f}"
        if locality.outside is None:
            return f"{inside} ΔE"
        text = self.tr("{inside} in · {outside} out")
        return text.replace("{inside}", inside).replace("{outside}", f"{locality.outside:.1f}")

    def _explain(self, row: int, found: Candidate) -> str:
        kind = self.tr("Cross {number}") if found.is_mix else self.tr("Candidate {number}, seed {seed}")
        lines = [kind.replace("{number}", str(row + 1)).replace("{seed}", str(found.edit.seed))]
        if found.locality is not None and found.locality.outside is not None:
            text = self.tr("Changes {inside} ΔE inside its cells, {outside} outside")
            outside = f"{found.locality.outside:.2f}"
            lines.append(text.replace("{inside}", f"{found.locality.inside:.1f}").replace("{outside}", outside))
        elif found.locality is not None:
            lines.append(self.tr("Changes {inside} ΔE everywhere").replace("{inside}", f"{found.locality.inside:.1f}"))
        lines += [self.tr("Starred")] if found.starred else []
        lines += [self.tr("Is a step of the history")] if found.kept_as is not None else []
        if found.kept_as is None and self._strip.breaks_locks(found):
            lines.append(self.tr("From before cells were locked: drawn anew around them when it is accepted"))
        base = self._strip.base
        if base is not None and found.base.id != base.id:
            lines.append(self.tr("From an earlier step than the others"))
        return "\n".join(lines)

    def _find_pixmap(self, row: int) -> QPixmap | None:
        if row >= len(self._strip.items):
            return None
        item = self._strip.items[row]
        ratio = self.devicePixelRatioF()
        known = self._pixmaps.get(id(item))
        if known is None or known[1] != ratio or known[2].deviceIndependentSize().width() != self._tiles.side:
            size = item.picture.shape[0]
            reach = None if self._whole or self._grid is None else item.edit.selection.reach(self._grid)
            box = QRect(0, 0, size, size) if reach is None else crop_box(reach, size)
            pixmap = crop_pixmap(item.picture, box, self._tiles.side, ratio)
            known = self._pixmaps[id(item)] = (item, ratio, pixmap)
        return known[2]

    def _mark(self) -> None:
        """Put the list's own mark where the preview is, without answering to it."""
        mix = self._strip.mix
        chosen = self._strip.previewed if mix is None else mix.other
        index = QModelIndex() if chosen is None else self._rows.index(chosen, 0)
        if index != self.currentIndex():
            with QSignalBlocker(self.selectionModel()):
                self.setCurrentIndex(index)
        if index.isValid():
            self.scrollTo(index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming here previews nothing yet; Qt would go to the first tile."""
        with QSignalBlocker(self.selectionModel()):
            super().focusInEvent(event)
        self._mark()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the tiles as large as fit."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        size, count, line_px = self.maximumViewportSize(), self._rows.rowCount(), self._tiles.line_px
        side = tiles.tile_side(size.width(), size.height(), count, line_px)
        all_in_sight = tiles.fits(size.width(), size.height(), count, side, line_px)
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if all_in_sight else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)  # Qt keeps room for a scroll bar that may be needed
        self._tiles.side = side
        room = side + tiles.GAP_PX
        grid = QSize(room, room + tiles.caption_height(side, self._tiles.line_px))
        if grid != self.gridSize():
            self.setGridSize(grid)

    # -- writing to the activity -------------------------------------------------------------------------------------

    def _go(self, current: QModelIndex) -> None:
        if current.isValid():
            self._candidates.pick(current.row())

    def _accept(self, index: QModelIndex) -> None:
        if index.row() < len(self._strip.items):
            self._candidates.accept(index.row())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ctrl with a click crosses the previewed candidate with this one."""
        index = self.indexAt(event.position().toPoint())
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not ctrl or event.button() != Qt.MouseButton.LeftButton or index.row() >= len(self._strip.items):
            super().mousePressEvent(event)
        elif self._strip.previewed is not None and index.isValid():
            self._candidates.mix(self._strip.previewed, index.row())
        elif index.isValid():
            self._candidates.pick(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk without an end; up and down by rows, as in any list."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._candidates.step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters and digits are commands here."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a candidate."""
        index = self.indexAt(event.pos()) if event.reason() == QContextMenuEvent.Reason.Mouse else self.currentIndex()
        if index.isValid() and index.row() < len(self._strip.items):
            self._open_menu(index.row(), event.globalPos())

    def _open_menu(self, row: int, place: QPoint) -> None:
        menu = self.make_menu(row)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def make_menu(self, row: int) -> QMenu:
        """Return the menu of one candidate."""
        candidates, item = self._candidates, self._strip.items[row]
        menu = QMenu(self)
        menu.addAction(self.tr("Show on the canvas"), lambda: candidates.preview(row))
        menu.addAction(self.tr("Use this one"), lambda: candidates.accept(row))
        menu.addSeparator()
        star = self.tr("Take the star away") if item.starred else self.tr("Star")
        menu.addAction(star, lambda: candidates.toggle_star(row))
        partner = self._strip.previewed if self._strip.previewed not in (None, row) else self._strip.partner(row)
        if partner is not None:
            text = self.tr("Mix with {number}…").replace("{number}", str(partner + 1))
            menu.addAction(text, lambda: candidates.mix(row, partner))
        menu.addAction(self.tr("Use as reference"), lambda: self.reference_asked.emit(row))
        menu.addSeparator()
        menu.addAction(self.tr("Discard"), lambda: candidates.discard(row))
        return menu
