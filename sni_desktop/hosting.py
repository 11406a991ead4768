"""What the window does for a person besides editing: welcome, settings, guide, recent files, a report of trouble."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from sni_desktop.activities.samples import Samples
from sni_desktop.commands.binder import Binder, plain_text, tr
from sni_desktop.commands.table import COMMANDS, MENUS
from sni_desktop.document import Document
from sni_desktop.guide import GuideWindow
from sni_desktop.keymap import Keymap
from sni_desktop.log import log_path
from sni_desktop.notices import NoticeBar
from sni_desktop.panels.welcome import WelcomePage
from sni_desktop.preferences.dialog import Page, SettingsDialog
from sni_desktop.preferences.general import GeneralPage, open_folder
from sni_desktop.preferences.keyboard import KeyboardPage
from sni_desktop.report import write_report
from sni_desktop.settings import Settings
from sni_desktop.snapshot import Notice, Snapshot
from sni_desktop.theme import Mode, Theme
from sni_engine.api.paths import state_folder

_CHAPTERS = {"training": "Train a model of your own", "models": "Look after models"}
"""What the guide says of a page of the settings, by the page's id."""
SAMPLE_SEEDS = (36, 48, 57, 39, 71, 42)  # faces that look straight ahead, so that places lie where their names say


class Host(QObject):
    """Makes dialogs when they are first asked for."""

    def __init__(
        self,
        window: QWidget,
        document: Document,
        theme: Theme,
        settings: Settings,
        keymap: Keymap,
        binder: Binder,
        notices: NoticeBar,
    ) -> None:
        super().__init__(window)
        self._notices = notices
        self._window = window
        self._document = document
        self._theme = theme
        self._settings = settings
        self._dialog: SettingsDialog | None = None
        self._pages = [
            Page("general", self.tr("General"), "tune-variant", self._make_general),
            Page("keyboard", self.tr("Keyboard"), "keyboard-outline", lambda: KeyboardPage(keymap, list_commands())),
        ]
        self._guide: GuideWindow | None = None
        self._samples = Samples(document, SAMPLE_SEEDS)
        self.welcome: WelcomePage = WelcomePage(self._samples, theme, lambda: settings.recent)
        self.welcome.hide()
        self.welcome.left.connect(self.leave_welcome)
        document.changed.connect(self._remember)
        self._path: Path | None = None
        if settings.is_damaged:
            title = self.tr("The settings file could not be read; everything is as at the first start.")
            # later: whatever is opened or drawn at the start puts messages away
            QTimer.singleShot(0, self, lambda: document.tell(Notice("info", title)))

    def offer_page(self, page: Page) -> None:
        """Add a page to the settings, before the keyboard's; it is made when it is first seen."""
        self._pages.insert(len(self._pages) - 1, page)

    def show_welcome(self, goes_on: bool = False, name: str = "") -> None:
        """Show the welcome page over the canvas; goes_on: behind it is the face of last time, of a file's name."""
        self.welcome.shows_again.setChecked(self._settings.welcome and self._settings.has_started)
        self._samples.want(True)
        self.welcome.open(goes_on, name)

    def leave_welcome(self) -> None:
        """Go to the face behind the page, and remember whether it is wanted again."""
        if not self.welcome.isHidden():
            self.welcome.hide()
            self._samples.want(False)
            self._settings.welcome = self.welcome.shows_again.isChecked()

    def show_settings(self, page: str = "general") -> None:
        """Show a page of the settings, by its id."""
        if self._dialog is None:
            self._dialog = SettingsDialog(self._theme, self._pages, self._window, self._notices.make_twin())
            self._dialog.help_asked.connect(lambda page: self.show_guide(_CHAPTERS.get(page, "")))
            self._dialog.keep_size(
                self._settings.recall_text("settings-size"),
                lambda size: self._settings.keep_text("settings-size", size),
            )
        self._dialog.show_page(page)

    def leave_settings(self) -> None:
        """Put the settings away: something else is to be looked at."""
        if self._dialog is not None:
            self._dialog.hide()

    def _make_general(self) -> GeneralPage:
        general = GeneralPage(self._settings, self._theme)
        general.theme_chosen.connect(self.set_theme)
        return general

    def set_theme(self, mode: Mode) -> None:
        """Change the colours, and remember it."""
        self._theme.set_mode(mode)
        self._settings.theme = mode

    def show_guide(self, chapter: str = "") -> None:
        """Show the guide, at a chapter's heading."""
        if self._guide is None:
            self._guide = GuideWindow(self._window)
        self._guide.show()
        self._guide.raise_()
        if chapter:
            self._guide.show_chapter(chapter)

    def copy_report(self) -> None:
        """Put what a report of trouble needs on the clipboard."""
        now = self._document.snapshot
        facts = {"Model": now.card.name if now.card else "none", "Device": now.device or "none"}
        facts["Platform of Qt"] = QGuiApplication.platformName()
        facts["Steps"] = str(len(now.history.nodes)) if now.history else "0"
        QGuiApplication.clipboard().setText(write_report(log_path(), facts))
        title = self.tr(
            "The report is on the clipboard: versions, system, and the end of the log. It holds no picture."
        )
        self._document.tell(Notice("info", title))

    def open_log_folder(self) -> None:
        """Show where the log is."""
        open_folder(state_folder())

    def _remember(self, now: Snapshot) -> None:
        if now.path is not None and now.path != self._path:
            self._settings.remember(now.path)
        self._path = now.path


def list_commands() -> list[tuple[str, str, str]]:
    """Return id, menu and text of every command."""
    return [(command.id, tr(MENUS[command.menu]).replace("&", ""), plain_text(command)) for command in COMMANDS]
