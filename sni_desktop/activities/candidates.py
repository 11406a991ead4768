"""Choosing among candidates: several alternatives for the selection at once, looked at one by one, one of them kept."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from sni_desktop.activities.strip import Candidate, Mix, Strip, cross, fit_together, levels_of
from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot
from sni_desktop.worker.tasks import Lane
from sni_engine.api import messages
from sni_engine.api.arrays import Array
from sni_engine.api.codes import Level
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.history import History, Node
from sni_engine.api.messages import Drawn, Failed, Finished
from sni_engine.api.models import ModelCard
from sni_engine.api.selection import Selection


class Candidates(QObject):
    """Nothing here changes the history but `accept`. Candidates whose step is gone leave the strip."""

    changed = Signal(object)

    def __init__(self, document: Document, count: int = 9) -> None:
        super().__init__()
        self._document = document
        self._strip = Strip(count)
        self._model = ""  # the digest of the model that drew the candidates
        self._asked = 0  # grows with every question; an answer to an older one is dropped
        self._mixed = 0  # likewise of mixes
        self._selection: Selection | None = None
        self._seen: tuple[History | None, ModelCard | None] = (None, None)
        self._is_due = False  # the mix as it stands is not drawn yet
        document.changed.connect(self._follow)
        document.requests.rested.connect(self._draw_due)

    @property
    def snapshot(self) -> Strip:
        """What is in the strip now."""
        return self._strip

    # -- asking ------------------------------------------------------------------------------------------------------

    def set_count(self, count: int) -> None:
        """Choose how many to ask for at once."""
        self._show(count=count)

    def ask(self, count: int | None = None) -> None:
        """Draw alternatives for the selection at the current step; those with a star stay."""

        def act() -> None:
            now = self._document.snapshot
            if now.history is None or now.selection is None or not now.can_edit:
                self._tell(self.tr("There is nothing to vary."), self.tr("Select the cells that should change."))
            elif now.amount == 0:
                self._tell(self.tr("At an amount of 0 % all candidates look like the face."), self.tr("Raise it."))
            else:
                self._ask(now.history.current, now.selection, Resample(now.amount), count)

        self._document.in_turn(act)

    def more(self) -> None:
        """Draw others, asked for as the last ones were; those with a star stay."""
        drawn = [item for item in self._strip.items if not item.is_mix]
        base = self._strip.base
        if base is None or not drawn:
            self.ask()
            return
        last = drawn[-1].edit
        assert isinstance(last.params, Resample)
        params = last.params

        def act() -> None:
            now = self._document.snapshot.selection
            fits = now is not None and now.locked.shape == last.selection.cells.shape
            selection = last.selection.with_locks(now.locked) if now is not None and fits else last.selection
            self._ask(base, selection, params)

        self._document.in_turn(act)

    def _ask(self, base: Node, selection: Selection, params: Resample, count: int | None = None) -> None:
        if not self._is_there(base):
            return
        wanted = count or self._strip.count
        edits = tuple(Edit(params, selection, self._document.new_seed()) for _ in range(wanted))
        self._asked += 1
        mine = self._asked
        self._show(asking=len(edits))
        self._document.requests.ask(
            lambda ticket: messages.Candidates(ticket, base.codes, edits),
            lambda done: self._take(done, base, edits, mine),
            self._fail,
            stopped=lambda: self._show(asking=0),
        )

    def _take(self, done: Drawn, base: Node, edits: tuple[Edit, ...], mine: int) -> None:
        if mine != self._asked or not self._is_there(base):
            return
        localities = done.localities or (None,) * len(edits)
        parts = zip(edits, done.codes, done.pictures, localities, strict=True)
        fresh = tuple(Candidate(base, *part) for part in parts)
        self.restore()
        self._note_model()
        starred = tuple(item for item in self._strip.items if item.starred)
        self._show(base=base, items=(*starred, *fresh), asking=0, here=self._is_current(base), mix=None)

    def _fail(self, event: Failed) -> None:
        self._show(asking=0)
        self._report(event)

    # -- looking -----------------------------------------------------------------------------------------------------

    def preview(self, index: int) -> None:
        """Show a candidate on the canvas; an index that no candidate has does nothing."""
        if not 0 <= index < len(self._strip.items) or index == self._strip.previewed:
            return
        item = self._strip.items[index]
        label = self.tr("Candidate {number}").replace("{number}", str(index + 1))
        self._document.drop_drag()
        self._show(previewed=index)
        self._document.preview(label, item.codes, item.picture, item.locality)

    def pick(self, index: int) -> None:
        """Show a candidate; while two are being crossed, let it be the one that gives."""
        mix = self._strip.mix
        if mix is None:
            self.preview(index)
        elif index not in (mix.of, mix.other):
            self.mix(mix.of, index, mix.levels)

    def step(self, by: int) -> None:
        """Pick the next candidate, or the one before; after the last comes the first."""
        strip = self._strip
        count, before = len(strip.items), strip.previewed if strip.mix is None else strip.mix.other
        if before is None:
            before = -1 if by > 0 else count
        after = (before + by) % max(count, 1)
        self.pick((after + by) % count if strip.mix is not None and after == strip.mix.of else after)

    def restore(self) -> None:
        """Show the current step again; the mix under way is left, too."""
        if self._strip.previewed is not None or self._strip.mix is not None:
            self._show(previewed=None, mix=None)
            self._document.end_preview()

    # -- choosing ----------------------------------------------------------------------------------------------------

    def toggle_star(self, index: int | None = None) -> None:
        """Star a candidate, the previewed one when none is named, or take its star away."""
        index = self._chosen(index)
        if index is not None:
            self._put(self._strip.with_item(index, starred=not self._strip.items[index].starred))

    def discard(self, index: int | None = None) -> None:
        """Take a candidate out of the strip; the one after it is previewed when it was."""
        index = self._chosen(index)
        if index is None:
            return
        was_previewed = self._strip.previewed
        self.restore()
        items = (*self._strip.items[:index], *self._strip.items[index + 1 :])
        self._show(items=items)
        if was_previewed is not None and items:
            self.preview(min(was_previewed - (index < was_previewed), len(items) - 1))

    def clear(self) -> None:
        """Take all candidates out of the strip."""
        self._asked += 1
        self.restore()
        self._show(base=None, items=(), asking=0, here=True, mix=None)

    def accept(self, index: int | None = None) -> None:
        """Keep a candidate, what is on the canvas when none is named, as a step after the one it starts from."""
        if index is None:
            self.keep_mix()
        index = self._chosen(index)
        if index is None:
            return
        item = self._strip.items[index]
        self._show(previewed=None, mix=None)
        self._document.in_turn(lambda: self._keep(item))

    def _keep(self, item: Candidate) -> None:
        """Add the step, or go to the one that it has become already."""
        index, history = self._strip.find(item), self._document.snapshot.history
        if index is None or history is None or not self._is_there(item.base):
            return
        if any(node.id == item.kept_as and node.codes == item.codes for node in history.nodes):
            assert item.kept_as is not None
            self._document.go_to(item.kept_as)
            return
        if self._strip.breaks_locks(item):
            self._renew(item)
        else:
            self._add_step(item, item)

    def _renew(self, item: Candidate) -> None:
        """Draw a candidate around cells that were locked after it was asked for, then keep that."""
        assert self._strip.locked is not None
        edit = replace(item.edit, selection=item.edit.selection.with_locks(self._strip.locked))

        def take(done: Finished) -> None:
            fresh = replace(item, edit=edit, codes=done.codes, picture=done.picture, locality=done.locality)
            self._add_step(item, fresh)

        ask = self._document.requests.ask
        ask(lambda ticket: messages.Apply(ticket, item.base.codes, edit), take)

    def _add_step(self, item: Candidate, kept: Candidate) -> None:
        """Make a candidate a step; in the strip it stands in the place of `item`, if that is still there."""
        if not self._is_there(kept.base):
            return
        self._document.keep(kept.base, kept.edit, kept.done)
        history, index = self._document.snapshot.history, self._strip.find(item)
        assert history is not None
        if index is not None:
            items = (*self._strip.items[:index], kept, *self._strip.items[index + 1 :])
            self._put(replace(self._strip, items=items).with_item(index, kept_as=history.current_id))

    def go_back(self) -> None:
        """Go to the step that the candidates were asked for."""
        if self._strip.base is not None:
            self._document.go_to(self._strip.base.id)

    def _chosen(self, index: int | None) -> int | None:
        index = self._strip.previewed if index is None else index
        return index if index is not None and 0 <= index < len(self._strip.items) else None

    # -- crossing ----------------------------------------------------------------------------------------------------

    def mix(self, of: int, other: int, levels: Iterable[Level] | None = None) -> None:
        """Cross two candidates: the selected cells, also as they change from now on, come from `other`."""
        now, strip = self._document.snapshot, self._strip
        if now.selection is None or now.grid is None or not {of, other} <= set(range(len(strip.items))):
            return
        one, two = strip.items[of], strip.items[other]
        if not fit_together(one, two):
            return
        common = levels_of(one, two, now.grid)
        wanted = {"local", "shared"} if levels is None else set(levels)
        chosen = tuple(level for level in common if level in wanted) or (common[:1] if levels is None else ())
        self._show(mix=Mix(of, other, chosen, now.selection.cells), previewed=None)
        self._draw_mix()

    def set_mix_levels(self, levels: Iterable[Level]) -> None:
        """Choose the levels that the other candidate gives."""
        if self._strip.mix is not None:
            self.mix(self._strip.mix.of, self._strip.mix.other, levels)

    def keep_mix(self) -> None:
        """Put the cross on screen into the strip, as its last candidate."""
        mix = self._strip.mix
        if mix is not None and mix.result is not None:
            result = mix.result
            self.restore()
            self._show(items=(*self._strip.items, result))
            self.preview(len(self._strip.items) - 1)

    def crossbreed(self, of: int, other: int, cells: Array, levels: Iterable[Level] = ("local",)) -> None:
        """Add a candidate to the strip: `of`, with the codes of `other` in `cells` [R, C]."""
        grid = self._document.snapshot.grid
        one, two = self._strip.items[of], self._strip.items[other]
        if grid is not None and fit_together(one, two):
            edit = cross(one, two, cells, tuple(levels), grid)
            self._draw_cross(one.base, edit, self._append, "commit")

    def _draw_mix(self) -> None:
        """Draw the mix as it stands; of many only the newest is drawn and shown."""
        mix, grid = self._strip.mix, self._document.snapshot.grid
        assert mix is not None
        assert grid is not None
        self._mixed += 1
        mine, self._is_due = self._mixed, True
        one, other = self._strip.items[mix.of], self._strip.items[mix.other]
        label = self.tr("{a} with parts of {b}").replace("{a}", str(mix.of + 1)).replace("{b}", str(mix.other + 1))

        def show(found: Candidate) -> None:
            if self._strip.mix is not None and mine == self._mixed:
                self._is_due = False
                self._show(mix=replace(self._strip.mix, result=found))
                self._document.preview(label, found.codes, found.picture, found.locality)

        self._draw_cross(one.base, cross(one, other, mix.cells, mix.levels, grid), show, "draft")

    def _draw_due(self) -> None:
        """Draw the mix once more when something newer overtook it."""
        if self._is_due and self._strip.mix is not None:
            self._draw_mix()

    def _draw_cross(self, base: Node, edit: Edit, done: Callable[[Candidate], None], lane: Lane) -> None:
        """Draw a cross by the very edit that it will be, so that the step can be replayed to the same codes."""

        def take(drawn: Drawn) -> None:
            if self._is_there(base):
                locality = drawn.localities[0] if drawn.localities else None
                done(Candidate(base, edit, drawn.codes[0], drawn.pictures[0], locality))

        ask = self._document.requests.ask
        ask(lambda ticket: messages.Candidates(ticket, base.codes, (edit,)), take, self._report, lane)

    def _note_model(self) -> None:
        card = self._document.snapshot.card
        self._model = card.digest if card else ""

    def _append(self, found: Candidate) -> None:
        self._show(items=(*self._strip.items, found))

    # -- following the document --------------------------------------------------------------------------------------

    def _follow(self, now: Snapshot) -> None:
        """Keep only what is true of what is on screen now."""
        if now.selection is not self._selection:
            self._selection = now.selection
            self._show(locked=None if now.selection is None else now.selection.locked)
        if now.history is not self._seen[0] or now.card is not self._seen[1]:
            self._seen = (now.history, now.card)
            self._prune(now)
        previewed, mix = self._strip.previewed, self._strip.mix
        if previewed is not None and not (now.preview and now.picture is self._strip.items[previewed].picture):
            self._show(previewed=None)
        if mix is not None and mix.result is not None and not now.preview:
            self._show(mix=None)
        elif mix is not None and now.selection is not None and now.selection.cells is not mix.cells:
            self._show(mix=replace(mix, cells=now.selection.cells))
            self._draw_mix()

    def _prune(self, now: Snapshot) -> None:
        """Let go of candidates that another model drew, and of those whose step is gone."""
        strip = self._strip
        same_model = now.card is not None and now.card.digest == self._model
        kept = tuple(item for item in strip.items if same_model and self._is_there(item.base))
        base = strip.base if same_model and strip.base is not None and self._is_there(strip.base) else None
        if base is not None:
            assert now.history is not None
            base = now.history.node(base.id)  # it may have been named meanwhile
        here = base is None or self._is_current(base)
        if len(kept) < len(strip.items):
            self._show(previewed=None, mix=None)
        if (len(kept), base, here) != (len(strip.items), strip.base, strip.here):
            self._show(items=kept, base=base, here=here)

    def _is_there(self, base: Node) -> bool:
        """Say whether a step is still in the history and can be drawn."""
        now = self._document.snapshot
        if now.history is None or now.card is None or not base.codes.fits(now.card.grid):
            return False
        try:
            return now.history.node(base.id).codes == base.codes
        except KeyError:
            return False

    def _is_current(self, base: Node) -> bool:
        history = self._document.snapshot.history
        return history is not None and history.current_id == base.id

    def _tell(self, title: str, hint: str) -> None:
        self._document.tell(Notice("info", title, hint))

    def _report(self, event: Failed) -> None:
        self._is_due = False
        self._document.tell(Notice.of(event))

    def _put(self, strip: Strip) -> None:
        self._strip = strip
        self.changed.emit(strip)

    def _show(self, **changes: Any) -> None:
        self._put(replace(self._strip, **changes))
