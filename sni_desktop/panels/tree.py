"""The history as Qt's item model: a straight run of steps stays flat, only branches indent."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont, QStandardItem, QStandardItemModel

from sni_engine.api.history import History, Node

NODE_ROLE = Qt.ItemDataRole.UserRole + 1


def build_model(
    history: History, decorate: Callable[[QStandardItem, Node], None]
) -> tuple[QStandardItemModel, dict[int, QStandardItem]]:
    """Return a model of the history, and each step's item in it.

    A first child follows its parent on the same level; later children, the branches, stand under their parent.
    """
    model = QStandardItemModel()
    items: dict[int, QStandardItem] = {}
    for node in history.nodes:
        item = QStandardItem()
        item.setData(node.id, NODE_ROLE)
        decorate(item, node)
        items[node.id] = item
        _place(model, history, node, items).appendRow(item)
    return model, items


def _place(model: QStandardItemModel, history: History, node: Node, items: dict[int, QStandardItem]) -> QStandardItem:
    root = model.invisibleRootItem()
    if node.parent is None:
        return root
    parent = items[node.parent]
    if history.children(node.parent)[0] is node:
        return parent.parent() or root
    return parent


def describe(node: Node) -> str:
    """Return a step's name: the person's own, or what was done."""
    if node.label:
        return node.label
    if node.edit is None:
        if node.seed is None:
            return _tr("Face")
        return _tr("Face, seed {seed}").replace("{seed}", str(node.seed))
    names = ", ".join(node.edit.selection.levels)
    amount = round(node.edit.params.amount * 100)
    part = f", {amount} %" if amount != 100 else ""
    return f"{_tr(node.edit.params.title)} {names}{part}"


def explain(node: Node) -> str:
    """Return a step's tool tip."""
    if node.edit is None:
        return describe(node)
    cells = int((node.edit.selection.cells > 0).sum())
    text = _tr("{cells} cells, seed {seed}").replace("{cells}", str(cells)).replace("{seed}", str(node.edit.seed))
    return f"{describe(node)}\n{text}"


def bold(is_bold: bool) -> QFont:
    """Return the font of the current step, or of any other."""
    font = QFont()
    font.setBold(is_bold)
    return font


def _tr(text: str) -> str:
    return QCoreApplication.translate("History", text)
