"""The monitor of a run: how it is, its samples through time, its curves and its last lines, and what can be done."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from sni_desktop.outside import open_outside
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.card import RunCard
from sni_desktop.preferences.monitor.curves import Curves
from sni_desktop.preferences.monitor.head import RunHead
from sni_desktop.preferences.monitor.log import RunLog
from sni_desktop.preferences.monitor.series import write_table
from sni_desktop.preferences.monitor.sheet_view import SheetView
from sni_desktop.preferences.monitor.time_machine import TimeMachine
from sni_desktop.preferences.monitor.words import count, find_trouble
from sni_desktop.theme import Theme
from sni_desktop.words import fill
from sni_engine.api.run_watch import RunNow
from sni_engine.api.runs import RunFiles

_LEFT_PX, _RIGHT_PX, _CURVES_PX, _LOG_PX = 396, 404, 400, 70  # to begin with; the person may draw the lines elsewhere
_COMPARE = Qt.Key.Key_C


class Monitor(QWidget):
    """Shows one run at a time; asks by signals, and changes nothing by itself."""

    pause_asked = Signal()
    go_on_asked = Signal()
    stop_asked = Signal()
    save_asked = Signal()
    sample_asked = Signal()
    resume_asked = Signal(int)  # batch; 0 for the same as before
    train_on_asked = Signal()  # with more images than were planned
    bring_back_asked = Signal()  # what the last roll back put aside
    star_asked = Signal(int, bool)  # images; on or off
    roll_back_asked = Signal(int)  # images
    open_asked = Signal(int)  # images; 0 for the newest model
    reveal_asked = Signal()
    back_asked = Signal()  # to the list of runs
    locate_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._now: RunNow | None = None
        self._head = RunHead(theme)
        self._card = RunCard(theme)
        self._sheet = SheetView(theme)
        self._time = TimeMachine(theme)
        self._curves = Curves(theme)
        self._log = RunLog(theme)
        self._lay_out()
        self._connect()

    def show_run(self, now: RunNow) -> None:
        """Show what a run has come to. Costs next to nothing when it is what is shown already."""
        before = self._now
        if before is not None and before.path != now.path:
            self._start_over()
        elif now == before and not self._head.buttons.is_waiting:
            return
        self._now = now
        self._head.show_run(now)
        self._show_trouble()
        self._time.show_run(now)
        self._show_moment()
        self._curves.show_points(now.points)
        self._log.show_words(now.words)
        self._log_action.setEnabled(now.disk.has_log)

    def give_up_stars(self) -> None:
        """Take stars off again that could not be written."""
        self._time.give_up_stars()

    # -- input -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hold C to see the newest samples."""
        if event.key() == _COMPARE and not event.modifiers() and not event.isAutoRepeat():
            self._time.compare(True)
        elif event.key() != _COMPARE or event.modifiers():
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of C: back to the moment that is looked at."""
        if event.key() == _COMPARE and not event.isAutoRepeat():
            self._time.compare(False)
        else:
            super().keyReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        """A window that is left hears of no key's release."""
        if event.type() in (QEvent.Type.WindowDeactivate, QEvent.Type.Hide):
            self._time.compare(False)
        return super().event(event)

    # -- doing -------------------------------------------------------------------------------------------------------

    def _answer(self, wish: str) -> None:
        """Pass on what a button asks for."""
        if wish in ("resume", "batch", "forward"):
            self._head.buttons.wait_for("toggle", "forward" if wish == "forward" else "resume")
            self._show_trouble()
        wishes = {
            "pause": self.pause_asked.emit,
            "go_on": self.go_on_asked.emit,
            "stop": self.stop_asked.emit,
            "save": self.save_asked.emit,
            "sample": self.sample_asked.emit,
            "resume": lambda: self.resume_asked.emit(0),
            "batch": lambda: self.resume_asked.emit(self._now.batch if self._now else 0),
            "train_on": self.train_on_asked.emit,
            "forward": self.bring_back_asked.emit,
            "open": lambda: self.open_asked.emit(0),
            "locate": self.locate_asked.emit,
            "log": self._open_log,
        }
        wishes[wish]()

    def _open_log(self) -> None:
        if self._now is not None:
            open_outside(RunFiles(self._now.path).log)

    def _copy_numbers(self) -> None:
        if self._now is not None:
            QGuiApplication.clipboard().setText(write_table(self._now.points))

    def _show_trouble(self) -> None:
        if self._now is not None:
            now, waits_for = self._now, self._head.buttons.waits_for
            self._card.show_trouble(find_trouble(now), now.batch, now.disk.has_log, waits_for)

    def _show_moment(self) -> None:
        """Show the samples of the moment that is looked at, or of the newest while it is held up."""
        if self._now is None:
            return
        shown = self._time.newest if self._time.compares else self._time.images
        has_sheet = shown in self._now.sheets
        path = RunFiles(self._now.path).sheet(shown) if has_sheet else None
        self._sheet.show_sheet(path, "" if has_sheet else self._say_no_sheet(self._now))
        self._curves.stand_at(self._time.images)

    def _say_no_sheet(self, now: RunNow) -> str:
        if now.sheets:
            return tr("No samples were drawn at this moment.")
        if not now.is_alive or now.config is None:
            return tr("There are no samples.")
        first = count(min(now.config.checkpoint_every, now.config.images))
        return fill(tr("The first samples come at {images} images. Sample now draws some at once."), images=first)

    def _start_over(self) -> None:
        """Forget the run before: another one is shown."""
        self._now = None
        self._time.start_over()
        self._head.buttons.start_over()

    # -- building ----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._head.asked.connect(self._answer)
        self._card.asked.connect(self._answer)
        self._head.buttons.gave_up.connect(self._show_trouble)
        self._head.back_asked.connect(self.back_asked)
        self._head.add_action("run-reveal", tr("Reveal folder")).triggered.connect(lambda: self.reveal_asked.emit())
        self._log_action = self._head.add_action("run-open-log", tr("Open log"))
        self._log_action.triggered.connect(self._open_log)
        self._head.add_action("run-copy", tr("Copy numbers as a table")).triggered.connect(self._copy_numbers)
        self._time.moved.connect(self._show_moment)
        self._time.star_asked.connect(self.star_asked)
        self._time.open_asked.connect(self.open_asked)
        self._time.roll_back_asked.connect(self.roll_back_asked)
        self._sheet.moved.connect(self._time.step)
        self._curves.moment_asked.connect(self._time.go_to)

    def _lay_out(self) -> None:
        self._sheet.setObjectName("run-sheet")
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(6)
        column.addWidget(self._sheet, 1)
        column.addWidget(self._time)
        right = QSplitter(Qt.Orientation.Vertical)
        right.setChildrenCollapsible(False)
        right.addWidget(self._curves)
        right.addWidget(self._log)
        right.setStretchFactor(0, 1)
        right.setSizes([_CURVES_PX, _LOG_PX])
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.addWidget(left)
        halves.addWidget(right)
        halves.setStretchFactor(0, 1)
        halves.setStretchFactor(1, 1)
        halves.setSizes([_LEFT_PX, _RIGHT_PX])
        for splitter in (right, halves):
            splitter.setHandleWidth(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._head)
        layout.addWidget(self._card)
        layout.addWidget(halves, 1)
