"""The rows that every export dialog has: format, size, scaling, quality, the project in it, and where it goes."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QWidget,
)

from sni_desktop import dialogs
from sni_desktop.exporting.choices import Look
from sni_desktop.typed import read_path
from sni_engine.api.pictures import FILTERS

LARGEST_PX = 4096  # larger takes many seconds; `sni draw` writes up to 8192
FORMAT_NAMES = {
    ".png": QT_TRANSLATE_NOOP("Exporting", "PNG"),
    ".jpg": QT_TRANSLATE_NOOP("Exporting", "JPEG"),
    ".webp": QT_TRANSLATE_NOOP("Exporting", "WebP"),
    ".gif": QT_TRANSLATE_NOOP("Exporting", "GIF"),
    ".apng": QT_TRANSLATE_NOOP("Exporting", "Animated PNG"),
    ".mp4": QT_TRANSLATE_NOOP("Exporting", "MP4"),
    "": QT_TRANSLATE_NOOP("Exporting", "Folder of PNGs"),
}
_WITH_QUALITY = (".jpg", ".webp", ".mp4")
_WITH_STATE = (".png", ".apng")
_MULTIPLES = (1, 2, 4)
_SIZES = (512, 1024)


class LookFields(QObject):
    """Format, size, scaling, quality and project, as rows of a form."""

    changed = Signal()

    def __init__(self, form: QFormLayout, suffixes: Sequence[str], own_px: int, look: Look) -> None:
        super().__init__(form)
        self._own_px = own_px
        self._form = form
        self._format = QComboBox()
        for suffix in suffixes:
            self._format.addItem(tr(str(FORMAT_NAMES[suffix])), suffix)
        self._size = QComboBox()
        self._custom = spin(1, LARGEST_PX, tr(" px"))
        self._filter = QComboBox()
        for name, text in zip(FILTERS, (tr("Smooth"), tr("Sharp pixels")), strict=True):
            self._filter.addItem(text, name)
        self._quality = QSlider(Qt.Orientation.Horizontal)
        self._quality.setRange(1, 100)
        self._quality_box = spin(1, 100, "")
        self._state = QCheckBox(tr("Put the whole project into it"))
        self._state.setToolTip(tr("Dropped on the window, the picture brings back history, selection and locks."))
        self._wants_state = look.state  # also while the format can hold none
        self._fill_sizes()
        self._add_rows()
        self._show(look)
        self._connect()

    @property
    def look(self) -> Look:
        """What is chosen."""
        size = self._custom.value() if self._size.currentData() is None else self._size.currentData()
        return Look(
            self._format.currentData(),
            0 if size == self._own_px else size,
            self._filter.currentData(),
            self._quality.value(),
            self._wants_state,
        )

    @property
    def state(self) -> bool:
        """Whether the project goes into the file; only some formats can hold one."""
        return self._wants_state and self._format.currentData() in _WITH_STATE

    def _fill_sizes(self) -> None:
        texts = {self._own_px: tr("{size} px, as the model draws")}
        texts.update({self._own_px * times: tr("{size} px, {times} times") for times in _MULTIPLES[1:]})
        texts.update({size: tr("{size} px") for size in _SIZES if size not in texts})
        for size, text in sorted(texts.items()):
            if size <= LARGEST_PX:
                filled = text.replace("{size}", str(size)).replace("{times}", str(size // self._own_px))
                self._size.addItem(filled, size)
        self._size.addItem(tr("Another size"), None)

    def _add_rows(self) -> None:
        add_row(self._form, tr("Format"), self._format, "format")
        add_row(self._form, tr("Size"), side_by_side(self._size, self._custom, stretch=0), "size")
        add_row(self._form, tr("Scaling"), self._filter, "filter")
        self._quality_row = side_by_side(self._quality, self._quality_box, stretch=0)
        add_row(self._form, tr("Quality"), self._quality_row, "quality")
        self._form.addRow("", self._state)
        for widget, name in ((self._custom, tr("Size")), (self._quality_box, tr("Quality")), (self._size, tr("Size"))):
            widget.setAccessibleName(name)
        self._quality.setAccessibleName(tr("Quality"))
        self._state.setObjectName("state")
        self._size.setObjectName("size")
        self._custom.setObjectName("custom")

    def _show(self, look: Look) -> None:
        self._format.setCurrentIndex(max(0, self._format.findData(look.suffix)))
        size = look.size_px or self._own_px
        index = self._size.findData(size)
        self._size.setCurrentIndex(index if index >= 0 else self._size.count() - 1)
        self._custom.setValue(size)
        self._filter.setCurrentIndex(max(0, self._filter.findData(look.filter)))
        self._quality.setValue(look.quality)
        self._quality_box.setValue(look.quality)
        self._refresh()

    def _connect(self) -> None:
        self._quality.valueChanged.connect(self._quality_box.setValue)
        self._quality_box.valueChanged.connect(self._quality.setValue)
        for combo in (self._format, self._size, self._filter):
            combo.currentIndexChanged.connect(self._tell)
        for signal in (self._custom.valueChanged, self._quality.valueChanged):
            signal.connect(self._tell)
        self._state.clicked.connect(self._want_state)

    def _want_state(self, wanted: bool) -> None:
        self._wants_state = wanted
        self.changed.emit()

    def _tell(self) -> None:
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        suffix = self._format.currentData()
        is_custom = self._size.currentData() is None
        if not is_custom:
            self._custom.setValue(self._size.currentData())
        self._custom.setVisible(is_custom)
        self._filter.setEnabled(self.look.size_px != 0)
        self._quality_row.setEnabled(suffix in _WITH_QUALITY)
        self._state.setEnabled(suffix in _WITH_STATE)
        self._state.setChecked(self.state)


class TargetField(QWidget):
    """The file it goes to: a line to type in and a button that asks."""

    changed = Signal()

    def __init__(self, path: Path, ask_title: str) -> None:
        super().__init__()
        self._ask_title = ask_title
        self._line = QLineEdit(str(path))
        self._line.setObjectName("target")
        self._line.setAccessibleName(tr("Save as"))
        self._line.setMinimumWidth(300)
        self._line.textChanged.connect(lambda: self.changed.emit())
        choose = QPushButton(tr("Choose…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._ask)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._line, 1)
        layout.addWidget(choose)

    @property
    def path(self) -> Path:
        """Where it goes."""
        return read_path(self._line.text())

    def set_suffix(self, suffix: str) -> None:
        """End the name with a suffix, in place of another format's."""
        path = self.path
        known = path.suffix.lower() in (*FORMAT_NAMES, ".sni") and path.suffix
        bare = path.with_suffix("") if known else path
        self._line.setText(str(bare.with_name(bare.name + suffix)) if bare.name else str(path))

    def _ask(self) -> None:
        options = QFileDialog.Option.DontConfirmOverwrite  # the dialog itself asks, however the name was entered
        name, _ = QFileDialog.getSaveFileName(self, self._ask_title, str(self.path), options=options)
        if name:
            self._line.setText(str(dialogs.with_suffix(Path(name), self.path.suffix)))


