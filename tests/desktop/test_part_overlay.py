"""All parts over the picture: colours, names, one way of looking at a time; and the shapes that are drawn."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from sni_desktop.canvas.contour import trace_level, trace_rings
from sni_desktop.canvas.part_layer import SeenParts
from sni_desktop.canvas.part_shapes import PartShapes
from sni_desktop.document import Document
from sni_desktop.window import MainWindow
from sni_engine.api.part_pictures import colour_parts
from sni_engine.api.part_requests import ShowParts
from sni_engine.api.parts import PartMap, name_unnamed

from .fake_parts import NAMED, make_parts, map_parts
from .fakes import CARD, OTHER, FakeEngine
from .test_seeing import at, colours, grab, hover, words

Work = Callable[[], None]
MOUTH = (0.5, 0.69)  # x, y


@pytest.fixture
def overlay(window: MainWindow, work: Work) -> MainWindow:
    """A window that shows all parts; nothing is selected."""
    window.resize(1000, 700)
    window.document.select_none()
    window.binder.actions["parts"].trigger()
    work()
    return window


# -- in the window ---------------------------------------------------------------------------------------------------


def test_its_key_shows_every_part_in_its_colour_and_puts_it_away(window: MainWindow, qtbot: QtBot, work: Work) -> None:
    window.resize(1000, 700)
    window.document.select_none()
    window.canvas.set_grid_visible(False)
    bare = colours(window).astype(int)
    qtbot.keyClick(window.canvas, Qt.Key.Key_P)
    work()
    assert window.binder.actions["parts"].isChecked()
    shown = colours(window).astype(int)
    inside = {0: (6, 11), 1: (1, 3), 2: (11, 8), 3: (9, 2)}  # eyes, hair, mouth, skin: pixels without words on them
    for index, (y, x) in inside.items():
        goal = colour_parts(NAMED)[index].astype(int)
        before, after = np.abs(bare[y, x] - goal).sum(), np.abs(shown[y, x] - goal).sum()
        assert after < 0.75 * before, index
    qtbot.keyClick(window.canvas, Qt.Key.Key_P)
    np.testing.assert_array_equal(colours(window), bare)


def test_the_chosen_part_is_the_strongest(overlay: MainWindow, work: Work) -> None:
    alike = colours(overlay).astype(int)
    overlay.parting.parts.choose("hair")
    work()
    chosen = colours(overlay).astype(int)
    hair, skin = colour_parts(NAMED)[[1, 3]].astype(int)
    assert np.abs(chosen[1, 3] - hair).sum() < np.abs(alike[1, 3] - hair).sum()
    assert np.abs(chosen[9, 2] - skin).sum() > np.abs(alike[9, 2] - skin).sum()


def test_a_part_pointed_at_in_the_list_shows_on_the_picture(window: MainWindow, work: Work) -> None:
    window.resize(1000, 700)
    window.document.select_none()
    window.parting.show()
    work()
    bare = colours(window).astype(int)
    window.parting.parts.point_at_part("skin")
    work()
    shown, goal = colours(window).astype(int), colour_parts(NAMED)[3].astype(int)
    assert np.abs(shown[9, 2] - goal).sum() < 0.75 * np.abs(bare[9, 2] - goal).sum()
    np.testing.assert_array_equal(shown[1, 3], bare[1, 3])
    window.parting.parts.point_at_part("")
    work()
    np.testing.assert_array_equal(colours(window), bare)


def test_one_way_of_looking_at_a_time(overlay: MainWindow, work: Work) -> None:
    seeing = overlay.seeing
    overlay.document.select_all()
    overlay.document.resample()
    work()
    for toggle, is_on in (
        (lambda: seeing.influencing.toggle(), lambda: seeing.influencing.now.is_on),
        (lambda: seeing.comparing.toggle("split"), lambda: seeing.comparing.now.is_on),
    ):
        toggle()
        assert (is_on(), seeing.parts.state.is_on) == (True, False)
        seeing.parts.toggle()
        assert (is_on(), seeing.parts.state.is_on) == (False, True)
        work()


def test_what_is_held_shows_without_it_and_it_comes_back(overlay: MainWindow, work: Work) -> None:
    overlay.document.select_all()
    overlay.document.resample()
    work()
    shown = grab(overlay)
    overlay.seeing.comparing.hold(True)
    assert grab(overlay) != shown
    overlay.seeing.comparing.hold(False)
    assert grab(overlay) == shown


def test_escape_puts_it_away(overlay: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(overlay.canvas, Qt.Key.Key_Escape)
    assert not overlay.seeing.parts.state.is_on
    assert not overlay.binder.actions["parts"].isChecked()


def test_a_candidate_that_is_looked_at_has_no_parts_of_the_step(overlay: MainWindow, work: Work) -> None:
    overlay.document.select_all()
    overlay.choosing.candidates.ask()
    work()
    assert SeenParts(overlay.seeing).shapes(overlay.document.snapshot) is not None
    overlay.choosing.candidates.preview(1)
    work()
    with_overlay = colours(overlay)
    assert not any("Part" in text for text in words(overlay))
    overlay.seeing.parts.leave()
    overlay.canvas.set_veil("light")
    np.testing.assert_array_equal(with_overlay, colours(overlay))


def test_every_step_gets_its_own_map(overlay: MainWindow, engine: FakeEngine, work: Work) -> None:
    overlay.document.select_all()
    overlay.document.resample()
    work()
    overlay.document.undo()
    work()
    assert sum(isinstance(request, ShowParts) for request in engine.ran) == 2


def test_the_part_under_the_pointer_is_named_whatever_tool_is_in_hand(overlay: MainWindow) -> None:
    assert words(overlay) == ["Parts"]
    hover(overlay, at(overlay, *MOUTH))
    assert words(overlay) == ["Part: mouth"]
    hover(overlay, at(overlay, 0.5, -0.05))
    assert words(overlay) == ["Parts"]


def test_a_model_without_parts_says_so_once(overlay: MainWindow, document: Document, work: Work) -> None:
    document.open_model(OTHER.name)
    document.new_face(3)
    work()
    assert words(overlay)[-1] == "This model has no parts yet"
    document.dismiss_notice()
    overlay.binder.actions["parts"].trigger()
    assert document.snapshot.notice is None
    overlay.binder.actions["parts"].trigger()
    work()
    assert document.snapshot.notice is not None
    assert document.snapshot.notice.offer == "find-parts"


def test_hovering_and_the_selection_draw_no_part_anew(overlay: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    overlay.canvas.set_tool("wand")
    hover(overlay, at(overlay, *MOUTH))
    grab(overlay)
    drawn: list[object] = []
    monkeypatch.setattr("sni_desktop.canvas.part_layer._draw", lambda *_: drawn.append(_))
    monkeypatch.setattr("sni_desktop.canvas.part_layer._draw_names", lambda *_: drawn.append(_))
    monkeypatch.setattr(PartShapes, "_trace", lambda *_: drawn.append(_))
    for place in ((0.3, 0.4), MOUTH, (0.5, 0.1)):
        hover(overlay, at(overlay, *place))
        grab(overlay)
    overlay.document.select_all()
    grab(overlay)
    assert drawn == []


# -- shapes ----------------------------------------------------------------------------------------------------------


def shapes(map: PartMap | None = None) -> PartShapes:
    return PartShapes(map or map_parts(), make_parts(CARD))


def test_every_pixel_is_within_the_outline_of_its_own_part() -> None:
    """But for lone corners, which smoothing takes: the middle of a pixel is never in another part's outline."""
    made = shapes()
    labels = made.map.label(made.parts)
    outlines = [made.outline(part) for part in made.parts.parts]
    for row, column in np.ndindex(16, 16):
        place = QPointF((column + 0.5) / 16, (row + 0.5) / 16)
        assert [index for index, path in enumerate(outlines) if path.contains(place)] == [labels[row, column]]


