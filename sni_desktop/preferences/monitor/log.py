"""The last lines a run said, newest at the bottom; warnings stand out. They can be selected and copied."""

from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from sni_desktop.preferences.dialog import tr
from sni_desktop.theme import Theme
from sni_engine.api.run_watch import WARNING

_SIGN = "⚠ "


class RunLog(QPlainTextEdit):
    """Follows the newest line unless the person has scrolled up to read."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words: tuple[str, ...] = ()
        self.setObjectName("run-log")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(tr("Last lines of the log"))
        self.setPlaceholderText(tr("What the run says of itself comes here."))
        self.setMinimumHeight(3 * self.fontMetrics().lineSpacing() + 6)
        theme.changed.connect(self._write_all)

    def show_words(self, words: tuple[str, ...]) -> None:
        """Show the newest lines; only those that came since are written."""
        if words == self._words:
            return
        new = find_new(self._words, words)
        self._words = words
        if len(new) == len(words):
            self._write_all()
        else:
            self.setMaximumBlockCount(len(words))
            self._write(new)

    def _write_all(self) -> None:
        self.clear()
        self._write(self._words)

    def _write(self, lines: tuple[str, ...]) -> None:
        bar = self.verticalScrollBar()
        follows = bar.value() >= bar.maximum() - 1
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        for line in lines:
            if not self.document().isEmpty():
                cursor.insertBlock()
            warns = line.startswith(WARNING)
            cursor.insertText(_SIGN + line.removeprefix(WARNING) if warns else line, self._format(warns))
        if follows:
            bar.setValue(bar.maximum())

    def _format(self, warns: bool) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setForeground(self._theme.colour("danger" if warns else "text"))
        form.setFontWeight(QFont.Weight.DemiBold if warns else QFont.Weight.Normal)
        return form


def find_new(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines of `new` after those that `old` ends with; all of them when the two share no such lines."""
    for kept in range(min(len(old), len(new)), 0, -1):
        if old[-kept:] == new[:kept]:
            return new[kept:]
    return new
