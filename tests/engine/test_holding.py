"""Drawing what is held: exact in held cells, whatever is around them, for every kind of generator."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sni_engine import drawing
from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codes import LEVELS, Codes, Hold
from sni_engine.api.selection import parse_cells, select_all
from sni_engine.drawing import Painter
from sni_engine.holding import share_pixels
from sni_engine.methods.base import blend
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes


def cells(painter: Painter, words: str) -> np.ndarray:
    return parse_cells(words, painter.generator.config.grid)


def redraw(painter: Painter, before: Codes, seed: int, locks: np.ndarray) -> Codes:
    """New codes everywhere, and noise, but in the locked cells."""
    grid = painter.generator.config.grid
    after = blend(before, draw_codes(grid, seed), select_all(grid, LEVELS).with_locks(locks), 1.0, grid)
    return replace(after, noise_seed=seed)


def pixels(picture: np.ndarray, cells: np.ndarray) -> bytes:
    return picture[cells.repeat(4, 0).repeat(4, 1) > 0].tobytes()


def test_held_cells_show_the_old_picture_to_the_bit(painter: Painter) -> None:
    before = draw_codes(painter.generator.config.grid, 1)
    locks = cells(painter, "1,1:3;3,0")
    after = redraw(painter, before, 2, locks)
    mask = torch.from_numpy(locks.repeat(4, 0).repeat(4, 1) > 0)
    old, new = painter.forward(before)[0], painter.forward(after)[0]
    assert torch.equal(old[:, mask], new[:, mask])
    assert not torch.equal(old[:, ~mask], new[:, ~mask])


def test_without_its_holds_the_cells_would_change(painter: Painter) -> None:
    before, locks = draw_codes(painter.generator.config.grid, 1), cells(painter, "1,1:3")
    after = replace(redraw(painter, before, 2, locks), held=())
    assert pixels(painter.draw(before), locks) != pixels(painter.draw(after), locks)


def test_far_from_held_cells_the_new_picture_is_itself() -> None:
    grid = replace(GeneratorConfig().grid, style=6, local=3)
    painter = Painter(Generator(GeneratorConfig(grid, (6, 5, 4), noise=False)), torch.device("cpu"))
    corner = parse_cells("0,0", grid)
    after = redraw(painter, draw_codes(grid, 1), 2, corner)
    free = painter.forward(replace(after, held=()))[0]
    assert torch.equal(painter.forward(after)[0][:, -8:, -8:], free[:, -8:, -8:])


def test_holds_that_hold_show_what_they_show(painter: Painter) -> None:
    before, eyes, mouth = draw_codes(painter.generator.config.grid, 1), cells(painter, "1,1:3"), cells(painter, "2,1:3")
    once = redraw(painter, before, 2, eyes)
    twice = redraw(painter, once, 3, np.maximum(eyes, mouth))
    thrice = redraw(painter, twice, 4, eyes + 0 * mouth)
    assert twice.depth == 2
    picture = painter.draw(twice)
    assert pixels(picture, eyes) == pixels(painter.draw(before), eyes)
    assert pixels(picture, mouth) == pixels(painter.draw(once), mouth)
    assert pixels(painter.draw(thrice), eyes) == pixels(painter.draw(before), eyes)


def test_the_order_of_drawing_does_not_matter(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo and redo draw the same codes again, long after what they hold was forgotten."""
    monkeypatch.setattr(drawing, "_HELD_KEPT", 2)
    steps = [draw_codes(painter.generator.config.grid, 1)]
    for index, words in enumerate(("0,0", "0,0;1,1", "1,1", "1,1;2,2:4")):
        steps.append(redraw(painter, steps[-1], 10 + index, cells(painter, words)))
    there = [painter.draw(codes).tobytes() for codes in steps]
    back = [painter.draw(codes).tobytes() for codes in reversed(steps)]
    assert there == back[::-1]
    assert len(set(there)) == 5


def test_half_held_cells_lie_between(painter: Painter) -> None:
    grid = painter.generator.config.grid
    old, new = draw_codes(grid, 1), draw_codes(grid, 2)
    everywhere = np.ones((4, 4), np.float32)
    half = painter.forward(replace(new, held=(Hold(everywhere / 2, old),)))
    whole = painter.forward(replace(new, held=(Hold(everywhere, old),)))
    assert torch.equal(whole, painter.forward(old))
    assert not torch.equal(half, painter.forward(old))
    assert not torch.equal(half, painter.forward(new))


