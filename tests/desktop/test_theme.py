"""Colours: every pair of text and ground can be read, greys are neutral, and a change of mind shows at once."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QLineEdit, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from sni_desktop.colours import DARK, LIGHT, Colours
from sni_desktop.style import make_style
from sni_desktop.theme import Theme, make_palette

BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@BOTH
def test_text_in_rows_and_notices_can_be_read(colours: Colours) -> None:
    for ground in (colours.info_back, colours.danger_back):
        assert contrast(colours.text, ground) >= 4.5
    assert contrast(colours.quiet, colours.info_back) >= 4.5, "the quiet line of the current step"


@BOTH
def test_marks_stand_out_from_what_they_stand_on(colours: Colours) -> None:
    """Contrast of at least 3 (WCAG 1.4.11) for what has to be seen to be used."""
    for ground in (colours.window, colours.info_back, colours.raised):
        assert contrast(colours.accent, ground) >= 3, f"star, bar, focus on {ground}"
    assert contrast(colours.quiet, colours.panel) >= 3, "a switch that is off"
    assert contrast(colours.on_accent, colours.accent) >= 3, "the knob of one that is on"


@BOTH
def test_greys_have_no_hue(colours: Colours) -> None:
    for name in ("window", "panel", "canvas", "raised", "line"):
        assert re.fullmatch(r"#(..)\1\1", getattr(colours, name)), f"{name} tints the pictures beside it"


@BOTH
def test_palette_and_style_are_made_of_these_colours_only(colours: Colours) -> None:
    known = {getattr(colours, item.name) for item in fields(colours)}
    assert set(re.findall(r"#[0-9a-f]{6}\b", make_style(colours))) <= known
    palette = make_palette(colours)
    assert palette.window().color().name() == colours.window
    assert palette.highlight().color().name() == colours.accent


def test_modes_switch_live(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.set_mode("dark")
    assert theme.is_dark
    assert QApplication.palette().window().color().name() == DARK.window
    theme.set_mode("light")
    assert not theme.is_dark
    assert theme.colours is LIGHT


def test_the_system_is_followed_only_when_asked(theme: Theme) -> None:
    theme.set_mode("system")
    is_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert theme.is_dark is is_dark
    assert theme.colours is (DARK if is_dark else LIGHT)


@pytest.mark.parametrize("name", ["brush", "dice-multiple", "star", "star-outline", "face-man-shimmer-outline"])
def test_icons_come_in_the_theme_s_colours(theme: Theme, name: str) -> None:
    def middle_colours() -> set[str]:
        image = theme.icon(name).pixmap(64, 64).toImage().convertToFormat(QImage.Format.Format_ARGB32)
        points = ((x, y) for x in range(64) for y in range(64))
        return {image.pixelColor(x, y).name() for x, y in points if image.pixelColor(x, y).alpha() == 255}

    assert middle_colours() == {LIGHT.text}
    theme.set_mode("dark")
    assert middle_colours() == {DARK.text}


@BOTH
def test_the_arrows_of_fields_are_files_in_the_theme_s_colours(colours: Colours) -> None:
    files = re.findall(r'url\("([^"]+)"\)', make_style(colours))
    assert len(set(files)) == 8
    for file in files:
        tones = {"quiet": colours.quiet, "faint": colours.faint, "on": colours.on_accent}
        tone = tones[Path(file).stem.rpartition("-")[2]]
        assert tone in Path(file).read_text()


def test_fields_and_buttons_have_one_height_and_show_arrows(theme: Theme, qtbot: QtBot) -> None:
    fields = [QSpinBox(), QDoubleSpinBox(), QComboBox(), QLineEdit(), QPushButton("Go")]
    for field in fields:
        qtbot.addWidget(field)
    assert len({field.sizeHint().height() for field in fields}) == 1
    for field in fields[:3]:
        field.resize(120, 30)
        image = field.grab(QRect(96, 2, 22, 26)).toImage()
        colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        dark = [colour for colour in colours if contrast(colour, LIGHT.raised) >= 3]
        assert dark, f"no arrow in {type(field).__name__}"
