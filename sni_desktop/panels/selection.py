"""The edit panel's group about cells: what is selected, places by name, how edges and halves are painted, locks."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from sni_desktop.activities.painting import Painting
from sni_desktop.activities.parts import Parts
from sni_desktop.activities.selecting import Selecting
from sni_desktop.document import Document
from sni_desktop.panels.groups import chip, heading, row
from sni_desktop.panels.places import PlacesMenu, name_places
from sni_desktop.panels.switch import Switch
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_desktop.words import fill, name_level
from sni_engine.api.codes import Level

_PLACES = ("mouth", "eyes", "hair")


class SelectionGroup(QWidget):
    """Writes at once, to the document and to how the tools paint; shows what they say."""

    def __init__(
        self, document: Document, selecting: Selecting, painting: Painting, parts: Parts, theme: Theme
    ) -> None:
        super().__init__()
        self._painting = painting
        self._selected = QLabel(wordWrap=True)
        self._selected.setObjectName("selected")
        self._selected.setProperty("role", "quiet")
        self._selected.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._selected.setMinimumHeight(2 * self._selected.fontMetrics().lineSpacing())  # nothing below it may jump
        self._choices = self._make_choices(document)
        self._places = self._make_places(selecting, parts, document)
        self._soft = self._make_switch("soft-edge", self.tr("Soft edge"), theme)
        self._soft.setToolTip(self.tr("What is painted fades out over the cells around it."))
        self._soft.toggled.connect(lambda on: painting.set_edge(1.0 if on else 0.0))
        self._both = self._make_switch("both-halves", self.tr("Both halves"), theme)
        self._both.setToolTip(self.tr("What is painted on one half is painted on the other, too."))
        self._both.toggled.connect(painting.set_mirrored)
        self._locked = QLabel()
        self._locked.setObjectName("locked")
        self._locked.setProperty("role", "quiet")
        self._locked.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lock = chip(
            "lock", self.tr("Lock"), self.tr("Lock what is selected, or unlock it (L)."), selecting.toggle_locks
        )
        self._unlock = chip("unlock", self.tr("Unlock all"), self.tr("Unlock every cell."), selecting.unlock_all)
        self._lay_out()
        document.refreshed.connect(self._show)
        painting.changed.connect(lambda: self._show_painting())
        self._show(document.snapshot)
        self._show_painting()

    def _make_choices(self, document: Document) -> list[QPushButton]:
        return [
            chip("select_all", self.tr("All"), self.tr("Select every cell (Ctrl+A)."), document.select_all),
            chip("select_none", self.tr("None"), self.tr("Select no cell (Ctrl+Shift+A)."), document.select_none),
            chip(
                "invert_selection",
                self.tr("Invert"),
                self.tr("Select what is not selected (Ctrl+I)."),
                document.invert_selection,
            ),
        ]

    def _make_places(self, selecting: Selecting, parts: Parts, document: Document) -> list[QPushButton]:
        texts = {name: text.replace("&", "") for name, text in name_places().items()}
        tip = self.tr("Select this place: {place}.")
        chips = [
            chip(
                f"place-{name}",
                texts[name],
                tip.replace("{place}", texts[name].lower()),
                partial(selecting.choose_place, name),
            )
            for name in _PLACES
        ]
        more = chip("places", self.tr("More"), self.tr("More places, and your own."), lambda: None)
        more.setMenu(PlacesMenu(selecting, parts, document, self.tr("Places"), more))
        return [*chips, more]

    def _make_switch(self, name: str, text: str, theme: Theme) -> Switch:
        made = Switch(text, theme)
        made.setObjectName(name)
        return made

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        layout.addWidget(heading(self.tr("Selection")))
        layout.addWidget(self._selected)
        layout.addLayout(row(*self._choices))
        layout.addLayout(row(*self._places))
        switches = QGridLayout()
        switches.setHorizontalSpacing(8)
        for column, switch in enumerate((self._soft, self._both)):
            switches.addWidget(switch.share_room(), 0, column)
            switches.setColumnStretch(column, 1)
        layout.addLayout(switches)
        locks = row(self._locked, self._lock, self._unlock)
        locks.setStretch(0, 1)
        layout.addLayout(locks)

    # -- showing -----------------------------------------------------------------------------------------------------

    def _show(self, now: Snapshot) -> None:
        self._selected.setText(self._describe(now))
        for button in (*self._choices, *self._places):
            button.setEnabled(now.has_face)
        locked = 0 if now.selection is None else int(now.selection.locked.sum())
        text = self.tr("1 cell locked") if locked == 1 else self.tr("{count} cells locked")
        self._locked.setText(text.replace("{count}", str(locked)) if locked else self.tr("No locks"))
        self._lock.setEnabled(now.has_cells)
        self._unlock.setEnabled(locked > 0)

    def _show_painting(self) -> None:
        settings = self._painting.settings
        for switch, on in ((self._soft, settings.edge > 0), (self._both, settings.mirrored)):
            with QSignalBlocker(switch):
                switch.setChecked(on)
            switch.update()

    def _describe(self, now: Snapshot) -> str:
        if now.selection is None:
            return self.tr("There is no face yet.")
        cells, levels = int((now.selection.cells > 0).sum()), now.selection.levels
        if now.selection.locked.all():
            return self.tr("Every cell is locked: nothing can change.")
        if not levels:
            return self.tr("Choose at least one level below.")
        if cells and not now.can_edit:
            return self.tr("All that is selected is locked.")
        if not now.can_edit:
            return self.tr("Paint cells over the picture to choose what changes.")
        if cells == 0 or not set(levels) & {"local", "shared"}:
            return self.tr("The whole picture: global and style codes belong to no cell.")
        text = self.tr("{cells} of {total} cells, {levels}")
        if set(levels) & {"global", "style"}:
            text = self.tr("{cells} of {total} cells, {levels}; {others} everywhere")
        here, everywhere = self._join(levels, "local", "shared"), self._join(levels, "global", "style")
        return fill(text, cells=cells, total=now.selection.cells.size, levels=here, others=everywhere)

    def _join(self, levels: tuple[Level, ...], *of: Level) -> str:
        return ", ".join(name_level(level) for level in levels if level in of)
