"""The edit panel's group about levels: which kinds of code an edit works on."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from sni_desktop.document import Document
from sni_desktop.panels.groups import chip, heading, keep_room, row
from sni_desktop.panels.switch import Switch
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_desktop.words import label_level
from sni_engine.api.codes import LEVELS, Level

USUAL_LEVELS: tuple[Level, ...] = ("local",)


class LevelsGroup(QWidget):
    """Writes to the document at once; shows what the document says."""

    def __init__(self, document: Document, theme: Theme) -> None:
        super().__init__()
        self._document = document
        self._theme = theme
        self._levels = {level: self._make_level(level) for level in LEVELS}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        self._usual = chip(
            "usual-levels",
            self.tr("Reset"),
            self.tr("Back to the local codes alone, as at first"),
            lambda: document.set_levels(USUAL_LEVELS),
        )
        keep_room(self._usual)
        title = row(heading(self.tr("Levels to change")), self._usual)
        title.setStretch(0, 1)
        layout.addLayout(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for index, box in enumerate(self._levels.values()):
            grid.addWidget(box.share_room(), index // 2, index % 2)
            grid.setColumnStretch(index % 2, 1)
        layout.addLayout(grid)
        document.refreshed.connect(self._show)
        self._show(document.snapshot)

    def _make_level(self, level: Level) -> Switch:
        tips = {
            "local": self.tr("Each selected cell's own code: shape and detail just there."),
            "shared": self.tr("The code of every quadrant that holds a selected cell."),
            "global": self.tr("The one code that all cells read: what the whole face agrees on."),
            "style": self.tr("Colours, light and texture of the whole picture; the layout stays."),
        }
        box = Switch(label_level(level), self._theme)
        box.setObjectName(f"level-{level}")
        box.setToolTip(tips[level])
        box.setAccessibleDescription(tips[level])
        box.toggled.connect(self._choose_levels)
        return box

    def _choose_levels(self) -> None:
        self._document.set_levels([level for level, box in self._levels.items() if box.isChecked()])

    def _show(self, now: Snapshot) -> None:
        self._usual.setVisible(now.selection is not None and now.selection.levels != USUAL_LEVELS)
        for level, box in self._levels.items():
            with QSignalBlocker(box):
                box.setChecked(now.selection is not None and level in now.selection.levels)
            box.setEnabled(now.has_face)
