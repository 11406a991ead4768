"""What the export dialogs share around their rows: a preview, a line that sums up, trouble in words, two buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from sni_desktop import dialogs
from sni_desktop.canvas.imaging import to_image
from sni_desktop.exporting.fields import TargetField, tr
from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.api.history import History
from sni_engine.api.pictures import PictureForm, choose_format, scale_picture

_PREVIEW_PX = 176


@dataclass(frozen=True)
class Place:
    """Where something goes at first. refuse: raises EngineError for a file that no export may replace."""

    path: Path
    refuse: Callable[[Path], None]


@dataclass(frozen=True, eq=False)
class Subject:
    """What is exported. picture_of: a step's picture uint8 [H, W, 3] if one is at hand. own_px: as the model draws."""

    history: History
    picture_of: Callable[[int], Array | None]
    own_px: int

    @property
    def picture(self) -> Array | None:
        """The current step's."""
        return self.picture_of(self.history.current_id)


class ExportFrame:
    """Lays a dialog out around its form.

    check: raises EngineError for choices that cannot be. agreed: what Export does.
    """

    def __init__(self, dialog: QDialog, title: str, check: Callable[[], None], agreed: Callable[[], None]) -> None:
        self._dialog = dialog
        self._check = check
        self._agreed = agreed
        self._refuse: Callable[[Path], None] | None = None
        self.target: TargetField | None = None
        self.form: QFormLayout = QFormLayout()
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(9)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignTop)
        self._picture.setFixedSize(_PREVIEW_PX, _PREVIEW_PX)
        self._picture.setAccessibleName(tr("Preview"))
        self._told = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._told.setObjectName("told")
        self._told.setMinimumHeight(2 * self._told.fontMetrics().lineSpacing())
        self._told.setAlignment(Qt.AlignmentFlag.AlignTop)
        dialog.setWindowTitle(title)
        self._lay_out()

    def _lay_out(self) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(20)
        upper.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        upper.addLayout(self.form, 1)
        layout = QVBoxLayout(self._dialog)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(14)
        layout.addLayout(upper)
        layout.addWidget(self._told)
        layout.addWidget(self._make_buttons())
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)

    def _make_buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        self._export = QPushButton(tr("Export"))
        self._export.setObjectName("export")
        self._export.setProperty("role", "primary")
        self._export.setDefault(True)
        box.addButton(self._export, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = QPushButton(tr("Cancel"))
        cancel.setAutoDefault(False)
        box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        box.accepted.connect(self._accept)
        box.rejected.connect(self._dialog.reject)
        return box

    def add_target(self, place: Place, title: str, changed: Callable[[], None]) -> TargetField:
        """Add the row that says where it goes; the last one."""
        self._refuse = place.refuse
        self.target = TargetField(place.path, title)
        self.target.changed.connect(changed)
        label = QLabel(tr("Save as"), alignment=Qt.AlignmentFlag.AlignVCenter)
        label.setMinimumHeight(self.target.sizeHint().height())
        self.form.addRow(label, self.target)
        return self.target

    def show_picture(self, picture: Array | None, form: PictureForm) -> None:
        """Show how the picture will look, in the room there is."""
        if picture is None:
            return
        side = round(_PREVIEW_PX * self._dialog.devicePixelRatioF())
        wanted = min(form.size_px or picture.shape[1], side)
        drawn = QPixmap.fromImage(to_image(scale_picture(picture, PictureForm(wanted, form.filter))))
        fast, smooth = Qt.TransformationMode.FastTransformation, Qt.TransformationMode.SmoothTransformation
        mode = fast if 2 * max(drawn.width(), drawn.height()) <= side else smooth  # pixels one is to see stay pixels
        scaled = drawn.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio, mode)
        scaled.setDevicePixelRatio(self._dialog.devicePixelRatioF())
        self._picture.setPixmap(scaled)

    def refresh(self, told: str) -> None:
        """Sum up what would be written, or say what is wrong with it."""
        problem = self.find_problem()
        self._export.setEnabled(problem is None)
        self._told.setText(told if problem is None else str(problem))
        role = "quiet" if problem is None else "danger"
        if self._told.property("role") != role:
            self._told.setProperty("role", role)
            self._told.style().polish(self._told)

    def find_problem(self) -> EngineError | None:
        """Return what keeps the choices from being carried out."""
        assert self.target is not None
        assert self._refuse is not None
        path = self.target.path
        if not path.name:
            return EngineError(tr("Give the file a name."))
        if not path.parent.is_dir():
            return EngineError(tr("There is no folder {name}.").replace("{name}", str(path.parent)))
        try:
            self._refuse(path)
            self._check()
        except EngineError as error:
            return error
        return None

    def _accept(self) -> None:
        assert self.target is not None
        path = self.target.path
        if self.find_problem() is None and (not path.is_file() or dialogs.ask_to_replace(self._dialog, path)):
            self._dialog.accept()
            self._agreed()


def check_suffix(path: Path, suffix: str) -> None:
    """Raise EngineError for a name that ends with another picture's suffix than that of the chosen format."""
    if choose_format(path) != choose_format(Path(f"picture{suffix}")):
        title = tr("{name} ends with another format's suffix than the chosen one's.").replace("{name}", path.name)
        raise EngineError(title, tr("End it with {suffix}, or choose that format.").replace("{suffix}", suffix))


def describe_bytes(size: int) -> str:
    """Return a file's size in words, empty when it is not known."""
    return QLocale().formattedDataSize(size, 0 if size < 1_000_000 else 1) if size else ""


def describe_pixels(own_px: int, size_px: int) -> str:
    """Return a picture's size in honest words."""
    size = size_px or own_px
    text = tr("{size} × {size} px").replace("{size}", str(size))
    if size == own_px:
        return text + tr(", as the model draws.")
    if size < own_px:
        return text + tr(", reduced from the {own} px that the model draws.").replace("{own}", str(own_px))
    times = f"{size / own_px:.1f}".removesuffix(".0").replace(".", QLocale().decimalPoint())
    enlarged = tr(", enlarged {times} times from the {own} px that the model draws, without new detail.")
    return text + enlarged.replace("{times}", times).replace("{own}", str(own_px))
