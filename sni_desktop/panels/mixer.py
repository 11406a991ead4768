"""Crossing two candidates: both side by side, what comes from which, and the cross itself on the canvas."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from sni_desktop.activities.candidates import Candidates
from sni_desktop.activities.strip import Mix, Strip, levels_of
from sni_desktop.panels.crops import crop_pixmap
from sni_desktop.panels.switch import Switch
from sni_desktop.theme import Theme
from sni_desktop.words import fill, label_level, name_level
from sni_engine.api.arrays import Array
from sni_engine.api.codes import LEVELS, GridSpec, Level

_FACE_PX = 64


class Mixer(QFrame):
    """Hidden unless two candidates are being crossed."""

    def __init__(self, candidates: Candidates, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("mixer")
        self._candidates = candidates
        self._theme = theme
        self._mix: Mix | None = None
        self._faces = [QLabel(), QLabel()]
        self._names = [QLabel(), QLabel()]
        self._text = QLabel(wordWrap=True)
        self._text.setObjectName("mixer-text")
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._text.setMinimumHeight(2 * self._text.fontMetrics().lineSpacing())
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._swap = QPushButton()
        self._swap.setObjectName("swap-mix")
        self._swap.setProperty("role", "icon")
        self._swap.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._swap.setToolTip(self.tr("Let the other one give"))
        self._swap.setAccessibleName(self._swap.toolTip())
        self._swap.clicked.connect(self._turn)
        self._levels = {level: self._make_level(level) for level in LEVELS}
        self._keep = self._make_button("keep-mix", self.tr("Keep as candidate"), candidates.keep_mix)
        self._close = self._make_button("close-mix", self.tr("Close"), candidates.restore)
        self._lay_out()
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def _make_level(self, level: Level) -> Switch:
        box = Switch(label_level(level), self._theme)
        box.setObjectName(f"mix-{level}")
        box.setToolTip(self.tr("Whether B gives its {level} codes").replace("{level}", name_level(level)))
        box.toggled.connect(self._choose_levels)
        return box

    def _make_button(self, name: str, text: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        button.clicked.connect(lambda: do())
        return button

    def _lay_out(self) -> None:
        left = QHBoxLayout()
        left.setSpacing(6)
        for index, (face, name) in enumerate(zip(self._faces, self._names, strict=True)):
            name.setProperty("role", "quiet")
            name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column = QVBoxLayout()
            column.setSpacing(3)
            column.addWidget(face)
            column.addWidget(name)
            column.addStretch(1)
            left.addLayout(column)
            if index == 0:
                left.addWidget(self._swap, 0, Qt.AlignmentFlag.AlignTop)
        levels = QHBoxLayout()
        levels.setSpacing(6)
        for box in self._levels.values():
            levels.addWidget(box)
        levels.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._keep)
        buttons.addWidget(self._close)
        buttons.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self._text)
        right.addLayout(levels)
        right.addLayout(buttons)
        right.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 12, 4)
        layout.setSpacing(14)
        layout.addLayout(left)
        layout.addLayout(right, 1)
        self.setMinimumWidth(430)  # more where the language or the font needs it
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def _draw_icons(self) -> None:
        self._swap.setIcon(self._theme.icon("swap-horizontal"))
        self._swap.setIconSize(QSize(20, 20))

    # -- showing -----------------------------------------------------------------------------------------------------

    def show_mix(self, strip: Strip, grid: GridSpec | None) -> None:
        """Show the two that are being crossed, or nothing."""
        self._mix = mix = strip.mix
        self.setVisible(mix is not None)
        if mix is None or grid is None:
            return
        pair = (strip.items[mix.of], strip.items[mix.other])
        letters = (self.tr("A"), self.tr("B"))
        for label, name, letter, item, index in zip(
            self._faces, self._names, letters, pair, (mix.of, mix.other), strict=True
        ):
            label.setPixmap(self._make_face(item.picture))
            label.setAccessibleName(f"{letter}: {index + 1}")
            name.setText(f"{letter} · {index + 1}")
        common = levels_of(*pair, grid)
        for level, box in self._levels.items():
            with QSignalBlocker(box):
                box.setChecked(level in mix.levels)
            box.setVisible(level in common and len(common) > 1)
        self._text.setText(self._describe(mix))
        self._keep.setEnabled(mix.result is not None)

    def _make_face(self, picture: Array) -> QPixmap:
        return crop_pixmap(picture, QRect(0, 0, *picture.shape[:2]), _FACE_PX, self.devicePixelRatioF())

    def _describe(self, mix: Mix) -> str:
        cells = int((mix.cells > 0).sum())
        if not mix.levels:
            return self.tr("Choose what {b} gives.").replace("{b}", str(mix.other + 1))
        text = self.tr("Select on the picture the cells that come from {b}; the rest is {a}.")
        if not set(mix.levels) & {"local", "shared"}:
            text = self.tr("What {b} gives belongs to no cell; the rest is {a}.")
        elif cells == 1:
            text = self.tr("The selected cell comes from {b}, the rest from {a}. Select others to try.")
        elif cells:
            text = self.tr("The {cells} selected cells come from {b}, the rest from {a}. Select others to try.")
        return fill(text, a=mix.of + 1, b=mix.other + 1, cells=cells)

    # -- writing to the activity -------------------------------------------------------------------------------------

    def _turn(self) -> None:
        if self._mix is not None:
            self._candidates.mix(self._mix.other, self._mix.of, self._mix.levels)

    def _choose_levels(self) -> None:
        self._candidates.set_mix_levels([level for level, box in self._levels.items() if box.isChecked()])
