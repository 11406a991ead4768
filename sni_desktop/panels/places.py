"""The menu of named places: the parts of the picture, those that come with the program, and a person's own."""

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox, QWidget

from sni_desktop.activities.parts import Parts
from sni_desktop.activities.selecting import Selecting
from sni_desktop.document import Document
from sni_desktop.panels.parts_menu import FacePartsMenu


class PlacesMenu(QMenu):
    """Filled anew whenever it is opened. A person's own places are saved, renamed and deleted here."""

    def __init__(self, selecting: Selecting, parts: Parts, document: Document, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._selecting = selecting
        self._document = document
        self._parts = FacePartsMenu(parts, document, self)
        self.aboutToShow.connect(self.fill)
        self.aboutToShow.connect(lambda: self._parts.ask(True))
        self.aboutToHide.connect(lambda: self._parts.ask(False))
        self.fill()

    def fill(self) -> None:
        """List the places as they are now."""
        self.clear()
        has_face = self._document.snapshot.has_face
        self.addMenu(self._parts)
        self.addSeparator()
        for name, text in name_places().items():
            self.addAction(text, partial(self._selecting.choose_place, name)).setEnabled(has_face)
        self.addSeparator()
        own = [preset.name for preset in self._selecting.presets]
        for name in own:
            self.addAction(_plain(name), partial(self._selecting.choose_preset, name)).setEnabled(has_face)
        self.addSeparator()
        self.addAction(tr("&Save selection as…"), self._save).setEnabled(self._document.snapshot.has_cells)
        for title, do in ((tr("&Rename"), self._rename), (tr("&Delete"), self._delete)):
            menu = self.addMenu(title)
            menu.setEnabled(bool(own))
            for name in own:
                menu.addAction(_plain(name) + "…", partial(do, name))

    def _save(self) -> None:
        name = ask_name(self, tr("Save selection"), "")
        taken = any(preset.name == name for preset in self._selecting.presets)
        if name and (not taken or ask_sure(self, tr('Replace your place "{name}"?').replace("{name}", name))):
            self._selecting.save_preset(name)

    def _rename(self, old: str) -> None:
        new = ask_name(self, tr("Rename place"), old)
        if not new or new == old:
            return
        taken = any(preset.name == new for preset in self._selecting.presets)
        if taken and not ask_sure(self, tr('Replace your place "{name}"?').replace("{name}", new)):
            return
        self._selecting.rename_preset(old, new)

    def _delete(self, name: str) -> None:
        if ask_sure(self, tr('Delete your place "{name}"?').replace("{name}", name)):
            self._selecting.delete_preset(name)


def name_places() -> dict[str, str]:
    """Return the places that come with the program, by the names that people read."""
    return {
        "mouth": tr("&Mouth"),
        "eyes": tr("&Eyes"),
        "left-eye": tr("&Left eye"),
        "right-eye": tr("Ri&ght eye"),
        "brows": tr("Bro&ws"),
        "nose": tr("&Nose"),
        "hair": tr("&Hair"),
        "long-hair": tr("L&ong hair"),
        "chin": tr("&Chin"),
        "face": tr("&Face"),
        "head": tr("He&ad"),
        "background": tr("&Background"),
        "clothing": tr("Clo&thing"),
    }


def ask_name(parent: QWidget, title: str, before: str) -> str:
    """Ask for a name; "" when there is none."""
    name, agreed = QInputDialog.getText(_window_of(parent), title, tr("Name:"), text=before)
    return name.strip() if agreed else ""


def ask_sure(parent: QWidget, question: str) -> bool:
    """Ask before something goes that undo does not bring back."""
    buttons = QMessageBox.StandardButton
    box = QMessageBox(QMessageBox.Icon.Question, tr("Places"), "", buttons.Yes | buttons.No, _window_of(parent))
    box.setTextFormat(Qt.TextFormat.PlainText)  # it holds a name that somebody typed
    box.setText(question)
    return box.exec() == buttons.Yes


def tr(text: str) -> str:
    """Translate a text of this menu."""
    return QCoreApplication.translate("Places", text)


def _window_of(menu: QWidget) -> QWidget:
    """Return the window that a menu, or a menu within it, belongs to."""
    while (parent := menu.parentWidget()) is not None:
        menu = parent
    return menu


def _plain(name: str) -> str:
    return name.replace("&", "&&")
