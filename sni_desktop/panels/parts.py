"""The parts panel: the model's parts in a list, what can be done with them, and how they are found."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from sni_desktop.activities.parts import Parts, PartsState
from sni_desktop.document import Document
from sni_desktop.panels.groups import chip, divider, heading, quiet_lines, row
from sni_desktop.panels.parts_find import FindBox
from sni_desktop.panels.parts_list import PartTree
from sni_desktop.panels.parts_menu import fill_menu
from sni_desktop.panels.parts_rows import count_clusters, describe_share
from sni_desktop.panels.switch import Switch
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_desktop.words import fill, say_part
from sni_engine.api.arrays import Array
from sni_engine.api.part_pictures import measure_shares
from sni_engine.api.parts import PartSet

_MARGIN_PX = 14


class PartsPanel(QWidget):
    """Writes to `Parts`, and asks it for maps only while it is seen, as its owner tells by `wake`: a panel behind
    another tab counts as visible for Qt.
    """

    def __init__(self, document: Document, parts: Parts, theme: Theme) -> None:
        super().__init__()
        self._document = document
        self._parts = parts
        self._shown = PartsState()
        self._is_awake = False
        self._shares: Array | None = None
        self._tree = PartTree(theme)
        self._find = FindBox(theme)
        self._over = Switch(self.tr("Over the picture"), theme)
        self._over.setObjectName("parts-over")
        self._over.setToolTip(self.tr("Show all parts over the picture, in the colours of the list."))
        tip = self.tr("Undo what was named, merged, split or found last.")
        self._back = chip("parts-back", self.tr("Take back"), tip, parts.take_back)
        self._hint = quiet_lines("parts-hint", 2)
        self._deeds = self._make_deeds()
        self._listing = self._lay_out_list()
        self._empty = self._lay_out_empty()
        self._lay_out()
        self._connect()
        self._show(parts.state)

    # -- building ----------------------------------------------------------------------------------------------------

    def _make_deeds(self) -> list[QPushButton]:
        select = chip(
            "part-select",
            self.tr("Select cells"),
            self.tr(
                "Select the cells it covers, softly (Return). Return with Shift adds them, with Alt takes them away."
            ),
            self._select,
        )
        name = chip("part-rename", self.tr("Name"), "", lambda: self._tree.name(self._tree.selected))
        more = chip("part-more", self.tr("More"), self.tr("What else can be done with parts."), lambda: None)
        menu = QMenu(more)
        menu.aboutToShow.connect(lambda: fill_menu(menu, self._parts, self._tree.selected, self._name))
        more.setMenu(menu)
        return [select, name, more]

    def _lay_out_list(self) -> QWidget:
        top = QHBoxLayout()
        top.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 0)
        top.addWidget(self._over)
        top.addStretch(1)
        top.addWidget(self._back)
        self._below = QWidget()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 0)
        below.setSpacing(6)
        below.addLayout(row(*self._deeds))
        below.addWidget(self._hint)
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._tree, 1)
        layout.addWidget(self._below)
        return box

    def _lay_out_empty(self) -> QWidget:
        text = QLabel(
            self.tr("A model can find out itself what its pictures consist of, such as hair and eyes."), wordWrap=True
        )
        text.setObjectName("parts-empty")
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(_MARGIN_PX, 6, _MARGIN_PX, 0)
        layout.setSpacing(6)
        layout.addWidget(heading(self.tr("This model has no parts yet")))
        layout.addWidget(text)
        return box

    def _lay_out(self) -> None:
        finding = QVBoxLayout()
        finding.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 0)
        finding.setSpacing(8)
        self._line = divider()
        finding.addWidget(self._line)
        finding.addWidget(self._find)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 12)
        layout.setSpacing(8)
        layout.addWidget(self._listing, 1)
        layout.addWidget(self._empty)
        layout.addLayout(finding)
        self._rest = QWidget()
        layout.addWidget(self._rest, 1)  # under what there is where there is no list

    def _connect(self) -> None:
        tree, parts = self._tree, self._parts
        tree.meant.connect(parts.choose)
        tree.pointed.connect(parts.point_at_part)
        tree.select_asked.connect(parts.select)
        tree.named.connect(parts.rename)
        tree.naming_changed.connect(lambda _: self._describe())
        tree.changed.connect(self._describe)
        tree.menu_asked.connect(self._open_menu)
        self._over.toggled.connect(lambda _: parts.toggle())
        self._find.asked.connect(parts.find)
        self._find.cancelled.connect(self._document.cancel)
        self._find.folded.connect(lambda: self._show(parts.state))
        parts.changed.connect(self._follow)
        self._document.refreshed.connect(self._follow_document)

    # -- doing -------------------------------------------------------------------------------------------------------

    def find_parts(self) -> None:
        """Find parts as it is set, in sight."""
        self._find.open(True)
        self._find.ask()

    def take_focus(self) -> None:
        """Give the list the keys."""
        self._tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _select(self) -> None:
        self._parts.select(self._tree.selected)

    def _name(self, names: Sequence[str]) -> None:
        self._tree.setFocus()
        self._tree.name(names)

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        fill_menu(menu, self._parts, self._tree.selected, self._name)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    # -- showing -----------------------------------------------------------------------------------------------------

    def wake(self, is_seen: bool) -> None:
        """Ask for parts and maps from now on, or for nothing while nobody sees them."""
        self._is_awake = is_seen
        self._parts.want("panel", is_seen)
        if not is_seen and self._parts.state.from_list:
            self._parts.point_at_part("")  # keys can put the list away from under the pointer
        self._follow(self._parts.state)

    def _follow(self, now: PartsState) -> None:
        if self._is_awake:
            self._show(now)

    def _follow_document(self, now: Snapshot) -> None:
        if self._is_awake:
            self._find.show_state(self._parts.state, now)

    def _show(self, now: PartsState) -> None:
        before, self._shown = self._shown, now
        if now.parts is not before.parts or now.map is not before.map:
            self._shares = measure_shares(now.map, now.parts) if now.map is not None and now.parts is not None else None
            if now.parts is not before.parts and now.parts is not None:
                self._tree.show_parts(now.parts, unfolds=gains_unnamed(before.parts, now.parts))
            self._tree.show_shares(self._shares)
        self._tree.light("" if now.pointed is None else now.pointed.name)
        is_news = now.chosen is not None and now.chosen != before.chosen  # else rows are as the person left them
        if now.chosen is not None and is_news and now.chosen.name not in self._tree.selected:
            self._tree.mark([now.chosen.name])
            self._tree.reveal(now.chosen.name)
        with QSignalBlocker(self._over):
            self._over.setChecked(now.is_on)
        self._over.update()
        self._back.setEnabled(now.can_take_back)
        self._find.show_state(now, self._document.snapshot)
        if before.is_finding and not now.is_finding:
            self._end_finding()
        self._empty.setVisible(now.is_known and now.parts is None)
        self._fit_list()
        self._describe()

    def _fit_list(self) -> None:
        """Show the list, above the settings of finding parts only if both have room."""
        is_open = self._find.is_open
        self._below.setVisible(not is_open)
        is_listed = self._shown.parts is not None and (not is_open or self._has_room())
        for widget in (self._listing, self._line):
            widget.setVisible(is_listed)
        self._rest.setVisible(not is_listed)

    def _has_room(self) -> bool:
        area, layout = self.parentWidget(), self.layout()
        if area is None or layout is None:
            return False
        lines = layout.contentsMargins().top() + layout.contentsMargins().bottom() + 4 * layout.spacing()
        width = self.width() - 2 * _MARGIN_PX
        asked = max(self._find.sizeHint().height(), self._find.heightForWidth(width))
        return area.height() >= self._listing.minimumSizeHint().height() + asked + lines

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See again whether there is room for the list."""
        super().resizeEvent(event)
        if self._find.is_open:
            self._fit_list()

    def _end_finding(self) -> None:
        """Go back to the list, and give it the keys if they are in this panel."""
        focus = self.window().focusWidget()
        self._find.open(False)
        self._listing.setVisible(self._shown.parts is not None)
        if focus is not None and self.isAncestorOf(focus):
            self.take_focus()

    def _describe(self) -> None:
        """Say what the list needs to be said of it, and what its buttons would do."""
        names = self._tree.selected
        for button in self._deeds[:2]:
            button.setEnabled(bool(names))
        several = len(names) > 1
        self._deeds[1].setText(self.tr("Merge") if several else self.tr("Name"))
        tip = self.tr("Give these parts one name.") if several else self.tr("Give it a name, or another (F2).")
        self._deeds[1].setToolTip(tip)
        self._deeds[1].setAccessibleDescription(tip)
        self._hint.setText(self._say_hint(names))

    def _say_hint(self, names: Sequence[str]) -> str:
        parts = self._shown.parts
        if self._tree.goes_on:
            return self.tr("Return goes on to the next part without a name. Esc ends.")
        if self._tree.is_naming:
            return self.tr("Return takes the name. With the name of another part, both are one.")
        if parts is None or not names:
            return self.tr("Point at a part to see where it is, double-click to name it.")
        chosen = [(at, part) for at, part in enumerate(parts.parts) if part.name in names]
        told = [count_clusters(sum(len(part.clusters) for _, part in chosen))]
        if self._shares is not None:
            told.append(describe_share(float(sum(self._shares[at] for at, _ in chosen))))
        title = say_part(chosen[0][1].name) if len(chosen) == 1 else fill(self.tr("{count} parts"), count=len(chosen))
        return f"{title}: {', '.join(told)}"


def gains_unnamed(before: PartSet | None, now: PartSet) -> bool:
    """Say whether a person would look for parts without a name: there are new ones, or no others."""
    known = set() if before is None or before.digest != now.digest else set(before.names)
    bare = {part.name for part in now.parts if not part.is_named}
    return bool(bare - known) and (bool(known) or len(bare) == len(now.parts))
