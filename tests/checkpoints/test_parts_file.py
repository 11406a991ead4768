"""The parts file: what is written comes back, damage is refused, and a person's own come before those of the model."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.models import ModelRef
from sni_engine.api.parts import PartSet, name_clusters, name_unnamed
from sni_engine.checkpoints.parts import find_parts, forget_parts, keep_parts, own_parts, read_parts, write_parts
from sni_engine.checkpoints.store import list_entries
from sni_engine.checkpoints.tensors import read_tensors, write_tensors

DIGEST = "a" * 32


@pytest.fixture
def parts() -> PartSet:
    return name_clusters(PartSet(ModelRef("small", DIGEST), 2, 4, np.eye(5, 7), 3, 10, name_unnamed(5)), [1, 4], "hair")


@pytest.fixture
def path(parts: PartSet, tmp_path: Path) -> Path:
    path = tmp_path / "small.parts"
    write_parts(path, parts)
    return path


def test_what_is_written_comes_back(parts: PartSet, path: Path) -> None:
    back = read_parts(path)
    assert back.parts == parts.parts
    assert (back.model, back.layer, back.side_px, back.seed, back.samples) == (parts.model, 2, 4, 3, 10)
    np.testing.assert_array_equal(back.centroids, parts.centroids)


def test_a_person_s_own_come_first_and_can_be_forgotten(parts: PartSet, path: Path) -> None:
    model = path.with_suffix(".safetensors")
    assert find_parts(DIGEST) is None
    assert find_parts("b" * 32, model) is None, "those beside it are another model's"
    beside = find_parts(DIGEST, model)
    assert beside is not None
    own = keep_parts(name_clusters(parts, [0], "eyes"))
    assert own == own_parts(DIGEST)
    assert list_entries()[-1].kind == "shipped", "the file counts as no model"
    found = find_parts(DIGEST, model)
    assert found is not None
    assert found.find("eyes").clusters == (0,)
    forget_parts(DIGEST)
    again = find_parts(DIGEST, model)
    assert again is not None
    assert again.names == beside.names
    forget_parts(DIGEST)  # a second time is no mistake


@pytest.mark.parametrize("length", [0, 7, 100, 400])
def test_a_file_cut_short_is_refused(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(EngineError):
        read_parts(path)


def test_a_byte_changed_anywhere_in_the_numbers_is_refused(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-2] ^= 0x01
    path.write_bytes(bytes(data))
    with pytest.raises(EngineError, match="damaged"):
        read_parts(path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": "sni-model"}, "not a parts file"),
        ({"version": "2"}, "newer version"),
        ({"version": "x"}, "damaged"),
        ({"parts": "{}"}, "damaged"),
        ({"parts": None}, "damaged"),
        ({"layer": 99}, "damaged"),
        ({"parts": [{"name": "a", "clusters": [0, 0]}]}, "damaged"),
        ({"model": {"name": "x", "digest": "c" * 32}}, "damaged"),
    ],
)
def test_descriptions_that_are_not_ours_are_refused(path: Path, change: dict[str, object], told: str) -> None:
    tensors, header = read_tensors(path)
    for name, value in change.items():
        if isinstance(value, str):
            header[name] = value
        else:
            header["parts"] = json.dumps({**json.loads(header["parts"]), name: value})
    write_tensors(path, tensors, header)
    with pytest.raises(EngineError, match=told):
        read_parts(path)


def test_numbers_of_another_kind_or_name_are_refused(path: Path) -> None:
    tensors, header = read_tensors(path)
    for wrong in ({"centroids": tensors["centroids"].half()}, {"other": tensors["centroids"]}, {}):
        write_tensors(path, wrong, header)
        with pytest.raises(EngineError, match="damaged"):
            read_parts(path)
    write_tensors(path, {"centroids": torch.zeros(5, 7)}, header)
    with pytest.raises(EngineError, match="length 1"):
        read_parts(path)


def test_a_file_under_another_model_s_digest_is_refused(parts: PartSet) -> None:
    own = keep_parts(parts)
    other = own_parts("b" * 32)
    assert other is not None
    other.write_bytes(own.read_bytes())
    with pytest.raises(EngineError, match="another model"):
        find_parts("b" * 32)


def test_no_digest_names_no_file(parts: PartSet) -> None:
    assert own_parts("../../etc/passwd") is None
    with pytest.raises(EngineError, match="no digest"):
        keep_parts(replace(parts, model=ModelRef("x", "..")))
