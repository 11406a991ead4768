"""The edit panel's group about the amount: how far an edit goes, dragged with drafts on the way."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from sni_desktop.document import Document
from sni_desktop.panels.groups import chip, heading, keep_room, row
from sni_desktop.panels.live import LiveSlider
from sni_desktop.snapshot import Snapshot


class AmountGroup(QWidget):
    """Writes to the document at once; shows what the document says."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._slider = self._make_slider()
        self._percent = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._percent.setMinimumWidth(self._percent.fontMetrics().horizontalAdvance("100 %"))
        self._usual = chip(
            "usual-amount",
            "↺",  # a word would take half of the slider's room
            self.tr("Back to 100 %, as at the start"),
            lambda: document.set_amount(1.0),
        )
        self._usual.setAccessibleName(self.tr("Reset the amount"))
        keep_room(self._usual)
        layout = row(heading(self.tr("Amount")), self._slider, self._percent, self._usual)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        document.refreshed.connect(self._show)
        self._show(document.snapshot)

    def _make_slider(self) -> LiveSlider:
        slider = LiveSlider("amount", 100)
        slider.setAccessibleName(self.tr("Amount"))
        slider.setToolTip(
            self.tr("How far the selection moves to its new codes. Drag after resampling to try less of the same.")
        )
        slider.moved.connect(self._slide)
        slider.let_go.connect(lambda value: self._document.release_amount(value / 100))
        slider.abandoned.connect(self._document.drop_drag)
        return slider

    def _slide(self, value: int) -> None:
        self._document.drag_amount(value / 100)
        self._show(self._document.snapshot)  # a drag that is over moves nothing

    def _show(self, now: Snapshot) -> None:
        percent = round(now.amount * 100)
        self._slider.show_value(percent)
        self._percent.setText(f"{percent} %")
        self._usual.setVisible(percent != 100 and now.has_face)
        self._slider.setEnabled(now.has_face)
