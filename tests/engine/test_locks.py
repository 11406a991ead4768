"""Locked cells: what a blend leaves alone, what it holds, and that files keep it."""

from pathlib import Path

import numpy as np
import pytest

from sni_engine.api.codec import Project, decode_project, encode_project
from sni_engine.api.codes import LEVELS, Codes, GridSpec, Hold
from sni_engine.api.edits import Edit, Interpolate, Resample
from sni_engine.api.errors import EngineError
from sni_engine.api.history import start_history
from sni_engine.api.messages import Apply, Candidates, Draw, Drawn, Finished, NewFace, Request
from sni_engine.api.models import ModelRef
from sni_engine.api.selection import Selection, parse_cells, select_all
from sni_engine.engine import Engine
from sni_engine.methods.base import blend
from sni_engine.seeds import draw_codes

GRID = GridSpec(style=8, local=4)
EYES = parse_cells("3,2:6", GRID)
BEFORE, SOURCE = draw_codes(GRID, 1), draw_codes(GRID, 2)
EVERYTHING = select_all(GRID, LEVELS)


def resample(before: Codes, locks: np.ndarray, amount: float = 1.0, seed: int = 2) -> Codes:
    return blend(before, draw_codes(GRID, seed), EVERYTHING.with_locks(locks), amount, GRID)


def test_locked_cells_keep_their_codes_and_are_held() -> None:
    after = resample(BEFORE, EYES)
    assert np.array_equal(after.local[3, 2:6], BEFORE.local[3, 2:6])
    assert np.array_equal(after.local[5], SOURCE.local[5])
    assert np.array_equal(after.style, SOURCE.style)
    assert [hold.codes for hold in after.held] == [BEFORE]
    assert np.array_equal(after.held_weight, EYES)


def test_edit_after_edit_holds_the_same_picture() -> None:
    twice = resample(resample(BEFORE, EYES), EYES, seed=3)
    assert [hold.codes for hold in twice.held] == [BEFORE]


def test_cells_locked_later_hold_the_picture_of_then() -> None:
    once = resample(BEFORE, EYES)
    mouth = parse_cells("5,3:5", GRID)
    twice = resample(once, np.maximum(EYES, mouth), seed=3)
    assert {hold.codes for hold in twice.held} == {BEFORE, once}
    assert np.array_equal(twice.held_weight, np.maximum(EYES, mouth))


def test_a_cell_set_free_follows_the_next_edit_as_far_as_it_goes() -> None:
    once = resample(BEFORE, EYES)
    half = resample(once, EYES * 0, amount=0.5, seed=3)
    assert np.allclose(half.held_weight, EYES / 2)
    assert resample(once, EYES * 0, seed=3).held == ()


def test_an_edit_that_changes_nothing_holds_nothing() -> None:
    assert resample(BEFORE, EYES, amount=0.0) is BEFORE
    assert EVERYTHING.with_locks(EYES * 0 + 1).touches_nothing