def test_there_is_no_gap_between_parts() -> None:
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.scale(200, 200)
    made = shapes()
    for part in made.parts.parts:
        painter.fillPath(made.outline(part), Qt.GlobalColor.white)
    painter.end()
    drawn = np.frombuffer(image.constBits(), np.uint8).reshape(200, 200, 4)
    assert (drawn[..., 0] < 255).mean() < 0.01


def test_a_piece_is_outlined_alone_and_remembered() -> None:
    made = shapes()
    eyes = made.parts.find("eyes")
    left, right = (7 / 16, 4.5 / 16), (7 / 16, 11.5 / 16)
    first = made.outline_piece(eyes, left)
    assert first.boundingRect().right() < 0.5 < made.outline_piece(eyes, right).boundingRect().left()
    assert made.outline(eyes).boundingRect().contains(first.boundingRect())
    known = made.outline_piece(eyes, left)
    assert made.outline_piece(eyes, (7.5 / 16, 5.5 / 16)) is known


def test_a_piece_that_holds_another_one_is_outlined_without_it() -> None:
    fine = np.full((64, 64), 2, np.uint8)
    fine[10:54, 10:54] = 3
    fine[20:44, 20:44] = 2
    made = shapes(PartMap(fine, fine))
    mouth = made.parts.find("mouth")
    rim, block = made.outline_piece(mouth, (0.01, 0.01)), made.outline_piece(mouth, (0.5, 0.5))
    assert [path.contains(QPointF(0.5, 0.5)) for path in (rim, block)] == [False, True]
    assert [path.contains(QPointF(0.05, 0.5)) for path in (rim, block)] == [True, False]
    assert len(rim.toSubpathPolygons()) == 2


