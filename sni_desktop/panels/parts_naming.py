"""Naming in the list of parts: a field in the row, with the names there are to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyledItemDelegate, QTreeView, QWidget

from sni_desktop.panels.parts_rows import NAME_ROLE, QUIET_ROLE
from sni_desktop.words import fill
from sni_engine.api.parts import LONGEST_PART_NAME

MEANING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class NameField(QLineEdit):
    """Return or Tab mean the name, and what is marked among the known ones at once."""

    meant = Signal()

    def __init__(self, parent: QWidget, known: Sequence[str]) -> None:
        super().__init__(parent)
        self.setObjectName("part-name")
        self.setMaxLength(LONGEST_PART_NAME)
        completer = QCompleter(list(known), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = completer.popup()
        if popup is not None:
            popup.setObjectName("completions")
        self.setCompleter(completer)

    def event(self, event: QEvent) -> bool:
        """Keep Tab, which would leave the field otherwise."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in MEANING_KEYS:
            popup = self.completer().popup()
            if popup is not None:
                popup.hide()  # what was marked there is in the field already
            self.meant.emit()
            return True
        return super().event(event)


@dataclass(frozen=True)
class Naming:
    """A name that is being typed: for which parts, the first of which has the field, and what there is of it."""

    names: tuple[str, ...]
    text: str
    cursor: int


class NamingTree(QTreeView):
    """Rows by the names of parts, of which one can hold the field for a name."""

    named = Signal(object, str)  # names of parts, and what they shall be called together
    naming_changed = Signal(bool)  # whether a name is being typed

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[str, QStandardItem] = {}
        self.known: list[str] = []
        self._names: tuple[str, ...] = ()  # what the name that is typed is for

    @property
    def is_naming(self) -> bool:
        """True while a name is being typed."""
        return bool(self._names)

    @property
    def goes_on(self) -> bool:
        """True while a part without a name is being named, after which the next one comes."""
        return len(self._names) == 1 and self.is_unnamed(self._names[0])

    def name(self, names: Sequence[str]) -> None:
        """Open the field for the name of a part, or of several together, in the row of the first."""
        if not names or names[0] not in self.items:
            return
        self.reveal(names[0])
        index = self.items[names[0]].index()
        if len(names) == 1:
            self.setCurrentIndex(index)
        self._names = tuple(names)
        self.edit(index)

    def reveal(self, name: str) -> None:
        """Bring a part's row into sight."""
        index = self.items[name].index()
        if index.parent().isValid():
            self.setExpanded(index.parent(), True)
        self.scrollTo(index)

    def is_unnamed(self, name: str) -> bool:
        """Say whether nobody has named a part."""
        return name in self.items and bool(self.items[name].data(QUIET_ROLE))

    def next_unnamed(self, name: str) -> str:
        """Return the first part without a name below a row, else the first above it; "" when there is no other."""
        bare = [each for each in self.items if self.is_unnamed(each)]
        after = bare[bare.index(name) + 1 :] if name in bare else []
        return next((each for each in (*after, *bare) if each != name), "")

    # -- the field, as the delegate asks -----------------------------------------------------------------------------

    def make_field(self, parent: QWidget, index: QModelIndex | QPersistentModelIndex) -> NameField:
        """Return the field of a row; a double click opens it for that row alone."""
        self._names = self._names or (str(index.data(NAME_ROLE)),)
        field = NameField(parent, self.known)
        many = fill(self.tr("Name for {count} parts"), count=len(self._names))
        text = many if len(self._names) > 1 else fill(self.tr("Name of {part}"), part=index.data())
        field.setAccessibleName(text)
        field.setPlaceholderText(text)
        field.setText(next((name for name in self._names if not self.is_unnamed(name)), ""))
        field.selectAll()
        field.meant.connect(lambda: self._mean(field))
        self.naming_changed.emit(True)
        return field

    def take_name(self, text: str) -> None:
        """Tell a name that is meant, unless there is none or it is the old one."""
        names = self._names
        if names and text.strip() and (len(names) > 1 or text.strip() != names[0]):
            self.named.emit(list(names), text)

    def closeEditor(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        """Close the field."""
        super().closeEditor(editor, hint)
        self._names = ()
        self.naming_changed.emit(False)

    def _mean(self, field: NameField) -> None:
        """Take a name that was ended by a key, and go on to the next part without one."""
        names, text = self._names, field.text()
        follows = self.next_unnamed(names[0]) if self.goes_on else ""
        self.closeEditor(field, QStyledItemDelegate.EndEditHint.NoHint)
        self._names = names
        self.take_name(text)
        self._names = ()
        self.name([follows])

    # -- when the rows are written anew ------------------------------------------------------------------------------

    def hold_naming(self) -> Naming | None:
        """Put the field away, and return what was typed; None when there is none."""
        field = self.indexWidget(self.items[self._names[0]].index()) if self._names else None
        if not isinstance(field, NameField):
            return None
        naming = Naming(self._names, field.text(), field.cursorPosition())
        self.closeEditor(field, QStyledItemDelegate.EndEditHint.NoHint)
        return naming

    def resume_naming(self, naming: Naming) -> None:
        """Open the field again where it was, as it was."""
        if not all(name in self.items for name in naming.names):
            return
        self.name(naming.names)
        field = self.indexWidget(self.items[naming.names[0]].index())
        if isinstance(field, NameField):
            field.setText(naming.text)
            field.setCursorPosition(naming.cursor)
