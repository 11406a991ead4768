"""The buttons of a run: each says at once that it was pressed, and says so until the run has done it."""

import math
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.deeds import DEEDS, Deed, done_text, list_deeds, waiting_text
from sni_desktop.preferences.push_buttons import make_button
from sni_desktop.theme import Theme
from sni_engine.api.run_watch import RunNow

_PATIENCE_MS = 30_000  # after which a press that was not heard may be repeated
_PRAISE_MS = 4_000  # for which a button says that it is done
_BARE_PX = 46  # of a button with an icon alone
_BOLD = 1.12  # times as wide as plain letters
_SHORTENED = ("sample", "save", "stop", "toggle")  # lose their words in this order where there is little room


class Waiting(NamedTuple):
    """What was wished, and what the run looked like then."""

    wish: str
    mark: object


class RunButtons(QWidget):
    """Emits `asked` with the name of a wish: pause, go_on, resume, train_on, stop, save, sample, open."""

    asked = Signal(str)
    gave_up = Signal()  # nobody heard what was asked; it may be asked again

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._now: RunNow | None = None
        self._deeds: dict[str, Deed] = {}
        self._waiting: dict[str, Waiting] = {}
        self._done: set[str] = set()  # names of buttons whose wish was done a moment ago
        self._buttons = {name: make_button(f"run-{name}", do=partial(self._press, name)) for name in DEEDS}
        self._buttons["open"].setProperty("role", "primary")
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._give_up)
        self._praise = QTimer(self, singleShot=True, interval=_PRAISE_MS)
        self._praise.timeout.connect(self._say_no_more)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)
        for name, button in self._buttons.items():
            if name == "open":
                self.row.addStretch(1)
            self.row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._draw)

    def show_run(self, now: RunNow) -> None:
        """Show what can be done now."""
        self._hear(now)
        deeds = list_deeds(now)
        if any(waiting.wish == "stop" for waiting in self._waiting.values()):
            why_not = tr("It is stopping.")
            deeds |= {name: _forbid(deeds[name], why_not) for name in ("toggle", "save", "sample")}
        self._now = now
        # one Resume is enough: where a card says what happened, its own is the one
        self._buttons["toggle"].setVisible(now.state not in ("failed", "killed", "missing", "empty"))
        self._show(deeds)

    def wait_for(self, name: str, wish: str) -> None:
        """Say on a button that something was asked, until the run has done it."""
        if self._now is not None:
            self._waiting[name] = Waiting(wish, mark(self._now, wish))
            self._patience.start()
            self.show_run(self._now)

    def start_over(self) -> None:
        """Forget what was asked of another run."""
        self._waiting, self._done = {}, set()
        self._patience.stop()

    @property
    def is_waiting(self) -> bool:
        """Whether something was asked that the run has not done yet."""
        return bool(self._waiting)

    @property
    def waits_for(self) -> str:
        """What the run at rest was asked for and has not done yet: resume, forward, or nothing."""
        wish = self._waiting["toggle"].wish if "toggle" in self._waiting else ""
        return wish if wish in ("resume", "forward") else ""

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of the buttons without words."""
        spare = sum(self._width(name) - self._width(name, bare=True) for name in _SHORTENED)
        hint = self.row.minimumSize()
        return QSize(self._whole_width() - spare, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words away where there is no room for them."""
        super().resizeEvent(event)
        self._fit()

    def _press(self, name: str) -> None:
        if self._now is None or name in self._waiting:
            return
        wish = self._deeds[name].wish
        if wish not in ("open", "train_on"):
            self.wait_for(name, wish)
        self.asked.emit(wish)

    def _hear(self, now: RunNow) -> None:
        """Notice what was done of what was asked; of what shows nowhere else the button says so for a moment."""
        before, self._waiting = self._waiting, {}
        for name, waiting in before.items():
            if mark(now, waiting.wish) == waiting.mark:
                self._waiting[name] = waiting
            elif now.is_alive and done_text(waiting.wish):
                self._done.add(name)
                self._praise.start()

    def _say_no_more(self) -> None:
        self._done = set()
        if self._now is not None:
            self.show_run(self._now)

    def _give_up(self) -> None:
        self._waiting = {}
        if self._now is not None:
            self.show_run(self._now)
        self.gave_up.emit()

    def _show(self, deeds: dict[str, Deed]) -> None:
        shown = {name: self._say_waiting(name, deed) for name, deed in deeds.items()}
        if shown != self._deeds:
            self._deeds = shown
            self._draw()

    def _say_waiting(self, name: str, deed: Deed) -> Deed:
        waiting = self._waiting.get(name)
        if waiting is None and name in self._done and not deed.why_not:
            return Deed(done_text(deed.wish), "check", deed.tip, "", deed.wish)
        if waiting is None:
            return deed
        why_not = tr("It was asked for; the run does it between two steps.")
        return Deed(waiting_text(waiting.wish), deed.icon, deed.tip, why_not, deed.wish)

    def _draw(self) -> None:
        for name, deed in self._deeds.items():
            button = self._buttons[name]
            button.setEnabled(
                not deed.why_not or name in self._waiting
            )  # else the focus, and Space, went to its neighbour
            button.setToolTip(deed.why_not or deed.tip)
            button.setAccessibleName(deed.text)
            button.setAccessibleDescription(deed.why_not or deed.tip)
            colour = ("on_accent" if name == "open" else "text") if button.isEnabled() else "faint"
            button.setIcon(self._theme.icon(deed.icon, colour))
        self._fit()

    def _fit(self) -> None:
        """Give words to as many buttons as there is room for; icons stay, and names for screen readers."""
        bare: set[str] = set()
        missing = self._whole_width() - self.width()
        for name in _SHORTENED:
            if missing <= 0:
                break
            bare.add(name)
            missing -= self._width(name) - self._width(name, bare=True)
        for name, deed in self._deeds.items():
            text = "" if name in bare else deed.text
            if self._buttons[name].text() != text:
                self._buttons[name].setText(text)

    def _whole_width(self) -> int:
        items = [self.row.itemAt(place) for place in range(self.row.count())]
        widgets = [item.widget() for item in items if item is not None]
        others = sum(w.sizeHint().width() for w in widgets if w is not None and w not in self._buttons.values())
        shown = [name for name, button in self._buttons.items() if not button.isHidden()]
        return others + sum(map(self._width, shown)) + self.row.spacing() * len(widgets)

    def _width(self, name: str, bare: bool = False) -> int:
        """Return a button's width with its words, or without."""
        words = "" if bare or name not in self._deeds else self._deeds[name].text
        if not words:
            return _BARE_PX
        bold = _BOLD if name == "open" else 1.0
        return _BARE_PX + 6 + math.ceil(bold * self._buttons[name].fontMetrics().horizontalAdvance(words))


def mark(now: RunNow, wish: str) -> object:
    """Return what is another once a run has done what was wished."""
    if wish == "save":
        told = (
            now.last.at if now.last is not None and now.last.kind == "checkpoint" else 0
        )  # where all was saved already
        return now.is_alive, now.disk.checkpoint_ns, told
    if wish == "sample":
        return now.is_alive, now.sheets[-1:], now.disk.sheet_ns
    if wish == "forward":
        return now.put_aside, now.state
    if wish == "resume":
        return now.state, now.words  # which grow also when it fails as before
    return now.is_alive if wish == "stop" else now.state


def _forbid(deed: Deed, why_not: str) -> Deed:
    return Deed(deed.text, deed.icon, deed.tip, deed.why_not or why_not, deed.wish)
