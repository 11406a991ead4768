"""Forms made from parameter classes: the labels, limits and values are the class's, forth and back."""

from dataclasses import dataclass
from typing import ClassVar, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QLabel
from pytestqt.qtbot import QtBot

from sni_desktop.panels.form import Form, find_rows
from sni_desktop.panels.form_rows import say_number
from sni_desktop.panels.live import LiveSlider
from sni_engine.api.edits import PARAMS, Interpolate, Params, Range, Resample, number

from .fakes import child


@dataclass(frozen=True)
class Odd:
    """Numbers that are no shares: one for a slider, one with too many steps for a hand."""

    kind: ClassVar[str] = "odd"
    title: ClassVar[str] = "Odd"
    width: float = number(3.0, label="Width", low=1.0, high=9.0, step=0.5, unit="px", help="How wide.")
    speed: float = number(0.01, label="Speed", low=0.0, high=10.0, step=0.001, unit="", help="How fast.")


def find_ranges(params: Params) -> list[tuple[str, Range]]:
    """Return the fields that are numbers with limits."""
    return [(name, limits) for name, limits in find_rows(params) if isinstance(limits, Range)]


@pytest.mark.parametrize("kind", PARAMS.values())
@pytest.mark.parametrize("value", [0.0, 0.07, 0.29, 0.57, 1.0])
def test_what_is_shown_is_what_is_told(kind: type[Params], value: float, qtbot: QtBot) -> None:
    """Values that a person can set come back to the last digit, though sliders count in whole steps."""
    params = kind(**{name: value for name, _ in find_ranges(kind())})
    form = Form(kind())
    qtbot.addWidget(form)
    form.show_params(params)
    assert form.params == params
    told: list[Params] = []
    form.released.connect(told.append)
    for name, _ in find_ranges(params):
        child(form, LiveSlider, name).let_go.emit(child(form, LiveSlider, name).value())
    assert told == [params] * len(find_ranges(params))


def test_a_key_drags_and_a_pause_releases(qtbot: QtBot) -> None:
    form = Form(Interpolate(0.5))
    qtbot.addWidget(form)
    form.show()
    dragged: list[Params] = []
    form.dragged.connect(dragged.append)
    with qtbot.waitSignal(form.released, timeout=3000) as released:
        QTest.keyClick(child(form, LiveSlider, "style"), Qt.Key.Key_Left)
    assert dragged == [Interpolate(0.5, style=0.99)]
    assert released.args == [Interpolate(0.5, style=0.99)]


def test_showing_is_not_telling(qtbot: QtBot) -> None:
    form = Form(Resample())
    qtbot.addWidget(form)
    told: list[Params] = []
    form.dragged.connect(told.append)
    form.released.connect(told.append)
    form.show_params(Resample(0.2))
    assert child(form, LiveSlider, "amount").value() == 20
    assert told == []


def test_only_the_fields_that_are_asked_for_are_shown_and_the_others_kept(qtbot: QtBot) -> None:
    form = Form(Interpolate(0.5, style=0.25), only=("amount",))
    qtbot.addWidget(form)
    assert form.findChild(LiveSlider, "style") is None
    told: list[Params] = []
    form.dragged.connect(told.append)
    child(form, LiveSlider, "amount").setValue(80)
    assert told == [Interpolate(0.8, style=0.25)]


def test_units_limits_and_help_are_the_field_s(qtbot: QtBot) -> None:
    form = Form(cast(Params, Odd()))
    qtbot.addWidget(form)
    slider, box = child(form, LiveSlider, "width"), child(form, QDoubleSpinBox, "speed")
    assert (slider.minimum(), slider.maximum(), slider.value()) == (0, 16, 4)
    assert (slider.toolTip(), slider.accessibleName()) == ("How wide.", "Width")
    assert "3 px" in [label.text() for label in form.findChildren(QLabel)]
    assert (box.minimum(), box.maximum(), box.decimals(), box.value()) == (0, 10, 3, 0.01)
    told: list[object] = []
    form.dragged.connect(told.append)
    slider.setValue(5)
    box.setValue(0.123)
    assert told == [Odd(3.5), Odd(3.5, 0.123)]


def test_shares_are_said_in_per_cent() -> None:
    ranges = dict(find_ranges(Interpolate()))
    assert say_number(ranges["style"], 0.29) == "29 %"
