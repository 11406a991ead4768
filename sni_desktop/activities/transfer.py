"""Part style transfer: the chosen part takes its look from the reference, shown while the strength is dragged."""

from dataclasses import dataclass, replace

from sni_desktop.activities.parts import Parts
from sni_desktop.activities.references import References
from sni_desktop.activities.toward import Toward
from sni_desktop.document import Document
from sni_desktop.gesture import MakeEdit
from sni_desktop.snapshot import Notice
from sni_desktop.words import fill, say_part
from sni_engine.api.edits import Edit, StyleTransfer
from sni_engine.api.part_requests import WeighParts
from sni_engine.api.parts import Part, PartMap


@dataclass(frozen=True)
class TransferState:
    """What panels show. amount 0 in params: the picture on screen; else the step on screen came by these params.

    part: "" while none is chosen. names: of the model's parts. obstacle: why nothing can move now, "" when it can.
    source: what the reference is called.
    """

    params: StyleTransfer
    names: tuple[str, ...] = ()
    obstacle: str = ""
    source: str = ""

    @property
    def can_move(self) -> bool:
        """True when nothing is in the way."""
        return not self.obstacle

    @property
    def lacks_spill(self) -> bool:
        """True when the settings let nothing change at all."""
        return max(self.params.epsilons or (self.params.epsilon,)) == 0


class Transfer(Toward[StyleTransfer]):
    """Works on the whole picture's style, by the channels that belong to the part; what is locked stays."""

    hand = "transfer"

    def __init__(self, document: Document, references: References, parts: Parts) -> None:
        super().__init__(document, references)
        self.parts: Parts = parts
        self._remembered: StyleTransfer = StyleTransfer(0.0)
        self._looked_for: tuple[PartMap | None, Part | None, bool] = (None, None, False)
        self._is_seen = False
        self._weighed = ""  # the parts whose channels need not be measured any more
        self._state = TransferState(self._remembered)
        parts.changed.connect(lambda _: self._follow_parts())
        self._follow()

    @property
    def state(self) -> TransferState:
        """What is meant now."""
        return self._state

    def wake(self, is_seen: bool) -> None:
        """Get ready while somebody looks: know the model's parts, and what channels contribute to them."""
        self._is_seen = is_seen
        self.parts.want("transfer", is_seen)
        self._weigh()

    def choose_part(self, name: str) -> None:
        """Mean another part from now on; what was done with the one before stays, also what is not let go yet."""
        if self._document.is_dragging(self.hand):
            self._document.release(self.hand, self._now)
        self.parts.choose(name)

    def go_all_way(self) -> None:
        """Give the part the look in full, as one step; where that cannot be, or nothing may spill over, say why."""
        if self.can_move and self._state.lacks_spill:
            self._document.tell(self._say_no_spill())
        else:
            super().go_all_way()

    def drag(self, params: StyleTransfer) -> None:
        """Show what `params` would make, as a draft; settings alone, before anything moved, are just remembered."""
        is_still = params.amount == 0 == self._now.amount and not self._document.is_dragging(self.hand)
        if self.can_move and not is_still:
            super().drag(params)
        else:
            self._note(params)
            self._show(self._rest())

    def release(self, params: StyleTransfer) -> None:
        """Keep it as one step; so are settings that are chosen rather than dragged, once something has moved."""
        if self._document.release(self.hand, params):
            return
        self._note(params)
        if self.can_move and params.amount > 0 and params != self._now:
            self._settle_on(params)
        self._follow()

    # -- what follows ------------------------------------------------------------------------------------------------

    def _follow_parts(self) -> None:
        self._follow()
        self._weigh()

    def _weigh(self) -> None:
        """Measure on the side, once, what the first draft would else wait for."""
        parts = self.parts.state.parts
        if not self._is_seen or parts is None or parts.digest == self._weighed:
            return
        self._weighed = parts.digest
        # what goes wrong will be told by the transfer itself
        self._document.requests.ask(WeighParts, lambda _: None, lambda _: None, lane="aside")

    @property
    def _now(self) -> StyleTransfer:
        return self._state.params

    @property
    def _part(self) -> str:
        chosen = self.parts.state.chosen
        return "" if chosen is None else chosen.name

    def _make_edits(self) -> MakeEdit:
        selection, reference = self._document.snapshot.selection, self._reference
        assert selection is not None and reference is not None
        region = selection.everywhere(("style",))
        return lambda params: Edit(params, region, reference=reference.codes)

    def _made(self, edit: Edit) -> bool:
        selection, params = self._document.snapshot.selection, edit.params
        if selection is None or self._reference is None or not isinstance(params, StyleTransfer):
            return False
        same_part = params.part.casefold() == self._part.casefold()
        same_region = edit.selection == selection.everywhere(("style",))
        return same_part and same_region and edit.reference == self._reference.codes

    def _rest(self) -> StyleTransfer:
        return replace(self._remembered, amount=0.0, part=self._part)

    def _note(self, params: StyleTransfer) -> None:
        self._remembered = params

    def _find_obstacle(self) -> Notice | None:
        now, parts = self._document.snapshot, self.parts.state
        if not now.has_face or now.grid is None:
            return Notice("info", self.tr("There is no face yet."))
        if "style" not in now.grid.levels:
            return Notice("info", self.tr("This model has no style code, so that no part can take another look."))
        if parts.is_known and parts.parts is None:
            title = self.tr("This model has no parts yet.")
            return Notice("info", title, self.tr("Find them in the Parts panel."))
        if not self._part:
            title = self.tr("No part is chosen yet.")
            return Notice("info", title, self.tr("Choose one in the list, or click it with the wand (W)."))
        if self._is_absent():
            title = fill(self.tr("This face shows no {part}."), part=say_part(self._part))
            return Notice("info", title, self.tr("Choose a part that it has."))
        if self._reference is None:
            return self._lacks_reference()
        is_free = now.selection is not None and not now.selection.locked.all()
        return None if is_free else self._is_locked()

    def _is_absent(self) -> bool:
        """Say whether the chosen part is known to be nowhere in the picture; looked for once in each."""
        now = self.parts.state
        if now.map is None or now.chosen is None:
            return False
        if self._looked_for[0] is not now.map or self._looked_for[1] != now.chosen:
            self._looked_for = now.map, now.chosen, not now.map.pixels(now.chosen).any()
        return self._looked_for[2]

    def _say_no_spill(self) -> Notice:
        return Notice("info", self.tr("Without any spill nothing can change."), self.tr("Raise it in the settings."))

    def _show(self, params: StyleTransfer) -> None:
        obstacle, parts = self._find_obstacle(), self.parts.state.parts
        words = "" if obstacle is None else f"{obstacle.title} {obstacle.hint}".strip()
        source = "" if self._reference is None else self._reference.label
        before, self._state = self._state, TransferState(params, () if parts is None else parts.names, words, source)
        if before != self._state:
            self.changed.emit(self._state)
