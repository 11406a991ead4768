"""Blending codes: how far toward the reference, at which levels, and over which cells."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sni_desktop.activities.blend import FIELDS, Blend, BlendState
from sni_desktop.activities.references import References
from sni_desktop.document import Document
from sni_desktop.panels.folding import Disclosure, fold
from sni_desktop.panels.form import Form
from sni_desktop.panels.groups import chip, divider, quiet_lines
from sni_desktop.panels.toward import AllTheWay, bind
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_desktop.words import name_level


class BlendPage(QWidget):
    """Writes to `Blend`. reveal: brings what was folded away into view."""

    def __init__(
        self,
        document: Document,
        references: References,
        blend: Blend,
        theme: Theme,
        reveal: Callable[[QWidget], object],
    ) -> None:
        super().__init__()
        self._document = document
        self._references = references
        self._blend = blend
        self._amount = Form(blend.state.params, ("amount",), beneath=True)
        self._shares = Form(blend.state.params, tuple(FIELDS.values()))
        self._region = quiet_lines("region", 2)
        text, tip = self.tr("Go all the way"), self.tr("Take the reference's codes in full, as one step.")
        self._all_way = AllTheWay("all-way", text, tip, theme, blend.go_all_way)
        tip = self.tr("Every level for the whole face, local for some cells.")
        self._follow = chip("follow", self.tr("Follow the selection"), tip, blend.reset_shares)
        self._lay_out(reveal)
        for form in (self._amount, self._shares):
            bind(form, blend, lambda: self._show(blend.state))
        blend.changed.connect(self._show)
        self._shown: tuple[object, object] = (None, None)
        document.refreshed.connect(self._look)
        self._show(blend.state)

    def _lay_out(self, reveal: Callable[[QWidget], object]) -> None:
        levels = fold(self._shares, self._follow)
        tip = self.tr("Set for each level how much of the amount it goes.")
        disclosure = Disclosure("by-level", self.tr("By level"), tip, levels, reveal)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self._amount, self._region, self._all_way, divider(), disclosure, levels):
            layout.addWidget(widget)

    def _look(self, now: Snapshot) -> None:
        if now.selection is not self._shown[0] or now.card is not self._shown[1]:
            self._show(self._blend.state)

    def _show(self, now: BlendState) -> None:
        grid = self._document.snapshot.grid
        self._shown = (self._document.snapshot.selection, self._document.snapshot.card)
        for form in (self._amount, self._shares):
            form.show_params(now.params)
        self._amount.enable("amount", now.can_blend)
        for level, name in FIELDS.items():
            self._shares.enable(name, now.can_blend and grid is not None and level in grid.levels)
        self._all_way.enable(now.can_blend and bool(now.levels))
        self._follow.setEnabled(not now.is_automatic)
        self._region.setText(self._describe(now))

    def _describe(self, now: BlendState) -> str:
        selection = self._document.snapshot.selection
        if self._references.state.current is None:
            return self.tr("Choose a face to move toward: a step, a seed or a file.")
        if selection is None:
            return self.tr("There is no face yet.")
        if not now.can_blend:
            return self.tr("Every cell that could change is locked.")
        if not now.levels:
            return self.tr("Give at least one level a share below.")
        text = self._describe_region(now)
        return f"{text} {self.tr('Locked cells stay.')}" if selection.locked.any() else text

    def _describe_region(self, now: BlendState) -> str:
        if not now.cells:
            text = self.tr("The whole face: {levels}.")
            return text.replace("{levels}", ", ".join(name_level(level) for level in now.levels))
        here = ", ".join(name_level(level) for level in now.levels if level in ("local", "shared"))
        everywhere = ", ".join(name_level(level) for level in now.levels if level in ("global", "style"))
        parts = []
        if here:
            text = self.tr("{cells} of {total} cells: {levels}")
            filled = text.replace("{cells}", str(now.cells)).replace("{total}", str(now.total))
            parts.append(filled.replace("{levels}", here))
        if everywhere:
            parts.append(self.tr("{levels} everywhere").replace("{levels}", everywhere))
        return f"{'; '.join(parts)}."
