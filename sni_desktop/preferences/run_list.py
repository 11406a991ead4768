"""The list of training runs, with what each has come to."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sni_desktop.panels.plain import plain
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.words import count, describe_state, is_preparing
from sni_desktop.theme import Theme
from sni_engine.api.run_watch import RunNow

_PATH = Qt.ItemDataRole.UserRole


class RunListView(QWidget):
    """Shows runs; tells which the person wants to see, to begin, or to take off the list."""

    chosen = Signal(object)  # Path
    new_asked = Signal()
    add_asked = Signal()
    removed = Signal(object)  # Path

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._runs: tuple[RunNow, ...] = ()
        self._rows: dict[Path, QTreeWidgetItem] = {}
        self._tree = self._make_tree()
        self._empty = self._make_empty()
        self._new = QPushButton(tr("New run…"))
        self._new.setObjectName("new-run")
        self._new.setProperty("role", "primary")
        self._new.clicked.connect(lambda: self.new_asked.emit())
        self._add = QPushButton(tr("Open a run’s folder…"))
        self._add.setObjectName("add-run")
        self._add.clicked.connect(lambda: self.add_asked.emit())
        self._show = QPushButton(tr("Show"))
        self._show.setObjectName("show-run")
        self._show.clicked.connect(lambda: self._choose())
        self._remove = QPushButton(tr("Take off the list"))
        self._remove.setObjectName("remove-run")
        self._remove.setToolTip(tr("The run’s folder stays as it is."))
        self._remove.clicked.connect(lambda: self._take_off())
        self._lay_out()
        theme.changed.connect(self._draw_icons)
        self.show_runs(())

    def show_runs(self, runs: tuple[RunNow, ...]) -> None:
        """Show what there is, in this order; the current row stays the current one."""
        self._runs = runs
        if [run.path for run in runs] != list(self._rows):
            self._rebuild()
        for run in runs:
            for column, text in enumerate(describe(run)):
                self._rows[run.path].setText(column, text)
        self._draw_icons()
        self._pages.setCurrentIndex(0 if runs else 1)
        self._judge()

    def _rebuild(self) -> None:
        current = self._current
        self._tree.clear()
        self._rows = {}
        for run in self._runs:
            row = QTreeWidgetItem()
            row.setData(0, _PATH, str(run.path))
            row.setToolTip(0, plain(str(run.path)))
            for column in (2, 3):
                row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._rows[run.path] = row
        self._tree.addTopLevelItems(list(self._rows.values()))
        if self._rows:
            self._tree.setCurrentItem(self._rows.get(current or Path()) or next(iter(self._rows.values())))

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("runs")
        tree.setAccessibleName(tr("Training runs"))
        tree.setHeaderLabels([tr("Run"), tr("State"), tr("Done"), tr("Images")])
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            tree.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column in (2, 3):
            tree.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        tree.currentItemChanged.connect(lambda: self._judge())
        tree.itemActivated.connect(lambda: self._choose())
        return tree

    def _make_empty(self) -> QWidget:
        holder = QWidget()
        text = QLabel(
            tr("No run yet. Train a model on a folder of your own pictures, or on the portraits that come along."),
            alignment=Qt.AlignmentFlag.AlignCenter,
            wordWrap=True,
        )
        text.setProperty("role", "quiet")
        layout = QVBoxLayout(holder)
        layout.addStretch(1)
        layout.addWidget(text)
        layout.addStretch(1)
        return holder

    def _lay_out(self) -> None:
        holder = QWidget()
        self._pages = QStackedLayout(holder)
        self._pages.addWidget(self._tree)
        self._pages.addWidget(self._empty)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._new)
        buttons.addWidget(self._add)
        buttons.addStretch(1)
        buttons.addWidget(self._remove)
        buttons.addWidget(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(holder, 1)
        layout.addLayout(buttons)

    @property
    def _current(self) -> Path | None:
        item = self._tree.currentItem()
        return Path(str(item.data(0, _PATH))) if item is not None else None

    def _judge(self) -> None:
        run = next((run for run in self._runs if run.path == self._current), None)
        self._show.setEnabled(run is not None)
        self._remove.setEnabled(run is not None and not run.is_alive)

    def _choose(self) -> None:
        if self._current is not None:
            self.chosen.emit(self._current)

    def _take_off(self) -> None:
        if self._current is not None:
            self.removed.emit(self._current)

    def _draw_icons(self) -> None:
        for run in self._runs:
            icon, colour, _ = describe_state(run)
            self._rows[run.path].setIcon(0, self._theme.icon(icon, colour))


def describe(run: RunNow) -> tuple[str, str, str, str]:
    """Return name, state, how much is done and of how many images, as people read them."""
    last = None if is_preparing(run) else run.last
    done = f"{run.fraction * 100:.0f} %" if run.last is not None else ""
    return run.path.name, describe_state(run)[2], done, count(last.images_seen) if last is not None else ""
