"""Questions about steps: whether to delete a branch, and where a recipe goes."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget

from sni_desktop.dialogs import settle
from sni_desktop.words import name_step
from sni_engine.api.history import Node
from sni_engine.api.recipes import SUFFIX

_MOST_NAMES = 6


def tr(text: str) -> str:
    """Translate a text of these dialogs."""
    return QCoreApplication.translate("Steps", text)


def ask_to_delete(parent: QWidget, branch: Sequence[Node]) -> bool:
    """Ask whether a step and all that grew from it may go, naming those with a star."""
    box = QMessageBox(QMessageBox.Icon.Warning, tr("Delete branch"), count_steps(branch), parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(warn_of_stars(branch))
    delete: QPushButton = box.addButton(tr("&Delete"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    return box.clickedButton() is delete


def count_steps(branch: Sequence[Node]) -> str:
    """Return the question, with the number of steps."""
    name = name_step(branch[0])
    if len(branch) == 1:
        return tr('Delete the step "{name}"?').replace("{name}", name)
    if len(branch) == 2:
        return tr('Delete "{name}" and the step after it?').replace("{name}", name)
    text = tr('Delete "{name}" and the {count} steps that grew from it?')
    return text.replace("{count}", str(len(branch) - 1)).replace("{name}", name)


def warn_of_stars(branch: Sequence[Node]) -> str:
    """Return what else to know before deleting: the starred steps, and how long it can be taken back."""
    names = [name_step(node) for node in branch if node.star]
    lines = [tr("It can be put back until the next edit.")]
    if names:
        listed = ", ".join(f'"{name}"' for name in names[:_MOST_NAMES]) + ("…" if len(names) > _MOST_NAMES else "")
        text = tr("{count} of them starred: {names}.") if len(names) > 1 else tr("One is starred: {names}.")
        lines.insert(0, text.replace("{count}", str(len(names))).replace("{names}", listed))
    return "\n".join(lines)


def ask_recipe(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where to write a recipe."""
    name, _ = QFileDialog.getSaveFileName(parent, tr("Export recipe"), str(suggested), tr("Recipes (*.json)"))
    return settle(parent, name, SUFFIX)
