"""What nobody would see is not done: no news, no snapshot; nothing new on the canvas, no painting."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject

from sni_desktop.document import Document
from sni_desktop.panels.still import StillLabel
from sni_desktop.snapshot import Snapshot
from sni_desktop.window import MainWindow

from .fakes import mouth


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QObject) -> None:
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


class Layouts(QObject):
    """Counts how often a window is asked to place what is in it."""

    def __init__(self, window: QObject) -> None:
        super().__init__()
        self.count = 0
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_no_news_is_not_told(face: Document) -> None:
    told: list[Snapshot] = []
    face.set_amount(0.5)
    face.changed.connect(told.append)
    face.set_amount(0.5)
    face.dismiss_notice()
    assert told == []
    face.set_amount(0.6)
    assert len(told) == 1


def test_an_edit_is_told_when_its_picture_comes_and_painted_once(window: MainWindow, work: Callable[[], None]) -> None:
    mouth(window.document)
    work()
    before = window.document.snapshot
    told: list[Snapshot] = []
    shown: list[Snapshot] = []
    window.document.changed.connect(told.append)
    window.document.refreshed.connect(shown.append)
    paints = Paints(window.canvas)
    window.document.resample()
    work()
    assert [(now.busy, now.locality is None) for now in told] == [(True, True), (False, False)]
    assert told[0].history is not before.history
    assert told[0].picture is not before.picture
    assert shown == told[-1:], "the panels are told of both together"
    assert paints.count == 1


def test_an_edit_lays_nothing_out_anew(window: MainWindow, work: Callable[[], None]) -> None:
    mouth(window.document)
    for _ in range(12):  # until every figure has been as wide as it gets
        window.document.resample()
        work()
    layouts = Layouts(window)
    window.document.resample()
    work()
    assert layouts.count == 0


def test_a_still_label_shows_its_text_and_grows_only(window: MainWindow) -> None:
    label = StillLabel()
    label.setText("12.5 ×")
    wide = label.sizeHint().width()
    label.setText("9")
    assert (label.text(), label.accessibleName(), label.sizeHint().width()) == ("9", "9", wide)
    label.setText("1234567.5 ×")
    assert label.sizeHint().width() > wide
