"""Export sequence: the way between steps as GIF, WebP, animated PNG, MP4, or a folder of frames."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QWidget

from sni_desktop.exporting.choices import SequenceChoices
from sni_desktop.exporting.fields import LookFields, add_row, fill_combo, side_by_side, spin, tr
from sni_desktop.exporting.frame import ExportFrame, Place, Subject
from sni_desktop.exporting.steps import StepsModel, make_box
from sni_engine.api.animations import WRITERS, Animation, check_animation, choose_writer
from sni_engine.api.codes import Codes
from sni_engine.api.errors import EngineError
from sni_engine.api.history import Node
from sni_engine.api.sequences import MOST_FRAMES, Timing, check_amount, count_least
from sni_engine.api.video import need_ffmpeg

SUFFIXES = (".webp", ".gif", ".apng", ".mp4", "")
Agreed = Callable[[SequenceChoices, Path, bool, list[Codes], Timing], None]


class SequenceDialog(QDialog):
    """Tells while one chooses how long it will be. agreed: what Export does."""

    def __init__(
        self, parent: QWidget, subject: Subject, choices: SequenceChoices, place: Place, agreed: Agreed
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._subject = subject
        self._picture = subject.picture
        self._agreed = agreed
        self._frame = ExportFrame(self, tr("Export sequence"), self._check, self._agree)
        self._make_way(choices)
        self._make_timing(choices)
        self._fields = LookFields(self._frame.form, SUFFIXES, subject.own_px, choices.look)
        self._target = self._frame.add_target(place, tr("Export sequence"), self._tell)
        self._fields.changed.connect(self._change)
        self._change()

    def _make_way(self, choices: SequenceChoices) -> None:
        ways = [
            (tr("From the first step to the current one"), "whole"),
            (tr("Along every step up to the current one"), "path"),
            (tr("Between two steps"), "between"),
        ]
        self._way = fill_combo(ways, choices.way, self._change)
        history = self._subject.history
        steps = StepsModel(history, self._subject.picture_of, self)
        self._from, self._to = (self._make_steps(steps, node) for node in (history.root, history.current))
        self._ends = side_by_side(self._from, QLabel("→"), self._to)
        self._loop = QCheckBox(tr("There and back, so that the end meets the beginning"))
        self._loop.setChecked(choices.loop)
        self._loop.setObjectName("loop")
        self._loop.toggled.connect(lambda: self._change())
        form = self._frame.form
        add_row(form, tr("Way"), self._way, "way")
        add_row(form, tr("Steps"), self._ends, "ends")
        form.addRow("", self._loop)

    def _make_steps(self, steps: StepsModel, node: Node) -> QComboBox:
        box = make_box(steps, node, self._change)
        box.setAccessibleName(tr("Step"))
        return box

    def _make_timing(self, choices: SequenceChoices) -> None:
        self._frames = spin(1, MOST_FRAMES, "")
        self._fps = spin(1, 60, tr(" per second"))
        self._hold = spin(0, 1000, tr(" more frames"))
        paces = [(tr("Gentle starts and stops"), "gentle"), (tr("Even"), "even")]
        self._pace = fill_combo(paces, choices.pace, self._change)
        self._hold.setAccessibleName(tr("Stay at each step"))
        self._frames.setAccessibleName(tr("Frames"))
        self._frames.setObjectName("frames")
        self._fps.setAccessibleName(tr("Frames per second"))
        for box, value in ((self._frames, choices.frames), (self._fps, choices.fps), (self._hold, choices.hold)):
            box.setValue(value)
            box.valueChanged.connect(lambda: self._change())
        form = self._frame.form
        add_row(form, tr("Frames"), side_by_side(self._frames, self._fps), "timing")
        add_row(form, tr("Stay at each step"), side_by_side(self._hold), "hold")
        add_row(form, tr("Pace"), self._pace, "pace")

    @property
    def choices(self) -> SequenceChoices:
        """What is chosen."""
        way, loop, pace = self._way.currentData(), self._loop.isChecked(), self._pace.currentData()
        numbers = self._frames.value(), self._fps.value(), self._hold.value()
        return SequenceChoices(self._fields.look, way, loop, pace, *numbers)

    @property
    def stops(self) -> list[Codes]:
        """The faces it passes."""
        history = self._subject.history
        steps = history.path()
        if self._way.currentData() == "whole":
            steps = (steps[0], steps[-1])
        elif self._way.currentData() == "between":
            steps = (history.node(self._from.currentData()), history.node(self._to.currentData()))
        return [node.codes for node in steps]

    @property
    def timing(self) -> Timing:
        """How long it takes. Raises EngineError."""
        now = self.choices
        return Timing(now.frames, now.fps, now.hold, now.loop, now.pace)

    def _check(self) -> None:
        stops, look = self.stops, self._fields.look
        if len(stops) < 2 or all(codes == stops[0] for codes in stops):
            raise EngineError(tr("Nothing changes between these steps."), tr("Choose two that differ, or edit first."))
        least = count_least(len(stops), self.timing)
        if self.timing.frames < least:
            title = tr("{frames} frames are too few to stop at every step.")
            hint = tr("Choose {least} or more, or stay for less.")
            raise EngineError(title.replace("{frames}", str(self.timing.frames)), hint.replace("{least}", str(least)))
        check_amount(self.timing, look.size_px or self._subject.own_px)
        check_animation(self._target.path, Animation(1, self.timing.fps, look.form))
        if WRITERS[choose_writer(self._target.path)] is not WRITERS[look.suffix]:
            title = tr("{name} ends with another format's suffix than the chosen one's.")
            hint = tr("Let the end of the name be that of the format.")
            raise EngineError(title.replace("{name}", self._target.path.name), hint)
        if look.suffix == ".mp4":
            need_ffmpeg()
            if (look.size_px or self._subject.own_px) % 2:
                raise EngineError(tr("An MP4 needs an even number of pixels."), tr("Choose another size."))

    def _agree(self) -> None:
        self._agreed(self.choices, self._target.path, self._fields.state, self.stops, self.timing)

    def _change(self) -> None:
        self._frame.form.setRowVisible(self._ends, self._way.currentData() == "between")
        self._target.set_suffix(self._fields.look.suffix)
        self._frame.show_picture(self._picture, self._fields.look.form)
        self._tell()

    def _tell(self) -> None:
        seconds = QLocale().toString(self._frames.value() / self._fps.value(), "f", 1)
        size = str(self._fields.look.size_px or self._subject.own_px)
        told = tr("{seconds} seconds, {frames} frames of {size} × {size} px.").replace("{seconds}", seconds)
        self._frame.refresh(told.replace("{frames}", str(self._frames.value())).replace("{size}", size))
