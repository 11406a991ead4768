"""The diagrams of a run, drawn by pyqtgraph: losses, scores below them, and where the time machine stands.

Imported only when a monitor is shown: pyqtgraph takes a quarter of a second.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLocale, QPointF, Qt, Signal
from PySide6.QtGui import QFont

from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.series import LOWER_IS_BETTER, Series, draw_smooth, find_best
from sni_desktop.theme import Theme

DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
_AXIS_PX = 52
_TITLE_PX = 20
_TITLED_PX = 33  # an axis with values and title
_SMALL = 0.9  # letters of diagrams, times as large as others
_LINE_PX = 14  # of an axis that a value needs
_RAW_SHARE = 0.35  # of its colour, where a smoothed line lies over it


@dataclass(frozen=True)
class Look:
    """How the lines are drawn. hidden: names of those that are not."""

    smooth: bool = True
    log: bool = False
    hidden: frozenset[str] = frozenset()


class ImagesAxis(pg.AxisItem):  # type: ignore[misc]
    """Says thousands and millions of images in few letters."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the words of the ticks."""
        return [shorten(value, spacing) for value in values]


class ValuesAxis(pg.AxisItem):  # type: ignore[misc]
    """Says fewer values where there is no room; of a logarithmic axis 1, 2 and 5 times a power of ten."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the words of the ticks; none for those that are only drawn."""
        words: list[str] = super().tickStrings(values, scale, spacing)
        crowd = math.ceil(len(values) * _LINE_PX / max(1, self.height()))
        if crowd <= 1:
            return words
        if self.logMode:
            return [word if is_round(10**value) else "" for word, value in zip(words, values, strict=True)]
        return [word if place % crowd == crowd - 1 else "" for place, word in enumerate(words)]


class Diagram:
    """One plot: lines by name, a vertical line where the time machine stands, a mark at the best score.

    smooths: whether its lines may be smoothed. Those of scores may not: each of their few values was measured well.
    """

    def __init__(self, theme: Theme, title: str, first_colour: int, smooths: bool) -> None:
        self._theme = theme
        self._smooths = smooths
        self._first_colour = first_colour
        self._lines: dict[str, tuple[pg.PlotDataItem, pg.PlotDataItem]] = {}
        self.title = title
        self.plot = pg.PlotItem(
            axisItems={"bottom": ImagesAxis("bottom"), "left": ValuesAxis("left")}, enableMenu=False
        )
        self.plot.hideButtons()
        self.plot.setMouseEnabled(False, False)
        self.plot.getAxis("left").setWidth(_AXIS_PX)
        self.plot.getAxis("left").enableAutoSIPrefix(False)
        self.plot.getAxis("bottom").enableAutoSIPrefix(False)
        self.plot.showGrid(x=True, y=True, alpha=0.15)
        self.here = pg.InfiniteLine(angle=90, movable=False)
        self.best = pg.ScatterPlotItem(symbol="d", size=13)  # no star: those are the person's own
        for item in (self.here, self.best):
            item.setZValue(10)
            self.plot.addItem(item, ignoreBounds=True)

    def draw_theme(self) -> None:
        """Take the colours of the theme."""
        font = QFont()
        font.setPointSizeF(font.pointSizeF() * _SMALL)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(self._theme.colour("line"))
            axis.setTextPen(self._theme.colour("quiet"))
            axis.setTickFont(font)
        size = f"{font.pointSizeF():.1f}pt"
        self.plot.setTitle(self.title, color=self._theme.colours.quiet, size=size, justify="left")
        self.plot.titleLabel.setMaximumHeight(_TITLE_PX)
        self.plot.layout.setRowFixedHeight(0, _TITLE_PX)
        self.here.setPen(pg.mkPen(self._theme.colour("text", 160), width=1, style=Qt.PenStyle.DashLine))
        self.best.setPen(pg.mkPen(self._theme.colour("raised")))
        self.best.setBrush(self._theme.colour("accent"))

    def name_axis(self, is_lowest: bool) -> None:
        """Say below the diagram what lies across, unless another one follows that says so."""
        axis = self.plot.getAxis("bottom")
        axis.setStyle(showValues=is_lowest)
        size = f"{QFont().pointSizeF() * _SMALL:.1f}pt"
        axis.setLabel(tr("Images"), **{"color": self._theme.colours.quiet, "font-size": size})
        axis.showLabel(is_lowest)
        axis.setHeight(_TITLED_PX if is_lowest else None)

    def call(self, title: str) -> None:
        """Have another title."""
        if title != self.title:
            self.title = title
            self.draw_theme()

    def draw(self, series: tuple[Series, ...], look: Look) -> None:
        """Draw lines by name; those that are no more there go."""
        logs = look.log and can_be_log(series, look)
        self.plot.setLogMode(False, logs)
        for place, line in enumerate(series):
            if line.name not in self._lines:
                self._lines[line.name] = (self._add_line(), self._add_line())
            self._draw_line(line, place, look)
        for name in self._lines.keys() - {line.name for line in series}:
            for item in self._lines.pop(name):
                self.plot.removeItem(item)
        self._mark_best(series, look, logs)

    def _add_line(self) -> pg.PlotDataItem:
        item = pg.PlotDataItem(antialias=True)
        item.setDownsampling(auto=True, method="peak")
        item.curve.setCacheMode(
            item.curve.CacheMode.DeviceCoordinateCache
        )  # a line that passes over it draws it not anew
        self.plot.addItem(item)
        return item

    def _draw_line(self, line: Series, place: int, look: Look) -> None:
        raw, even = self._lines[line.name]
        smooths = look.smooth and self._smooths
        shown = line.name not in look.hidden
        raw.setVisible(shown)
        even.setVisible(shown and smooths)
        if not shown:
            return
        colour, dash = self._theme.series_colour(self._first_colour + place), DASHES[place % len(DASHES)]
        faint = self._theme.series_colour(self._first_colour + place, _RAW_SHARE)
        if self._smooths:
            raw.setPen(pg.mkPen(faint if smooths else colour))  # no dashes: of ragged lines Qt draws them in seconds
        else:
            raw.setPen(pg.mkPen(colour, width=2, style=dash))
        raw.setSymbol("o" if len(line.images) == 1 else None)  # a line of one point would not be seen
        raw.setSymbolPen(colour)
        raw.setSymbolSize(5)
        raw.setData(line.images, line.values)
        even.setPen(pg.mkPen(colour, width=2, style=dash))
        even.setData(*(draw_smooth(line) if smooths else ([], [])))

    def _mark_best(self, series: tuple[Series, ...], look: Look, logs: bool) -> None:
        found = [find_best(line) for line in series if line.name not in look.hidden]
        spots: list[tuple[float, float]] = [
            (at, np.log10(value) if logs else value) for at, value in filter(None, found)
        ]
        self.best.setData(pos=spots)


