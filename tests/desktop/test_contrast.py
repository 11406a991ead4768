"""Light, dark, and changed while running: icons are drawn anew, icons and texts stand out from their ground."""

from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from sni_desktop.theme import Mode
from sni_desktop.window import MainWindow

from .test_theme import contrast

Work = Callable[[], None]
DOCKS = pytest.mark.parametrize("dock", ["edit", "blend", "parts"])
BOTH = pytest.mark.parametrize("mode", ["light", "dark"])


def other(mode: Mode) -> Mode:
    return "dark" if mode == "light" else "light"


def strongest(image: QImage) -> float:
    """Return the contrast of an image's ground, its commonest colour, with the pixel that differs most from it."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    points = Counter(image.pixel(x, y) for x in range(image.width()) for y in range(image.height()))
    ground = QColor(points.most_common(1)[0][0]).name()
    return max(contrast(QColor(point).name(), ground) for point in points)


def seen(widget: QWidget) -> QImage:
    """Return what is on the window where the widget is, a little inside its frame."""
    window = widget.window()
    place = widget.rect().adjusted(3, 3, -3, -3)
    return window.grab(place.translated(widget.mapTo(window, QPoint(0, 0)))).toImage()


@BOTH
@DOCKS
def test_icons_are_drawn_anew_and_stand_out(window: MainWindow, mode: Mode, dock: str) -> None:
    window.docks.show(dock)
    window.parting.panel._find.open(True)
    window.choosing.show()
    window.set_theme(other(mode))
    QApplication.processEvents()
    window.set_theme(mode)
    QApplication.processEvents()
    with_icons = [
        button
        for button in window.findChildren(QAbstractButton)
        if not button.icon().isNull() and button.isEnabled() and button.visibleRegion().boundingRect() == button.rect()
    ]
    assert len(with_icons) > 15
    pale = {button.toolTip() or button.text(): strongest(seen(button)) for button in with_icons}
    assert {name: value for name, value in pale.items() if value < 3} == {}


@BOTH
def test_icons_of_menus_stand_out(window: MainWindow, mode: Mode) -> None:
    window.set_theme(other(mode))
    window.set_theme(mode)
    ground = window.theme.colours.window
    for name, action in window.binder.actions.items():
        if not action.icon().isNull():
            assert icon_contrast(action.icon(), ground) >= 3, name


def icon_contrast(icon: QIcon, ground: str) -> float:
    image = icon.pixmap(32, 32).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    full = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255]
    return min(contrast(colour.name(), ground) for colour in full)


@BOTH
@DOCKS
def test_text_stands_out_where_it_is_painted(window: MainWindow, mode: Mode, dock: str, work: Work) -> None:
    window.docks.show(dock)
    work()
    window.parting.parts.choose("mouth")
    window.set_theme(mode)
    window.document.select_all()
    QApplication.processEvents()
    texts = [
        widget
        for widget in (*window.findChildren(QLabel), *window.findChildren(QAbstractButton))
        if widget.text() and widget.isEnabled() and widget.visibleRegion().boundingRect() == widget.rect()
    ]
    assert len(texts) > 15
    pale = {widget.text(): round(strongest(seen(widget)), 1) for widget in texts if not widget.rect().isEmpty()}
    assert {text: value for text, value in pale.items() if value < 4.5} == {}
