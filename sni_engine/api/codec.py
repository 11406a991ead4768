"""Project files (.sni): a ZIP of one JSON document and each array once, strict, versioned, written atomically.

The format is described in docs/formats/project.md. Nothing in such a file is ever executed.
"""

import io
import tokenize
import zipfile
import zlib
from pathlib import Path

import numpy as np

from sni_engine.api.arrays import Array, digest
from sni_engine.api.errors import EngineError
from sni_engine.api.files import digest_bytes, read_bytes, replace_file
from sni_engine.api.headers import check_header
from sni_engine.api.packing import FORMAT, VERSION, Document, Project, pack_project, unpack_project
from sni_engine.api.pictures import LARGEST_PX, PictureForm, encode_picture
from sni_engine.api.plain import dump_json, from_plain, parse_json
from sni_engine.api.png_state import (
    SIGNATURE,
    embed_state,
    find_state,
    is_png,
    read_size,
    refuse_other_pictures,
    shows_more,
)

__all__ = ["Project", "decode_project", "encode_project", "read_project", "read_project_bytes", "write_project"]

_DOCUMENT = "project.json"
_MAX_FILE_BYTES = 1 << 30
_MAX_ARRAY_BYTES = 1 << 26
_MAX_DOCUMENT_BYTES = 1 << 25  # some twenty thousand steps; as Python's values it takes many times that
_MAX_CONTENT_BYTES = 1 << 30  # of all entries, unpacked: a few KB of file can claim much more
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same project gives the same bytes at any hour


def write_project(project: Project, path: Path, picture: Array | None = None) -> str:
    """Write a project in one step: a .sni file, or where `path` is a PNG, the picture with the project in it.

    picture: uint8 [H, W, 3] of the current node, needed for a PNG; one that is there already keeps its size.
    Returns the digest of the file's bytes (`files.digest_bytes`), by which one sees later whether somebody has changed
    them. Raises EngineError; what was at `path` is then unchanged.
    """
    data = encode_project(project)
    if is_picture_file(path):
        if picture is None:
            raise EngineError(f"{path} is a picture, and there is none to put there yet.", "Save to a .sni file.")
        if Path(path).is_file() and shows_more(read_bytes(path, _MAX_FILE_BYTES)):
            raise EngineError(f"{path} shows more than one face and would be lost.", "Choose another name.")
        data = embed_state(encode_picture(picture, "PNG", PictureForm(_find_width(path))), data)
    with replace_file(path) as stream:
        stream.write(data)
    return digest_bytes(data)


def is_picture_file(path: Path) -> bool:
    """Say whether a project written to `path` goes into a PNG: by its name, or because a PNG is there.

    Raises EngineError for pictures of other kinds, which hold no project.
    """
    suffix = Path(path).suffix.lower()
    if suffix in (".jpg", ".jpeg", ".webp", ".gif"):
        raise EngineError(f"A {suffix} picture cannot hold a project.", "Choose a name that ends with .sni or .png.")
    return suffix == ".png" or is_png(_read_start(path))


def _read_start(path: Path) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            return stream.read(24)
    except OSError:
        return b""  # nothing there, or nothing to read; writing will say so


def _find_width(path: Path) -> int | None:
    size = read_size(_read_start(path))
    return size[0] if size is not None and size[0] == size[1] and 1 <= size[0] <= LARGEST_PX else None


def read_project(path: Path) -> Project:
    """Read a .sni file, or the project in a PNG, told apart by what is in them.

    Raises EngineError with one sentence when it is missing, damaged, foreign or too new, or a PNG without a project.
    """
    return decode_project(read_project_bytes(path), str(path))


def read_project_bytes(path: Path) -> bytes:
    """Return what a file holds that begins like a project, for `decode_project`. Raises EngineError for others."""
    start = _read_start(path)
    if start and not start.startswith((b"PK", SIGNATURE)):
        decode_project(start, str(path))  # raises: a film need not be read to its end to be no project
    return read_bytes(path, _MAX_FILE_BYTES)


def encode_project(project: Project) -> bytes:
    """Return the bytes of a .sni file; equal projects give equal bytes."""
    arrays: dict[str, Array] = {}
    document = pack_project(project, arrays)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        add_entry(archive, _DOCUMENT, dump_json(document).encode())
        for name in sorted(arrays):
            add_entry(archive, f"arrays/{name}.npy", npy_bytes(arrays[name]))
    return buffer.getvalue()


def decode_project(data: bytes, name: str) -> Project:
    """Build a project from the bytes of a .sni file, or of a PNG with one in it, called `name`. Raises EngineError."""
    if is_png(data):
        data = find_state(data, name)
    refuse_other_pictures(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_CONTENT_BYTES:
                raise ValueError("what is in it is too large")
            document = _read_document(archive, name)
            arrays = read_arrays(archive)
        return unpack_project(document, arrays)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:  # RecursionError is one
        raise _not_a_project(name, "it is damaged or not a project file") from error
    except (
        ValueError,
        KeyError,
        zlib.error,
        SyntaxError,
        tokenize.TokenError,
    ) as error:  # the last two: numpy's headers
        raise _not_a_project(name, f"it is damaged ({_short(error)})") from error


def _short(error: Exception) -> str:
    text = str(error.args[0]) if error.args else ""  # str of a KeyError would add quotes
    return text.splitlines()[0][:120] if text else type(error).__name__


def _not_a_project(name: str, why: str) -> EngineError:
    return EngineError(
        f"{name} cannot be opened: {why}.", "Choose a .sni file saved by SNI Desktop, or a backup of it."
    )


def add_entry(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a file to an archive, deflated, without a date."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def npy_bytes(array: Array) -> bytes:
    """Return an array in NumPy's format 1.0."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def _read_document(archive: zipfile.ZipFile, name: str) -> Document:
    if _DOCUMENT not in archive.namelist():
        raise _not_a_project(name, "it is not a project file")
    if archive.getinfo(_DOCUMENT).file_size > _MAX_DOCUMENT_BYTES:
        raise ValueError("its document is too large")
    header = parse_json(archive.read(_DOCUMENT))
    check_header(header, (FORMAT, "project file"), VERSION, name, lambda why: _not_a_project(name, why))
    return from_plain(Document, header)


def read_arrays(archive: zipfile.ZipFile, document: str = _DOCUMENT) -> dict[str, Array]:
    """Return the arrays of an archive by name, all entries but the document. Raises ValueError."""
    arrays = {}
    for entry in archive.infolist():
        if entry.filename == document:
            continue
        name = entry.filename.removeprefix("arrays/").removesuffix(".npy")
        if entry.file_size > _MAX_ARRAY_BYTES:
            raise ValueError(f"{entry.filename} is too large")
        array = np.lib.format.read_array(io.BytesIO(archive.read(entry)), allow_pickle=False)
        if array.dtype != np.float32 or digest(array) != name:
            raise ValueError(f"{entry.filename} does not match its name")
        arrays[name] = array
    return arrays
