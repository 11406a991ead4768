"""The dock of the candidates: introduces their activity, their panel and their keys to each other."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDockWidget, QWidget

from sni_desktop.activities.candidates import Candidates
from sni_desktop.commands.command import Scope
from sni_desktop.commands.digits import add_digits
from sni_desktop.document import Document
from sni_desktop.panels.candidates import CandidatesPanel
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme


class ChoosingDock(QDockWidget):
    """Comes when candidates are asked for. scopes: where the keys count that are not the whole window's."""

    asked = Signal()
    reference_asked = Signal(object, str)  # a candidate to move toward or to paint from, and its name

    def __init__(self, document: Document, canvas: QWidget, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Candidates"))
        self.setObjectName("candidates")
        self.candidates: Candidates = Candidates(document, settings.candidates)
        self._panel = CandidatesPanel(document, self.candidates, theme, settings.whole_candidates)
        self._panel.count_chosen.connect(lambda count: setattr(settings, "candidates", count))
        self._panel.whole_chosen.connect(lambda whole: setattr(settings, "whole_candidates", whole))
        self.setWidget(self._panel)
        self._tiles = self._panel.tiles
        self._tiles.reference_asked.connect(self._offer_reference)
        self.scopes: dict[Scope, list[QWidget]] = {"picking": [canvas, self._tiles], "strip": [self._tiles]}
        add_digits(self.scopes["picking"], self._pick)
        self.visibilityChanged.connect(self._follow)

    @property
    def in_use(self) -> bool:
        """False while the dock is closed: nobody picks what cannot be seen."""
        return not self.isHidden()

    def _pick(self, index: int) -> None:
        if self.in_use:
            self.candidates.pick(index)

    def _offer_reference(self, row: int) -> None:
        name = self.tr("Candidate {number}").replace("{number}", str(row + 1))
        self.reference_asked.emit(self.candidates.snapshot.items[row], name)

    def _follow(self) -> None:
        """Closing the dock leaves what was looked at."""
        if self.isHidden():
            self.leave()

    def ask(self) -> None:
        """Draw candidates for the selection, and show where they come to."""
        self.asked.emit()
        self.show()
        self.raise_()
        self.candidates.ask()

    def leave(self) -> bool:
        """Show the current step again; says whether anything else was on the canvas."""
        strip = self.candidates.snapshot
        was_looking = strip.previewed is not None or strip.mix is not None
        self.candidates.restore()
        return was_looking

    def toggle_star(self) -> bool:
        """Star the candidate on the canvas, when the keys go to the tiles; says whether they do."""
        mine = self._tiles.hasFocus() and self.candidates.snapshot.previewed is not None
        if mine:
            self.candidates.toggle_star()
        return mine
