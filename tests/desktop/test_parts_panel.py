"""The parts panel: rows that are meant, pointed at, named, merged and selected by; finding, with its settings."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTranslator
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QSpinBox, QToolTip, QWidget

from sni_desktop.canvas import overlay, part_layer
from sni_desktop.canvas.badge import list_pills
from sni_desktop.document import Document
from sni_desktop.panels.parts import PartsPanel
from sni_desktop.panels.parts_delegate import icon_rect
from sni_desktop.panels.parts_list import PartTree
from sni_desktop.panels.parts_menu import fill_menu
from sni_desktop.panels.parts_naming import NameField
from sni_desktop.panels.parts_rows import SHARE_ROLE
from sni_desktop.panels.parts_settings import WORDS
from sni_desktop.window import MainWindow
from sni_engine.api.edits import Choice
from sni_engine.api.part_requests import FindParts, ReadParts, ShowParts, describe_finding
from sni_engine.api.parts import PartSet, name_unnamed

from .fakes import CARD, OTHER, DirectClient, FakeEngine, child

Work = Callable[[], None]
LEFT, SHIFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def panel(window: MainWindow, work: Work) -> PartsPanel:
    window.parting.show()
    work()
    return window.parting.panel


@pytest.fixture
def bare(engine: FakeEngine, window: MainWindow, work: Work) -> PartsPanel:
    """Of a model whose parts nobody has named."""
    shipped = engine.parts.shipped[CARD.digest]
    engine.parts.shipped[CARD.digest] = replace(shipped, parts=name_unnamed(5))
    window.parting.show()
    work()
    return window.parting.panel


def tree(panel: PartsPanel) -> PartTree:
    return child(panel, PartTree, "part-list")


def place(panel: PartsPanel, name: str) -> QPoint:
    return tree(panel).visualRect(tree(panel).items[name].index()).center()


def click(panel: PartsPanel, name: str, keys: Qt.KeyboardModifier = NONE, on_icon: bool = False) -> None:
    rows = tree(panel)
    at = icon_rect(rows.visualRect(rows.items[name].index())).center() if on_icon else place(panel, name)
    QTest.mouseClick(rows.viewport(), LEFT, keys, at)


def field() -> NameField:
    found = QApplication.focusWidget()
    assert isinstance(found, NameField)
    return found


def type_name(text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    QTest.keyClicks(field(), text)
    QTest.keyClick(field(), key)


def parts_of(window: MainWindow) -> PartSet:
    parts = window.parting.parts.state.parts
    assert parts is not None
    return parts


def cells(window: MainWindow) -> np.ndarray:
    selection = window.document.snapshot.selection
    assert selection is not None
    return selection.cells


def hint(panel: PartsPanel) -> str:
    return str(child(panel, QLabel, "parts-hint").text())


def asked(engine: FakeEngine, kind: type) -> int:
    return sum(isinstance(request, kind) for request in engine.ran)


# -- what there is ---------------------------------------------------------------------------------------------------


def test_parts_are_asked_for_only_while_the_panel_is_seen(window: MainWindow, engine: FakeEngine, work: Work) -> None:
    assert asked(engine, ReadParts) == 0
    window.parting.show()
    work()
    assert (asked(engine, ReadParts), asked(engine, ShowParts)) == (1, 1)
    window.docks.show("edit")
    window.document.select_all()
    window.document.resample()
    work()
    assert asked(engine, ShowParts) == 1
    window.parting.show()
    work()
    assert asked(engine, ShowParts) == 2


def test_rows_tell_names_and_shares_and_follow_the_picture(panel: PartsPanel, window: MainWindow, work: Work) -> None:
    rows = tree(panel).items
    assert list(rows) == ["eyes", "hair", "mouth", "skin"]
    shares = [item.data(SHARE_ROLE) for item in rows.values()]
    np.testing.assert_allclose(shares, [12 / 256, 0.25, 12 / 256, 1 - 0.25 - 24 / 256])
    assert rows["hair"].data(Qt.ItemDataRole.AccessibleTextRole) == "hair, 25 % of the picture"
    window.document.select_all()
    window.document.resample()
    assert rows["hair"].data(SHARE_ROLE) is not None
    window.document.requests.rested.connect(lambda: None)
    work()
    assert rows["hair"].data(SHARE_ROLE) == 0.25


def test_parts_without_a_name_are_folded_under_a_row(panel: PartsPanel, window: MainWindow, work: Work) -> None:
    window.parting.parts.split(["eyes", "mouth"])
    work()
    rows = tree(panel)
    assert list(rows.items) == ["hair", "skin", "part 1", "part 2"]
    fold = rows.items["part 1"].index().parent()
    assert fold.data() == "2 clusters without a name"
    assert rows.isExpanded(fold), "who has just split parts looks for the pieces"
    QTest.mouseClick(rows.viewport(), LEFT, NONE, rows.visualRect(fold).center())
    assert not rows.isExpanded(fold)
    window.parting.parts.choose("part 2")
    assert rows.isExpanded(fold), "what is meant on the picture is shown"
    assert rows.selected == ["part 2"]


def test_rows_that_nobody_named_stand_alone(bare: PartsPanel) -> None:
    rows = tree(bare)
    assert list(rows.items) == [f"part {index}" for index in range(5)]
    assert not rows.items["part 0"].index().parent().isValid()


# -- meaning, pointing and selecting ---------------------------------------------------------------------------------


def test_a_click_means_a_row_and_the_pointer_shows_it(panel: PartsPanel, window: MainWindow) -> None:
    parts = window.parting.parts
    click(panel, "mouth")
    assert parts.state.chosen == parts_of(window).find("mouth")
    assert hint(panel) == "mouth: 1 cluster, 5 % of the picture"
    assert cells(window).sum() == 0, "meaning selects nothing"
    tree(panel).entered.emit(tree(panel).items["eyes"].index())
    assert parts.state.pointed == parts_of(window).find("eyes")
    assert parts.state.from_list
    assert tree(panel).is_lit(tree(panel).items["eyes"].index())
    parts.point_at((0.0, 0.0))
    assert not parts.state.from_list
    assert tree(panel).is_lit(tree(panel).items["hair"].index()), "and the other way round"
    QTest.mouseMove(window.canvas)
    tree(panel).pointed.emit("")
    assert parts.state.pointed is None


def test_cells_are_selected_by_button_icon_and_keys(panel: PartsPanel, window: MainWindow) -> None:
    click(panel, "mouth")
    child(panel, QAbstractButton, "part-select").click()
    mouth = cells(window).copy()
    assert mouth[5].any()
    assert not mouth[3].any()
    click(panel, "eyes", SHIFT, on_icon=True)
    assert cells(window)[3].any()
    assert cells(window)[5].any()
    assert tree(panel).selected == ["mouth"], "the icon leaves the rows as they are"
    click(panel, "eyes", on_icon=True)
    assert not cells(window)[5].any()
    QTest.keyClick(tree(panel), Qt.Key.Key_Return, SHIFT)
    assert cells(window)[5].any()
    QTest.keyClick(tree(panel), Qt.Key.Key_Return)
    np.testing.assert_array_equal(cells(window), mouth)


def test_alt_takes_cells_away_and_ctrl_with_return_is_the_window_s(
    panel: PartsPanel, window: MainWindow, document: Document
) -> None:
    click(panel, "mouth")
    QTest.keyClick(tree(panel), Qt.Key.Key_Return)
    click(panel, "eyes")
    QTest.keyClick(tree(panel), Qt.Key.Key_Return, SHIFT)
    QTest.keyClick(tree(panel), Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert cells(window)[5].any()
    assert not cells(window)[3].any()
    click(panel, "mouth", CTRL, on_icon=True)
    assert not cells(window).any()
    click(panel, "mouth", on_icon=True)
    before = cells(window).copy()
    QTest.keyClick(tree(panel), Qt.Key.Key_Return, CTRL)
    assert document.snapshot.busy, "it resamples"
    np.testing.assert_array_equal(cells(window), before)


def test_several_rows_are_selected_together(panel: PartsPanel, window: MainWindow) -> None:
    click(panel, "eyes")
    click(panel, "mouth", CTRL)
    assert tree(panel).selected == ["eyes", "mouth"]
    assert hint(panel).startswith("2 parts: 2 clusters")
    QTest.keyClick(tree(panel), Qt.Key.Key_Return)
    assert cells(window)[3].any()
    assert cells(window)[5].any()
    click(panel, "mouth", CTRL)
    assert tree(panel).selected == ["eyes"], "Ctrl takes a row out again"


def test_a_selection_waits_for_the_map(window: MainWindow, engine: FakeEngine, work: Work) -> None:
    window.parting.parts.select(["mouth"])
    work()
    assert cells(window)[5].any()
    window.document.select_all()
    window.document.resample()
    work()
    assert asked(engine, ShowParts) == 1, "one wish is one question"


def test_the_menu_of_places_has_the_parts(window: MainWindow, engine: FakeEngine, work: Work) -> None:
    (menu,) = [item.menu() for item in window.binder.menus["select"].actions() if item.text() == "&Places"]
    assert not menu._parts.menuAction().isEnabled()
    menu.aboutToShow.emit()
    work()
    assert menu._parts.menuAction().isEnabled()
    assert [action.text() for action in menu._parts.actions()] == ["eyes", "hair", "mouth", "skin"]
    menu._parts.actions()[2].trigger()
    work()
    assert cells(window)[5].any()
    menu.aboutToHide.emit()
    window.document.resample()
    work()
    assert asked(engine, ShowParts) == 1


# -- naming ----------------------------------------------------------------------------------------------------------


def test_names_are_typed_one_after_the_other(bare: PartsPanel, window: MainWindow, work: Work) -> None:
    click(bare, "part 0")
    QTest.keyClick(tree(bare), Qt.Key.Key_F2)
    assert field().placeholderText() == "Name of part 0"
    assert "Return goes on" in hint(bare)
    type_name("hair")
    assert field().placeholderText() == "Name of part 1", "at once, so that no letter is lost while that is kept"
    type_name("eyes")
    QTest.keyClicks(field(), "mo")
    work()
    assert parts_of(window).names == ("eyes", "hair", "part 2", "part 3", "part 4")
    assert field().text() == "mo", "what was half typed stays when rows are written anew"
    type_name("uth", Qt.Key.Key_Tab)
    type_name("")
    assert field().placeholderText() == "Name of part 4", "nothing typed goes on, too"
    QTest.keyClick(field(), Qt.Key.Key_Escape)
    work()
    assert parts_of(window).names == ("eyes", "hair", "mouth", "part 3", "part 4")
    assert window.parting.parts.state.chosen == parts_of(window).find("part 4")
    history = window.document.snapshot.history
    assert history is not None
    assert not history.current.label, "F2 was the list's"


def test_a_known_name_is_chosen_from_the_list_and_joins(bare: PartsPanel, window: MainWindow, work: Work) -> None:
    window.parting.parts.rename(["part 0"], "hair")
    work()
    tree(bare).name(["part 3"])
    QTest.keyClicks(field(), "H")
    completer = field().completer()
    assert completer is not None
    popup = completer.popup()
    assert popup is not None
    assert popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    work()
    assert parts_of(window).find("hair").clusters == (0, 3)
    notice = window.document.snapshot.notice
    assert notice is not None
    assert "“hair”" in notice.title
    assert notice.offer == "take-back-parts"
    window._take_offer(notice.offer)
    work()
    assert parts_of(window).find("hair").clusters == (0,)


def test_a_field_that_is_left_takes_the_name_and_goes_nowhere(
    panel: PartsPanel, window: MainWindow, work: Work
) -> None:
    click(panel, "mouth")
    QTest.mouseDClick(tree(panel).viewport(), LEFT, NONE, place(panel, "mouth"))
    assert field().text() == "mouth"
    assert "both are one" in hint(panel)
    field().setText("lips")
    window.canvas.setFocus()
    work()
    assert parts_of(window).names == ("eyes", "hair", "lips", "skin")
    assert not tree(panel).is_naming


def test_several_rows_are_merged_under_a_name(panel: PartsPanel, window: MainWindow, work: Work) -> None:
    click(panel, "eyes")
    click(panel, "mouth", CTRL)
    button = child(panel, QAbstractButton, "part-rename")
    assert button.text() == "Merge"
    button.click()
    assert field().text() == "eyes"
    field().selectAll()
    type_name("features")
    work()
    assert parts_of(window).find("features").clusters == (1, 2)
    assert not tree(panel).is_naming, "there is no next one"
    back = child(panel, QAbstractButton, "parts-back")
    back.click()
    work()
    assert parts_of(window).names == ("eyes", "hair", "mouth", "skin")
    assert not back.isEnabled()


def test_menus_offer_what_can_be_done(panel: PartsPanel, window: MainWindow, work: Work) -> None:
    menu = child(panel, QAbstractButton, "part-more").menu()
    menu.aboutToShow.emit()
    assert not any(action.isEnabled() for action in menu.actions()[:3])
    click(panel, "skin")
    menu.aboutToShow.emit()
    actions = {action.text().replace("&", ""): action for action in menu.actions()}
    assert not actions["Take back the last change"].isEnabled()
    actions["Split into clusters"].trigger()
    work()
    assert parts_of(window).names == ("eyes", "hair", "mouth", "part 3", "part 4")
    fill_menu(menu, window.parting.parts, ["part 3"], tree(panel).name)
    actions = {action.text().replace("&", ""): action for action in menu.actions()}
    assert not actions["Split into clusters"].isEnabled(), "a cluster is one"
    actions["Take from the selection"].trigger()
    actions["Back to the parts that came with the model"].trigger()
    work()
    assert parts_of(window).names == ("eyes", "hair", "mouth", "skin")
    assert window.parting.parts.state.can_take_back


def test_letters_stay_commands(panel: PartsPanel, window: MainWindow) -> None:
    click(panel, "eyes")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_M)
    assert window.canvas.tool == "rectangle"
    assert tree(panel).selected == ["eyes"]


# -- finding ---------------------------------------------------------------------------------------------------------


def test_settings_reach_the_engine_and_the_result_can_be_taken_back(
    panel: PartsPanel, window: MainWindow, engine: FakeEngine, work: Work
) -> None:
    before = parts_of(window)
    child(panel, QAbstractButton, "find-fold").click()
    child(panel, QAbstractButton, "find-more").click()
    assert not tree(panel).isVisible(), "one thing at a time"
    layer = child(panel, QComboBox, "find-layer")
    assert [layer.itemText(index) for index in range(layer.count())] == ["Automatic", "0 (16 px)", "1 (16 px)"]
    layer.setCurrentIndex(2)
    clusters = child(panel, QSpinBox, "find-clusters")
    assert clusters.text() == "Automatic"
    clusters.setValue(7)
    child(panel, QSpinBox, "find-seed").setValue(3)
    child(panel, QSpinBox, "find-samples").setValue(50)
    child(panel, QAbstractButton, "find-names").click()
    child(panel, QAbstractButton, "find-parts").click()
    assert child(panel, QAbstractButton, "find-cancel").isVisible()
    work()
    (request,) = [request for request in engine.ran if isinstance(request, FindParts)]
    assert replace(request, ticket=1) == FindParts(1, 1, 7, 3, 50, "portraits")
    assert tree(panel).isVisible()
    assert len(tree(panel).items) == 7
    notice = window.document.snapshot.notice
    assert notice is not None
    assert (notice.title, notice.offer) == ("7 parts were found.", "take-back-parts")
    window._take_offer(notice.offer)
    work()
    assert parts_of(window).parts == before.parts


@pytest.mark.parametrize(("typed", "taken"), [("1", 0), ("129", 12), ("-5", 5), ("x", 0), ("128", 128)])
def test_a_bad_number_cannot_be_typed(panel: PartsPanel, typed: str, taken: int) -> None:
    child(panel, QAbstractButton, "find-fold").click()
    child(panel, QAbstractButton, "find-more").click()
    box = child(panel, QSpinBox, "find-clusters")
    box.selectAll()
    QTest.keyClicks(box, typed)
    box.interpretText()
    assert panel._find._form.read("").clusters == taken


@pytest.mark.parametrize("name", ["find-layer", "find-clusters", "find-seed", "find-samples"])
def test_the_wheel_scrolls_past_settings_that_nobody_has_begun(panel: PartsPanel, name: str) -> None:
    child(panel, QAbstractButton, "find-fold").click()
    child(panel, QAbstractButton, "find-more").click()
    box, before = child(panel, QWidget, name), panel._find._form.read("")
    tree(panel).setFocus()
    turn = QPoint(0, -120)
    at = QPointF(box.rect().center())
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
    phase = Qt.ScrollPhase.NoScrollPhase
    wheel = QWheelEvent(at, box.mapToGlobal(at), turn, turn, buttons, keys, phase, False)
    QApplication.sendEvent(box, wheel)
    assert panel._find._form.read("") == before
    assert box.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_finding_can_be_cancelled_in_place(
    panel: PartsPanel, window: MainWindow, client: DirectClient, work: Work
) -> None:
    window.binder.actions["find-parts"].trigger()
    assert child(panel, QLabel, "find-said").isVisible()
    assert not window.binder.actions["find-parts"].isEnabled()
    child(panel, QAbstractButton, "find-cancel").click()
    work()
    assert tree(panel).isVisible()
    assert asked(client.engine, FindParts) == 0


def test_a_model_without_parts_says_so_and_finds_them(window: MainWindow, panel: PartsPanel, work: Work) -> None:
    window.document.open_model(OTHER.name)
    work()
    assert child(panel, QLabel, "parts-empty").isVisible()
    assert not tree(panel).isVisible()
    child(panel, QAbstractButton, "find-parts").click()
    work()
    assert not child(panel, QLabel, "parts-empty").isVisible()
    assert len(tree(panel).items) == 5
    notice = window.document.snapshot.notice
    assert notice is not None
    assert not notice.offer, "there was nothing before"


def test_what_settings_say_is_known_to_translators() -> None:
    told = set()
    for each in describe_finding().values():
        told |= {each.label, each.help}
        told |= set(dict(each.options).values()) if isinstance(each, Choice) else set()
    assert told == set(WORDS)


def test_the_switch_shows_all_parts_over_the_picture(panel: PartsPanel, window: MainWindow) -> None:
    switch = child(panel, QAbstractButton, "parts-over")
    switch.click()
    assert window.parting.parts.state.is_on
    window.parting.parts.toggle()
    assert not switch.isChecked()


def test_a_command_selects_the_part_that_is_meant(panel: PartsPanel, window: MainWindow) -> None:
    action = window.binder.actions["select-part"]
    assert not action.isEnabled()
    click(panel, "mouth")
    assert action.isEnabled()
    assert action.text().endswith("mouth")
    action.trigger()
    assert cells(window)[5].any()


def test_rows_stay_selected_although_the_one_that_is_meant_was_taken_out(
    panel: PartsPanel, window: MainWindow, work: Work
) -> None:
    for name, keys in (("hair", NONE), ("eyes", CTRL), ("mouth", CTRL), ("mouth", CTRL)):
        click(panel, name, keys)
    assert tree(panel).selected == ["eyes", "hair"]
    window.parting.parts.point_at_part("skin")  # as the pointer does at once
    work()
    assert tree(panel).selected == ["eyes", "hair"]
    window.parting.parts.choose("skin")
    work()
    assert tree(panel).selected == ["skin"], "what is meant elsewhere is shown"


class German(QTranslator):
    """Knows one text."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return "Teil {number}" if source == "part {number}" else source


