"""Looking after models in the engine: every file is whole or refused, and the open model stays open all the same."""

import errno
import json
import os
import pickle
import struct
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sni_engine.api import file_lock
from sni_engine.api.codes import GridSpec
from sni_engine.api.files import replace_file
from sni_engine.api.generators import drain
from sni_engine.api.library import (
    KEPT_DAYS,
    AddModel,
    CopyModel,
    EmptyTrash,
    Library,
    ListModels,
    ModelAdded,
    ModelChanged,
    ModelEntry,
    ModelRemoved,
    ModelSampled,
    ModelsListed,
    ModelVerified,
    RemoveModel,
    RenameModel,
    RestoreModel,
    SampleModel,
    VerifyModel,
)
from sni_engine.api.messages import Event, Failed, Finished, NewFace, Opened, OpenModel, Release, Request
from sni_engine.api.model_names import check_name, find_free_name, make_name
from sni_engine.api.model_samples import read_samples
from sni_engine.api.paths import cache_folder, data_folder
from sni_engine.checkpoints import format as model_format
from sni_engine.checkpoints import shelf, trash
from sni_engine.checkpoints.format import copy_model, read_model, write_model
from sni_engine.checkpoints.store import find_by_digest, find_model, own_models
from sni_engine.checkpoints.tensors import read_header
from sni_engine.engine import Engine
from sni_engine.networks.generator import Generator

from .conftest import SMALL
from .test_bad_models import KINDS, Trap, spoil

SEEDS = (3, 1, 2)


@pytest.fixture
def engine(model_path: Path) -> Engine:
    return Engine(str(model_path), "cpu")


@pytest.fixture
def added(engine: Engine, model_path: Path) -> ModelEntry:
    return ask(engine, AddModel(1, model_path, "faces"), ModelAdded).entry


def last(engine: Engine, request: Request) -> Event:
    *_, event = engine.run(request)
    return event


def ask(engine: Engine, request: Request, kind: type) -> object:  # type: ignore[valid-type]
    event = last(engine, request)
    assert isinstance(event, kind), event
    return event


def refuse(engine: Engine, request: Request) -> str:
    event = last(engine, request)
    assert isinstance(event, Failed)
    assert event.title.endswith(".")
    assert event.hint
    return event.title


def library(engine: Engine) -> Library:
    return ask(engine, ListModels(1), ModelsListed).library  # type: ignore[attr-defined, no-any-return]


def own_names(engine: Engine) -> list[str]:
    return [entry.name for entry in library(engine).entries if entry.is_own]


def test_a_model_is_copied_in_with_its_name_in_file_and_header(
    engine: Engine, model_path: Path, added: ModelEntry
) -> None:
    assert added.path == own_models() / "faces.safetensors"
    assert (added.name, added.kind, added.problem) == ("faces", "imported", "")
    assert added.card is not None
    assert added.card.name == "faces"
    generator, card = read_model(added.path)
    original, before = read_model(model_path)
    assert card.digest == before.digest
    for name, tensor in original.state_dict().items():
        assert tensor.equal(generator.state_dict()[name])
    assert [entry.kind for entry in library(engine).entries] == ["shipped", "imported"]


def test_the_same_model_again_is_found_not_copied(engine: Engine, model_path: Path, added: ModelEntry) -> None:
    again = ask(engine, AddModel(1, model_path, "other"), ModelAdded)
    assert again.was_there  # type: ignore[attr-defined]
    assert again.entry == added  # type: ignore[attr-defined]
    assert own_names(engine) == ["faces"]


