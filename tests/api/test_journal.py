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
