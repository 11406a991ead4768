"""Asks, once, before the end of the program drops what is still being written."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from sni_desktop.activities.exporting import Exporting
from sni_desktop.activities.replays import Replays

_MOST_NAMED = 5


def may_stop(parent: QWidget, exporting: Exporting, replays: Replays) -> bool:
    """Ask about files that are being written and edits that are being applied; says whether the program may end."""
    told = _list_unfinished(exporting, replays)
    if not told:
        return True
    buttons = QMessageBox.StandardButton
    box = QMessageBox(QMessageBox.Icon.Question, tr("Close"), "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText("\n".join([*told, tr("Stop and close?")]))
    box.setInformativeText(tr("Nothing half done stays on the disk. The project is not touched."))
    box.setStandardButtons(buttons.Close | buttons.Cancel)
    box.setDefaultButton(buttons.Cancel)
    return box.exec() == buttons.Close


def _list_unfinished(exporting: Exporting, replays: Replays) -> list[str]:
    """Return a sentence for each thing under way; of very many files only how many."""
    paths, run = exporting.unfinished, replays.state
    named = [tr("{name} is still being written.").replace("{name}", path.name) for path in paths[:_MOST_NAMED]]
    if len(paths) > _MOST_NAMED:
        named.append(tr("{count} more files are, too.").replace("{count}", str(len(paths) - _MOST_NAMED)))
    if run.is_running:
        text = tr("Edits are still being applied: {made} of {total} faces are done.")
        named.append(text.replace("{made}", str(len(run.results))).replace("{total}", str(run.total)))
    return named


def tr(text: str) -> str:
    """Translate a text about leaving."""
    return QCoreApplication.translate("Leaving", text)