def test_a_damaged_one_of_ones_own_is_mended_by_the_whole_one(
    engine: Engine, model_path: Path, added: ModelEntry
) -> None:
    data = bytearray(added.path.read_bytes())
    data[-2] ^= 1
    added.path.write_bytes(bytes(data))
    assert "not those it was written with" in ask(engine, VerifyModel(1, added.path), ModelVerified).problem
    again = ask(engine, AddModel(1, model_path), ModelAdded)
    assert again.mended  # type: ignore[attr-defined]
    assert ask(engine, VerifyModel(1, added.path), ModelVerified).problem == ""
    assert own_names(engine) == ["faces"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_model_is_refused_runs_nothing_and_leaves_nothing(
    engine: Engine, model_path: Path, tmp_path: Path, kind: str
) -> None:
    path, trap = tmp_path / "model é.safetensors", tmp_path / "trap"
    path.write_bytes(spoil(kind, model_path.read_bytes(), trap))
    refuse(engine, AddModel(1, path))
    assert not trap.exists()
    assert not own_models().exists() or not list(own_models().iterdir())


@pytest.mark.parametrize("suffix", [".pt", ".PKL", ".ckpt", ".safetensors"])
def test_a_pickle_is_named_as_what_it_is(engine: Engine, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"model{suffix}"
    path.write_bytes(pickle.dumps(Trap(tmp_path / "trap")))
    assert "can run code" in refuse(engine, AddModel(1, path))
    assert not (tmp_path / "trap").exists()


def test_a_run_s_folder_gives_a_trained_model_of_its_name(engine: Engine, model_path: Path, tmp_path: Path) -> None:
    run = tmp_path / "my run"
    run.mkdir()
    (run / "model.safetensors").write_bytes(model_path.read_bytes())
    entry = ask(engine, AddModel(1, run), ModelAdded).entry
    assert (entry.name, entry.kind) == ("my run", "trained")


def test_names_that_are_taken_get_a_number(engine: Engine, added: ModelEntry) -> None:
    for wanted in ("faces 2", "faces 3"):
        assert ask(engine, CopyModel(1, added.path), ModelChanged).entry.name == wanted
    assert ask(engine, CopyModel(1, added.path, "FACES"), ModelChanged).entry.name == "FACES 4"
    shipped = library(engine).entries[0]
    copy = ask(engine, CopyModel(1, shipped.path), ModelChanged).entry
    assert (copy.name, copy.is_own) == ("portraits-64 2", True)
    assert copy.card == shipped.card.__class__(**{**vars(shipped.card), "name": copy.name})  # type: ignore[union-attr]


def test_files_that_are_senseless_or_none_hide_no_model(engine: Engine, added: ModelEntry, tmp_path: Path) -> None:
    def put(name: str, layout: dict[str, object], **texts: str) -> None:
        texts = {**read_header(added.path), **texts}
        header = json.dumps({"__metadata__": texts, **layout}).encode()
        (own_models() / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)

    put("endless", {"a": {"data_offsets": [0, 1e999]}})
    put("late", {}, version="9" * 5000)
    put("half", {"\ud800": {"data_offsets": [0, 0]}})
    put("torn", {}, model=json.dumps({**json.loads(read_header(added.path)["model"]), "licence": "\ud800"}))
    if hasattr(os, "mkfifo"):
        os.mkfifo(own_models() / "pipe.safetensors")
    entries = library(engine).entries
    assert [entry.name for entry in entries if not entry.problem] == ["portraits-64", "faces"]
    assert len(entries) >= 6
    for entry in entries:
        if entry.problem:
            assert ask(engine, VerifyModel(1, entry.path), ModelVerified).problem  # type: ignore[attr-defined]
            assert refuse(engine, AddModel(1, entry.path))


@pytest.mark.parametrize("named", [True, False])
def test_a_file_longer_than_its_model_is_refused_unread(
    engine: Engine, model_path: Path, tmp_path: Path, named: bool
) -> None:
    data, size = model_path.read_bytes(), 2**28
    length = struct.unpack("<Q", data[:8])[0]
    layout = json.loads(data[8 : 8 + length])
    end = max(item["data_offsets"][1] for name, item in layout.items() if name != "__metadata__")
    if named:
        layout["more"] = {"dtype": "U8", "shape": [size], "data_offsets": [end, end + size]}
    header = json.dumps(layout).encode()
    path = tmp_path / "bomb.safetensors"
    with path.open("wb") as stream:
        stream.write(struct.pack("<Q", len(header)) + header)
        stream.truncate(8 + len(header) + end + size)  # takes no room
    tracemalloc.start()
    assert refuse(engine, AddModel(1, path))
    assert tracemalloc.get_traced_memory()[1] < 2**25
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "length"), [("中" * 100, 66), ("😀" * 100, 50), ("e\u0301" * 60, 60), ("a" * 100, 80), ("\ud800x", 2)]
)
def test_any_text_makes_a_name_that_a_file_can_bear(tmp_path: Path, text: str, length: int) -> None:
    name = make_name(text)
    assert (len(name), check_name(name)) == (length, name)
    for free in (name, find_free_name(name, [name])):
        with replace_file(tmp_path / f"{free}.safetensors") as stream:
            stream.write(b"whole")


