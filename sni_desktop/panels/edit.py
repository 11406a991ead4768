"""The edit panel: what the selection holds, which levels an edit works on, how far it goes, and the buttons."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sni_desktop.document import Document
from sni_desktop.panels.change import ChangeReadout
from sni_desktop.panels.slider import PointerSlider
from sni_desktop.panels.switch import Switch
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme
from sni_engine.api.codes import LEVELS, Level

_ICON_PX = 20
_PAUSE_MS = 300  # after this long without a key the amount is meant


class EditPanel(QWidget):
    """Writes to the document at once; shows what the document says."""

    new_face_asked = Signal()  # the window asks about unsaved steps first

    def __init__(self, document: Document, theme: Theme) -> None:
        super().__init__()
        self._document = document
        self._theme = theme
        self._selected = QLabel(wordWrap=True)
        self._selected.setObjectName("selected")
        self._selected.setProperty("role", "quiet")
        self._selected.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._selected.setMinimumHeight(2 * self._selected.fontMetrics().lineSpacing())  # nothing below it may jump
        self._levels = {level: self._make_level(level) for level in LEVELS}
        self._slider = self._make_slider()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._let_go)
        self._percent = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._percent.setMinimumWidth(self._percent.fontMetrics().horizontalAdvance("100 %"))
        self._buttons = self._make_buttons()
        self._lay_out()
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        document.changed.connect(self._show)
        self._show(document.snapshot)

    # -- building ----------------------------------------------------------------------------------------------------

    def _make_level(self, level: Level) -> Switch:
        names = {
            "local": (self.tr("Local"), self.tr("Each selected cell's own code: shape and detail just there.")),
            "shared": (self.tr("Shared"), self.tr("The code of every quadrant that holds a selected cell.")),
            "global": (self.tr("Global"), self.tr("The one code that all cells read: what the whole face agrees on.")),
            "style": (self.tr("Style"), self.tr("Colours, light and texture of the whole picture; the layout stays.")),
        }
        box = Switch(names[level][0], self._theme)
        box.setObjectName(f"level-{level}")
        box.setToolTip(names[level][1])
        box.setAccessibleDescription(names[level][1])
        box.toggled.connect(self._choose_levels)
        return box

    def _make_slider(self) -> PointerSlider:
        slider = PointerSlider()
        slider.setObjectName("amount")
        slider.setRange(0, 100)
        slider.setPageStep(10)
        slider.setAccessibleName(self.tr("Amount"))
        slider.setToolTip(
            self.tr("How far the selection moves to its new codes. Drag after resampling to try less of the same.")
        )
        slider.valueChanged.connect(self._slide)
        slider.sliderPressed.connect(lambda: self._pause.stop())
        slider.sliderReleased.connect(self._let_go)
        slider.abandoned.connect(self._document.drop_drag)
        return slider

    def _make_buttons(self) -> dict[str, QPushButton]:
        def button(name: str, text: str, tip: str) -> QPushButton:
            made = QPushButton(text)
            made.setObjectName(name)
            made.setToolTip(tip)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
            made.setIconSize(QSize(_ICON_PX, _ICON_PX))
            answer = self.new_face_asked.emit if name == "new_face" else getattr(self._document, name)
            made.clicked.connect(lambda: answer())
            return made

        return {
            "resample": button("resample", self.tr("Resample"), self.tr("Draw new codes for the selection (R).")),
            "new_face": button("new_face", self.tr("New face"), self.tr("Start from a fresh seed (Ctrl+R).")),
            "select_all": button("select_all", self.tr("All"), self.tr("Select every cell (Ctrl+A).")),
            "select_none": button("select_none", self.tr("None"), self.tr("Select no cell (Ctrl+Shift+A).")),
            "invert_selection": button(
                "invert_selection", self.tr("Invert"), self.tr("Select what is not selected (Ctrl+I).")
            ),
        }

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 14)
        layout.setSpacing(8)
        layout.addWidget(heading(self.tr("Selection")))
        layout.addWidget(self._selected)
        layout.addLayout(row(*(self._buttons[name] for name in ("select_all", "select_none", "invert_selection"))))
        layout.addWidget(divider())
        layout.addWidget(heading(self.tr("Levels to change")))
        levels = QGridLayout()
        levels.setHorizontalSpacing(8)
        levels.setVerticalSpacing(0)
        for index, box in enumerate(self._levels.values()):
            levels.addWidget(box, index // 2, index % 2)
        layout.addLayout(levels)
        layout.addWidget(divider())
        layout.addLayout(row(heading(self.tr("Amount")), self._percent))
        layout.addWidget(self._slider)
        layout.addSpacing(4)
        self._buttons["resample"].setProperty("role", "primary")
        layout.addWidget(self._buttons["resample"])
        layout.addWidget(self._buttons["new_face"])
        layout.addWidget(divider())
        layout.addWidget(ChangeReadout(self._document))
        layout.addStretch(1)

    def _draw_icons(self) -> None:
        enabled = self._buttons["resample"].isEnabled()
        self._buttons["resample"].setIcon(self._theme.icon("dice-multiple", "on_accent" if enabled else "faint"))
        self._buttons["new_face"].setIcon(self._theme.icon("face-man-shimmer-outline"))

    # -- writing to the document -------------------------------------------------------------------------------------

    def _choose_levels(self) -> None:
        self._document.set_levels([level for level, box in self._levels.items() if box.isChecked()])

    def _slide(self, value: int) -> None:
        self._document.drag_amount(value / 100)
        self._show_amount(self._document.snapshot)  # a drag that is over moves nothing
        if not self._slider.isSliderDown() and self._slider.value() == value:
            self._pause.start()  # keys and wheel have no letting go

    def _let_go(self) -> None:
        self._pause.stop()
        self._document.release_amount(self._slider.value() / 100)

    # -- showing -----------------------------------------------------------------------------------------------------

    def _show(self, now: Snapshot) -> None:
        self._selected.setText(self._describe(now))
        for level, box in self._levels.items():
            with QSignalBlocker(box):
                box.setChecked(now.selection is not None and level in now.selection.levels)
            box.setEnabled(now.has_face)
        self._show_amount(now)
        self._slider.setEnabled(now.has_face)
        was_enabled = self._buttons["resample"].isEnabled()
        for name, button in self._buttons.items():
            button.setEnabled(now.can_edit if name == "resample" else now.has_face)
        self._buttons["new_face"].setEnabled(now.has_face or not now.busy)
        if was_enabled != now.can_edit:
            self._draw_icons()

    def _show_amount(self, now: Snapshot) -> None:
        percent = round(now.amount * 100)
        with QSignalBlocker(self._slider):
            self._slider.setValue(percent)
        self._percent.setText(f"{percent} %")

    def _describe(self, now: Snapshot) -> str:
        if now.selection is None:
            return self.tr("There is no face yet.")
        cells, levels = int((now.selection.cells > 0).sum()), now.selection.levels
        if not levels:
            return self.tr("Choose at least one level below.")
        if not now.can_edit:
            return self.tr("Paint cells over the picture to choose what changes.")
        if cells == 0 or not set(levels) & {"local", "shared"}:
            return self.tr("The whole picture: global and style codes belong to no cell.")
        text = self.tr("{cells} of {total} cells, {levels}")
        if set(levels) & {"global", "style"}:
            text = self.tr("{cells} of {total} cells, {levels}; {others} everywhere")
        parts = {"cells": str(cells), "total": str(now.selection.cells.size)}
        parts["levels"] = self._name_levels(levels, "local", "shared")
        parts["others"] = self._name_levels(levels, "global", "style")
        return text.format(**parts)

    def _name_levels(self, levels: tuple[Level, ...], *of: Level) -> str:
        return ", ".join(self._levels[level].text().lower() for level in levels if level in of)


def heading(text: str) -> QLabel:
    """Return a label that names a group."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def divider() -> QFrame:
    """Return a hairline between groups."""
    line = QFrame(frameShape=QFrame.Shape.HLine)
    line.setForegroundRole(line.palette().ColorRole.Mid)
    line.setFrameShadow(QFrame.Shadow.Plain)
    return line


def row(*widgets: QWidget) -> QHBoxLayout:
    """Return widgets side by side."""
    layout = QHBoxLayout()
    layout.setSpacing(6)
    for widget in widgets:
        layout.addWidget(widget)
    return layout
