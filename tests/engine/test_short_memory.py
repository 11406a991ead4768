"""Memory that runs out: the request goes on in smaller batches, then on the CPU, and the person is told once."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from sni_engine import engine as engine_module
from sni_engine.api.codes import GridSpec
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.messages import (
    Apply,
    Candidates,
    Degraded,
    Draw,
    DrawMany,
    Drawn,
    Event,
    Failed,
    Finished,
    NewFace,
    Opened,
    OpenModel,
    Release,
    Replay,
    Request,
)
from sni_engine.api.selection import select_all
from sni_engine.drawing import Painter
from sni_engine.engine import Engine
from sni_engine.seeds import draw_codes

GRID = GridSpec(style=16, local=4, shared=2, global_=1)
NINE = tuple(draw_codes(GRID, seed) for seed in range(9))
CANDIDATES = Candidates(3, NINE[0], tuple(Edit(Resample(), select_all(GRID), seed=seed) for seed in range(1, 10)))


@pytest.fixture
def engine(model_path: Path) -> Iterator[Engine]:
    engine = Engine(str(model_path), "cpu")
    list(engine.run(NewFace(0, 7)))
    yield engine
    engine.close()


def events(engine: Engine, request: Request, kind: type) -> list:  # type: ignore[type-arg]
    return [event for event in engine.run(request) if isinstance(event, kind)]


def last(engine: Engine, request: Request) -> Event:
    return list(engine.run(request))[-1]


def run_out(monkeypatch: pytest.MonkeyPatch, when: Callable[[Painter, int, int], bool]) -> list[int]:
    """Let memory run out when `when(painter, batch, call)` says so; returns the sizes of all batches begun."""
    begun: list[int] = []
    draw = Painter._draw_alike

    def check(painter: Painter, size: int) -> None:
        begun.append(size)
        if when(painter, size, len(begun)):
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried 9 bytes")

    def draw_alike(self: Painter, codes):  # type: ignore[no-untyped-def]
        check(self, len(codes))
        return draw(self, codes)

    monkeypatch.setattr(Painter, "_draw_alike", draw_alike)
    return begun


def test_the_model_of_replays_goes_first(
    engine: Engine, model_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.safetensors"
    shutil.copy(model_path, other)
    list(engine.run(Replay(1, 7, (CANDIDATES.edits[0],), str(other))))
    assert engine._guest is not None
    begun = run_out(monkeypatch, lambda painter, size, call: call == 1)
    assert isinstance(last(engine, DrawMany(2, NINE)), Drawn)
    assert engine._guest is None
    assert begun[:2] == [9, 9], "the open model gives up nothing"


@pytest.mark.parametrize("request_", [DrawMany(2, NINE), CANDIDATES])
def test_one_failure_makes_batches_smaller_and_keeps_the_request(
    engine: Engine, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = last(engine, request_)
    begun = run_out(monkeypatch, lambda painter, size, call: call == 1)
    answer = list(engine.run(request_))
    assert isinstance(answer[-1], Drawn)
    assert isinstance(before, Drawn)
    assert np.abs(answer[-1].pictures.astype(int) - before.pictures).max() <= 1
    assert begun[:4] == [9, 3, 3, 3]
    assert len([event for event in answer if isinstance(event, Degraded)]) == 1


def test_batches_shrink_to_one_and_the_person_is_told_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = run_out(monkeypatch, lambda painter, size, call: size > 1)
    assert len(events(engine, DrawMany(2, NINE), Degraded)) == 1
    assert begun == [9, 3, *[1] * 9]
    begun.clear()
    assert events(engine, DrawMany(3, NINE), Degraded) == []
    assert begun == [1] * 9, "what fitted is remembered"


@pytest.mark.parametrize("again", [Release(4), OpenModel(4, "")])
def test_letting_go_or_another_model_forgets_what_fitted(
    engine: Engine, again: Request, model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = run_out(monkeypatch, lambda painter, size, call: call == 1)
    list(engine.run(DrawMany(2, NINE)))
    again = OpenModel(4, str(model_path)) if isinstance(again, OpenModel) else again
    list(engine.run(again))
    begun.clear()
    run_out(monkeypatch, lambda painter, size, call: False)
    list(engine.run(DrawMany(5, NINE)))
    assert begun[0] == 9


@pytest.mark.parametrize("request_", [DrawMany(2, NINE), CANDIDATES, Draw(2, NINE[1]), NewFace(2, 5)])
def test_every_failure_is_a_sentence_and_the_engine_lives_on(
    engine: Engine, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        begun = run_out(patch, lambda painter, size, call: True)
        event = last(engine, request_)
        assert isinstance(event, Failed)
        assert "not enough memory" in event.title
        assert event.hint
        assert len(begun) < 10
    assert isinstance(last(engine, request_), Drawn | Finished), "it can be tried again"


def test_a_single_picture_gets_a_second_chance_with_nothing_remembered(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_out(monkeypatch, lambda painter, size, call: call == 1)
    edit = Edit(Resample(), select_all(GRID), seed=3)
    assert isinstance(last(engine, Apply(2, NINE[0], edit)), Finished)


@pytest.mark.parametrize("request_", [DrawMany(2, NINE), CANDIDATES, Draw(2, NINE[1])])
def test_a_full_gpu_hands_over_to_the_cpu(engine: Engine, request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = last(engine, request_)
    engine._studio._pictures.clear()  # type: ignore[union-attr]
    painter = engine._studio.painter  # type: ignore[union-attr]
    painter.device = torch.device("cuda")  # as if; its tensors are where they were
    with monkeypatch.context() as patch:
        run_out(patch, lambda painter, size, call: painter.device.type != "cpu")
        patch.setattr(Painter, "_stack", fail_on_gpu(Painter._stack))
        patch.setattr(Painter, "_tensor", fail_on_gpu(Painter._tensor))
        answer = list(engine.run(request_))
    assert isinstance(answer[-1], Drawn | Finished)
    assert painter.device.type == "cpu"
    told = [event.title for event in answer if isinstance(event, Degraded)]
    assert "CPU" in told[-1]
    assert [event.device for event in answer if isinstance(event, Opened)] == ["CPU"]
    if isinstance(expected, Finished) and isinstance(answer[-1], Finished):
        assert answer[-1].picture.tobytes() == expected.picture.tobytes()


def fail_on_gpu(method: Callable) -> Callable:  # type: ignore[type-arg]
    def guarded(self: Painter, argument: object) -> object:
        if self.device.type != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.")
        return method(self, argument)

    return guarded


def test_other_mistakes_are_not_taken_for_memory(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_it(self: Painter, *args: object) -> None:
        raise RuntimeError("shapes do not fit")

    monkeypatch.setattr(Painter, "_forward", raise_it)
    with pytest.raises(RuntimeError, match="shapes"):
        list(engine.run(Draw(2, NINE[1])))


def test_a_model_without_room_leaves_the_old_one_and_can_be_tried_again(
    engine: Engine, model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = last(engine, NewFace(1, 7))
    with monkeypatch.context() as patch:

        def fail(*args: object) -> None:
            raise MemoryError

        patch.setattr(engine_module, "read_model", fail)
        event = last(engine, OpenModel(2, str(model_path)))
        assert isinstance(event, Failed)
        assert "not enough memory to open this model" in event.title
        after = last(engine, NewFace(3, 7))
    assert isinstance(before, Finished)
    assert isinstance(after, Finished)
    assert after.picture.tobytes() == before.picture.tobytes()
    assert isinstance(last(engine, OpenModel(4, str(model_path))), Opened)


@pytest.mark.parametrize("damage", ["missing", "cut", "changed"])
def test_a_damaged_model_leaves_the_old_one_and_can_be_mended(
    engine: Engine, model_path: Path, tmp_path: Path, damage: str
) -> None:
    before, path = last(engine, NewFace(1, 7)), tmp_path / "mine.safetensors"
    data = model_path.read_bytes()
    if damage != "missing":
        path.write_bytes(data[:-9] if damage == "cut" else data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    for _ in range(2):
        event = last(engine, OpenModel(2, str(path)))
        assert isinstance(event, Failed)
        assert event.hint
        after = last(engine, NewFace(3, 7))
        assert isinstance(before, Finished)
        assert isinstance(after, Finished)
        assert after.picture.tobytes() == before.picture.tobytes()
    path.write_bytes(data)
    assert isinstance(last(engine, OpenModel(4, str(path))), Opened)
