"""How the window shares out its room: nothing is cut as it opens, little is shared sensibly, a line stays put."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QCloseEvent, QImage
from PySide6.QtWidgets import QDockWidget, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from sni_desktop.document import Document
from sni_desktop.panels.scroll import Scroll
from sni_desktop.panels.still import StillLabel
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow

from .conftest import forget_changes
from .fakes import child, make_codes, mouth
from .fitting import find_cut

Work = Callable[[], None]
OPENING = 1320, 865


def history(window: MainWindow) -> QDockWidget:
    return child(window, QDockWidget, "history")


@pytest.fixture
def opened(window: MainWindow, document: Document, work: Work) -> MainWindow:
    window.resize(*OPENING)
    mouth(document)
    document.resample()
    work()
    return window


def test_at_the_size_it_opens_with_the_edit_panel_does_not_scroll(opened: MainWindow) -> None:
    bars = [area.verticalScrollBar() for area in child(opened, QDockWidget, "edit").findChildren(Scroll)]
    assert bars
    assert all(bar.maximum() == 0 for bar in bars)
    assert [cut for cut in find_cut(opened) if not cut.startswith("window of")] == []
    assert history(opened).height() >= 180


@pytest.mark.parametrize(("way", "button"), [("codes", "all-way"), ("part", "take-look")])
def test_six_seeds_leave_room_for_the_button_that_takes_the_look(
    opened: MainWindow, work: Work, way: str, button: str
) -> None:
    opened.blending.deal()
    work()
    opened.blending.references.take(make_codes(50), "goal")
    opened.blending.panel.show_way(way)
    work()
    deed = child(opened, QPushButton, button)
    assert deed.visibleRegion().boundingRect().height() == deed.height()


def test_a_small_window_leaves_nothing_squeezed_in_a_large_one(opened: MainWindow, work: Work) -> None:
    wanted = history(opened).height()
    opened.resize(660, 500)
    work()
    assert history(opened).height() <= 180
    opened.resize(*OPENING)
    work()
    assert history(opened).height() == wanted


def drag_line(window: MainWindow, qtbot: QtBot, by: int) -> None:
    dock = history(window)
    start = dock.mapTo(window, QPoint(dock.width() // 2, -1))
    qtbot.mousePress(window, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(window, start + QPoint(0, by))
    QCoreApplication.processEvents()
    qtbot.mouseRelease(window, Qt.MouseButton.LeftButton, pos=start + QPoint(0, by))


def test_where_a_person_has_put_the_line_it_stays_until_the_layout_is_reset(
    opened: MainWindow, theme: Theme, qtbot: QtBot, work: Work
) -> None:
    plain = history(opened).height()
    drag_line(opened, qtbot, -120)
    work()
    moved = history(opened).height()
    assert moved > plain + 60
    opened.resize(OPENING[0] - 40, OPENING[1])
    work()
    assert history(opened).height() == moved
    opened.docks.reset()
    work()
    assert history(opened).height() == plain


@pytest.mark.parametrize("is_dragged", [True, False])
def test_a_line_that_was_put_somewhere_is_there_at_the_next_start(
    opened: MainWindow, document: Document, theme: Theme, qtbot: QtBot, work: Work, is_dragged: bool
) -> None:
    plain = history(opened).height()
    if is_dragged:
        drag_line(opened, qtbot, -120)
        work()
    else:
        opened.resizeDocks([history(opened)], [plain + 120], Qt.Orientation.Vertical)  # squeezed by nobody's hand
    forget_changes(opened)
    opened.closeEvent(QCloseEvent())
    again = MainWindow(document, theme, Settings())
    qtbot.addWidget(again, before_close_func=forget_changes)
    again.resize(*OPENING)
    again.show()
    work()
    assert (history(again).height() > plain + 60) is is_dragged


def test_the_bar_shows_that_it_has_more(opened: MainWindow, work: Work) -> None:
    opened.resize(523, 400)
    work()
    more = child(opened, QToolButton, "qt_toolbar_ext_button")
    assert more.isVisible()
    assert count_colours(more.grab().toImage()) > 2


def count_colours(picture: QImage) -> int:
    return len({picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())})


def test_a_text_without_room_ends_in_dots(theme: Theme, qtbot: QtBot) -> None:
    label, dots = StillLabel(), StillLabel()
    for each, text in ((label, "Changed by 6.0 outside"), (dots, "Changed by 6.0 outside")):
        qtbot.addWidget(each)
        each.setText(text)
    label.setFixedSize(90, 20)
    dots._shown = dots.fontMetrics().elidedText("Changed by 6.0 outside", Qt.TextElideMode.ElideRight, 90)
    dots.setFixedSize(90, 20)
    assert dots._shown.endswith("…")
    assert label.grab().toImage() == dots.grab().toImage()
