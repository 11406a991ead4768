"""Part style transfer through the engine: nothing without a budget, everything without bounds, an edit like others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sni_engine.api.codes import Codes
from sni_engine.api.colour import colour_difference
from sni_engine.api.edits import Edit, StyleTransfer
from sni_engine.api.errors import EngineError
from sni_engine.api.generators import drain
from sni_engine.api.messages import Apply, Draw, Failed, Finished, Replay, Replayed, Request
from sni_engine.api.part_requests import PartsShown, PartsWeighed, ShowParts, WeighParts
from sni_engine.api.parts import PartSet, name_clusters
from sni_engine.api.selection import parse_cells, select_all
from sni_engine.checkpoints.format import read_model
from sni_engine.checkpoints.parts import find_parts as find_kept
from sni_engine.checkpoints.parts import keep_parts
from sni_engine.drawing import Painter
from sni_engine.engine import Engine
from sni_engine.parts.finding import find_parts
from sni_engine.seeds import draw_codes

from .conftest import SMALL

GRID = SMALL.grid
BEFORE, REFERENCE = draw_codes(GRID, 1), draw_codes(GRID, 2)
STYLE = select_all(GRID, ("style",))


@pytest.fixture(scope="session")
def found(model_path: Path) -> object:
    """Parts of the small model, found once."""
    import torch

    generator, card = read_model(model_path)
    return drain(find_parts(Painter(generator, torch.device("cpu")), card, None, 4, 0, 6), lambda done: None)


@pytest.fixture(autouse=True)
def named(found: object, private_home: Path) -> None:
    keep_parts(name_clusters(name_clusters(found, [0, 2], "hair"), [1], "mouth"))  # type: ignore[arg-type]


@pytest.fixture(autouse=True, scope="module")
def few_pictures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sni_engine.studio.CONTRIBUTION_PICTURES", 4)
        yield


def ask(engine: Engine, request: Request) -> Finished:
    answer = list(engine.run(request))[-1]
    if isinstance(answer, Failed):
        raise EngineError(answer.title, answer.hint)
    assert isinstance(answer, Finished)
    return answer


def transfer(engine: Engine, params: StyleTransfer, before: Codes = BEFORE, reference: Codes = REFERENCE) -> Finished:
    return ask(engine, Apply(1, before, Edit(params, STYLE, reference=reference)))


@pytest.mark.parametrize("mode", ["greedy", "simultaneous"])
@pytest.mark.parametrize("nothing", [{"amount": 0.0}, {"epsilon": 0.0}, {"epsilons": (0.0,)}])
def test_without_strength_or_budget_nothing_happens(engine: Engine, mode: str, nothing: dict[str, float]) -> None:
    params = StyleTransfer(part="hair", mode=mode, **nothing)  # type: ignore[arg-type]
    assert Edit(params, STYLE, reference=REFERENCE).changes_nothing
    assert transfer(engine, params).codes is BEFORE


@pytest.mark.parametrize("mode", ["greedy", "simultaneous"])
@pytest.mark.parametrize("part", ["hair", "mouth", "part 3"])
def test_without_bounds_the_whole_style_is_the_references(engine: Engine, mode: str, part: str) -> None:
    swapped = transfer(engine, StyleTransfer(part=part, rho=0.0, epsilon=1.0, mode=mode))  # type: ignore[arg-type]
    style = ask(engine, Draw(1, BEFORE.with_levels({"style": REFERENCE.style}))).picture
    assert np.abs(swapped.picture.astype(int) - style).max() <= 1
    assert (swapped.picture != style).mean() < 0.01
    assert (swapped.picture != ask(engine, Draw(1, BEFORE)).picture).mean() > 0.5


def test_half_the_strength_is_half_the_way(engine: Engine) -> None:
    half, whole = (transfer(engine, StyleTransfer(each, "hair")).codes.style_delta for each in (0.5, 1.0))
    assert half is not None and whole is not None
    assert np.array_equal(half.places, whole.places)
    assert np.allclose(2 * half.values, whole.values, atol=1e-6)


def test_parts_take_channels_of_their_own(engine: Engine) -> None:
    hair, mouth = (transfer(engine, StyleTransfer(part=part)).codes for part in ("hair", "mouth"))
    assert hair != mouth


def test_a_second_transfer_comes_on_top_and_back_again_is_nothing(engine: Engine) -> None:
    params = StyleTransfer(part="hair", rho=0.0, epsilon=1.0)
    once = transfer(engine, params).codes
    again = transfer(engine, params, once).codes
    channels = SMALL.style_channels
    assert once.style_delta is not None and again.style_delta is not None
    assert np.allclose(
        np.concatenate(once.style_delta.spread(channels)), np.concatenate(again.style_delta.spread(channels)), atol=1e-5
    )
    back = transfer(engine, params, once, BEFORE)
    assert np.abs(back.picture.astype(int) - ask(engine, Draw(1, BEFORE)).picture).max() <= 1


def test_a_reference_brings_the_look_it_has_by_a_transfer(engine: Engine) -> None:
    params = StyleTransfer(part="hair", rho=0.0, epsilon=1.0)
    dyed = transfer(engine, params).codes  # looks like REFERENCE all over
    taken = transfer(engine, params, draw_codes(GRID, 3), dyed)
    direct = transfer(engine, params, draw_codes(GRID, 3), REFERENCE)
    assert np.abs(taken.picture.astype(int) - direct.picture).max() <= 1


def test_locked_cells_keep_their_pixels(engine: Engine) -> None:
    locks = parse_cells("5:7,3:5", GRID)
    edit = Edit(StyleTransfer(part="hair", rho=0.0, epsilon=1.0), STYLE.with_locks(locks), reference=REFERENCE)
    before, after = ask(engine, Draw(1, BEFORE)).picture, ask(engine, Apply(1, BEFORE, edit)).picture
    mask = locks.repeat(4, 0).repeat(4, 1) > 0
    assert (before[mask] == after[mask]).all()
    assert (before[~mask] != after[~mask]).any()


def test_how_local_it_was_is_told_by_the_part(engine: Engine) -> None:
    done = transfer(engine, StyleTransfer(part="hair", rho=0.0, epsilon=1.0))
    shown = list(engine.run(ShowParts(1, BEFORE)))[-1]
    assert isinstance(shown, PartsShown)
    inside = shown.map.cover(shown.parts.find("hair"), 32, 32) >= 0.5
    change = colour_difference(ask(engine, Draw(1, BEFORE)).picture, done.picture)
    assert done.locality is not None and done.locality.outside is not None
    assert 0 < inside.mean() < 1
    assert done.locality.inside == pytest.approx(change[inside].mean(), rel=1e-3)
    assert done.locality.outside == pytest.approx(change[~inside].mean(), rel=1e-3)


def test_replayed_it_gives_the_same(engine: Engine, model_path: Path) -> None:
    edit = Edit(StyleTransfer(0.7, "mouth"), STYLE, reference=REFERENCE)
    done = ask(engine, Apply(1, BEFORE, edit))
    other = Engine(str(model_path), "cpu")
    replayed = list(other.run(Replay(1, BEFORE, (edit,))))[-1]
    other.close()
    assert isinstance(replayed, Replayed)
    assert replayed.codes[-1] == done.codes
    assert (replayed.picture == done.picture).all()


@pytest.mark.parametrize("part", ["", "beard"])
def test_a_part_that_is_not_there_is_a_sentence(engine: Engine, part: str) -> None:
    with pytest.raises(EngineError, match="part") as caught:
        transfer(engine, StyleTransfer(part=part))
    assert "hair" in caught.value.hint


def test_a_reference_of_another_grid_is_a_sentence(engine: Engine) -> None:
    other = draw_codes(replace(GRID, style=5), 1)
    with pytest.raises(EngineError, match="another grid"):
        transfer(engine, StyleTransfer(part="hair"), reference=other)


def test_a_transfer_needs_a_reference_and_the_style() -> None:
    with pytest.raises(ValueError, match="reference"):
        Edit(StyleTransfer(part="hair"), STYLE)
    with pytest.raises(ValueError, match="level style"):
        Edit(StyleTransfer(part="hair"), select_all(GRID), reference=REFERENCE)


def test_the_file_of_parts_is_read_once_until_it_is_another(
    engine: Engine, found: PartSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def note(digest: str, path: Path | None) -> PartSet | None:
        read.append(digest)
        return find_kept(digest, path)

    monkeypatch.setattr("sni_engine.studio.find_parts", note)
    for amount in (0.2, 0.5, 0.9):
        transfer(engine, StyleTransfer(amount, "hair"))
    assert len(read) <= 1
    keep_parts(name_clusters(found, [3], "brows"))  # as another process does
    transfer(engine, StyleTransfer(1.0, "brows"))
    with pytest.raises(EngineError, match='no part "hair"'):
        transfer(engine, StyleTransfer(1.0, "hair"))


def test_what_is_weighed_ahead_is_not_weighed_again(
    engine: Engine, found: PartSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_parts(name_clusters(found, [0], "nose"))
    events = list(engine.run(WeighParts(1)))
    assert isinstance(events[-1], PartsWeighed)
    monkeypatch.setattr("sni_engine.contributions.weigh_channels", None)
    transfer(engine, StyleTransfer(1.0, "nose"))


def test_weighing_that_is_closed_halfway_leaves_nothing_wrong(engine: Engine) -> None:
    steps = engine.run(WeighParts(1))
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert transfer(engine, StyleTransfer(1.0, "hair")).codes != BEFORE
