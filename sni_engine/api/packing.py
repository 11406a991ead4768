"""Projects in the words of their file: names of arrays in place of arrays, every level of nesting a plain dataclass.

Files of projects (api/codec) and journals (api/journal) are written in these.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from sni_engine.api.arrays import Array, digest
from sni_engine.api.codes import DEEPEST, LEVELS, Codes, Hold
from sni_engine.api.edits import PARAMS, Edit, StyleTransfer
from sni_engine.api.history import History, Node
from sni_engine.api.models import ModelRef
from sni_engine.api.plain import LATER, from_plain, to_plain
from sni_engine.api.selection import Selection
from sni_engine.api.style_delta import StyleDelta

FORMAT = "sni-project"
VERSION = 3


@dataclass(frozen=True)
class Project:
    """What a .sni file holds: the model it was made with, the tree of edits, and the selection on screen."""

    model: ModelRef
    history: History
    selection: Selection


@dataclass(frozen=True)
class PackedHold:
    cells: str
    codes: "PackedCodes"


@dataclass(frozen=True)
class PackedDelta:
    places: str
    values: str


@dataclass(frozen=True)
class PackedCodes:
    style: str
    global_: str
    shared: str
    local: str
    noise_seed: int
    held: tuple[PackedHold, ...] = field(default=(), metadata=LATER)
    style_delta: PackedDelta | None = field(default=None, metadata=LATER)


@dataclass(frozen=True)
class PackedSelection:
    cells: str
    levels: tuple[str, ...]
    locks: str | None = field(default=None, metadata=LATER)


@dataclass(frozen=True)
class PackedEdit:
    method: str
    params: dict[str, Any]
    selection: PackedSelection
    seed: int
    reference: PackedCodes | None = None


@dataclass(frozen=True)
class PackedNode:
    id: int
    parent: int | None
    codes: PackedCodes
    edit: PackedEdit | None = None
    seed: int | None = None
    label: str = ""
    star: bool = False
    created: float = 0.0


@dataclass(frozen=True)
class Document:
    format: str
    version: int
    model: ModelRef
    nodes: tuple[PackedNode, ...]
    current: int
    visited: dict[int, int]
    selection: PackedSelection


# -- packing


def pack_project(project: Project, arrays: dict[str, Array]) -> Document:
    history = project.history
    document = Document(
        FORMAT,
        VERSION,
        project.model,
        tuple(pack_node(node, arrays) for node in history.nodes),
        history.current_id,
        dict(sorted(history.visited.items())),
        pack_selection(project.selection, arrays),
    )
    return replace(document, version=_oldest_reader(document))


def _oldest_reader(document: Document) -> int:
    """Return the first version that had words for everything in it; programs from then on can go on reading it."""
    edits = [node.edit for node in document.nodes if node.edit is not None]
    codes = [*(node.codes for node in document.nodes), *(edit.reference for edit in edits if edit.reference)]
    if any(edit.method == StyleTransfer.kind for edit in edits) or any(map(_has_delta, codes)):
        return 3
    selections = [document.selection, *(edit.selection for edit in edits)]
    shares = [edit.params for edit in edits if set(edit.params) - {"amount"}]
    return 2 if any(item.held for item in codes) or any(item.locks for item in selections) or shares else 1


def _has_delta(codes: PackedCodes) -> bool:
    return codes.style_delta is not None or any(_has_delta(hold.codes) for hold in codes.held)


def _keep(array: Array, arrays: dict[str, Array]) -> str:
    name = digest(array)
    arrays[name] = array
    return name


def pack_codes(codes: Codes, arrays: dict[str, Array]) -> PackedCodes:
    style, global_, shared, local = (_keep(array, arrays) for array in _levels(codes))
    held = tuple(PackedHold(_keep(hold.cells, arrays), pack_codes(hold.codes, arrays)) for hold in codes.held)
    delta = codes.style_delta
    offset = None if delta is None else PackedDelta(_keep(delta.places, arrays), _keep(delta.values, arrays))
    return PackedCodes(style, global_, shared, local, codes.noise_seed, held, offset)


def _levels(codes: Codes) -> tuple[Array, Array, Array, Array]:
    return codes.style, codes.global_, codes.shared, codes.local


def pack_selection(selection: Selection, arrays: dict[str, Array]) -> PackedSelection:
    locks = _keep(selection.locked, arrays) if selection.locked.any() else None
    return PackedSelection(_keep(selection.cells, arrays), selection.levels, locks)


def pack_edit(edit: Edit, arrays: dict[str, Array]) -> PackedEdit:
    reference = None if edit.reference is None else pack_codes(edit.reference, arrays)
    return PackedEdit(
        edit.params.kind, to_plain(edit.params), pack_selection(edit.selection, arrays), edit.seed, reference
    )


def pack_node(node: Node, arrays: dict[str, Array]) -> PackedNode:
    edit = None if node.edit is None else pack_edit(node.edit, arrays)
    codes = pack_codes(node.codes, arrays)
    return PackedNode(node.id, node.parent, codes, edit, node.seed, node.label, node.star, node.created)


# -- unpacking


def unpack_project(document: Document, arrays: dict[str, Array]) -> Project:
    nodes = tuple(unpack_node(node, arrays) for node in document.nodes)
    history = History(nodes, document.current, document.visited)
    selection = unpack_selection(document.selection, arrays)
    shapes = {tuple(codes.level(name).shape for name in LEVELS) for codes in _all_codes(history)}
    selections = [selection, *(node.edit.selection for node in history.nodes if node.edit)]
    grid = history.root.codes.local.shape[:2]
    if len(shapes) != 1 or any(other.cells.shape != grid for other in selections):
        raise ValueError("codes of different grids")
    return Project(document.model, history, selection)


def _all_codes(history: History) -> list[Codes]:
    references = [node.edit.reference for node in history.nodes if node.edit and node.edit.reference]
    return [node.codes for node in history.nodes] + references


def unpack_codes(packed: PackedCodes, arrays: dict[str, Array], depth: int = 0) -> Codes:
    named = (packed.style, packed.global_, packed.shared, packed.local)
    style, global_, shared, local = (arrays[name] for name in named)
    if (style.ndim, global_.ndim, shared.ndim, local.ndim) != (1, 1, 3, 3):
        raise ValueError("codes of a wrong shape")
    if depth > DEEPEST or len(packed.held) > local.shape[0] * local.shape[1]:
        raise ValueError("codes held behind too many others")
    held = tuple(Hold(arrays[hold.cells], unpack_codes(hold.codes, arrays, depth + 1)) for hold in packed.held)
    offset = packed.style_delta
    delta = None if offset is None else StyleDelta(arrays[offset.places], arrays[offset.values])
    return Codes(style, global_, shared, local, packed.noise_seed, held, delta)


def unpack_selection(packed: PackedSelection, arrays: dict[str, Array]) -> Selection:
    locks = None if packed.locks is None else arrays[packed.locks]
    return Selection(arrays[packed.cells], packed.levels, locks)  # type: ignore[arg-type]  # Selection checks the names


def unpack_edit(packed: PackedEdit, arrays: dict[str, Array]) -> Edit:
    if packed.method not in PARAMS:
        raise ValueError(f"unknown method {packed.method}")
    params = from_plain(PARAMS[packed.method], packed.params)
    reference = None if packed.reference is None else unpack_codes(packed.reference, arrays)
    return Edit(params, unpack_selection(packed.selection, arrays), packed.seed, reference)


def unpack_node(packed: PackedNode, arrays: dict[str, Array]) -> Node:
    edit = None if packed.edit is None else unpack_edit(packed.edit, arrays)
    codes = unpack_codes(packed.codes, arrays)
    return Node(packed.id, packed.parent, codes, edit, packed.seed, packed.label, packed.star, packed.created)
