"""Finding parts: what it is and how long it takes, its settings folded away, a button, and how far it has come."""

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sni_desktop.activities.parts import PartsState
from sni_desktop.panels.folding import FoldButton
from sni_desktop.panels.groups import chip
from sni_desktop.panels.parts_settings import FindSettingsForm, tr
from sni_desktop.panels.switch import Switch
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_desktop.words import fill
from sni_engine.api.part_requests import describe_finding


class FindBox(QWidget):
    """Says what to find; shows how that goes. is_bare: there are no parts yet, so nothing is folded away."""

    asked = Signal(object)  # FindSettings
    cancelled = Signal()
    folded = Signal()  # or unfolded

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._model = ""
        self._is_bare = False
        self._fold = FoldButton("find-fold", tr("Find parts anew"))
        self._text = QLabel(wordWrap=True)
        self._text.setProperty("role", "quiet")
        self._names = Switch(tr("Name them by what is seen"), theme)
        self._names.setObjectName("find-names")
        self._names.setToolTip(tr(describe_finding()["names"].help))
        self._more = FoldButton("find-more", tr("Settings"))
        self._form = FindSettingsForm()
        self._find = QPushButton(tr("Find parts"))
        self._find.setObjectName("find-parts")
        self._find.setProperty("role", "primary")
        self._find.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._find.clicked.connect(self.ask)
        self._said = QLabel()
        self._said.setObjectName("find-said")
        self._bar = QProgressBar(maximum=100, textVisible=False)
        self._bar.setObjectName("find-progress")
        self._bar.setFixedHeight(6)
        self._bar.setAccessibleName(tr("Finding parts"))
        self._lay_out()
        self._fold.toggled.connect(lambda: self._show_folds())
        self._fold.toggled.connect(lambda: self.folded.emit())
        self._more.toggled.connect(lambda: self._show_folds())
        self._more.toggled.connect(lambda: self.folded.emit())
        theme.changed.connect(self._draw_icon)
        self._show_folds()
        self._draw_icon()

    def _lay_out(self) -> None:
        self._body = QWidget()
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        for widget in (self._text, self._names):
            inside.addWidget(widget)
        inside.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self._form)
        inside.addSpacing(2)
        self._deed = QStackedWidget()
        self._deed.addWidget(self._find)
        self._deed.addWidget(self._make_going())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._body)
        layout.addWidget(self._deed)

    def _make_going(self) -> QWidget:
        cancel = chip("find-cancel", tr("Cancel"), tr("Stop; the parts stay as they are."), self.cancelled.emit)
        box = QWidget()
        left = QVBoxLayout()
        left.setSpacing(3)
        left.addWidget(self._said)
        left.addWidget(self._bar)
        layout = QHBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(left, 1)
        layout.addWidget(cancel)
        return box

    @property
    def is_open(self) -> bool:
        """Whether all of it is to be seen."""
        return self._is_bare or self._fold.isChecked()

    def open(self, is_open: bool) -> None:
        """Fold it out, or away."""
        self._fold.setChecked(is_open)

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Find parts as it is set."""
        names: Literal["", "portraits"] = "portraits" if self._names.isChecked() else ""
        self.asked.emit(self._form.read(names))

    # -- showing -----------------------------------------------------------------------------------------------------

    def show_state(self, state: PartsState, now: Snapshot) -> None:
        """Show what there is, and how far it has come."""
        if now.card is not None and now.card.digest != self._model:
            self._model = now.card.digest
            self._form.show_layers(now.card)
            # written by training on portraits, ours and others' own models alike
            self._names.setChecked("portraits" in now.card.facts.get("pictures", ""))
        self._is_bare = state.is_known and state.parts is None
        self._find.setEnabled(now.card is not None and not state.is_finding)
        self._body.setEnabled(not state.is_finding)
        self._deed.setCurrentIndex(1 if state.is_finding else 0)
        percent = round(100 * now.progress.fraction) if now.progress is not None else 0
        self._bar.setValue(percent)
        self._said.setText(fill(tr("Finding parts: {percent} %"), percent=percent))
        self._show_folds()

    def _show_folds(self) -> None:
        self._fold.setVisible(not self._is_bare)
        text = tr("Takes some seconds on a CPU; edits wait meanwhile.")
        if not self._is_bare:
            text = f"{tr('Groups what the features of the model have in common.')} {text}"
        self._text.setText(text)
        self._body.setVisible(self.is_open)
        self._deed.setVisible(self.is_open)
        self._form.setVisible(self._more.isChecked())

    def _draw_icon(self) -> None:
        self._find.setIcon(self._theme.icon("shape-outline", "on_accent"))
