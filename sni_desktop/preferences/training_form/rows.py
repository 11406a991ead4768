"""Rows of the form of a new run: name, editor, range and unit, a way back to the preset; groups of them that fold."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.training_form.draft import Draft
from sni_desktop.preferences.training_form.editors import Editor, make_editor, mark_wrong, set_role
from sni_desktop.theme import Theme
from sni_desktop.words import fill
from sni_engine.api.train_fields import Field, counts_for, say_limits

_LABEL_PX = 148


class FieldRow(QObject):
    """The widgets of one setting. Tells what is edited, asked back, and when the field has the person's eye."""

    edited = Signal(str, object)
    reset_asked = Signal(str)
    entered = Signal(str)

    def __init__(self, field: Field, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.field = field
        self._theme = theme
        self._is_shown = True
        choices = [(value, tr(words)) for value, words in field.choices]
        self.editor: Editor = make_editor(field, choices)
        self.editor.edited.connect(lambda value: self.edited.emit(field.name, value))
        self.editor.installEventFilter(self)
        self._label = QLabel(tr(field.label), wordWrap=True)
        self._label.setBuddy(self.editor)
        self._range = QLabel(tr(say_limits(field)), wordWrap=True)
        self._range.setProperty("role", "quiet")
        self._reset = QToolButton(autoRaise=True)
        self._reset.setText(tr("Reset"))
        self._reset.clicked.connect(lambda: self.reset_asked.emit(field.name))
        self._describe()
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def _describe(self) -> None:
        text = f"{tr(self.field.help)}\n{self.field.flag}"
        for widget in (self._label, self.editor):
            widget.setToolTip(text)
            widget.setWhatsThis(tr(self.field.help))
        self.editor.setAccessibleName(tr(self.field.label))
        self.editor.setAccessibleDescription(tr(self.field.help))
        self._reset.setObjectName(f"reset-{self.field.name}")
        self._reset.setAccessibleName(fill(tr("Reset {name} to the preset"), name=tr(self.field.label)))

    def place(self, layout: QGridLayout, at: int) -> None:
        """Put the widgets into a line of a grid."""
        self._label.setFixedWidth(_LABEL_PX)
        layout.addWidget(self._label, at, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.editor, at, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._range, at, 2, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._reset, at, 3, Qt.AlignmentFlag.AlignVCenter)
        self.set_visible(True)

    def set_visible(self, visible: bool) -> None:
        """Show the line or not."""
        for widget in (self._label, self.editor, self._range):
            widget.setVisible(visible)
        self._is_shown = visible
        kept = self._reset.sizePolicy()
        kept.setRetainSizeWhenHidden(visible)
        self._reset.setSizePolicy(kept)

    def set_note(self, text: str) -> None:
        """Say something of the value itself where its range would stand."""
        self._range.setText(text)

    def show_draft(self, draft: Draft, problem: str) -> None:
        """Show value, whether it differs from the preset, whether it counts, and what is wrong with it."""
        name = self.field.name
        if name not in dict(draft.unread):
            self.editor.show_value(getattr(draft.wishes, name))
        changed = name in draft.changed
        set_role(self._label, "heading" if changed else "")
        self._reset.setVisible(changed and self._is_shown)
        self._reset.setToolTip(
            fill(tr("Reset to {value}, as in {preset}"), value=_say(draft, name), preset=draft.preset)
        )
        counts = counts_for(draft.wishes, name) or bool(problem)
        for widget in (self._label, self.editor, self._range):
            widget.setEnabled(counts)
        mark_wrong(self.editor, bool(problem))
        set_role(self._range, "danger" if problem else "quiet")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell when the field gets the keys."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit(self.field.name)
        return super().eventFilter(watched, event)

    def _draw_icon(self) -> None:
        self._reset.setIcon(self._theme.icon("undo-variant", "accent"))


def _say(draft: Draft, name: str) -> str:
    value = getattr(draft.base, name)
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


class FieldGroup(QWidget):
    """Rows under a title; folded away when asked for, with a word about how many are not the preset's."""

    def __init__(self, title: str, rows: Sequence[FieldRow], theme: Theme, folds: bool) -> None:
        super().__init__()
        self.rows: tuple[FieldRow, ...] = tuple(rows)
        self._title = title
        self._theme = theme
        self._folds = folds
        self._head = QToolButton()
        self._head.setCheckable(True)
        self._head.setChecked(not folds)
        self._head.setProperty("role", "disclosure")
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.setText(title)
        self._head.toggled.connect(self._open)
        self._body = QWidget()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 6)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        for at, row in enumerate(rows):
            row.place(grid, at)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._head)
        layout.addWidget(self._body)
        self._head.setVisible(folds)
        self._body.setVisible(not folds)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    @property
    def is_open(self) -> bool:
        """Whether its rows are in sight."""
        return not self._body.isHidden()

    def unfold(self) -> None:
        """Bring its rows into sight."""
        self._head.setChecked(True)

    def show_draft(self, draft: Draft, problems: Mapping[str, str]) -> None:
        """Show the values, and in the title how many are changed or wrong."""
        for row in self.rows:
            row.show_draft(draft, problems.get(row.field.name, ""))
        names = {row.field.name for row in self.rows}
        wrong, changed = len(names & set(problems)), len(names & draft.changed)
        notes = [fill(tr("{count} wrong"), count=wrong)] if wrong else []
        notes += [fill(tr("{count} changed"), count=changed)] if changed else []
        self._head.setText(f"{self._title}  ({', '.join(notes)})" if notes else self._title)

    def _open(self, opened: bool) -> None:
        self._body.setVisible(opened)
        self._draw_icon()

    def _draw_icon(self) -> None:
        self._head.setIcon(self._theme.icon("chevron-down" if self._head.isChecked() else "chevron-right"))
