"""The ways to look at a picture: compared with another, or through the influence of a cell; one at a time."""

from PySide6.QtCore import QObject, Signal

from sni_desktop.activities.comparing import Comparing, Comparison
from sni_desktop.activities.influencing import InfluenceShown, Influencing
from sni_desktop.document import Document


class Seeing(QObject):
    """Owns both activities; opening one puts the other away, but what is held shows over either."""

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.comparing: Comparing = Comparing(document)
        self.influencing: Influencing = Influencing(document)
        self.comparing.changed.connect(self._follow_comparison)
        self.influencing.changed.connect(self._follow_influence)

    @property
    def is_on(self) -> bool:
        """True while the picture is looked at in one of these ways."""
        return self.comparing.now.is_on or self.influencing.now.is_on

    def leave(self) -> None:
        """Show the picture alone."""
        self.comparing.leave()
        self.influencing.leave()

    def _follow_comparison(self, now: Comparison) -> None:
        if now.view != "off":
            self.influencing.leave()
        self.changed.emit()

    def _follow_influence(self, now: InfluenceShown) -> None:
        if now.is_on and self.comparing.now.view != "off":
            self.comparing.toggle(self.comparing.now.view)
        self.changed.emit()
