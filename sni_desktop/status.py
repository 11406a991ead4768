"""The status bar: what the pointer is on, how local the last edit was, progress with Cancel, zoom, device."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSizePolicy, QStatusBar

from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_engine.api.messages import Locality

_PATIENCE_MS = 250  # most edits are done before; a bar that only flashes would be noise
_DEVICE_PX = 280  # a model's name may be long
_GAP_PX = 10


class StatusBar(QStatusBar):
    """Quiet unless something runs."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.setContentsMargins(10, 0, 10, 0)
        self._locality = QLabel()
        self._locality.setObjectName("locality")
        self._locality.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._hover = QLabel()
        self._progress = QProgressBar(maximum=100, textVisible=False)
        self._progress.setFixedSize(110, 8)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setObjectName("cancel")
        self._cancel.setFlat(True)
        self._cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        self._cancel.clicked.connect(document.cancel)
        self._zoom = QLabel()
        self._device = QLabel()
        self._device.setObjectName("device")
        self.addWidget(self._locality, 1)
        for widget in (self._hover, self._progress, self._cancel, self._zoom, self._device):
            widget.setProperty("role", "quiet")
            if isinstance(widget, QLabel):
                widget.setContentsMargins(_GAP_PX, 0, 0, 0)
            self.addPermanentWidget(widget)
        self._busy = False
        self._soon = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._soon.timeout.connect(lambda: self._show_work(True))
        self._show_work(False)
        document.changed.connect(self._show)
        self._show(document.snapshot)

    def set_zoom(self, percent: float) -> None:
        """Show the zoom."""
        self._zoom.setText(f"{percent:.0f} %")

    def set_hover(self, cell: tuple[int, int] | None) -> None:
        """Show the cell under the pointer, counted from 0 as the command line counts."""
        self._hover.setText(
            "" if cell is None else self.tr("row {row}, column {column}").format(row=cell[0], column=cell[1])
        )

    def _show(self, now: Snapshot) -> None:
        locality = self._describe(now)
        self._locality.setText(locality)
        self._locality.setToolTip(locality)  # the window may be too narrow for it
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
        self._device.setText(self._device.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, _DEVICE_PX))
        self._device.setToolTip(text)

    def _show_work(self, visible: bool) -> None:
        self._progress.setVisible(visible)
        self._cancel.setVisible(visible)

    def _describe(self, now: Snapshot) -> str:
        if now.locality is not None:
            return describe_locality(self, now.locality)
        if now.progress is not None and now.picture is None:
            return now.progress.text + "…"
        return ""


def describe_locality(bar: QStatusBar, locality: Locality) -> str:
    """Return how much an edit changed, inside and outside the cells it reaches."""
    inside = f"{locality.inside:.1f}"
    if locality.outside is None:
        return bar.tr("Changed by {inside} ΔE on average; this edit reaches every cell.").format(inside=inside)
    outside = f"{locality.outside:.2f}"
    text = bar.tr("Changed by {inside} ΔE inside, {outside} outside").format(inside=inside, outside=outside)
    if locality.outside > 0:
        text += bar.tr(" ({ratio} times more inside)").format(ratio=f"{locality.inside / locality.outside:.1f}")
    return text
