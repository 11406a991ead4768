"""Project files: everything comes back, equal projects are equal bytes, and a bad file is one clear sentence."""

import io
import json
import pickle
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sni_engine.api.codec import Project, decode_project, encode_project, read_project, write_project
from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file

from .conftest import MakeCodes

GOLDEN = Path(__file__).with_name("golden_v1.sni")
Document = dict[str, Any]


def rebuild(data: bytes, change: Callable[[Document], None], extra: dict[str, bytes] | None = None) -> bytes:
    """Return a project file with its document changed and entries replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    document = json.loads(entries["project.json"])
    change(document)
    entries["project.json"] = json.dumps(document).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {**entries, **(extra or {})}.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def npy(array: np.ndarray, allow_pickle: bool = False) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, allow_pickle=allow_pickle)
    return buffer.getvalue()


def test_everything_comes_back(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "face.sni"
    write_project(project, path)
    assert read_project(path) == project


def test_equal_projects_give_equal_bytes(project: Project) -> None:
    data = encode_project(project)
    assert data == encode_project(replace(project))
    assert data == encode_project(decode_project(data, "x"))


def test_every_array_is_kept_once(project: Project) -> None:
    with zipfile.ZipFile(io.BytesIO(encode_project(project))) as archive:
        names = archive.namelist()
    # five codes of four levels, and one array of cells which the screen and every edit share
    assert len(names) == len(set(names)) == 1 + 5 * 4 + 1
    assert names[0] == "project.json"
    assert names[1:] == sorted(names[1:])


def test_a_file_of_the_first_version_still_opens() -> None:
    project = read_project(GOLDEN)
    assert [node.id for node in project.history.nodes] == [0, 1, 2, 3]
    assert project.history.current_id == 3
    assert project.history.node(1).label == "Grüße 😀"
    assert project.model.name == "portraits-64"
    assert project.history.root.codes.digest == "0248606a77323159d6f6b5464233061f"
    assert encode_project(project) == encode_project(decode_project(GOLDEN.read_bytes(), "golden"))


@pytest.mark.parametrize("kept", [0, 1, 10, 0.1, 0.5, 0.9, -1, -10, -30])
def test_a_truncated_file_is_refused(project: Project, kept: float) -> None:
    data = encode_project(project)
    end = int(kept * len(data)) if 0 < kept < 1 else int(kept)
    with pytest.raises(EngineError, match=r"face\.sni cannot be opened") as caught:
        decode_project(data[:end], "face.sni")
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("seed", range(300))
def test_a_damaged_file_is_refused_or_harmless(project: Project, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(encode_project(project))
    for _ in range(chance.choice([1, 1, 3, 20])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        told = decode_project(bytes(data), "face.sni") == project  # what was hit says nothing, such as a time stamp
    except EngineError as error:
        told = "face.sni" in error.title and "\n" not in error.title
    assert told


@pytest.mark.parametrize("data", [b"", b"hello", pickle.dumps({"a": 1}), bytes(10_000)])
def test_a_foreign_file_is_refused(data: bytes) -> None:
    with pytest.raises(EngineError, match="not a project file"):
        decode_project(data, "face.sni")


def test_another_kind_of_zip_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<xml/>")
    with pytest.raises(EngineError, match="it is not a project file"):
        decode_project(buffer.getvalue(), "letter.docx")


def test_a_newer_version_asks_for_an_update(project: Project) -> None:
    newer = rebuild(encode_project(project), lambda document: document.update(version=4, colour="unheard of"))
    with pytest.raises(EngineError, match=r"face\.sni was saved by a newer SNI Desktop \(format 4") as caught:
        decode_project(newer, "face.sni")
    assert caught.value.hint.startswith("Update")


def set_in(*path: Any, value: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        place: Any = document
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        set_in("format", value="sni-model"),
        set_in("version", value=0),
        set_in("version", value="1"),
        set_in("version", value=None),
        set_in("current", value=99),
        set_in("current", value=1.0),
        set_in("visited", value={"0": 99}),
        set_in("visited", value={"zero": 1}),
        set_in("surprise", value=1),
        set_in("nodes", value=[]),
        set_in("nodes", 0, "parent", value=0),
        set_in("nodes", 1, "parent", value=2),
        set_in("nodes", 1, "id", value=0),
        set_in("nodes", 1, "label", value=5),
        set_in("nodes", 1, "edit", "method", value="explode"),
        set_in("nodes", 1, "edit", "params", value={"amount": 2.0}),
        set_in("nodes", 1, "edit", "params", value={"strength": 0.5}),
        set_in("nodes", 2, "edit", "reference", value=None),
        set_in("nodes", 1, "edit", "selection", "levels", value=["locale"]),
        set_in("nodes", 1, "codes", "style", value="0" * 32),
        set_in("nodes", 1, "codes", "noise_seed", value="7"),
        set_in("model", value={"name": "x"}),
        set_in("selection", "levels", value="local"),
    ],
)
def test_a_document_that_makes_no_sense_is_refused(project: Project, change: Callable[[Document], None]) -> None:
    with pytest.raises(EngineError, match=r"face\.sni cannot be opened"):
        decode_project(rebuild(encode_project(project), change), "face.sni")


def test_levels_of_a_wrong_shape_are_refused(project: Project) -> None:
    def swap(document: Document) -> None:
        codes = document["nodes"][1]["codes"]
        codes["style"], codes["local"] = codes["local"], codes["style"]

    with pytest.raises(EngineError, match="wrong shape"):
        decode_project(rebuild(encode_project(project), swap), "face.sni")


def test_codes_of_another_grid_are_refused(project: Project, make_codes: MakeCodes) -> None:
    narrow = make_codes(1).with_levels({"style": np.zeros(3)})
    history = project.history.push(project.history.node(1).edit, narrow)  # type: ignore[arg-type]
    with pytest.raises(EngineError, match="different grids"):
        decode_project(encode_project(replace(project, history=history)), "face.sni")


@pytest.mark.parametrize(
    "content",
    [
        npy(np.zeros(3, np.float32)),
        npy(np.zeros(5)),
        npy(np.array([{"a": 1}], dtype=object), allow_pickle=True),
        npy(np.zeros(5, np.float32)).replace(b"}", b" "),
        npy(np.zeros(5, np.float32)).replace(b"{", b"="),
        b"",
        b"\x93NUMPY",
        b"nothing",
    ],
)
def test_an_array_that_is_not_what_its_name_says_is_refused(project: Project, content: bytes) -> None:
    data = encode_project(project)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = archive.namelist()[1]
    with pytest.raises(EngineError, match=r"face\.sni cannot be opened"):
        decode_project(rebuild(data, lambda document: None, {name: content}), "face.sni")


def test_an_entry_that_would_fill_the_memory_is_refused(project: Project) -> None:
    buffer = io.BytesIO(encode_project(project))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("arrays/bomb.npy", bytes((1 << 26) + 1))
    assert len(buffer.getvalue()) < 1 << 20
    with pytest.raises(EngineError, match="too large"):
        decode_project(buffer.getvalue(), "face.sni")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="could not be read"):
        read_project(tmp_path / "nothing.sni")
    with pytest.raises(EngineError, match="could not be read"):
        read_project(tmp_path)


def test_a_failed_write_leaves_the_former_file(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "face.sni"
    write_project(project, path)
    with pytest.raises(KeyboardInterrupt), replace_file(path) as stream:  # noqa: PT012 - it fails in the block
        stream.write(b"half")
        raise KeyboardInterrupt
    assert read_project(path) == project
    assert [item.name for item in tmp_path.iterdir()] == ["face.sni"]
