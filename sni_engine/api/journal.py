"""Journals: a project written down step by step, so that a killed program loses nothing (docs/formats/journal.md).

A file of records, each with its length and a checksum. The first holds a whole project, every later one what changed.
A reader stops at the first record that is not whole: what stands before it is the state of then.
"""

import io
import logging
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from sni_engine.api.arrays import Array
from sni_engine.api.codec import add_entry, npy_bytes, read_arrays
from sni_engine.api.files import read_bytes
from sni_engine.api.models import ModelRef
from sni_engine.api.packing import (
    Document,
    PackedNode,
    PackedSelection,
    Project,
    pack_node,
    pack_selection,
    unpack_project,
)
from sni_engine.api.plain import dump_json, load_json

log = logging.getLogger(__name__)

MAGIC = b"sni-journal 1\n"
_HEAD = struct.Struct("<I16s")  # bytes of the record, and their BLAKE2b
_LARGEST_RECORD = 1 << 30
_ENTRY = "entry.json"


@dataclass(frozen=True)
class Entry:
    """What changed since the record before: nodes that are new or differ, numbers of those that went, and where one is.

    visited: where redo leads to elsewhere than before; forgotten: from where it leads nowhere any more.
    path: the file the project belongs to, "" for none. saved: whether that file holds just this.
    """

    model: ModelRef
    nodes: tuple[PackedNode, ...]
    removed: tuple[int, ...]
    current: int
    visited: dict[int, int]
    forgotten: tuple[int, ...]
    selection: PackedSelection
    path: str
    saved: bool


@dataclass(frozen=True)
class State:
    """What a journal remembers: a project, the file it belongs to, and whether that file holds just this."""

    project: Project
    path: Path | None = None
    saved: bool = False

    @property
    def is_untouched(self) -> bool:
        """True for a face on which nothing was done, which its seed brings back."""
        nodes = self.project.history.nodes
        bare = len(nodes) == 1 and not nodes[0].label and not nodes[0].star
        return bare and self.path is None and not self.project.selection.locked.any()


class Scribe:
    """Puts states into words, each as what changed since the one before; knows what was written, but writes nothing."""

    def __init__(self) -> None:
        self._before: State | None = None
        self._written: set[str] = set()  # names of arrays

    def begin(self, state: State) -> bytes:
        """Return the beginning of a journal: its first line, and a record of the whole state."""
        self._before, self._written = None, set()
        return MAGIC + self.go_on(state)

    def go_on(self, state: State) -> bytes:
        """Return the record that leads from the state before to this one."""
        arrays: dict[str, Array] = {}
        entry = _compare(self._before, state, arrays)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            add_entry(archive, _ENTRY, dump_json(entry).encode())
            for name in sorted(arrays.keys() - self._written):
                add_entry(archive, f"arrays/{name}.npy", npy_bytes(arrays[name]))
        self._before = state
        self._written |= arrays.keys()
        return _HEAD.pack(len(buffer.getvalue()), _digest(buffer.getvalue())) + buffer.getvalue()


def _compare(before: State | None, state: State, arrays: dict[str, Array]) -> Entry:
    """Return the entry that leads from one state to the next. Histories share the nodes that stayed."""
    history = state.project.history
    known = {} if before is None else {node.id: node for node in before.project.history.nodes}
    visited = {} if before is None else before.project.history.visited
    return Entry(
        state.project.model,
        tuple(pack_node(node, arrays) for node in history.nodes if known.get(node.id) is not node),
        tuple(sorted(known.keys() - {node.id for node in history.nodes})),
        history.current_id,
        {parent: child for parent, child in history.visited.items() if visited.get(parent) != child},
        tuple(sorted(visited.keys() - history.visited.keys())),
        pack_selection(state.project.selection, arrays),
        "" if state.path is None else str(state.path),
        state.saved,
    )


def read_journal(path: Path) -> State | None:
    """Return the last state that a journal holds whole, None when there is none. Raises EngineError if unreadable."""
    data = read_bytes(path)
    entries: list[Entry] = []
    arrays: dict[str, Array] = {}
    try:
        for record in _records(data):
            with zipfile.ZipFile(io.BytesIO(record)) as archive:
                entry = load_json(Entry, archive.read(_ENTRY))
                arrays.update(read_arrays(archive, _ENTRY))
            entries.append(entry)
    except Exception:  # a record with a good checksum that cannot be read was written by another program: end there
        log.warning("%s ends early", path, exc_info=True)
    while entries:
        try:
            return _replay(entries, arrays)
        except (ValueError, KeyError):
            entries.pop()
    return None


def _replay(entries: list[Entry], arrays: dict[str, Array]) -> State:
    nodes: dict[int, PackedNode] = {}
    visited: dict[int, int] = {}
    for entry in entries:
        for number in entry.removed:
            nodes.pop(number, None)
        nodes.update({node.id: node for node in entry.nodes})
        for number in entry.forgotten:
            visited.pop(number, None)
        visited.update(entry.visited)
    last = entries[-1]
    in_order = tuple(nodes[number] for number in sorted(nodes))  # a branch that was put back would come last
    document = Document("", 0, last.model, in_order, last.current, visited, last.selection)
    return State(unpack_project(document, arrays), Path(last.path) if last.path else None, last.saved)


def _records(data: bytes) -> Iterator[bytes]:
    """Yield records for as long as they are whole."""
    at = len(MAGIC)
    if data[:at] != MAGIC:
        return
    while at + _HEAD.size <= len(data):
        size, digest = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        record = data[at : at + size]
        if size > _LARGEST_RECORD or len(record) < size or _digest(record) != digest:
            return
        yield record
        at += size


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
