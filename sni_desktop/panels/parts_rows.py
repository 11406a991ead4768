"""The rows of a model's parts as Qt's item model: named ones first, then those without a name, folded under a row."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel

from sni_desktop.words import fill, say_part
from sni_engine.api.part_pictures import colour_parts
from sni_engine.api.parts import Part, PartSet

NAME_ROLE = Qt.ItemDataRole.UserRole + 1  # the part's own name; none for the row that others are folded under
COLOUR_ROLE = Qt.ItemDataRole.UserRole + 2
SHARE_ROLE = Qt.ItemDataRole.UserRole + 3  # of the picture, 0 to 1; None while it is not known
QUIET_ROLE = Qt.ItemDataRole.UserRole + 4  # True for a part without a name
_CLUSTERS_ROLE = Qt.ItemDataRole.UserRole + 5
_HARDLY = 0.005


def fill_rows(model: QStandardItemModel, parts: PartSet) -> dict[str, QStandardItem]:
    """Write all rows anew; returns them by the parts' names."""
    model.clear()
    named = any(part.is_named for part in parts.parts)
    bare = [part for part in parts.parts if not part.is_named]
    colours = colour_parts(parts.parts)
    top = model.invisibleRootItem()
    items: dict[str, QStandardItem] = {}
    fold = _make_fold(len(bare)) if named and bare else None
    for part, colour in zip(parts.parts, colours, strict=True):
        items[part.name] = _make_item(part, QColor(*(int(value) for value in colour)))
        (fold if fold is not None and not part.is_named else top).appendRow(items[part.name])
    if fold is not None:
        top.appendRow(fold)
    return items


def show_share(item: QStandardItem, share: float | None) -> None:
    """Write how much of the picture a part has into its row."""
    item.setData(share, SHARE_ROLE)
    spoken = [item.text(), *([] if share is None else [describe_share(share)])]
    item.setData(", ".join(spoken), Qt.ItemDataRole.AccessibleTextRole)


def explain(item: QStandardItem) -> str:
    """Return a row's tool tip."""
    share = item.data(SHARE_ROLE)
    told = [count_clusters(item.data(_CLUSTERS_ROLE)), *([] if share is None else [describe_share(share)])]
    return f"{item.text()}: {', '.join(told)}"


def count_clusters(count: int) -> str:
    """Return how many clusters something holds, in words."""
    return tr("1 cluster") if count == 1 else fill(tr("{count} clusters"), count=count)


def describe_share(share: float) -> str:
    """Return a share of the picture in words."""
    return fill(tr("{percent} of the picture"), percent=say_share(share))


def say_share(share: float | None) -> str:
    """Return a share of the picture in per cent, a dash while it is not known."""
    if share is None:
        return "–"
    return tr("< 1 %") if 0 < share < _HARDLY else f"{round(share * 100)} %"


def _make_item(part: Part, colour: QColor) -> QStandardItem:
    item = QStandardItem(say_part(part.name))
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable)
    for role, value in (
        (NAME_ROLE, part.name),
        (COLOUR_ROLE, colour),
        (QUIET_ROLE, not part.is_named),
        (_CLUSTERS_ROLE, len(part.clusters)),
    ):
        item.setData(value, role)
    return item


def _make_fold(count: int) -> QStandardItem:
    text = tr("1 cluster without a name") if count == 1 else tr("{count} clusters without a name")
    fold = QStandardItem(fill(text, count=count))
    fold.setFlags(Qt.ItemFlag.ItemIsEnabled)
    fold.setToolTip(tr("Parts that nobody has named yet."))
    return fold


def tr(text: str) -> str:
    """Translate a text of the list of parts."""
    return QCoreApplication.translate("Parts", text)
