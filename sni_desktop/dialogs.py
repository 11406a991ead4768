"""Questions that need an answer before going on, and what the program says of itself."""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from sni_desktop.file_choosing import choose_file
from sni_desktop.key_sheet import KeySheet
from sni_desktop.panels.plain import plain
from sni_engine import __version__
from sni_engine.api.codes import LARGEST_SEED
from sni_engine.api.errors import EngineError

PROJECT_SUFFIX = ".sni"
PICTURE_SUFFIX = ".png"
MODEL_SUFFIX = ".safetensors"
_BUTTONS_PX = 140  # beside a window's title, for its icon and buttons


def tr(text: str) -> str:
    """Translate a text of a dialog."""
    return QCoreApplication.translate("Dialogs", text)


def ask_open(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a project to open, or a picture with one in it."""
    return choose_file(parent, tr("Open"), folder, project_kinds())


def project_kinds() -> str:
    """Return what Qt's file dialogs are to list where a project is wanted."""
    return tr("Projects and pictures with a project (*.sni *.png *.apng);;All files (*)")


def ask_model(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a model to open."""
    return choose_file(parent, tr("Open model"), folder, tr("Models (*.safetensors)"))


def ask_folder(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a folder."""
    name = QFileDialog.getExistingDirectory(parent, tr("Choose a folder"), str(folder))
    return Path(name) if name else None


def ask_seed(parent: QWidget, title: str = "") -> int | None:
    """Ask for the seed of a face, a new one by default; what is none stays in the field and is asked about again."""
    title, text, label = title or tr("New face"), "", tr("Seed:")
    while True:
        box = QInputDialog(parent)
        box.setWindowTitle(title)
        box.setLabelText(label)
        box.setTextValue(text)
        box.resize(max(box.sizeHint().width(), box.fontMetrics().horizontalAdvance(title) + _BUTTONS_PX), 0)
        agreed, text = box.exec() == QInputDialog.DialogCode.Accepted, box.textValue()
        box.deleteLater()
        if not agreed:
            return None
        try:
            return read_seed(text)
        except EngineError as error:
            label = plain(f"{error.title}\n{error.hint}\n\n" + tr("Seed:"))


def read_seed(text: str) -> int:
    """Read a seed as it is typed or pasted. Raises EngineError."""
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= 20 and int(digits) <= LARGEST_SEED:
        return int(digits)
    title = tr('"{text}" is not a seed.').replace("{text}", digits[:40])
    hint = tr("Type a whole number from 0 to {largest}.").replace("{largest}", str(LARGEST_SEED))
    raise EngineError(title, hint)


def ask_save(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where to save a project: in a file of its own, or in a picture of the current step."""
    kinds = tr("SNI projects (*.sni)") + ";;" + tr("Pictures with the project (*.png)")
    name, kind = QFileDialog.getSaveFileName(parent, tr("Save as"), str(suggested), kinds)
    is_picture = Path(name).suffix.lower() == PICTURE_SUFFIX or f"*{PICTURE_SUFFIX}" in kind
    return settle(parent, name, PICTURE_SUFFIX if is_picture else PROJECT_SUFFIX)


def settle(parent: QWidget, name: str, suffix: str) -> Path | None:
    """Add the suffix to a chosen name; when that leads to a file the person did not choose, ask before it is replaced.

    None for no name, as file dialogs say that nothing was chosen, and for a file that is to stay.
    """
    if not name:
        return None
    path = with_suffix(Path(name), suffix)
    if path != Path(name) and path.exists() and not ask_to_replace(parent, path):
        return None
    return path


def ask_to_replace(parent: QWidget, path: Path) -> bool:
    """Ask whether a file may be replaced."""
    text = tr("{name} is there already. Replace it?").replace("{name}", path.name)
    box = QMessageBox(QMessageBox.Icon.Question, tr("Replace file"), text, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
    box.setDefaultButton(QMessageBox.StandardButton.No)
    return box.exec() == QMessageBox.StandardButton.Yes


def with_suffix(path: Path, suffix: str) -> Path:
    """Return the path with the suffix, added when the person left it out."""
    return path if path.suffix.lower() == suffix.lower() else path.with_name(path.name + suffix)


def ask_to_keep(parent: QWidget, name: str, ends: bool = True) -> QMessageBox.StandardButton:
    """Ask what to do with unsaved changes: Save, Discard or Cancel. ends: with the program, and not by another face."""
    box = QMessageBox(QMessageBox.Icon.Question, tr("Unsaved changes"), "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(tr("Save the changes to {name}?").replace("{name}", name))
    lost = tr("Without saving, the steps since the last save are lost.")
    box.setInformativeText(lost if ends else tr("Unsaved steps stay within reach: Undo, or File > Faces left unsaved."))
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    return buttons(box.exec())


def ask_about_changed(parent: QWidget, name: str) -> Literal["elsewhere", "replace", "cancel"]:
    """Ask what to do about a file that is to be saved and that another program has changed meanwhile."""
    box = QMessageBox(QMessageBox.Icon.Warning, tr("File changed"), "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(tr("{name} was changed by another program since it was opened.").replace("{name}", name))
    box.setInformativeText(tr("Replacing it loses what the other program wrote. Nothing is saved yet."))
    elsewhere = box.addButton(tr("Save under another &name…"), QMessageBox.ButtonRole.AcceptRole)
    replacing = box.addButton(tr("&Replace it"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    pressed = box.clickedButton()
    if pressed is elsewhere:
        return "elsewhere"
    return "replace" if pressed is replacing else "cancel"


def show_about(parent: QWidget, model: str, device: str) -> None:
    """Say what this is, which version, on what it runs."""
    text = tr("SNI Desktop {version}").replace("{version}", __version__)
    more = tr("Paint cells over a generated picture and resample just that.\n\nModel: {model}\nRuns on: {device}")
    box = QMessageBox(QMessageBox.Icon.NoIcon, tr("About"), text, parent=parent)
    box.setInformativeText(more.replace("{model}", model or "–").replace("{device}", device or "–"))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def show_shortcuts(parent: QWidget, rows: list[tuple[str, str]]) -> None:
    """Show what keys and mouse do."""
    KeySheet(parent, rows).open()
