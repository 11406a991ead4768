"""What the window does with semantic parts: the activity that knows them, and what shows it."""

from typing import TYPE_CHECKING

from sni_desktop.activities.parts import Parts

if TYPE_CHECKING:
    from sni_desktop.window import MainWindow


class PartsDesk:
    """Makes the activity, and acts for the commands."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.parts: Parts = Parts(window.document)
