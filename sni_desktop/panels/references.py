"""The reference in use, where another can come from, seeds dealt to choose from, and those used lately."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sni_desktop.activities.references import DEALT, SHELF, Deal, Reference, References, ReferenceState
from sni_desktop.document import Document
from sni_desktop.panels.faces import FaceButton
from sni_desktop.panels.groups import chip, heading
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_desktop.words import name_seed

_LARGE_PX, _DEALT_PX, _SMALL_PX = 64, 60, 34  # three or six stand side by side, and all with the button below them
_ICON_PX = 18
_ACROSS_SMALL, _ACROSS_DEALT = 6, 3


class ReferenceBox(QWidget):
    """Writes to `References`, which tells what to show. Files and seeds are asked for by the window."""

    seed_asked = Signal()
    file_asked = Signal()

    def __init__(self, document: Document, references: References, theme: Theme) -> None:
        super().__init__()
        self._document = document
        self._references = references
        self._theme = theme
        self._large = FaceButton(theme, _LARGE_PX, "face-man-outline")
        self._large.setObjectName("reference")
        self._large.watched.connect(self._watch)
        self._name = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._name.setObjectName("reference-name")
        self._name.setProperty("role", "heading")
        self._hint = QLabel(wordWrap=True)
        self._hint.setProperty("role", "quiet")
        self._buttons = self._make_buttons()
        self._sources = self._make_sources()
        self._deal_box, self._dealt = self._make_deals()
        self._shelf_box, self._shelf = self._make_shelf()
        self._lay_out()
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        document.refreshed.connect(self._enable)
        references.changed.connect(self._show)
        self._show(references.state)
        self._enable(document.snapshot)

    # -- building ----------------------------------------------------------------------------------------------------

    def _make_buttons(self) -> dict[str, QPushButton]:
        words = {
            "step": (self.tr("This step"), self.tr("Use the step on screen as the reference (Shift+K).")),
            "deal": (self.tr("Six seeds"), self.tr("Deal the faces of six fresh seeds to choose from.")),
            "seed": (self.tr("A seed…"), self.tr("Type a seed, and use its face.")),
            "file": (self.tr("A file…"), self.tr("Use another project's face; or drop its file here.")),
        }
        answers = {
            "step": self._references.take_current,
            "deal": self._references.deal,
            "seed": self.seed_asked.emit,
            "file": self.file_asked.emit,
        }
        return {name: chip(f"reference-{name}", text, tip, answers[name]) for name, (text, tip) in words.items()}

    def _make_deals(self) -> tuple[QWidget, list[FaceButton]]:
        box = QWidget()
        grid, faces = face_grid(self._theme, DEALT, _DEALT_PX, _ACROSS_DEALT, "dealt", "timer-sand")
        deal, end = self._references.deal, self._references.end_deal
        again = chip("deal-again", self.tr("Again"), self.tr("Deal six other seeds."), deal)
        done = chip("deal-done", self.tr("Done"), self.tr("Put the dealt faces away."), end)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(heading(self.tr("Six seeds")), 1)
        top.addWidget(again)
        top.addWidget(done)
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addLayout(grid)
        for index, face in enumerate(faces):
            face.clicked.connect(lambda _=False, at=index: self._take_deal(at))
        return box, faces

    def _make_shelf(self) -> tuple[QWidget, list[FaceButton]]:
        box = QWidget()
        grid, faces = face_grid(self._theme, SHELF, _SMALL_PX, _ACROSS_SMALL, "recent", "")
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(grid)
        for index, face in enumerate(faces):
            face.clicked.connect(lambda _=False, at=index: self._choose(at))
        return box, faces

    def _make_sources(self) -> QWidget:
        box = QWidget()
        layout = QGridLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for index, button in enumerate(self._buttons.values()):
            layout.addWidget(button, index // 2, index % 2)
        return box

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(2)
        side.addStretch(1)
        side.addWidget(self._name)
        side.addWidget(self._hint)
        side.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._large)
        top.addLayout(side, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        for box in (self._sources, self._deal_box, self._shelf_box):
            layout.addWidget(box)

    def _draw_icons(self) -> None:
        icons = {"step": "history", "deal": "dice-multiple-outline", "seed": "numeric", "file": "folder-open-outline"}
        for name, button in self._buttons.items():
            button.setIcon(self._theme.icon(icons[name]))

    # -- writing -----------------------------------------------------------------------------------------------------

    def _take_deal(self, at: int) -> None:
        deals = self._references.state.deals
        if at < len(deals):
            self._references.take_deal(deals[at])

    def _choose(self, at: int) -> None:
        shelf = self._references.state.shelf
        if at < len(shelf):
            self._references.choose(shelf[at])

    def _watch(self, held: bool) -> None:
        """Show the reference on the canvas while its picture is held down."""
        current = self._references.state.current
        if held and current is not None and current.picture is not None:
            self._document.preview(current.label, current.codes, current.picture)
        else:
            self._document.end_preview()

    # -- showing -----------------------------------------------------------------------------------------------------

    def _show(self, now: ReferenceState) -> None:
        current = now.current
        name = self.tr("No reference yet") if current is None else current.label
        self._name.setText(name)
        hint = self.tr("Take one below, or drop a project here.")
        self._hint.setText(hint if current is None else self.tr("Hold it down to see it large."))
        self._large.show_face(None if current is None else current.picture, name)
        self._large.setEnabled(current is not None)
        for box, shown in ((self._deal_box, now.deals), (self._sources, not now.deals)):
            box.setVisible(bool(shown))  # in the same place, so that what is below hardly moves
        for button, deal in zip(self._dealt, now.deals, strict=False):
            self._show_deal(button, deal, current)
        self._shelf_box.setVisible(len(now.shelf) > 1 and not now.deals)
        for index, button in enumerate(self._shelf):
            item = now.shelf[index] if index < len(now.shelf) else None
            button.setVisible(item is not None)
            if item is not None:
                text = self.tr("{name}, used lately").replace("{name}", item.label)
                button.show_face(item.picture, text, current is not None and item.codes == current.codes)

    def _show_deal(self, button: FaceButton, deal: Deal, current: Reference | None) -> None:
        text = name_seed(deal.seed)
        face = deal.face
        chosen = face is not None and current is not None and face.codes == current.codes
        button.show_face(None if face is None else face.picture, text, chosen)

    def _enable(self, now: Snapshot) -> None:
        self._buttons["step"].setEnabled(now.has_face)
        for name in ("deal", "seed", "file"):
            self._buttons[name].setEnabled(now.card is not None)


def face_grid(
    theme: Theme, count: int, side: int, across: int, name: str, empty: str
) -> tuple[QGridLayout, list[FaceButton]]:
    """Return faces in rows, and the layout they stand in."""
    grid = QGridLayout()
    grid.setSpacing(5)
    faces = [FaceButton(theme, side, empty) for _ in range(count)]
    for index, face in enumerate(faces):
        face.setObjectName(f"{name}-{index}")
        grid.addWidget(face, index // across, index % across)
    grid.setColumnStretch(across, 1)
    return grid, faces
