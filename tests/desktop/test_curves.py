"""Curves of a run: which lines there are, what is drawn of them, what the pointer reads, and nothing drawn in vain."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from sni_desktop.preferences.monitor.curves import Curves
from sni_desktop.preferences.monitor.plots import Diagram, Plots, is_round, shorten
from sni_desktop.preferences.monitor.series import Series, find_best, gather, smooth, write_table
from sni_desktop.theme import DARK, LIGHT, Colours, Theme
from sni_engine.api.run_watch import Point

from .fakes import child
from .runs import make_now
from .test_theme import contrast

POINTS = make_now(Path()).points


@pytest.fixture
def curves(theme: Theme, qtbot: QtBot) -> Curves:
    curves = Curves(theme)
    qtbot.addWidget(curves)
    curves.show_points(POINTS)
    curves.resize(520, 420)
    curves.show()
    qtbot.waitExposed(curves)
    for _ in range(10):
        QApplication.processEvents()
    return curves


def plots(curves: Curves) -> Plots:
    found = curves.findChild(Plots)
    assert isinstance(found, Plots)
    return found


def drawn(diagram: Diagram, name: str, smoothed: bool = False) -> Any:
    """Return the values of a line that is seen; None when it is not."""
    line = diagram._lines[name][1 if smoothed else 0]
    return line.getOriginalDataset()[1] if line.isVisible() else None


def test_losses_and_scores_are_drawn_over_the_same_images(curves: Curves) -> None:
    both = plots(curves)
    assert drawn(both.losses, "judge") == pytest.approx([point.losses["judge"] for point in POINTS])
    assert drawn(both.scores, "swd") == pytest.approx([point.scores["swd"] for point in POINTS])
    assert both.scores.plot.viewRange()[0] == pytest.approx(both.losses.plot.viewRange()[0])
    assert both.losses.plot.viewRange()[0] == pytest.approx([100, 4200], rel=0.05, abs=100)


def test_the_legend_shows_and_hides_lines(curves: Curves) -> None:
    low, high = plots(curves).losses.plot.viewRange()[1]
    child(curves, QPushButton, "curve-judge").click()
    assert drawn(plots(curves).losses, "judge") is None
    QApplication.processEvents()
    assert plots(curves).losses.plot.viewRange()[1][1] < high, "the axis is of what is seen"
    child(curves, QPushButton, "curve-judge").click()
    assert len(drawn(plots(curves).losses, "judge")) == len(POINTS)
    assert low < high


def test_smoothing_draws_a_mean_over_the_values(curves: Curves) -> None:
    assert drawn(plots(curves).scores, "swd", smoothed=True) is None
    mean = smooth(np.array([point.losses["judge"] for point in POINTS]))
    assert drawn(plots(curves).losses, "judge", smoothed=True) == pytest.approx(mean)
    child(curves, QCheckBox, "curves-smooth").click()
    assert drawn(plots(curves).losses, "judge", smoothed=True) is None


def test_logarithms_are_for_diagrams_whose_values_have_some(curves: Curves) -> None:
    curves.show_points((*POINTS, Point(4300, {"judge": -1.0, "generator": 0.5}, {"swd": 0.01})))
    child(curves, QCheckBox, "curves-log").click()
    assert plots(curves).scores.plot.getAxis("left").logMode
    assert not plots(curves).losses.plot.getAxis("left").logMode
    child(curves, QPushButton, "curve-judge").click()
    assert plots(curves).losses.plot.getAxis("left").logMode, "what is hidden does not count"


def test_the_best_score_is_marked_and_can_be_gone_to(curves: Curves, qtbot: QtBot) -> None:
    best = child(curves, QPushButton, "curves-best")
    assert best.text() == "Best 0.01 at 2900"
    spots = plots(curves).scores.best.getData()
    assert (spots[0][0], spots[1][0]) == pytest.approx((2900, 0.01))
    with qtbot.waitSignal(curves.moment_asked, check_params_cb=lambda images: images == 2900):
        best.click()


def test_a_line_stands_where_the_time_machine_does(curves: Curves) -> None:
    curves.stand_at(2000)
    assert plots(curves).losses.here.value() == plots(curves).scores.here.value() == 2000


def test_the_pointer_reads_values_and_a_press_goes_there(curves: Curves, qtbot: QtBot) -> None:
    chip = child(curves, QPushButton, "curve-judge")
    assert chip.text() == "Judge 1.52", "the newest value"
    both = plots(curves)
    box = both.losses.plot.vb
    at = box.mapToScene(box.mapFromView(pg.Point(2000, box.viewRange()[1][0] + 0.01)))
    place = both.mapFromScene(at)
    both._hover(at)
    assert chip.text() == "Judge 1.25"
    with qtbot.waitSignal(curves.moment_asked, check_params_cb=lambda images: abs(images - 2000) < 30):
        qtbot.mouseClick(both.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y()))
    both.hovered.emit(-1)
    assert chip.text() == "Judge 1.52"


def test_scores_come_and_go_with_their_first_and_last(curves: Curves) -> None:
    bare = tuple(Point(point.images_seen, point.losses, {}) for point in POINTS)
    curves.show_points(bare)
    assert (
        curves.findChild(QPushButton, "curve-swd") is None or not child(curves, QPushButton, "curves-best").isVisible()
    )
    assert plots(curves).scores.plot.scene() is None
    curves.show_points(POINTS)
    assert plots(curves).scores.plot.scene() is not None
    assert plots(curves).scores.title == "Score, lower is better"
    curves.show_points((*POINTS, Point(4300, {}, {"beauty": 1.0})))
    assert plots(curves).scores.title == "Scores", "nobody knows whether it is better high or low"


def test_nothing_is_set_anew_while_nobody_sees_it_or_nothing_changed(
    curves: Curves, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(Plots, "draw", lambda self, *rest: calls.append("draw"))
    curves.show_points(tuple(POINTS))
    assert calls == []
    curves.hide()
    more = (*POINTS, Point(4300, {"judge": 1.0}, {}))
    curves.show_points(more)
    assert calls == []
    curves.show()
    assert calls == ["draw"]


def test_a_run_without_numbers_says_when_they_come(curves: Curves) -> None:
    curves.show_points(())
    assert curves._waiting.isVisible() and not plots(curves).isVisible()


def test_lines_take_the_colours_of_the_theme(curves: Curves, theme: Theme) -> None:
    line = plots(curves).losses._lines["generator"][1]
    assert line.opts["pen"].color().name() == LIGHT.series[0]
    theme.set_mode("dark")
    assert line.opts["pen"].color().name() == DARK.series[0]
    assert plots(curves).backgroundBrush().color().name() == DARK.raised
    theme.set_mode("light")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_stand_out_from_the_ground(colours: Colours) -> None:
    assert len(set(colours.series)) == len(colours.series)
    assert min(contrast(colour, colours.raised) for colour in colours.series) >= 3


# -- numbers ---------------------------------------------------------------------------------------------------------


def test_lines_are_gathered_in_a_known_order_and_may_have_gaps() -> None:
    points = (Point(1, {"judge": 1.0, "odd": 5.0}, {}), Point(2, {"judge": 2.0, "generator": 3.0, "penalty": 4.0}, {}))
    lines = gather(points, lambda point: point.losses)
    assert [line.name for line in lines] == ["generator", "judge", "penalty", "odd"]
    assert lines[0].images.tolist() == [2] and lines[1].values.tolist() == [1.0, 2.0]
    assert write_table(points).splitlines()[1] == "1,0,,1,,5"


def test_smoothing_leaves_what_is_even_alone_and_begins_where_the_values_do() -> None:
    assert smooth(np.full(5, 3.0)) == pytest.approx(np.full(5, 3.0))
    noisy = smooth(np.array([1.0, 3.0] * 50))
    assert noisy[0] == 1.0 and abs(noisy[-1] - 2.0) < 0.2
    assert smooth(np.array([])).shape == (0,)


def test_only_scores_that_everybody_reads_alike_have_a_best() -> None:
    images, values = np.array([1, 2, 3]), np.array([3.0, 1.0, 2.0])
    assert find_best(Series("swd", images, values)) == (2, 1.0)
    assert find_best(Series("beauty", images, values)) is None


def test_images_are_said_in_few_letters() -> None:
    assert [shorten(value, 1000) for value in (0, 1000, 12_000)] == ["0", "1k", "12k"]
    assert shorten(1_500_000, 500_000) == "1.5M" and shorten(500, 100) == "500" and shorten(-5, 1) == ""
    assert [value for value in (1, 0.05, 0.03, 20, 700) if is_round(value)] == [1, 0.05, 20]


def test_the_diagrams_say_what_lies_across_and_what_pale_lines_are(curves: Curves) -> None:
    both = plots(curves)
    axes = [diagram.plot.getAxis("bottom") for diagram in (both.losses, both.scores)]
    assert [axis.label.isVisible() for axis in axes] == [False, True]
    assert "Pale" in both.toolTip() and "Diamond" in both.toolTip()
    child(curves, QCheckBox, "curves-smooth").click()
    assert "Pale" not in both.toolTip()
    curves.show_points(tuple(replace(point, scores={}) for point in POINTS))
    assert axes[0].label.isVisible() and "Diamond" not in both.toolTip()
