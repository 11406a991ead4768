"""The keys of every command: searched, changed, given back; a key that is taken says by whom."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sni_desktop.keymap import Keymap, show_keys
from sni_desktop.preferences.dialog import tr

_ID = Qt.ItemDataRole.UserRole


class KeyboardPage(QWidget):
    """commands: id, menu and text of each. Taking a key from its owner is the button's own word for it."""

    def __init__(self, keymap: Keymap, commands: list[tuple[str, str, str]]) -> None:
        super().__init__()
        self._keymap = keymap
        self._texts = {name: text for name, _, text in commands}
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._search = QLineEdit(placeholderText=tr("Search"), clearButtonEnabled=True)
        self._search.setAccessibleName(tr("Search commands and keys"))
        self._search.textChanged.connect(self._filter)
        self._tree = self._make_tree(commands)
        self._field = QKeySequenceEdit()
        self._field.setMaximumSequenceLength(1)
        self._field.setClearButtonEnabled(True)
        self._field.setAccessibleName(tr("New keys"))
        self._field.keySequenceChanged.connect(self._judge)
        self._verdict = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)  # keys may be < and &
        self._verdict.setObjectName("verdict")
        self._verdict.setProperty("role", "quiet")
        self._verdict.setMinimumHeight(2 * self._verdict.fontMetrics().lineSpacing())
        self._buttons = {
            name: self._make_button(name, text, do)
            for name, text, do in (
                ("assign", tr("Assign"), self._assign),
                ("remove", tr("No keys"), self._remove),
                ("reset", tr("Reset"), self._reset),
                ("reset-all", tr("Reset all"), self._reset_all),
            )
        }
        self._lay_out()
        keymap.changed.connect(self._fill)
        self._fill()
        self._tree.setCurrentItem(next(iter(self._rows.values())))

    def _make_tree(self, commands: list[tuple[str, str, str]]) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setHeaderLabels([tr("Command"), tr("Menu"), tr("Keys")])
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        tree.setAccessibleName(tr("Commands"))
        for name, menu, text in commands:
            row = QTreeWidgetItem([text, menu, ""])
            row.setData(0, _ID, name)
            self._rows[name] = row
        tree.addTopLevelItems(list(self._rows.values()))
        tree.currentItemChanged.connect(lambda: self._choose())
        return tree

    def _make_button(self, name: str, text: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.clicked.connect(lambda: do())
        return button

    def _lay_out(self) -> None:
        lower = QHBoxLayout()
        lower.setSpacing(8)
        lower.addWidget(self._field, 1)
        for name in ("assign", "remove", "reset"):
            lower.addWidget(self._buttons[name])
        last = QHBoxLayout()
        last.addWidget(self._verdict, 1)
        last.addWidget(self._buttons["reset-all"], 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._search)
        layout.addWidget(self._tree, 1)
        layout.addLayout(lower)
        layout.addLayout(last)

    @property
    def _current(self) -> str:
        item = self._tree.currentItem()
        return str(item.data(0, _ID)) if item is not None else ""

    def _fill(self) -> None:
        for name, row in self._rows.items():
            row.setText(2, show_keys(self._keymap.keys(name)))
            font = row.font(2)
            font.setBold(self._keymap.is_changed(name))
            row.setFont(2, font)
        self._judge()

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for row in self._rows.values():
            shown = " ".join(row.text(column) for column in range(3)).casefold()
            row.setHidden(not all(word in shown for word in words))

    def _choose(self) -> None:
        self._field.clear()
        self._judge()

    def _key(self) -> str:
        return self._field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _judge(self) -> None:
        """Say whether the keys in the field are free, and what pressing Assign would do."""
        key, name = self._key(), self._current
        owner = self._keymap.owner(key, name) if key else None
        always = self._keymap.reserved_for(key, name) if key and name else ""
        self._buttons["assign"].setEnabled(bool(key and name and not always))
        self._buttons["assign"].setText(tr("Take over") if owner and not always else tr("Assign"))
        self._buttons["remove"].setEnabled(bool(name and self._keymap.keys(name)))
        self._buttons["reset"].setEnabled(bool(name and self._keymap.is_changed(name)))
        self._verdict.setText(self._tell(key, owner, always))

    def _tell(self, key: str, owner: str | None, always: str) -> str:
        keys = show_keys((key,))
        if always:
            text = tr("{keys} always {does}: no command can have it.").replace("{keys}", keys)
            return text.replace("{does}", QCoreApplication.translate("Commands", always))
        if owner:
            text = tr("{keys} already belongs to “{command}”, which would lose it.")
            return text.replace("{keys}", keys).replace("{command}", self._texts[owner])
        if key:
            return tr("{keys} is free.").replace("{keys}", keys)
        return tr("Choose a command, click into the field and press the keys it should have.")

    def _assign(self) -> None:
        self._keymap.set_keys(self._current, (self._key(), *self._keymap.keys(self._current)[1:]))
        self._field.clear()

    def _remove(self) -> None:
        self._keymap.set_keys(self._current, ())

    def _reset_all(self) -> None:
        self._keymap.reset()

    def _reset(self) -> None:
        moves = self._keymap.reset(self._current)
        text = tr("{keys} belongs to “{owner}” again, no longer to “{loser}”.")
        told = [
            text.replace("{keys}", show_keys((move.key,)))
            .replace("{owner}", self._texts[move.owner])
            .replace("{loser}", self._texts[move.loser])
            for move in moves
        ]
        if told:
            self._verdict.setText(" ".join(told))
