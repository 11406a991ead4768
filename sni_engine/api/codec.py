"""Project files (.sni): a ZIP of one JSON document and each array once, strict, versioned, written atomically.

The format is described in docs/formats/project.md. Nothing in such a file is ever executed.
"""

import io
import json
import tokenize
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from sni_engine.api.arrays import Array, digest
from sni_engine.api.codes import LEVELS, Codes, Hold
from sni_engine.api.edits import PARAMS, Edit
from sni_engine.api.errors import EngineError
from sni_engine.api.files import read_bytes, replace_file
from sni_engine.api.history import History, Node
from sni_engine.api.models import ModelRef
from sni_engine.api.plain import LATER, dump_json, from_plain, load_json, to_plain
from sni_engine.api.selection import Selection

FORMAT = "sni-project"
VERSION = 2
_DOCUMENT = "project.json"
_MAX_FILE_BYTES = 1 << 30
_MAX_ARRAY_BYTES = 1 << 26
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same project gives the same bytes at any hour


@dataclass(frozen=True)
class Project:
    """What a .sni file holds: the model it was made with, the tree of edits, and the selection on screen."""

    model: ModelRef
    history: History
    selection: Selection


@dataclass(frozen=True)
class _Hold:
    cells: str
    codes: "_Codes"


@dataclass(frozen=True)
class _Codes:
    style: str
    global_: str
    shared: str
    local: str
    noise_seed: int
    held: tuple[_Hold, ...] = field(default=(), metadata=LATER)


@dataclass(frozen=True)
class _Selection:
    cells: str
    levels: tuple[str, ...]
    locks: str | None = field(default=None, metadata=LATER)


@dataclass(frozen=True)
class _Edit:
    method: str
    params: dict[str, float]
    selection: _Selection
    seed: int
    reference: _Codes | None = None


@dataclass(frozen=True)
class _Node:
    id: int
    parent: int | None
    codes: _Codes
    edit: _Edit | None = None
    seed: int | None = None
    label: str = ""
    star: bool = False
    created: float = 0.0


@dataclass(frozen=True)
class _Document:
    format: str
    version: int
    model: ModelRef
    nodes: tuple[_Node, ...]
    current: int
    visited: dict[int, int]
    selection: _Selection


def write_project(project: Project, path: Path) -> None:
    """Write a .sni file in one step. Raises EngineError; what was at `path` is then unchanged."""
    with replace_file(path) as stream:
        stream.write(encode_project(project))


def read_project(path: Path) -> Project:
    """Read a .sni file. Raises EngineError with one sentence when it is missing, damaged, foreign or too new."""
    return decode_project(read_bytes(path, _MAX_FILE_BYTES), str(path))


def encode_project(project: Project) -> bytes:
    """Return the bytes of a .sni file; equal projects give equal bytes."""
    arrays: dict[str, Array] = {}
    document = _pack_project(project, arrays)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add_entry(archive, _DOCUMENT, dump_json(document).encode())
        for name in sorted(arrays):
            _add_entry(archive, f"arrays/{name}.npy", _npy_bytes(arrays[name]))
    return buffer.getvalue()


