"""What nobody would see is not done: no news, no snapshot; nothing new on the canvas, no painting."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject

from sni_desktop.document import Document
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


def test_no_news_is_not_told(face: Document) -> None:
    told: list[Snapshot] = []
    face.set_amount(0.5)
    face.changed.connect(told.append)
    face.set_amount(0.5)
    face.dismiss_notice()
    assert told == []
    face.set_amount(0.6)
    assert len(told) == 1


def test_an_edit_is_told_twice_and_painted_once(window: MainWindow, work: Callable[[], None]) -> None:
    mouth(window.document)
    work()
    told: list[Snapshot] = []
    window.document.changed.connect(told.append)
    paints = Paints(window.canvas)
    window.document.resample()
    work()
    assert [now.busy for now in told] == [True, False]
    assert told[-1].history is not told[0].history
    assert told[-1].picture is not told[0].picture
    assert paints.count == 1
