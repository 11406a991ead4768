"""The engine: what each request answers, that it fails in a sentence, and that closing it cancels."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sni_engine.api.codes import GridSpec
from sni_engine.api.edits import Edit, Interpolate, Resample
from sni_engine.api.messages import (
    Apply,
    Draw,
    Event,
    Failed,
    Finished,
    NewFace,
    Opened,
    OpenModel,
    Progress,
    Release,
    Released,
)
from sni_engine.api.selection import Selection, parse_cells, select_all, select_none
from sni_engine.engine import Engine
from sni_engine.seeds import draw_codes


def last(events: Iterator[Event]) -> Event:
    return list(events)[-1]


def face(engine: Engine, seed: int = 7) -> Finished:
    event = last(engine.run(NewFace(1, seed)))
    assert isinstance(event, Finished)
    return event


def apply(engine: Engine, before: Finished, edit: Edit) -> Finished:
    event = last(engine.run(Apply(2, before.codes, edit)))
    assert isinstance(event, Finished)
    return event


def mouth(grid: GridSpec, levels: tuple[str, ...] = ("local",)) -> Selection:
    return Selection(parse_cells("5:7,3:5", grid), levels)  # type: ignore[arg-type]


GRID = GridSpec(style=16, local=4, shared=2, global_=1)


def test_the_first_request_opens_the_model_and_draws(engine: Engine) -> None:
    events = list(engine.run(NewFace(5, 7)))
    assert [type(event) for event in events if not isinstance(event, Progress)] == [Opened, Finished]
    assert {event.ticket for event in events} == {5}
    assert events[-1].picture.shape == (32, 32, 3)  # type: ignore[union-attr]
    assert not events[-1].picture.flags.writeable  # type: ignore[union-attr]


def test_a_seed_gives_the_same_picture_in_every_engine(engine: Engine, model_path: Path) -> None:
    other = Engine(str(model_path), "cpu")
    assert face(engine).picture.tobytes() == face(other).picture.tobytes()


def test_drawing_the_codes_gives_the_picture_back(engine: Engine) -> None:
    before = face(engine)
    event = last(engine.run(Draw(3, before.codes)))
    assert isinstance(event, Finished)
    assert event.picture.tobytes() == before.picture.tobytes()


def test_resampling_changes_only_the_selected_cells_codes(engine: Engine) -> None:
    before = face(engine)
    after = apply(engine, before, Edit(Resample(), mouth(GRID), seed=3))
    changed = (before.codes.local != after.codes.local).any(2)
    assert np.array_equal(changed, mouth(GRID).cells > 0)
    assert np.array_equal(before.codes.style, after.codes.style)
    assert after.locality is not None
    assert after.locality.inside > (after.locality.outside or 0)


@pytest.mark.parametrize("level", ["local", "shared", "global", "style"])
def test_each_level_moves_its_own_codes_alone(engine: Engine, level: str) -> None:
    before = face(engine)
    selection = select_all(GRID, (level,))  # type: ignore[arg-type]
    after = apply(engine, before, Edit(Resample(), selection, seed=3))
    for name in ("local", "shared", "global", "style"):
        same = np.array_equal(before.codes.level(name), after.codes.level(name))  # type: ignore[arg-type]
        assert same == (name != level)


def test_an_edit_of_everything_has_no_outside(engine: Engine) -> None:
    after = apply(engine, face(engine), Edit(Resample(), select_all(GRID, ("style",)), seed=1))
    assert after.locality is not None
    assert after.locality.outside is None


def test_amounts_zero_and_one_are_exact(engine: Engine) -> None:
    before = face(engine)
    nothing = apply(engine, before, Edit(Resample(0.0), select_all(GRID), seed=3))
    whole = apply(engine, before, Edit(Resample(1.0), select_all(GRID), seed=3))
    assert nothing.codes == before.codes
    assert np.array_equal(whole.codes.local, draw_codes(GRID, 3).local)


def test_half_an_amount_is_half_way(engine: Engine) -> None:
    before = face(engine)
    half = apply(engine, before, Edit(Resample(0.5), select_all(GRID), seed=3))
    np.testing.assert_allclose(half.codes.local, (before.codes.local + draw_codes(GRID, 3).local) / 2, atol=1e-6)


def test_soft_cells_move_less(engine: Engine) -> None:
    before = face(engine)
    cells = np.zeros((8, 8), np.float32)
    cells[2, 2], cells[2, 3] = 0.25, 1
    after = apply(engine, before, Edit(Resample(), Selection(cells), seed=3))
    goal = draw_codes(GRID, 3).local
    expected = 0.75 * before.codes.local[2, 2] + 0.25 * goal[2, 2]
    np.testing.assert_allclose(after.codes.local[2, 2], expected, atol=1e-6)
    assert np.array_equal(after.codes.local[2, 3], goal[2, 3])


def test_interpolation_ends_at_the_reference_and_keeps_the_noise(engine: Engine) -> None:
    before, other = face(engine), draw_codes(GRID, 9)
    everything = select_all(GRID, ("local", "shared", "global", "style"))
    after = apply(engine, before, Edit(Interpolate(1.0), everything, reference=other))
    assert np.array_equal(after.codes.style, other.style)
    assert np.array_equal(after.codes.local, other.local)
    assert after.codes.noise_seed == before.codes.noise_seed


def test_an_empty_selection_changes_nothing(engine: Engine) -> None:
    before = face(engine)
    after = apply(engine, before, Edit(Resample(), select_none(GRID), seed=3))
    assert after.codes == before.codes
    assert after.locality is not None
    assert (after.locality.inside, after.locality.outside) == (0.0, 0.0)


def test_codes_of_another_grid_are_refused_in_a_sentence(engine: Engine) -> None:
    event = last(engine.run(Draw(4, draw_codes(GridSpec(style=3), 0))))
    assert isinstance(event, Failed)
    assert "does not fit the model" in event.title
    assert event.ticket == 4
    assert isinstance(last(engine.run(NewFace(5, 1))), Finished), "the engine lives on"


def test_a_reference_or_selection_of_another_grid_is_refused(engine: Engine) -> None:
    before = face(engine)
    reference = Edit(Interpolate(), select_all(GRID), reference=draw_codes(GridSpec(style=3), 0))
    selection = Edit(Resample(), select_all(GridSpec(rows=4, columns=4)))
    for edit in (reference, selection):
        event = last(engine.run(Apply(1, before.codes, edit)))
        assert isinstance(event, Failed)
        assert event.hint


def test_a_model_that_does_not_open_leaves_the_old_one(engine: Engine, tmp_path: Path) -> None:
    before = face(engine)
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"\x80\x04 pickle?")
    for name in (str(bad), "nobody-has-this"):
        assert isinstance(last(engine.run(OpenModel(2, name))), Failed)
        assert face(engine).picture.tobytes() == before.picture.tobytes()


def test_release_lets_go_and_the_next_request_opens_again(engine: Engine) -> None:
    before = face(engine)
    assert isinstance(last(engine.run(Release(2))), Released)
    events = list(engine.run(NewFace(3, 7)))
    assert any(isinstance(event, Opened) for event in events)
    assert events[-1].picture.tobytes() == before.picture.tobytes()  # type: ignore[union-attr]


def test_closing_the_iterator_cancels(engine: Engine) -> None:
    before = face(engine)
    run = engine.run(Apply(2, before.codes, Edit(Resample(), select_all(GRID), seed=3)))
    assert isinstance(next(run), Progress)
    run.close()  # type: ignore[attr-defined]
    assert face(engine).picture.tobytes() == before.picture.tobytes()


def test_an_unknown_device_is_refused(model_path: Path) -> None:
    event = last(Engine(str(model_path), "abacus").run(NewFace(1, 1)))
    assert isinstance(event, Failed)
    assert "not a device" in event.title


def test_memory_is_given_back_now_and_then(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr("sni_engine.engine._TRIM_EVERY", 3)
    monkeypatch.setattr("sni_engine.engine.trim_memory", lambda: given.append(1))
    for seed in range(7):
        list(engine.run(NewFace(seed, seed)))
    assert len(given) == 2