def decode_project(data: bytes, name: str) -> Project:
    """Build a project from the bytes of a .sni file called `name`. Raises EngineError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            document = _read_document(archive, name)
            arrays = _read_arrays(archive)
        return _unpack_project(document, arrays)
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


# -- packing


def _pack_project(project: Project, arrays: dict[str, Array]) -> _Document:
    history = project.history
    document = _Document(
        FORMAT,
        VERSION,
        project.model,
        tuple(_pack_node(node, arrays) for node in history.nodes),
        history.current_id,
        dict(sorted(history.visited.items())),
        _pack_selection(project.selection, arrays),
    )
    return document if _needs_new_reader(document) else replace(document, version=1)


def _needs_new_reader(document: _Document) -> bool:
    """Say whether anything is in it that version 1 had no words for; else older programs can go on reading it."""
    edits = [node.edit for node in document.nodes if node.edit is not None]
    codes = [*(node.codes for node in document.nodes), *(edit.reference for edit in edits if edit.reference)]
    selections = [document.selection, *(edit.selection for edit in edits)]
    shares = [edit.params for edit in edits if set(edit.params) - {"amount"}]
    return any(item.held for item in codes) or any(item.locks for item in selections) or bool(shares)


def _keep(array: Array, arrays: dict[str, Array]) -> str:
    name = digest(array)
    arrays[name] = array
    return name


def _pack_codes(codes: Codes, arrays: dict[str, Array]) -> _Codes:
    style, global_, shared, local = (_keep(array, arrays) for array in _levels(codes))
    held = tuple(_Hold(_keep(hold.cells, arrays), _pack_codes(hold.codes, arrays)) for hold in codes.held)
    return _Codes(style, global_, shared, local, codes.noise_seed, held)


def _levels(codes: Codes) -> tuple[Array, Array, Array, Array]:
    return codes.style, codes.global_, codes.shared, codes.local


def _pack_selection(selection: Selection, arrays: dict[str, Array]) -> _Selection:
    locks = _keep(selection.locked, arrays) if selection.locked.any() else None
    return _Selection(_keep(selection.cells, arrays), selection.levels, locks)


def _pack_edit(edit: Edit, arrays: dict[str, Array]) -> _Edit:
    reference = None if edit.reference is None else _pack_codes(edit.reference, arrays)
    return _Edit(edit.params.kind, to_plain(edit.params), _pack_selection(edit.selection, arrays), edit.seed, reference)


def _pack_node(node: Node, arrays: dict[str, Array]) -> _Node:
    edit = None if node.edit is None else _pack_edit(node.edit, arrays)
    codes = _pack_codes(node.codes, arrays)
    return _Node(node.id, node.parent, codes, edit, node.seed, node.label, node.star, node.created)


def _add_entry(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def _npy_bytes(array: Array) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


# -- unpacking


def _read_document(archive: zipfile.ZipFile, name: str) -> _Document:
    if _DOCUMENT not in archive.namelist():
        raise _not_a_project(name, "it is not a project file")
    text = archive.read(_DOCUMENT)
    header = json.loads(text)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise _not_a_project(name, "it is not a project file")
    version = header.get("version")
    if isinstance(version, int) and version > VERSION:
        raise EngineError(
            f"{name} was saved by a newer SNI Desktop (format {version}, this one reads up to {VERSION}).",
            "Update SNI Desktop to open it.",
        )
    if version not in (1, VERSION):
        raise _not_a_project(name, f"its format version {version!r} is unknown")
    return load_json(_Document, text)


def _read_arrays(archive: zipfile.ZipFile) -> dict[str, Array]:
    arrays = {}
    for entry in archive.infolist():
        if entry.filename == _DOCUMENT:
            continue
        name = entry.filename.removeprefix("arrays/").removesuffix(".npy")
        if entry.file_size > _MAX_ARRAY_BYTES:
            raise ValueError(f"{entry.filename} is too large")
        array = np.lib.format.read_array(io.BytesIO(archive.read(entry)), allow_pickle=False)
        if array.dtype != np.float32 or digest(array) != name:
            raise ValueError(f"{entry.filename} does not match its name")
        arrays[name] = array
    return arrays


def _unpack_project(document: _Document, arrays: dict[str, Array]) -> Project:
    nodes = tuple(_unpack_node(node, arrays) for node in document.nodes)
    history = History(nodes, document.current, document.visited)
    selection = _unpack_selection(document.selection, arrays)
    shapes = {tuple(codes.level(name).shape for name in LEVELS) for codes in _all_codes(history)}
    if len(shapes) != 1 or selection.cells.shape != history.root.codes.local.shape[:2]:
        raise ValueError("codes of different grids")
    return Project(document.model, history, selection)


def _all_codes(history: History) -> list[Codes]:
    references = [node.edit.reference for node in history.nodes if node.edit and node.edit.reference]
    return [node.codes for node in history.nodes] + references


def _unpack_codes(packed: _Codes, arrays: dict[str, Array]) -> Codes:
    named = (packed.style, packed.global_, packed.shared, packed.local)
    style, global_, shared, local = (arrays[name] for name in named)
    if (style.ndim, global_.ndim, shared.ndim, local.ndim) != (1, 1, 3, 3):
        raise ValueError("codes of a wrong shape")
    held = tuple(Hold(arrays[hold.cells], _unpack_codes(hold.codes, arrays)) for hold in packed.held)
    return Codes(style, global_, shared, local, packed.noise_seed, held)


def _unpack_selection(packed: _Selection, arrays: dict[str, Array]) -> Selection:
    locks = None if packed.locks is None else arrays[packed.locks]
    return Selection(arrays[packed.cells], packed.levels, locks)  # type: ignore[arg-type]  # Selection checks the names


def _unpack_edit(packed: _Edit, arrays: dict[str, Array]) -> Edit:
    if packed.method not in PARAMS:
        raise ValueError(f"unknown method {packed.method}")
    params = from_plain(PARAMS[packed.method], packed.params)
    reference = None if packed.reference is None else _unpack_codes(packed.reference, arrays)
    return Edit(params, _unpack_selection(packed.selection, arrays), packed.seed, reference)


def _unpack_node(packed: _Node, arrays: dict[str, Array]) -> Node:
    edit = None if packed.edit is None else _unpack_edit(packed.edit, arrays)
    codes = _unpack_codes(packed.codes, arrays)
    return Node(packed.id, packed.parent, codes, edit, packed.seed, packed.label, packed.star, packed.created)
