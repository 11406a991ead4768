"""The model's semantic parts: which there are, where they are in the picture, which one is meant, what they are called.

What is kept lies beside the model; every change of it can be taken back here, since Undo belongs to steps.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from sni_desktop.activities.part_finding import FindSettings, PartFinder
from sni_desktop.activities.part_keeping import PartKeeper
from sni_desktop.activities.part_notices import tell_absent, tell_forgotten, tell_found, tell_joined, tell_none
from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot
from sni_engine.api.arrays import Array
from sni_engine.api.cells import combine
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Failed
from sni_engine.api.part_requests import PartsFound, PartsShown, ReadParts, ShowParts
from sni_engine.api.parts import Part, PartMap, PartSet, choose_cells, join_parts, name_clusters

_MAPS_KEPT = 16  # of steps gone to lately


@dataclass(frozen=True, eq=False)
class PartsState:
    """What panels and canvas show. is_known: whether it is known what parts the model has; parts: None for none.

    map: of the current step, None until it is drawn. chosen: the part that was meant last; pointed: the one under the
    pointer, from_list: elsewhere than on the picture. is_on: all parts are shown over the picture.
    """

    is_known: bool = False
    parts: PartSet | None = None
    map: PartMap | None = None
    chosen: Part | None = None
    pointed: Part | None = None
    from_list: bool = False
    is_on: bool = False
    is_finding: bool = False
    can_take_back: bool = False


class Parts(QObject):
    """Asks the engine only while somebody wants to know, on the side; finding is waited for, and can be cancelled."""

    changed = Signal(object)  # PartsState

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._wanted: set[str] = set()
        self._asked: int | None = None  # the ticket of what was asked on the side
        self._failed = ""  # the codes whose map does not come
        self._maps: OrderedDict[str, PartMap] = OrderedDict()
        self._chosen = Part("", ())  # what it was called, and held, when it was there last
        self._is_asking = False
        self._to_select: tuple[Sequence[str], str] | None = None  # when the map comes
        self._to_find: FindSettings | None = None  # when it is known what there is
        self._tells_none = False
        card = document.snapshot.card
        self._model = "" if card is None else card.digest
        self._keeper = PartKeeper(document, self._take, self._model)
        self._finder = PartFinder(document, lambda: self._show())
        self._state = PartsState()
        document.changed.connect(self._follow)
        document.requests.changed.connect(self._go_on)

    @property
    def state(self) -> PartsState:
        """What is known now."""
        return self._state

    # -- looking -----------------------------------------------------------------------------------------------------

    def want(self, who: str, wanted: bool) -> None:
        """Ask for parts and maps from now on, on behalf of somebody such as a tool in hand; or no longer."""
        (self._wanted.add if wanted else self._wanted.discard)(who)
        self._go_on()

    def toggle(self) -> None:
        """Show all parts over the picture, or put them away."""
        self._show(is_on=not self._state.is_on)
        self.want("overlay", self._state.is_on)
        if self._state.is_on:
            self.tell_if_none()

    def leave(self) -> None:
        """Put the parts over the picture away."""
        if self._state.is_on:
            self.toggle()

    def tell_if_none(self) -> None:
        """Say that there are no parts if that is so, now or as soon as it is known, and offer to find some.

        A map that did not come before is asked for again.
        """
        self._tells_none = True
        self._failed = ""  # whoever asks once more shall be answered, or told why not
        self._show()
        self._go_on()

    def point_at(self, place: tuple[float, float] | None) -> None:
        """Note what is under the pointer: a place (y, x) of the picture, each from 0 to 1, or None."""
        pointed = None if place is None else self.part_at(*place)
        if pointed != self._state.pointed:
            self._show(pointed=pointed, from_list=False)

    def point_at_part(self, name: str) -> None:
        """Note a part that is pointed at elsewhere than in the picture, such as in a list; "" for none."""
        there = () if self._state.parts is None else self._state.parts.parts
        pointed = next((part for part in there if part.name == name), None)
        if pointed != self._state.pointed:
            self._show(pointed=pointed, from_list=True)

    def part_at(self, y: float, x: float) -> Part | None:
        """Return the part at a place of the picture, each coordinate from 0 to 1; None while that is not known."""
        now = self._state
        if now.map is None or now.parts is None or not (0 <= y <= 1 and 0 <= x <= 1):
            return None
        return now.parts.part_of(now.map.cluster_at(y, x))

    def choose(self, name: str) -> None:
        """Mean a part from now on."""
        self._chosen = Part(name, ())
        self._show()

    # -- selecting ---------------------------------------------------------------------------------------------------

    def cells_of(self, part: Part, near: tuple[float, float] | None = None) -> Array | None:
        """Return the weights [R, C] with which a part takes the cells it covers, None while that is not known.

        near: a place (y, x) of the part, for the one piece of it that is there.
        """
        now, grid = self._state, self._document.snapshot.grid
        return None if now.map is None or grid is None else choose_cells(now.map, part, grid, near)

    def select(self, names: Sequence[str], mode: str = "replace") -> None:
        """Select the cells that parts cover, softly; mode: as of `combine`. Where they are is asked for if need be."""
        now, selection = self._state, self._document.snapshot.selection
        if now.map is None and (now.parts is not None or not now.is_known):
            self._to_select = (names, mode)
            self._failed = ""
            self.want("select", True)
            return
        chosen = [part.name for part in (now.parts.parts if now.parts else ()) if part.name in names]
        if selection is None or now.map is None or now.parts is None or not chosen:
            return
        cells = self.cells_of(join_parts(now.parts, chosen))
        if cells is not None and not cells.any():
            self._document.tell(tell_absent(chosen))
        elif cells is not None and cells.shape == selection.cells.shape:
            self._document.set_cells(combine(selection.cells, cells, mode))

    # -- naming ------------------------------------------------------------------------------------------------------

    def rename(self, names: Sequence[str], new: str) -> None:
        """Give parts a name together; of the name of another one, they join it. Without a name their clusters part."""
        self._keeper.upon_newest(lambda: self._rename(names, new))

    def _rename(self, names: Sequence[str], new: str) -> None:
        parts = self._state.parts
        if parts is None or not names:
            return
        try:
            clusters = [cluster for name in names for cluster in parts.find(name).clusters]
            named = name_clusters(parts, clusters, new)
        except EngineError as error:
            self._document.tell(Notice.of(error))
            return
        if named.parts != parts.parts:
            notice = tell_joined(parts, names, new)
            self._keeper.keep(parts, named, lambda _: notice)

    def split(self, names: Sequence[str]) -> None:
        """Let each cluster of some parts be a part of its own."""
        self.rename(names, "")

    def forget(self) -> None:
        """Go back to the parts that came with the model, or to none."""

        def act() -> None:
            if self._state.parts is not None:
                self._keeper.keep(self._state.parts, None, tell_forgotten)

        self._keeper.upon_newest(act)

    def take_back(self) -> None:
        """Undo what was named, merged or found last."""
        self._keeper.take_back()

    # -- finding -----------------------------------------------------------------------------------------------------

    def find(self, settings: FindSettings) -> None:
        """Find the model's parts anew, and keep them; the ones before come back by `take_back`."""
        if self._finder.is_finding or self._document.snapshot.card is None:
            return
        if not self._state.is_known:  # what there was before must be known, to come back
            self._to_find = settings
            self.want("find", True)
            return
        model = self._model

        def keep(found: PartSet) -> None:
            if model == self._model:
                self._keeper.in_turn(partial(self._keep_found, found))

        self._finder.find(settings, keep)

    # -- what follows ------------------------------------------------------------------------------------------------

    def _keep_found(self, found: PartSet) -> None:
        notice = tell_found(self._state.parts, found)
        self._keeper.keep(self._state.parts, found, lambda _: notice)

    def _take(self, event: PartsFound) -> None:
        self._note(event.parts)
        self._show()
        self._go_on()

    def _note(self, parts: PartSet | None) -> None:
        """Know what there is from now on; another program may have kept it."""
        before = self._state.parts
        if before is None or parts is None or parts.digest != before.digest:
            self._maps.clear()
            self._failed = ""
            self._chosen = Part(self._chosen.name, ())  # other clusters: what it held means nothing now
        elif parts.parts == before.parts:
            parts = before  # the very same, so that nobody shows them anew
        self._state = replace(self._state, is_known=True, parts=parts)

    def _follow(self, now: Snapshot) -> None:
        digest = "" if now.card is None else now.card.digest
        if digest != self._model:
            self._model, self._asked, self._failed = digest, None, ""
            self._maps.clear()
            self._keeper.forget(digest)
            self._forget_wish()
            self._to_find = None
            self._wanted.discard("find")
            self._tells_none = False
            self._state = PartsState(is_on=self._state.is_on)
            self._show()
        elif self._map_now() is not self._state.map:
            self._show()
        self._go_on()

    def _map_now(self) -> PartMap | None:
        history = self._document.snapshot.history
        return None if history is None else self._maps.get(history.current.codes.digest)

    def _go_on(self) -> None:
        """Ask for what is wanted and not known, one thing at a time."""
        now, requests = self._document.snapshot, self._document.requests
        is_waiting = self._asked is not None and requests.is_awaited(self._asked)
        if not self._wanted or now.card is None or is_waiting or self._is_asking:
            return
        if not self._state.is_known:
            self._ask(ReadParts, self._take)
        elif self._state.parts is not None and now.history is not None:
            codes = now.history.current.codes
            is_known = codes.digest in self._maps or codes.digest == self._failed
            if not is_known and codes.fits(now.card.grid):
                self._ask(lambda ticket: ShowParts(ticket, codes), self._take_map, codes.digest)

    def _ask(self, make: Callable[[int], Any], take: Callable[[Any], None], codes: str = "") -> None:
        model = self._model

        def receive(event: Any) -> None:
            if model == self._model:
                take(event)

        def fail(event: Failed) -> None:
            if model == self._model:
                self._failed = codes
                self._forget_wish()
                self._show(is_known=True)
                self._document.tell(Notice.of(event))

        self._is_asking = True  # asking tells everybody, us too
        self._asked = self._document.requests.ask(make, receive, fail, lane="aside")
        self._is_asking = False

    def _take_map(self, event: PartsShown) -> None:
        self._note(event.parts)
        self._maps[event.codes.digest] = event.map
        while len(self._maps) > _MAPS_KEPT:
            self._maps.popitem(last=False)
        self._show()
        self._go_on()

    def _show(self, **changes: Any) -> None:
        is_finding, can_take_back = self._finder.is_finding, self._keeper.can_take_back
        now = replace(self._state, map=self._map_now(), is_finding=is_finding, can_take_back=can_take_back, **changes)
        there = () if now.parts is None else now.parts.parts
        chosen = self._find_chosen(there)
        pointed = now.pointed if now.pointed in there and now.map is not None else None
        self._state = replace(now, chosen=chosen, pointed=pointed)
        if self._tells_none and now.is_known:
            self._tells_none = False
            if now.parts is None:
                self._document.tell(tell_none())
        self.changed.emit(self._state)
        if self._to_find is not None and now.is_known:
            settings, self._to_find = self._to_find, None
            self._wanted.discard("find")
            self.find(settings)
        if self._to_select is not None and (now.map is not None or (now.is_known and now.parts is None)):
            names, mode = self._to_select
            self._forget_wish()
            self.select(names, mode)

    def _find_chosen(self, there: Sequence[Part]) -> Part | None:
        """Return the part that is meant: by its name, else what holds most of it since names have changed."""
        meant, held = self._chosen, set(self._chosen.clusters)
        chosen = next((part for part in there if part.name.casefold() == meant.name.casefold()), None)
        if chosen is None and held and there:
            chosen = max(there, key=lambda part: len(held & set(part.clusters)))
        self._chosen = chosen or meant
        return chosen

    def _forget_wish(self) -> None:
        self._to_select = None
        self._wanted.discard("select")
