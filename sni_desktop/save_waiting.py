"""What a person sees of saving: nothing of a quick one, a word of one that takes longer, and a wait before leaving."""

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot

PATIENCE_MS = 250  # most files are on the disk by then, and a word that comes and goes only startles
_LONGEST_MS = 60_000  # a disk that takes longer may never answer


class LongSave(QObject):
    """Says which file is being saved, once that takes long enough to be told of."""

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self.name: str = ""
        self._soon = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._soon.timeout.connect(lambda: self._show(document.snapshot))
        document.changed.connect(self._follow)

    def _follow(self, now: Snapshot) -> None:
        if now.saving is not None and not self.name:
            if not self._soon.isActive():
                self._soon.start()
        else:
            self._show(now)

    def _show(self, now: Snapshot) -> None:
        name = now.saving.name if now.saving is not None else ""
        if not name:
            self._soon.stop()
        if name != self.name:
            self.name = name
            self.changed.emit()


def wait_for_saving(parent: QWidget, document: Document) -> bool:
    """Let a person wait until everything is saved that is to be; says whether nothing is left to wait for."""
    if document.snapshot.saving is not None:
        _wait_quietly(document)
    if document.snapshot.saving is not None:
        SavingDialog(parent, document).exec()
    saving = document.snapshot.saving
    if saving is not None:
        title = tr("{name} is still being saved.").replace("{name}", saving.name)
        document.tell(Notice("info", title, tr("Try again when it is done.")))
    return saving is None


def _wait_quietly(document: Document) -> None:
    """Wait for a moment in which keys and mouse wait, too."""
    loop = QEventLoop()

    def follow(now: Snapshot) -> None:
        if now.saving is None:
            loop.quit()

    timer = QTimer(singleShot=True, interval=PATIENCE_MS)
    timer.timeout.connect(loop.quit)
    document.changed.connect(follow)
    timer.start()
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    document.changed.disconnect(follow)


class SavingDialog(QDialog):
    """Stays until nothing is being saved any more, until the person would rather go back, or far too long."""

    def __init__(self, parent: QWidget, document: Document) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Saving"))
        self._text = QLabel(textFormat=Qt.TextFormat.PlainText)
        bar = QProgressBar(maximum=0, textVisible=False)  # nobody knows how long a disk takes
        bar.setAccessibleName(tr("Saving"))
        buttons = QDialogButtonBox()
        back = buttons.addButton(tr("Go back"), QDialogButtonBox.ButtonRole.RejectRole)
        back.setObjectName("back")
        back.setAutoDefault(False)
        back.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        for widget in (self._text, bar, buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(320)
        QTimer.singleShot(_LONGEST_MS, self, self.reject)
        document.changed.connect(self._follow)
        self._follow(document.snapshot)

    def _follow(self, now: Snapshot) -> None:
        if now.saving is None:
            self.accept()
        else:
            self._text.setText(tr("Saving {name}…").replace("{name}", now.saving.name))


def tr(text: str) -> str:
    """Translate a text about saving."""
    return QCoreApplication.translate("Saving", text)
