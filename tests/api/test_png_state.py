"""A project inside a PNG: everything comes back, pixels stay, and what is missing or damaged is one clear sentence."""

import io
import random
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from sni_engine.api.codec import Project, decode_project, encode_project, read_project, write_project
from sni_engine.api.errors import EngineError
from sni_engine.api.pictures import PictureForm, encode_picture
from sni_engine.api.png_state import (
    CHUNK,
    SIGNATURE,
    embed_state,
    find_state,
    make_chunk,
    read_chunks,
    read_size,
    shows_more,
)


@pytest.fixture
def png(picture: np.ndarray, project: Project) -> bytes:
    return encode_picture(picture, "PNG", PictureForm(), encode_project(project))


def decode(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def test_project_state_and_pixels_come_back(png: bytes, picture: np.ndarray, project: Project) -> None:
    assert decode_project(png, "face.png") == project
    assert find_state(png, "face.png") == encode_project(project)
    assert np.array_equal(decode(png), picture)


def test_the_chunk_is_ancillary_private_and_safe_to_copy(png: bytes) -> None:
    assert [chr(letter).islower() for letter in CHUNK] == [True, True, False, True]
    kinds = [kind for kind, _, _ in read_chunks(png)]
    assert kinds == [b"IHDR", b"tEXt", CHUNK, b"IDAT", b"IEND"]
    assert all(whole for _, _, whole in read_chunks(png))


def test_embedding_again_replaces(png: bytes, project: Project) -> None:
    other = replace(project, history=project.history.undo())
    again = embed_state(png, encode_project(other))
    assert decode_project(again, "face.png") == other
    assert len([kind for kind, _, _ in read_chunks(again) if kind in (CHUNK, b"tEXt")]) == 2


def test_a_picture_without_state_holds_nothing_but_pixels(picture: np.ndarray) -> None:
    kinds = [kind for kind, _, _ in read_chunks(encode_picture(picture, "PNG"))]
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


def test_content_decides_and_not_the_name(png: bytes, project: Project, tmp_path: Path) -> None:
    path = tmp_path / "face.sni"
    path.write_bytes(png)
    assert read_project(path) == project
    write_project(project, tmp_path / "plain.sni")
    (tmp_path / "plain.sni").rename(tmp_path / "odd.png")
    assert read_project(tmp_path / "odd.png") == project


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_picture_without_a_project_is_told_so(picture: np.ndarray, kind: str) -> None:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, kind)
    with pytest.raises(EngineError, match="a picture without a project in it") as caught:
        decode_project(stream.getvalue(), "photo")
    assert caught.value.hint


@pytest.mark.parametrize("seed", range(100))
def test_a_damaged_state_is_refused(png: bytes, seed: int) -> None:
    start = png.index(CHUNK) + 4
    place = start + random.Random(seed).randrange(len(find_state(png, "")) + 40)
    data = bytearray(png)
    data[place] ^= 1 << (seed % 8)
    with pytest.raises(EngineError, match="damaged"):
        decode_project(bytes(data), "face.png")


@pytest.mark.parametrize("kept", [9, 20, 40, 100, 200, 0.3])
def test_a_truncated_png_is_refused(png: bytes, kept: float) -> None:
    end = int(kept if kept >= 1 else kept * len(find_state(png, "")))
    with pytest.raises(EngineError, match=r"face\.png is a picture (without a project|whose project is damaged)"):
        decode_project(png[:end], "face.png")


def test_a_download_that_lost_its_end_still_has_its_project(png: bytes, project: Project) -> None:
    assert decode_project(png[:-30], "face.png") == project


def test_right_sums_around_wrong_content_are_refused(png: bytes) -> None:
    for body in (
        b"",
        b"sni-project\0" + bytes(40),
        struct.pack(">12sHHQ16s", b"sni-project\0", 1, 1, 3, bytes(16)) + b"abc",
    ):
        data = SIGNATURE + png[8:33] + make_chunk(CHUNK, body) + make_chunk(b"IEND", b"")
        with pytest.raises(EngineError, match="damaged"):
            decode_project(data, "face.png")


def test_a_newer_chunk_asks_for_an_update(png: bytes) -> None:
    body = struct.pack(">12sHHQ16s", b"sni-project\0", 9, 1, 0, bytes(16))
    with pytest.raises(EngineError, match="newer SNI Desktop"):
        decode_project(SIGNATURE + png[8:33] + make_chunk(CHUNK, body), "face.png")


def test_a_state_that_would_fill_the_memory_is_refused(picture: np.ndarray) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.json", "{}")
        for index in range(17):
            with archive.open(f"arrays/{index}.npy", "w") as entry:
                for _ in range(64):
                    entry.write(bytes(1 << 20))
    data = encode_picture(picture, "PNG", PictureForm(), buffer.getvalue())
    assert len(data) < 2 << 20
    with pytest.raises(EngineError, match="too large"):
        decode_project(data, "bomb.png")


def test_a_bomb_of_pixels_or_text_is_never_unpacked(project: Project) -> None:
    header = make_chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0))
    state = embed_state(SIGNATURE + header + make_chunk(b"IEND", b""), encode_project(project))
    assert decode_project(state, "huge.png") == project
    assert read_size(state) == (2**31 - 1, 2**31 - 1)


def test_pillow_reads_a_large_state_without_other_limits(picture: np.ndarray) -> None:
    data = embed_state(encode_picture(picture, "PNG"), bytes(20 * PngImagePlugin.MAX_TEXT_CHUNK))
    assert np.array_equal(decode(data), picture)


def test_writing_over_a_picture_keeps_its_kind_and_size(project: Project, picture: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "face.png"
    write_project(project, path, picture)
    assert decode(path.read_bytes()).shape == (16, 16, 3)
    path.write_bytes(encode_picture(picture, "PNG", PictureForm(48), encode_project(project)))
    changed = replace(project, history=project.history.undo())
    write_project(changed, path, picture)
    assert read_project(path) == changed
    assert decode(path.read_bytes()).shape == (48, 48, 3)
    (tmp_path / "renamed.sni").write_bytes(path.read_bytes())
    write_project(changed, tmp_path / "renamed.sni", picture)
    assert (tmp_path / "renamed.sni").read_bytes().startswith(SIGNATURE)


def test_a_sheet_is_never_replaced_by_one_face(project: Project, picture: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    path.write_bytes(encode_picture(picture, "PNG", PictureForm(), encode_project(project), one_face=False))
    before = path.read_bytes()
    assert shows_more(before)
    with pytest.raises(EngineError, match="more than one face"):
        write_project(project, path, picture)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["face.jpg", "face.JPEG", "face.webp", "face.gif"])
def test_other_pictures_hold_no_project(project: Project, picture: np.ndarray, tmp_path: Path, name: str) -> None:
    with pytest.raises(EngineError, match="cannot hold a project"):
        write_project(project, tmp_path / name, picture)
    assert list(tmp_path.iterdir()) == []


def test_a_project_needs_its_picture_to_become_one(project: Project, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="there is none to put there"):
        write_project(project, tmp_path / "face.png")