def test_one_name_in_two_spellings_is_one_name(engine: Engine, model_path: Path, tmp_path: Path) -> None:
    short, long = "Ren\u00e9", "Rene\u0301"
    assert find_free_name(short, [long]) == f"{short} 2"
    assert check_name(long) == short
    first = ask(engine, AddModel(1, model_path, long), ModelAdded).entry  # type: ignore[attr-defined]
    assert first.name == short


def make_others(folder: Path, count: int) -> list[Path]:
    """Write different models of one name."""
    for seed in range(count):
        torch.manual_seed(seed)
        write_model(folder / f"{seed}.safetensors", Generator(SMALL), "small")
    return [folder / f"{seed}.safetensors" for seed in range(count)]


def test_models_of_one_name_that_come_at_once_all_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def copy_slowly(*values: Any) -> Any:
        time.sleep(0.05)
        return copy_model(*values)

    monkeypatch.setattr(shelf, "copy_model", copy_slowly)
    monkeypatch.setattr(file_lock, "_LOOK_EVERY_S", 0.01)
    with ThreadPoolExecutor(4) as pool:
        adding = [pool.submit(drain, shelf.add_model(path), print) for path in make_others(tmp_path, 4)]
    assert len({future.result().entry.card.digest for future in adding}) == 4
    assert sorted(path.stem for path in own_models().iterdir()) == ["small", "small 2", "small 3", "small 4"]


def test_a_model_that_its_run_replaces_meanwhile_is_copied_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = make_others(tmp_path, 2)

    def replace_both(*values: Any, **names: Any) -> Any:
        if other.exists():
            os.replace(other, path)
        return replace(*values, **names)

    monkeypatch.setattr(model_format, "replace", replace_both)
    copy_model(path, tmp_path / "copy.safetensors", "copy")
    assert read_model(tmp_path / "copy.safetensors")[1].name == "copy"


def test_renaming_keeps_digest_weights_and_what_a_project_finds(engine: Engine, added: ModelEntry) -> None:
    digest = added.card.digest  # type: ignore[union-attr]
    entry = ask(engine, RenameModel(1, added.path, " Anna é "), ModelChanged).entry
    assert (entry.name, entry.card.name, entry.path.name) == ("Anna é", "Anna é", "Anna é.safetensors")
    assert not added.path.exists()
    assert entry.card.digest == digest
    assert find_by_digest(digest) == find_model("Anna é") == entry.path
    assert ask(engine, VerifyModel(1, entry.path), ModelVerified).problem == ""
    capitals = ask(engine, RenameModel(1, entry.path, "ANNA é"), ModelChanged).entry
    assert own_names(engine) == [capitals.name] == ["ANNA é"]


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a\\b", "..", ".hidden", "nul", "x" * 81, "a\tb", "portraits-64"])
def test_names_no_file_can_bear_are_refused(engine: Engine, added: ModelEntry, name: str) -> None:
    refuse(engine, RenameModel(1, added.path, name))
    assert own_names(engine) == ["faces"]


def test_shipped_models_and_files_elsewhere_are_not_ours_to_change(
    engine: Engine, model_path: Path, tmp_path: Path
) -> None:
    shipped = library(engine).entries[0].path
    for path in (shipped, model_path, own_models() / ".." / "outside.safetensors"):
        assert "none of your own" in refuse(engine, RenameModel(1, path, "mine"))
        assert "none of your own" in refuse(engine, RemoveModel(1, path))
    assert shipped.exists()
    assert model_path.exists()
    assert "not there any more" in refuse(engine, RemoveModel(1, own_models() / "gone.safetensors"))


def test_deleting_can_be_undone_and_waits_a_month(engine: Engine, added: ModelEntry) -> None:
    data = added.path.read_bytes()
    removed = ask(engine, RemoveModel(1, added.path), ModelRemoved)
    assert not removed.is_open  # type: ignore[attr-defined]
    assert own_names(engine) == []
    (trashed,) = library(engine).trashed
    assert trashed == removed.trashed  # type: ignore[attr-defined]
    assert trashed.path.is_relative_to(data_folder())
    back = ask(engine, RestoreModel(1, trashed.id), ModelChanged).entry
    assert back == added
    assert back.path.read_bytes() == data
    assert library(engine).trashed == ()
    assert "not among the deleted" in refuse(engine, RestoreModel(1, trashed.id))


