"""What few need is folded away: buttons with an arrow that fold something out below them."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from sni_desktop.panels.form import Form


class FoldButton(QToolButton):
    """Its arrow points at what it has folded out; who owns it shows and hides that."""

    def __init__(self, name: str, text: str, tip: str = "") -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setObjectName(name)
        self.setProperty("role", "disclosure")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setArrowType(Qt.ArrowType.RightArrow)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.toggled.connect(self._turn)

    def _turn(self, shown: bool) -> None:
        self.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)


class Disclosure(FoldButton):
    """Shows and hides one widget. shown: is told after it came into view, to make room for it."""

    def __init__(self, name: str, text: str, tip: str, folded: QWidget, shown: Callable[[QWidget], object]) -> None:
        super().__init__(name, text, tip)
        self._folded = folded
        self._tell = shown
        self.toggled.connect(self._disclose)
        folded.setVisible(False)

    def _disclose(self, shown: bool) -> None:
        self._folded.setVisible(shown)
        if shown:
            self._tell(self._folded)


def fold(*widgets: QWidget) -> QWidget:
    """Return widgets below each other, as what a disclosure shows."""
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(2, 0, 0, 0)
    layout.setSpacing(4)
    for widget in widgets:
        is_form = isinstance(widget, Form)
        layout.addWidget(widget, 0, Qt.AlignmentFlag(0) if is_form else Qt.AlignmentFlag.AlignLeft)
    return box
