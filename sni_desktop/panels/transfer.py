"""Part style: which part takes its look from the reference, how strongly, and how much may spill over."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sni_desktop.activities.transfer import Transfer, TransferState
from sni_desktop.document import Document
from sni_desktop.panels.folding import Disclosure, fold
from sni_desktop.panels.form import Form
from sni_desktop.panels.groups import divider, quiet_lines
from sni_desktop.panels.toward import AllTheWay, bind
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_desktop.words import fill, name_part
from sni_engine.api.edits import StyleTransfer

_SETTINGS = ("epsilon", "rho", "mode", "epsilons")


class TransferPage(QWidget):
    """Writes to `Transfer`; its rows are the fields of the method's parameters. reveal: brings a widget into view."""

    def __init__(
        self, document: Document, transfer: Transfer, theme: Theme, reveal: Callable[[QWidget], object]
    ) -> None:
        super().__init__()
        self._document = document
        self._transfer = transfer
        self._part = Form(transfer.state.params, ("part",))
        self._amount = Form(transfer.state.params, ("amount",), beneath=True)
        self._settings = Form(transfer.state.params, _SETTINGS)
        self._told = quiet_lines("transfer-told", 3)
        text, tip = self.tr("Take the look"), self.tr("Give the part the reference's look in full, as one step.")
        self._all_way = AllTheWay("take-look", text, tip, theme, transfer.go_all_way)
        self._lay_out(reveal)
        for form in (self._amount, self._settings):
            bind(form, transfer, lambda: self._show(transfer.state))
        self._part.released.connect(self._choose)
        self._offered: tuple[str, ...] = ()
        self._locks: object = None
        transfer.changed.connect(self._show)
        document.refreshed.connect(self._look)
        self._show(transfer.state)

    def _lay_out(self, reveal: Callable[[QWidget], object]) -> None:
        settings = fold(self._settings)
        tip = self.tr("How much may change outside the part, and which channels take part.")
        disclosure = Disclosure("transfer-settings", self.tr("Settings"), tip, settings, reveal)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self._part, self._amount, self._told, self._all_way, divider(), disclosure, settings):
            layout.addWidget(widget)

    def _choose(self, params: StyleTransfer) -> None:
        self._transfer.choose_part(params.part)
        self._show(self._transfer.state)

    # -- showing -----------------------------------------------------------------------------------------------------

    def _look(self, now: Snapshot) -> None:
        locks = None if now.selection is None else now.selection.locks
        if locks is not self._locks:
            self._locks = locks
            self._show(self._transfer.state)

    def _show(self, now: TransferState) -> None:
        if now.names != self._offered:
            self._offered = now.names
            self._part.offer("part", [(name, name_part(name)) for name in now.names])
        for form in (self._part, self._amount, self._settings):
            form.show_params(now.params)
        self._part.enable("part", bool(now.names))
        self._amount.enable("amount", now.can_move)
        self._settings.enable("epsilon", not now.params.epsilons)  # one for each layer counts instead
        self._all_way.enable(now.can_move)
        self._told.setText(self._describe(now))

    def _describe(self, now: TransferState) -> str:
        if now.obstacle:
            return now.obstacle
        part = name_part(now.params.part)
        if now.lacks_spill:
            return self.tr("Without any spill nothing can change: raise it in the settings.")
        text = self.tr("{part} takes its look from {source}; shapes stay.")
        if now.params.amount > 0:
            text = self.tr("{part} looks {amount} % as in {source}.")
        text = fill(text, part=part, amount=round(now.params.amount * 100), source=now.source)
        selection = self._document.snapshot.selection
        is_locked = selection is not None and bool(selection.locked.any())
        return f"{text} {self.tr('Locked cells stay.')}" if is_locked else text
