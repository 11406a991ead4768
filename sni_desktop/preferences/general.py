"""Settings of the program as a whole: colours, device, welcome page, and where its things are."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sni_desktop.outside import open_outside
from sni_desktop.panels.plain import plain
from sni_desktop.preferences.dialog import tr
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_engine.api.paths import config_folder, data_folder, state_folder


class GeneralPage(QWidget):
    """Writes to the settings as soon as something is chosen."""

    theme_chosen = Signal(object)  # a theme.Mode

    def __init__(self, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self._settings = settings
        self._theme = theme
        self._colours = self._make_choice(
            "colours", tr("Colours"), [("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark"))]
        )
        self._colours.activated.connect(lambda: self.theme_chosen.emit(self._colours.currentData()))
        self._device = self._make_choice("device", tr("Compute on"), devices())
        self._device.activated.connect(self._choose_device)
        self._later = QLabel(tr("Counts from the next start on."))
        self._later.setProperty("role", "quiet")
        self._welcome = QCheckBox(tr("Show the welcome page at the start"))
        self._welcome.setObjectName("welcome")
        self._welcome.toggled.connect(self._choose_welcome)
        self._reopens = QCheckBox(tr("Go on with the last face at the start"))
        self._reopens.setObjectName("reopens")
        self._reopens.toggled.connect(self._choose_reopening)
        self._lay_out()
        theme.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what the settings say."""
        self._colours.setCurrentIndex(self._colours.findData(self._theme.mode))
        self._device.setCurrentIndex(self._device.findData(self._settings.device))
        self._welcome.setChecked(self._settings.welcome)
        self._reopens.setChecked(self._settings.reopens)

    def _make_choice(self, name: str, label: str, entries: list[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(label)
        for value, text in entries:
            box.addItem(text, value)
        return box

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        add_row(form, tr("Colours"), self._colours)
        add_row(form, tr("Compute on"), self._device)
        form.addRow("", self._later)
        form.addRow("", self._welcome)
        form.addRow("", self._reopens)
        add_row(form, tr("Your models"), self._make_folder(data_folder() / "models"))
        add_row(form, tr("Settings"), self._make_folder(config_folder()))
        add_row(form, tr("Log and unsaved work"), self._make_folder(state_folder()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addLayout(form)
        layout.addStretch(1)

    def _make_folder(self, folder: Path) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        name = QLabel(holder.fontMetrics().elidedText(str(folder), Qt.TextElideMode.ElideMiddle, 320))
        name.setToolTip(plain(str(folder)))
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setProperty("role", "quiet")
        show = QPushButton(tr("Open"))
        show.setAccessibleName(tr("Open the folder {folder}").replace("{folder}", str(folder)))
        show.clicked.connect(lambda: open_folder(folder))
        row.addWidget(name, 1)
        row.addWidget(show)
        return holder

    def _choose_device(self) -> None:
        self._settings.device = self._device.currentData()

    def _choose_reopening(self, wanted: bool) -> None:
        self._settings.reopens = wanted

    def _choose_welcome(self, shown: bool) -> None:
        self._settings.welcome = shown


def add_row(form: QFormLayout, text: str, field: QWidget) -> None:
    """Add a field with its label beside its middle; a form sets lower labels a little too high."""
    label = QLabel(text, alignment=Qt.AlignmentFlag.AlignVCenter)
    label.setMinimumHeight(field.sizeHint().height())
    label.setBuddy(field)
    form.addRow(label, field)


def devices() -> list[tuple[str, str]]:
    """Return what can be computed on, with its name."""
    return [
        ("auto", tr("The fastest there is")),
        ("cpu", tr("Processor (CPU)")),
        ("cuda", tr("NVIDIA graphics card (CUDA)")),
        ("mps", tr("Apple graphics (MPS)")),
    ]


def open_folder(folder: Path) -> None:
    """Show a folder in the system's file manager, made first if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    open_outside(folder)
