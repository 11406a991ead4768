"""The page of models: which there are on the left, one of them on the right, and above it what was just done."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sni_desktop.activities.models import Models, ModelsState
from sni_desktop.file_choosing import choose_files
from sni_desktop.panels.scroll import Scroll
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.general import open_folder
from sni_desktop.preferences.models.detail import ModelDetail
from sni_desktop.preferences.models.rows import ModelList
from sni_desktop.theme import Theme
from sni_engine.api.model_names import MODEL_SUFFIX


class ModelsPage(QWidget):
    """Shows what the activity says, and hands on what is asked for. use: asks about unsaved steps, then opens."""

    def __init__(self, models: Models, theme: Theme, use: Callable[[Path], object]) -> None:
        super().__init__()
        self._models = models
        self._theme = theme
        self._use = use
        self._list = ModelList(theme)
        self._detail = ModelDetail(theme)
        self._add = QPushButton(tr("Add…"))
        self._deleted = QPushButton(tr("Deleted"))
        self._menu = QMenu(self)
        self._bar = _MessageBar(models, theme)
        self._nothing = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._right = QStackedWidget()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self._show(models.state)

    def _lay_out(self) -> None:
        self._add.setObjectName("add-model")
        self._add.setToolTip(tr("Copy a model's file in among your own"))
        self._deleted.setObjectName("deleted-models")
        self._deleted.setMenu(self._menu)
        self._nothing.setProperty("role", "quiet")
        for button in (self._add, self._deleted):
            button.setAutoDefault(False)
            button.setProperty("role", "small")
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._add)
        below.addWidget(self._deleted)
        below.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self._bar)  # beside what it is about
        right.addWidget(self._right, 1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._list, 1)
        left.addLayout(below)
        self._list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._right.addWidget(Scroll(self._detail))
        self._right.addWidget(self._nothing)
        upper = QHBoxLayout()
        upper.setSpacing(18)
        upper.addLayout(left, 2)
        upper.addLayout(right, 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(upper, 1)

    def _connect(self) -> None:
        models, detail = self._models, self._detail
        self._list.chosen.connect(models.choose)
        self._list.used.connect(self._use_one)
        detail.use_asked.connect(self._use_one)
        detail.duplicate_asked.connect(models.duplicate)
        detail.remove_asked.connect(self._remove)
        detail.renamed.connect(self._list.setFocus)
        detail.verify_asked.connect(models.verify)
        detail.rename_asked.connect(models.rename)
        detail.reveal_asked.connect(lambda path: open_folder(path.parent))
        self._add.clicked.connect(self._ask_file)
        self._theme.changed.connect(self._draw_icons)
        self._menu.aboutToShow.connect(self._fill_menu)
        for keys, do in (
            (QKeySequence(Qt.Key.Key_F2), detail.rename),
            (QKeySequence(Qt.Key.Key_Delete), self._remove_current),
        ):
            action = QAction(self._list)
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(do)
            self._list.addAction(action)
        models.changed.connect(self._show)
        self._draw_icons()

    def showEvent(self, event: QShowEvent) -> None:
        """Look which models there are whenever the page comes into sight."""
        super().showEvent(event)
        self._models.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw no faces that nobody sees; what went wrong is old when the page comes back."""
        super().hideEvent(event)
        self._models.watch(False)
        told = self._models.state.told
        if told is not None and told.kind == "error":
            self._models.dismiss()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files; what is no model is answered in words."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        QTimer.singleShot(
            0, self, lambda: self._add_all(paths)
        )  # the program that it comes from waits for us to return

    # -- showing -----------------------------------------------------------------------------------------------------

    def _show(self, now: ModelsState) -> None:
        self._list.show_state(now)
        self._detail.show_state(now)
        self._bar.show_state(now)
        self._right.setCurrentIndex(0 if now.entry is not None else 1)
        text = tr("There is no model here. Add a model's file, or train one of your own.")
        if now.library is None:
            text = tr("Looking which models there are…")
        self._nothing.setText(text)
        trashed = now.library.trashed if now.library is not None else ()
        self._deleted.setVisible(bool(trashed))
        self._deleted.setText(tr("Deleted ({count})").replace("{count}", str(len(trashed))))
        self._add.setEnabled(not now.work)

    def _draw_icons(self) -> None:
        self._add.setIcon(self._theme.icon("plus"))

    def _fill_menu(self) -> None:
        """List what can be brought back."""
        self._menu.clear()
        library = self._models.state.library
        for item in library.trashed if library is not None else ():
            text = tr("Bring back {name}").replace("{name}", item.name.replace("&", "&&"))
            self._menu.addAction(text, partial(self._models.restore, item.id))
        self._menu.addSeparator()
        self._menu.addAction(tr("Delete all of these for good"), self._models.empty_trash)

    # -- doing -------------------------------------------------------------------------------------------------------

    def _use_one(self, path: Path) -> None:
        entry = next((entry for entry in self._models.state.entries if entry.path == path), None)
        if entry is not None and not entry.problem and not self._models.state.is_open(entry):
            self._use(path)

    def _remove(self, path: Path) -> None:
        self._list.setFocus()  # the button cannot keep the keys while it works
        self._models.remove(path)

    def _remove_current(self) -> None:
        entry = self._models.state.entry
        if entry is not None and entry.is_own and not self._models.state.work:
            self._models.remove(entry.path)

    def _ask_file(self) -> None:
        kinds = f"{tr('Models')} (*{MODEL_SUFFIX});;{tr('All files')} (*)"
        self._add_all(choose_files(self, tr("Add models"), "", kinds))

    def _add_all(self, paths: list[Path]) -> None:
        for path in paths:
            self._models.add(path)


class _MessageBar(QFrame):
    """What was just done, with Undo where there is one; what is being done, while it is."""

    def __init__(self, models: Models, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page-message")
        self.setProperty("role", "message")
        self._models = models
        self._theme = theme
        self._icon = QLabel()
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._text.setObjectName("page-message-text")
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._undo = QPushButton(tr("Undo"))
        self._undo.setObjectName("undo-delete")
        self._close = QPushButton(tr("Hide"))
        self._close.setAccessibleName(tr("Put the message away"))
        self._undo.clicked.connect(self._restore)
        self._close.clicked.connect(models.dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(10)
        for widget in (self._icon, self._text, self._undo, self._close):
            layout.addWidget(widget)
        for button in (self._undo, self._close):
            button.setAutoDefault(False)
            button.setProperty("role", "small")
        theme.changed.connect(lambda: self.show_state(models.state))

    def show_state(self, now: ModelsState) -> None:
        """Show the message, if there is one."""
        told = now.told
        is_error = told is not None and told.kind == "error"
        text = told.text if told is not None else now.work
        self.setVisible(bool(text))
        self.setProperty("kind", "error" if is_error else "info")
        self.style().polish(self)
        name = "alert-circle-outline" if is_error else "information-outline" if told else "progress-clock"
        self._icon.setPixmap(self._theme.icon(name, "danger" if is_error else "accent").pixmap(18, 18))
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self._undo.setVisible(told is not None and bool(told.restore))
        self._close.setVisible(told is not None)

    def _restore(self) -> None:
        told = self._models.state.told
        if told is not None and told.restore:
            self._models.restore(told.restore)
