"""Where a new run's pictures come from: portraits, a folder or a zip file; shown as the run sees them, and counted."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sni_desktop.activities.training_data import DataNow
from sni_desktop.file_choosing import choose_file
from sni_desktop.panels.plain import plain
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.training_form.draft import DATA, Draft, Source
from sni_desktop.preferences.training_form.editors import mark_wrong, set_role
from sni_desktop.preferences.training_form.preview import PreviewSheet, describe_preview
from sni_desktop.preferences.training_form.rows import FieldGroup
from sni_desktop.theme import Theme
from sni_desktop.words import fill

_TOLD = 200  # skipped files that are listed


class SourcePart(QWidget):
    """Tells which source is chosen and which pictures; shows what is known of them."""

    source_chosen = Signal(str)
    data_chosen = Signal(str)
    look_asked = Signal()

    def __init__(self, theme: Theme, fields: FieldGroup) -> None:
        super().__init__()
        self._draft: Draft | None = None
        self._last: Path | None = None  # where pictures were chosen last
        self._fields = fields
        self._sources = {name: self._make_source(name, text) for name, text in _name_sources().items()}
        self._group = QButtonGroup(self)
        for button in self._sources.values():
            self._group.addButton(button)
        self._path = QLineEdit(placeholderText=tr("Choose, or drop a folder or zip file here"))
        self._path.setObjectName(DATA)
        self._path.setAccessibleName(tr("Folder or zip file"))
        self._path.editingFinished.connect(self._say_path)
        self._choose = QPushButton(tr("Choose…"))
        self._choose.setObjectName("choose-data")
        self._choose.clicked.connect(lambda: self._ask())
        self._again = QToolButton(autoRaise=True)
        self._again.setObjectName("look-again")
        self._again.setText(tr("Look again"))
        self._again.setToolTip(tr("Look at the pictures again, if they have changed"))
        self._again.setAccessibleName(tr("Look at the pictures again"))
        self._again.clicked.connect(lambda: self.look_asked.emit())
        self.preview = PreviewSheet(theme)
        self._count = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)  # it may quote files' names
        self._count.setObjectName("picture-count")
        self._skipped = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._skipped.setObjectName("skipped-files")
        self._skipped.setProperty("role", "quiet")
        self._lay_out()
        theme.changed.connect(lambda: self._again.setIcon(theme.icon("refresh")))
        self._again.setIcon(theme.icon("refresh"))

    @property
    def path_field(self) -> QLineEdit:
        """Where the path is typed."""
        return self._path

    def show_draft(self, draft: Draft, problems: dict[str, str]) -> None:
        """Show what is chosen."""
        self._draft = draft
        own = draft.source != "portraits"
        self._sources[draft.source].setChecked(True)
        if not self._path.hasFocus() or not draft.wishes.data:
            self._path.setText(draft.wishes.data)
        self._own.setVisible(own)
        mark_wrong(self._path, DATA in problems)
        for row in self._fields.rows:
            row.set_visible(row.field.name not in (("portraits", "variety") if own else ("fit",)))
        self._fields.show_draft(draft, problems)

    def show_data(self, now: DataNow) -> None:
        """Show the pictures, how many there are, and what is wrong with some."""
        if self._draft is None:
            return
        own = self._draft.source != "portraits"
        is_chosen = not own or bool(self._draft.wishes.data)
        self.preview.setVisible(is_chosen and now.trouble is None and not (now.seen and not len(now.seen.pictures)))
        self.preview.show_pictures(now.seen, own)
        self._count.setText(_count(self._draft, now) if is_chosen else "")
        self._count.setVisible(bool(self._count.text()))
        is_bad = now.trouble is not None or bool(now.checked and now.checked.problems)
        set_role(self._count, "danger" if is_bad and own else "")
        self._show_skipped(now.checked.skipped if now.checked and own else ())

    def _show_skipped(self, lines: tuple[str, ...]) -> None:
        few = [fill(tr("{count} cannot be used:"), count=len(lines)), *(f"• {line}" for line in lines[:3])]
        more = [fill(tr("and {count} more"), count=len(lines) - 3)] if len(lines) > 3 else []
        self._skipped.setText("\n".join([*few, *more]))
        rest = [fill(tr("and {count} more"), count=len(lines) - _TOLD)] if len(lines) > _TOLD else []
        self._skipped.setToolTip(plain("\n".join([*lines[:_TOLD], *rest])))
        self._skipped.setVisible(bool(lines))

    def _make_source(self, name: Source, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setObjectName(f"source-{name}")
        button.clicked.connect(lambda: self.source_chosen.emit(name))
        return button

    def _lay_out(self) -> None:
        sources = QHBoxLayout()
        sources.setSpacing(6)
        for button in self._sources.values():
            sources.addWidget(button)
        sources.addStretch(1)
        self._own = QWidget()
        path = QHBoxLayout(self._own)
        path.setContentsMargins(0, 0, 0, 0)
        path.addWidget(self._path, 1)
        path.addWidget(self._choose)
        path.addWidget(self._again)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(sources)
        layout.addWidget(self._own)
        layout.addWidget(self.preview)
        layout.addWidget(self._count)
        layout.addWidget(self._skipped)
        layout.addWidget(self._fields)

    def _say_path(self) -> None:
        if self._draft is not None and self._path.text().strip() != self._draft.wishes.data:
            self.data_chosen.emit(self._path.text())

    def _ask(self) -> None:
        start = (self._draft.wishes.data if self._draft else "") or str(self._last or Path.home())
        if self._draft is not None and self._draft.source == "zip":
            kinds = tr("Zip files (*.zip)")
            path = str(choose_file(self, tr("A zip file of pictures"), start, kinds) or "")
        else:
            path = QFileDialog.getExistingDirectory(self, tr("A folder of pictures"), start)
        if path:
            self._last = Path(path).parent
            self.data_chosen.emit(path)


def _name_sources() -> dict[Source, str]:
    return {"portraits": tr("Built-in portraits"), "folder": tr("A folder"), "zip": tr("A zip file")}


def _count(draft: Draft, now: DataNow) -> str:
    """Return how many pictures there are, in sentences."""
    if now.trouble is not None:
        return " ".join(part for part in now.trouble if part)
    if draft.source == "portraits":
        words = tr("Drawn by the program; nobody’s face. Every run with the same settings sees the same ones.")
        return words if now.seen else tr("Drawing a few…")
    if now.checked is None:
        words = tr("{count} files.") if now.seen is None or now.seen.files != 1 else tr("{count} file.")
        files = fill(words, count=now.seen.files) if now.seen else ""
        return f"{files} {tr('Looking at them…')}".strip()
    count = fill(tr("{count} pictures look usable."), count=now.checked.usable) if now.checked.usable > 1 else ""
    shown = describe_preview(now.seen, draft.wishes.fit, draft.wishes.resolution_px) if count else ""
    return " ".join(part for part in (*now.checked.problems, count, *now.checked.notes, shown) if part)
