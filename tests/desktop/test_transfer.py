"""Part style in the window: the chosen part, drafts and one step, settings, what is in the way, names of steps."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from sni_desktop.activities.parts import Parts
from sni_desktop.activities.references import References
from sni_desktop.activities.transfer import Transfer
from sni_desktop.document import Document
from sni_desktop.panels.blend import BlendPanel
from sni_desktop.panels.choice_box import ChoiceBox
from sni_desktop.panels.live import LiveSlider
from sni_desktop.panels.tree import explain_step
from sni_desktop.window import MainWindow
from sni_desktop.words import name_goal, name_step
from sni_engine.api.edits import Edit, StyleTransfer
from sni_engine.api.messages import Apply
from sni_engine.api.part_requests import PartsFound, WeighParts
from sni_engine.api.parts import Part

from .fakes import OTHER, DirectClient, FakeEngine, child, current_picture_is_right, make_codes

Work = Callable[[], None]
GOAL = make_codes(12)


@pytest.fixture
def transfer(face: Document, work: Work) -> Transfer:
    """A face, hair chosen, and another face to take its look from."""
    references, parts = References(face), Parts(face)
    transfer = Transfer(face, references, parts)
    references.take(GOAL, "Seed 12")
    parts.want("test", True)
    work()
    transfer.choose_part("hair")
    return transfer


def slide(transfer: Transfer, *amounts: float) -> None:
    for amount in amounts:
        transfer.drag(replace(transfer.state.params, amount=amount))


def let_go(transfer: Transfer, work: Work) -> None:
    transfer.release(transfer.state.params)
    work()


def edits(document: Document) -> list[Edit]:
    assert document.snapshot.history is not None
    return [node.edit for node in document.snapshot.history.nodes if node.edit is not None]


def test_a_drag_shows_drafts_and_makes_one_step_over_the_whole_style(
    transfer: Transfer, face: Document, work: Work, engine: FakeEngine
) -> None:
    before = len(engine.ran)
    slide(transfer, *(move / 100 for move in range(1, 71)))
    work()
    assert face.snapshot.draft
    assert len(engine.ran) - before < 10, "of many drafts only the newest is drawn"
    let_go(transfer, work)
    (edit,) = edits(face)
    assert edit.params == StyleTransfer(0.7, "hair")
    assert edit.selection.levels == ("style",)
    assert edit.selection.cells.all()
    assert edit.reference == GOAL
    assert transfer.state.params.amount == 0.7
    assert current_picture_is_right(face)
    face.undo()
    work()
    assert transfer.state.params.amount == 0
    face.redo()
    work()
    assert transfer.state.params.amount == 0.7


def test_dragging_on_makes_the_step_anew_but_not_for_another_part(
    transfer: Transfer, face: Document, work: Work
) -> None:
    slide(transfer, 0.4)
    let_go(transfer, work)
    slide(transfer, 0.9)
    let_go(transfer, work)
    transfer.choose_part("mouth")
    assert transfer.state.params == StyleTransfer(0.0, "mouth")
    slide(transfer, 0.5)
    let_go(transfer, work)
    history = face.snapshot.history
    assert history is not None
    assert [node.parent for node in history.nodes] == [None, 0, 0, 2]
    transfer.choose_part("hair")
    face.undo()
    work()
    assert transfer.state.params == StyleTransfer(0.9, "hair")


def test_a_dropped_drag_leaves_everything(transfer: Transfer, face: Document, work: Work) -> None:
    slide(transfer, 0.4, 0.6)
    work()
    transfer.drop()
    let_go(transfer, work)
    assert edits(face) == []
    assert transfer.state.params == StyleTransfer(0.0, "hair")
    assert not face.snapshot.draft


def test_settings_before_anything_moved_are_remembered_and_draw_nothing(
    transfer: Transfer, face: Document, work: Work, engine: FakeEngine
) -> None:
    before = len(engine.ran)
    for epsilon in (0.2, 0.3):
        transfer.drag(replace(transfer.state.params, epsilon=epsilon))
    transfer.release(replace(transfer.state.params, mode="simultaneous"))
    work()
    assert len(engine.ran) == before
    transfer.go_all_way()
    work()
    assert edits(face)[0].params == StyleTransfer(1.0, "hair", epsilon=0.3, mode="simultaneous")


def test_a_setting_chosen_afterwards_makes_the_step_anew(transfer: Transfer, face: Document, work: Work) -> None:
    slide(transfer, 0.8)
    let_go(transfer, work)
    transfer.release(replace(transfer.state.params, epsilons=(0.1, 0.5)))
    work()
    history = face.snapshot.history
    assert history is not None
    assert [node.parent for node in history.nodes] == [None, 0, 0]
    assert edits(face)[1].params == StyleTransfer(0.8, "hair", epsilons=(0.1, 0.5))


def test_locks_travel_with_the_edit(transfer: Transfer, face: Document, work: Work) -> None:
    locks = np.zeros((8, 8), np.float32)
    locks[:4] = 1
    face.set_locks(locks)
    transfer.go_all_way()
    work()
    np.testing.assert_array_equal(edits(face)[0].selection.locked, locks)
    face.set_locks(locks * 0 + 1)
    assert not transfer.state.can_move


def test_what_is_in_the_way_is_said(face: Document, work: Work, engine: FakeEngine) -> None:
    references, parts = References(face), Parts(face)
    transfer = Transfer(face, references, parts)
    said: list[str] = []

    def say() -> None:
        transfer.go_all_way()
        assert face.snapshot.notice is not None
        said.append(face.snapshot.notice.title)
        assert transfer.state.obstacle.startswith(said[-1])

    say()
    parts.want("test", True)
    work()
    transfer.choose_part("hair")
    say()
    references.take(GOAL, "goal")
    face.open_model(OTHER.name)
    work()
    say()
    assert [each.split()[0:4] for each in said] == [
        ["No", "part", "is", "chosen"],
        ["There", "is", "nothing", "to"],
        ["This", "model", "has", "no"],
    ]
    assert not any(isinstance(request, Apply) for request in engine.ran)


def test_a_step_is_called_by_its_part_and_where_it_is_from(transfer: Transfer, face: Document, work: Work) -> None:
    slide(transfer, 0.7)
    let_go(transfer, work)
    history = face.snapshot.history
    assert history is not None
    assert name_step(history.current, name_goal(history, history.current)) == "Hair from seed 12"
    assert name_step(history.current) == "Style of hair"
    assert explain_step(history.current).splitlines()[:2] == ["Style of hair", "70 %, style"], "no cells, no seed"


def test_a_part_that_the_face_does_not_show_is_said(transfer: Transfer, engine: FakeEngine, work: Work) -> None:
    parts = transfer.parts.state.parts
    assert parts is not None
    bare = replace(parts, centroids=np.eye(6, dtype=np.float32), parts=(*parts.parts, Part("hat", (5,))))
    engine.parts.own[parts.model.digest] = bare
    transfer.parts._take(PartsFound(0, bare))
    work()
    transfer.choose_part("hat")
    assert transfer.state.obstacle.startswith("This face shows no hat.")
    transfer.choose_part("mouth")
    assert transfer.state.can_move


def test_a_look_that_is_there_already_adds_no_step(transfer: Transfer, face: Document, work: Work) -> None:
    transfer.go_all_way()
    work()
    assert len(edits(face)) == 1
    history = face.snapshot.history
    assert history is not None
    before, edit = history.current, history.current.edit
    assert edit is not None
    face.apply(replace(edit, reference=before.codes))
    work()
    assert face.snapshot.history == history
    assert face.snapshot.notice is not None
    assert "Nothing has changed" in face.snapshot.notice.title
    assert current_picture_is_right(face)


# -- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(window: MainWindow, work: Work) -> BlendPanel:
    window.docks.show("blend")
    window.blending.panel.show_way("part")
    work()
    return window.blending.panel


def choose(page: BlendPanel, name: str, value: str) -> None:
    box = child(page, ChoiceBox, name)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def told(page: BlendPanel) -> str:
    return str(child(page, QLabel, "transfer-told").text())


def test_the_page_asks_for_parts_only_while_it_is_seen(window: MainWindow, work: Work, engine: FakeEngine) -> None:
    window.docks.show("blend")
    work()
    assert window.parting.parts.state.parts is None
    window.blending.panel.show_way("part")
    work()
    assert window.parting.parts.state.parts is not None
    window.document.select_all()
    assert [type(request) for request in engine.ran].count(WeighParts) == 1, "so that the first draft need not wait"
    window.blending.panel.show_way("codes")
    before = len(engine.ran)
    window.document.resample()
    work()
    assert [type(request) for request in engine.ran[before:]] == [Apply]


def test_part_reference_strength_and_undo_by_hand(page: BlendPanel, window: MainWindow, work: Work) -> None:
    strength = page._pages["part"].findChild(LiveSlider, "amount")
    assert isinstance(strength, LiveSlider)
    assert not strength.isEnabled()
    assert "Choose one in the list" in told(page)
    choose(page, "part", "hair")
    assert "Take a step, a seed or a file" in told(page)
    window.blending.references.take(GOAL, "Seed 12")
    work()
    assert told(page) == "Hair takes its look from Seed 12; shapes stay."
    strength.setSliderDown(True)
    strength.setValue(60)
    work()
    assert window.document.snapshot.draft
    strength.setSliderDown(False)
    work()
    assert told(page) == "Hair looks 60 % as in Seed 12."
    window.document.undo()
    work()
    assert strength.value() == 0
    window.binder.actions["take-look"].trigger()
    work()
    assert edits(window.document)[-1].params == StyleTransfer(1.0, "hair")


def test_the_part_that_is_meant_elsewhere_is_the_page_s_too(page: BlendPanel, window: MainWindow) -> None:
    window.parting.parts.choose("mouth")
    assert child(page, ChoiceBox, "part").currentData() == "mouth"


def test_settings_are_rows_of_the_parameters(page: BlendPanel, window: MainWindow, work: Work) -> None:
    child(page, QAbstractButton, "transfer-settings").click()
    choose(page, "mode", "simultaneous")
    spill = child(page, LiveSlider, "epsilon")
    spill.setSliderDown(True)
    spill.setValue(30)
    spill.setSliderDown(False)
    layers = child(page, QLineEdit, "epsilons")
    layers.setFocus()
    for text, is_wrong in (("0.1 x", True), ("0.1 2", True), ("0,1; 0.5", False)):
        layers.clear()
        QTest.keyClicks(layers, text)
        assert bool(layers.property("wrong")) == is_wrong
    window.canvas.setFocus()
    work()
    params = window.blending.transfer.state.params
    assert (params.mode, params.epsilon, params.epsilons) == ("simultaneous", 0.3, (0.1, 0.5))
    assert layers.text() == "0.1  0.5"
    assert not spill.isEnabled(), "one for each layer counts instead"


def test_another_model_without_parts_leaves_nothing_to_choose(
    page: BlendPanel, window: MainWindow, work: Work, client: DirectClient
) -> None:
    choose(page, "part", "hair")
    window.document.open_model(OTHER.name)
    work()
    assert not child(page, ChoiceBox, "part").isEnabled()
    assert "has no parts yet" in told(page)


def test_all_the_way_waits_for_a_model_that_is_being_opened_and_then_says_what_is_missing(
    transfer: Transfer, face: Document, work: Work
) -> None:
    face.open_model(OTHER.name)
    transfer.go_all_way()
    work()
    assert edits(face) == []
    assert face.snapshot.notice is not None
    assert face.snapshot.notice.title == "No part is chosen yet."


def test_without_any_spill_all_the_way_says_that_nothing_can_change(
    transfer: Transfer, face: Document, work: Work
) -> None:
    transfer.release(replace(transfer.state.params, epsilon=0.0))
    transfer.go_all_way()
    work()
    assert edits(face) == []
    assert face.snapshot.notice is not None
    assert "spill" in face.snapshot.notice.title
    transfer.release(replace(transfer.state.params, epsilon=0.2))
    transfer.go_all_way()
    work()
    assert edits(face)[-1].params == StyleTransfer(1.0, "hair", epsilon=0.2)


def test_another_part_keeps_what_keys_have_moved_but_not_let_go_yet(
    page: BlendPanel, window: MainWindow, work: Work
) -> None:
    window.blending.references.take(GOAL, "Seed 12")
    work()
    choose(page, "part", "hair")
    strength = page._pages["part"].findChild(LiveSlider, "amount")
    assert isinstance(strength, LiveSlider)
    strength.setValue(60)  # as by keys, which are let go after a while
    choose(page, "part", "mouth")
    strength._let_go()
    work()
    assert [edit.params for edit in edits(window.document)] == [StyleTransfer(0.6, "hair")]
    assert window.blending.transfer.state.params == StyleTransfer(0.0, "mouth")
    assert strength.value() == 0