def test_parts_without_a_name_are_called_in_the_person_s_language_wherever_they_are_told_of(
    bare: PartsPanel, window: MainWindow, work: Work, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(part_layer, "_write", lambda painter, place, font, text: said.append(text))
    monkeypatch.setattr(overlay, "paint_badge", lambda painter, place, text: said.append(text))
    translator = German()
    qapp.installTranslator(translator)
    try:
        window.canvas.resize(700, 700)
        click(bare, "part 3")
        window.parting.parts.toggle()
        window.canvas.set_tool("wand")
        work()
        QTest.mouseMove(window.canvas, window.canvas.rect().center())
        window.canvas.grab()
        window.parting.parts.point_at_part("part 3")
        said += [pill.text for pill in list_pills(window.document.snapshot, window.seeing)]
        said += [hint(bare), window.binder.actions["select-part"].text().replace("&", "")]
    finally:
        qapp.removeTranslator(translator)
    assert {"Teil 0", "Teil 3", "Part: 3", "Select cells of the part 3"} <= set(said)
    assert hint(bare).startswith("Teil 3: ")
    assert not [text for text in said if "part part" in text or text.startswith("part ")]


def test_nothing_is_pointed_at_in_a_list_that_is_put_away(panel: PartsPanel, window: MainWindow, work: Work) -> None:
    window.parting.parts.point_at_part("hair")
    assert window.parting.parts.state.pointed is not None
    window.docks.show("edit")
    work()
    assert window.parting.parts.state.pointed is None


def test_the_list_stays_above_the_settings_of_finding_where_there_is_room(
    panel: PartsPanel, window: MainWindow, work: Callable[[], None]
) -> None:
    fold = child(panel, QAbstractButton, "find-fold")
    window.resize(1120, 900)
    fold.click()
    work()
    assert tree(panel).isVisible()
    assert child(panel, QWidget, "find-names").visibleRegion().boundingRect().height() > 10
    window.resize(1120, 520)
    work()
    assert not tree(panel).isVisible()
    window.resize(1120, 900)
    work()
    assert tree(panel).isVisible()
    fold.click()
    assert tree(panel).isVisible()
    assert child(panel, QWidget, "part-select").isVisible()


def test_a_tip_covers_no_row_to_say_what_the_row_says(panel: PartsPanel, window: MainWindow) -> None:
    row = tree(panel).visualRect(tree(panel).items["mouth"].index())
    for place, told in ((row.center(), False), (icon_rect(row).center(), True)):
        at = tree(panel).viewport().mapToGlobal(place)
        QApplication.sendEvent(tree(panel).viewport(), QHelpEvent(QEvent.Type.ToolTip, place, at))
        assert bool(QToolTip.text()) is told
    QToolTip.hideText()
