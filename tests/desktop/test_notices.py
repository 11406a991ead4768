"""Messages: how long they stay, what settles them, and that trouble can be read in the log afterwards."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sni_desktop.activities.settling import Settling
from sni_desktop.document import Document
from sni_desktop.notices import NoticeBar
from sni_desktop.snapshot import Notice
from sni_desktop.theme import Theme
from sni_engine.api.messages import Apply

from .fakes import TWIN, FakeEngine, child

Work = Callable[[], None]


@pytest.fixture
def bar(face: Document, theme: Theme, qtbot: QtBot) -> Iterator[NoticeBar]:
    """A bar for people who read a hundred times as fast, below what they work in."""
    window = QWidget()
    qtbot.addWidget(window)
    made, field = NoticeBar(face, theme, pace=0.01), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(field)
    layout.addWidget(made)
    window.setGeometry(300, 200, 600, 200)  # away from the pointer
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    field.setFocus()
    Settling(face)
    yield made
    window.hide()


def notice(document: Document) -> Notice | None:
    return document.snapshot.notice


def test_good_news_leaves_and_trouble_stays(bar: NoticeBar, face: Document, qtbot: QtBot) -> None:
    face.tell(Notice("error", "It went wrong."))
    qtbot.wait(200)
    assert bar.isVisible()
    face.tell(Notice("info", "It is written."))
    qtbot.waitUntil(lambda: notice(face) is None and not bar.isVisible())


def test_longer_news_and_offers_stay_longer(bar: NoticeBar) -> None:
    short, long = Notice("info", "Done."), Notice("info", "Done." * 20)
    assert bar._reading_ms(short) < bar._reading_ms(long)
    assert bar._reading_ms(short) < bar._reading_ms(Notice("info", "Done.", offer="undo"))


@pytest.mark.parametrize("how", ["pointed at", "focused"])
def test_news_waits_while_somebody_is_at_it(bar: NoticeBar, face: Document, qtbot: QtBot, how: str) -> None:
    face.tell(Notice("info", "It is written."))
    if how == "pointed at":
        bar.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
        QApplication.sendEvent(bar, QEnterEvent(QPointF(), QPointF(), QPointF()))
    else:
        child(bar, QPushButton, "close-notice").setFocus()
    qtbot.wait(200)
    assert notice(face) is not None
    if how == "pointed at":
        bar.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
        QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    else:
        child(bar.window(), QLineEdit, "").setFocus()
    qtbot.waitUntil(lambda: notice(face) is None)


def test_a_step_settles_that_there_was_none(
    bar: NoticeBar, face: Document, engine: FakeEngine, work: Work, qtbot: QtBot
) -> None:
    face.select_all()
    engine.fail = lambda request: "No room." if isinstance(request, Apply) else None
    face.resample()
    work()
    told = notice(face)
    assert told is not None
    face.undo()
    face.set_cells(face.snapshot.selection.cells * 0)  # type: ignore[union-attr]
    work()
    assert notice(face) is told, "nothing has succeeded yet"
    engine.fail = lambda request: None
    face.select_all()
    face.resample()
    qtbot.waitUntil(lambda: (work(), notice(face) is None)[1])


def test_saving_settles_that_it_failed_and_editing_does_not(
    bar: NoticeBar, face: Document, work: Work, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("not a folder")
    face.save(tmp_path / "file" / "face.sni")
    work()
    face.select_all()
    face.resample()
    work()
    assert notice(face) is not None
    face.save(tmp_path / "face.sni")
    qtbot.waitUntil(lambda: (work(), notice(face) is None)[1])


def test_a_model_settles_that_another_did_not_open(bar: NoticeBar, face: Document, work: Work, qtbot: QtBot) -> None:
    face.open_model("no such model")
    work()
    assert notice(face) is not None
    face.open_model(TWIN.name)
    qtbot.waitUntil(lambda: (work(), notice(face) is None)[1])


def test_a_message_about_nothing_known_is_never_settled(bar: NoticeBar, face: Document, work: Work) -> None:
    face.tell(Notice("error", "The disk is gone."))
    face.select_all()
    face.resample()
    work()
    assert notice(face) is not None


def test_what_settles_too_soon_to_read_is_still_read(face: Document, theme: Theme, qtbot: QtBot, work: Work) -> None:
    bar = NoticeBar(face, theme, pace=100.0)
    qtbot.addWidget(bar)
    face.tell(Notice("error", "No room.", about="draw"))
    face.tell(Notice("error", "No room.", about="draw", settled=True))
    qtbot.wait(50)
    assert bar.isVisible()


def test_news_stays_while_somebody_is_at_the_bar_of_another_window(
    bar: NoticeBar, face: Document, qtbot: QtBot
) -> None:
    other = bar.make_twin()
    layout = bar.window().layout()
    assert layout is not None
    layout.addWidget(other)
    face.tell(Notice("info", "It is written."))
    qtbot.waitUntil(other.isVisible)
    other.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    qtbot.wait(200)
    assert notice(face) is not None
    other.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    qtbot.waitUntil(lambda: notice(face) is None)
    qtbot.waitUntil(lambda: not other.isVisible())  # panels hear of it a moment later


def test_trouble_is_in_the_log_once(
    bar: NoticeBar, face: Document, caplog: pytest.LogCaptureFixture, work: Callable[[], None]
) -> None:
    with caplog.at_level(logging.INFO):
        face.tell(Notice("error", "No room.", "Make some.", about="draw"))
        work()
        face.tell(Notice("error", "No room.", "Make some.", about="draw", settled=True))
        work()
    assert [record.message for record in caplog.records] == ["told: No room. Make some."]
