"""Curves of a run with their legend: what is shown, what the pointer reads, and how it is drawn."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from sni_desktop.panels.switch import Switch
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.flow import Flow
from sni_desktop.preferences.monitor.series import (
    Series,
    describe_series,
    find_best,
    format_value,
    gather,
    name_series,
    read_at,
)
from sni_desktop.preferences.monitor.words import count
from sni_desktop.theme import Theme
from sni_desktop.words import fill
from sni_engine.api.run_watch import Point

if TYPE_CHECKING:
    from sni_desktop.preferences.monitor.plots import Plots

_SWATCH = QSize(26, 12)
_SCORES_FROM = 4  # place of the first colour of scores
_LEAST_PX = 120  # of height for the diagrams
_GAP_PX = 4
_NOWHERE = -1


class Curves(QWidget):
    """Makes its diagrams a moment after it is first seen, and draws nothing while nobody sees it."""

    moment_asked = Signal(int)  # a press on the curves, at a number of images

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._points: tuple[Point, ...] = ()
        self._drawn: tuple[Point, ...] | None = None
        self._losses: tuple[Series, ...] = ()
        self._scores: tuple[Series, ...] = ()
        self._at = 0
        self._read_at = _NOWHERE
        self._plots: Plots | None = None
        self._chips: dict[str, QPushButton] = {}
        self._flow = Flow(6)
        self._smooth = Switch(tr("Smooth"), theme)
        self._log = Switch(tr("Log scale"), theme)
        self._best = QPushButton()
        self._waiting = QLabel(tr("The curves begin with the first steps."), alignment=Qt.AlignmentFlag.AlignCenter)
        self._start = QTimer(self, singleShot=True, interval=0)
        self._start.timeout.connect(self._make_plots)
        self._lay_out()
        theme.changed.connect(self._draw_theme)

    def show_points(self, points: tuple[Point, ...]) -> None:
        """Take a run's numbers over time."""
        self._points = points
        if self.isVisible():
            self._draw()

    def stand_at(self, images: int) -> None:
        """Show where the time machine stands."""
        if images != self._at:
            self._at = images
            if self._plots is not None:
                self._plots.stand_at(images)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while this was out of sight."""
        super().showEvent(event)
        if self._plots is None:
            self._start.start()
        else:
            self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the diagrams below a legend that grows as it gets narrow; splitters know heights alone."""
        super().resizeEvent(event)
        self._keep_room()

    def _keep_room(self) -> None:
        self.setMinimumHeight(self._flow.heightForWidth(self.width()) + _GAP_PX + _LEAST_PX)

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _make_plots(self) -> None:
        if self._plots is not None:
            return
        from sni_desktop.preferences.monitor.plots import (
            Plots,  # here, so that the program's start does not wait for it
        )

        self._plots = Plots(self._theme)
        self._plots.hovered.connect(self._hover)
        self._plots.pressed.connect(self.moment_asked)
        self._plots.stand_at(self._at)
        self.layout().addWidget(self._plots)  # type: ignore[union-attr]
        self._draw()

    def _draw(self) -> None:
        if self._plots is None or self._points == self._drawn:
            return
        self._drawn = self._points
        self._losses = gather(self._points, lambda point: point.losses)
        self._scores = gather(self._points, lambda point: point.scores)
        self._waiting.setVisible(not self._losses and not self._scores)
        self._plots.setVisible(self._waiting.isHidden())
        self._fill_legend()
        self._draw_lines()

    def _draw_lines(self) -> None:
        if self._plots is None:
            return
        from sni_desktop.preferences.monitor.plots import Look

        hidden = frozenset(name for name, chip in self._chips.items() if not chip.isChecked())
        self._plots.draw(self._losses, self._scores, Look(self._smooth.isChecked(), self._log.isChecked(), hidden))

    def _draw_theme(self) -> None:
        for place, name in self._list_places():
            self._chips[name].setIcon(self._draw_swatch(place))
        self._draw_lines()

    # -- legend ------------------------------------------------------------------------------------------------------

    def _list_places(self) -> list[tuple[int, str]]:
        """Return place of the colour, and name, of every line."""
        losses = list(enumerate(series.name for series in self._losses))
        return losses + [(_SCORES_FROM + place, series.name) for place, series in enumerate(self._scores)]

    def _fill_legend(self) -> None:
        places = self._list_places()
        for name in self._chips.keys() - {name for _, name in places}:
            self._chips.pop(name).deleteLater()
        for place, name in places:
            if name not in self._chips:
                self._chips[name] = self._make_chip(name, place)
        best = [(series, found) for series in self._scores if (found := find_best(series)) is not None]
        self._best.setVisible(bool(best))
        for series, (images, value) in best[:1]:
            text = fill(tr("Best {score} at {images}"), score=format_value(value), images=count(images))
            self._best.setText(text)
            self._best.setProperty("images", images)
            self._best.setToolTip(
                fill(
                    tr("The diamond in the diagram: go to the moment with the best {score}"),
                    score=name_series(series.name),
                )
            )
        self._show_values()
        self._keep_room()

    def _show_values(self) -> None:
        """Write what the pointer reads, or the newest values, beside the names."""
        for series in (*self._losses, *self._scores):
            value = read_at(series, self._read_at) if self._read_at != _NOWHERE else float(series.values[-1])
            text = f"{name_series(series.name)} {format_value(value)}" if value is not None else series.name
            if self._chips[series.name].text() != text:
                chip = self._chips[series.name]
                chip.setText(text)
                chip.setMinimumWidth(max(chip.minimumWidth(), chip.sizeHint().width()))  # else the legend would jump

    def _hover(self, images: int) -> None:
        if images != self._read_at:
            self._read_at = images
            self._show_values()

    def _make_chip(self, name: str, place: int) -> QPushButton:
        chip = QPushButton(name_series(name))
        chip.setObjectName(f"curve-{name}")
        chip.setProperty("role", "small")
        chip.setCheckable(True)
        chip.setChecked(True)
        chip.setAutoDefault(False)
        chip.setToolTip(fill(tr("{name}: show or hide the line"), name=describe_series(name)))
        chip.setIcon(self._draw_swatch(place))
        chip.setIconSize(_SWATCH)
        chip.toggled.connect(self._draw_lines)
        self._flow.addWidget(chip)
        self._place_last()
        return chip

    def _place_last(self) -> None:
        """Put behind the names of the lines what is no name of a line."""
        for widget in (self._best, self._smooth, self._log):
            self._flow.addWidget(widget)

    def _draw_swatch(self, place: int) -> QIcon:
        """Return a bit of a line, in its colour and dashes."""
        from sni_desktop.preferences.monitor.plots import DASHES

        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(_SWATCH * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        dash = DASHES[(place if place < _SCORES_FROM else place - _SCORES_FROM) % len(DASHES)]
        painter.setPen(QPen(self._theme.series_colour(place), 2.5, dash))
        painter.drawLine(1, _SWATCH.height() // 2, _SWATCH.width() - 5, _SWATCH.height() // 2)
        painter.end()
        return QIcon(pixmap)

    def _lay_out(self) -> None:
        self._smooth.setObjectName("curves-smooth")
        self._smooth.setToolTip(tr("Draw the running mean of the losses, and the losses themselves pale behind it"))
        self._log.setObjectName("curves-log")
        self._log.setToolTip(tr("Logarithms upwards, in diagrams whose values are all above 0"))
        self._smooth.setChecked(True)
        for switch in (self._smooth, self._log):
            switch.toggled.connect(self._draw_lines)
        self._best.setObjectName("curves-best")
        self._best.setProperty("role", "small")
        self._best.setAutoDefault(False)
        self._best.clicked.connect(lambda: self.moment_asked.emit(int(self._best.property("images"))))
        self._best.hide()
        self._waiting.setProperty("role", "quiet")
        self._waiting.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP_PX)
        self._place_last()
        layout.addLayout(self._flow)
        layout.addWidget(self._waiting, 1)
