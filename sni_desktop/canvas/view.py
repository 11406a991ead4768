"""The canvas: shows the picture with the grid over it, and turns mouse and keys into selections, zoom and pan."""

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from sni_desktop.canvas import overlay
from sni_desktop.canvas.announce import announce_cell
from sni_desktop.canvas.imaging import Scaled, scale
from sni_desktop.canvas.tools import SIZES, Mode, Stroke, Tool, footprint, start_stroke, stroke_mode
from sni_desktop.canvas.viewport import Viewport
from sni_desktop.canvas.waiting import Spinner, paint_waiting
from sni_desktop.canvas.wheel import pinch, turn_wheel
from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_engine.api.arrays import Array

_ARROWS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
_HELD = Qt.MouseButton.LeftButton | Qt.MouseButton.MiddleButton
_SUBTRACT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier


class CanvasView(QWidget):
    """Paints what the document shows; a stroke reaches the document cell by cell as it is drawn."""

    tool_changed = Signal(str)
    zoom_changed = Signal(float)  # percent
    hover_changed = Signal(object)  # (row, column) or None

    def __init__(self, document: Document, theme: Theme) -> None:
        super().__init__()
        self._document = document
        self._theme = theme
        self._snapshot: Snapshot = document.snapshot
        self._view = Viewport(self.width(), self.height())
        self._scaled: Scaled | None = None
        self._tool: Tool = "brush"
        self._brush_size = 1
        self._grid_visible = True
        self._stroke: Stroke | None = None
        self._pan_from: QPointF | None = None
        self._space_held = False
        self._modifiers = Qt.KeyboardModifier.NoModifier  # held while no stroke is under way
        self._pointer: QPointF | None = None
        self._hovered: tuple[int, int] | None = None
        self._cursor = (0, 0)
        self._cursor_shown = False
        self._spinner = Spinner(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(
            self.tr("Paint cells to select them. Arrow keys move a cursor, X selects, Shift with an arrow adds.")
        )
        document.changed.connect(self._show)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the size the window starts with."""
        return QSize(640, 640)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size that makes sense."""
        return QSize(240, 240)

    # -- what commands use -------------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Take another tool."""
        self._tool = tool
        self._update_pointer()
        self.update()
        self.tool_changed.emit(tool)

    @property
    def brush_size(self) -> int:
        """The brush's width in cells."""
        return self._brush_size

    def set_brush_size(self, size: int) -> None:
        """Make the brush `size` cells wide, within limits."""
        self._brush_size = min(max(size, SIZES[0]), SIZES[-1])
        self.update()

    @property
    def grid_visible(self) -> bool:
        """Whether the grid is drawn."""
        return self._grid_visible

    def set_grid_visible(self, visible: bool) -> None:
        """Draw the grid or not."""
        self._grid_visible = visible
        self.update()

    def zoom_by(self, factor: float) -> None:
        """Zoom around the middle of the widget."""
        self._set_view(self._view.zoom(factor, self.width() / 2, self.height() / 2))

    def zoom_to(self, scale: float) -> None:
        """Show each pixel of the picture `scale` device pixels wide, around the middle of the widget."""
        if self._snapshot.picture is not None:
            side = scale * self._snapshot.picture.shape[0] / self.devicePixelRatioF()
            self.zoom_by(side / self._view.side)

    def zoom_fit(self) -> None:
        """Fit the picture into the widget, and keep it so."""
        self._set_view(self._view.fit())

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture and what lies over it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.colour("canvas"))
        now = self._snapshot
        if now.picture is None:
            paint_waiting(painter, self.rect(), self._theme, self._spinner.angle, now.has_face)
            return
        self._paint_picture(painter, now.picture)
        if now.selection is not None:
            self._paint_overlay(painter, now, now.selection.cells)
        if now.draft:
            place = QPointF(max(self._view.left, 0), max(self._view.top, 0)) + QPointF(10, 10)
            overlay.paint_badge(painter, place, now.preview or self.tr("Draft"))

    def _paint_picture(self, painter: QPainter, picture: Array) -> None:
        """Draw the picture; it is scaled anew only when picture, size or screen change, or a pan goes far."""
        ratio = self.devicePixelRatioF()
        left, top, side = (round(length * ratio) for length in (self._view.left, self._view.top, self._view.side))
        widget = QRect(-left, -top, round(self.width() * ratio), round(self.height() * ratio))
        sight = widget.intersected(QRect(0, 0, side, side))
        if sight.isEmpty():
            return
        if self._scaled is None or not self._scaled.shows(picture, side, ratio, sight):
            self._scaled = scale(picture, side, ratio, sight)
        painter.drawPixmap(QPointF(left, top) / ratio + self._scaled.offset, self._scaled.pixmap)

    def _paint_overlay(self, painter: QPainter, now: Snapshot, cells: Array) -> None:
        rows, columns = cells.shape
        mesh = overlay.make_mesh(self._view, rows, columns, self.devicePixelRatioF())
        if self._grid_visible:
            overlay.paint_grid(painter, mesh)
        if cells.any():  # a draft is watched for its colours: outline only
            overlay.paint_selection(painter, mesh, cells, tinted=not now.draft)
        if self._pointer is not None and self._stroke is None and self._pan_from is None and self._paints:
            row, column = self._view.to_cells(self._pointer.x(), self._pointer.y(), rows, columns)
            covered = footprint(row, column, self._brush_size, rows, columns)
            overlay.paint_brush(painter, mesh, covered, erases=self._mode(self._modifiers) == "subtract")
        if self._cursor_shown and self.hasFocus():
            overlay.paint_cursor(painter, mesh, *self._cursor)

    def _show(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        waits = snapshot.picture is None and snapshot.busy and self.isVisible()
        if waits != self._spinner.isActive():
            self._spinner.start() if waits else self._spinner.stop()
        if before.picture is None and snapshot.picture is not None:
            self._tell_zoom()
        self._keep_to_grid()
        self.update()

    def _keep_to_grid(self) -> None:
        """Another model may have another grid: a stroke begun on the old one ends, the cursor stays inside."""
        if self._snapshot.selection is None:
            return
        rows, columns = self._snapshot.selection.cells.shape
        if self._stroke is not None and self._stroke.before.shape != (rows, columns):
            self._stroke = None
        self._cursor = (min(self._cursor[0], rows - 1), min(self._cursor[1], columns - 1))

    def showEvent(self, event: QShowEvent) -> None:
        """Start the waiting ring if there is something to wait for."""
        super().showEvent(event)
        self._show(self._snapshot)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing moves while nobody sees it."""
        super().hideEvent(event)
        self._spinner.stop()

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the stroke under way before it belongs to the window; two fingers zoom."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape and self._stroke is not None:
                event.accept()
                return True
        elif isinstance(event, QNativeGestureEvent):
            return self._pinch(event)
        elif event.type() == QEvent.Type.DevicePixelRatioChange:
            self._tell_zoom()
        return super().event(event)

    # -- zoom and pan ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture fitted, or its middle in the middle."""
        super().resizeEvent(event)
        self._set_view(self._view.resize(self.width(), self.height()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom or pan, but hold still under the brush."""
        if self._stroke is None:
            self._set_view(turn_wheel(self._view, event))
        event.accept()

    def _pinch(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return super().event(event)
        self._set_view(pinch(self._view, event))
        return True

    def _set_view(self, view: Viewport) -> None:
        self._view = view
        self._tell_zoom()
        self.update()

    def _tell_zoom(self) -> None:
        if self._snapshot.picture is not None:
            self.zoom_changed.emit(self._view.percent(self._snapshot.picture.shape[0], self.devicePixelRatioF()))

    # -- mouse -------------------------------------------------------------------------------------------------------

    @property
    def _paints(self) -> bool:
        return self._tool != "hand" and not self._space_held

    def _mode(self, keys: Qt.KeyboardModifier) -> Mode:
        return stroke_mode(self._tool, bool(keys & Qt.KeyboardModifier.ShiftModifier), bool(keys & _SUBTRACT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke or a pan."""
        middle = event.button() == Qt.MouseButton.MiddleButton
        if self._stroke is not None or self._pan_from is not None:
            return  # one thing at a time
        if middle or (event.button() == Qt.MouseButton.LeftButton and not self._paints):
            self._pan_from = event.position()
            self._update_pointer()
        elif event.button() == Qt.MouseButton.LeftButton and self._snapshot.selection is not None:
            self._start_stroke(event)

    def _start_stroke(self, event: QMouseEvent) -> None:
        assert self._snapshot.selection is not None
        cells = self._snapshot.selection.cells
        row, column = self._view.to_cells(event.position().x(), event.position().y(), *cells.shape)
        self._stroke = start_stroke(cells, self._mode(event.modifiers()), self._brush_size, row, column)
        self._document.set_cells(self._stroke.cells)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the stroke on, move the picture, or show what the brush would take."""
        old, self._pointer = self._pointer, event.position()
        self._modifiers = event.modifiers()
        self._cursor_shown = False
        if not event.buttons() & _HELD:
            self._let_go()  # it happened over a dialog that came in mid-stroke
        if self._pan_from is not None:
            moved = event.position() - self._pan_from
            self._pan_from = event.position()
            self._set_view(self._view.pan(moved.x(), moved.y()))
        elif self._stroke is not None:
            at = self._view.to_cells(event.position().x(), event.position().y(), *self._stroke.before.shape)
            self._stroke = self._stroke.move(*at)
            self._document.set_cells(self._stroke.cells)
        self._tell_hover()
        if old != self._pointer:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke or pan when its own button is let go."""
        if not event.buttons() & _HELD:
            self._let_go()

    def _let_go(self) -> None:
        if self._stroke is not None or self._pan_from is not None:
            self._stroke = self._pan_from = None
            self._update_pointer()
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget where the pointer was."""
        self._pointer = None
        self._tell_hover()
        self.update()

    def _tell_hover(self) -> None:
        cell = None
        if self._pointer is not None and self._snapshot.selection is not None:
            shape = self._snapshot.selection.cells.shape
            cell = self._view.cell_at(self._pointer.x(), self._pointer.y(), *shape)
        self._tell_cell(cell)

    def _tell_cell(self, cell: tuple[int, int] | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.hover_changed.emit(cell)

    def _update_pointer(self) -> None:
        free = Qt.CursorShape.CrossCursor if self._paints else Qt.CursorShape.OpenHandCursor
        self.setCursor(free if self._pan_from is None else Qt.CursorShape.ClosedHandCursor)

    # -- keys --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans, arrows move the cell cursor, X toggles its cell, Esc takes a stroke back."""
        key = Qt.Key(event.key())
        self._hold(event.modifiers())
        if key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = True
            self._update_pointer()
        elif key in _ARROWS and self._snapshot.selection is not None:
            self._walk(*_ARROWS[key], adds=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_X and self._snapshot.selection is not None:
            self._set_cell(0.0 if self._snapshot.selection.cells[self._cursor] else 1.0)
        elif key == Qt.Key.Key_Escape and self._stroke is not None:
            self._document.set_cells(self._stroke.before)
            self._stroke = None
        else:
            super().keyPressEvent(event)

    def _walk(self, down: int, right: int, adds: bool) -> None:
        """Move the cell cursor; `adds` selects on the way."""
        assert self._snapshot.selection is not None
        rows, columns = self._snapshot.selection.cells.shape
        if adds:
            self._set_cell(1.0)
        self._cursor = ((self._cursor[0] + down) % rows, (self._cursor[1] + right) % columns)
        if adds:
            self._set_cell(1.0)
        self._show_cursor()

    def _set_cell(self, weight: float) -> None:
        assert self._snapshot.selection is not None
        cells = self._snapshot.selection.cells.copy()
        cells[self._cursor] = weight
        self._document.set_cells(cells)
        self._show_cursor()

    def _show_cursor(self) -> None:
        """Show the cell cursor, in the status bar too, and say it to who cannot see."""
        assert self._snapshot.selection is not None
        self._cursor_shown = True
        self._tell_cell(self._cursor)
        announce_cell(self, *self._cursor, chosen=bool(self._snapshot.selection.cells[self._cursor]))
        self.update()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting go of Space takes the tool back in hand."""
        self._hold(event.modifiers())
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = False
            self._update_pointer()
        else:
            super().keyReleaseEvent(event)

    def _hold(self, keys: Qt.KeyboardModifier) -> None:
        """The brush's outline shows beforehand whether a press would take cells away."""
        if keys != self._modifiers:
            self._modifiers = keys
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes by keys sees where the keys will act."""
        super().focusInEvent(event)
        by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._cursor_shown = self._cursor_shown or by_keys
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys released elsewhere are not heard of."""
        super().focusOutEvent(event)
        self._space_held = False
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._update_pointer()
        self.update()
