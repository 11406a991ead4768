"""Offers what a killed program left behind: one question at the start, and nothing is thrown away unasked."""

import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from sni_desktop.document import Document
from sni_desktop.filing import last_face
from sni_desktop.recovery import Lost, find_lost, forget
from sni_desktop.words import describe_age
from sni_desktop.worker.journal import JournalWriter
from sni_engine.api.codec import read_project
from sni_engine.api.errors import EngineError

_ROLE = Qt.ItemDataRole.UserRole


class Recovering(QObject):
    """Shows again what was on screen: an untouched face at once, anything else after asking."""

    def __init__(self, document: Document, writer: JournalWriter, folder: Path, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._writer = writer
        self._folder = folder
        self._window = window
        self._recovered: dict[str, Path] = {}  # journals to take away once ours holds what they hold
        writer.written.connect(self._forget_recovered)

    def start(self, file: Path | None, last: Path | None = None) -> bool:
        """Begin with the file, with the untouched face of a program that was killed, with the last face of one that
        ended, or with a new one; then offer what was lost. Says whether it is the face of last time.
        """
        lost, goes_on = find_lost(self._folder), False
        untouched = [item for item in lost if item.is_untouched]
        if file is not None:
            self._document.open(file)
        elif untouched:
            self._document.recover(untouched[0].state.project, None, saved=True)
            goes_on = True
        else:
            goes_on = last is not None and self._go_on(last)
            if not goes_on:
                self._document.new_face()
        for item in untouched:
            forget(item.journal)
        self.offer([item for item in lost if not item.is_untouched])
        return goes_on

    def _go_on(self, last: Path) -> bool:
        """Show again what was on screen; says whether it can be."""
        if last != last_face():
            self._document.open(last)
            return True
        try:
            self._document.recover(read_project(last), None, saved=True)
        except EngineError:
            return False
        return True

    def offer(self, lost: list[Lost]) -> None:
        """Ask what to do with unsaved work, if there is any."""
        if lost:
            dialog = RecoveryDialog(lost, self._window)
            dialog.recover_asked = self._recover
            dialog.open()

    def _recover(self, lost: Lost) -> None:
        self._recovered[lost.state.project.history.root.codes.digest] = lost.journal
        self._document.recover(lost.state.project, lost.state.path)

    def _forget_recovered(self, root: str) -> None:
        journal = self._recovered.pop(root, None)
        if journal is not None:
            forget(journal)


class RecoveryDialog(QDialog):
    """A list of unsaved work; each entry is recovered, discarded, or left for the next start."""

    def __init__(self, lost: list[Lost], parent: QWidget) -> None:
        super().__init__(parent)
        self.recover_asked = lambda item: None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Unsaved work"))
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Unsaved work"))
        self._list.itemDoubleClicked.connect(lambda: self._recover())
        for item in lost:
            row = QListWidgetItem(describe_lost(item, time.time()))
            row.setData(_ROLE, item)
            self._list.addItem(row)
        self._list.setCurrentRow(0)
        text = QLabel(tr("SNI Desktop ended without saving this. Nothing of it is lost."), wordWrap=True)
        hint = QLabel(tr("What you leave here is offered again at the next start."), wordWrap=True)
        hint.setProperty("role", "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        for widget in (text, self._list, hint, self._make_buttons()):
            layout.addWidget(widget)
        self.resize(480, 280)

    def _make_buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        recover = box.addButton(tr("Recover"), QDialogButtonBox.ButtonRole.AcceptRole)
        recover.setObjectName("recover")
        recover.setDefault(True)
        discard = box.addButton(tr("Discard"), QDialogButtonBox.ButtonRole.DestructiveRole)
        discard.setObjectName("discard")
        later = box.addButton(tr("Later"), QDialogButtonBox.ButtonRole.RejectRole)
        recover.clicked.connect(self._recover)
        discard.clicked.connect(self._discard)
        later.clicked.connect(self.reject)
        return box

    def _recover(self) -> None:
        self.accept()
        self.recover_asked(self._list.currentItem().data(_ROLE))

    def _discard(self) -> None:
        item = self._list.takeItem(self._list.currentRow())
        forget(item.data(_ROLE).journal)
        if self._list.count() == 0:
            self.accept()


def describe_lost(lost: Lost, now: float) -> str:
    """Return a line that a person knows the work by."""
    path = lost.state.path
    steps = len(lost.state.project.history.nodes) - 1
    name = path.name if path else tr("Untitled")
    count = tr("1 step") if steps == 1 else tr("{count} steps").replace("{count}", QLocale().toString(steps))
    return f"{name}  ·  {count}  ·  {describe_age(now - lost.time)}"


def tr(text: str) -> str:
    """Translate a text of this dialog."""
    return QCoreApplication.translate("Recovery", text)