@pytest.mark.parametrize("same", [True, False])
def test_batches_hold_as_single_pictures_do(painter: Painter, same: bool) -> None:
    grid, locks = painter.generator.config.grid, cells(painter, "1,1:3")
    faces = [draw_codes(grid, 1 if same else index) for index in range(5)]
    codes = [redraw(painter, face, 20 + index, locks) for index, face in enumerate(faces)]
    many, single = painter.draw_many([*codes, faces[0]]), [painter.draw(item) for item in (*codes, faces[0])]
    assert np.abs(many.astype(int) - single).max() <= 1
    for picture, face in zip(many, faces):
        assert pixels(picture, locks) == pixels(painter.draw(face), locks)


def test_candidates_that_hold_the_same_are_one_batch(painter: Painter) -> None:
    before, locks = draw_codes(painter.generator.config.grid, 1), cells(painter, "1,1:3")
    codes = [redraw(painter, before, seed, locks) for seed in range(10, 19)]
    assert [len(drawn) for _, drawn in painter.forward_many(codes)] == [9]
    assert [len(drawn) for _, drawn in painter.forward_many([*codes[:4], before, *codes[4:]])] == [4, 1, 5]


def test_what_is_held_is_worked_out_once(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    make_held = drawing.make_held
    monkeypatch.setattr(drawing, "make_held", lambda *args: made.append(1) or make_held(*args))
    before, locks = draw_codes(painter.generator.config.grid, 1), cells(painter, "1,1:3")
    for seed in range(5):
        painter.draw(redraw(painter, before, 10 + seed, locks))
    assert len(made) == 1


def test_memory_of_what_is_held_is_bounded(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_HELD_BYTES", 1)
    grid, locks = painter.generator.config.grid, cells(painter, "1,1:3")
    for seed in range(4):
        painter.draw(redraw(painter, draw_codes(grid, seed), seed + 9, locks))
    assert len(painter._held) == 1


@pytest.mark.parametrize("side", [1, 2, 4, 8])
def test_shares_are_whole_in_held_cells_and_never_enter_another_hold(side: int) -> None:
    one, other = np.zeros((2, 8, 8), np.float32)
    one[1, 1], other[1, 2], other[3, 3] = 1, 1, 0.5
    shares = share_pixels(np.stack([one, other]), side)
    assert shares.shape == (2, 8 * side, 8 * side)
    assert shares.min() >= 0
    assert shares.sum(0).max() <= 1 + 1e-6
    first = shares[:, side : 2 * side, side : 2 * side]
    second = shares[:, side : 2 * side, 2 * side : 3 * side]
    assert (first[0] == 1).all()
    assert (first[1] == 0).all()
    assert (second[0] == 0).all()
    assert (second[1] == 1).all()
    assert (shares[1, 3 * side : 4 * side, 3 * side : 4 * side] == 0.5).all()
    if side > 1:
        assert 0 < shares[0, side - 1, side] < 1, "it falls off around the cell"
    assert shares[0, 4 * side :].max() == 0, "and ends"


def test_every_layer_reads_what_is_held(painter: Painter) -> None:
    """The pixels of the cells would be right without; what lies beside them is drawn to fit by this."""
    if painter.generator.config.backbone == "adain":
        pytest.skip("there the finished picture is mixed, and nothing before it")
    before, locks = draw_codes(painter.generator.config.grid, 1), cells(painter, "1,1:3")
    with torch.inference_mode():
        old, new = painter._trace(before), painter._trace(redraw(painter, before, 2, locks))
    parts = list(zip([*old.columns, *old.layers, *old.colours], [*new.columns, *new.layers, *new.colours]))
    assert len(parts) == 1 + 4 + 2
    for one, other in parts:
        side = one.shape[2] // 4
        mask = torch.from_numpy(locks.repeat(side, 0).repeat(side, 1) > 0)
        assert torch.equal(one[0][:, mask], other[0][:, mask])


def test_pictures_that_hold_the_same_share_a_batch_in_whatever_order(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    forward = Painter._draw_alike
    monkeypatch.setattr(Painter, "_draw_alike", lambda self, part: sizes.append(len(part)) or forward(self, part))
    faces = [draw_codes(painter.generator.config.grid, seed) for seed in range(3)]
    codes = [
        item
        for face in faces
        for item in (face, redraw(painter, faces[0], 20 + face.noise_seed, cells(painter, "1,1:3")))
    ]
    pictures = painter.draw_many(codes)
    assert sorted(sizes) == [3, 3]
    for item, picture in zip(codes, pictures):
        assert np.abs(painter.draw(item).astype(int) - picture).max() <= 1
