"""The page a person meets first: ways to begin, faces to begin with, and how an edit goes, in three lines."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sni_desktop.activities.samples import Samples
from sni_desktop.canvas.imaging import square_pixmap
from sni_desktop.panels.plain import plain
from sni_desktop.theme import Theme
from sni_engine.api.arrays import Array

_FACE_PX = 104
_COLUMNS = 3
_RECENT = 5


class WelcomePage(QScrollArea):
    """Lies over the canvas. A click only asks; the window knows how to begin."""

    new_asked = Signal()
    open_asked = Signal()
    face_asked = Signal(object)  # a seed; an object, since Qt's int ends at 2**31
    file_asked = Signal(object)  # a path
    left = Signal()

    def __init__(self, samples: Samples, theme: Theme, list_recent: Callable[[], list[Path]]) -> None:
        super().__init__()
        self._theme = theme
        self._list_recent = list_recent
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("welcome-page")
        self.goes_on: bool = False
        self._begin = {
            "go-on": self._make_entry(self.tr("Go on with the last face"), self.left.emit),
            "new": self._make_entry(self.tr("New face"), self.new_asked.emit),
            "open": self._make_entry(self.tr("Open…"), self.open_asked.emit),
        }
        for name, button in self._begin.items():
            button.setObjectName(f"welcome-{name}")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        self._faces = {seed: self._make_face(seed) for seed in samples.seeds}
        self.shows_again = QCheckBox(self.tr("Show this page at every start"))
        self._lay_out()
        samples.changed.connect(self._show_faces)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        self._show_faces(samples.pictures)

    def open(self, goes_on: bool = False, name: str = "") -> None:
        """Come into sight, with the recent files of now; goes_on: the face behind is that of last time."""
        self.goes_on = goes_on
        text = self.tr("Go on with {name}").replace("{name}", name.replace("&", "&&"))
        self._begin["go-on"].setText(text if name else self.tr("Go on with the last face"))
        self._begin["go-on"].setVisible(goes_on)
        self._mark_first("go-on" if goes_on else "new")
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        files = [path for path in self._list_recent() if path.is_file()][:_RECENT]
        if files:
            self._recent.addWidget(quiet(self.tr("Opened lately")))
        for path in files:
            link = QPushButton(path.name)
            link.setFlat(True)
            link.setToolTip(plain(str(path)))
            link.setStyleSheet("text-align: left;")
            link.clicked.connect(partial(self.file_asked.emit, path))
            self._recent.addWidget(link)
        self.show()
        self.raise_()
        self._begin["go-on" if goes_on else "new"].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the page for the face behind it."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    # -- building ----------------------------------------------------------------------------------------------------

    def _mark_first(self, first: str) -> None:
        """Show which entry is the usual one."""
        for name, button in self._begin.items():
            button.setProperty("role", "primary" if name == first else None)
            button.style().polish(button)
        self._draw_icons()

    def _make_entry(self, text: str, answer: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setMinimumWidth(190)
        button.clicked.connect(lambda: answer())
        return button

    def _make_face(self, seed: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName("sample")
        button.setAutoRaise(True)
        button.setIconSize(QSize(_FACE_PX, _FACE_PX))
        button.setFixedSize(_FACE_PX + 12, _FACE_PX + 12)
        text = self.tr("Begin with the face of seed {seed}").replace("{seed}", str(seed))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setText(str(seed))
        button.clicked.connect(partial(self.face_asked.emit, seed))
        return button

    def _lay_out(self) -> None:
        page = QWidget()
        title = QLabel(self.tr("Paint over a face, and change just that"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        title.setFont(font)
        title.setWordWrap(True)
        left = QVBoxLayout()
        left.setSpacing(8)
        for entry in self._begin.values():
            left.addWidget(entry)
        left.addSpacing(8)
        left.addLayout(self._recent)
        left.addStretch(1)
        faces = QGridLayout()
        faces.setSpacing(4)
        for index, button in enumerate(self._faces.values()):
            faces.addWidget(button, index // _COLUMNS, index % _COLUMNS)
        right = QVBoxLayout()
        right.setSpacing(8)
        label = quiet(self.tr("Or begin with one of these"))
        label.setIndent(6)  # in line with the faces, which have a rim to be hovered
        right.addWidget(label)
        right.addLayout(faces)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(left)
        columns.addLayout(right)
        columns.addStretch(1)
        self._fill_page(page, title, columns)
        self.setWidget(page)

    def _fill_page(self, page: QWidget, title: QLabel, columns: QHBoxLayout) -> None:
        inner = QVBoxLayout()
        inner.setSpacing(18)
        inner.addWidget(title)
        inner.addLayout(columns)
        inner.addWidget(
            quiet(self.tr("1. Drag over the cells of a mouth.   2. Press R: another mouth.   3. Ctrl+Z: back."))
        )
        inner.addWidget(self.shows_again)
        around = QGridLayout(page)
        around.setContentsMargins(16, 24, 16, 24)
        around.addLayout(inner, 1, 1)
        for edge in (0, 2):
            around.setRowStretch(edge, 1)
            around.setColumnStretch(edge, 1)

    # -- showing -----------------------------------------------------------------------------------------------------

    def _show_faces(self, pictures: dict[int, Array]) -> None:
        for seed, button in self._faces.items():
            picture = pictures.get(seed)
            button.setEnabled(picture is not None)
            if picture is not None:
                button.setIcon(QIcon(square_pixmap(picture, 2 * _FACE_PX)))

    def _draw_icons(self) -> None:
        icons = {"go-on": "history", "new": "face-man-shimmer-outline", "open": "folder-open-outline"}
        for name, button in self._begin.items():
            is_first = button.property("role") == "primary"
            button.setIcon(self._theme.icon(icons[name], "on_accent" if is_first else "text"))


def quiet(text: str) -> QLabel:
    """Return a label in the quiet colour."""
    label = QLabel(text, wordWrap=True)
    label.setProperty("role", "quiet")
    return label
