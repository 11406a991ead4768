"""Menus about parts: what can be done with rows of the list, and the parts of the face as places to select."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from sni_desktop.activities.parts import Parts, PartsState
from sni_desktop.document import Document
from sni_desktop.snapshot import Snapshot
from sni_desktop.words import say_part


def fill_menu(menu: QMenu, parts: Parts, names: Sequence[str], name: Callable[[Sequence[str]], object]) -> None:
    """Write what can be done with some parts into a menu; `name` opens the field for a name."""
    menu.clear()
    there = () if parts.state.parts is None else parts.state.parts.parts
    chosen = [part for part in there if part.name in names]
    can_split = any(part.is_named or len(part.clusters) > 1 for part in chosen)
    menu.addAction(
        tr("&Select their cells") if len(chosen) > 1 else tr("&Select its cells"), partial(parts.select, names)
    )
    menu.addAction(tr("&Add to the selection"), partial(parts.select, names, "add"))
    menu.addAction(tr("&Take from the selection"), partial(parts.select, names, "subtract"))
    for action in menu.actions():
        action.setEnabled(bool(chosen))
    menu.addSeparator()
    text = tr("&Merge and name…") if len(chosen) > 1 else tr("&Name…")
    menu.addAction(text, partial(name, names)).setEnabled(bool(chosen))
    menu.addAction(tr("S&plit into clusters"), partial(parts.split, names)).setEnabled(can_split)
    menu.addSeparator()
    menu.addAction(tr("&Take back the last change"), parts.take_back).setEnabled(parts.state.can_take_back)
    menu.addAction(tr("&Back to the parts that came with the model"), parts.forget).setEnabled(bool(there))


class FacePartsMenu(QMenu):
    """The parts that have a name, as places; asks for them while it, or the menu that holds it, is shown."""

    def __init__(self, parts: Parts, document: Document, parent: QWidget) -> None:
        super().__init__(tr("&Parts of this picture"), parent)
        self._parts = parts
        self._document = document
        self._shown: tuple[str, ...] | None = None
        parts.changed.connect(self._show)
        document.refreshed.connect(self._follow)
        self._show(parts.state)

    def ask(self, wanted: bool) -> None:
        """Ask which parts there are, and where; or no longer."""
        self._parts.want(f"menu {id(self)}", wanted)

    def _follow(self, _: Snapshot) -> None:
        self._show(self._parts.state)

    def _show(self, now: PartsState) -> None:
        there = () if now.parts is None else now.parts.parts
        names = tuple(part.name for part in there if part.is_named)
        self.menuAction().setEnabled(bool(names) and self._document.snapshot.has_face)
        if names != self._shown:
            self._shown = names
            self.clear()
            for name in names:
                self.addAction(say_part(name).replace("&", "&&"), partial(self._parts.select, [name]))


def tr(text: str) -> str:
    """Translate a text of the menus about parts."""
    return QCoreApplication.translate("Parts", text)