def test_depth_is_limited() -> None:
    codes, locks = BEFORE, EYES * 0
    for index in range(20):
        locks = locks.copy()
        locks[index // 8, index % 8] = 1
        codes = resample(codes, locks, seed=index)
    assert codes.depth <= 8


def test_going_all_the_way_to_a_reference_brings_what_it_holds() -> None:
    held = resample(BEFORE, EYES)
    assert blend(SOURCE, held, EVERYTHING, 1.0, GRID).held_weight.tolist() == held.held_weight.tolist()
    assert blend(SOURCE, held, EVERYTHING.with_levels(["local"]), 1.0, GRID).held == ()


def test_levels_go_their_own_share_of_the_way() -> None:
    amounts = Interpolate(0.5, style=0.0, local=1.0).amounts
    after = blend(BEFORE, SOURCE, EVERYTHING, amounts, GRID)
    assert np.array_equal(after.style, BEFORE.style)
    assert np.allclose(after.local, (BEFORE.local + SOURCE.local) / 2)


def make_project(locks: np.ndarray) -> Project:
    selection = Selection(parse_cells("5,3:5", GRID), ("local",), locks)
    edit = Edit(Interpolate(1.0), EVERYTHING.with_locks(locks), reference=SOURCE)
    history = start_history(BEFORE, 1).push(edit, resample(BEFORE, locks))
    return Project(ModelRef("fake", "f" * 32), history, selection)


def test_files_keep_locks_and_holds() -> None:
    project = make_project(EYES)
    data = encode_project(project)
    assert decode_project(data, "face.sni") == project
    assert b'"version": 2' in document_of(data)


def test_files_without_locks_stay_readable_for_older_programs() -> None:
    assert b'"version": 1' in document_of(encode_project(make_project(EYES * 0)))


def document_of(data: bytes) -> bytes:
    import io
    import zipfile

    return zipfile.ZipFile(io.BytesIO(data)).read("project.json")


def test_holds_that_overlap_or_belong_to_another_grid_are_refused() -> None:
    with pytest.raises(ValueError, match="more than once"):
        Codes(*map(BEFORE.level, ("style", "global", "shared", "local")), held=(Hold(EYES, SOURCE), Hold(EYES, BEFORE)))  # type: ignore[arg-type]
    other = draw_codes(GridSpec(style=9, local=4), 1)
    with pytest.raises(ValueError, match="same grid"):
        Codes(*map(BEFORE.level, ("style", "global", "shared", "local")), held=(Hold(EYES, other),))  # type: ignore[arg-type]


SMALL = GridSpec(style=16, local=4, shared=2, global_=1)
LOCKS = parse_cells("3,2:6;6,1", SMALL)
ANY = select_all(SMALL, LEVELS).with_locks(LOCKS)


def finish(engine: Engine, request: Request) -> Finished:
    event = list(engine.run(request))[-1]
    assert isinstance(event, Finished)
    return event


def locked_pixels(picture: np.ndarray) -> bytes:
    return picture[LOCKS.repeat(4, 0).repeat(4, 1) > 0].tobytes()


@pytest.mark.parametrize(
    "edit",
    [
        Edit(Resample(), ANY, 3),
        Edit(Resample(0.3), ANY, 3),
        Edit(Resample(), ANY.with_levels(["style"]), 3),
        Edit(Resample(), ANY.with_levels(["shared"]), 3),
        Edit(Interpolate(1.0), ANY, reference=draw_codes(SMALL, 9)),
        Edit(Interpolate(0.5, style=1.0), ANY, reference=draw_codes(SMALL, 9)),
    ],
)
def test_no_edit_moves_a_locked_pixel_and_the_locality_says_so(engine: Engine, edit: Edit) -> None:
    before = finish(engine, NewFace(1, 7))
    after = finish(engine, Apply(2, before.codes, edit))
    assert locked_pixels(after.picture) == locked_pixels(before.picture)
    assert not np.array_equal(after.picture, before.picture)
    assert after.locality is not None
    assert after.locality.inside > 0
    assert after.locality.outside == 0
    assert (after.locality.halo_px, after.locality.strayed) == (0, 0)


def test_locked_pixels_outlast_edits_undo_and_another_session(engine: Engine, model_path: Path) -> None:
    steps = [finish(engine, NewFace(1, 7))]
    for seed in range(5):
        steps.append(finish(engine, Apply(2, steps[-1].codes, Edit(Resample(0.7), ANY, seed))))
    assert len({locked_pixels(step.picture) for step in steps}) == 1
    later = Engine(str(model_path), "cpu")
    for step in reversed(steps):
        assert finish(later, Draw(3, step.codes)).picture.tobytes() == step.picture.tobytes()


def test_candidates_leave_locked_pixels(engine: Engine) -> None:
    before = finish(engine, NewFace(1, 7))
    event = list(engine.run(Candidates(2, before.codes, tuple(Edit(Resample(), ANY, seed) for seed in range(9)))))[-1]
    assert isinstance(event, Drawn)
    assert {locked_pixels(picture) for picture in event.pictures} == {locked_pixels(before.picture)}
    assert [locality.outside for locality in event.localities] == [0] * 9


def test_a_cell_held_in_part_is_locked_as_it_looks() -> None:
    """Lock, restyle, free, go half way, lock again, restyle: the picture of half way is held, and nothing beside it."""
    half = resample(resample(BEFORE, EYES), EYES * 0, amount=0.5, seed=3)
    again = resample(half, EYES, seed=4)
    assert [hold.codes for hold in again.held] == [half]
    assert np.array_equal(again.held_weight, EYES)


def test_codes_held_deeper_than_any_edit_makes_them_are_refused() -> None:
    codes = BEFORE
    for _ in range(12):
        codes = Codes(*map(SOURCE.level, ("style", "global", "shared", "local")), held=(Hold(EYES, codes),))  # type: ignore[arg-type]
    project = Project(ModelRef("fake", "f" * 32), start_history(codes), Selection(EYES))
    with pytest.raises(EngineError, match="damaged"):
        decode_project(encode_project(project), "face.sni")