class Plots(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """Diagrams above each other over the same images. Emits the images under the pointer (-1: none), and a press."""

    hovered = Signal(int)
    pressed = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.setAccessibleName(tr("Curves of the training"))
        self.ci.setContentsMargins(0, 2, 8, 0)
        self.ci.setSpacing(4)
        self.losses = Diagram(theme, tr("Losses"), 0, smooths=True)
        self.scores = Diagram(theme, tr("Score, lower is better"), 4, smooths=False)
        self.addItem(self.losses.plot, 0, 0)
        self._has_scores = False
        self.scores.plot.setXLink(self.losses.plot)
        self.scene().sigMouseMoved.connect(self._hover)
        self.scene().sigMouseClicked.connect(lambda event: self._press(event.scenePos()))
        theme.changed.connect(self.draw_theme)
        self.draw_theme()

    def draw_theme(self) -> None:
        """Take the colours of the theme; the lines are drawn by who knows them."""
        self.setBackground(self._theme.colour("raised"))
        for diagram in (self.losses, self.scores):
            diagram.draw_theme()
        self._name_axis()

    def draw(self, losses: tuple[Series, ...], scores: tuple[Series, ...], look: Look) -> None:
        """Draw the lines of both diagrams; that of the scores comes with the first of them."""
        if bool(scores) != self._has_scores:
            self._has_scores = bool(scores)
            self._place_scores()
        self.losses.draw(losses, look)
        self._explain(look)
        if scores:
            known = all(line.name in LOWER_IS_BETTER for line in scores)
            self.scores.call(tr("Score, lower is better") if known else tr("Scores"))
            self.scores.draw(scores, look)
            self._share_range(losses, scores)

    def stand_at(self, images: int) -> None:
        """Show where the time machine stands."""
        for diagram in (self.losses, self.scores):
            diagram.here.setValue(images)

    def leaveEvent(self, event: Any) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self.hovered.emit(-1)

    def _explain(self, look: Look) -> None:
        """Say below the pointer what is drawn: pale lines have no place in the legend."""
        lines = [tr("Across: images the run has learnt from. A press goes to the nearest moment.")]
        lines += [tr("Pale: the losses as they are. Strong: their running mean.")] if look.smooth else []
        lines += [tr("Diamond: the best score.")] if self._has_scores else []
        self.setToolTip("\n".join(lines))

    def _place_scores(self) -> None:
        if self._has_scores:
            self.addItem(self.scores.plot, 1, 0)
            self.ci.layout.setRowStretchFactor(0, 3)
            self.ci.layout.setRowStretchFactor(1, 2)
        else:
            self.removeItem(self.scores.plot)
            self.losses.plot.enableAutoRange("x")
        self._name_axis()

    def _name_axis(self) -> None:
        """Write values and title below the lowest diagram alone: both have the same images."""
        self.losses.name_axis(not self._has_scores)
        self.scores.name_axis(self._has_scores)

    def _share_range(self, *groups: tuple[Series, ...]) -> None:
        ends = [line.images[place] for group in groups for line in group for place in (0, -1) if len(line.images)]
        if ends:
            self.losses.plot.setXRange(min(ends), max(max(ends), min(ends) + 1), padding=0.02)

    def _find(self, at: QPointF) -> int:
        for diagram in (self.losses, self.scores) if self._has_scores else (self.losses,):
            if diagram.plot.vb.sceneBoundingRect().contains(at):
                return max(0, round(diagram.plot.vb.mapSceneToView(at).x()))
        return -1

    def _hover(self, at: QPointF) -> None:
        self.hovered.emit(self._find(at))

    def _press(self, at: QPointF) -> None:
        images = self._find(at)
        if images >= 0:
            self.pressed.emit(images)


def can_be_log(series: tuple[Series, ...], look: Look) -> bool:
    """Say whether every value that is shown has a logarithm."""
    shown = [line.values for line in series if line.name not in look.hidden and len(line.values)]
    return bool(shown) and all(float(values.min()) > 0 for values in shown)


def is_round(value: float) -> bool:
    """Say whether a value is 1, 2 or 5 times a power of ten."""
    return round(value / 10 ** math.floor(math.log10(value) + 1e-9), 6) in (1, 2, 5)


def shorten(images: float, spacing: float) -> str:
    """Return a number of images in few letters: 500, 1,500, 12k, 1.5M."""
    if images < 0:
        return ""
    if spacing >= 100_000 and images >= 1_000_000:
        return f"{images / 1e6:g}M"
    if spacing >= 1000 and images >= 1000:
        return f"{images / 1e3:g}k"
    return QLocale().toString(round(images))
