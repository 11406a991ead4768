"""The journal: every state comes back, and half a record costs that record alone."""

from pathlib import Path

import numpy as np
import pytest

from sni_engine.api.codes import GridSpec
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.history import History, start_history
from sni_engine.api.journal import Scribe, State, read_journal
from sni_engine.api.models import ModelRef
from sni_engine.api.packing import Project
from sni_engine.api.selection import parse_cells, select_all, select_none
from sni_engine.seeds import draw_codes

GRID = GridSpec(style=8, local=4)
MODEL = ModelRef("fake", "f" * 32)


def step(history: History, seed: int) -> History:
    return history.push(Edit(Resample(), select_all(GRID), seed), draw_codes(GRID, seed), created=float(seed))


def make_states() -> list[State]:
    """Return a face, steps, an undo with another branch, a name and a star, another selection, a saving."""
    histories = [start_history(draw_codes(GRID, 1), seed=1)]
    for seed in (2, 3, 4):
        histories.append(step(histories[-1], seed))
    histories.append(histories[-1].undo().undo())
    histories.append(step(histories[-1], 5))
    histories.append(histories[-1].change_node(2, label="smile", star=True))
    states = [State(Project(MODEL, history, select_none(GRID))) for history in histories]
    locked = select_none(GRID, ["style"]).with_cells(parse_cells("5,3:5", GRID)).with_locks(parse_cells("3,2:6", GRID))
    states.append(State(Project(MODEL, histories[-1], locked), Path("/tmp/é face.sni")))
    return [*states, State(Project(MODEL, histories[-1], locked), Path("/tmp/é face.sni"), saved=True)]


def write(states: list[State]) -> list[bytes]:
    scribe = Scribe()
    return [scribe.begin(states[0]), *(scribe.go_on(state) for state in states[1:])]


def read(path: Path, data: bytes) -> State | None:
    path.write_bytes(data)
    return read_journal(path)


def test_every_state_comes_back(tmp_path: Path) -> None:
    states = make_states()
    records = write(states)
    for count, state in enumerate(states, 1):
        assert read(tmp_path / "a.journal", b"".join(records[:count])) == state


def test_a_journal_cut_anywhere_gives_the_last_whole_state(tmp_path: Path) -> None:
    states = make_states()
    records = write(states)
    whole = b"".join(records)
    ends = np.cumsum([len(record) for record in records])
    for cut in range(0, len(whole), 97):
        done = int((ends <= cut).sum())
        assert read(tmp_path / "a.journal", whole[:cut]) == (states[done - 1] if done else None)


def test_a_flipped_bit_ends_the_journal_there(tmp_path: Path) -> None:
    states = make_states()
    records = write(states)
    data = bytearray(b"".join(records))
    data[len(records[0]) + len(records[1]) + 40] ^= 1
    assert read(tmp_path / "a.journal", bytes(data)) == states[1]


@pytest.mark.parametrize("data", [b"", b"hello", b"sni-journal 1\n", b"sni-journal 1\n" + bytes(400)])
def test_what_is_no_journal_holds_nothing(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path / "a.journal", data) is None


def test_a_removed_branch_stays_removed(tmp_path: Path) -> None:
    states = make_states()
    history = states[5].project.history
    kept = History(history.nodes[:2], 1, {0: 1})
    fewer = State(Project(MODEL, kept, select_none(GRID)))
    assert read(tmp_path / "a.journal", b"".join(write([*states[:6], fewer]))) == fewer


def test_a_step_costs_what_is_new(tmp_path: Path) -> None:
    history = start_history(draw_codes(GRID, 1), seed=1)
    sizes = []
    scribe = Scribe()
    for seed in range(2, 120):
        state = State(Project(MODEL, history, select_none(GRID)))
        sizes.append(len(scribe.begin(state) if seed == 2 else scribe.go_on(state)))
        history = step(history, seed)
    assert sizes[-1] < 1.2 * sizes[1], "the hundredth step must not write the whole history again"


def test_a_branch_that_was_deleted_leaves_nothing_behind_that_ends_the_journal(tmp_path: Path) -> None:
    """Delete the last step, go back, branch: the new step takes the old one's number under another parent."""
    history = step(step(start_history(draw_codes(GRID, 1), seed=1), 2), 3)
    states = [history, history.without_branch(2)]
    states.append(states[-1].go_to(0))
    for seed in range(4, 9):
        states.append(step(states[-1], seed))
    kept = [State(Project(MODEL, each, select_none(GRID))) for each in states]
    assert read(tmp_path / "a.journal", b"".join(write(kept))) == kept[-1]


def test_a_branch_that_was_put_back_keeps_its_place(tmp_path: Path) -> None:
    history = step(step(start_history(draw_codes(GRID, 1), seed=1), 2).go_to(0), 3)
    states = [history, history.without_branch(1), history, step(history, 4)]
    kept = [State(Project(MODEL, each, select_none(GRID))) for each in states]
    found = read(tmp_path / "a.journal", b"".join(write(kept)))
    assert found == kept[-1]
    assert found is not None
    assert step(found.project.history, 5).current_id == 4


@pytest.mark.parametrize("seed", range(8))
def test_a_walk_at_random_is_kept_at_every_step(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    history = start_history(draw_codes(GRID, 1), seed=1)
    scribe, data, put_back = Scribe(), b"", None
    for count in range(60):
        numbers = [node.id for node in history.nodes]
        deed = rng.integers(6)
        if deed == 0 and len(numbers) > 2:
            put_back, history = history, history.without_branch(int(rng.choice(numbers[1:])))
        elif deed == 1 and put_back is not None:
            history, put_back = put_back, None
        elif deed == 2:
            history = history.go_to(int(rng.choice(numbers)))
        elif deed == 3:
            history = history.change_node(int(rng.choice(numbers)), label=f"step {count}", star=bool(rng.integers(2)))
        else:
            history, put_back = step(history, 100 + count), None
        state = State(Project(MODEL, history, select_none(GRID)))
        data += scribe.go_on(state) if data else scribe.begin(state)
        assert read(tmp_path / "a.journal", data) == state
