"""A slider over the way from the first face to where redo ends: dragging it walks through the steps."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sni_desktop.document import Document
from sni_desktop.panels.slider import PointerSlider
from sni_desktop.panels.still import StillLabel
from sni_desktop.snapshot import Snapshot
from sni_engine.api.history import History


class ScrubSlider(QWidget):
    """Each position is a step; the steps beside the way are in the tree."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._history: History | None = None
        self._line: tuple[int, ...] = ()
        self._slider = PointerSlider()
        self._slider.setObjectName("scrub")
        self._slider.setAccessibleName(self.tr("Walk through the steps"))
        self._slider.setToolTip(self.tr("Walk through the steps"))
        self._slider.setPageStep(5)
        self._slider.valueChanged.connect(self._go)
        self._count = StillLabel()
        self._count.setProperty("role", "quiet")
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 10, 2)
        layout.addWidget(self._slider, 1)
        layout.addWidget(self._count)
        document.refreshed.connect(self._show)
        self._show(document.snapshot)

    def _show(self, now: Snapshot) -> None:
        if now.history is self._history:
            return
        self._history = now.history
        self._line = () if now.history is None else tuple(node.id for node in now.history.line())
        at = 0 if now.history is None else self._line.index(now.history.current_id)
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, max(len(self._line) - 1, 0))
            self._slider.setValue(at)
        self.setEnabled(len(self._line) > 1)
        self._count.setText(f"{at} / {max(len(self._line) - 1, 0)}")
        room = self._count.fontMetrics().horizontalAdvance(f"{len(self._line)} / {len(self._line)}")
        if room > self._count.minimumWidth():
            self._count.setMinimumWidth(room)  # so that the slider does not move under the pointer

    def _go(self, value: int) -> None:
        if self._history is not None and value < len(self._line) and self._line[value] != self._history.current_id:
            self._document.go_to(self._line[value])
