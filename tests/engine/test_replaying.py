"""Replay in the engine: the same codes as edit by edit, on the open model or beside it on another."""

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest
import torch

from sni_engine.api.codes import LEVELS, GridSpec
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
    Release,
    Replay,
    Replayed,
    Request,
)
from sni_engine.api.selection import Selection, parse_cells
from sni_engine.checkpoints.format import write_model
from sni_engine.engine import Engine
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes

from .conftest import SMALL

EDITS = (
    Edit(Resample(), Selection(parse_cells("4:8,2:6", SMALL.grid)), seed=3),
    Edit(Interpolate(0.5), Selection(parse_cells("all", SMALL.grid), LEVELS), reference=draw_codes(SMALL.grid, 9)),
)


def ask(engine: Engine, request: Request) -> list[Event]:
    return list(engine.run(request))


@pytest.fixture
def other_path(tmp_path: Path) -> Path:
    torch.manual_seed(2)
    write_model(tmp_path / "other.safetensors", Generator(SMALL), "other", licence="", facts={}, limits=())
    return tmp_path / "other.safetensors"


def test_a_replay_is_edit_after_edit(engine: Engine) -> None:
    last = ask(engine, Replay(1, 7, EDITS))[-1]
    assert isinstance(last, Replayed)
    answer = ask(engine, NewFace(2, 7))[-1]
    for edit, codes in zip((None, *EDITS), last.codes, strict=True):
        if edit is not None:
            assert isinstance(answer, Finished)
            answer = ask(engine, Apply(3, answer.codes, edit))[-1]
        assert isinstance(answer, Finished)
        assert answer.codes == codes
    assert isinstance(answer, Finished)
    assert np.array_equal(last.picture, answer.picture)
    again = ask(engine, Replay(4, last.codes[0], EDITS))[-1]
    assert isinstance(again, Replayed)
    assert again.codes == last.codes


def test_progress_only_grows(engine: Engine) -> None:
    fractions = [e.fraction for e in ask(engine, Replay(1, 7, EDITS * 3)) if hasattr(e, "fraction")]
    assert fractions == sorted(fractions)
    assert fractions[-1] < 1


def test_another_model_answers_beside_the_open_one(engine: Engine, other_path: Path, model_path: Path) -> None:
    ask(engine, NewFace(1, 7))
    before = ask(engine, Draw(2, draw_codes(SMALL.grid, 7)))[-1]
    for name in (str(other_path), str(other_path), str(model_path)):
        events = ask(engine, Replay(3, 7, EDITS, name))
        assert not any(isinstance(event, Opened) for event in events)
        last = events[-1]
        assert isinstance(last, Replayed)
        assert last.model.name == ("other" if name == str(other_path) else "small")
    guest = ask(engine, Replay(3, 7, EDITS, str(other_path)))[-1]
    here = ask(engine, Replay(3, 7, EDITS))[-1]
    assert isinstance(guest, Replayed)
    assert isinstance(here, Replayed)
    assert guest.codes == here.codes
    assert not np.array_equal(guest.picture, here.picture)
    after = ask(engine, Draw(4, draw_codes(SMALL.grid, 7)))[-1]
    assert isinstance(before, Finished)
    assert isinstance(after, Finished)
    assert np.array_equal(before.picture, after.picture)


def test_the_other_model_is_let_go_alone(engine: Engine, other_path: Path) -> None:
    for ticket, request in enumerate((Release(2, guest_only=True), OpenModel(3, ""))):
        ask(engine, Replay(ticket, 7, EDITS, str(other_path)))
        guest = weakref.ref(engine._guest)  # type: ignore[arg-type]
        assert guest() is not None
        assert not any(isinstance(event, Failed) for event in ask(engine, request))
        gc.collect()
        assert guest() is None
    assert not any(isinstance(event, Opened) for event in ask(engine, NewFace(9, 7))), "the open one stays open"


def test_what_does_not_fit_is_a_sentence(engine: Engine, tmp_path: Path) -> None:
    far = Edit(Resample(), Selection(np.ones((4, 4))))
    for request in (Replay(1, 7, (far,)), Replay(1, draw_codes(GridSpec(style=5), 1), EDITS), Replay(1, 7, ())):
        last = ask(engine, request)[-1]
        assert isinstance(last, Failed)
        assert last.title
    assert isinstance(ask(engine, Replay(1, 7, EDITS, str(tmp_path / "no.safetensors")))[-1], Failed)
