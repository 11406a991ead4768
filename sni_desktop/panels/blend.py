"""The blend panel: a reference, and the two ways to move toward it: by codes, or by the style of one part."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from sni_desktop.activities.blend import Blend
from sni_desktop.activities.references import References
from sni_desktop.activities.transfer import Transfer
from sni_desktop.document import Document
from sni_desktop.panels.blend_page import BlendPage
from sni_desktop.panels.groups import chip, divider, row
from sni_desktop.panels.references import ReferenceBox
from sni_desktop.panels.transfer import TransferPage
from sni_desktop.snapshot import Notice
from sni_desktop.theme import Theme


class BlendPanel(QScrollArea):
    """Holds a page for each way; a project dropped anywhere on it becomes the reference."""

    def __init__(
        self, document: Document, references: References, blend: Blend, transfer: Transfer, theme: Theme
    ) -> None:
        super().__init__()
        self._document = document
        self._references = references
        self.box: ReferenceBox = ReferenceBox(document, references, theme)
        self._transfer = transfer
        self._is_seen = False
        self._codes = BlendPage(document, references, blend, theme, self._reveal)
        self._part = TransferPage(document, transfer, theme, self._reveal)
        self._pages: dict[str, QWidget] = {"codes": self._codes, "part": self._part}
        self._ways = self._make_ways()
        self._lay_out()
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it has the keys
        self.show_way("codes")

    def show_way(self, name: str) -> None:
        """Show the page of one way: "codes" or "part"."""
        self._ways[name].setChecked(True)
        for way, page in self._pages.items():
            page.setVisible(way == name)
        self.wake(self._is_seen)

    def wake(self, is_seen: bool) -> None:
        """Let the way in sight get ready, or neither; the owner tells whether the panel is seen."""
        self._is_seen = is_seen
        self._transfer.wake(is_seen and not self._part.isHidden())

    # -- building ----------------------------------------------------------------------------------------------------

    def _make_ways(self) -> dict[str, QPushButton]:
        words = {
            "codes": (self.tr("Blend codes"), self.tr("Move codes of the face, or of cells, toward the reference's.")),
            "part": (self.tr("Part style"), self.tr("Give one part, such as hair, the look it has in the reference.")),
        }
        group = QButtonGroup(self)
        made = {}
        for name, (text, tip) in words.items():
            made[name] = chip(f"way-{name}", text, tip, lambda name=name: self.show_way(name))  # type: ignore[misc]
            made[name].setCheckable(True)
            group.addButton(made[name])
        return made

    def _lay_out(self) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(14, 8, 14, 14)
        layout.setSpacing(8)
        layout.addWidget(self.box)
        layout.addWidget(divider())
        layout.addLayout(row(*self._ways.values()))
        for page in self._pages.values():
            layout.addWidget(page)
        layout.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _reveal(self, widget: QWidget) -> None:
        """Bring what was folded away into view, later, when it has its place."""
        QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(widget, 0, 8))

    # -- dropping ----------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, and say what dropping them here means."""
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the dropped project's face as the reference; of several files the first, and say so."""
        paths = local_files(event.mimeData())
        if not paths:
            return
        event.acceptProposedAction()
        self._document.dismiss_notice()
        self._references.take_project(paths[0])
        if len(paths) > 1 and self._document.snapshot.notice is None:
            title = self.tr("Only {name} is taken: there is one reference at a time.")
            self._document.tell(Notice("info", title.replace("{name}", paths[0].name)))


def local_files(data: QMimeData) -> list[Path]:
    """Return the files that are being dropped."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
