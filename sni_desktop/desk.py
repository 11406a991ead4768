"""What the document builds on: the history, its pictures, and the steps on their way to and from the engine.

Activities, such as choosing among candidates, use the public half of it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sni_desktop.gesture import Gesture
from sni_desktop.pictures import PictureCache
from sni_desktop.requests import ClientLike, Requests
from sni_desktop.sheet import Sheet
from sni_desktop.snapshot import Notice
from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes
from sni_engine.api.edits import Edit
from sni_engine.api.history import History, Node
from sni_engine.api.messages import Apply, Draw, Failed, Finished, Locality, Opened, Pictured
from sni_engine.api.models import ModelCard


class Desk(Sheet):
    """All methods are cheap and never wait. What must follow an edit under way waits its turn, in order."""

    def __init__(self, client: ClientLike, new_seed: Callable[[], int]) -> None:
        super().__init__()
        self.new_seed = new_seed
        self._pictures = PictureCache()
        self._localities: dict[int, Locality] = {}
        self._gesture: Gesture | None = None
        self._dropped: set[str] = set()  # hands that still hold what they no longer move
        self._is_owed = False  # the current step's picture was asked for and has not come
        self._misses = 0  # how often it did not come
        self.requests: Requests = Requests(client, self)
        self.requests.changed.connect(self._show)
        self.requests.opened.connect(self._adopt_model)
        self.requests.failed.connect(self._fail)
        self.requests.degraded.connect(lambda event: self.tell(Notice("info", event.title, event.hint)))
        self.requests.rested.connect(self._pay)

    # -- for activities ----------------------------------------------------------------------------------------------

    def picture_of(self, node_id: int) -> Array | None:
        """Return the remembered picture of a step, None when it was never drawn or has been forgotten."""
        history = self._snapshot.history
        return None if history is None else self._pictures.get(history.node(node_id).codes.digest)

    def remember(self, codes: Codes, picture: Array) -> None:
        """Keep a picture that was drawn on the side."""
        self._pictures.put(codes.digest, picture)

    def locality_of(self, node_id: int) -> Locality | None:
        """Return how local a step's edit was, None when that was not measured since the project was opened."""
        return self._localities.get(node_id)

    @property
    def draft_base(self) -> int:
        """The step that the draft on screen departs from; the current one when no drag is under way."""
        history = self._snapshot.history
        assert history is not None
        return history.current_id if self._gesture is None else self._gesture.base.id

    def apply(self, edit: Edit) -> None:
        """Apply an edit to the current step, as a new one, after what is under way."""

        def act() -> None:
            history = self._snapshot.history
            if history is not None:
                self._commit(history.current, edit)

        self.in_turn(act)

    def keep(self, base: Node, edit: Edit, done: Finished) -> None:
        """Add a step whose codes and picture are there already."""
        self.in_turn(lambda: self._push(base, edit, done))

    def preview(self, label: str, codes: Codes, picture: Array, locality: Locality | None = None) -> None:
        """Show a picture that is no step, under a label, until `end_preview` or the next step."""
        self._pictures.put(codes.digest, picture)
        self._show(picture=picture, draft=True, preview=label, locality=locality)

    def end_preview(self) -> None:
        """Show the current step again."""
        if self._snapshot.preview:
            self._show_current()

    def in_turn(self, action: Callable[[], object]) -> None:
        """Act now, or after the edit under way; a gesture ends here."""
        self._leave_gesture()
        self.requests.in_turn(action)

    # -- gestures ----------------------------------------------------------------------------------------------------

    def drag(self, hand: str, begin: Callable[[History], Gesture], value: Any) -> None:
        """Show a draft of what a hand means at a value; begin: makes its gesture. Another hand's gesture ends first,
        and is kept. Of many drafts only the newest is drawn; none while a step is on its way.
        """
        if hand in self._dropped:
            return
        if self._gesture is not None and self._gesture.hand != hand and self._gesture.newest is not None:
            self._settle(self._gesture, self._gesture.newest)
        history = self._snapshot.history
        if self.requests.is_committing or history is None:
            return
        gesture = self._gesture or begin(history)
        edit = gesture.make_edit(value)
        self._gesture = replace(gesture, newest=edit)
        if edit != gesture.newest:
            self.requests.ask(
                lambda ticket: Apply(ticket, gesture.base.codes, edit),
                lambda done: self._show_draft(gesture, edit, done),
                lane="draft",
            )

    def release(self, hand: str, value: Any) -> bool:
        """Keep what a hand means at a value as one step, unless it changes nothing; what was drawn already is not drawn
        again. Says whether there was a gesture to end, be it a dropped one.
        """
        if hand in self._dropped:
            self._dropped.discard(hand)
            return True
        gesture = self._gesture
        if gesture is None or gesture.hand != hand:
            return False
        self._settle(gesture, gesture.make_edit(value))
        return True

    def settle_on(self, begin: Callable[[History], Gesture], value: Any) -> None:
        """Keep what a gesture means at a value as one step, without the way there."""

        def act() -> None:
            if self._snapshot.history is not None:
                gesture = begin(self._snapshot.history)
                self._settle(gesture, gesture.make_edit(value))

        self.in_turn(act)

    def drop_drag(self) -> None:
        """Forget the gesture under way: its control and the picture are what they were before it."""
        gesture = self._gesture
        self._leave_gesture()
        if gesture is not None:
            gesture.restore()

    def is_dropped(self, hand: str) -> bool:
        """Say whether a hand's gesture is over although it has not let go."""
        return hand in self._dropped

    def is_dragging(self, hand: str) -> bool:
        """Say whether a hand's gesture is the one under way."""
        return self._gesture is not None and self._gesture.hand == hand

    def _leave_gesture(self) -> None:
        if self._gesture is None:
            return
        self._dropped.add(self._gesture.hand)
        self._gesture = None
        if self._snapshot.draft:
            self._show_current()

    def _settle(self, gesture: Gesture, edit: Edit) -> None:
        """End a gesture at an edit: nothing changed, back to the step it started from, or a step of its own."""
        self._gesture = None
        history = self._snapshot.history
        if history is None or gesture.leaves_all(edit):
            self._show_current()
        elif edit.changes_nothing:
            self._show(history=history.go_to(gesture.base.id))
            self._show_current()
        elif gesture.answer is not None and gesture.answer[0] == edit:
            self._push(gesture.base, edit, gesture.answer[1])
        else:
            self._commit(gesture.base, edit)

    def _show_draft(self, asked: Gesture, edit: Edit, done: Finished) -> None:
        if self._gesture is None or self._gesture.make_edit is not asked.make_edit:
            return  # the gesture ended before its draft came
        self._gesture = replace(self._gesture, answer=(edit, done))
        self._pictures.put(done.codes.digest, done.picture)
        self._show(picture=done.picture, draft=True, preview="", locality=done.locality, seconds=done.seconds)

    # -- what follows ------------------------------------------------------------------------------------------------

    def _commit(self, base: Node, edit: Edit) -> None:
        pushed: list[int] = []  # the step: its picture comes first, how local it is afterwards

        def push(event: Pictured | Finished) -> None:
            if not pushed:
                pushed.extend(self._push(base, edit, event))

        def finish(done: Finished) -> None:
            push(done)
            if pushed and done.locality is not None:
                self._note_locality(pushed[0], done.locality)

        self.requests.ask(lambda ticket: Apply(ticket, base.codes, edit), finish, pictured=push)

    def _push(self, base: Node, edit: Edit, done: Pictured | Finished) -> Sequence[int]:
        """Add a step and show it; return its number, nothing when the face is gone or as it was."""
        history = self._snapshot.history
        if history is None:
            return ()
        self._pictures.put(done.codes.digest, done.picture)
        if history.current_id != base.id:
            history = history.go_to(base.id)
        if done.codes == base.codes:
            self._show(history=history)
            self._show_current()
            self.tell(Notice("info", self.tr("Nothing has changed: the face is like that already.")))
            return ()
        history = history.push(edit, done.codes, created=time.time())
        self._localities.pop(history.current_id, None)  # of a step that was deleted
        if isinstance(done, Finished) and done.locality is not None:
            self._localities[history.current_id] = done.locality
        self._is_owed, self._misses = False, 0
        changes = {"history": history, "picture": done.picture, "draft": False, "preview": ""}
        self._show(**changes, locality=self._localities.get(history.current_id), seconds=done.seconds)
        return (history.current_id,)

    def _note_locality(self, node_id: int, locality: Locality) -> None:
        self._localities[node_id] = locality
        history = self._snapshot.history
        if history is not None and history.current_id == node_id and not self._snapshot.draft:
            self._show(locality=locality)

    def _show_answer(self, done: Finished) -> None:
        self._pictures.put(done.codes.digest, done.picture)
        self._show(seconds=done.seconds)
        history = self._snapshot.history
        if history is not None and self._gesture is None and self.picture_of(history.current_id) is not None:
            self._show_current()  # else another step was gone to meanwhile, and its own picture is on its way

    def _show_current(self) -> None:
        """Show the current step: at once when its picture is remembered, else when it is drawn."""
        history = self._snapshot.history
        if history is None:
            return
        node = history.current
        picture = self._pictures.get(node.codes.digest)
        self._is_owed = picture is None
        if picture is not None:
            self._misses = 0
            self._show(picture=picture, draft=False, preview="", locality=self._localities.get(node.id))
            return
        self._show(draft=False, preview="", locality=None)
        self.requests.ask(
            lambda ticket: Draw(ticket, node.codes),
            self._show_answer,
            lambda event: self._miss(node, Notice.of(event)),
            lane="draft",  # of the many steps that a held key walks over only the last is drawn
        )

    def _pay(self) -> None:
        """Ask once more for a picture that was overtaken or cancelled; then rather show none than another step's."""
        if not self._is_owed or self._gesture is not None or self._snapshot.history is None:
            return
        self._misses += 1
        if self._misses == 1:
            self._show_current()
            return
        title, hint = self.tr("This step's picture is not drawn."), self.tr("Click the step in the history to draw it.")
        self._miss(self._snapshot.history.current, Notice("info", title, hint))

    def _miss(self, node: Node, notice: Notice) -> None:
        history = self._snapshot.history
        if history is not None and history.current.codes is node.codes and self._gesture is None:
            self._is_owed = False
            self._show(picture=None, draft=False, preview="", locality=None)
        self.tell(notice)

    def _adopt_model(self, event: Opened) -> None:
        old: ModelCard | None = self._snapshot.card
        if old is None or old.digest != event.card.digest:
            self._pictures.clear()  # the same codes look different now
            self._localities.clear()
        self._show(card=event.card, device=event.device)

    def _fail(self, event: Failed) -> None:
        self._show(notice=Notice.of(event, "draw"))
        if self._snapshot.draft and self._gesture is None:
            self._show_current()

    def _show(self, **changes: Any) -> None:
        """Replace parts of the snapshot and tell everybody."""
        history = changes.get("history", self._snapshot.history)
        if history is not None and "history" in changes:
            self._pictures.pin(history.current.codes.digest)
        super()._show(**changes, busy=self.requests.is_busy, progress=self.requests.progress)
