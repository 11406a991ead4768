"""What groups of a panel are made of: headings, hairlines, rows, and small buttons."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget


def heading(text: str) -> QLabel:
    """Return a label that names a group."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def quiet_lines(name: str, lines: int) -> QLabel:
    """Return a label of quiet text with room for so many lines, so that nothing below it jumps."""
    label = QLabel(wordWrap=True)
    label.setObjectName(name)
    label.setProperty("role", "quiet")
    label.setMinimumHeight(lines * label.fontMetrics().lineSpacing())
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return label


def divider() -> QFrame:
    """Return a hairline between groups."""
    line = QFrame(frameShape=QFrame.Shape.HLine)
    line.setForegroundRole(line.palette().ColorRole.Mid)
    line.setFrameShadow(QFrame.Shadow.Plain)
    return line


def row(*widgets: QWidget) -> QHBoxLayout:
    """Return widgets side by side."""
    layout = QHBoxLayout()
    layout.setSpacing(6)
    for widget in widgets:
        layout.addWidget(widget)
    return layout


def chip(name: str, text: str, tip: str, do: Callable[[], object]) -> QPushButton:
    """Return a small button."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setProperty("role", "small")
    made.setToolTip(tip)
    made.setAccessibleDescription(tip)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
    made.clicked.connect(lambda: do())
    return made


def keep_room(widget: QWidget) -> None:
    """Let nothing move when a widget comes and goes."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
