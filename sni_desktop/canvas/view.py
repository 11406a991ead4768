"""The canvas: what is seen on the stage, and hands for it: mouse and keys go to the tool in hand."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent

from sni_desktop.activities.painting import Painting
from sni_desktop.canvas.cursor import CellCursor
from sni_desktop.canvas.layers import Place, grid_shape
from sni_desktop.canvas.stage import NO_KEYS, Stage
from sni_desktop.canvas.toolbox import HELD
from sni_desktop.canvas.tools.choosing import Mode, make_tools
from sni_desktop.canvas.tools.tool import Handle, Tool
from sni_desktop.canvas.wheel import pinch, turn_wheel
from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme


class CanvasView(Stage):
    """Works on what the document shows. Others add layers, tools, handles, and a source of other pictures."""

    tool_changed = Signal(str)
    hover_changed = Signal(object)  # (row, column) or None
    pointer_changed = Signal(object)  # (x, y) in fractions of the picture, perhaps outside it, or None

    def __init__(self, document: Document, theme: Theme, painting: Painting | None = None) -> None:
        super().__init__(document, theme)
        self.painting: Painting = painting or Painting()
        self._hovered: tuple[int, int] | None = None
        self.mode: Mode = Mode()
        self._cursor = CellCursor(document, self, self.painting)
        self._cursor.moved.connect(self._follow_cursor)
        self._cursor.taker = lambda cell: self._cell_takers.get(self.tool, lambda _: False)(cell)
        self._cell_takers: dict[str, Callable[[tuple[int, int]], bool]] = {}
        self._cursor.namer = lambda cell: self._cell_namers.get(self.tool, lambda _: "")(cell)
        self._cell_namers: dict[str, Callable[[tuple[int, int]], str]] = {}
        self._layers[Place.ON_TOP] += [self._cursor]
        for tool in make_tools(document, self.painting):
            self._tools.add(tool)
        self._tools.take("brush")
        self._prepare()
        self.painting.changed.connect(self.repaint_soon)

    def _prepare(self) -> None:
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Picture"))
        text = self.tr("Paint cells to select them. Arrow keys move a cursor, X selects, Shift with an arrow adds.")
        self.setAccessibleDescription(text)
        self._update_pointer()

    # -- tools -------------------------------------------------------------------------------------------------------

    def add_tool(self, tool: Tool) -> None:
        """Let `set_tool` take a tool by its name."""
        self._tools.add(tool)

    def add_handle(self, handle: Handle) -> None:
        """Ask a handle, before the tool in hand, whether a press is for it; handles are drawn above the tool."""
        self._tools.handles.append(handle)

    def set_cell_taker(
        self, tool: str, taker: Callable[[tuple[int, int]], bool], namer: Callable[[tuple[int, int]], str]
    ) -> None:
        """Let the cell cursor do something else to its cell while a tool is in hand; taker: says whether it did;
        namer: says what it would take there, to who cannot see it.
        """
        self._cell_takers[tool], self._cell_namers[tool] = taker, namer

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

    def _keep_to_grid(self, before: Snapshot) -> None:
        """Another model may have another grid: a gesture begun on the old one ends, the cursor stays inside."""
        old, new = grid_shape(before), grid_shape(self._snapshot)
        if old != new:
            self._end_gesture(cancelled=True)
        if new is not None:
            self._cursor.keep_inside(*new)

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the gesture under way before it belongs to the window; two fingers zoom."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape and self._tools.working is not None:
                event.accept()
                return True
        elif isinstance(event, QNativeGestureEvent):
            return self._pinch(event)
        return super().event(event)

    # -- mouse -------------------------------------------------------------------------------------------------------

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

    @property
    def _cursor_cell(self) -> tuple[int, int] | None:
        """The cell that the keys are on, None while that is not shown."""
        return self._cursor.cell if self._cursor.shown and self.hasFocus() else None

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
        self._hold(NO_KEYS)
        self._update_pointer()
        self.update()
