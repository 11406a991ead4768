"""A card for a run that needs a person, or offers one something: what happened, and the buttons that go on."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.words import Trouble
from sni_desktop.preferences.push_buttons import make_button
from sni_desktop.theme import Theme
from sni_desktop.words import fill

_ICON_PX = 24
_WAYS = ("locate", "batch", "resume", "forward", "log")  # out of trouble


class RunCard(QFrame):
    """In sight only where it is needed. Emits `asked` with the name of a way on.

    Ways are locate, batch, resume, forward and log.
    """

    asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        self._trouble: Trouble | None = None
        self._batch = 0
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignTop)
        self._title = self._make_label("card-title")
        self._title.setProperty("role", "heading")
        self._hint = self._make_label("card-hint")
        self._buttons = {name: make_button(f"card-{name}", do=partial(self.asked.emit, name)) for name in _WAYS}
        self._lay_out()
        theme.changed.connect(self._draw_icon)
        self._draw_icon()
        self.hide()

    def show_trouble(self, trouble: Trouble | None, batch: int, has_log: bool, waits_for: str) -> None:
        """Say what is wrong, or leave. batch: the smaller one that is offered.

        waits_for: what was asked for and is not done yet, resume or forward.
        """
        if trouble != self._trouble or batch != self._batch:
            self._trouble, self._batch = trouble, batch
            if trouble is not None:
                self._say(trouble, batch)
            self.setVisible(trouble is not None)
        why_not = {"resume": tr("It is starting."), "forward": tr("It is being brought back.")}.get(waits_for, "")
        for name in ("batch", "resume", "forward"):
            self._buttons[name].setEnabled(not why_not)
            self._buttons[name].setToolTip(why_not)
        if not why_not:
            self._buttons["forward"].setToolTip(tr("Undo the roll back: what it put aside comes back."))
        self._buttons["resume"].setText(tr("Starting…") if waits_for == "resume" else tr("Resume"))
        self._buttons["forward"].setText(tr("Bringing back…") if waits_for == "forward" else tr("Bring back"))
        self._buttons["log"].setEnabled(has_log)
        self._buttons["log"].setToolTip(
            tr("What the process printed, Python's own words among it.") if has_log else tr("There is no log.")
        )

    def _say(self, trouble: Trouble, batch: int) -> None:
        self._title.setText(trouble.title)
        self._hint.setText(trouble.hint)
        self._hint.setVisible(bool(trouble.hint))
        self.setAccessibleName(f"{trouble.title} {trouble.hint}".strip())
        texts = {
            "locate": tr("Locate the folder…"),
            "batch": fill(tr("Resume with batch {batch}"), batch=str(batch)),
            "log": tr("Open log"),
        }
        self._draw_icon()
        self.setProperty("calm", "true" if trouble.is_calm else "false")
        self.style().polish(self)
        for name, button in self._buttons.items():
            button.setText(texts.get(name, button.text()))
            button.setVisible(name in trouble.ways)
            is_first = name == trouble.ways[0] and not trouble.is_calm
            button.setProperty("role", "primary" if is_first else "")
            button.style().polish(button)

    def _make_label(self, name: str) -> QLabel:
        label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)  # it may quote a file's name
        label.setObjectName(name)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        return label

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in self._buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(self._title)
        words.addWidget(self._hint)
        words.addLayout(row)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(10)
        layout.addWidget(self._icon)
        layout.addLayout(words, 1)

    def _draw_icon(self) -> None:
        calm = self._trouble is not None and self._trouble.is_calm
        icon, colour = ("information-outline", "accent") if calm else ("alert-circle-outline", "danger")
        self._icon.setPixmap(self._theme.icon(icon, colour).pixmap(_ICON_PX, _ICON_PX))
