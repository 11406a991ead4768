"""The buttons of the settings' pages: what presses them, and what must not."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from sni_desktop.preferences.push_buttons import make_button


@pytest.mark.parametrize("on_button", [True, False])
def test_return_presses_no_button_of_the_settings_and_space_does(qtbot: QtBot, on_button: bool) -> None:
    pressed: list[str] = []
    dialog, field = QDialog(), QLineEdit()
    button = make_button("stop", "Stop", lambda: pressed.append("stop"))
    layout = QVBoxLayout(dialog)
    layout.addWidget(field)
    layout.addWidget(button)
    qtbot.addWidget(dialog)
    dialog.show()
    (button if on_button else field).setFocus()
    qtbot.keyClick(button if on_button else field, Qt.Key.Key_Return)
    assert not pressed
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert pressed == ["stop"]