def test_one_that_comes_back_to_a_taken_name_gets_a_number(engine: Engine, model_path: Path, added: ModelEntry) -> None:
    id = ask(engine, RemoveModel(1, added.path), ModelRemoved).trashed.id
    ask(engine, AddModel(1, model_path, "faces"), ModelAdded)
    back = ask(engine, RestoreModel(1, id), ModelChanged).entry
    assert (back.name, back.card.name) == ("faces 2", "faces 2")
    assert own_names(engine) == ["faces", "faces 2"]


def test_the_trash_is_emptied_after_a_month_or_when_asked(engine: Engine, added: ModelEntry) -> None:
    now, day = 1.8e9, 86_400
    trash.remove_model(added.path, now)
    assert trash.empty_trash(KEPT_DAYS, now=now + (KEPT_DAYS - 1) * day) == 0
    assert trash.empty_trash(KEPT_DAYS, now=now - 5 * day) == 0, "a clock that went back deletes nothing"
    assert trash.empty_trash(KEPT_DAYS, now=now + (KEPT_DAYS + 1) * day) == 1
    assert trash.list_trash() == ()
    again = ask(engine, CopyModel(1, find_model("portraits-64")), ModelChanged).entry
    ask(engine, RemoveModel(1, again.path), ModelRemoved)
    assert ask(engine, EmptyTrash(1), ModelsListed).library.trashed == ()


def test_what_is_in_the_trash_by_other_hands_is_left_alone(engine: Engine, added: ModelEntry) -> None:
    other = trash.trash_folder() / "notes"
    other.mkdir(parents=True)
    (other / "a.safetensors").write_bytes(b"")
    ask(engine, EmptyTrash(1), ModelsListed)
    assert (other / "a.safetensors").exists()


# -- the open model --------------------------------------------------------------------------------------------------


def test_renaming_the_open_model_tells_the_window(engine: Engine, added: ModelEntry) -> None:
    ask(engine, OpenModel(1, str(added.path)), Opened)
    before = ask(engine, NewFace(2, 7), Finished)
    opened, changed = list(engine.run(RenameModel(3, added.path, "new name")))
    assert isinstance(opened, Opened)
    assert opened.card.name == "new name"
    assert isinstance(changed, ModelChanged)
    ask(engine, Release(4), object)
    after = ask(engine, NewFace(5, 7), Finished)
    assert np.array_equal(before.picture, after.picture)  # type: ignore[attr-defined]


def test_the_open_model_stays_open_when_it_is_deleted_and_brought_back(engine: Engine, added: ModelEntry) -> None:
    ask(engine, OpenModel(1, str(added.path)), Opened)
    removed = ask(engine, RemoveModel(2, added.path), ModelRemoved)
    assert removed.is_open  # type: ignore[attr-defined]
    ask(engine, NewFace(3, 7), Finished)
    assert len(ask(engine, EmptyTrash(4), ModelsListed).library.trashed) == 1, "it is still in use"
    ask(engine, Release(5), object)
    ask(engine, NewFace(6, 7), Finished)
    ask(engine, RestoreModel(7, removed.trashed.id), ModelChanged)  # type: ignore[attr-defined]
    assert engine.model_path == added.path
    ask(engine, Release(8), object)
    ask(engine, NewFace(9, 7), Finished)


def test_a_model_that_others_renamed_meanwhile_is_found_again(engine: Engine, added: ModelEntry) -> None:
    ask(engine, OpenModel(1, str(added.path)), Opened)
    ask(engine, Release(2), object)
    added.path.rename(added.path.with_name("elsewhere.safetensors"))
    ask(engine, NewFace(3, 7), Finished)


def test_samples_are_drawn_beside_the_open_model_once(engine: Engine, added: ModelEntry) -> None:
    ask(engine, NewFace(1, 7), Finished)
    shipped = library(engine).entries[0]
    events = list(engine.run(SampleModel(2, shipped.path, SEEDS)))
    assert not any(isinstance(event, Opened) for event in events), "nobody is to adopt the model"
    first = events[-1]
    assert isinstance(first, ModelSampled)
    assert first.pictures.shape == (3, 64, 64, 3)
    assert engine._guest is None, "it is not kept in memory"
    other = Engine(str(shipped.path), "cpu")
    ask(other, OpenModel(1, str(shipped.path)), Opened)
    for seed, picture in zip(SEEDS, first.pictures, strict=True):
        assert np.array_equal(ask(other, NewFace(3, seed), Finished).picture, picture)  # type: ignore[attr-defined]
    (again,) = engine.run(SampleModel(4, shipped.path, SEEDS))
    assert np.array_equal(again.pictures, first.pictures)  # type: ignore[union-attr]
    assert shipped.card is not None
    assert read_samples(shipped.card, SEEDS[:2]) is None, "other seeds are other pictures"


