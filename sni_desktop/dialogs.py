"""Questions that need an answer before going on, and what the program says of itself."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from sni_engine import __version__
from sni_engine.api.pictures import LARGEST_PX

PROJECT_SUFFIX = ".sni"


def tr(text: str) -> str:
    """Translate a text of a dialog."""
    return QCoreApplication.translate("Dialogs", text)


def ask_open(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a project to open."""
    name, _ = QFileDialog.getOpenFileName(parent, tr("Open"), str(folder), tr("SNI projects (*.sni)"))
    return Path(name) if name else None


def ask_save(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where to save a project."""
    name, _ = QFileDialog.getSaveFileName(parent, tr("Save as"), str(suggested), tr("SNI projects (*.sni)"))
    return with_suffix(Path(name), PROJECT_SUFFIX) if name else None


def ask_export(parent: QWidget, suggested: Path, own_px: int) -> tuple[Path, int] | None:
    """Ask where to write a PNG and how large."""
    name, _ = QFileDialog.getSaveFileName(parent, tr("Export picture"), str(suggested), tr("PNG pictures (*.png)"))
    if not name:
        return None
    question = tr("Side of the picture in pixels (the model draws {own}; more is enlarged):")
    size, agreed = QInputDialog.getInt(
        parent, tr("Export picture"), question.replace("{own}", str(own_px)), own_px, 16, LARGEST_PX
    )
    return (with_suffix(Path(name), ".png"), size) if agreed else None


def with_suffix(path: Path, suffix: str) -> Path:
    """Return the path with the suffix, added when the person left it out."""
    return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)


def ask_to_keep(parent: QWidget, name: str) -> QMessageBox.StandardButton:
    """Ask what to do with unsaved changes: Save, Discard or Cancel."""
    box = QMessageBox(QMessageBox.Icon.Question, tr("Unsaved changes"), "", parent=parent)
    box.setText(tr("Save the changes to {name}?").replace("{name}", name))
    box.setInformativeText(tr("Without saving, the steps since the last save are lost."))
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    return buttons(box.exec())


def show_about(parent: QWidget, model: str, device: str) -> None:
    """Say what this is, which version, on what it runs."""
    text = tr("SNI Desktop {version}").replace("{version}", __version__)
    more = tr("Paint cells over a generated picture and resample just that.\n\nModel: {model}\nRuns on: {device}")
    box = QMessageBox(QMessageBox.Icon.NoIcon, tr("About"), text, parent=parent)
    box.setInformativeText(more.replace("{model}", model or "–").replace("{device}", device or "–"))
    box.open()


def show_shortcuts(parent: QWidget, rows: list[tuple[str, str]]) -> None:
    """Show every shortcut in a table."""
    lines = "".join(f"<tr><td style='padding-right:24px'>{what}</td><td><b>{keys}</b></td></tr>" for what, keys in rows)
    box = QMessageBox(
        QMessageBox.Icon.NoIcon, tr("Keyboard and mouse"), f"<table cellpadding='3'>{lines}</table>", parent=parent
    )
    box.open()
