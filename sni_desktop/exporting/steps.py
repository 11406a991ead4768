"""The steps that an export dialog offers: named and drawn when they are looked at, for there may be thousands."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QComboBox

from sni_desktop.canvas.imaging import to_image
from sni_desktop.words import number_step
from sni_engine.api.arrays import Array
from sni_engine.api.history import History, Node
from sni_engine.api.pictures import PictureForm, scale_picture

_ICON_PX = 28
_TOP = QModelIndex()


class StepsModel(QAbstractListModel):
    """A history's steps; their numbers are the data. picture_of: a step's picture uint8 [H, W, 3] if one is at hand."""

    def __init__(self, history: History, picture_of: Callable[[int], Array | None], parent: QObject) -> None:
        super().__init__(parent)
        self._nodes = history.nodes
        self._picture_of = picture_of
        self._icons: dict[str, QIcon] = {}

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _TOP) -> int:
        """Return how many steps there are."""
        return 0 if parent.isValid() else len(self._nodes)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a step's number and name, its number, or its small picture."""
        node = self._nodes[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return number_step(node) + " ★" * node.star
        if role == Qt.ItemDataRole.UserRole:
            return node.id
        return self._icon_of(node) if role == Qt.ItemDataRole.DecorationRole else None

    def row_of(self, wanted: Node) -> int:
        """Return where a step stands."""
        return next(row for row, node in enumerate(self._nodes) if node.id == wanted.id)

    def _icon_of(self, node: Node) -> QIcon | None:
        """Return a small picture of a step, made once for all boxes; None when none is at hand."""
        digest = node.codes.digest
        picture = None if digest in self._icons else self._picture_of(node.id)
        if picture is not None:
            small = scale_picture(picture, PictureForm(min(picture.shape[1], 2 * _ICON_PX)))
            self._icons[digest] = QIcon(QPixmap.fromImage(to_image(small)))
        return self._icons.get(digest)


def make_box(steps: StepsModel, first: Node, changed: Callable[[], None]) -> QComboBox:
    """Return a box that offers the steps, and shows one of them at first."""
    box = QComboBox()
    box.setStyleSheet("QComboBox { combobox-popup: 0; }")  # a list as tall as the screen asks for every picture
    box.setModel(steps)
    box.setIconSize(QSize(_ICON_PX, _ICON_PX))
    box.setMinimumContentsLength(12)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.view().setUniformItemSizes(True)  # type: ignore[attr-defined]  # else every row is asked for its size
    box.setCurrentIndex(steps.row_of(first))
    box.currentIndexChanged.connect(lambda: changed())
    return box
