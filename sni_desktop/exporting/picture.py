"""Export picture: the current step as PNG, JPEG or WebP."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QWidget

from sni_desktop.exporting.choices import PictureChoices
from sni_desktop.exporting.fields import LookFields, tr
from sni_desktop.exporting.frame import ExportFrame, Place, Subject, check_suffix, describe_bytes, describe_pixels
from sni_engine.api.pictures import PictureForm

SUFFIXES = (".png", ".jpg", ".webp")
_PAUSE_MS = 200
Weigh = Callable[[str, PictureForm, bool, Callable[[int], None]], None]
Agreed = Callable[[PictureChoices, Path, bool], None]  # what was chosen, where it goes, whether with the project


class PictureDialog(QDialog):
    """Tells while one chooses how large the file will be. weigh: finds that out; agreed: what Export does."""

    def __init__(
        self,
        parent: QWidget,
        subject: Subject,
        choices: PictureChoices,
        place: Place,
        weigh: Weigh,
        agreed: Agreed,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._picture = subject.picture
        self._own_px = subject.own_px
        self._weigh = weigh
        self._agreed = agreed
        self._size = 0
        self._asked = 0  # which answer is awaited; those to earlier choices do not count
        self._frame = ExportFrame(self, tr("Export picture"), self._check, self._agree)
        self._fields = LookFields(self._frame.form, SUFFIXES, subject.own_px, choices.look)
        self._target = self._frame.add_target(place, tr("Export picture"), self._tell)
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self._ask_size)
        self._fields.changed.connect(self._change)
        self._change()

    def _check(self) -> None:
        check_suffix(self._target.path, self._fields.look.suffix)

    def _agree(self) -> None:
        self._agreed(PictureChoices(self._fields.look), self._target.path, self._fields.state)

    def _change(self) -> None:
        self._target.set_suffix(self._fields.look.suffix)
        self._frame.show_picture(self._picture, self._fields.look.form)
        self._size = 0
        self._asked += 1
        self._soon.start()
        self._tell()

    def _ask_size(self) -> None:
        asked, look = self._asked, self._fields.look
        self._weigh(look.suffix, look.form, self._fields.state, lambda size: self._note_size(asked, size))

    def _note_size(self, asked: int, size: int) -> None:
        if asked == self._asked:
            self._size = size
            self._tell()

    def done(self, result: int) -> None:
        """Close; answers that still come find nobody."""
        self._asked += 1
        self._soon.stop()
        super().done(result)

    def _tell(self) -> None:
        size = describe_bytes(self._size)
        weight = tr(" The file: {size}.").replace("{size}", size) if size else ""
        self._frame.refresh(describe_pixels(self._own_px, self._fields.look.size_px) + weight)
