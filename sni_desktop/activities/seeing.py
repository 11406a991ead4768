"""The ways to look at a picture: compared with another, by the influence of a cell, or by parts; one at a time."""

from PySide6.QtCore import QObject, Signal

from sni_desktop.activities.comparing import Comparing, Comparison
from sni_desktop.activities.influencing import InfluenceShown, Influencing
from sni_desktop.activities.parts import Parts, PartsState
from sni_desktop.document import Document


class Seeing(QObject):
    """Owns the activities; opening one puts the others away, but what is held shows over any."""

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.comparing: Comparing = Comparing(document)
        self.influencing: Influencing = Influencing(document)
        self.parts: Parts = Parts(document)
        self._shows_parts = False
        self.comparing.changed.connect(self._follow_comparison)
        self.influencing.changed.connect(self._follow_influence)
        self.parts.changed.connect(self._follow_parts)

    @property
    def is_on(self) -> bool:
        """True while the picture is looked at in one of these ways."""
        return self.comparing.now.is_on or self.influencing.now.is_on or self.parts.state.is_on

    def leave(self) -> None:
        """Show the picture alone."""
        self.comparing.leave()
        self.influencing.leave()
        self.parts.leave()

    def _follow_comparison(self, now: Comparison) -> None:
        if now.view != "off":
            self.influencing.leave()
            self.parts.leave()
        self.changed.emit()

    def _follow_influence(self, now: InfluenceShown) -> None:
        if now.is_on:
            self._end_comparison()
            self.parts.leave()
        self.changed.emit()

    def _follow_parts(self, now: PartsState) -> None:
        if now.is_on == self._shows_parts:
            return  # what is pointed at changes often, and concerns the parts alone
        self._shows_parts = now.is_on
        if now.is_on:
            self._end_comparison()
            self.influencing.leave()
        self.changed.emit()

    def _end_comparison(self) -> None:
        if self.comparing.now.view != "off":
            self.comparing.toggle(self.comparing.now.view)
