"""The main window: puts canvas, docks, bars and commands together, and asks before anything is lost."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QLineEdit,
    QMainWindow,
    QToolBar,
    QWidget,
)

from sni_desktop import dialogs
from sni_desktop.activities.models import Models
from sni_desktop.activities.replays import Replays
from sni_desktop.activities.seeing import Seeing
from sni_desktop.activities.selecting import Selecting
from sni_desktop.activities.settling import Settling
from sni_desktop.activities.thumbnails import ThumbnailDrawer
from sni_desktop.activities.trail import Trail
from sni_desktop.activities.training import Training
from sni_desktop.arriving import Arrivals, Content
from sni_desktop.blending import Blending
from sni_desktop.canvas.sight import see
from sni_desktop.canvas.view import CanvasView
from sni_desktop.choosing import ChoosingDock
from sni_desktop.commands.binder import Binder
from sni_desktop.commands.table import COMMANDS
from sni_desktop.copying import Copying
from sni_desktop.docks import Docks
from sni_desktop.document import Document
from sni_desktop.exporting.desk import ExportDesk
from sni_desktop.filing import Filing, name_project
from sni_desktop.holding import HeldKey
from sni_desktop.hosting import Host
from sni_desktop.keymap import Keymap
from sni_desktop.leaving import may_stop
from sni_desktop.left_menu import LeftMenu
from sni_desktop.models_desk import ModelsDesk
from sni_desktop.notices import NoticeBar
from sni_desktop.panels.edit import EditPanel
from sni_desktop.panels.history import HistoryPanel
from sni_desktop.panels.places import PlacesMenu
from sni_desktop.panels.scroll import Scroll
from sni_desktop.parts_desk import PartsDesk
from sni_desktop.recent import RecentMenu
from sni_desktop.regions import Regions, is_behind
from sni_desktop.save_waiting import LongSave
from sni_desktop.screen import Curtain
from sni_desktop.settings import Settings
from sni_desktop.snapshot import Snapshot
from sni_desktop.status import StatusBar
from sni_desktop.step_actions import StepActions
from sni_desktop.theme import Mode, Theme
from sni_desktop.training_desk import TrainingDesk
from sni_desktop.worker.runs import RunKeeper
from sni_desktop.worker.trainer import Trainers
from sni_engine.api.paths import config_folder

START_SIZE = QSize(1320, 900)  # all of the panels; less on a smaller screen
_LINE = "line-between-panels"


class MainWindow(QMainWindow):
    """Knows the parts; holds no state of its own."""

    def __init__(self, document: Document, theme: Theme, settings: Settings, training: Training | None = None) -> None:
        super().__init__()
        self.document: Document = document
        self.theme: Theme = theme
        self._settings = settings
        self.canvas: CanvasView = CanvasView(document, theme)
        self.canvas.set_grid_visible(settings.grid_visible)
        self.seeing: Seeing = Seeing(document)
        self.trail: Trail = Trail(document)
        self.curtain: Curtain = Curtain(self)
        see(self.canvas, self.seeing)
        self.canvas.set_look(settings.look)
        self.selecting: Selecting = Selecting(document, config_folder() / "presets.json")
        self._history = HistoryPanel(document, theme)
        self._thumbnails = ThumbnailDrawer(document)
        self._thumbnails.changed.connect(self._history.add_thumbnails)
        self.files: Filing = Filing(self, document, settings, self._history.commit_name)
        self.steps: StepActions = StepActions(self, self._history, Replays(document))
        self.parting: PartsDesk = PartsDesk(self)
        self.blending: Blending = Blending(self)
        self.setCentralWidget(self._make_centre())
        self._make_docks()
        self._long_save = LongSave(document)
        self._status = StatusBar(document, self.seeing, self._long_save)
        self.setStatusBar(self._status)
        self.exports: ExportDesk = ExportDesk(self, document, settings)
        self.copying: Copying = Copying(document, QGuiApplication.clipboard())
        models = Models(document)
        self.arrivals: Arrivals = Arrivals(document, models, self.files.open, self.files.may_leave, self)
        self.keymap = Keymap(COMMANDS, settings)
        self.binder = Binder(self, self.keymap)
        self._bar = self._make_bar()
        self.host: Host = self._make_host()
        self.library: ModelsDesk = ModelsDesk(self, models)
        self.runs: TrainingDesk = self._make_runs(training)
        self.arrivals.accepted.connect(self.host.leave_welcome)
        self.docks.list_in(self.binder.menus["view"])
        self._held = HeldKey(self.binder.actions["compare-hold"], self.seeing.comparing.hold)
        self.seeing.changed.connect(lambda: self.binder.refresh())
        self.trail.changed.connect(lambda: self.binder.refresh())
        self._connect_status()
        self.canvas.tool_changed.connect(lambda: self.binder.refresh())
        document.refreshed.connect(self._show)
        self.setAcceptDrops(True)
        self.resize(START_SIZE.boundedTo(self.screen().availableSize() * 0.94))
        self.docks.mark_plain()
        self.restoreGeometry(settings.geometry)
        self.docks.height.is_chosen = self.restoreState(settings.layout) and bool(settings.recall_text(_LINE))
        self._show(document.snapshot)
        self.canvas.setFocus()

    # -- building ----------------------------------------------------------------------------------------------------

    def _make_docks(self) -> None:
        self.docks: Docks = Docks(self)
        self.docks.add("edit", self.tr("Edit"), Scroll(self._make_edit()))
        self.docks.add("history", self.tr("History"), self._history)
        self.choosing: ChoosingDock = self._make_strip()
        self.docks.add_below(self.choosing)
        blend = self.docks.add_tab("blend", self.tr("Blend"), self.blending.panel)
        blend.visibilityChanged.connect(self.blending.panel.wake)
        parts = self.docks.add_tab("parts", self.tr("Parts"), Scroll(self.parting.panel))
        parts.visibilityChanged.connect(self.parting.panel.wake)

    def _make_edit(self) -> EditPanel:
        edit = EditPanel(self.document, self.theme, self.selecting, self.canvas.painting, self.parting.parts)
        edit.new_face_asked.connect(lambda: self.files.new_face())
        for button in edit.findChildren(QAbstractButton):
            button.clicked.connect(self._free_keys)
        return edit

    def _free_keys(self) -> None:
        """Give the keys back to the canvas when a field of text had them: who presses a button has left the field."""
        if isinstance(self.focusWidget(), QLineEdit):
            self.canvas.setFocus()

    def _make_centre(self) -> QWidget:
        centre = QWidget()
        layout = self._centre = QGridLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas, 0, 0)
        # over the canvas, not above it: the picture must not move under the brush when a message comes or goes
        Settling(self.document)
        self._notices = NoticeBar(self.document, self.theme)
        self._notices.offer_taken.connect(self._take_offer)
        layout.addWidget(self._notices, 0, 0, Qt.AlignmentFlag.AlignTop)
        self.regions: Regions = Regions(self, self.canvas)
        return centre

    def _take_offer(self, name: str) -> None:
        if not self.runs.take_offer(name):
            self.binder.actions[name].trigger()

    def _make_host(self) -> Host:
        host = Host(self, self.document, self.theme, self._settings, self.keymap, self.binder, self._notices)
        self._centre.addWidget(host.welcome, 0, 0)
        host.welcome.new_asked.connect(self._start_new)
        host.welcome.open_asked.connect(self.open_asking)
        host.welcome.face_asked.connect(self.files.new_face)
        host.welcome.file_asked.connect(self.files.open)
        for signal in (host.welcome.new_asked, host.welcome.face_asked, host.welcome.file_asked):
            signal.connect(host.leave_welcome)
        self.choosing.asked.connect(host.leave_welcome)
        menu = self.binder.menus["file"]
        menu.insertMenu(self.binder.actions["open-model"], RecentMenu(self._settings, self.files.open, menu))
        menu.insertMenu(self.binder.actions["open-model"], LeftMenu(self.document, menu))
        select = self.binder.menus["select"]
        places = PlacesMenu(self.selecting, self.parting.parts, self.document, self.tr("&Places"), select)
        select.insertMenu(self.binder.actions["grow"], places)
        return host

    def _make_runs(self, training: Training | None) -> TrainingDesk:
        runs = TrainingDesk(self, training or Training(self.document, RunKeeper(), Trainers()))
        self._status.add_sign(runs.sign)
        return runs

    def _start_new(self) -> None:
        """The face behind the page is new already, unless something was done to it or it is the one of last time."""
        if self.document.snapshot.modified or not self.document.snapshot.has_face or self.host.welcome.goes_on:
            self.files.new_face()
        self.canvas.setFocus()

    def _make_strip(self) -> ChoosingDock:
        strip = ChoosingDock(self.document, self.canvas, self.theme, self._settings)
        strip.candidates.changed.connect(lambda _: self.binder.refresh())
        strip.reference_asked.connect(self.blending.take_candidate)
        return strip

    def _connect_status(self) -> None:
        self._long_save.changed.connect(lambda: self._show(self.document.snapshot))
        zoom = self._status.zoom
        self._status.cancel_asked.connect(self.cancel)
        self.canvas.zoom_changed.connect(zoom.set_percent)
        zoom.zoom_asked.connect(lambda percent: self.canvas.zoom_to(percent / 100))
        zoom.fit_asked.connect(self.canvas.zoom_fit)
        zoom.left.connect(self.canvas.setFocus)
        self.canvas.hover_changed.connect(self._status.set_hover)
        self.canvas.mode.changed.connect(self._status.set_mode)
        self.canvas.painting.changed.connect(lambda: self.binder.refresh())
        self.parting.changed.connect(lambda: self.binder.refresh())
        self.canvas.pointer_changed.connect(self._status.set_pointer)

    def _make_bar(self) -> QToolBar:
        bar = QToolBar(self.tr("Tools"))
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.binder.fill_toolbar(bar)
        self.addToolBar(bar)
        return bar

    def _show(self, now: Snapshot) -> None:
        name = name_project(now)
        if self._long_save.name:
            name = self.tr("Saving {name}…").replace("{name}", self._long_save.name)
        title = f"{name}[*] — SNI Desktop"
        if title != self.windowTitle():
            self.setWindowTitle(title)
        self.setWindowModified(now.modified)

    # -- what commands do --------------------------------------------------------------------------------------------

    def open_asking(self) -> None:
        """Ask for a file and open it."""
        if self.files.open_asking():
            self.host.leave_welcome()

    def paste(self) -> None:
        """Open, or apply, what is on the clipboard."""
        self.arrivals.take(Content(QGuiApplication.clipboard().mimeData()))

    def cancel(self) -> None:
        """Stop what runs and leave the candidate looked at; else leave what is compared, else put the message away."""
        had_left = self.choosing.leave()
        now = self.document.snapshot
        if now.busy or now.draft:
            self.document.cancel()
        elif had_left:
            return
        elif self.seeing.is_on:
            self.seeing.leave()
        else:
            self.document.dismiss_notice()

    def toggle_star(self) -> None:
        """Star the current step, or take its star away; among the candidates, the one on the canvas."""
        if not self.choosing.toggle_star():
            self.steps.toggle_star()

    def hold_before(self) -> None:
        """Show what was before, until the key is let go."""
        self._held.press()

    def compare_with_step(self) -> None:
        """Compare with the step that a row's menu is about, else the current one, whatever step is gone to."""
        if self.steps.meant_id is not None:
            self.seeing.comparing.compare_with(self.steps.meant_id)

    def change_brush(self, step: int) -> None:
        """Make the brush smaller or larger."""
        self.canvas.painting.set_size(self.canvas.painting.settings.size + step)

    def toggle_grid(self) -> None:
        """Show or hide the grid, and remember it."""
        self.canvas.set_grid_visible(not self.canvas.grid_visible)
        self._settings.grid_visible = self.canvas.grid_visible

    def change_look(self, **changes: object) -> None:
        """Draw selection and locks another way, and remember it."""
        self.canvas.set_look(replace(self.canvas.look, **changes))  # type: ignore[arg-type]
        self._settings.look = self.canvas.look

    def set_theme(self, mode: Mode) -> None:
        """Change the colours, and remember it."""
        self.host.set_theme(mode)

    @property
    def folder(self) -> Path:
        """The folder used last."""
        return self._settings.folder

    def show_shortcuts(self) -> None:
        """Show what keys and mouse do."""
        dialogs.show_shortcuts(self, self.binder.list_keys())

    def show_about(self) -> None:
        """Say what this program is."""
        now = self.document.snapshot
        dialogs.show_about(self, now.card.name if now.card else "", now.device)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Go on by Tab, past the panels that lie behind another; Qt goes through these, too."""
        start = self.focusWidget()
        moved = super().focusNextPrevChild(next)
        while moved and (stop := self.focusWidget()) is not None and stop is not start and is_behind(stop):
            moved = super().focusNextPrevChild(next)
        return moved

    # -- leaving and dropping ----------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close, unless the person would rather not."""
        exporting, replays = self.exports.exporting, self.steps.replays
        may_end = may_stop(self, exporting, replays) and self.files.may_leave(ends=True) and self.runs.may_close()
        if not may_end:
            event.ignore()
            return
        self.runs.training.close()
        exporting.close()
        replays.stop()
        self.files.remember_where()
        self._settings.keep_window(self.saveGeometry(), self.saveState())
        self._settings.keep_text(_LINE, "chosen" if self.docks.height.is_chosen else "")
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take everything: what cannot be opened is answered in words."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        content = Content(event.mimeData())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        # later: the program that it comes from waits until this returns, and we may have a question
        QTimer.singleShot(0, self, lambda: self.arrivals.take(content))
