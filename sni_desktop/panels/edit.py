"""The edit panel: groups about cells, levels and change, which scroll, above amount and buttons, which do not."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from sni_desktop.activities.painting import Painting
from sni_desktop.activities.parts import Parts
from sni_desktop.activities.selecting import Selecting
from sni_desktop.document import Document
from sni_desktop.panels.amount import AmountGroup
from sni_desktop.panels.change import ChangeReadout
from sni_desktop.panels.groups import divider
from sni_desktop.panels.levels import LevelsGroup
from sni_desktop.panels.scroll import Scroll
from sni_desktop.panels.selection import SelectionGroup
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Theme

_ICON_PX = 20
_MARGIN_PX = 14
_SCROLL_PX = 10  # as wide as the theme's scroll bars


class EditPanel(QWidget):
    """Writes to the document at once; shows what the document says."""

    new_face_asked = Signal()  # the window asks about unsaved steps first

    def __init__(
        self, document: Document, theme: Theme, selecting: Selecting, painting: Painting, parts: Parts
    ) -> None:
        super().__init__()
        self._theme = theme
        self.groups: QWidget = self._stack(
            SelectionGroup(document, selecting, painting, parts, theme),
            divider(),
            LevelsGroup(document, theme),
            divider(),
            ChangeReadout(document),
        )
        self._amount = AmountGroup(document)
        self._resample = self._make_button("resample", self.tr("Draw new codes for the selection (R)."))
        self._resample.setText(self.tr("Resample"))
        self._resample.setProperty("role", "primary")
        self._resample.clicked.connect(lambda: document.resample())
        self._new_face = self._make_button("new_face", "")
        self._new_face.clicked.connect(lambda: self.new_face_asked.emit())
        self._lay_out()
        theme.changed.connect(self._draw_icons)
        document.refreshed.connect(self._show)
        self._show(document.snapshot)
        self._draw_icons()

    def _make_button(self, name: str, tip: str) -> QPushButton:
        made = QPushButton()
        made.setObjectName(name)
        made.setToolTip(tip)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        made.setIconSize(QSize(_ICON_PX, _ICON_PX))
        return made

    def _stack(self, *groups: QWidget) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(_MARGIN_PX, 8, _MARGIN_PX, 8)
        layout.setSpacing(7)
        for group in groups:
            layout.addWidget(group)
        layout.addStretch(1)
        return made

    def _lay_out(self) -> None:
        area = self._area = Scroll(self.groups, spare_px=0)
        area.verticalScrollBar().rangeChanged.connect(self._make_room)
        for widget in (area.viewport(), self.groups):
            widget.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(area, 1)
        layout.addWidget(divider())
        buttons = QVBoxLayout()
        buttons.setContentsMargins(_MARGIN_PX, 6, _MARGIN_PX, 10)
        buttons.setSpacing(7)
        buttons.addWidget(self._amount)
        buttons.addWidget(self._resample)
        buttons.addWidget(self._new_face)
        layout.addLayout(buttons)

    def sizeHint(self) -> QSize:
        """Return the size at which nothing scrolls."""
        spare = self.groups.sizeHint().height() - self._area.sizeHint().height()
        return super().sizeHint() + QSize(0, max(0, spare))

    def _make_room(self, _: int, last: int) -> None:
        """A scroll bar takes its place from the margin, so that everything stays aligned."""
        layout = self.groups.layout()
        assert layout is not None
        layout.setContentsMargins(_MARGIN_PX, 8, _MARGIN_PX - (_SCROLL_PX if last else 0), 8)

    def _draw_icons(self) -> None:
        enabled = self._resample.isEnabled()
        self._resample.setIcon(self._theme.icon("dice-multiple", "on_accent" if enabled else "faint"))
        self._new_face.setIcon(self._theme.icon("face-man-shimmer-outline"))

    def _show(self, now: Snapshot) -> None:
        was_enabled = self._resample.isEnabled()
        self._resample.setEnabled(now.can_edit)
        self._new_face.setEnabled(now.has_face or not now.busy)
        self._new_face.setText(self.tr("New face around the locks") if now.has_locks else self.tr("New face"))
        tip = self.tr("A step that changes all but the locked cells (Ctrl+R).")
        self._new_face.setToolTip(tip if now.has_locks else self.tr("Start from a fresh seed (Ctrl+R)."))
        if was_enabled != now.can_edit:
            self._draw_icons()
