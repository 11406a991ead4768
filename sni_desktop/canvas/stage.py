"""What is seen of the canvas: the picture and the layers upon it, at a zoom."""

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sni_desktop.canvas.layers import Layer, Place, Scene, Veil, grid_shape
from sni_desktop.canvas.locks import LocksLayer
from sni_desktop.canvas.look import Look
from sni_desktop.canvas.marks import Marks
from sni_desktop.canvas.overlay import make_mesh
from sni_desktop.canvas.pictures import PicturePainter, PictureSource, show_step
from sni_desktop.canvas.repaint import looks_different
from sni_desktop.canvas.standard import GridLayer, SelectionLayer
from sni_desktop.canvas.toolbox import Toolbox
from sni_desktop.canvas.tools.hand import Hand
from sni_desktop.canvas.tools.tool import Point
from sni_desktop.canvas.viewport import Viewport
from sni_desktop.canvas.waiting import Spinner, paint_waiting
from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme

NO_KEYS = Qt.KeyboardModifier.NoModifier


class Stage(QWidget):
    """Paints what the document shows, with the tools that `CanvasView` lets work upon it; it hears nobody itself."""

    zoom_changed = Signal(float)  # percent

    def __init__(self, document: Document, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._snapshot: Snapshot = document.snapshot
        self._view = Viewport(self.width(), self.height())
        self._picture = PicturePainter()
        self._picture_source: PictureSource = show_step
        self._tools = Toolbox(Hand(lambda dx, dy: self._set_view(self._view.pan(dx, dy))))
        self._keys = NO_KEYS
        self._pointer: QPointF | None = None
        self._veil: Veil = "none"
        self._grid = GridLayer()
        self._layers: dict[Place, list[Layer]] = {place: [] for place in Place}
        self._selection, self._locks = SelectionLayer(), LocksLayer()
        self._marks = Marks(self._grid, self._selection, self._locks)
        self._spinner = Spinner(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else the window paints itself below, each time
        self.setMinimumSize(240, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        document.changed.connect(self._show)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the size the window starts with."""
        return QSize(640, 640)

    # -- what others add ---------------------------------------------------------------------------------------------

    def add_layer(self, layer: Layer, place: Place, changed: SignalInstance | None = None) -> None:
        """Draw something over the picture; changed: a signal that asks for the canvas to be painted anew."""
        self._layers[place].append(layer)
        if changed is not None:
            changed.connect(self.repaint_soon)

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
        parts = self._picture_source(self._snapshot)
        picture = self._picture_area if len(parts) == 1 and parts[0].is_whole else QRect()
        if not picture.contains(event.rect()):
            painter.fillRect(event.rect(), self._theme.colour("canvas"))
        if not parts:
            paint_waiting(painter, self.rect(), self._theme, self._spinner.angle, self._snapshot.has_face)
            return
        scene = self._scene()
        if picture.isEmpty() or event.region().intersects(picture):
            self._picture.paint(painter, scene, parts)
        for layer in self._order():
            painter.save()
            layer.paint(painter, scene)
            painter.restore()

    @property
    def _picture_area(self) -> QRect:
        """What the picture covers of the widget; nothing where its edges are not on whole logical pixels."""
        ratio = self.devicePixelRatioF()
        edges = [round(edge * ratio) / ratio for edge in (self._view.left, self._view.top, self._view.side)]
        if not (ratio.is_integer() and all(edge.is_integer() for edge in edges)):
            return QRect()
        left, top, side = (int(edge) for edge in edges)
        return QRect(left, top, side, side).intersected(self.rect())

    def _scene(self) -> Scene:
        ratio, shape = self.devicePixelRatioF(), grid_shape(self._snapshot)
        mesh = None if shape is None else make_mesh(self._view, *shape, ratio)
        point = self._pointed
        at = None if point is None or mesh is None else (point.row, point.column)
        busy = self._tools.working is not None
        theme, keys, veil = self._theme, self._keys, self._veil
        return Scene(self._snapshot, mesh, self._view, ratio, theme, at, keys, busy, veil, self._cursor_cell)

    @property
    def _cursor_cell(self) -> tuple[int, int] | None:
        """The cell that the keys are on; the stage itself hears none."""
        return None

    def _order(self) -> list[Layer]:
        """Return the layers from the picture upwards."""
        over_picture, over_selection, on_top = (self._layers[place] for place in Place)
        if self._veil == "full":
            return on_top
        tool = self._tools.tool_at(None)
        return [*over_picture, self._marks, *over_selection, *self._tools.handles, tool, *on_top]

    def _show(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        waits = snapshot.picture is None and snapshot.busy and self.isVisible()
        if waits != self._spinner.isActive():
            self._spinner.start() if waits else self._spinner.stop()
        sides = [None if one.picture is None else one.picture.shape[0] for one in (before, snapshot)]
        if sides[0] != sides[1]:  # another model's picture fills the same square at another zoom
            self._tell_zoom()
        self._keep_to_grid(before)
        if before.picture is not snapshot.picture:
            # at once: the picture is what the person waits for, the panels' turn is after it. What lies around it is
            # painted along only if it may have changed
            stays = not looks_different(before, snapshot, ("history", "picture")) and not self._picture_area.isEmpty()
            self.repaint(self._picture_area) if stays else self.repaint()
        elif looks_different(before, snapshot):
            self.update()

    def _keep_to_grid(self, before: Snapshot) -> None:
        """Nothing here depends on the grid; hands and cell cursor do."""

    def showEvent(self, event: QShowEvent) -> None:
        """Start the waiting ring if there is something to wait for."""
        super().showEvent(event)
        self._show(self._snapshot)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing moves while nobody sees it."""
        super().hideEvent(event)
        self._spinner.stop()

    def event(self, event: QEvent) -> bool:
        """Another screen may have smaller pixels: the same picture is another zoom there."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._tell_zoom()
        return super().event(event)

    # -- where things are --------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture fitted, or its middle in the middle."""
        super().resizeEvent(event)
        self._set_view(self._view.resize(self.width(), self.height()))

    def _set_view(self, view: Viewport) -> None:
        self._view = view
        self._tell_zoom()
        self.update()

    def _tell_zoom(self) -> None:
        if self._snapshot.picture is not None:
            self.zoom_changed.emit(self._view.percent(self._snapshot.picture.shape[0], self.devicePixelRatioF()))

    def _point(self, place: QPointF, keys: Qt.KeyboardModifier) -> Point:
        rows, columns = grid_shape(self._snapshot) or (1, 1)
        y, x = self._view.to_cells(place.x(), place.y(), 1, 1)
        return Point(place, x, y, rows, columns, keys)

    @property
    def _pointed(self) -> Point | None:
        """Where the pointer is, None when it is elsewhere."""
        return None if self._pointer is None else self._point(self._pointer, self._keys)
