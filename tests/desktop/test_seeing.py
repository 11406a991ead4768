"""Looking closely in the window: what the canvas shows while C is held, split or mapped; badges, numbers, zoom."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from sni_desktop.canvas.badge import list_pills
from sni_desktop.canvas.colourmap import map_colours
from sni_desktop.canvas.contour import trace_level
from sni_desktop.canvas.legend import describe_scale
from sni_desktop.document import Document
from sni_desktop.panels.change import list_figures
from sni_desktop.window import MainWindow
from sni_desktop.zoom import ZoomBox
from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes
from sni_engine.api.messages import Finished, Locality, Opened, Pictured

from .fakes import CARD, GRID, DirectClient, FakeEngine, child, draw_picture, make_codes, mouth

Work = Callable[[], None]
NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def edited(window: MainWindow, document: Document, work: Work) -> MainWindow:
    """A window whose face got another mouth; nothing is selected and the grid is hidden."""
    window.resize(1000, 700)
    mouth(document)
    document.resample()
    work()
    document.select_none()
    window.canvas.set_grid_visible(False)
    window.canvas.setFocus()
    return window


def grab(window: MainWindow) -> QImage:
    return window.canvas.grab().toImage()


def at(window: MainWindow, x: float, y: float) -> QPoint:
    """A point of the picture, in fractions of it, on the canvas."""
    view = window.canvas._view
    return QPointF(view.left + x * view.side, view.top + y * view.side).toPoint()


def colours(window: MainWindow, size: int = 16) -> Array:
    """The canvas's colours in the middle of each of the picture's pixels."""
    image = grab(window)
    found = [
        [image.pixelColor(at(window, (x + 0.5) / size, (y + 0.5) / size)) for x in range(size)] for y in range(size)
    ]
    return np.array([[pixel.getRgb()[:3] for pixel in row] for row in found])


def words(window: MainWindow) -> list[str]:
    return [pill.text for pill in list_pills(window.document.snapshot, window.seeing)]


def hover(window: MainWindow, place: QPoint) -> None:
    """Move the pointer, whatever dialogs another test has left in its way."""
    where = QPointF(place)
    button = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, where, window.canvas.mapToGlobal(where), button, button, NONE)
    QApplication.sendEvent(window.canvas, event)


def send(window: MainWindow, kind: QEvent.Type, key: Qt.Key, repeats: bool = False) -> None:
    QApplication.sendEvent(window.canvas, QKeyEvent(kind, key, NONE, "c", repeats))


# -- before, held ----------------------------------------------------------------------------------------------------


def test_c_shows_what_was_before_only_while_it_is_held(edited: MainWindow, qtbot: QtBot) -> None:
    """Acceptance check 29."""
    after = grab(edited)
    shown: list[bool] = []
    edited.seeing.comparing.changed.connect(lambda now: shown.append(now.held))
    qtbot.keyPress(edited.canvas, Qt.Key.Key_C)
    before = grab(edited)
    assert before != after
    assert words(edited) == ["Before · Face"]
    for _ in range(5):  # as X11 repeats: let go and pressed again, both marked
        send(edited, QEvent.Type.KeyRelease, Qt.Key.Key_C, repeats=True)
        send(edited, QEvent.Type.KeyPress, Qt.Key.Key_C, repeats=True)
        assert grab(edited) == before
    qtbot.keyRelease(edited.canvas, Qt.Key.Key_C)
    assert grab(edited) == after
    assert shown == [True, False], "no flicker"


def test_the_selection_is_hidden_while_c_is_held(edited: MainWindow, document: Document, qtbot: QtBot) -> None:
    qtbot.keyPress(edited.canvas, Qt.Key.Key_C)
    without = colours(edited)
    qtbot.keyRelease(edited.canvas, Qt.Key.Key_C)
    document.select_all()
    edited.canvas.set_grid_visible(True)
    qtbot.keyPress(edited.canvas, Qt.Key.Key_C)
    np.testing.assert_array_equal(colours(edited), without)
    qtbot.keyRelease(edited.canvas, Qt.Key.Key_C)


@pytest.mark.parametrize("kind", [QEvent.Type.WindowDeactivate, QEvent.Type.ApplicationDeactivate])
def test_another_window_ends_it(edited: MainWindow, qtbot: QtBot, kind: QEvent.Type) -> None:
    qtbot.keyPress(edited.canvas, Qt.Key.Key_C)
    assert edited.seeing.comparing.now.held
    QApplication.sendEvent(edited, QEvent(kind))
    assert not edited.seeing.comparing.now.held


def test_from_the_menu_it_lasts_until_the_next_click(edited: MainWindow, qtbot: QtBot) -> None:
    edited.binder.actions["compare-hold"].trigger()
    assert edited.seeing.comparing.now.held
    qtbot.mouseClick(edited.canvas, LEFT, NONE, at(edited, 0.5, 0.5))
    assert not edited.seeing.comparing.now.held


def test_a_c_in_a_text_field_is_a_letter(edited: MainWindow, qtbot: QtBot) -> None:
    field = child(edited, ZoomBox, "zoom").lineEdit()
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    qtbot.keyPress(field, Qt.Key.Key_C)
    assert not edited.seeing.comparing.now.held
    assert field.text() == "c"


# -- split -----------------------------------------------------------------------------------------------------------


def test_split_shows_before_on_the_left_and_now_on_the_right(
    edited: MainWindow, document: Document, work: Work, qtbot: QtBot
) -> None:
    document.select_all()
    document.resample()
    work()
    document.select_none()
    assert document.snapshot.history is not None
    before, after = (draw_picture(document.snapshot.history.node(node).codes) for node in (1, 2))
    qtbot.keyClick(edited.canvas, Qt.Key.Key_C, SHIFT)
    edited.seeing.comparing.move_split(0.25)
    seen = colours(edited)
    assert np.abs(seen[:, :2] - before[:, :2].astype(int)).mean() < 20
    assert np.abs(seen[:, 6:] - after[:, 6:].astype(int)).mean() < 20
    assert words(edited) == ["Before · Resample", "Now · Resample"]
    assert [pill.side for pill in list_pills(document.snapshot, edited.seeing)] == ["left", "right"]


def test_the_divider_is_dragged_and_moved_by_keys(edited: MainWindow, document: Document, qtbot: QtBot) -> None:
    comparing, canvas = edited.seeing.comparing, edited.canvas
    comparing.toggle("split")
    grab(edited)
    drag(canvas, at(edited, 0.5, 0.3), at(edited, 0.8, 0.4))
    assert comparing.now.split == pytest.approx(0.8, abs=0.01)
    assert document.snapshot.selection is not None
    assert not document.snapshot.selection.cells.any(), "the drag is the divider's, not the brush's"
    qtbot.mouseClick(canvas, LEFT, NONE, at(edited, 0.3, 0.3))
    assert document.snapshot.selection.cells.sum() == 1, "elsewhere the brush works"
    qtbot.keyClick(canvas, Qt.Key.Key_Left, CTRL)
    assert comparing.now.split == pytest.approx(0.78, abs=0.01)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, CTRL)
    assert comparing.now.split == pytest.approx(0.8, abs=0.01)


def drag(canvas: object, start: QPoint, end: QPoint) -> None:
    for kind, place, button in (
        (QEvent.Type.MouseButtonPress, start, LEFT),
        (QEvent.Type.MouseMove, end, Qt.MouseButton.NoButton),
        (QEvent.Type.MouseButtonRelease, end, LEFT),
    ):
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
        event = QMouseEvent(kind, QPointF(place), canvas.mapToGlobal(QPointF(place)), button, held, NONE)  # type: ignore[attr-defined]
        QApplication.sendEvent(canvas, event)


def test_escape_cancels_what_runs_before_it_leaves_the_comparison(
    edited: MainWindow, document: Document, qtbot: QtBot
) -> None:
    edited.seeing.comparing.toggle("split")
    mouth(document)
    document.resample()
    qtbot.keyClick(edited.canvas, Qt.Key.Key_Escape)
    assert edited.seeing.is_on
    QApplication.processEvents()
    qtbot.keyClick(edited.canvas, Qt.Key.Key_Escape)
    assert not edited.seeing.is_on


# -- difference ------------------------------------------------------------------------------------------------------


class OnePixelEngine(FakeEngine):
    """Changes one pixel by an edit, and nothing by another."""

    pixels = ((3, 12),)

    def run(self, request):  # type: ignore[no-untyped-def]
        for event in super().run(request):
            if isinstance(event, Pictured | Finished) and event.codes != make_codes(7):
                picture = draw_picture(make_codes(7)).copy()
                for row, column in self.pixels:
                    picture[row, column] = 255 - picture[row, column]
                event = replace(event, picture=picture)
            yield event


@pytest.mark.parametrize("pixels", [(), ((3, 12),)])
def test_the_map_shows_exactly_what_changed(
    pixels: tuple[tuple[int, int], ...], client: DirectClient, window: MainWindow, work: Work
) -> None:
    """Acceptance check 38."""
    client.engine = OnePixelEngine()
    client.engine.pixels = pixels
    window.document.select_all()
    window.document.resample()
    work()
    window.canvas.set_grid_visible(False)
    window.document.select_none()
    window.binder.actions["difference"].trigger()
    seen = colours(window)
    black = map_colours(np.zeros(1), 40.0)[0]
    assert {(int(y), int(x)) for y, x in np.argwhere((seen != black).any(-1))} == set(pixels)
    scale = describe_scale(window.seeing)
    assert scale is not None
    assert scale.ticks == ("0", "10", "20", "30", "40+")
    assert ("no difference" in scale.notes) == (not pixels)
    image = grab(window).convertToFormat(QImage.Format.Format_RGB888)
    drawn = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)[:, : 3 * image.width()]
    drawn = drawn.reshape(-1, 3).astype(int)
    for value in (10.0, 20.0, 30.0):
        away = np.abs(drawn - map_colours(np.array([value]), 40.0)).sum(-1)
        assert away.min() < 12, "the legend shows the scale's colours"


def test_the_value_under_the_pointer_is_told(edited: MainWindow) -> None:
    label = child(edited, QLabel, "hover")
    edited.seeing.comparing.toggle("difference")
    change = edited.seeing.comparing.now.change
    assert change is not None
    hover(edited, at(edited, 3.5 / 8, 5.5 / 8))
    assert label.text() == f"row 5, column 3 · ΔE {change[11, 7]:.1f}"
    hover(edited, at(edited, 0.5 / 8, 0.5 / 8))
    assert label.text() == "row 0, column 0 · ΔE 0.0"
    edited.seeing.leave()
    assert label.text() == "row 0, column 0"


def test_the_reached_cells_are_outlined_on_the_map(edited: MainWindow) -> None:
    edited.seeing.comparing.toggle("difference")
    outlined = grab(edited)
    edited.seeing.comparing.now = type(edited.seeing.comparing.now)(
        **{**vars(edited.seeing.comparing.now), "reach": np.zeros((8, 8), np.float32)}
    )
    assert grab(edited) != outlined


# -- numbers ---------------------------------------------------------------------------------------------------------


def lab(picture: Array) -> Array:
    """CIELAB under D65, written out anew from CIE 15."""
    c = picture.astype(float) / 255
    c = np.where(c > 0.04045, ((c + 0.055) / 1.055) ** 2.4, c / 12.92)
    m = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    )
    t = np.einsum("hwc,kc->hwk", c, m) / m.sum(1)
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def test_the_numbers_are_those_of_an_independent_computation(
    window: MainWindow, document: Document, client: DirectClient, work: Work
) -> None:
    """Acceptance check 6: what the status bar and the readout say is what the two pictures and the cells give."""
    from sni_engine.metrics.locality import measure_locality

    class Measuring(FakeEngine):
        """Answers with the locality that the real engine would find."""

        def run(self, request):  # type: ignore[no-untyped-def]
            for event in super().run(request):
                if isinstance(event, Finished) and event.locality is not None:
                    noisy = noise(event.codes)
                    found = measure_locality(noise(request.before), noisy, request.edit.selection, GRID)
                    event = Finished(event.ticket, event.codes, noisy, found)
                yield event

    def noise(codes: Codes) -> Array:
        grain = np.random.default_rng(abs(hash(codes.digest))).integers(0, 9, (16, 16, 3))
        return (draw_picture(codes).astype(int) + grain).clip(0, 255).astype(np.uint8)

    client.engine = Measuring()
    assert document.snapshot.history is not None
    old = document.snapshot.history.current.codes
    mouth(document)
    document.resample()
    work()
    new = document.snapshot.history.current.codes
    np.testing.assert_array_equal(np.argwhere((old.local != new.local).any(-1)), [[5, 3], [5, 4]])
    assert (old.local != new.local)[5, 3:5].all()
    change = np.sqrt(((lab(noise(old)) - lab(noise(new))) ** 2).sum(-1))
    inside = np.zeros((16, 16), bool)
    inside[10:12, 6:10] = True
    expected = change[inside].mean(), change[~inside].mean()
    said = [float(number) for number in re.findall(r"[\d.]+", child(window, QLabel, "locality").text())]
    assert said == pytest.approx([*expected, expected[0] / expected[1]], abs=0.06)
    shown = [child(window, QLabel, f"change-{name}").text() for name in ("inside", "outside", "ratio")]
    assert shown == [f"{expected[0]:.1f}", f"{expected[1]:.2f}", f"{expected[0] / expected[1]:.1f} ×"]


def test_figures_that_mean_nothing_are_left_out() -> None:
    assert set(list_figures(None).values()) == {""}
    everywhere = list_figures(Locality(3.0, None))
    assert (everywhere["inside"], everywhere["outside"], everywhere["ratio"]) == ("3.0", "", "")
    assert list_figures(Locality(3.0, 0.0))["ratio"] == "∞"


# -- influence -------------------------------------------------------------------------------------------------------


def test_hovering_shows_what_a_cell_moves_and_the_tool_still_works(
    edited: MainWindow, document: Document, work: Work, qtbot: QtBot
) -> None:
    qtbot.keyClick(edited.canvas, Qt.Key.Key_I)
    work()
    hover(edited, at(edited, 2.5 / 8, 1.5 / 8))
    assert words(edited) == ["Influence of row 1, column 2"]
    seen = colours(edited).sum(-1)
    assert seen[2:4, 4:6].min() > seen[12:, :4].max(), "its own pixels are bright, far ones are dimmed"
    scale = describe_scale(edited.seeing)
    assert scale is not None
    assert scale.ticks[-1] == "10.0"
    first = grab(edited)
    qtbot.keyClick(edited.canvas, Qt.Key.Key_Down)
    assert words(edited) == ["Influence of row 1, column 0"], "the keyboard's cell counts as well"
    assert grab(edited) != first
    qtbot.mouseClick(edited.canvas, LEFT, NONE, at(edited, 2.5 / 8, 1.5 / 8))
    assert document.snapshot.selection is not None
    assert document.snapshot.selection.cells[1, 2] == 1
    qtbot.keyClick(edited.canvas, Qt.Key.Key_Escape)
    assert words(edited) == []


def test_a_level_line_goes_around_what_lies_above_it() -> None:
    values = np.zeros((8, 8))
    values[2:4, 3:6] = 10
    lines = trace_level(values, 5) * 8
    assert lines[:, [0, 2]].min() == pytest.approx(3)
    assert lines[:, [0, 2]].max() == pytest.approx(6)
    assert lines[:, [1, 3]].min() == pytest.approx(2)
    assert lines[:, [1, 3]].max() == pytest.approx(4)
    starts = sorted(tuple(point) for line in lines.round(6).reshape(-1, 2, 2) for point in line)
    assert starts[::2] == starts[1::2], "every line ends where another begins"
    assert len(trace_level(values, 11)) == 0
    edge = trace_level(np.ones((4, 4)), 0.5)
    assert (edge.min(), edge.max()) == (0, 1)


# -- badges ----------------------------------------------------------------------------------------------------------


def test_whatever_is_not_the_current_step_says_so(edited: MainWindow, document: Document, work: Work) -> None:
    assert words(edited) == []
    plain = grab(edited)
    mouth(document)
    document.drag_amount(0.3)
    work()
    assert words(edited) == ["Draft"]
    document.cancel()
    document.select_none()
    assert grab(edited) == plain
    document.preview("Candidate 3", make_codes(1), draw_picture(make_codes(1)))
    assert words(edited) == ["Candidate 3"]
    edited.seeing.comparing.toggle("split")
    assert words(edited) == ["Before · Resample", "Candidate 3"]


def test_a_picture_of_another_model_says_so(edited: MainWindow, client: DirectClient, document: Document) -> None:
    other = type(CARD)("newer", "a" * 32, GRID, 16)
    document._adopt_model(Opened(0, other, "CPU"))
    assert words(edited) == ["Drawn by newer, made with fake"]


def test_badges_stand_above_a_fitted_picture_and_inside_a_large_one(edited: MainWindow) -> None:
    canvas = edited.canvas
    edited.seeing.comparing.toggle("split")
    view = canvas._view
    plate = edited.theme.colour("raised").name()

    def plate_rows(image: QImage) -> list[int]:
        return [y for y in range(image.height()) if image.pixelColor(int(view.left) + 60, y).name() == plate]

    above = plate_rows(grab(edited))
    assert above
    assert max(above) < view.top, "nothing of the picture is covered"
    canvas.zoom_by(3)
    inside = grab(edited)
    assert any(inside.pixelColor(x, y).name() == plate for x in range(10, 60) for y in range(10, 40))


# -- zoom and screen -------------------------------------------------------------------------------------------------


def test_the_zoom_is_shown_and_set_in_the_status_bar(edited: MainWindow, qtbot: QtBot) -> None:
    """Acceptance check 28."""
    canvas, box = edited.canvas, child(edited, ZoomBox, "zoom")
    view = canvas._view

    def shown() -> float:
        assert box.currentText() == f"{canvas._view.percent(16, canvas.devicePixelRatioF()):.0f} %"
        return float(box.currentText().split()[0])

    fitted = shown()
    for key in (Qt.Key.Key_Equal, Qt.Key.Key_Plus):
        before = shown()
        qtbot.keyClick(canvas, key, CTRL)
        assert shown() == pytest.approx(before * 1.25, rel=0.01)
    qtbot.keyClick(canvas, Qt.Key.Key_Minus, CTRL)
    qtbot.keyClick(canvas, Qt.Key.Key_0, CTRL)
    assert shown() == fitted
    assert canvas._view == view
    qtbot.keyClick(canvas, Qt.Key.Key_1, CTRL)
    qtbot.keyClick(canvas, Qt.Key.Key_0, CTRL)
    corner = at(edited, 0.999, 0.999)
    place = canvas._view.to_cells(corner.x(), corner.y(), 16, 16)
    event = QWheelEvent(
        QPointF(corner), QPointF(corner), QPoint(), QPoint(0, 360), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert shown() > fitted
    moved = canvas._view.to_cells(corner.x(), corner.y(), 16, 16)
    pixel = canvas._view.side / 16
    assert np.abs(np.subtract(moved, place)).max() * pixel <= 1, "what was under the pointer is still there"


@pytest.mark.parametrize(("typed", "percent"), [("800", 800), ("850 %", 850), ("1250.5%", 1250.5), ("much", None)])
def test_a_zoom_can_be_typed_and_the_keys_go_back(
    edited: MainWindow, qtbot: QtBot, typed: str, percent: float | None
) -> None:
    box = child(edited, ZoomBox, "zoom")
    before = edited.canvas._view
    field = box.lineEdit()
    assert field is not None
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, typed)
    assert edited.canvas._view == before
    qtbot.keyClick(field, Qt.Key.Key_Return)
    if percent is None:
        assert edited.canvas._view == before
    else:
        assert edited.canvas._view.percent(16, 1) == pytest.approx(percent, rel=0.01)
    assert edited.canvas.hasFocus()
    assert re.fullmatch(r"\d+ %", box.currentText())


def test_the_zoom_box_offers_fit_and_steps_and_gives_up_on_escape(edited: MainWindow, qtbot: QtBot) -> None:
    box = child(edited, ZoomBox, "zoom")
    fitted = edited.canvas._view
    assert [box.itemText(index) for index in range(4)] == ["Fit", "100 %", "200 %", "400 %"]
    box.activated.emit(3)
    assert edited.canvas._view.percent(16, 1) == pytest.approx(400)
    box.activated.emit(0)
    assert edited.canvas._view == fitted
    field = box.lineEdit()
    assert field is not None
    field.setFocus()
    qtbot.keyClicks(field, "77")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert edited.canvas.hasFocus()
    assert edited.canvas._view == fitted


def test_f12_hides_the_panels_and_brings_back_those_that_were_there(edited: MainWindow, qtbot: QtBot) -> None:
    docks = edited.findChildren(QDockWidget)
    docks[0].hide()
    before = [dock.isHidden() for dock in docks]
    qtbot.keyClick(edited.canvas, Qt.Key.Key_F12)
    assert all(dock.isHidden() for dock in docks)
    assert edited.binder.actions["hide-docks"].isChecked()
    qtbot.keyClick(edited.canvas, Qt.Key.Key_F12)
    assert [dock.isHidden() for dock in docks] == before


def test_f11_fills_the_screen_and_back(edited: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(edited.canvas, Qt.Key.Key_F11)
    assert edited.isFullScreen()
    qtbot.keyClick(edited.canvas, Qt.Key.Key_F11)
    assert not edited.isFullScreen()


def test_the_colour_map_grows_ever_brighter() -> None:
    table = map_colours(np.arange(256.0), 255.0).astype(int)
    brightness = lab(table.astype(np.uint8)[None])[0, :, 0]
    assert (np.diff(brightness) > -0.2).all()
    assert np.diff(brightness[::16]).min() > 2, "equal steps of value are steps for the eye"
    assert (table[0].max(), QColor(*table[255].tolist()).name()) == (4, "#fcffa4")


def test_a_step_s_tool_tip_says_how_local_it_was(edited: MainWindow) -> None:
    tip = edited._history._explain(1)
    assert tip.startswith("Resample")
    assert tip.endswith("Changed by 8.0 ΔE inside, 0.50 outside (16.0 times more inside)")
    assert "ΔE" not in edited._history._explain(0), "the first face changed nothing"


def test_a_row_s_menu_compares_with_its_step(edited: MainWindow, document: Document, work: Work) -> None:
    mouth(document)
    document.resample()
    work()
    menu = edited.steps.show_menu(0, QPoint(0, 0))
    action = edited.binder.actions["compare-with"]
    assert action in menu.actions()
    action.trigger()
    menu.close()
    assert words(edited) == ["Before · Face", "Now · Resample"]
