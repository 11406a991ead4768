"""The canvas: shows the picture with the grid over it, and turns mouse and keys into selections, zoom and pan."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from sni_desktop.canvas import overlay
from sni_desktop.canvas.imaging import to_pixmap
from sni_desktop.canvas.tools import SIZES, Stroke, Tool, footprint, start_stroke, stroke_mode
from sni_desktop.canvas.viewport import Viewport
from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme

_ARROWS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
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
        self._pixmap: tuple[int, int, float, QPixmap] | None = None
        self._tool: Tool = "brush"
        self._brush_size = 1
        self._grid_visible = True
        self._stroke: Stroke | None = None
        self._pan_from: QPointF | None = None
        self._space_held = False
        self._pointer: QPointF | None = None
        self._cursor = (0, 0)
        self._cursor_shown = False
        self._angle = 0
        self._spinner = QTimer(self, interval=40)
        self._spinner.timeout.connect(self._turn)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(self.tr("Paint cells to select them. Arrow keys move a cursor, X selects."))
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
            self._paint_waiting(painter)
            return
        painter.drawPixmap(QPointF(self._view.left, self._view.top), self._scaled(now))
        if now.selection is not None:
            self._paint_overlay(painter, now)
        if now.draft:
            overlay.paint_badge(painter, self._view, self.tr("Draft"))

    def _paint_overlay(self, painter: QPainter, now: Snapshot) -> None:
        assert now.selection is not None
        rows, columns = now.selection.cells.shape
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._grid_visible:
            overlay.paint_grid(painter, self._view, rows, columns)
        if now.selection.cells.any():
            overlay.paint_selection(painter, self._view, now.selection.cells)
        if self._pointer is not None and self._stroke is None and self._paints:
            row, column = self._view.to_cells(self._pointer.x(), self._pointer.y(), rows, columns)
            overlay.paint_brush(painter, self._view, footprint(row, column, self._brush_size, rows, columns))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._cursor_shown and self.hasFocus():
            overlay.paint_cursor(painter, self._view, *self._cursor, rows, columns)

    def _paint_waiting(self, painter: QPainter) -> None:
        """A slow ring and a sentence, until there is a picture."""
        middle = QRectF(self.rect()).center()
        if self._snapshot.busy:
            ring = QRectF(middle.x() - 18, middle.y() - 46, 36, 36)
            for colour, span in (("line", 360), ("accent", 80)):
                pen = QPen(self._theme.colour(colour), 3)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawArc(ring, -self._angle * 16, span * 16)
            text = self.tr("Opening the model…")
        else:
            text = self.tr("No picture yet. Start a new face with Ctrl+R, or open a file with Ctrl+O.")
        painter.setPen(self._theme.colour("quiet"))
        below = QRectF(16, middle.y(), self.width() - 32, 60)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, text)

    def _scaled(self, now: Snapshot) -> QPixmap:
        """The picture at the present size; made anew only when picture, size or screen change."""
        assert now.picture is not None
        key = (id(now.picture), round(self._view.side), self.devicePixelRatioF())
        if self._pixmap is None or self._pixmap[:3] != key:
            self._pixmap = (*key, to_pixmap(now.picture, key[1], key[2]))
        return self._pixmap[3]

    def _show(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        waits = snapshot.picture is None and snapshot.busy and self.isVisible()
        if waits != self._spinner.isActive():
            self._spinner.start() if waits else self._spinner.stop()
        if before.picture is None and snapshot.picture is not None:
            self._tell_zoom()
        self.update()

    def _turn(self) -> None:
        self._angle = (self._angle + 9) % 360
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        """Start the waiting ring if there is something to wait for."""
        super().showEvent(event)
        self._show(self._snapshot)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing moves while nobody sees it."""
        super().hideEvent(event)
        self._spinner.stop()

    # -- zoom and pan ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture fitted, or its middle in the middle."""
        super().resizeEvent(event)
        self._set_view(self._view.resize(self.width(), self.height()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer; with Shift move sideways."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._set_view(self._view.pan(turn / 2, 0))
        else:
            self._set_view(self._view.zoom(1.0015**turn, event.position().x(), event.position().y()))
        event.accept()

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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke or a pan."""
        middle = event.button() == Qt.MouseButton.MiddleButton
        if middle or (event.button() == Qt.MouseButton.LeftButton and not self._paints):
            self._pan_from = event.position()
            self._update_pointer()
        elif event.button() == Qt.MouseButton.LeftButton and self._snapshot.selection is not None:
            self._start_stroke(event)

    def _start_stroke(self, event: QMouseEvent) -> None:
        assert self._snapshot.selection is not None
        cells = self._snapshot.selection.cells
        row, column = self._view.to_cells(event.position().x(), event.position().y(), *cells.shape)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        mode = stroke_mode(self._tool, shift, bool(event.modifiers() & _SUBTRACT))
        self._stroke = start_stroke(cells, mode, self._brush_size, row, column)
        self._document.set_cells(self._stroke.cells)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the stroke on, move the picture, or show what the brush would take."""
        old, self._pointer = self._pointer, event.position()
        self._cursor_shown = False
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
        """End the stroke or pan."""
        self._stroke = None
        self._pan_from = None
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
        self.hover_changed.emit(cell)

    def _update_pointer(self) -> None:
        if self._pan_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.CrossCursor if self._paints else Qt.CursorShape.OpenHandCursor)

    # -- keys --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans, arrows move the cell cursor, X toggles its cell, Esc takes a stroke back."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = True
            self._update_pointer()
        elif key in _ARROWS and self._snapshot.selection is not None:
            rows, columns = self._snapshot.selection.cells.shape
            down, right = _ARROWS[key]
            self._cursor = ((self._cursor[0] + down) % rows, (self._cursor[1] + right) % columns)
            self._cursor_shown = True
            self.update()
        elif key == Qt.Key.Key_X and self._snapshot.selection is not None:
            cells = self._snapshot.selection.cells.copy()
            cells[self._cursor] = 0 if cells[self._cursor] else 1
            self._cursor_shown = True
            self._document.set_cells(cells)
        elif key == Qt.Key.Key_Escape and self._stroke is not None:
            self._document.set_cells(self._stroke.before)
            self._stroke = None
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting go of Space takes the tool back in hand."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = False
            self._update_pointer()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys released elsewhere are not heard of."""
        super().focusOutEvent(event)
        self._space_held = False
        self._update_pointer()
        self.update()
