"""The history as Qt's item model: a straight run of steps stays flat, only branches indent."""

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTreeView

from sni_desktop.words import describe_age, describe_edit, fill, name_level, name_method, name_step
from sni_engine.api.edits import Edit, Interpolate, Resample
from sni_engine.api.history import History, Node

NODE_ROLE = Qt.ItemDataRole.UserRole + 1
DETAIL_ROLE = Qt.ItemDataRole.UserRole + 2
STAR_ROLE = Qt.ItemDataRole.UserRole + 3
CURRENT_ROLE = Qt.ItemDataRole.UserRole + 4
BRANCH_ROLE = Qt.ItemDataRole.UserRole + 5  # True where a branch leaves its parent
DIM_ROLE = Qt.ItemDataRole.UserRole + 6  # True where a row is only shown for what hangs under it
_DAY_S = 86400  # seconds; for steps older than that the date says more


def place_item(
    model: QStandardItemModel, items: dict[int, QStandardItem], history: History, node: Node
) -> QStandardItem:
    """Add a step's row and return it.

    A first child comes right after its parent, on the same level; later children, the branches, stand under it.
    """
    item = QStandardItem()
    item.setData(node.id, NODE_ROLE)
    items[node.id] = item
    if node.parent is None:
        model.appendRow(item)
        return item
    parent = items[node.parent]
    is_branch = history.children(node.parent)[0] is not node
    item.setData(is_branch, BRANCH_ROLE)
    if is_branch:
        parent.appendRow(item)
    else:
        (parent.parent() or model.invisibleRootItem()).insertRow(parent.row() + 1, item)
    return item


def fill_item(item: QStandardItem, node: Node, is_current: bool, goal: str = "") -> None:
    """Write what is shown of a step into its row; goal: what it moved toward, as `name_goal` says it."""
    title, detail = name_step(node, goal), describe_step(node, goal)
    item.setText(title)
    item.setData(detail, DETAIL_ROLE)
    item.setData(node.star, STAR_ROLE)
    item.setData(is_current, CURRENT_ROLE)
    spoken = [title, detail]
    spoken += [_tr("starred")] if node.star else []
    spoken += [_tr("the step on screen")] if is_current else []
    item.setData(", ".join(part for part in spoken if part), Qt.ItemDataRole.AccessibleTextRole)


def describe_step(node: Node, goal: str = "") -> str:
    """Return what to know of a step besides its name, in a few words."""
    if node.edit is None:
        return "" if node.seed is None else _tr("seed {seed}").replace("{seed}", str(node.seed))
    levels = ", ".join(name_level(level) for level in node.edit.selection.levels)
    if isinstance(node.edit.params, Interpolate):
        return f"{describe_edit(node.edit, goal)}, {levels}" if node.label else levels
    return f"{round(node.edit.params.amount * 100)} %, {levels}"


def explain_step(node: Node, now: float = 0.0, goal: str = "") -> str:
    """Return a step's tool tip; now: the time, in seconds since 1970; goal: what it moved toward."""
    lines = [name_step(node, goal), describe_step(node, goal)]
    if node.edit is not None:
        lines.append(_describe_recipe(node.edit))
    if node.created:
        when = QLocale().toString(QDateTime.fromSecsSinceEpoch(int(node.created)), QLocale.FormatType.ShortFormat)
        age = now - node.created
        lines.append(f"{describe_age(age)} · {when}" if 0 <= age < _DAY_S else when)
    return "\n".join(line for line in lines if line)


def _describe_recipe(edit: Edit) -> str:
    """Return which cells an edit was about, if about any, and the seed of what was drawn anew."""
    cells = int((edit.selection.cells > 0).sum())
    told = [fill(_tr("{cells} cells"), cells=cells)] if {"local", "shared"} & set(edit.selection.levels) else []
    told += [fill(_tr("seed {seed}"), seed=edit.seed)] if isinstance(edit.params, Resample) else []
    return ", ".join(told)


def sift_rows(tree: QTreeView, parent: QStandardItem, found: set[int]) -> bool:
    """Hide the rows under `parent` that were not found and hold none that were; say whether any is left."""
    left = False
    for row in range(parent.rowCount()):
        item = parent.child(row)
        is_found = item.data(NODE_ROLE) in found
        stays = sift_rows(tree, item, found) or is_found
        item.setData(not is_found, DIM_ROLE)
        tree.setRowHidden(row, parent.index(), not stays)
        left = left or stays
    return left


def matches(node: Node, query: str) -> bool:
    """Say whether a step answers a search: every word is in its name, method, levels or seed, or says "starred"."""
    found = " ".join([name_step(node), describe_step(node), explain_step(node), *_method(node)]).casefold()
    starred = {_tr("starred").casefold(), "starred", "★"}
    return all(word in found or (node.star and word in starred) for word in query.casefold().split())


def _method(node: Node) -> list[str]:
    return [] if node.edit is None else [name_method(node.edit), node.edit.params.kind, node.edit.params.title]


def _tr(text: str) -> str:
    return QCoreApplication.translate("History", text)