def test_samples_that_were_broken_off_go_on_at_the_next_face(
    engine: Engine, added: ModelEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    draw = Engine.draw_faces

    def count(self: Engine, ticket: int, path: Path, grid: GridSpec, seeds: Sequence[int]) -> Iterator[object]:
        for seed, item in zip(seeds, draw(self, ticket, path, grid, seeds), strict=True):
            drawn.append(seed)
            yield item

    monkeypatch.setattr(Engine, "draw_faces", count)
    for _ in range(len(SEEDS)):
        steps = engine.run(SampleModel(1, added.path, SEEDS))
        next(steps), next(steps)
        steps.close()
    done = ask(engine, SampleModel(2, added.path, SEEDS), ModelSampled)
    assert drawn == list(SEEDS), "nothing was drawn twice"
    assert engine.begun_samples == {}
    (cache_folder() / "samples").rename(cache_folder() / "elsewhere")
    again = ask(Engine(str(added.path), "cpu"), SampleModel(3, added.path, SEEDS), ModelSampled)
    assert np.array_equal(again.pictures, done.pictures)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["other", "Faces"])
def test_of_a_model_that_is_a_link_what_it_leads_to_stays(engine: Engine, model_path: Path, name: str) -> None:
    before = model_path.read_bytes()
    own_models().mkdir(parents=True, exist_ok=True)
    path = own_models() / "faces.safetensors"
    try:
        path.symlink_to(model_path)
    except OSError:
        pytest.skip("this system lets nobody make links")
    entry = ask(engine, RenameModel(1, path, name), ModelChanged).entry  # type: ignore[attr-defined]
    assert (entry.name, entry.card.name, entry.path.is_symlink()) == (name, name, False)
    assert ask(engine, VerifyModel(1, entry.path), ModelVerified).problem == ""  # type: ignore[attr-defined]
    assert model_path.read_bytes() == before
    assert own_names(engine) == [name]
    assert [path.name for path in own_models().iterdir()] == [f"{name}.safetensors"]


def test_a_model_is_deleted_and_comes_back_from_another_disk(
    engine: Engine, added: ModelEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of models may be a link to one."""
    before, replace_here = added.path.read_bytes(), shelf.put_in_place

    def refuse_across(source: Path, target: Path) -> None:
        if source.parent != target.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        replace_here(source, target)

    monkeypatch.setattr(shelf, "put_in_place", refuse_across)
    trashed = ask(engine, RemoveModel(1, added.path), ModelRemoved).trashed  # type: ignore[attr-defined]
    assert trashed.path.read_bytes() == before
    assert not added.path.exists()
    assert ask(engine, RestoreModel(2, trashed.id), ModelChanged).entry.path.read_bytes() == before  # type: ignore[attr-defined]
    assert not trashed.path.parent.exists()


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"x" * 400])
def test_a_damaged_cache_is_drawn_anew(engine: Engine, added: ModelEntry, content: bytes) -> None:
    first = ask(engine, SampleModel(1, added.path, SEEDS), ModelSampled)
    (path,) = (cache_folder() / "samples").iterdir()
    path.write_bytes(content)
    again = ask(engine, SampleModel(2, added.path, SEEDS), ModelSampled)
    assert np.array_equal(first.pictures, again.pictures)  # type: ignore[attr-defined]


def test_samples_can_be_stopped_between_two_pictures_and_fail_in_a_sentence(engine: Engine, added: ModelEntry) -> None:
    steps = engine.run(SampleModel(1, added.path, tuple(range(40))))
    next(steps)
    steps.close()
    assert not (cache_folder() / "samples").exists()
    added.path.write_bytes(added.path.read_bytes()[:-4])
    entry = library(engine).entries[1]
    assert "cut short" in entry.problem
    assert entry.card is not None
    refuse(engine, SampleModel(2, added.path, SEEDS))
    refuse(engine, CopyModel(3, added.path))
