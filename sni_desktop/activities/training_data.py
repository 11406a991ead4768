"""What a new run would learn from, looked at beforehand: pictures as they will be cropped, files, devices."""

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from sni_desktop.document import Document
from sni_engine.api.messages import Failed
from sni_engine.api.train_requests import (
    CheckPictures,
    Devices,
    DeviceState,
    ListDevices,
    LookAtPictures,
    PicturesChecked,
    PicturesSeen,
)
from sni_engine.api.training import Fit

_PAUSE_MS = 250  # after the last change, before anything is read or drawn
_AGAIN_MS = 300  # after everything was cancelled for another reason


@dataclass(frozen=True)
class PictureWish:
    """Which pictures are to be looked at: those of a folder or zip file, or portraits of a variety for ""."""

    data: str
    fit: Fit
    size_px: int
    variety: float


@dataclass(frozen=True, eq=False)
class DataNow:
    """What is known of the pictures that were wished for last; None until it is. trouble: why nothing can be."""

    wish: PictureWish | None = None
    seen: PicturesSeen | None = None
    checked: PicturesChecked | None = None
    trouble: tuple[str, str] | None = None
    devices: tuple[DeviceState, ...] = ()
    best_device: str = ""

    @property
    def is_looking(self) -> bool:
        """Whether an answer is still to come."""
        if self.wish is None or self.trouble is not None:
            return False
        return self.seen is None or (bool(self.wish.data) and self.checked is None)


class TrainingData(QObject):
    """Asks the engine while it has nothing else to do; only the newest wish counts."""

    changed = Signal(object)  # DataNow

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self.now: DataNow = DataNow()
        self._asked: set[int] = set()
        self._round = 0  # goes up with every asking, so that what became of earlier ones does not matter
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self._ask)

    def look(self, wish: PictureWish | None) -> None:
        """Look at other pictures, in a moment; at none for None. The same again is looked at once."""
        if wish == self.now.wish:
            return
        self._set(replace(self.now, wish=wish, seen=None, checked=None, trouble=None))
        self._asked = set()
        self._soon.start(_PAUSE_MS)

    def look_again(self) -> None:
        """Look once more at the same pictures: they may be others by now."""
        wish, self.now = self.now.wish, replace(self.now, wish=None)
        self.look(wish)

    def list_devices(self) -> None:
        """Ask what there is to compute on, and how much memory is free."""
        self._document.requests.ask(ListDevices, self._take_devices, _ignore, lane="aside")

    def _ask(self) -> None:
        wish = self.now.wish
        if wish is None:
            return
        self._round += 1
        look = partial(LookAtPictures, data=wish.data, fit=wish.fit, size_px=wish.size_px, variety=wish.variety)
        self._send(look)
        if wish.data:
            self._send(partial(CheckPictures, data=wish.data, fit=wish.fit, size_px=wish.size_px))

    def _send(self, make: "partial[LookAtPictures] | partial[CheckPictures]") -> None:
        stopped = partial(self._stop, self._round)
        self._asked.add(self._document.requests.ask(make, self._take, self._miss, lane="aside", stopped=stopped))

    def _take(self, answer: PicturesSeen | PicturesChecked) -> None:
        if answer.ticket not in self._asked:
            return
        if isinstance(answer, PicturesSeen):
            self._set(replace(self.now, seen=answer))
        else:
            self._set(replace(self.now, checked=answer))

    def _miss(self, failed: Failed) -> None:
        if failed.ticket in self._asked:
            self._set(replace(self.now, trouble=(failed.title, failed.hint)))

    def _stop(self, asked: int) -> None:
        """Ask once more: the person meant something else to stop."""
        if asked == self._round and self.now.is_looking:
            self._soon.start(_AGAIN_MS)

    def _take_devices(self, told: Devices) -> None:
        self._set(replace(self.now, devices=told.devices, best_device=told.best))

    def _set(self, now: DataNow) -> None:
        self.now = now
        self.changed.emit(now)


def _ignore(_: Failed) -> None:
    """Without an answer, no device is marked as missing."""
