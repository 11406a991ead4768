"""The canvas: shows the picture with its layers, and hands mouse and keys to the tool in hand."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal, SignalInstance
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

from sni_desktop.activities.painting import Painting
from sni_desktop.canvas.cursor import CellCursor
from sni_desktop.canvas.layers import Layer, Place, Scene, Veil, grid_shape
from sni_desktop.canvas.locks import LocksLayer
from sni_desktop.canvas.look import Look
from sni_desktop.canvas.overlay import make_mesh
from sni_desktop.canvas.pictures import PicturePainter, PictureSource, show_step
from sni_desktop.canvas.repaint import looks_different
from sni_desktop.canvas.standard import GridLayer, SelectionLayer
from sni_desktop.canvas.toolbox import HELD, Toolbox
from sni_desktop.canvas.tools.choosing import Mode, make_tools
from sni_desktop.canvas.tools.hand import Hand
from sni_desktop.canvas.tools.tool import Handle, Point, Tool
from sni_desktop.canvas.viewport import Viewport
from sni_desktop.canvas.waiting import Spinner, paint_waiting
from sni_desktop.canvas.wheel import pinch, turn_wheel
from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme

_NO_KEYS = Qt.KeyboardModifier.NoModifier


class CanvasView(QWidget):
    """Paints what the document shows. Others add layers, tools, handles, and a source of other pictures."""

    tool_changed = Signal(str)
    zoom_changed = Signal(float)  # percent
    hover_changed = Signal(object)  # (row, column) or None
    pointer_changed = Signal(object)  # (x, y) in fractions of the picture, perhaps outside it, or None

    def __init__(self, document: Document, theme: Theme, painting: Painting | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._snapshot: Snapshot = document.snapshot
        self.painting: Painting = painting or Painting()
        self._view = Viewport(self.width(), self.height())
        self._picture = PicturePainter()
        self._picture_source: PictureSource = show_step
        self._tools = Toolbox(Hand(lambda dx, dy: self._set_view(self._view.pan(dx, dy))))
        self._keys = _NO_KEYS
        self._pointer: QPointF | None = None
        self._hovered: tuple[int, int] | None = None
        self._veil: Veil = "none"
        self.mode: Mode = Mode()
        self._grid = GridLayer()
        self._cursor = CellCursor(document, self, self.painting)
        self._cursor.moved.connect(self._follow_cursor)
        self._layers: dict[Place, list[Layer]] = {place: [] for place in Place}
        self._layers[Place.ON_TOP] += [self._cursor]
        self._selection, self._locks = SelectionLayer(), LocksLayer()
        self._spinner = Spinner(self)
        for tool in make_tools(document, self.painting):
            self._tools.add(tool)
        self._tools.take("brush")
        self._prepare()
        document.changed.connect(self._show)
        theme.changed.connect(self.update)
        self.painting.changed.connect(self.repaint_soon)

    def _prepare(self) -> None:
        self.setMouseTracking(True)
        self.setMinimumSize(240, 240)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else the window paints itself below, each time
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Picture"))
        text = self.tr("Paint cells to select them. Arrow keys move a cursor, X selects, Shift with an arrow adds.")
        self.setAccessibleDescription(text)
        self._update_pointer()

    def sizeHint(self) -> QSize:
        """Return the size the window starts with."""
        return QSize(640, 640)

    # -- what others add ---------------------------------------------------------------------------------------------

    def add_layer(self, layer: Layer, place: Place, changed: SignalInstance | None = None) -> None:
        """Draw something over the picture; changed: a signal that asks for the canvas to be painted anew."""
        self._layers[place].append(layer)
        if changed is not None:
            changed.connect(self.repaint_soon)

    def add_tool(self, tool: Tool) -> None:
        """Let `set_tool` take a tool by its name."""
        self._tools.add(tool)

    def add_handle(self, handle: Handle) -> None:
        """Ask a handle, before the tool in hand, whether a press is for it; handles are drawn above the tool."""
        self._tools.handles.append(handle)

    def set_picture_source(self, source: PictureSource | None, changed: SignalInstance | None = None) -> None:
        """Show what a source makes of the snapshot, rather than the snapshot's picture; None shows that again.

        changed: a signal that asks for the canvas to be painted anew.
        """
        self._picture_source = source or show_step
        if changed is not None:
            changed.connect(self.repaint_soon)
        self.update()

    def set_veil(self, veil: Veil) -> None:
        """Let what lies over the picture give way to it, more or less."""
        self._veil = veil
        self.update()

    def repaint_soon(self, *_: object) -> None:
        """Paint again when the event loop comes to it; any signal may be connected."""
        self.update()

    # -- what commands use -------------------------------------------------------------------------------------------

    @property
    def tool(self) -> str:
        """The name of the tool in hand."""
        return self._tools.in_hand.name

    def set_tool(self, name: str) -> None:
        """Take another tool."""
        self._tools.take(name)
        self._update_pointer()
        self.update()
        self.tool_changed.emit(name)

    @property
    def grid_visible(self) -> bool:
        """Whether the grid is drawn."""
        return self._grid.visible

    def set_grid_visible(self, visible: bool) -> None:
        """Draw the grid or not."""
        self._grid.visible = visible
        self.update()

    @property
    def look(self) -> Look:
        """How selection and locks are drawn."""
        return self._selection.look

    def set_look(self, look: Look) -> None:
        """Draw selection and locks another way."""
        self._selection.look = self._locks.look = look
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
        parts = self._picture_source(self._snapshot)
        if not parts:
            paint_waiting(painter, self.rect(), self._theme, self._spinner.angle, self._snapshot.has_face)
            return
        scene = self._scene()
        self._picture.paint(painter, scene, parts)
        for layer in self._order():
            painter.save()
            layer.paint(painter, scene)
            painter.restore()

    def _scene(self) -> Scene:
        ratio, shape = self.devicePixelRatioF(), grid_shape(self._snapshot)
        mesh = None if shape is None else make_mesh(self._view, *shape, ratio)
        point = self._pointed
        at = None if point is None or mesh is None else (point.row, point.column)
        busy = self._tools.working is not None
        return Scene(self._snapshot, mesh, self._view, ratio, self._theme, at, self._keys, busy, self._veil)

    def _order(self) -> list[Layer]:
        """Return the layers from the picture upwards."""
        over_picture, over_selection, on_top = (self._layers[place] for place in Place)
        if self._veil == "full":
            return on_top
        tool = self._tools.tool_at(None)
        marks = (self._grid, self._selection, self._locks)
        return [*over_picture, *marks, *over_selection, *self._tools.handles, tool, *on_top]

    def _show(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        waits = snapshot.picture is None and snapshot.busy and self.isVisible()
        if waits != self._spinner.isActive():
            self._spinner.start() if waits else self._spinner.stop()
        if before.picture is None and snapshot.picture is not None:
            self._tell_zoom()
        self._keep_to_grid(before)
        if before.picture is not snapshot.picture:
            self.repaint()  # at once: the picture is what the person waits for, the panels' turn is after it
        elif looks_different(before, snapshot):
            self.update()

    def _keep_to_grid(self, before: Snapshot) -> None:
        """Another model may have another grid: a gesture begun on the old one ends, the cursor stays inside."""
        old, new = grid_shape(before), grid_shape(self._snapshot)
        if old != new:
            self._end_gesture(cancelled=True)
        if new is not None:
            self._cursor.keep_inside(*new)

    def showEvent(self, event: QShowEvent) -> None:
        """Start the waiting ring if there is something to wait for."""
        super().showEvent(event)
        self._show(self._snapshot)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing moves while nobody sees it."""
        super().hideEvent(event)
        self._spinner.stop()

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the gesture under way before it belongs to the window; two fingers zoom."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape and self._tools.working is not None:
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
        """Zoom or pan, but hold still under a tool at work."""
        if self._tools.working is None:
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

    def _point(self, place: QPointF, keys: Qt.KeyboardModifier) -> Point:
        rows, columns = grid_shape(self._snapshot) or (1, 1)
        y, x = self._view.to_cells(place.x(), place.y(), 1, 1)
        return Point(place, x, y, rows, columns, keys)

    @property
    def _pointed(self) -> Point | None:
        """Where the pointer is, None when it is elsewhere."""
        return None if self._pointer is None else self._point(self._pointer, self._keys)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture."""
        point = self._point(event.position(), event.modifiers())
        self._hold(event.modifiers())
        if self._tools.press(point, event.button(), self._snapshot.selection is not None):
            self._update_pointer()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or show what a press would take."""
        old, self._pointer = self._pointer, event.position()
        self._hold(event.modifiers())
        self._cursor.shown = False
        if not event.buttons() & HELD:
            self._end_gesture()  # it was let go over a dialog that came in between
        if self._tools.working is not None:
            self._tools.working.move(self._point(event.position(), event.modifiers()))
        self._update_pointer()
        self._tell_hover()
        if old != self._pointer:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture when its own button is let go."""
        if not event.buttons() & HELD:
            self._end_gesture()

    def _end_gesture(self, cancelled: bool = False) -> None:
        if self._tools.end(cancelled):
            self.mode.watch(self._tools.tool_at(None), self._keys)
            self._update_pointer()
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget where the pointer was."""
        self._pointer = None
        self._tell_hover()
        self.update()

    def _tell_hover(self) -> None:
        point = self._pointed
        self.pointer_changed.emit(None if point is None else (point.x, point.y))
        self._tell_cell(None if point is None or self._snapshot.selection is None else point.cell)

    def _tell_cell(self, cell: tuple[int, int] | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.hover_changed.emit(cell)

    def _update_pointer(self) -> None:
        shape = self._tools.tool_at(self._pointed).cursor
        if shape != self.cursor().shape():
            self.setCursor(shape)

    # -- keys --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans, Esc takes a gesture back; arrows and X are the cell cursor's."""
        self._hold(event.modifiers())
        if event.key() == Qt.Key.Key_Space:
            self._hold_space(event, held=True)
        elif event.key() == Qt.Key.Key_Escape and self._tools.working is not None:
            self._end_gesture(cancelled=True)
        elif not self._cursor.take(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Letting go of Space takes the tool back in hand."""
        self._hold(event.modifiers())
        if event.key() == Qt.Key.Key_Space:
            self._hold_space(event, held=False)
        else:
            super().keyReleaseEvent(event)

    def _hold_space(self, event: QKeyEvent, held: bool) -> None:
        """Held it pans; let go without that, it selects at the cell cursor, if that is shown."""
        if not event.isAutoRepeat():
            if self._tools.hold_hand(held) and self._cursor.shown:
                self._cursor.toggle()
            self._update_pointer()
            self.update()

    def _hold(self, keys: Qt.KeyboardModifier) -> None:
        """The tool's outline shows beforehand what a press would do."""
        if keys != self._keys:
            self._keys = keys
            self.mode.watch(self._tools.tool_at(None), self._keys)
            self.update()

    def _follow_cursor(self, cell: tuple[int, int]) -> None:
        self._tell_cell(cell)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes by keys sees where the keys will act."""
        super().focusInEvent(event)
        by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._cursor.shown = self._cursor.shown or by_keys
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys released elsewhere are not heard of."""
        super().focusOutEvent(event)
        self._tools.hold_hand(False)
        self._hold(_NO_KEYS)
        self._update_pointer()
        self.update()
