"""The blend panel: live sliders, what it says, where references come from, and what may be dropped on it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from sni_desktop import dialogs
from sni_desktop.document import Document
from sni_desktop.panels.blend import BlendPanel
from sni_desktop.panels.faces import FaceButton
from sni_desktop.panels.live import LiveSlider
from sni_desktop.panels.tree import DETAIL_ROLE
from sni_desktop.window import MainWindow
from sni_engine.api.edits import Interpolate

from .fakes import OTHER, FakeEngine, child, current_picture_is_right, make_codes, mouth
from .test_references import write

Work = Callable[[], None]


@pytest.fixture
def panel(window: MainWindow) -> BlendPanel:
    window.docks.show("blend")
    found = window.findChild(BlendPanel)
    assert isinstance(found, BlendPanel)
    return found


def press(panel: QWidget, name: str) -> None:
    button = child(panel, QAbstractButton, name)
    assert button.isEnabled(), name
    button.click()


def region(panel: BlendPanel) -> str:
    return str(child(panel, QLabel, "region").text())


def drop(panel: BlendPanel, *paths: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    over = child(panel, QLabel, "region")  # what lies under the pointer, as Qt would send it there
    enter = QDragEnterEvent(QPoint(5, 5), action, data, button, keys)
    QApplication.sendEvent(over, enter)
    event = QDropEvent(QPointF(5, 5), action, data, button, keys)
    QApplication.sendEvent(over, event)
    return enter.isAccepted() and event.isAccepted()


def test_without_a_reference_it_says_where_to_get_one(panel: BlendPanel) -> None:
    assert not child(panel, LiveSlider, "amount").isEnabled()
    assert not child(panel, QAbstractButton, "all-way").isEnabled()
    assert "a step, a seed or a file" in region(panel)


def test_dragging_the_slider_shows_drafts_and_letting_go_makes_one_step(
    panel: BlendPanel, window: MainWindow, work: Work
) -> None:
    window.blending.references.take(make_codes(50), "goal")
    work()
    slider = child(panel, LiveSlider, "amount")
    slider.setSliderDown(True)
    for value in range(1, 71):
        slider.setValue(value)
    work()
    now = window.document.snapshot
    assert now.draft
    assert now.history is not None
    assert len(now.history.nodes) == 1
    slider.setSliderDown(False)
    work()
    history = window.document.snapshot.history
    assert history is not None
    assert len(history.nodes) == 2
    assert history.current.edit is not None
    assert history.current.edit.params == Interpolate(0.7)
    assert slider.value() == 70, "the step on screen came by this amount"
    window.document.undo()
    work()
    assert slider.value() == 0


def test_it_says_what_will_change(panel: BlendPanel, window: MainWindow, work: Work) -> None:
    window.blending.references.take(make_codes(50), "goal")
    assert region(panel) == "The whole face: local, shared, global, style."
    mouth(window.document)
    window.document.refresh()
    assert region(panel) == "2 of 64 cells: local."
    child(panel, LiveSlider, "style").setValue(30)
    assert region(panel) == "2 of 64 cells: local; style everywhere."
    window.document.set_locks(np.eye(8, dtype=np.float32))
    window.document.refresh()
    assert region(panel).endswith("Locked cells stay.")
    press(panel, "follow")
    assert region(panel).startswith("2 of 64 cells: local.")
    window.document.set_locks(np.ones((8, 8), np.float32))
    window.document.refresh()
    assert region(panel) == "Every cell that could change is locked."
    assert not child(panel, LiveSlider, "amount").isEnabled()


def test_the_levels_stay_out_of_sight_until_asked_for(panel: BlendPanel) -> None:
    assert not child(panel, LiveSlider, "style").isVisible()
    press(panel, "by-level")
    assert child(panel, LiveSlider, "style").isVisible()


def test_references_come_from_step_seeds_dialogs_and_shelf(
    panel: BlendPanel, window: MainWindow, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = child(panel, QLabel, "reference-name")
    press(panel, "reference-step")
    assert name.text() == "Step 0: Face"
    monkeypatch.setattr(dialogs, "ask_seed", lambda *_: 123)
    press(panel, "reference-seed")
    work()
    assert name.text() == "Seed 123"
    path = write(tmp_path / "b.sni", 5)
    monkeypatch.setattr(dialogs, "ask_open", lambda *_: path)
    press(panel, "reference-file")
    work()
    assert name.text() == "b.sni"
    press(panel, "recent-2")
    assert name.text() == "Step 0: Face"
    press(panel, "reference-deal")
    work()
    assert not child(panel, QAbstractButton, "reference-deal").isVisible()
    press(panel, "dealt-4")
    assert name.text() == f"Seed {window.blending.references.state.deals[4].seed}"
    assert child(panel, FaceButton, "dealt-4").isChecked()
    press(panel, "deal-done")
    assert child(panel, QAbstractButton, "reference-deal").isVisible()
    assert len([face for face in panel.findChildren(FaceButton) if face.accessibleName()]) >= 5


def test_a_project_dropped_on_the_panel_becomes_the_reference_and_nothing_else_changes(
    panel: BlendPanel, window: MainWindow, work: Work, tmp_path: Path
) -> None:
    history = window.document.snapshot.history
    assert drop(panel, write(tmp_path / "face-b.sni", 5))
    work()
    assert window.blending.references.state.current is not None
    assert window.blending.references.state.current.label == "face-b.sni"
    assert window.blending.references.state.current.codes == make_codes(5)
    assert window.document.snapshot.history is history
    assert window.document.snapshot.path is None


def test_every_drop_has_an_answer(panel: BlendPanel, window: MainWindow, work: Work, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    for path in (tmp_path / "notes.txt", tmp_path / "gone.sni", tmp_path, write(tmp_path / "s.sni", 5, OTHER.grid)):
        window.document.dismiss_notice()
        drop(panel, path)
        work()
        assert window.document.snapshot.notice is not None, path
        assert window.blending.references.state.current is None
    drop(panel, write(tmp_path / "a.sni", 5), write(tmp_path / "b.sni", 6))
    notice = window.document.snapshot.notice
    assert notice is not None
    assert notice.title.startswith("Only a.sni is taken")


def test_holding_the_reference_down_shows_it_large(panel: BlendPanel, window: MainWindow, work: Work) -> None:
    press(panel, "reference-step")
    mouth(window.document)
    window.document.resample()
    work()
    reference = window.blending.references.state.current
    assert reference is not None
    face = child(panel, FaceButton, "reference")
    QTest.mousePress(face, Qt.MouseButton.LeftButton)
    assert window.document.snapshot.picture is reference.picture
    assert window.document.snapshot.preview == "Step 0: Face"
    QTest.mouseRelease(face, Qt.MouseButton.LeftButton)
    assert current_picture_is_right(window.document)


def test_a_drag_let_go_over_a_dialog_is_dropped(
    panel: BlendPanel, window: MainWindow, work: Work, engine: FakeEngine
) -> None:
    window.blending.references.take(make_codes(50), "goal")
    work()
    slider = child(panel, LiveSlider, "amount")
    slider.setSliderDown(True)
    slider.setValue(40)
    work()
    slider.abandoned.emit()
    slider.setSliderDown(False)
    work()
    assert slider.value() == 0
    history = window.document.snapshot.history
    assert history is not None
    assert len(history.nodes) == 1
    slider.setSliderDown(True)
    slider.setValue(30)
    slider.setSliderDown(False)
    work()
    assert window.document.snapshot.history is not None
    assert len(window.document.snapshot.history.nodes) == 2


def details(document: Document, window: MainWindow) -> list[str]:
    items = window._history._items
    return [items[number].data(DETAIL_ROLE) for number in sorted(items)]


def test_history_says_what_a_step_moved_toward(panel: BlendPanel, window: MainWindow, work: Work) -> None:
    document = window.document
    mouth(document)
    document.resample()
    work()
    window.blending.references.take_node(0)
    window.blending.blend.go_all_way()
    work()
    window.blending.references.take(make_codes(50), "elsewhere")
    window.blending.blend.go_all_way()
    work()
    document.set_label(0, "Start")
    window.blending.references.take_node(0)
    window.blending.blend.drag(Interpolate(0.5))
    window.blending.blend.release(Interpolate(0.5))
    work()
    items = window._history._items
    assert [items[number].text() for number in sorted(items)][2:] == [
        "Clone from step 0",
        "Clone from seed 50",
        "Blend 50 % to “Start”",
    ]
    assert details(document, window)[2:] == ["local", "local", "local, shared, global, style"]
    assert "Blend 50 % to “Start”" in window._history._explain(4)
    document.set_label(3, "mine")
    document.refresh()
    assert (items[3].text(), details(document, window)[3]) == ("mine", "Clone from seed 50, local")


def test_a_name_left_as_it_is_is_no_label(panel: BlendPanel, window: MainWindow, work: Work) -> None:
    window.blending.references.take(make_codes(50), "elsewhere")
    window.blending.blend.go_all_way()
    work()
    item = window._history._items[1]
    window._history._rename(item)
    history = window.document.snapshot.history
    assert history is not None
    assert history.node(1).label == ""
