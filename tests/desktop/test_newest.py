"""Work beside the window of which only the newest order counts."""

import threading

import pytest
from pytestqt.qtbot import QtBot

from sni_desktop.worker.newest import Newest


def test_of_what_waits_only_the_newest_is_done_and_a_mistake_stops_nothing(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    newest, done = Newest("counting"), []
    newest.done.connect(done.append)
    may_go_on, has_begun = threading.Event(), threading.Event()

    def wait() -> str:
        has_begun.set()
        may_go_on.wait(60)
        return "first"

    newest.ask(wait)
    assert has_begun.wait(60)
    for name in ("second", "third"):
        newest.ask(lambda name=name: name)  # type: ignore[misc]
    may_go_on.set()
    qtbot.waitUntil(lambda: done == ["first", "third"])
    newest.ask(lambda: 1 // 0)
    qtbot.waitUntil(lambda: "ZeroDivisionError" in caplog.text)
    newest.ask(lambda: "after")
    qtbot.waitUntil(lambda: done == ["first", "third", "after"])
    caplog.clear()