def spin(low: int, high: int, suffix: str) -> QSpinBox:
    """Return a box for a whole number."""
    box = QSpinBox(minimum=low, maximum=high, suffix=suffix)
    box.setMinimumWidth(86)
    box.lineEdit().setTextMargins(5, 0, 0, 0)  # styles pad everything but this
    return box


def side_by_side(*widgets: QWidget, stretch: int = -1) -> QWidget:
    """Return widgets in a row; the one numbered `stretch` takes the room that is left."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for index, widget in enumerate(widgets):
        layout.addWidget(widget, 1 if index == stretch else 0)
    if stretch < 0:
        layout.addStretch(1)
    return row


def add_row(form: QFormLayout, text: str, widget: QWidget, name: str) -> None:
    """Add a named widget with its label."""
    if not widget.objectName():
        widget.setObjectName(name)
    if not widget.accessibleName():
        widget.setAccessibleName(text)
    label = QLabel(text, alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    label.setMinimumHeight(widget.sizeHint().height())  # a form sets a lower label a little too high
    label.setBuddy(widget)
    form.addRow(label, widget)


def fill_combo(choices: Sequence[tuple[str, object]], current: object, changed: Callable[[], None]) -> QComboBox:
    """Return a box of texts and what they stand for."""
    combo = QComboBox()
    for text, value in choices:
        combo.addItem(text, value)
    combo.setCurrentIndex(max(0, combo.findData(current)))
    combo.currentIndexChanged.connect(lambda: changed())
    return combo


def tr(text: str) -> str:
    """Translate a text of the export dialogs."""
    return QCoreApplication.translate("Exporting", text)
