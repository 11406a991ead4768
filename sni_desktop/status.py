"""The status bar: what the pointer is on, how local the last edit was, progress with Cancel, zoom, device."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSizePolicy, QStatusBar, QWidget

from sni_desktop.activities.seeing import Seeing
from sni_desktop.document import Document
from sni_desktop.panels.change import describe_locality
from sni_desktop.panels.plain import plain
from sni_desktop.panels.still import StillLabel
from sni_desktop.save_waiting import LongSave
from sni_desktop.snapshot import Snapshot
from sni_desktop.words import fill
from sni_desktop.zoom import ZoomBox

_PATIENCE_MS = 250  # most edits are done before; a bar that only flashes would be noise
_DEVICE_PX = 280  # a model's name may be long
_GAP_PX = 10


class StatusBar(QStatusBar):
    """Quiet unless something runs."""

    cancel_asked = Signal()

    def __init__(self, document: Document, seeing: Seeing, long_save: LongSave) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.setContentsMargins(10, 0, 10, 0)
        self._locality = StillLabel()
        self._locality.setObjectName("locality")
        self._locality.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._seeing = seeing
        self._long_save = long_save
        self._cell: tuple[int, int] | None = None
        self._pointer: tuple[float, float] | None = None
        self._reads_map = False
        self._hover = QLabel()
        self._hover.setObjectName("hover")
        seeing.changed.connect(self._show_hover)
        self._progress = QProgressBar(maximum=100, textVisible=False)
        self._progress.setFixedSize(110, 8)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setObjectName("cancel")
        self._cancel.setFlat(True)
        self._cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        self._cancel.clicked.connect(lambda: self.cancel_asked.emit())
        self.zoom: ZoomBox = ZoomBox()
        self._device = StillLabel()
        self._device.setObjectName("device")
        self.addWidget(self._locality, 1)
        for widget in (self._hover, self._progress, self._cancel, self.zoom, self._device):
            widget.setProperty("role", "quiet")
            if isinstance(widget, QLabel):
                widget.setContentsMargins(_GAP_PX, 0, 0, 0)
            self.addPermanentWidget(widget)
        self._document = document
        self._hint = ""
        self._busy = False
        self._soon = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._soon.timeout.connect(lambda: self._show_work(True))
        self._show_work(False)
        document.refreshed.connect(self._show)
        long_save.changed.connect(lambda: self._show_text(document.snapshot))
        self._show(document.snapshot)

    def add_sign(self, sign: QWidget) -> None:
        """Show something of the window's before the rest on the right."""
        sign.setProperty("role", "quiet")
        self.insertPermanentWidget(1, sign)

    def set_hover(self, cell: tuple[int, int] | None) -> None:
        """Show the cell under the pointer, counted from 0 as the command line counts."""
        self._cell = cell
        self._show_hover()

    def set_pointer(self, place: tuple[float, float] | None) -> None:
        """Show what the map on screen says where the pointer is, in fractions of the picture."""
        self._pointer = place
        if self._reads_map or self._seeing.comparing.now.shown == "difference":
            self._show_hover()

    def _show_hover(self) -> None:
        cell, selection = self._cell, self._document.snapshot.selection
        parts = [] if cell is None else [fill(self.tr("row {row}, column {column}"), row=cell[0], column=cell[1])]
        if selection is not None and cell in {*zip(*selection.locked.nonzero(), strict=True)}:
            parts.append(self.tr("locked"))
        change = None if self._pointer is None else self._seeing.comparing.now.change_at(*self._pointer)
        self._reads_map = change is not None
        if change is not None:
            parts.append(f"ΔE {change:.1f}")
        self._hover.setText(" · ".join(parts))

    def set_mode(self, mode: str) -> None:
        """Say what the tool does by the keys held: "add", "subtract" or "intersect"; anything else says nothing."""
        hints = {
            "add": self.tr("Adds to the selection."),
            "subtract": self.tr("Takes from the selection."),
            "intersect": self.tr("Keeps what the selection and the new shape both have."),
        }
        self._hint = hints.get(mode, "")
        self._show_text(self._document.snapshot)

    def _show_text(self, now: Snapshot) -> None:
        text = self._hint or self._describe(now)
        if text == self._locality.text():
            return
        self._locality.setText(text)
        self._locality.setToolTip(text)  # the window may be too narrow for it

    def _show(self, now: Snapshot) -> None:
        self._show_text(now)
        self._show_hover()
        if now.busy and not self._busy:
            self._soon.start()
        elif not now.busy and self._busy:
            self._soon.stop()
            self._show_work(False)
        self._busy = now.busy
        if self._progress.isVisible():
            self._progress.setValue(round(now.progress.fraction * 100) if now.progress else 0)
            self._progress.setAccessibleName(now.progress.text if now.progress else "")
        self._show_device(now)

    def _show_device(self, now: Snapshot) -> None:
        device = now.device if not now.seconds else f"{now.device} · {now.seconds * 1000:.0f} ms"
        name = now.card.name if now.card else ""
        text = " · ".join(part for part in (name, device) if part)
        if text == self._device.toolTip():
            return
        self._device.setText(self._device.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, _DEVICE_PX))
        self._device.setToolTip(plain(text))

    def _show_work(self, visible: bool) -> None:
        self._progress.setVisible(visible)
        self._cancel.setVisible(visible)

    def _describe(self, now: Snapshot) -> str:
        if self._long_save.name:
            return self.tr("Saving {name}…").replace("{name}", self._long_save.name)
        if now.locality is not None:
            return describe_locality(now.locality)
        if now.progress is not None and now.picture is None:
            return now.progress.text + "…"
        return ""
