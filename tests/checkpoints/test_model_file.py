"""The model file: a round trip is exact, and damaged, foreign or newer files are refused in one sentence."""

import json
import pickle
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codes import GridSpec
from sni_engine.api.errors import EngineError
from sni_engine.api.paths import shipped_models
from sni_engine.checkpoints import format as model_format
from sni_engine.checkpoints.format import read_card, read_model, write_model
from sni_engine.checkpoints.store import find_model, list_models, own_models
from sni_engine.networks.generator import Generator

SMALL = GeneratorConfig(GridSpec(style=8, local=2), widths=(4, 4))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    path = tmp_path / "small.safetensors"
    write_model(path, Generator(SMALL), "small", "Apache-2.0", {"steps": "1"}, ("It is not trained.",))
    return path


def change_header(path: Path, change: Callable[[dict[str, str]], None]) -> None:
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    whole = json.loads(data[8 : 8 + length])
    change(whole["__metadata__"])
    text = json.dumps(whole).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])


def test_a_huge_model_for_which_there_is_no_memory_is_refused_unread(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's file may describe itself as huge, and be empty inside."""
    size = sum(tensor.numel() * 4 for tensor in Generator(SMALL).state_dict().values())
    monkeypatch.setattr(model_format, "count_available_bytes", lambda: 2 * size - 1)
    read_model(path)  # an ordinary one is not worth asking
    monkeypatch.setattr(model_format, "_HUGE_BYTES", size - 1)
    with monkeypatch.context() as patch:
        patch.setattr(model_format, "read_tensors", lambda path: pytest.fail("it was read"))
        with pytest.raises(EngineError, match="of memory to read"):
            read_model(path)
    for free in (2 * size, None):
        monkeypatch.setattr(model_format, "count_available_bytes", lambda free=free: free)
        read_model(path)


def test_round_trip(path: Path) -> None:
    torch.manual_seed(0)
    wanted = Generator(SMALL).state_dict()
    generator, card = read_model(path)
    assert all(torch.equal(wanted[name], tensor) for name, tensor in generator.state_dict().items())
    assert card == read_card(path)
    assert (card.name, card.licence, card.facts, card.resolution_px) == ("small", "Apache-2.0", {"steps": "1"}, 16)


def test_truncated_at_any_place(path: Path) -> None:
    data = path.read_bytes()
    for length in (0, 4, 8, 60, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:length])
        with pytest.raises(EngineError, match="not a whole"):
            read_model(path)


def test_a_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    path = tmp_path / "evil.safetensors"

    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "owned",))

    path.write_bytes(pickle.dumps(Evil()))
    with pytest.raises(EngineError):
        read_model(path)
    assert not (tmp_path / "owned").exists()


def test_foreign_tensors_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    path.write_bytes(save({"weight": torch.zeros(3)}, metadata={"format": "pt"}))
    with pytest.raises(EngineError, match="not a model of this program"):
        read_model(path)


def test_a_newer_version_says_so(path: Path) -> None:
    change_header(path, lambda header: header.update(version="3"))
    with pytest.raises(EngineError, match="newer version"):
        read_card(path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": 3}', '{"name": "x", "surprise": 1}'])
def test_a_damaged_description_is_refused(path: Path, text: str) -> None:
    change_header(path, lambda header: header.update(model=text))
    with pytest.raises(EngineError, match="description"):
        read_card(path)


def test_weights_that_were_changed_are_noticed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(EngineError, match="not those it was written with"):
        read_model(path)


def test_the_grid_is_part_of_a_model_s_identity(path: Path) -> None:
    """The same weights read with other code lengths would draw other pictures under the same digest."""

    def change(header: dict[str, str]) -> None:
        info = json.loads(header["model"])
        info["generator"]["grid"].update(global_=0, shared=2)
        header["model"] = json.dumps(info)

    change_header(path, change)
    with pytest.raises(EngineError, match="not those it was written with"):
        read_model(path)


def test_the_shipped_model_is_not_shadowed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_models().mkdir(parents=True)
    (own_models() / "portraits-64.safetensors").write_bytes(path.read_bytes())
    monkeypatch.chdir(path.parent)
    (path.parent / "portraits-64").write_bytes(b"")
    assert find_model(None).parent == shipped_models()


@pytest.mark.parametrize("name", ["a" * 300, "\0", "no/such/folder/model.safetensors"])
def test_odd_names_are_no_models(name: str) -> None:
    with pytest.raises(EngineError, match="no model"):
        find_model(name)


def test_weights_of_another_shape_are_refused(path: Path) -> None:
    def change(header: dict[str, str]) -> None:
        info = json.loads(header["model"])
        info["generator"]["widths"] = [4, 5]
        header["model"] = json.dumps(info)

    change_header(path, change)
    with pytest.raises(EngineError, match="do not fit their own description"):
        read_model(path)


@pytest.mark.parametrize("widths", [[8000, 8000], [4] * 40, [10**9, 4], [1] * 10])
def test_a_description_beyond_reason_takes_no_memory(path: Path, widths: list[int]) -> None:
    def change(header: dict[str, str]) -> None:
        info = json.loads(header["model"])
        info["generator"]["widths"] = widths
        header["model"] = json.dumps(info)

    change_header(path, change)
    with pytest.raises(EngineError):
        read_model(path)


def test_own_models_are_found_by_name_and_bad_files_do_not_hide_them(path: Path) -> None:
    own_models().mkdir(parents=True)
    (own_models() / "mine.safetensors").write_bytes(path.read_bytes())
    (own_models() / "broken.safetensors").write_bytes(b"?")
    assert "mine" in [name for name, _, _ in list_models()]
    assert find_model("mine") == own_models() / "mine.safetensors"
    assert find_model(str(path)) == path
    with pytest.raises(EngineError, match="no model"):
        find_model("somebody-else")
    with pytest.raises(EngineError, match="no model"):
        find_model("../models/mine")
