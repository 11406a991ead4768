"""Influence: cells move their own surroundings, measuring goes on where it stopped, and the cache survives anything."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sni_engine import influence
from sni_engine.api.codes import GridSpec
from sni_engine.api.influence import read_influence, write_influence
from sni_engine.api.messages import Failed, Finished, Influence, MeasureInfluence, NewFace, Opened, Progress
from sni_engine.api.paths import cache_folder
from sni_engine.drawing import Painter
from sni_engine.engine import Engine

GRID = GridSpec(style=16, local=4, shared=2, global_=1)
DIGEST = "a" * 32


@pytest.fixture
def engine(model_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(influence, "FACES", 2)
    engine = Engine(str(model_path), "cpu")
    yield engine
    engine.close()


def ask(engine: Engine, row: int, column: int, level: str = "local") -> Influence:
    event = list(engine.run(MeasureInfluence(1, (row, column), level)))[-1]  # type: ignore[arg-type]
    assert isinstance(event, Influence)
    return event


def count_drawings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    drawn: list[int] = []
    forward = Painter._draw_alike

    def counted(self: Painter, codes):  # type: ignore[no-untyped-def]
        drawn.append(len(codes))
        return forward(self, codes)

    monkeypatch.setattr(Painter, "_draw_alike", counted)
    return drawn


def test_a_cell_moves_what_is_around_it_and_nothing_far_away(engine: Engine) -> None:
    corner, middle = ask(engine, 0, 0), ask(engine, 4, 4)
    assert corner.cell == (0, 0)
    assert corner.change.shape == (32, 32)
    assert corner.change.dtype == np.float32
    assert corner.change[:4, :4].mean() > corner.change[4:, 4:].mean()
    assert corner.change[20:, 20:].max() == 0, "beyond a cell's reach nothing changes"
    for axis in (0, 1):
        centre = (middle.change.sum(1 - axis) @ np.arange(32)) / middle.change.sum()
        assert 14 < centre < 22


def test_a_quadrant_is_the_same_for_all_its_cells(engine: Engine) -> None:
    one, other = ask(engine, 0, 0, "shared"), ask(engine, 3, 3, "shared")
    assert np.array_equal(one.change, other.change)
    assert one.change[:12, :12].mean() > one.change[20:, 20:].mean()
    assert not np.array_equal(one.change, ask(engine, 3, 4, "shared").change)


def test_measuring_gives_way_and_goes_on_where_it_stopped(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ask(engine, 2, 2).change
    list(engine.run(NewFace(1, 1)))
    drawn = count_drawings(monkeypatch)
    steps = engine.run(MeasureInfluence(2, (5, 5)))
    assert isinstance(next(steps), Progress)
    assert isinstance(next(steps), Progress)
    steps.close()  # type: ignore[attr-defined]
    assert drawn == [2], "one face was done"
    assert isinstance(list(engine.run(NewFace(3, 2)))[-1], Finished)
    ask(engine, 5, 5)
    assert drawn == [2, 1, 2], "the face in between, and the other face"
    again = Engine(engine._model, "cpu")
    assert np.array_equal(ask(again, 5, 5).change, ask(engine, 5, 5).change)
    assert np.array_equal(whole, ask(engine, 2, 2).change)


def test_a_level_is_measured_once_for_each_model(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    maps = [ask(engine, row, column, "shared").change for row in (0, 4) for column in (0, 4)]
    opened = next(event for event in engine.run(MeasureInfluence(1, (0, 0), "shared")))
    assert not isinstance(opened, Failed)
    drawn = count_drawings(monkeypatch)
    later = Engine(engine._model, "cpu")
    events = list(later.run(MeasureInfluence(9, (7, 7), "shared")))
    card = next(event.card for event in events if isinstance(event, Opened))
    assert isinstance(events[-1], Influence)
    assert np.array_equal(events[-1].change, maps[3])
    assert drawn == []
    stored = read_influence(card.digest, card.grid, "shared")
    assert stored is not None
    assert np.array_equal(stored.reshape(4, 32, 32), maps)


def test_cells_and_levels_that_are_not_there_are_refused(engine: Engine) -> None:
    for cell, level in (((8, 0), "local"), ((0, -1), "local"), ((0, 0), "style")):
        event = list(engine.run(MeasureInfluence(1, cell, level)))[-1]  # type: ignore[arg-type]
        assert isinstance(event, Failed)
        assert event.hint


def make_maps() -> np.ndarray:
    return np.random.default_rng(0).random((8, 8, 16, 16), np.float32)


def test_maps_come_back_as_they_were() -> None:
    maps = make_maps()
    assert read_influence(DIGEST, GRID) is None
    write_influence(DIGEST, maps)
    back = read_influence(DIGEST, GRID)
    assert back is not None
    assert np.array_equal(back, maps)
    assert not back.flags.writeable
    assert read_influence(DIGEST, GridSpec(rows=4, columns=4)) is None
    assert read_influence("b" * 32, GRID) is None


@pytest.mark.parametrize("damage", [b"", b"\x80\x04]\x94.", None, "cut", "nan", "objects"])
def test_a_damaged_cache_is_as_good_as_none(damage: bytes | str | None) -> None:
    write_influence(DIGEST, make_maps())
    (path,) = (cache_folder() / "influence").iterdir()
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-50])
    elif damage in ("nan", "objects"):
        np.save(path, np.full((8, 8, 4, 4), np.nan if damage == "nan" else None), allow_pickle=True)
    elif isinstance(damage, bytes):
        path.write_bytes(damage)
    else:
        path.unlink()
        path.mkdir()
    assert read_influence(DIGEST, GRID) is None


def test_names_that_are_no_digests_reach_no_file() -> None:
    write_influence("../../out", make_maps())
    assert read_influence("../../out", GRID) is None
    assert not cache_folder().exists()


def test_a_cache_that_cannot_be_written_is_done_without() -> None:
    cache_folder().parent.mkdir(parents=True, exist_ok=True)
    cache_folder().write_text("in the way")
    write_influence(DIGEST, make_maps())
    assert read_influence(DIGEST, GRID) is None
