"""What frames a sequence has: as many as were asked for, every stop as it is, the end meeting the beginning."""

from dataclasses import replace

import numpy as np
import pytest

from sni_engine.api.codes import LEVELS, Hold
from sni_engine.api.errors import EngineError
from sni_engine.api.sequences import Timing, blend_codes, count_least, plan_frames

from .conftest import MakeCodes


@pytest.mark.parametrize("loop", [False, True])
@pytest.mark.parametrize(
    ("stops", "frames", "hold"), [(1, 5, 0), (2, 48, 0), (2, 48, 5), (5, 30, 1), (4, 8, 0), (7, 99, 3)]
)
def test_there_are_as_many_frames_as_asked_for(
    make_codes: MakeCodes, stops: int, frames: int, hold: int, loop: bool
) -> None:
    codes = [make_codes(seed) for seed in range(stops)]
    plan = plan_frames(codes, Timing(frames, hold=hold, loop=loop))
    assert sum(frame.count for frame in plan) == frames
    held = [frame.codes for frame in plan if frame.codes in codes]
    assert held == [*codes, *(codes[-2:0:-1] if loop else [])]
    assert all(frame.count == 1 + hold for frame in plan if frame.codes in codes and stops > 1)
    assert len({frame.codes.digest for frame in plan if frame.codes not in codes}) <= len(plan)


def test_a_loop_ends_one_step_before_its_beginning(make_codes: MakeCodes) -> None:
    a, b = make_codes(1), replace(make_codes(2), noise_seed=1)
    plan = plan_frames([a, b], Timing(10, loop=True, pace="even"))
    assert plan[0].codes == a
    assert plan[5].codes == b
    assert np.allclose(plan[9].codes.local, plan[1].codes.local, atol=1e-6)
    assert plan[9].codes != a


def test_too_few_frames_are_refused_and_the_least_named(make_codes: MakeCodes) -> None:
    codes = [make_codes(seed) for seed in range(4)]
    for loop, hold in ((False, 0), (True, 0), (True, 2)):
        least = count_least(4, Timing(hold=hold, loop=loop))
        assert sum(frame.count for frame in plan_frames(codes, Timing(least, hold=hold, loop=loop))) == least
        with pytest.raises(EngineError, match="too few") as caught:
            plan_frames(codes, Timing(least - 1, hold=hold, loop=loop))
        assert str(least) in caught.value.hint


@pytest.mark.parametrize(
    "bad", [{"frames": 0}, {"frames": 10_001}, {"fps": 0.5}, {"fps": 121}, {"hold": -1}, {"pace": "x"}]
)
def test_what_no_sequence_can_be_is_refused(bad: dict[str, int]) -> None:
    with pytest.raises(EngineError):
        Timing(**bad)  # type: ignore[arg-type]


def test_codes_go_along_straight_lines_and_are_exact_at_the_ends(make_codes: MakeCodes) -> None:
    a, b = make_codes(1), make_codes(2)
    assert blend_codes(a, b, 0) is a
    assert blend_codes(a, b, 1) is b
    middle = blend_codes(a, b, 0.25)
    assert all(np.allclose(middle.level(x), 0.75 * a.level(x) + 0.25 * b.level(x), atol=1e-6) for x in LEVELS)
    assert middle.noise_seed == a.noise_seed


def test_gentle_starts_and_stops_slowly(make_codes: MakeCodes) -> None:
    a, b = make_codes(1), make_codes(2)
    gentle, even = (plan_frames([a, b], Timing(11, pace=pace)) for pace in ("gentle", "even"))

    def moved(codes: object) -> float:
        return float(np.abs(codes.local - a.local).max())  # type: ignore[attr-defined]

    assert moved(gentle[1].codes) < moved(even[1].codes)
    assert moved(gentle[9].codes) > moved(even[9].codes)
    assert moved(gentle[5].codes) == pytest.approx(moved(even[5].codes))


def test_cells_that_a_step_locked_stay_still_all_the_way(make_codes: MakeCodes) -> None:
    a, b = make_codes(1), make_codes(2)
    cells = np.zeros(a.local.shape[:2], np.float32)
    cells[1, 2] = 1
    after = replace(b, held=(Hold(cells, a),))
    for way in (0.2, 0.5, 0.9):
        for codes in (blend_codes(a, after, way), blend_codes(after, a, way)):
            (hold,) = codes.held
            assert hold.codes == a
            assert np.array_equal(hold.cells, cells)


def test_other_holds_fade_over(make_codes: MakeCodes) -> None:
    cells = np.ones(make_codes(1).local.shape[:2], np.float32)
    a, b = (replace(make_codes(seed), held=(Hold(cells, make_codes(seed + 10)),)) for seed in (1, 2))
    middle = blend_codes(a, b, 0.25)
    assert {hold.codes.noise_seed: float(hold.cells.max()) for hold in middle.held} == {11: 0.75, 12: 0.25}
    crossed = blend_codes(replace(a, held=(Hold(cells, make_codes(2)),)), replace(make_codes(2), held=()), 0.5)
    assert float(crossed.held_weight.max()) <= 1


def test_faces_of_other_grids_are_refused(make_codes: MakeCodes) -> None:
    with pytest.raises(EngineError, match="different grids"):
        blend_codes(make_codes(1), make_codes(2).with_levels({"style": np.zeros(3)}), 0.5)
