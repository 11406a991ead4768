"""What the window does with semantic parts: the activity that knows them, its panel, and what commands ask for."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from sni_desktop.activities.parts import Parts, PartsState
from sni_desktop.canvas.parts import show_parts
from sni_desktop.panels.parts import PartsPanel
from sni_desktop.words import number_part

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow


class PartsDesk(QObject):
    """Makes the panel of parts, and acts for the commands; the window puts the panel into a dock."""

    changed = Signal()  # what decides which commands may run; not for each part that the pointer passes over

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.parts: Parts = window.seeing.parts
        show_parts(window.canvas, window.document, window.seeing)
        self.panel: PartsPanel = PartsPanel(window.document, self.parts, window.theme)
        self._known: tuple[object, ...] = ()
        self.parts.changed.connect(self._tell)

    def show(self) -> None:
        """Bring the panel into sight, and give its list the keys."""
        self._window.docks.show("parts")
        self.panel.take_focus()

    def find(self) -> None:
        """Find parts where it can be seen."""
        self._window.docks.show("parts")
        self.panel.find_parts()

    def select(self) -> None:
        """Select the cells of the part that is meant."""
        if self.parts.state.chosen is not None:
            self.parts.select([self.parts.state.chosen.name])

    def name_chosen(self) -> str:
        """Return what the part that is meant is called, "" for none."""
        return "" if self.parts.state.chosen is None else number_part(self.parts.state.chosen.name)

    def _tell(self, now: PartsState) -> None:
        known = (now.is_known, now.parts, now.chosen, now.is_on, now.is_finding, now.can_take_back)
        if known != self._known:
            self._known = known
            self.changed.emit()
