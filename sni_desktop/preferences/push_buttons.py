"""Makes the buttons of the settings' pages."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton


def make_button(name: str, text: str = "", do: Callable[[], object] | None = None) -> QPushButton:
    """Return a button that does something when it is pressed, be it by a click or by Space.

    Return passes it by: it ends the typing of a value or chooses a row, and must not pause a training.
    """
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    if do is not None:
        button.clicked.connect(lambda: do())
    return button
