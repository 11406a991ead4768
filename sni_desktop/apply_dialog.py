"""The dialog that applies edits to other faces: which faces, which model, where to; and the results as they come."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from sni_desktop import dialogs
from sni_desktop.activities.replays import Replays, ReplayState, Result
from sni_desktop.apply_files import FileList
from sni_desktop.canvas.imaging import square_pixmap
from sni_desktop.outside import open_outside
from sni_desktop.panels.plain import plain
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_desktop.typed import read_path
from sni_desktop.words import name_level, name_method
from sni_engine.api.errors import EngineError
from sni_engine.api.recipes import Recipe
from sni_engine.api.targets import find_projects, parse_seeds

_THUMB_PX = 64
_MOST_FRESH = 500


class ApplyDialog(QDialog):
    """Stays beside the window, which goes on working; a double click on a result opens it there."""

    open_asked = Signal(str)

    def __init__(self, parent: QWidget, replays: Replays, theme: Theme) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Apply edits to other faces"))
        self.setAcceptDrops(True)
        self._replays, self._theme = replays, theme
        self._recipe: Recipe | None = None
        self._model = ""
        self._summary = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._seeds = QLineEdit()
        self._fresh = QSpinBox()
        self._fresh.lineEdit().setTextMargins(5, 0, 0, 0)  # styles pad everything but this
        self._files = FileList()
        self._models = QComboBox()
        self._folder = QLineEdit()
        self._problem = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._strip = self._make_strip()
        self._bar = QProgressBar()
        self._status = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._start = QPushButton(self.tr("&Apply"))
        self._stop = QPushButton(self.tr("&Stop"))
        self._reveal = QPushButton(self.tr("Open &folder"))
        self._arrange()
        self._connect()
        self.resize(540, 620)

    # -- building ----------------------------------------------------------------------------------------------------

    def _make_strip(self) -> QListWidget:
        strip = QListWidget()
        strip.setObjectName("results")
        strip.setAccessibleName(self.tr("Results"))
        strip.setViewMode(QListWidget.ViewMode.IconMode)
        strip.setIconSize(QSize(_THUMB_PX, _THUMB_PX))
        strip.setGridSize(QSize(_THUMB_PX + 32, _THUMB_PX + 30))
        strip.setResizeMode(QListWidget.ResizeMode.Adjust)
        strip.setMovement(QListWidget.Movement.Static)
        strip.setMinimumHeight(_THUMB_PX + 44)
        strip.setToolTip(self.tr("A double click opens the face in the window"))
        return strip

    def _arrange(self) -> None:
        for widget, name in (
            (self._seeds, "seeds"),
            (self._fresh, "fresh"),
            (self._folder, "folder"),
            (self._start, "apply"),
            (self._stop, "stop"),
            (self._problem, "problem"),
            (self._status, "applied"),
        ):
            widget.setObjectName(name)
        self._seeds.setPlaceholderText(self.tr("such as 1, 2, 5-9"))
        self._fresh.setRange(0, _MOST_FRESH)
        self._problem.setProperty("role", "danger")
        self._start.setProperty("role", "primary")
        self._start.setDefault(True)
        form = QFormLayout(fieldGrowthPolicy=QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.addRow(self.tr("Faces of &seeds:"), self._seeds)
        form.addRow(self.tr("&New faces:"), self._fresh)
        form.addRow(self.tr("&Projects:"), self._files)
        form.addRow(self.tr("&Model:"), self._models)
        form.addRow(self.tr("&Into folder:"), self._with_button(self._folder))
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self._summary)
        layout.addLayout(form)
        layout.addWidget(self._problem)
        layout.addWidget(self._strip, 1)
        layout.addWidget(self._bar)
        layout.addWidget(self._status)
        layout.addLayout(self._make_buttons())

    def _with_button(self, field: QLineEdit) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        choose = QPushButton(self.tr("Choose…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose_folder)
        layout.addWidget(field, 1)
        layout.addWidget(choose)
        row.setFocusProxy(field)
        return row

    def _make_buttons(self) -> QHBoxLayout:
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.close)
        layout = QHBoxLayout()
        layout.addWidget(self._reveal)
        layout.addStretch(1)
        for button in (close, self._stop, self._start):
            layout.addWidget(button)
        for button in (close, self._stop, self._reveal):
            button.setAutoDefault(False)
        return layout

    def _connect(self) -> None:
        self._start.clicked.connect(self._apply)
        self._stop.clicked.connect(self._replays.stop)
        self._reveal.clicked.connect(self._show_folder)
        self._models.activated.connect(self._choose_model)
        self._strip.itemDoubleClicked.connect(self._open)
        self._strip.itemActivated.connect(self._open)
        self._replays.changed.connect(self._show)

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(self, recipe: Recipe, folder: Path, now: Snapshot) -> None:
        """Show the dialog for a recipe; `folder` is suggested for the results."""
        if not self._replays.state.is_running:
            self._recipe = recipe
            self._summary.setText(self._describe(recipe))
            self._folder.setText(str(folder))
            self._model = ""
            self._models.clear()
            self._models.addItems([now.card.name if now.card else "", self.tr("Another…")])
            self._strip.clear()
            self._complain("")
            self._show(ReplayState())
        self.show()
        self.activateWindow()
        self._seeds.setFocus()

    def _describe(self, recipe: Recipe) -> str:
        text = self.tr("One edit:") if len(recipe.steps) == 1 else self.tr("{count} edits, one after the other:")
        names = [step.label or name_method(step.edit) for step in recipe.steps[:6]]
        if len(recipe.steps) == 1:
            names[0] += f" ({', '.join(name_level(level) for level in recipe.steps[0].edit.selection.levels)})"
        more = "…" if len(recipe.steps) > len(names) else ""
        return f"{text.replace('{count}', str(len(recipe.steps)))} {', '.join(names)}{more}"

    def _choose_folder(self) -> None:
        folder = dialogs.ask_folder(self, Path(self._folder.text()).parent)
        if folder is not None:
            self._folder.setText(str(folder))

    def _choose_model(self, index: int) -> None:
        if index != self._models.count() - 1:
            self._model = self._models.itemData(index) or ""
            return
        path = dialogs.ask_model(self, Path(self._folder.text()).parent)
        if path is None:
            self._models.setCurrentIndex(0)
            self._model = ""
            return
        self._models.insertItem(index, path.stem, str(path))
        self._models.setCurrentIndex(index)
        self._model = str(path)

    def _apply(self) -> None:
        """Begin, or say what is missing."""
        self._complain("")
        try:
            text = self._seeds.text().strip().strip(",")
            seeds = (*(parse_seeds(text) if text else ()), *self._replays.draw_seeds(self._fresh.value()))
            files = find_projects(self._files.paths)
            assert self._recipe is not None
            self._replays.start(self._recipe, seeds, files, self._read_folder(), self._model)
        except EngineError as error:
            self._complain(str(error))

    def _read_folder(self) -> Path:
        """Return where the results go. Raises EngineError where the program happens to run is no such place."""
        path = read_path(self._folder.text())
        if not path.is_absolute():
            raise EngineError(
                self.tr("There is no folder for the results yet."), self.tr("Choose it, or type all of it.")
            )
        return path

    # -- showing -----------------------------------------------------------------------------------------------------

    def _show(self, state: ReplayState) -> None:
        if len(state.results) < self._strip.count():
            self._strip.clear()
        for result in state.results[self._strip.count() :]:
            self._strip.addItem(self._make_item(result))
            self._strip.scrollToBottom()
        if state.problem:
            self._complain(state.problem)
        self._start.setEnabled(not state.is_running)
        self._stop.setEnabled(state.is_running)
        self._reveal.setEnabled(state.made > 0)
        self._bar.setVisible(state.is_running)
        self._bar.setRange(0, max(state.total, 1))
        self._bar.setValue(len(state.results))
        self._status.setText(self._tell(state))

    def _complain(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    def _tell(self, state: ReplayState) -> str:
        if state.total == 0:
            return ""
        text = self.tr("{made} of {total} faces are in {folder}.")
        if state.was_stopped:
            text = self.tr("Stopped: {made} of {total} faces are in {folder}.")
        filled = text.replace("{made}", str(state.made)).replace("{total}", str(state.total))
        return filled.replace("{folder}", str(state.folder))

    def _make_item(self, result: Result) -> QListWidgetItem:
        item = QListWidgetItem(result.target.name)
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
        item.setToolTip(plain(result.problem or str(result.path)))
        if result.thumbnail is not None:
            item.setIcon(QIcon(square_pixmap(result.thumbnail, 2 * _THUMB_PX)))
            item.setData(Qt.ItemDataRole.UserRole, str(result.path))
        else:
            item.setIcon(self._theme.icon("alert-circle-outline", "danger"))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, result.problem)
            self._complain(result.problem)
        return item

    def _open(self, item: QListWidgetItem) -> None:
        path = item.data(Qt.ItemDataRole.UserRole)
        if path:
            self.open_asked.emit(path)

    def _show_folder(self) -> None:
        if self._replays.state.folder is not None:
            open_outside(self._replays.state.folder)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders anywhere in the dialog."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped to the projects."""
        self._files.add([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()