def test_a_single_pixel_has_an_outline() -> None:
    fine = np.full((64, 64), 3, np.uint8)
    fine[10, 20] = 2
    made = shapes(PartMap(fine, fine))
    box = made.outline(made.parts.find("mouth")).boundingRect()
    assert QRectF(19 / 64, 9 / 64, 3 / 64, 3 / 64).contains(box)
    assert not box.isEmpty()
    assert made.outline(made.parts.find("hair")).isEmpty()


def test_a_name_goes_where_its_part_is_thick() -> None:
    fine = np.full((64, 64), 0, np.uint8)
    fine[:, :3] = 2  # a thin line,
    fine[40:60, 10:50] = 2  # and a large piece
    made = shapes(PartMap(fine, fine))
    (y, x), (tall, wide) = made.find_room(made.parts.find("mouth"))
    assert 0.7 < y < 0.85
    assert x == pytest.approx(30 / 64)
    assert (tall, wide) == (20 / 64, 40 / 64)


@pytest.mark.parametrize("side", [1, 7, 64, 300, 1024])
def test_maps_of_any_size_and_many_parts_have_shapes(side: int) -> None:
    parts = make_parts(CARD, clusters=40)
    fine = np.random.default_rng(0).integers(0, 40, (4, 4)).astype(np.uint8)
    fine = fine[np.ix_(*(np.arange(side) * 4 // side for _ in range(2)))]
    made = PartShapes(PartMap(fine, fine), parts)
    assert parts.parts == name_unnamed(40)
    for index in set(fine.ravel().tolist()):
        part = parts.parts[index]
        assert not made.outline(part).isEmpty()
        (y, x), room = made.find_room(part)
        assert fine[int(y * side), int(x * side)] == index
        assert min(room) > 0


def test_rings_are_the_segments_joined() -> None:
    values = np.random.default_rng(3).random((9, 11))
    rings, segments = trace_rings(values, 0.5), trace_level(values, 0.5)
    assert sum(map(len, rings)) == len(segments)
    joined = {(*start, *end) for ring in rings for start, end in pairwise([*ring.tolist(), ring[0].tolist()])}
    np.testing.assert_allclose(sorted(joined), sorted(map(tuple, segments.tolist())), atol=1e-12)
    assert trace_rings(np.zeros((3, 3)), 1.0) == []
