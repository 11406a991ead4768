"""A project inside a PNG: one chunk of our own that holds a .sni file, so that a picture can be edited on.

PNG (third edition), section 5.4: the letters of a chunk's name say that it is ancillary (viewers may skip it), private
(nobody else defines it) and safe to copy (programs that do not know it may keep it). docs/formats/project.md has the
layout. A chunk is found by walking the file; nothing is decoded and nothing executed on the way.
"""

import hashlib
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from sni_engine.api.errors import EngineError

CHUNK = b"snIp"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST_STATE_BYTES = (1 << 31) - 1 - 64  # a chunk's length is a number of 31 bits
_MAGIC = b"sni-project\0"
_VERSION = 1
_HEAD = struct.Struct(">12sHHQ16s")  # magic, version, whether the picture shows one face, length, BLAKE2b of the rest
_OTHER_PICTURES = (b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")  # and WebP
_TEXT = b"Software\0SNI Desktop (open this picture with it to go on editing)"


def is_png(data: bytes) -> bool:
    """Say whether bytes begin as a PNG does."""
    return data.startswith(SIGNATURE)


def read_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels from the first bytes of a PNG, None when they are not there."""
    if not is_png(data) or data[12:16] != b"IHDR" or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def make_chunk(kind: bytes, body: bytes) -> bytes:
    """Return the bytes of one chunk: length, name, body, checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def read_chunks(png: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """Yield each chunk's name, body, and whether its checksum is right; stops where the bytes end.

    Raises ValueError for a chunk that is cut short.
    """
    place = len(SIGNATURE)
    while place + 12 <= len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        body = png[place + 8 : place + 8 + length]
        if len(body) < length or place + 12 + length > len(png):
            raise ValueError("a chunk is cut short")
        (checksum,) = struct.unpack(">I", png[place + 8 + length : place + 12 + length])
        yield kind, body, checksum == zlib.crc32(kind + body)
        if kind == b"IEND":
            return
        place += 12 + length


def state_chunks(state: bytes, one_face: bool = True) -> bytes:
    """Return the chunks that carry a .sni file's bytes: ours, and a line that tells people what it is.

    one_face: the picture is that of the current node, not a sheet or a sequence, which editing must not replace.
    Raises EngineError for a project that no chunk can hold.
    """
    if len(state) > LARGEST_STATE_BYTES:
        raise EngineError("The project is too large for a picture.", "Save it as a .sni file.")
    head = _HEAD.pack(_MAGIC, _VERSION, int(one_face), len(state), _digest(state))
    return make_chunk(b"tEXt", _TEXT) + make_chunk(CHUNK, head + state)


def embed_state(png: bytes, state: bytes, one_face: bool = True) -> bytes:
    """Return a PNG with a project in it, in place of one it may hold. Its pixels stay. Raises EngineError.

    one_face: as in `state_chunks`.
    """
    chunks = list(read_chunks(png))
    header, *rest = [(kind, body) for kind, body, _ in chunks if kind != CHUNK and body != _TEXT]
    assert header[0] == b"IHDR"
    carrying = state_chunks(state, one_face)
    return b"".join([SIGNATURE, make_chunk(*header), carrying, *(make_chunk(*item) for item in rest)])


def find_state(png: bytes, name: str) -> bytes:
    """Return the .sni bytes in a PNG called `name`. Raises EngineError when there are none, or damaged ones."""
    try:
        for kind, body, whole in read_chunks(png):
            if kind == CHUNK:
                return _unpack(body, whole, name)
    except ValueError as error:
        raise _damaged(name) from error
    raise _without(name)


def carries_state(png: bytes) -> bool:
    """Say whether a PNG has a project in it, whole or damaged."""
    try:
        return is_png(png) and any(kind == CHUNK for kind, _, _ in read_chunks(png))
    except ValueError:
        return False


def is_project_picture(path: Path) -> bool:
    """Say whether a file is a PNG with a project in it that shows its current face, no sheet or film, by the heads of
    its chunks alone.
    """
    try:
        with Path(path).open("rb") as stream:
            is_one = stream.read(len(SIGNATURE)) == SIGNATURE
            while is_one and len(start := stream.read(8)) == 8:
                length, kind = struct.unpack(">I4s", start)
                if kind == CHUNK:
                    head = stream.read(_HEAD.size)
                    return len(head) == _HEAD.size and bool(_HEAD.unpack(head)[2])
                stream.seek(length + 4, os.SEEK_CUR)
    except OSError:
        return False
    return False


def shows_more(png: bytes) -> bool:
    """Say whether a PNG carries a project but shows more than its current face: a sheet or a sequence."""
    try:
        bodies = [body for kind, body, _ in read_chunks(png) if kind == CHUNK] if is_png(png) else []
    except ValueError:
        return False
    return bool(bodies) and len(bodies[0]) >= _HEAD.size and _HEAD.unpack_from(bodies[0])[2] == 0


def refuse_other_pictures(data: bytes, name: str) -> None:
    """Raise EngineError for a picture of another kind than PNG, such as JPEG: a project is never in one."""
    if data.startswith(_OTHER_PICTURES) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        raise _without(name)


def _without(name: str) -> EngineError:
    return EngineError(
        f"{name} is a picture without a project in it.",
        "Choose a .sni file, or a PNG exported with its project; other programs and websites may have taken it out.",
    )


def _unpack(body: bytes, whole: bool, name: str) -> bytes:
    if not whole or len(body) < _HEAD.size:
        raise _damaged(name)
    magic, version, _, length, digest = _HEAD.unpack_from(body)
    if magic == _MAGIC and version > _VERSION:
        raise EngineError(f"{name} was written by a newer SNI Desktop.", "Update SNI Desktop to open it.")
    state = body[_HEAD.size :]
    if (magic, version, length, digest) != (_MAGIC, _VERSION, len(state), _digest(state)):
        raise _damaged(name)
    return state


def _digest(state: bytes) -> bytes:
    return hashlib.blake2b(state, digest_size=16).digest()


def _damaged(name: str) -> EngineError:
    return EngineError(
        f"{name} is a picture whose project is damaged.", "Choose a copy of it, or the .sni file it was made from."
    )
