"""The candidates panel: how many, where they belong, what to do with them; tiles and mixer below."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sni_desktop.activities.candidates import Candidates
from sni_desktop.activities.strip import Strip
from sni_desktop.document import Document
from sni_desktop.panels.contact import ContactView
from sni_desktop.panels.elided import ElidedLabel
from sni_desktop.panels.mixer import Mixer
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_desktop.words import fill, name_level, name_step

COUNTS = (4, 9, 16)
_ICON_PX = 18


class CandidatesPanel(QWidget):
    """Shows the activity's strip; says in one sentence what to do when there is none."""

    count_chosen = Signal(int)
    whole_chosen = Signal(bool)

    def __init__(self, document: Document, candidates: Candidates, theme: Theme, whole: bool = False) -> None:
        super().__init__()
        self._document = document
        self._candidates = candidates
        self._theme = theme
        self.tiles: ContactView = ContactView(candidates, theme)
        self.tiles.set_whole(whole)
        self._mixer = Mixer(candidates, theme)
        self._text = ElidedLabel()
        self._text.setObjectName("candidates-text")
        self._make_buttons(whole)
        self._empty_text = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._empty_text.setObjectName("candidates-empty")
        self._empty_text.setProperty("role", "quiet")
        self._pages = QStackedWidget()
        self._lay_out()
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        self._shown: tuple[object, ...] = ()
        document.refreshed.connect(self._follow)
        candidates.changed.connect(lambda _: self._show())
        self._show()

    # -- building ----------------------------------------------------------------------------------------------------

    def _make_buttons(self, whole: bool) -> None:
        activity = self._candidates
        self._back = self._push("candidates-back", self.tr("Go back there"), activity.go_back)
        self._here = self._push("candidates-here", self.tr("New ones here"), activity.ask)
        self._first = self._push("candidates-ask", "", activity.ask)
        self._use = self._push("candidates-use", self.tr("Use"), activity.accept)
        self._use.setProperty("role", "primary")
        self._use.setToolTip(self.tr("Make the candidate on the canvas a step of the history (Return)."))
        self._more = self._push("candidates-more", "", activity.more)
        self._more.setToolTip(self.tr("Draw others for the same cells; those with a star stay."))
        self._mix = self._push("candidates-mix", self.tr("Mix…"), self._start_mix)
        self._mix.setToolTip(self.tr("Cross two candidates: some cells of one, the rest of the other (Ctrl+click)."))
        self._whole = QPushButton()
        self._whole.setProperty("role", "icon")
        self._whole.setCheckable(True)
        self._whole.setChecked(whole)
        self._whole.setObjectName("candidates-whole")
        self._whole.setToolTip(self.tr("Show whole faces rather than what changes"))
        self._whole.setAccessibleName(self.tr("Whole faces"))
        self._whole.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self._whole.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._whole.toggled.connect(self._choose_whole)
        self._counts = QComboBox()
        self._counts.setObjectName("candidates-count")
        self._counts.setToolTip(self.tr("How many to draw at once"))
        self._counts.setAccessibleName(self.tr("How many to draw at once"))
        for count in COUNTS:
            self._counts.addItem(str(count), count)
        self._counts.activated.connect(self._choose_count)

    def _push(self, name: str, text: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setIconSize(QSize(_ICON_PX, _ICON_PX))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        button.clicked.connect(lambda: do())
        return button

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(10, 0, 10, 0)
        header.setSpacing(6)
        header.addWidget(self._text, 1)
        self._counts.setFixedHeight(self._more.sizeHint().height())
        for widget in (self._back, self._here, self._counts, self._more, self._mix, self._whole, self._use):
            header.addWidget(widget)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._mixer)
        body.addWidget(self.tiles, 1)
        full = QWidget()
        inner = QVBoxLayout(full)
        inner.setContentsMargins(0, 4, 0, 2)
        inner.setSpacing(4)
        inner.addLayout(header)
        inner.addLayout(body, 1)
        self._pages.addWidget(self._make_empty())
        self._pages.addWidget(full)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def _make_empty(self) -> QWidget:
        empty = QWidget()
        layout = QVBoxLayout(empty)
        layout.setContentsMargins(20, 8, 20, 12)
        layout.setSpacing(10)
        layout.addStretch(1)
        layout.addWidget(self._empty_text)
        layout.addWidget(self._first, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        return empty

    def _draw_icons(self) -> None:
        self._first.setIcon(self._theme.icon("view-grid-plus-outline"))
        self._more.setIcon(self._theme.icon("dice-multiple-outline"))
        self._mix.setIcon(self._theme.icon("source-merge"))
        self._whole.setIcon(self._theme.icon("face-man-outline"))
        self._use.setIcon(self._theme.icon("check", "on_accent" if self._use.isEnabled() else "faint"))

    def sizeHint(self) -> QSize:
        """Return room for one row of tiles."""
        return QSize(600, 150)

    # -- showing -----------------------------------------------------------------------------------------------------

    def _follow(self, now: Snapshot) -> None:
        if (now.can_edit, now.card) != self._shown:
            self._show()

    def _show(self) -> None:
        now, strip = self._document.snapshot, self._candidates.snapshot
        self._shown = (now.can_edit, now.card)
        is_empty = not strip.items and not strip.asking
        self._pages.setCurrentIndex(0 if is_empty else 1)
        self.tiles.show_strip(strip, now.grid)
        self._mixer.show_mix(strip, now.grid)
        count = str(strip.count)
        self._first.setText(self.tr("Show {count} candidates").replace("{count}", count))
        self._first.setEnabled(now.can_edit and not strip.asking)
        self._more.setText(self.tr("{count} others").replace("{count}", count))
        self._more.setEnabled(not strip.asking)
        self._empty_text.setText(self._invite(now))
        with QSignalBlocker(self._counts):
            self._counts.setCurrentIndex(COUNTS.index(strip.count) if strip.count in COUNTS else -1)
        self._back.setVisible(not strip.here)
        self._here.setVisible(not strip.here)
        self._counts.setVisible(strip.here)
        self._more.setVisible(strip.here)
        self._here.setEnabled(now.can_edit and not strip.asking)
        self._mix.setEnabled(strip.can_mix and strip.mix is None)
        could_use = self._use.isEnabled()
        self._use.setEnabled(strip.can_accept)
        if could_use != strip.can_accept:
            self._draw_icons()
        self._text.show_text(self._describe(strip))

    def _invite(self, now: Snapshot) -> str:
        if now.can_edit:
            return self.tr("See several alternatives for what is selected, side by side, before you choose.")
        return self.tr("Select cells on the picture to see several alternatives for just these.")

    def _describe(self, strip: Strip) -> str:
        if strip.asking:
            return self.tr("Drawing {count} candidates…").replace("{count}", str(strip.asking))
        if not strip.here and strip.base is not None:
            return self.tr("These belong to “{step}”.").replace("{step}", name_step(strip.base))
        if not strip.items:
            return ""
        selection = strip.items[-1].edit.selection
        cells, levels = int((selection.free_cells > 0).sum()), ", ".join(name_level(n) for n in selection.levels)
        text = self.tr("{count} candidates for {cells} cells, {levels}")
        if not set(selection.levels) & {"local", "shared"} or not cells:
            text = self.tr("{count} candidates for the whole picture, {levels}")
        elif cells == 1:
            text = self.tr("{count} candidates for one cell, {levels}")
        return fill(text, count=len(strip.items), cells=cells, levels=levels)

    # -- writing to the activity -------------------------------------------------------------------------------------

    def _start_mix(self) -> None:
        strip = self._candidates.snapshot
        first = strip.previewed if strip.previewed is not None else 0
        order = [first, *(index for index in range(len(strip.items)) if index != first)]
        pairs = ((index, strip.partner(index)) for index in order)
        for index, partner in pairs:
            if partner is not None:
                self._candidates.mix(index, partner)
                return

    def _choose_count(self, index: int) -> None:
        self._candidates.set_count(COUNTS[index])
        self.count_chosen.emit(COUNTS[index])

    def _choose_whole(self, whole: bool) -> None:
        self.tiles.set_whole(whole)
        self.whole_chosen.emit(whole)
