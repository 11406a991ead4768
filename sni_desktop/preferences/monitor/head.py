"""The head of a run's monitor: its name and state, how far it is, its numbers, and its buttons."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sni_desktop.panels.elided import ElidedLabel
from sni_desktop.panels.plain import plain
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.buttons import RunButtons
from sni_desktop.preferences.monitor.words import describe_progress, describe_state, list_numbers
from sni_desktop.theme import Theme
from sni_engine.api.run_watch import RunNow

_FINE = 1000  # steps of the bar
_ICON_PX = 20


class RunHead(QWidget):
    """Shows a run; `asked` tells which wish was pressed, besides the menu's `actions`."""

    asked = Signal(str)
    back_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state = ("", "", "")
        self._back = QPushButton(tr("All runs"))
        self._back.setObjectName("run-back")
        self._back.setAutoDefault(False)
        self._back.setProperty("role", "small")
        self._back.setToolTip(tr("Back to the list of runs"))
        self._back.clicked.connect(self.back_asked)
        self._name = ElidedLabel()
        self._name.setObjectName("run-name")
        font = self._name.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        self._name.setFont(font)
        self._state_icon = QLabel()
        self._state_text = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._state_text.setObjectName("run-state")
        self._bar = QProgressBar(maximum=_FINE, textVisible=False)
        self._bar.setObjectName("run-progress")
        self._bar.setFixedHeight(6)
        self._values: list[ElidedLabel] = []
        self._names: list[QLabel] = []
        self.buttons = RunButtons(theme)
        self.buttons.asked.connect(self.asked)
        self._menu = QMenu(self)
        self._more = QToolButton()
        self._lay_out()
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def add_action(self, name: str, text: str) -> QAction:
        """Add an entry to the menu of what is rarely needed."""
        action = QAction(text, self)
        action.setObjectName(name)
        self._menu.addAction(action)
        return action

    def show_run(self, now: RunNow) -> None:
        """Show how a run is; what says the same as before is left alone."""
        self._name.show_text(now.path.name)
        self._name.setToolTip(plain(str(now.path)))
        state = describe_state(now)
        if state != self._state:
            self._state = state
            self._state_text.setText(state[2])
            self._draw_icons()
        self._bar.setValue(round(_FINE * now.fraction))
        self._bar.setAccessibleDescription(describe_progress(now))
        quiet = "false" if now.state in ("preparing", "training", "done") else "true"
        if self._bar.property("quiet") != quiet:
            self._bar.setProperty("quiet", quiet)
            self._bar.style().polish(self._bar)
        for label, (_, value) in zip(self._values, list_numbers(now), strict=True):
            label.show_text(value)
        for label, name, (text, value) in zip(self._values, self._names, list_numbers(now), strict=True):
            name.setText(text)
            label.setAccessibleName(f"{text}: {value}")
        self.buttons.show_run(now)

    # -- building ----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._back)
        first.addWidget(self._name, 1)
        first.addWidget(self._state_icon)
        first.addWidget(self._state_text)
        self._bar.setAccessibleName(tr("Progress of the run"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(first)
        layout.addWidget(self._bar)
        layout.addLayout(self._make_numbers())
        layout.addWidget(self._make_row())

    def _make_numbers(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(0)
        for column, stretch in enumerate((4, 4, 2, 3, 3, 4)):
            name, value = QLabel(), ElidedLabel()
            name.setProperty("role", "quiet")
            value.setObjectName(f"run-number-{column}")
            grid.addWidget(name, 0, column)
            grid.addWidget(value, 1, column)
            grid.setColumnStretch(column, stretch)
            self._names.append(name)
            self._values.append(value)
        return grid

    def _make_row(self) -> QWidget:
        more = self._more
        more.setObjectName("run-more")
        more.setText(tr("More"))
        more.setToolTip(tr("More about this run"))
        more.setAccessibleName(tr("More about this run"))
        more.setIconSize(QSize(_ICON_PX, _ICON_PX))
        more.setAutoRaise(True)
        more.setMenu(self._menu)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.buttons.row.addWidget(more)
        return self.buttons

    def _draw_icons(self) -> None:
        icon, colour, _ = self._state
        if icon:
            self._state_icon.setPixmap(self._theme.icon(icon, colour).pixmap(_ICON_PX, _ICON_PX))
        self._back.setIcon(self._theme.icon("chevron-left"))
        self._more.setIcon(self._theme.icon("dots-vertical"))
